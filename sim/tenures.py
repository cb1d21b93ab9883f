"""Who holds which place of a pool, and when: headcounts by date, hires, leavers and those who take their places.

A slot is there while the headcount exceeds its number. A higher headcount, or a leaver, leaves a vacancy that is
filled after the lead time of that date, if the slot is still there then. Who leaves is drawn by the person: from
hiring on, at the hazard of each date. A slot that goes ends its holder's tenure with the task in hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .calendars import NEVER
from .draws import Purpose, subject, uniform, where
from .line import Calendar, Epoch, Line, Pool
from .quantiles import quantile

Floats = NDArray[np.float64]

YEAR_MS = 365.25 * 86_400_000

GENERATION = 1 << 32
"""What each later holder of a slot adds to its serial: a person's luck hangs on slot and generation alone."""


class Tenure(NamedTuple):
    """One person's time in a slot. generation: 0 for its first holder.  key: subject of the person's draws.
    hired: 0 for those there at the start.  left: NEVER if not within the run; finishes: then the task in hand is done
    first."""

    slot: int
    generation: int
    key: int
    hired: int
    left: int
    finishes: bool


class Step(NamedTuple):
    """A pool and its calendar as they are from `at` (milliseconds) on, until the next step."""

    at: int
    pool: Pool
    calendar: Calendar


Steps = Sequence[Step]
"""Dates rise, the first is 0."""


def steps_of(line: Line) -> list[list[Step]]:
    """The steps of each pool; an epoch that leaves pool and calendar as they were makes none."""
    steps: list[list[Step]] = [[] for _ in line.pools]
    pools, calendars = line.pools, line.calendars
    for epoch in (Epoch(0.0), *line.epochs):
        pools, calendars = epoch.pools or pools, epoch.calendars or calendars
        by_name = {calendar.name: calendar for calendar in calendars}
        at = max(0, round(epoch.at_s * 1000))
        for pool, ones in zip(pools, steps, strict=True):
            step = Step(at, pool, by_name[pool.calendar] if pool.sessions is None else by_name[pool.sessions.calendar])
            if ones and ones[-1].at == at:
                ones.pop()
            if not ones or ones[-1][1:] != step[1:]:
                ones.append(step)
    return steps


def tenures(steps: Steps, key: int, stream: int, tick: int, horizon: int, exponential: Floats) -> list[Tenure]:
    """Everyone who is hired before the horizon, by slot and generation. key: of the pool."""
    found: list[Tenure] = []
    hazards = [(step.at, step.pool.turnover.hazard_per_year / YEAR_MS) for step in steps]
    for slot in range(max(step.pool.headcount for step in steps)):
        generation = 0
        for opened, closed in _open(steps, slot):
            hired = opened if opened == 0 else opened + _lead(steps, opened, tick)
            while hired < min(closed, horizon):
                person = subject(key, slot + generation * GENERATION)
                stays = _leaving(hazards, person, stream, hired, tick, exponential)
                left = min(stays, closed)
                within = left < horizon
                found.append(
                    Tenure(slot, generation, person, hired, left if within else NEVER, within and closed <= stays)
                )
                generation += 1
                if closed <= stays or not within:
                    break
                hired = left + _lead(steps, left, tick)
    return found


def step_at(steps: Steps, at: int) -> Step:
    """What holds at a moment."""
    return next(step for step in reversed(steps) if step.at <= at)


def _open(steps: Steps, slot: int) -> Iterator[tuple[int, int]]:
    """From when to when the headcount exceeds a slot's number."""
    opened: int | None = None
    for at, pool, _ in steps:
        if pool.headcount > slot and opened is None:
            opened = at
        elif pool.headcount <= slot and opened is not None:
            yield opened, at
            opened = None
    if opened is not None:
        yield opened, NEVER


def _lead(steps: Steps, at: int, tick: int) -> int:
    return round(step_at(steps, at).pool.turnover.lead_s * 1000 / tick) * tick


def _leaving(
    hazards: list[tuple[int, float]], person: int, stream: int, hired: int, tick: int, exponential: Floats
) -> int:
    """When a person leaves of their own accord, at least a tick after they came; NEVER if they never do.

    hazards: (from when on, leavings a millisecond).
    """
    if not any(hazard for _, hazard in hazards):
        return NEVER
    left = quantile(exponential, uniform(stream, person, where(Purpose.LEAVING)))
    ends = [at for at, _ in hazards[1:]] + [NEVER]
    for (since, hazard), end in zip(hazards, ends, strict=True):
        begin = max(since, hired)
        if begin >= end or hazard == 0.0:
            continue
        if left <= hazard * (end - begin):
            return min(NEVER, max(hired + tick, int(begin + left / hazard) // tick * tick))
        left -= hazard * (end - begin)
    return NEVER
