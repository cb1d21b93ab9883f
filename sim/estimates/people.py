"""The people of a pool: how many are there, in how many hours a week, and how fast they are while the line is as busy
as it is."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..line import Calendar, Pool
from .network import Floats

WEEK_S = 7 * 86_400.0

_HALF = 12
_Z, _WEIGHT = np.polynomial.hermite_e.hermegauss(_HALF)
_WEIGHT = _WEIGHT / _WEIGHT.sum()


@dataclass(frozen=True)
class Staff:
    """people: there on average while the pool is open.  open_s: seconds of a week in which it is open.
    spread: sd over people of the logarithm of their pace."""

    people: float
    open_s: float
    spread: float


def staff(pool: Pool, calendar: Calendar) -> Staff:
    """The people of a pool in a regular week, less those absent; none where nobody is ever on shift."""
    hours = open_hours(pool, calendar)
    open_s = float(sum(end - start for _, start, end in hours))
    person_s = open_s * pool.headcount
    if calendar.availability is not None:
        person_s = float(sum(_there(share, pool.headcount) for share in calendar.availability) * 3600)
    if pool.overtime_s > 0.0:
        longer = len({day for day, _, _ in hours}) * pool.overtime_s
        longer = longer if pool.overtime_cap_s is None else min(longer, pool.overtime_cap_s)
        open_s, person_s = open_s + longer, person_s + longer * pool.headcount
    people = (1.0 - pool.absence.share) * person_s / open_s if open_s else 0.0
    return Staff(people, min(open_s, WEEK_S), pool.speed_sd)


def open_hours(pool: Pool, calendar: Calendar) -> tuple[tuple[int, int, int], ...]:
    """The (weekday, start, end) at which somebody of the pool is on shift."""
    if calendar.availability is None:
        return calendar.intervals
    hours = [h for h, share in enumerate(calendar.availability) if _there(share, pool.headcount)]
    return tuple((h // 24, h % 24 * 3600, (h % 24 + 1) * 3600) for h in hours)


def _there(share: float, people: int) -> int:
    """How many slots i of n are on shift in an hour: those with (i + 0.5) / n below the share."""
    return min(people, max(0, math.ceil(share * people - 0.5)))


@dataclass(frozen=True)
class Pace:
    """capacity: tasks a second when all are always busy.  mean: of a task's time as the tasks are then shared.
    services: its squared coefficient of variation."""

    capacity: float
    mean: float
    services: float


def pace(people: float, spread: float, rate: float, mean: float, services: float) -> Pace:
    """How fast people work off tasks that come at a rate. mean, services: of a task in the hands of a median person.

    Whoever is free takes the next task, so the fast do more of them: each person's round is a task and a spell without
    one, and spells are alike, as the one idle longest goes first. Of equal people this changes nothing.
    Source: the law of long-run averages for LISF routing; Atar, Shaki, Shwartz, A blind policy for equalizing
    cumulative idleness, Queueing Systems 2011.
    """
    paces: Floats = np.exp(spread * _Z)
    capacity = people * float(_WEIGHT @ (1.0 / (mean * paces)))
    idle = 0.0
    if rate < capacity:
        low, high = 0.0, people / rate if rate > 0.0 else math.inf
        if math.isinf(high):
            low = high = 1e9 * mean
        for _ in range(60):
            idle = (low + high) / 2.0
            if people * float(_WEIGHT @ (1.0 / (mean * paces + idle))) > rate:
                low = idle
            else:
                high = idle
    turns = _WEIGHT / (mean * paces + idle)
    turns = turns / turns.sum()
    shared = mean * float(turns @ paces)
    square = mean**2 * float(turns @ paces**2) * (1.0 + services)
    return Pace(capacity, shared, max(0.0, square / shared**2 - 1.0))
