"""How forecasts from earlier dates of the same log would have done, so that a reader knows how far to trust today's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..calibration.readers.recognise import Export
from ..calibration.today.standing import Today, today
from ..calibration.today.words import Words
from ..sim.errors import DataRefused
from ..sim.forecast import deliveries
from ..sim.line import DELIVER, Line
from ..sim.replication import Lines
from ..sim.tables import NULL

RUNS = 39
"""Of each date: the next one lies between the 4th and the 36th with chance 32 in 40."""

FIRST, LAST = 0.2, 0.9
"""Shares of the log's time between which the dates lie."""

FEWEST = 30
"""Items that must have been delivered by a date, for a forecast from it."""


@dataclass(frozen=True)
class Check:
    """day: from the line's start, of the earlier date.  delivered: items since then up to today, as the log shows them.
    low, middle, high: as they were forecast then, the 80% band and its median."""

    day: float
    delivered: int
    low: int
    middle: int
    high: int

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
        return sum(one.held for one in self.checks)


def earlier(
    line: Line,
    export: Export,
    words: Words,
    now: Today,
    dates: int,
    seed: int,
    lines: Lines | None = None,
    progress: Callable[..., None] = lambda *_: None,
) -> Earlier:
    """Forecasts from so many dates before today what would be delivered by today, and looks what was.

    Dates are spread evenly between FIRST and LAST of the time that the log covers. What they see is the log up to then.
    """
    origin = round(line.origin.timestamp() * 1000)
    begun = int(now.log.rows["begin_ms"].min())
    until = now.standing.at_ms
    ends = np.array([one.since_ms for one in now.walked.places if one.stage == DELIVER], np.int64)
    found, skipped = [], 0
    for number, share in enumerate(np.linspace(FIRST, LAST, dates)):
        progress(number, dates, f"{line.name}: forecasts from {dates} earlier dates")
        at = round(begun + share * (until - begun))
        try:
            there = today(line, export, words, origin + at)
        except DataRefused:  # nothing was done by then
            skipped += 1
            continue
        if sum(there.standing.delivered.values()) < FEWEST:
            skipped += 1
            continue
        told = sorted(
            int((one != NULL).sum())
            for one in deliveries(line, there.standing, RUNS, seed + number, until_ms=until, lines=lines)
        )
        came = int((ends > at).sum())
        found.append(Check(at / 86_400_000, came, told[3], told[RUNS // 2], told[35]))
    return Earlier(tuple(found), skipped)
