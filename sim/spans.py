"""Stretches of time by group (a worker, a pool): their union, and how much of any interval they cover."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Spans:
    """Disjoint stretches [start, end) on one line: group g's time t stands at g x width + t - low.

    before: how much the stretches before each one cover.
    """

    low: int
    high: int
    starts: Ints
    ends: Ints
    before: Ints

    @property
    def width(self) -> int:
        """Room of one group; one more than its times need, so that groups never touch."""
        return self.high - self.low + 2

    def covered(self, group: Ints, start: Ints, end: Ints) -> Ints:
        """Milliseconds of [start, end), start <= end, inside the stretches of a group; elementwise."""
        return self._reached(group, end) - self._reached(group, start)

    def inside(self, group: Ints, at: Ints) -> NDArray[np.bool_]:
        """Whether a moment lies in a stretch of its group; elementwise."""
        moment_on = self._reached(group, at + 1)
        return moment_on > self._reached(group, at)

    def total(self, group: Ints) -> Ints:
        """Milliseconds that all stretches of a group cover; elementwise."""
        return self.covered(group, np.full(group.shape, self.low), np.full(group.shape, self.high))

    def apart(self) -> tuple[Ints, Ints, Ints]:
        """Group, start and end of every stretch."""
        group, place = np.divmod(self.starts, self.width)
        return group, place + self.low, place + self.low + self.ends - self.starts

    def _reached(self, group: Ints, at: Ints) -> Ints:
        """How much the stretches of all groups up to this moment of this group cover."""
        if not len(self.starts):
            return np.zeros(group.shape, np.int64)
        place = group * self.width + np.clip(at, self.low, self.high) - self.low
        k = np.searchsorted(self.starts, place, side="right") - 1
        covered = self.before[k] + np.minimum(place, self.ends[k]) - self.starts[k]
        return np.where(k < 0, 0, covered)


def union(group: Ints, start: Ints, end: Ints) -> Spans:
    """The stretches that intervals [start, end) cover together, group by group; empty intervals are left out.

    group: 0, 1, .. in any order.  The intervals may overlap and need no order.
    """
    there = start < end
    group, start, end = group[there], start[there], end[there]
    nothing = np.zeros(0, np.int64)
    if not len(group):
        return Spans(0, 0, nothing, nothing, nothing)
    low, high = int(start.min()), int(end.max())
    width = high - low + 2
    assert int(group.min()) >= 0
    assert (int(group.max()) + 1) * width < 2**62, "groups and times are too many for one line of int64"
    base = group * width - low
    begin, until = base + start, base + end
    order = np.argsort(begin, kind="stable")
    begin, reach = begin[order], np.maximum.accumulate(until[order])
    first = np.concatenate([[True], begin[1:] > reach[:-1]])
    last = np.concatenate([first[1:], [True]])
    starts, ends = begin[first], reach[last]
    length = ends - starts
    return Spans(low, high, starts, ends, np.cumsum(length) - length)
