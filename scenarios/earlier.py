"""How forecasts from earlier dates of the same log would have done, so that a reader knows how far to trust today's."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from ..calibration.readers.recognise import Export
from ..calibration.today.standing import Today, today
from ..calibration.today.words import Words
from ..sim.binding import binds, held
from ..sim.curves import HOUR_MS, Curves
from ..sim.errors import DataRefused
from ..sim.forecast import deliveries, waiting
from ..sim.line import DELIVER, Line
from ..sim.processes import in_order
from ..sim.replication import Lines
from ..sim.statistics import band
from ..sim.tables import NULL

AHEAD_DAYS = 14
"""Days over which the next bottleneck is told."""

STAGE_RUNS = 9
"""Of each date, for the stage that holds the line up."""

BAND = 0.8
"""Chance that a band holds what comes."""

RUNS = 19
"""Of each date: the band is of the 2nd and the 18th."""

FIRST, LAST = 0.2, 0.9
"""Shares of the log's time between which the dates lie."""

DAY_MS = 86_400_000

FEWEST = 30
"""Items that must have been delivered by a date, for a forecast from it."""


@dataclass(frozen=True)
class Check:
    """day: from the line's start, of the earlier date.  delivered: items since then up to today, as the log shows them.
    low, middle, high: as they were forecast then, the 80% band and its median.  held_up: stage that held the line up
    most in the AHEAD_DAYS after it, or up to today, and told_up: the one of which most runs had said so; "" for none.
    """

    day: float
    delivered: int
    low: int
    middle: int
    high: int
    held_up: str
    told_up: str

    @property
    def held(self) -> bool:
        """Whether the band held what came."""
        return self.low <= self.delivered <= self.high


@dataclass(frozen=True)
class Earlier:
    """checks: in order of their dates.  skipped: dates at which too little was done yet."""

    checks: tuple[Check, ...]
    skipped: int

    @property
    def held(self) -> int:
        """Of how many dates the band held what came."""
        return sum(one.held for one in self.checks)

    @property
    def stages(self) -> tuple[int, int]:
        """Of how many dates the stage that held the line up was the one that was told; of how many with such a one."""
        known = [one for one in self.checks if one.held_up]
        return sum(one.held_up == one.told_up for one in known), len(known)


@dataclass(frozen=True, eq=False)
class Job:
    """What is asked of every date. until: today, milliseconds from the line's start.  delivered: segments and
    names of the items that are delivered today.  whole: curves of the project, from its start up to today at least."""

    line: Line
    export: Export
    words: Words
    dates: tuple[int, ...]
    until: int
    delivered: set[tuple[str, str]]
    seed: int
    whole: Curves
    lines: Lines | None


def earlier(
    line: Line,
    export: Export,
    words: Words,
    now: Today,
    dates: int,
    seed: int,
    whole: Curves,
    lines: Lines | None = None,
    processes: int | None = None,
    progress: Callable[..., None] = lambda *_: None,
) -> Earlier:
    """Forecasts from so many dates before today what would be delivered by today, and looks what was.

    Dates are spread evenly between FIRST and LAST of the time that the log covers. What they see is the log up to then.
    whole: curves of the project, from its start up to today at least.
    """
    begun, until = int(now.log.rows["begin_ms"].min()), now.standing.at_ms
    at = tuple(round(begun + share * (until - begun)) for share in np.linspace(FIRST, LAST, dates))
    job = Job(line, export, words, at, until, _delivered(now), seed, whole, lines)
    found: list[Check] = []
    for number, one in enumerate(in_order(checked, job, dates, processes)):
        progress(number + 1, dates, f"{line.name}: forecasts from {dates} earlier dates")
        found += [one] if one is not None else []
    return Earlier(tuple(found), dates - len(found))


def checked(job: Job, number: int) -> Check | None:
    """The check of one date; None where too little was done by then. Depends on nothing but its arguments."""
    at, seed = job.dates[number], job.seed + number
    try:
        there = today(job.line, job.export, job.words, round(job.line.origin.timestamp() * 1000) + at)
    except DataRefused:  # nothing was done by then
        return None
    if sum(there.standing.delivered.values()) < FEWEST:
        return None
    ways = deliveries(job.line, there.standing, RUNS, seed, until_ms=job.until, lines=job.lines)
    told = sorted(int((one != NULL).sum()) for one in ways)
    soon = min(job.until, at + AHEAD_DAYS * 24 * HOUR_MS)
    stages = held_up(waiting(job.line, there.standing, STAGE_RUNS, seed, until_ms=soon, lines=job.lines))
    (was,) = held_up([between(job.whole, at / HOUR_MS, soon / HOUR_MS)])
    most = max(stages, key=stages.count)
    came = len(job.delivered - _delivered(there))
    low, high = band(told, BAND)
    return Check(at / DAY_MS, came, int(low), told[RUNS // 2], int(high), was, most)


def _delivered(there: Today) -> set[tuple[str, str]]:
    """Segments and names of the items that are delivered."""
    names = zip(there.log.items["name"], there.walked.places, strict=True)
    return {(one.segment, name) for name, one in names if one.stage == DELIVER and not one.test}


def held_up(runs: Iterable[Curves]) -> list[str]:
    """The stage that held the line up most in each run; "" where none did."""
    return [binds(held(one)) for one in runs]


def between(curves: Curves, begin_h: float, end_h: float) -> Curves:
    """The part of curves from one hour to another."""
    here = (curves.hours >= begin_h) & (curves.hours <= end_h)
    part = {name: wait[here] for name, wait in curves.waiting.items()}
    return Curves(curves.hours[here], curves.delivered[here], part, curves.worked[here], curves.trained[here])
