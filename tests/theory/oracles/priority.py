"""Several kinds of customers at one station, the more urgent first. Kinds are in order, the most urgent first."""

from __future__ import annotations

from collections.abc import Sequence

from .single import erlang_c, mg1_wait, mmc_number


def cobham(servers: int, rates: Sequence[float], mean: float) -> list[float]:
    """Mean wait of each kind in M/M/c with one service rate, nobody interrupted.
    Source: Cobham, Priority assignment in waiting line problems, Operations Research 1954."""
    chance = erlang_c(servers, sum(rates) * mean)
    return _between(chance * mean / servers, [rate * mean / servers for rate in rates])


def cobham_one(rates: Sequence[float], means: Sequence[float], squares: Sequence[float]) -> list[float]:
    """Mean wait of each kind in M/G/1, nobody interrupted. squares: second moments of service. Source: as above."""
    residual = sum(rate * square for rate, square in zip(rates, squares, strict=True)) / 2.0
    return _between(residual, [rate * mean for rate, mean in zip(rates, means, strict=True)])


def _between(residual: float, loads: Sequence[float]) -> list[float]:
    waits, before = [], 0.0
    for load in loads:
        waits.append(residual / ((1.0 - before) * (1.0 - before - load)))
        before += load
    return waits


def preemptive_one(rates: Sequence[float], means: Sequence[float], squares: Sequence[float]) -> list[float]:
    """Mean time in the system of each kind in M/G/1 where the more urgent interrupts and the other goes on later.
    Source: Gross et al., Fundamentals of Queueing Theory, section on preemptive priorities."""
    times, before, residual = [], 0.0, 0.0
    for rate, mean, square in zip(rates, means, squares, strict=True):
        after = before + rate * mean
        residual += rate * square / 2.0
        times.append(mean / (1.0 - before) + residual / ((1.0 - before) * (1.0 - after)))
        before = after
    return times


def preemptive(servers: int, rates: Sequence[float], mean: float) -> list[float]:
    """Mean time in the system of each kind in M/M/c with one service rate and interruption: the first k kinds together
    see M/M/c with their arrivals alone, since whoever goes on later needs an exponential time as ever.
    Source: Gross et al., section on preemptive priorities."""
    numbers = [mmc_number(servers, sum(rates[:k]), mean) for k in range(1, len(rates) + 1)]
    below = [0.0, *numbers]
    return [(number - less) / rate for number, less, rate in zip(numbers, below[:-1], rates, strict=True)]


def conserved(rates: Sequence[float], means: Sequence[float], squares: Sequence[float]) -> float:
    """Sum of load x mean wait over kinds in M/G/1, the same for every order that interrupts nobody and knows no
    service time. Source: Kleinrock, Queueing Systems 2, conservation law."""
    rate = sum(rates)
    mean = sum(r * m for r, m in zip(rates, means, strict=True)) / rate
    square = sum(r * s for r, s in zip(rates, squares, strict=True)) / rate
    return rate * mean * mg1_wait(rate, mean, square)
