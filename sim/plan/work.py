"""Segments as arrays: how items arrive, what they are, and what a wrong label of theirs is."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .. import calendars
from ..calendars import Shifts
from ..draws import name_key
from ..line import Line, Segment

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ARRIVING = 1 << 40
"""Serial of a segment's first arrival; its backlog counts from 0, so that a larger backlog moves no arrival's luck."""

OPEN = 1 << 41
"""Serial of a segment's first item that is under way at time zero."""


@dataclass(frozen=True, eq=False)
class SegmentPlan:
    """A segment. shares: cumulative by class. effects: logits by class. odds: [class, label] shares of wrong labels.
    shapes: [class, label] row of Plan.gammas, -1 for none. arrivals: open milliseconds between two, 0 for none."""

    name: str
    key: int
    backlog: int
    priority: int
    due: int | None
    shares: Floats
    effects: Floats
    odds: Floats
    shapes: Ints
    spread: float
    gap: float
    arrival_shifts: Shifts | None
    arrival_limit: int
    arrival_until: int


def segment_plan(
    line: Line, segment: Segment, classes: tuple[str, ...], gamma_rows: dict[float, int], horizon: int
) -> SegmentPlan:
    """The arrays of a segment. gamma_rows: shape of each gamma table -> its row; new shapes are added."""
    count = len(classes)
    odds = np.zeros((count, count))
    shapes = np.full((count, count), -1, np.int64)
    for name in segment.classes:
        row = classes.index(name)
        others = segment.confusions.get(name) or {other: 1.0 for other in segment.classes if other != name}
        total = sum(others.values())
        for label, weight in others.items():
            column = classes.index(label)
            odds[row, column] = weight / total
            if math.isfinite(segment.attractor) and weight > 0 and len(others) > 1:
                shape = segment.attractor * weight / total
                shapes[row, column] = gamma_rows.setdefault(shape, len(gamma_rows))
    arrivals = segment.arrivals
    gap, arrival_shifts, limit, until = 0.0, None, 0, 0
    if arrivals is not None and arrivals.per_week > 0:
        calendar = next(calendar for calendar in line.calendars if calendar.name == arrivals.calendar)
        gap = calendars.open_ms_per_week(calendar) / arrivals.per_week
        assert calendar.availability is None, "arrivals follow a calendar of hours, not of availability"
        arrival_shifts = calendars.shifts(calendar, line.origin, horizon)
        limit = 1 << 62 if arrivals.items is None else arrivals.items
        until = horizon if arrivals.until_s is None else min(horizon, round(arrivals.until_s * 1000))
    shares = np.cumsum([segment.classes.get(name, 0.0) for name in classes])
    assert abs(shares[-1] - 1.0) < 1e-6, f"the class shares of {segment.name} sum to {shares[-1]}"
    return SegmentPlan(
        name=segment.name,
        key=name_key(segment.name),
        backlog=segment.backlog,
        priority=segment.priority,
        due=None if segment.due_s is None else round(segment.due_s * 1000),
        shares=shares / shares[-1],
        effects=np.array([segment.class_effects.get(name, 0.0) for name in classes]),
        odds=odds,
        shapes=shapes,
        spread=segment.difficulty_sd,
        gap=gap,
        arrival_shifts=arrival_shifts,
        arrival_limit=limit,
        arrival_until=until,
    )
