"""What there is to label: segments, how their items arrive, and which of them are labelled at all."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from .chance import Distribution


@dataclass(frozen=True)
class Release:
    """Items that arrive together."""

    at_s: float
    items: int


@dataclass(frozen=True)
class Arrivals:
    """A Poisson stream: `per_week` items in a full week, spread over the open time of its calendar.

    shape: None for evenly, or 168 weights by local hour of the week (Monday 00:00 first), of which only ratios count.
    growth_per_week: the rate is multiplied by (1 + growth) each week from the start, in steps of an hour.
    items: at most so many, None for no limit.  until_s: none arrive at or after it, None for the horizon.
    """

    per_week: float
    calendar: str
    items: int | None = None
    until_s: float | None = None
    shape: tuple[float, ...] | None = None
    growth_per_week: float = 0.0


@dataclass(frozen=True)
class Hard:
    """A share of the items whose difficulty is N(harder, sd) logits, in place of what the others have."""

    share: float = 0.0
    harder: float = 2.0
    sd: float = 1.0


@dataclass(frozen=True)
class Segment:
    """A kind of item.

    backlog: items there at time zero.  releases: items that come together later, in order of their dates.
    classes: share of each true class, summing to one.
    difficulty_sd: spread s of item difficulty, N(0, s) logits.  hard: those that are harder.
    attractor: kappa of the wrong label's Dirichlet; infinity means that all items share the same odds of each wrong
    label.
    class_effects: logits added for items of a class, zero where absent.
    confusions: for a true class, the shares q of each wrong label; where absent, all other classes alike.
    priority: the lower number is served first.  due_s: seconds from arrival to the due date; due_at_s: the date itself,
    whichever is earlier counts; None for no due date.
    sample: share of the items that is labelled at all; the others are dropped on arrival.  doubt: correlation with
    their difficulty of what a model doubts, by which the most doubtful are sampled; 0 for any of them, at random.
    duplicates: share of the items that repeat an earlier item of the segment.
    time_factor, price_factor: of the granularity, on the active time of annotate stages and on prices per label.
    objects: objects in an item, each of which takes a stage's time; None for one.
    sensitive: only pools that are cleared may see it.
    error_costs: by true class and label, the harm of one delivered error, in any unit; 1 where absent.
    """

    name: str
    backlog: int = 0
    releases: tuple[Release, ...] = ()
    arrivals: Arrivals | None = None
    classes: Mapping[str, float] = field(default_factory=lambda: {"yes": 0.5, "no": 0.5})
    class_effects: Mapping[str, float] = field(default_factory=dict)
    confusions: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    difficulty_sd: float = 0.0
    attractor: float = math.inf
    priority: int = 1
    due_s: float | None = None
    due_at_s: float | None = None
    sample: float = 1.0
    doubt: float = 0.0
    duplicates: float = 0.0
    time_factor: float = 1.0
    price_factor: float = 1.0
    objects: Distribution | None = None
    sensitive: bool = False
    error_costs: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    hard: Hard = field(default_factory=Hard)


@dataclass(frozen=True)
class Sampling:
    """How many of the items of all segments together are labelled, and how they are spread over the segments.

    random: each item is as likely as any other.  proportional: each segment's share of the sample is its share of the
    items.  neyman: shares in proportion to a segment's items times its spread, what makes the estimate of the whole
    surest.  doubt: the items that a model doubts most, see Segment.doubt.  spreads: by segment; the root of 1 - sum of
    squared class shares where absent.
    Source: Neyman, On the two different aspects of the representative method, 1934.
    """

    items: int
    allocate: Literal["random", "proportional", "neyman", "doubt"] = "proportional"
    spreads: Mapping[str, float] = field(default_factory=dict)
