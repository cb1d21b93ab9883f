"""Calendars that are never open in a run, as when all of its days are holidays."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from ..sim.line import Calendar, Line
from ..sim.workdays import weekly_hours, workdays
from .routing import Broken
from .views import views


def never_open(line: Line) -> Iterator[Broken]:
    """Calendars that people or arrivals follow, and that are open at no time before the horizon."""
    bounds = pairwise([0.0, *(epoch.at_s for epoch in line.epochs), line.horizon_s])
    held = [(view, bound) for (_, view), bound in zip(views(line), bounds, strict=True)]
    for place, calendar in enumerate(line.calendars):
        then = [(view, view.calendars[place], bound) for view, bound in held]
        if not any(_hours(view, one) for view, one, _ in then):
            continue  # of nobody in any week, which is told at the pool
        if not any(_open(view, one, *bound) for view, one, bound in then):
            why = ", because its days are closed" if calendar.closed else ""
            mend = "Open it on some day, or write a longer `horizon`."
            yield ("calendars", calendar.name), f"is never open from the start to the horizon{why}. {mend}"


def _hours(view: Line, calendar: Calendar) -> tuple[tuple[int, int, int], ...]:
    """The hours of the one who is there most."""
    slots = max((pool.headcount for pool in view.pools if pool.calendar == calendar.name), default=1)
    return weekly_hours(calendar, 0, max(1, slots))


def _open(view: Line, calendar: Calendar, start_s: float, end_s: float) -> bool:
    """Whether anybody is on shift at any time of a part of the run."""
    hours, horizon_ms = _hours(view, calendar), round(view.horizon_s * 1000)
    days = workdays(hours, calendar.timezone, calendar.closed, 0, view.origin, horizon_ms)
    return bool(((days.ends > start_s * 1000) & (days.starts < end_s * 1000)).any())
