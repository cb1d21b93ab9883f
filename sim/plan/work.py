"""Segments as arrays: how items arrive, what they are, and what a wrong label of theirs is."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .. import quantiles
from ..doubt import Hardness, bar
from ..draws import name_key
from ..intensity import NOTHING, Intensity, ended, intensity
from ..line import Line, Segment

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ARRIVING = 1 << 40
"""Serial of a segment's first arrival; its backlog counts from 0, so that a larger backlog moves no arrival's luck."""

OPEN = 1 << 41
"""Serial of a segment's first item that is under way at time zero."""

RELEASED = 1 << 50
"""Serial of the first item of a segment's first release; those of the next release begin RELEASE_SIZE later, so that
another date or size of a release moves no other item's luck."""

RELEASE_SIZE = 1 << 25
"""So many items a release may have."""

NO_LIMIT = 1 << 62


@dataclass(frozen=True, eq=False)
class SegmentPlan:
    """A segment. shares: cumulative by class. effects: logits by class. choices: its
    classes. odds: [class, label] shares of wrong labels.
    shapes: [class, label] row of Plan.gammas, -1 for none. spread: sd of the difficulty, but for a share `hard` of the
    items, of which it is N(harder, hard_spread).  due, due_at: milliseconds from arrival, and from the start.
    arrivals: as this segment has them at any time, until they end.  limit: so many arrive at most.
    doubt: correlation with difficulty, whose mean and sd are middle and width; doubtful: above which items are sampled.
    releases: int64[n, 2], moment and items of each.  objects: table of their number, None for one object an item.
    """

    name: str
    key: int
    backlog: int
    priority: int
    due: int | None
    due_at: int | None
    shares: Floats
    effects: Floats
    choices: Ints
    odds: Floats
    shapes: Ints
    spread: float
    hard: float
    harder: float
    hard_spread: float
    time_factor: float
    sensitive: bool
    arrivals: Intensity
    limit: int
    releases: Ints
    sample: float
    doubt: float
    doubtful: float
    middle: float
    width: float
    duplicates: float
    objects: Floats | None


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
    shares = np.cumsum([segment.classes.get(name, 0.0) for name in classes])
    assert abs(shares[-1] - 1.0) < 1e-6, f"the class shares of {segment.name} sum to {shares[-1]}"
    hardness = hardness_of(segment)
    return SegmentPlan(
        name=segment.name,
        key=name_key(segment.name),
        backlog=segment.backlog,
        priority=segment.priority,
        due=None if segment.due_s is None else round(segment.due_s * 1000),
        due_at=None if segment.due_at_s is None else round(segment.due_at_s * 1000),
        shares=shares / shares[-1],
        effects=np.array([segment.class_effects.get(name, 0.0) for name in classes]),
        choices=np.array([classes.index(name) for name in segment.classes], np.int64),
        odds=odds,
        shapes=shapes,
        spread=segment.difficulty_sd,
        hard=segment.hard.share,
        harder=segment.hard.harder,
        hard_spread=segment.hard.sd,
        time_factor=segment.time_factor,
        sensitive=segment.sensitive,
        arrivals=_arrivals(line, segment, horizon),
        limit=NO_LIMIT if segment.arrivals is None or segment.arrivals.items is None else segment.arrivals.items,
        releases=_releases(segment),
        sample=segment.sample,
        doubt=segment.doubt,
        doubtful=_doubtful(segment, hardness),
        middle=hardness.mean,
        width=hardness.spread,
        duplicates=segment.duplicates,
        objects=None if segment.objects is None else quantiles.of_distribution(segment.objects),
    )


def hardness_of(segment: Segment) -> Hardness:
    """The law of difficulty in a segment."""
    return Hardness(segment.difficulty_sd, segment.hard.share, segment.hard.harder, segment.hard.sd)


def _doubtful(segment: Segment, hardness: Hardness) -> float:
    """The bar of the sample; every doubt is above it where all are sampled, and none where none are. Nobody asks for it
    where doubt tells nothing."""
    if segment.doubt == 0.0:
        return math.nan
    if segment.sample <= 0.0 or segment.sample >= 1.0:
        return math.inf if segment.sample <= 0.0 else -math.inf
    return bar(hardness, segment.doubt, segment.sample)


def _arrivals(line: Line, segment: Segment, horizon: int) -> Intensity:
    arrivals = segment.arrivals
    if arrivals is None or arrivals.per_week <= 0.0:
        return NOTHING
    calendar = next(calendar for calendar in line.calendars if calendar.name == arrivals.calendar)
    rate = intensity(arrivals.per_week, calendar, arrivals.shape, arrivals.growth_per_week, line.origin, horizon)
    return rate if arrivals.until_s is None else ended(rate, round(arrivals.until_s * 1000))


def _releases(segment: Segment) -> Ints:
    rows = [(round(release.at_s * 1000), release.items) for release in segment.releases]
    assert all(at >= 0 and items <= RELEASE_SIZE for at, items in rows), f"a release of {segment.name} cannot be"
    return np.array(rows, np.int64).reshape(-1, 2)
