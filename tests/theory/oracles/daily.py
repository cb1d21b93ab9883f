"""Rates and staff that change by the hour of the day, the same every day. Times in hours."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy import integrate

from .markov import periodic

HOURS = 24


def in_service(rates: Sequence[float], tail: Callable[[float], float], at: float, longest: float) -> float:
    """Mean number in service in M_t/G/infinity at an hour of the day; the number is Poisson.

    rates: arrivals an hour, by hour of the day.  tail: chance of a service longer than so many hours.  longest: after
    it the tail is negligible.  Source: Eick, Massey, Whitt, The physics of the M_t/G/infinity queue, Oper. Res. 1993.
    """
    edges = [at - hour for hour in np.arange(np.floor(at), at - longest, -1.0)] + [longest]
    total, before = 0.0, 0.0
    for edge in edges:
        if edge > before:
            rate = rates[int(np.floor(at - (before + edge) / 2.0)) % HOURS]
            total += rate * float(integrate.quad(tail, before, edge)[0])
            before = edge
    return total


def numbers(rates: Sequence[float], servers: Sequence[int], mean: float, most: int) -> list[float]:
    """Mean number in M_t/M/c_t at the start of each hour of the day, the forward equations solved over the daily cycle.

    servers: by hour; where it falls it must fall to zero, since a worker who leaves keeps the task.  most: customers at
    which the chain is cut off.  Source: Green and Kolesar, The pointwise stationary approximation, Man. Sci. 1991.
    """
    number = np.arange(most + 1)
    generators = []
    for rate, c in zip(rates, servers, strict=True):
        up = np.full(most, rate)
        down = np.minimum(number[1:], c) / mean
        generator = np.diag(up, 1) + np.diag(down, -1)
        generators.append(generator - np.diag(generator.sum(axis=1)))
    return [float(chances @ number) for chances in periodic(generators, 1.0)]
