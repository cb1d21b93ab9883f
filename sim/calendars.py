"""Working-time arithmetic: weekly wall-clock calendars as sorted intervals of milliseconds, and sums over them.

A shift set is three int64 arrays: starts, ends (disjoint, sorted, start < end, touching intervals joined, cut to
[0, horizon)) and before, the open milliseconds before each start. Local hours keep their clock time across daylight
saving: an hour that does not exist is not worked, one that comes twice is worked twice.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from .jit import jit
from .line import Calendar

NEVER = 1 << 62
"""A moment after every horizon."""

DAY_S = 86_400
HOURS_PER_WEEK = 168

Ints = NDArray[np.int64]


class Shifts(NamedTuple):
    """A shift set: int64 arrays of one length."""

    starts: Ints
    ends: Ints
    before: Ints


def shifts(calendar: Calendar, origin: datetime, horizon_ms: int) -> Shifts:
    """The open intervals of a calendar without availability, from the aware moment `origin`."""
    return _spread(list(calendar.intervals), calendar.timezone, origin, horizon_ms)


def slot_shifts(calendar: Calendar, slots: int, origin: datetime, horizon_ms: int) -> tuple[list[Shifts], list[int]]:
    """The distinct shift sets of a pool's slots, and for each slot the number of its set.

    With availability, slot i of n is on shift in the hours of the week whose share exceeds (i + 0.5) / n.
    """
    if calendar.availability is None:
        return [shifts(calendar, origin, horizon_ms)], [0] * slots
    sets: list[Shifts] = []
    known: dict[tuple[int, ...], int] = {}
    of_slot: list[int] = []
    for slot in range(slots):
        open_hours = tuple(h for h, share in enumerate(calendar.availability) if share > (slot + 0.5) / slots)
        if open_hours not in known:
            weekly = [(h // 24, h % 24 * 3600, (h % 24 + 1) * 3600) for h in open_hours]
            known[open_hours] = len(sets)
            sets.append(_spread(weekly, calendar.timezone, origin, horizon_ms))
        of_slot.append(known[open_hours])
    return sets, of_slot


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


def _spread(weekly: list[tuple[int, int, int]], timezone: str, origin: datetime, horizon_ms: int) -> Shifts:
    zone = ZoneInfo(timezone)
    first = origin.astimezone(zone).date() - timedelta(days=1)
    by_weekday: list[list[tuple[int, int]]] = [[] for _ in range(7)]
    for weekday, start, end in sorted(weekly):
        by_weekday[weekday].append((start, end))
    joined: list[list[int]] = []
    for number in range(horizon_ms // (DAY_S * 1000) + 4):
        day = first + timedelta(days=number)
        midnight = datetime.combine(day, time(), zone)
        for start_s, end_s in by_weekday[day.weekday()]:
            start = max(0, _ms(midnight, start_s, origin))
            end = min(horizon_ms, _ms(midnight, end_s, origin))
            if start >= end:
                continue
            if joined and joined[-1][1] >= start:
                joined[-1][1] = max(joined[-1][1], end)
            else:
                joined.append([start, end])
    pairs = np.array(joined, np.int64).reshape(-1, 2)
    length = pairs[:, 1] - pairs[:, 0]
    return Shifts(pairs[:, 0].copy(), pairs[:, 1].copy(), np.cumsum(length) - length)


def _ms(midnight: datetime, seconds: int, origin: datetime) -> int:
    """Wall-clock seconds after a local midnight as milliseconds from the origin. A time that daylight saving skips is
    the moment of the jump; of one that comes twice, the first is meant."""
    local = midnight + timedelta(seconds=seconds)  # wall-clock arithmetic
    moment = local.astimezone(UTC)
    if moment.astimezone(local.tzinfo).replace(tzinfo=None) != local.replace(tzinfo=None):
        moment = _jump(local.replace(fold=1).astimezone(UTC), local)
    return round((moment - origin).total_seconds() * 1000)


def _jump(moment: datetime, local: datetime) -> datetime:
    """The first whole minute after `moment` at which the offset of local's time zone has changed."""
    before = moment.astimezone(local.tzinfo).utcoffset()
    while moment.astimezone(local.tzinfo).utcoffset() == before:
        moment = moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return moment
