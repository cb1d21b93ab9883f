"""Who is on shift when: a regular week of a line, minute by minute, before absences and departures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from .line import MACHINE, Line, Pool
from .workdays import weekly_hours, workdays

WEEK_MIN = 7 * 24 * 60
"""Minutes of a week."""

MINUTE_MS = 60_000

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Cover:
    """people: of each pool of staff, float[WEEK_MIN], how many are on shift in a minute; the week begins on Monday at
    midnight of `monday`, in the line's time zone.  serves: of each stage that people work at, its pools of staff.
    crowds: of each, its pools that come as they like, and are in no number here."""

    monday: datetime
    people: Mapping[str, Floats]
    serves: Mapping[str, tuple[str, ...]]
    crowds: Mapping[str, tuple[str, ...]]

    @cached_property
    def stages(self) -> Mapping[str, Floats]:
        """People on shift who may work at each stage, float[WEEK_MIN]."""
        nobody = np.zeros(WEEK_MIN)
        return {
            stage: np.sum([nobody, *(self.people[one] for one in pools)], 0) for stage, pools in self.serves.items()
        }

    def shared(self, one: str, other: str) -> float:
        """Hours of the week in which both pools have somebody on shift."""
        return float(((self.people[one] > 0) & (self.people[other] > 0)).sum() / 60)


@dataclass(frozen=True)
class Gap:
    """The longest time without anybody: from which minute of the week on, and how many minutes; it may go on over its
    end."""

    start: int
    minutes: int


def hourly(minutes: Floats) -> Floats:
    """Means of the hours of the week, float[168], 0 for Monday's first."""
    return np.asarray(minutes.reshape(168, 60).mean(axis=1))


def covered(minutes: Floats) -> float:
    """Hours of the week in which somebody is on shift."""
    return float((minutes > 0).sum() / 60)


def longest_gap(minutes: Floats) -> Gap:
    """The first of the longest; of nobody at all a whole week, of somebody always none."""
    there = np.flatnonzero(minutes > 0)
    if not there.size:
        return Gap(0, WEEK_MIN)
    apart = np.diff(np.append(there, there[0] + WEEK_MIN)) - 1
    longest = int(apart.argmax())
    return Gap((int(there[longest]) + 1) % WEEK_MIN, int(apart[longest]))


def cover(line: Line) -> Cover:
    """The cover of a line as it is at its start: calendars with their overtime, without closed dates, and all of its
    staff. The week is the first from the start's on in which no clock of the line is changed."""
    monday = _monday(line)
    staff = [pool for pool in line.pools if pool.sessions is None]
    people = {pool.name: _people(line, pool, monday) for pool in staff}
    by_hand = [stage for stage in line.stages if stage.kind not in MACHINE]
    serves = {stage.name: tuple(name for name, _ in stage.pools if name in people) for stage in by_hand}
    crowds = {stage.name: tuple(name for name, _ in stage.pools if name not in people) for stage in by_hand}
    return Cover(monday, people, serves, crowds)


def _people(line: Line, pool: Pool, monday: datetime) -> Floats:
    """How many of a pool are on shift in each minute of the week."""
    calendar = next(one for one in line.calendars if one.name == pool.calendar)
    overtime = round(pool.overtime_s * 1000)
    edges = np.zeros(WEEK_MIN + 1)
    slots = 1 if calendar.availability is None else pool.headcount
    week = WEEK_MIN * MINUTE_MS
    for slot in range(slots):
        weekly = weekly_hours(calendar, slot, slots)
        # A week before and one after: shifts and their overtime go on over midnight of a Monday.
        days = workdays(weekly, calendar.timezone, (), overtime, monday - timedelta(days=7), 3 * week)
        starts, ends = (np.clip(one - week, 0, week) // MINUTE_MS for one in (days.starts, days.ends))
        np.add.at(edges, starts, pool.headcount / slots)
        np.add.at(edges, ends, -pool.headcount / slots)
    return np.asarray(edges.cumsum()[:-1])


def _monday(line: Line) -> datetime:
    """The aware midnight at which the week begins."""
    here = ZoneInfo(line.timezone)
    zones = [here, *(ZoneInfo(calendar.timezone) for calendar in line.calendars)]
    local = datetime.combine(line.start.date() - timedelta(days=line.start.weekday()), datetime.min.time())
    for week in range(53):
        first = (local + timedelta(days=7 * week)).replace(tzinfo=here).astimezone(UTC)
        moments = [first + timedelta(days=day) for day in range(-7, 15)]
        if all(len({moment.astimezone(zone).utcoffset() for moment in moments}) == 1 for zone in zones):
            return first
    return local.replace(tzinfo=here).astimezone(UTC)
