"""The working days of a calendar: its weekly hours on the dates of one time zone, as pieces of milliseconds.

Local hours keep their clock time across daylight saving: an hour that does not exist is not worked, one that comes
twice is worked twice.

A shift is what touches: hours that go on at midnight belong to the day on which the shift began, so that who misses a
night misses all of it. Only where a shift would last a day and a night or longer is each day's part one of its own.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from .line import Calendar

DAY_S = 86_400
DAY_MS = 1000 * DAY_S

Ints = NDArray[np.int64]
Weekly = tuple[tuple[int, int, int], ...]


class Workdays(NamedTuple):
    """Pieces of time on shift, sorted and disjoint: int64 starts and ends, start < end; the ordinal of the local date
    that each one's shift belongs to; whether it is overtime."""

    starts: Ints
    ends: Ints
    dates: Ints
    overtime: NDArray[np.bool_]


def weekly_hours(calendar: Calendar, slot: int, slots: int) -> Weekly:
    """The (weekday, start, end) of slot `slot` of `slots`.

    With availability, that is on shift in the hours of the week whose share exceeds (slot + 0.5) / slots.
    """
    if calendar.availability is None:
        return calendar.intervals
    hours = [h for h, share in enumerate(calendar.availability) if share > (slot + 0.5) / slots]
    return tuple((h // 24, h % 24 * 3600, (h % 24 + 1) * 3600) for h in hours)


@lru_cache(maxsize=1024)  # every replication asks anew; the answer hangs on the arguments alone
def workdays(
    weekly: Weekly, timezone: str, closed: tuple[str, ...], overtime_ms: int, origin: datetime, horizon_ms: int
) -> Workdays:
    """The pieces in [0, horizon) from the aware moment `origin`.

    closed: local dates (ISO 8601) without a shift.  overtime_ms: by which the last shift of each day is longer, but not
    into the next shift or a closed date.  The arrays are shared: they must not be written to.
    """
    starts, ends, dates, closings = _pieces(weekly, timezone, frozenset(closed), origin, horizon_ms)
    opens = np.concatenate([[True], starts[1:] > ends[:-1]])[: starts.size]
    shift = np.cumsum(opens) - 1
    first = np.flatnonzero(opens)
    last = np.append(first[1:], starts.size)[: first.size] - 1
    short = (ends[last] - starts[first] < DAY_MS)[shift]
    dates = np.where(short, dates[first][shift], dates)
    overtime = np.zeros(starts.size, np.bool_)
    if overtime_ms > 0 and starts.size:
        of_day = np.append(dates[1:] != dates[:-1], True)
        walls = np.sort(np.concatenate([starts, closings, [ends[-1] + overtime_ms]]))
        begin = ends[of_day]
        end = np.minimum(begin + overtime_ms, walls[np.searchsorted(walls, begin)])
        starts, ends = np.append(starts, begin), np.append(ends, end)
        dates, overtime = np.append(dates, dates[of_day]), np.append(overtime, np.ones(begin.size, np.bool_))
    starts, ends = np.maximum(starts, 0), np.minimum(ends, horizon_ms)
    order = np.argsort(starts, kind="stable")
    order = order[starts[order] < ends[order]]
    return Workdays(starts[order], ends[order], dates[order], overtime[order])


def _pieces(
    weekly: Weekly, timezone: str, closed: frozenset[str], origin: datetime, horizon_ms: int
) -> tuple[Ints, Ints, Ints, Ints]:
    """Starts, ends and dates of all hours on open dates, from two days before the origin to two after the horizon,
    because a shift may reach in from there; and the beginnings of the closed dates."""
    zone = ZoneInfo(timezone)
    first = origin.astimezone(zone).date() - timedelta(days=2)
    by_weekday: list[list[tuple[int, int]]] = [[] for _ in range(7)]
    for weekday, start, end in sorted(weekly):
        by_weekday[weekday].append((start, end))
    pieces: list[tuple[int, int, int]] = []
    closings: list[int] = []
    next_midnight = _at(first, 0, zone, origin)
    for number in range(horizon_ms // DAY_MS + 6):
        day = first + timedelta(days=number)
        midnight, next_midnight = next_midnight, _at(day + timedelta(days=1), 0, zone, origin)
        if closed and day.isoformat() in closed:
            closings.append(midnight)
            continue
        plain = next_midnight - midnight == DAY_MS
        for start_s, end_s in by_weekday[day.weekday()]:
            start = midnight + start_s * 1000 if plain else _at(day, start_s, zone, origin)
            end = midnight + end_s * 1000 if plain else _at(day, end_s, zone, origin)
            if start < end:
                pieces.append((start, end, day.toordinal()))
    columns = np.array(pieces, np.int64).reshape(-1, 3)
    return columns[:, 0], columns[:, 1], columns[:, 2], np.array(closings, np.int64)


def _at(day: date, seconds: int, zone: ZoneInfo, origin: datetime) -> int:
    """Wall-clock seconds after a local midnight as milliseconds from the origin. A time that daylight saving skips is
    the moment of the jump; of one that comes twice, the first is meant."""
    local = datetime.combine(day, time(), zone) + timedelta(seconds=seconds)  # wall-clock arithmetic
    moment = local.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        moment = _jump(local.replace(fold=1).astimezone(UTC), zone)
    return round((moment - origin).total_seconds() * 1000)


def _jump(moment: datetime, zone: ZoneInfo) -> datetime:
    """The first whole minute after `moment` at which the offset of the time zone has changed."""
    before = moment.astimezone(zone).utcoffset()
    while moment.astimezone(zone).utcoffset() == before:
        moment = moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return moment
