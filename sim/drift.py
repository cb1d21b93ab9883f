"""How the skill of a person wanders: a random walk with one normal step for each person and date.

A path is the person's own: staffing, the work and the luck of items change nothing of it, and a wider walk is the same
path, wider.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime, time, timedelta

import numpy as np
from numpy.typing import NDArray

from .draws import Purpose, uniform
from .jit import jit
from .quantiles import quantile

Floats = NDArray[np.float64]

DAY_MS = 86_400_000
MONTH = 30
"""Days for which a walk's width is stated."""

_DRIFT = int(Purpose.DRIFT) << 56
_DATE_SHIFT = 24  # where the field of 32 bits begins that draws give to a stage


def step(walk: float) -> float:
    """Standard deviation of one day's change, from that of 30 days."""
    return walk / math.sqrt(MONTH)


def midnight(origin: datetime) -> tuple[int, int]:
    """(milliseconds from `origin` to its next local midnight, ordinal of its local date)."""
    today = origin.date()
    following = datetime.combine(today + timedelta(days=1), time(), origin.tzinfo)
    return round((following.astimezone(UTC) - origin.astimezone(UTC)) / timedelta(milliseconds=1)), today.toordinal()


@jit
def day_of(now: int, midnight: int) -> int:
    """Number of the day of a moment: 0 up to the first midnight, then one more every 24 hours."""
    return (now - midnight) // DAY_MS + 1


@jit
def walked(stream: int, person: int, today: int, since: int, until: int, before: float, normal: Floats) -> float:
    """Sum of a person's steps up to day `until`, in steps' standard deviations; `before` is that up to day `since`.

    person: key of the worker.  today: ordinal of the date of day 0.
    """
    for day in range(since + 1, until + 1):
        before += quantile(normal, uniform(stream, person, _DRIFT | ((today + day) << _DATE_SHIFT)))
    return before
