"""Stages as arrays and numbers; names of stages, pools and segments as positions, seconds as milliseconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from .. import quantiles
from ..calendars import Shifts, shift_set, shifts
from ..draws import name_key
from ..line import (
    DELIVER,
    MACHINE,
    OUTCOMES,
    Batch,
    Consensus,
    Gather,
    Gold,
    Line,
    Lot,
    Risk,
    Stage,
    Suggestion,
    targets,
)
from ..risk import distance
from ..service import whole_ms

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DELIVERED = -1
"""The target of an outcome that ends an item's way."""

NOBODY = -1
"""Where no number is meant: no limit, no lock, no promise."""

Ways = tuple[tuple[int, ...], Floats]
"""Target stages (or DELIVERED) of an outcome, and their cumulative probabilities."""


@dataclass(frozen=True, eq=False)
class StagePlan:
    """A stage; see sim.line.Stage for what its rules mean.

    pools, shares: positions and cumulative shares.  next: where each outcome leads.  time, handoff: quantile tables in
    seconds.  mean_ms: mean of time.  fractions: review fraction by segment.
    class_fractions: by label, NaN where the segment's counts.  lifts: by true class, by how much the risk score of a
    wrong label is higher; distance: the same, where it tells of the class.  effects: of the model, logits by class.
    found, mistaken: chance by segment that dedup drops a duplicate, an item that is none.  wip, lock, servers: NOBODY
    for none.  escalate: (milliseconds, stage) or None.  rotation: (milliseconds, people) or None.
    skip, skip_most: chance that a task is left, and how often at most; skip_time: of a look, quantile table in seconds.
    answer: of an answer to what was asked, quantile table in seconds, None where nothing is; hours: when it is worked
    on; there, back: milliseconds on the way, by pool of who asks.
    check_time, catch, mend: of self_check, quantile table in seconds, None for no check.
    leads_to: stages that an item may come to from here without a rejection.  held_by: those of them whose limit holds
    this stage back: from which no way leads back here.
    """

    name: str
    key: int
    kind: str
    machine: bool
    pools: tuple[int, ...]
    shares: Floats
    route: str
    route_error: float
    time: Floats
    mean_ms: float
    next: dict[str, Ways]
    leads_to: tuple[int, ...]
    held_by: tuple[int, ...]
    labels: int
    consensus: Consensus
    to_author: bool
    fractions: Floats
    class_fractions: Floats
    lifts: Floats
    distance: float
    tenure_fractions: tuple[tuple[int, float], ...]
    rounds: int
    handoff: Floats | None
    gather: Gather
    batch: Batch
    lot: Lot
    gold: Gold
    skill: float
    effects: Floats
    suggestion: Suggestion
    found: Floats
    mistaken: Floats
    escalate: tuple[int, int] | None
    rotation: tuple[int, int] | None
    lock: int
    shift_end: str
    wip: int
    servers: int
    skip: float
    skip_time: Floats
    skip_most: int
    answer: Floats | None
    hours: Shifts
    there: Ints
    back: Ints
    check_time: Floats | None
    catch: float
    mend: float


def stage_plans(line: Line, classes: tuple[str, ...]) -> tuple[StagePlan, ...]:
    """The arrays of all stages. A stage's luck hangs on its kind and its place among those of its kind."""
    ordinals: dict[str, int] = {}
    plans = []
    for stage in line.stages:
        ordinal = ordinals[stage.kind] = ordinals.get(stage.kind, -1) + 1
        plans.append(_stage(line, stage, name_key(f"{stage.kind} {ordinal}"), classes))
    assert len({plan.key & 0xFFFFFFFF for plan in plans}) == len(plans), "two stages share a key"
    further = reach(plans)
    return tuple(
        replace(plan, held_by=tuple(target for target in plan.leads_to if number not in further[target]))
        for number, plan in enumerate(plans)
    )


def reach(stages: Sequence[StagePlan]) -> list[set[int]]:
    """For each stage, those that an item may come to from it, at once or later, without a rejection."""
    reached = [set(stage.leads_to) | ({stage.escalate[1]} if stage.escalate else set()) for stage in stages]
    for _ in stages:
        reached = [one.union(*(reached[target] for target in one)) for one in reached]
    return reached


def _stage(line: Line, stage: Stage, key: int, classes: tuple[str, ...]) -> StagePlan:
    names = [other.name for other in line.stages]
    pools = [pool.name for pool in line.pools]
    assert set(stage.next) >= set(OUTCOMES[stage.kind]), f"{stage.name} does not say what follows each outcome"
    ways = {outcome: _ways(stage, outcome, names) for outcome in stage.next}
    ahead = dict.fromkeys(target for outcome, (to, _) in ways.items() if outcome != "rejected" for target in to)
    escalation, rotation, check, tick = stage.escalation, stage.rotation, stage.self_check, tick_of(line)
    found, mistaken = _dedup(line, stage)
    return StagePlan(
        name=stage.name,
        key=key,
        kind=stage.kind,
        machine=stage.kind in MACHINE,
        pools=tuple(pools.index(name) for name, _ in stage.pools),
        shares=_cumulative([share for _, share in stage.pools], f"the pool shares of {stage.name}"),
        route=stage.route,
        route_error=stage.route_error,
        time=quantiles.of_distribution(stage.time),
        mean_ms=1000.0 * quantiles.mean(stage.time),
        next=ways,
        leads_to=tuple(target for target in ahead if target != DELIVERED),
        held_by=(),
        labels=stage.labels_per_item,
        consensus=stage.consensus,
        to_author=stage.rework_by == "author",
        fractions=np.array([stage.segment_fractions.get(s.name, stage.fraction) for s in line.segments]),
        class_fractions=np.array([stage.class_fractions.get(name, np.nan) for name in classes]),
        lifts=np.array([distance(stage.risk.auc) * _tells(stage.risk, name) for name in classes]),
        distance=distance(stage.risk.auc),
        tenure_fractions=stage.tenure_fractions,
        rounds=stage.rounds,
        handoff=None if stage.handoff is None else quantiles.of_distribution(stage.handoff),
        gather=stage.gather,
        batch=stage.batch,
        lot=stage.lot,
        gold=stage.gold,
        skill=stage.model.skill,
        effects=np.array([stage.model.class_effects.get(name, 0.0) for name in classes]),
        suggestion=stage.suggestion,
        found=found,
        mistaken=mistaken,
        escalate=None if escalation is None else (whole_ms(escalation.after_s, tick), names.index(escalation.to)),
        rotation=None if rotation is None else (whole_ms(rotation.every_s, tick), rotation.people),
        lock=NOBODY if stage.lock_s is None else whole_ms(stage.lock_s, tick),
        shift_end=stage.shift_end,
        wip=NOBODY if stage.wip is None else stage.wip,
        servers=NOBODY if stage.servers is None else stage.servers,
        skip=stage.skip.chance,
        skip_time=quantiles.of_distribution(stage.skip.time),
        skip_most=stage.skip.most,
        answer=None if stage.skip.answer is None else quantiles.of_distribution(stage.skip.answer),
        hours=_hours(line, stage),
        there=np.array([way_ms(stage.skip.there.get(pool, 0.0), tick) for pool in pools], np.int64),
        back=np.array([way_ms(stage.skip.back.get(pool, 0.0), tick) for pool in pools], np.int64),
        check_time=None if check is None else quantiles.of_distribution(check.time),
        catch=0.0 if check is None else check.catch,
        mend=1.0 if check is None else check.mend,
    )


def _hours(line: Line, stage: Stage) -> Shifts:
    """When questions of a stage are answered, empty where there are none."""
    if stage.skip.answer is None:
        return shift_set(np.zeros(0, np.int64), np.zeros(0, np.int64))
    calendar = next(one for one in line.calendars if one.name == stage.skip.calendar)
    return shifts(calendar, line.origin, round(line.horizon_s * 1000))


def way_ms(seconds: float, tick: int) -> int:
    """Milliseconds on the way between two sites; none where it takes no time."""
    return whole_ms(seconds, tick) if seconds > 0.0 else 0


def position(name: str, names: list[str]) -> int:
    """Place of a stage, or DELIVERED."""
    return DELIVERED if name == DELIVER else names.index(name)


def tick_of(line: Line) -> int:
    """Milliseconds of the line's tick."""
    return max(1, round(line.tick_s * 1000))


def _ways(stage: Stage, outcome: str, names: list[str]) -> Ways:
    to = targets(stage.next[outcome])
    chances = _cumulative([chance for _, chance in to], f"what follows {outcome} at {stage.name}")
    return tuple(position(name, names) for name, _ in to), chances


def _dedup(line: Line, stage: Stage) -> tuple[Floats, Floats]:
    """Chances by segment that an item is dropped: a duplicate, and another. Of what is dropped, a share `precision` is
    to be duplicates: recall d : mistaken (1 - d) = precision : 1 - precision, with d the share of duplicates."""
    shares = np.array([segment.duplicates for segment in line.segments])
    recall, precision = stage.dedup.recall, stage.dedup.precision
    mistaken = recall * shares * (1.0 - precision) / (precision * np.maximum(1.0 - shares, 1e-12))
    return np.full(len(shares), recall), np.minimum(mistaken, 1.0)


def _tells(risk: Risk, name: str) -> bool:
    """Whether a score tells of errors on items of a class."""
    return not risk.misses or name in risk.misses


def _cumulative(shares: list[float], what: str) -> Floats:
    sums = np.cumsum(shares)
    assert not len(sums) or abs(sums[-1] - 1.0) < 1e-6, f"{what} sum to {sums[-1]}"
    return sums / sums[-1] if len(sums) else sums
