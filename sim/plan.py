"""Line -> dense arrays: the one input of both engines. Names become positions and keys; seconds become milliseconds."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from . import calendars, quantiles
from .calendars import Shifts
from .draws import name_key
from .line import DELIVER, OUTCOMES, Line, OpenTask, Segment, Stage

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DELIVERED = -1
"""The target of an outcome that ends an item's way."""

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


@dataclass(frozen=True, eq=False)
class PoolPlan:
    """A pool. workers: range of worker numbers, one a slot. effects: logits by class. wrong, right: logits of a
    rejection of a wrong and a right label by a typical reviewer. pace: elapsed time per active time."""

    name: str
    key: int
    workers: range
    speed_sd: float
    pace: float
    skill_mean: float
    skill_sd: float
    effects: Floats
    wrong: float
    right: float


@dataclass(frozen=True, eq=False)
class StagePlan:
    """A stage. pools, shares: positions and cumulative shares. next: target stage by outcome, or DELIVERED."""

    name: str
    key: int
    kind: str
    pools: tuple[int, ...]
    shares: Floats
    time: Floats
    next: dict[str, int]
    labels: int
    to_author: bool
    fraction: float
    rounds: int


@dataclass(frozen=True, eq=False)
class Plan:
    """Everything that an engine reads. tick, horizon: milliseconds. classes: names of all labels; a label is a position
    in it. shift_sets: distinct shift sets; shift_of: for each worker, the number of its set."""

    line: Line
    tick: int
    horizon: int
    classes: tuple[str, ...]
    segments: tuple[SegmentPlan, ...]
    pools: tuple[PoolPlan, ...]
    stages: tuple[StagePlan, ...]
    first: int
    shift_sets: tuple[Shifts, ...]
    shift_of: Ints
    normal: Floats
    exponential: Floats
    gammas: Floats
    initial: tuple[OpenTask, ...]

    @staticmethod
    def of(line: Line) -> Plan:
        """The plan of a line. Asserts what simulation needs: known names, shares that sum to one, distinct keys."""
        classes = tuple(dict.fromkeys(name for segment in line.segments for name in segment.classes))
        gamma_rows: dict[float, int] = {}
        horizon = round(line.horizon_s * 1000)
        stages = tuple(_stage(line, stage) for stage in line.stages)
        assert len({stage.key & 0xFFFFFFFF for stage in stages}) == len(stages), "two stages share a key"
        segments = tuple(_segment(line, segment, classes, gamma_rows, horizon) for segment in line.segments)
        sets, shift_of = _shifts(line, horizon)
        gammas = [quantiles.gamma(shape) for shape in gamma_rows]
        return Plan(
            line=line,
            tick=max(1, round(line.tick_s * 1000)),
            horizon=horizon,
            classes=classes,
            segments=segments,
            pools=_pools(line, classes),
            stages=stages,
            first=_position(line.first, [stage.name for stage in line.stages]),
            shift_sets=sets,
            shift_of=shift_of,
            normal=quantiles.normal(),
            exponential=quantiles.exponential(),
            gammas=np.array(gammas).reshape(-1, quantiles.LENGTH),
            initial=line.initial,
        )


def _segment(
    line: Line, segment: Segment, classes: tuple[str, ...], gamma_rows: dict[float, int], horizon: int
) -> SegmentPlan:
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


def _pools(line: Line, classes: tuple[str, ...]) -> tuple[PoolPlan, ...]:
    plans, first = [], 0
    for pool in line.pools:
        workers = range(first, first + pool.headcount)
        first = workers.stop
        plans.append(
            PoolPlan(
                name=pool.name,
                key=name_key(pool.name),
                workers=workers,
                speed_sd=pool.speed_sd,
                pace=1.0 / (1.0 - pool.shrinkage),
                skill_mean=pool.skill_mean,
                skill_sd=pool.skill_sd,
                effects=np.array([pool.class_effects.get(name, 0.0) for name in classes]),
                wrong=_logit(pool.sensitivity),
                right=_logit(pool.false_alarm),
            )
        )
    return tuple(plans)


def _stage(line: Line, stage: Stage) -> StagePlan:
    names = [other.name for other in line.stages]
    pools = [pool.name for pool in line.pools]
    shares = np.cumsum([share for _, share in stage.pools])
    assert abs(shares[-1] - 1.0) < 1e-6, f"the pool shares of {stage.name} sum to {shares[-1]}"
    assert set(stage.next) >= set(OUTCOMES[stage.kind]), f"{stage.name} does not say what follows each outcome"
    return StagePlan(
        name=stage.name,
        key=name_key(stage.name),
        kind=stage.kind,
        pools=tuple(_position(name, pools) for name, _ in stage.pools),
        shares=shares / shares[-1],
        time=quantiles.of_distribution(stage.time),
        next={outcome: _position(target, names) for outcome, target in stage.next.items()},
        labels=stage.labels_per_item,
        to_author=stage.rework_by == "author",
        fraction=stage.fraction,
        rounds=stage.rounds,
    )


def _shifts(line: Line, horizon: int) -> tuple[tuple[Shifts, ...], Ints]:
    by_calendar = {calendar.name: calendar for calendar in line.calendars}
    sets: list[Shifts] = []
    of_worker: list[int] = []
    known: dict[tuple[str, int], tuple[int, list[int]]] = {}
    for pool in line.pools:
        calendar = by_calendar[pool.calendar]
        slots = 0 if calendar.availability is None else pool.headcount  # without availability all slots are alike
        if (pool.calendar, slots) not in known:
            new, of_slot = calendars.slot_shifts(calendar, pool.headcount or 1, line.origin, horizon)
            known[pool.calendar, slots] = (len(sets), of_slot if slots else [0])
            sets += new
        first, of_slot = known[pool.calendar, slots]
        of_worker += [first + of_slot[slot if slots else 0] for slot in range(pool.headcount)]
    return tuple(sets), np.array(of_worker, np.int64)


def _position(name: str, names: list[str]) -> int:
    return DELIVERED if name == DELIVER else names.index(name)


def _logit(p: float) -> float:
    if p <= 0.0:
        return -math.inf
    return math.inf if p >= 1.0 else math.log(p / (1.0 - p))
