"""Which stage held the line up when: the shifting bottleneck, from what was waiting at each hour.

A stage is active while tasks wait for it. At any hour the bottleneck is the stage whose uninterrupted active period
about it is the longest; where two such periods overlap, the bottleneck shifts from the one to the other.
Source: Roser, Nakano, Tanaka, Shifting bottleneck detection, Winter Simulation Conference 2002; there of machines that
work, here of queues that are not empty, since a pool is many machines.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .curves import Curves


@dataclass(frozen=True)
class Held:
    """Shares of the hours in which tasks waited anywhere. sole: the stage alone held the line up.  shifting: it did
    together with another, while the bottleneck moved."""

    sole: float
    shifting: float

    @property
    def whole(self) -> float:
        """Either."""
        return self.sole + self.shifting


def held(curves: Curves) -> dict[str, Held]:
    """Of each stage; zeros where nothing ever waited."""
    names = list(curves.waiting)
    waiting = np.array([curves.waiting[name] for name in names]) > 0
    some = int(waiting.any(axis=0).sum()) if names else 0
    if not some:
        return {name: Held(0.0, 0.0) for name in names}
    starts, ends = _periods(waiting)
    length = np.where(waiting, ends - starts, 0)
    most = length.argmax(axis=0)
    chosen = np.zeros_like(waiting)  # hours of periods that are the longest at some hour
    for hour in np.flatnonzero(waiting.any(axis=0)):
        stage = most[hour]
        chosen[stage, starts[stage, hour] : ends[stage, hour]] = True
    many = chosen.sum(axis=0)
    return {
        name: Held(float((chosen[k] & (many == 1)).sum()) / some, float((chosen[k] & (many > 1)).sum()) / some)
        for k, name in enumerate(names)
    }


def _periods(active: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Of each stage and hour: the first hour of the active period about it, and the one after its last."""
    stages, hours = active.shape
    starts = np.zeros((stages, hours), np.int64)
    ends = np.zeros((stages, hours), np.int64)
    for k in range(stages):
        edges = np.flatnonzero(np.diff(np.concatenate(([False], active[k], [False])).astype(np.int8)))
        for begin, end in zip(edges[::2], edges[1::2], strict=True):
            starts[k, begin:end], ends[k, begin:end] = begin, end
    return starts, ends


def binds(found: Mapping[str, Held]) -> str:
    """The stage that held the line up longest; "" where none did."""
    best = max(found, key=lambda name: found[name].whole, default="")
    return best if best and found[best].whole > 0 else ""
