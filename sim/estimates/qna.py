"""Whitt's queueing network analyzer: a network by two moments of each stream, solved as a linear system.

Source of all: Whitt, The queueing network analyzer, Bell System Technical Journal 1983, sections 4 and 5.
"""

from __future__ import annotations

import numpy as np

from .network import OUTSIDE, Floats, Network
from .station import wait


def arrival_variability(network: Network) -> Floats:
    """float64[n]: squared coefficient of variation of the times between arrivals at each station."""
    n, busy = network.servers.size, network.busy
    rates = np.maximum(network.rates, 1e-300)
    shares = np.zeros((n + 1, n))
    for stream in network.streams:
        shares[stream.source, stream.target] += stream.rate / rates[stream.target]
    streams = 1.0 / np.maximum((shares**2).sum(axis=0), 1e-300)
    weight = 1.0 / (1.0 + 4.0 * (1.0 - busy) ** 2 * (streams - 1.0))
    service = 1.0 + (np.maximum(network.services, 0.2) - 1.0) / np.sqrt(network.servers)
    constant, matrix = 1.0 - weight, np.zeros((n, n))
    for stream in network.streams:
        i, j = stream.source, stream.target
        share = weight[j] * stream.rate / rates[j]
        constant[j] += share * stream.own
        if i != OUTSIDE:
            constant[j] += share * stream.carried * busy[i] ** 2 * service[i]
            matrix[j, i] += share * stream.carried * (1.0 - busy[i] ** 2)
    return np.linalg.solve(np.eye(n) - matrix, constant)


def waits(network: Network) -> Floats:
    """float64[n]: mean wait of a task at each station. Raises ValueError where one has no steady state."""
    return station_waits(network, arrival_variability(network))


def station_waits(network: Network, arrivals: Floats) -> Floats:
    """Mean wait at each station from the variability of what comes there; 0 where nobody waits."""
    loads = network.rates * network.mean
    each = zip(network.servers, loads, network.mean, arrivals, network.services, network.delay, strict=True)
    return np.array([0.0 if delay else wait(*map(float, numbers)) for *numbers, delay in each])
