"""The line: everything needed to simulate, with every default written out. The machine form of a scenario.

Times are seconds from the line's start, shares and chances lie in [0, 1], skills and effects are logits, money is in
integer micro-units (millionths) of the line's currency. Input was checked at the door (scenarios/load.py); here only
the laws that simulation itself needs are asserted.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

DELIVER = "deliver"
"""The end of the line: a target of `Stage.next`, never a stage."""

MICRO = 1_000_000
"""Micro-units in one unit of a currency."""

Family = Literal["constant", "exponential", "lognormal", "gamma", "weibull", "uniform"]


@dataclass(frozen=True)
class Distribution:
    """A distribution of seconds.

    parameters, by family: constant value; exponential mean; lognormal median, sigma (sd of the logarithm); gamma mean,
    shape; weibull scale, shape; uniform low, high.
    """

    family: Family
    parameters: Mapping[str, float]


@dataclass(frozen=True)
class Calendar:
    """When people of a pool are on shift, by local wall-clock time; the same every week.

    intervals: (weekday 0 = Monday, start, end) in seconds after local midnight, end at most 86,400, disjoint, sorted.
    availability: None, or 168 shares by local hour of the week (Monday 00:00 first): of n slots, slot i is on shift in
    the hours whose share exceeds (i + 0.5) / n. With availability, intervals are not read.
    """

    name: str
    timezone: str
    intervals: tuple[tuple[int, int, int], ...] = ()
    availability: tuple[float, ...] | None = None


@dataclass(frozen=True)
class Arrivals:
    """A Poisson stream shaped by a calendar: `per_week` items in a full week, spread evenly over its open time.

    items: at most so many, None for no limit.  until_s: none arrive at or after it, None for the horizon.
    """

    per_week: float
    calendar: str
    items: int | None = None
    until_s: float | None = None


@dataclass(frozen=True)
class Segment:
    """A kind of item.

    backlog: items there at time zero.  classes: share of each true class, summing to one.
    difficulty_sd: spread s of item difficulty, N(0, s) logits.  attractor: kappa of the wrong label's Dirichlet;
    infinity means that all items share the same odds of each wrong label.
    class_effects: logits added for items of a class, zero where absent.
    confusions: for a true class, the shares q of each wrong label; where absent, all other classes alike.
    priority: the lower number is served first.  due_s: seconds from arrival to the due date, None for no due date.
    """

    name: str
    backlog: int = 0
    arrivals: Arrivals | None = None
    classes: Mapping[str, float] = field(default_factory=lambda: {"yes": 0.5, "no": 0.5})
    class_effects: Mapping[str, float] = field(default_factory=dict)
    confusions: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    difficulty_sd: float = 0.0
    attractor: float = math.inf
    priority: int = 1
    due_s: float | None = None


@dataclass(frozen=True)
class Tier:
    """A price per label for labels up to and including the `up_to`-th under this contract (None: all further ones)."""

    up_to: int | None
    price: int


@dataclass(frozen=True)
class Contract:
    """What a pool costs; the parts add up. hourly: per on-shift hour. per_label: marginal tiers, in order, for each
    task finished by the pool, counted by finish time; rework tasks count and are paid only if `rework_paid`."""

    hourly: int | None = None
    per_label: tuple[Tier, ...] = ()
    rework_paid: bool = False


@dataclass(frozen=True)
class Pool:
    """Workers under one contract and calendar, in slots 0 .. headcount - 1.

    speed_sd: sd over workers of the logarithm of a factor on service time whose median is one.
    shrinkage: share of on-shift time not spent on tasks: elapsed time is active time / (1 - shrinkage).
    skill_mean, skill_sd: logits over workers, of a label being right on an item of difficulty zero.
    class_effects: logits added for this pool's workers on items of a class.
    sensitivity, false_alarm: chance that a typical reviewer rejects a wrong, a right label of an item of difficulty 0.
    """

    name: str
    headcount: int
    calendar: str
    speed_sd: float = 0.0
    shrinkage: float = 0.0
    skill_mean: float = math.log(9.0)
    skill_sd: float = 0.0
    class_effects: Mapping[str, float] = field(default_factory=dict)
    sensitivity: float = 0.8
    false_alarm: float = 0.02
    contract: Contract = field(default_factory=Contract)


Kind = Literal["annotate", "review", "adjudicate"]

OUTCOMES: Mapping[Kind, tuple[str, ...]] = {
    "annotate": ("labelled", "tied"),
    "review": ("accepted", "rejected", "exhausted"),
    "adjudicate": ("decided",),
}
"""Outcomes by kind of stage. tied: no label has a majority of its own (goes on as labelled, with the skill-weighted
label, where `next` sends both to one stage). exhausted: rejected after the last round of rework."""


@dataclass(frozen=True)
class Stage:
    """A step of the line.

    pools: (pool, share of the items that it gets), shares summing to one.  time: active seconds of one task.
    next: for each outcome of the kind (see OUTCOMES) the stage that follows, or DELIVER.
    annotate: labels_per_item distinct workers label an item of round 0; a rework round takes one label, by its author
    if rework_by is "author" and the author is on shift when the item returns, else by anyone of the pool.
    review: a `fraction` of the items is reviewed, in every round; the others pass as accepted.  rounds: at most so many
    returns to rework, counted over the whole line.
    """

    name: str
    kind: Kind
    pools: tuple[tuple[str, float], ...]
    time: Distribution
    next: Mapping[str, str]
    labels_per_item: int = 1
    rework_by: Literal["author", "anyone"] = "author"
    fraction: float = 1.0
    rounds: int = 3


@dataclass(frozen=True)
class Goal:
    """A goal on a KPI. For `probability` None it holds for the mean, else for a chance of at least `probability`.

    kpi: cost (currency units), finish_days, accuracy, on_time, ...  relation: ">=" or "<=".
    """

    kpi: str
    relation: Literal[">=", "<="]
    value: float
    probability: float | None = None


@dataclass(frozen=True)
class OpenTask:
    """A task that waits or is in progress at time zero; its item arrived at `arrived_s` (zero or before).

    Items are told apart by (segment, item). labels: (pool, slot, label) of the round so far, for replicas already
    finished at this or an earlier stage.  slot None: waiting.  Else the worker has `remaining_s` active seconds to go.
    """

    segment: str
    item: int
    stage: str
    arrived_s: float = 0.0
    enqueued_s: float = 0.0
    round: int = 0
    replica: int = 0
    labels: tuple[tuple[str, int, str], ...] = ()
    pool: str | None = None
    slot: int | None = None
    started_s: float | None = None
    remaining_s: float | None = None


@dataclass(frozen=True)
class Line:
    """A labelling line. start: local wall-clock time in `timezone`, without offset.  horizon_s: the run ends there at
    the latest, exclusive.  first: the stage at which items enter.  tick_s: all times are whole multiples of it."""

    name: str
    start: datetime
    timezone: str
    currency: str
    horizon_s: float
    segments: tuple[Segment, ...]
    calendars: tuple[Calendar, ...]
    pools: tuple[Pool, ...]
    stages: tuple[Stage, ...]
    first: str
    goals: tuple[Goal, ...] = ()
    initial: tuple[OpenTask, ...] = ()
    tick_s: float = 0.001
    assumed: tuple[str, ...] = ()
    """Scenario paths whose value is a default of ours: neither written by the planner nor fitted. For the report."""
    fitted: tuple[str, ...] = ()
    """Scenario paths whose value comes from a profile."""

    @property
    def origin(self) -> datetime:
        """The start as an aware moment."""
        return self.start.replace(tzinfo=ZoneInfo(self.timezone))


def machine_form(line: Line) -> dict[str, Any]:
    """The line as plain dicts, lists, strings and numbers, every default written out; infinities as "inf"."""
    return _plain(dataclasses.asdict(line))  # type: ignore[no-any-return]


def digest(line: Line) -> str:
    """SHA-256 of the machine form, in hexadecimal: equal for lines that simulate alike and are reported alike."""
    text = json.dumps(machine_form(line), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, float) and math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return value
