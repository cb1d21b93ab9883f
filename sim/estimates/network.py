"""Stations and the streams between them: what the approximations of networks read, and rates by the traffic equations.

Arrays over n stations; a task is one unit of work, and an item may bring several tasks at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

OUTSIDE = -1
"""Where a stream comes from that no station sends."""


@dataclass(frozen=True)
class Stream:
    """Tasks that go from one station, or from OUTSIDE, to another.

    rate: tasks by unit of time.  own, carried: the dispersion of the stream's counts is own + carried x that of what
    leaves `source`; carried is 0 for a stream from outside.
    """

    source: int
    target: int
    rate: float
    own: float
    carried: float


@dataclass(frozen=True, eq=False)
class Network:
    """float64[n] each: servers, mean (of a service time), services (its squared coefficient of variation).

    delay: bool[n], stations where nobody waits, which leave a stream as it is.
    """

    servers: Floats
    mean: Floats
    services: Floats
    streams: tuple[Stream, ...]
    delay: NDArray[np.bool_]

    @property
    def rates(self) -> Floats:
        """Tasks that come to each station by unit of time."""
        targets = [stream.target for stream in self.streams]
        return np.bincount(targets, [stream.rate for stream in self.streams], self.servers.size).astype(np.float64)

    @property
    def busy(self) -> Floats:
        """Utilisation of each station, 0 where nobody waits."""
        return np.where(self.delay, 0.0, self.rates * self.mean / self.servers)

    @property
    def ways(self) -> Floats:
        """float64[n, n]: how many tasks each task that leaves a station makes at another, on average."""
        n = self.servers.size
        flow = np.zeros((n, n))
        for stream in self.streams:
            if stream.source != OUTSIDE:
                flow[stream.source, stream.target] += stream.rate
        return flow / np.maximum(self.rates, 1e-300)[:, None]


def traffic(entering: Floats, ways: Floats) -> Floats:
    """Rate at which each station is visited. entering: float64[n], rates from outside.  ways: float64[n, n], chances.
    Raises LinAlgError where items never leave.  Source: Jackson, Networks of waiting lines, Operations Research 1957.
    """
    return np.asarray(np.linalg.solve(np.eye(entering.size) - ways.T, entering), np.float64)


def single_items(
    entering: Floats, ways: Floats, servers: Floats, mean: Floats, services: Floats, arrivals: float = 1.0
) -> Network:
    """The network of items that bring one task to each station they visit and choose their way by chance.

    entering, ways: as of traffic.  arrivals: squared coefficient of variation of the times between arrivals.
    """
    rates = traffic(entering, ways)
    streams = []
    for target in range(rates.size):
        if entering[target] > 0.0:
            chance = entering[target] / entering.sum()
            streams.append(Stream(OUTSIDE, target, entering[target], 1.0 + chance * (arrivals - 1.0), 0.0))
        for source in np.flatnonzero(ways[:, target] > 0.0).tolist():
            chance = float(ways[source, target])
            streams.append(Stream(source, target, float(rates[source]) * chance, 1.0 - chance, chance))
    return Network(servers, mean, services, tuple(streams), np.zeros(rates.size, np.bool_))
