"""Working-time arithmetic: calendars as sorted intervals of milliseconds, and sums over them.

A shift set is three int64 arrays: starts, ends (disjoint, sorted, start < end, touching intervals joined, cut to
[0, horizon)) and before, the open milliseconds before each start.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .jit import jit
from .line import Calendar
from .workdays import weekly_hours, workdays

NEVER = 1 << 62
"""A moment after every horizon."""

HOURS_PER_WEEK = 168

Ints = NDArray[np.int64]


class Shifts(NamedTuple):
    """A shift set: int64 arrays of one length."""

    starts: Ints
    ends: Ints
    before: Ints


def shifts(calendar: Calendar, origin: datetime, horizon_ms: int) -> Shifts:
    """The open intervals of a calendar without availability, from the aware moment `origin`."""
    days = workdays(weekly_hours(calendar, 0, 1), calendar.timezone, calendar.closed, 0, origin, horizon_ms)
    return shift_set(days.starts, days.ends)


def shift_set(starts: Ints, ends: Ints) -> Shifts:
    """The shift set of sorted, disjoint pieces: those that touch are joined."""
    apart = starts[1:] > ends[:-1]
    starts = starts[np.append(True, apart)[: starts.size]]
    ends = ends[np.append(apart, True)[: ends.size]]
    length = ends - starts
    return Shifts(starts, ends, np.cumsum(length) - length)


def open_ms_per_week(calendar: Calendar) -> int:
    """Open time of a regular week, in milliseconds; with availability, of one full-time person's share of it."""
    if calendar.availability is not None:
        return round(sum(calendar.availability) * 3_600_000)
    return sum(end - start for _, start, end in calendar.intervals) * 1000


@jit
def working_end(starts: Ints, ends: Ints, before: Ints, at: int, work: int) -> int:
    """The moment at which `work` > 0 milliseconds of open time, begun at `at`, are complete; NEVER if beyond the end.
    Work that fills an interval to its last millisecond completes at that interval's end."""
    target = open_before(starts, ends, before, at) + work
    k = np.searchsorted(before, target) - 1
    finish = starts[k] + target - before[k] if k >= 0 else NEVER
    return finish if k >= 0 and finish <= ends[k] else NEVER


@jit
def open_before(starts: Ints, ends: Ints, before: Ints, at: int) -> int:
    """Open milliseconds in [0, at)."""
    k = np.searchsorted(starts, at, side="right") - 1
    if k < 0:
        return 0
    return before[k] + min(at, ends[k]) - starts[k]  # type: ignore[no-any-return]


@jit
def moment_of(starts: Ints, ends: Ints, before: Ints, work: int) -> int:
    """The moment inside the intervals at which `work` >= 0 open milliseconds have passed; NEVER if beyond the end."""
    k = np.searchsorted(before, work, side="right") - 1
    if k < 0:
        return NEVER
    at = starts[k] + work - before[k]
    return at if at < ends[k] else NEVER
