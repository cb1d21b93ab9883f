"""A plan as the arrays that the kernel reads: what is the same in every replication of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..learning import half_of
from ..line import Lot
from ..once import once
from ..plan import Plan, PoolPlan, SegmentPlan, StagePlan, Stand
from ..rosters import Roster, settled
from ..service import whole_ms
from ..switching import WINDOW, plans, tighter
from . import world as rows
from .codes import DISCIPLINES, KINDS, MOST_WAYS, PICKS, ROUTES, RULES, SHIFT_ENDS, WAYS
from .memory import ARRAY, NONE, VECTOR
from .packer import Packer, table

_OF_SEGMENT = ("priority", "sensitive", "time_factor", "spread", "hard", "harder", "hard_spread")
_OF_POOL = (
    *("speed", "speed_sd", "skill_mean", "skill_sd", "wrong", "right", "slower", "tiring", "gain", "people"),
    *("wrong_sd", "right_sd", "walk", "spammers"),
)


@dataclass(frozen=True, eq=False)
class Fixed:
    """What is the same in all worlds of a plan. world: with the addresses of what no run writes to, which `kept` keeps.
    rooms: by field, what a run writes to, as it is at the start.  roster: None where it differs."""

    world: NDArray[Any]
    kept: list[NDArray[Any]]
    rooms: dict[str, NDArray[Any]]
    roster: Roster | None


@once
def fixed(plan: Plan) -> Fixed:
    """What is the same in all worlds of a plan."""
    packer, people = Packer(), settled(plan)
    world = np.zeros(1, rows.WORLD)
    w = world[0]
    w["tick"], w["horizon"], w["first"], w["wip"] = plan.tick, plan.horizon, plan.first, plan.wip
    w["segments"], w["pools"], w["stages"] = len(plan.segments), len(plan.pools), len(plan.stages)
    w["classes"], w["loops"], w["midnight"], w["today"] = len(plan.classes), plan.loops, plan.midnight, plan.today
    w["normal_at"], w["gammas_at"] = packer.floats(plan.normal), packer.floats(plan.gammas)
    w["gammas"] = len(plan.gammas)
    _stands(plan, packer, w)
    pools = _queues(plan, packer, w)
    if people is not None:
        pack_people(packer, w, people)
    return Fixed(world, packer.kept, {"pool_state_at": pools, **_rooms(plan)}, people)


def _stands(plan: Plan, packer: Packer, w: Any) -> None:
    """What the epochs say. Parts that an epoch leaves as they were are one."""
    segments_at: dict[int, int] = {}
    pools_at: dict[int, int] = {}
    stands = []
    for stand in plan.stands:
        if id(stand.segments) not in segments_at:
            segments = [_segment(packer, segment) for segment in stand.segments]
            segments_at[id(stand.segments)] = packer.table(rows.SEGMENT, segments)
        if id(stand.pools) not in pools_at:
            pools_at[id(stand.pools)] = packer.table(rows.POOL, [_pool(plan, packer, pool) for pool in stand.pools])
        stages = packer.table(rows.STAGE, [_stage(plan, packer, stand, n) for n in stand.stages])
        ways = packer.table(rows.WAY, [way for n in stand.stages for way in _ways(packer, n)])
        at = {"segment_at": segments_at[id(stand.segments)], "pool_at": pools_at[id(stand.pools)]}
        stands.append(at | {"at": stand.at, "stage_at": stages, "way_at": ways})
    w["stands"], w["stands_at"] = len(stands), packer.table(rows.STAND, stands)
    for name in ("segment_at", "pool_at", "stage_at", "way_at"):
        w[name] = stands[0][name]
    rules = [stage for stand in plan.stands for stage in stand.stages]
    pools = [pool for stand in plan.stands for pool in stand.pools]
    w["fair"] = any(pool.discipline == "fair" for pool in pools)
    w["apart"] = bool(w["fair"]) or any((pool.masters < 1.0).any() for pool in pools)
    w["picky"] = bool(w["apart"]) or any(stage.rotation is not None for stage in rules)
    w["limits"] = any(stage.wip != NONE for stage in rules)
    w["machines"] = any(stage.machine for stage in rules)
    w["preempts"] = any(pool.preempts for pool in pools)
    turns = sorted({stage.rotation[0] for stage in rules if stage.rotation is not None})
    w["turns"], w["turns_at"] = len(turns), packer.ints(turns)
    names = [stage.name for stage in plan.stages]
    places = {segment.name: n for n, segment in enumerate(plan.segments)}
    rollbacks = [
        {
            "at": round(one.at_s * 1000) // plan.tick * plan.tick,
            "stage": names.index(one.to),
            "since": round(one.since_s * 1000),
            "segment": NONE if one.segment is None else places[one.segment],
            "share": one.share,
        }
        for one in plan.line.relabels
    ]
    w["relabels"], w["relabel_at"] = len(rollbacks), packer.table(rows.RELABEL, rollbacks)


def _segment(packer: Packer, segment: SegmentPlan) -> dict[str, Any]:
    return {name: getattr(segment, name) for name in _OF_SEGMENT} | {
        "shares_at": packer.floats(segment.shares),
        "effects_at": packer.floats(segment.effects),
        "choices_at": packer.ints(segment.choices),
        "choices": len(segment.choices),
        "odds_at": packer.floats(segment.odds),
        "shapes_at": packer.ints(segment.shapes),
    }


def _pool(plan: Plan, packer: Packer, pool: PoolPlan) -> dict[str, Any]:
    tick = plan.tick
    return {name: getattr(pool, name) for name in _OF_POOL} | {
        "crowd": pool.crowd,
        "patience": max(tick, (pool.patience + tick // 2) // tick * tick),
        "pace": pool.pace,
        "discipline": DISCIPLINES.index(pool.discipline),
        "preempts": pool.preempts,
        "pick": PICKS.index(pool.pick),
        "cleared": pool.cleared,
        "same": pool.same,
        "delays_at": packer.ints(pool.delays) if pool.delays.any() else 0,
        "effects_at": packer.floats(pool.effects),
        "segment_effects_at": packer.floats(pool.segment_effects),
        "segment_times_at": packer.floats(pool.segment_times),
        "masters_at": packer.floats(pool.masters),
        "fair_at": packer.floats(pool.fair),
        "time_factors_at": packer.floats(pool.time_factors),
        "time_factors": len(pool.time_factors),
        "practice_at": packer.floats(pool.practice),
        "practice": len(pool.practice),
    }


def _stage(plan: Plan, packer: Packer, stand: Stand, stage: StagePlan) -> dict[str, Any]:
    rule, tick = stage.consensus, plan.tick
    spreads = [np.hypot(segment.spread, stage.route_error) for segment in stand.segments]
    leads = [int(n in stage.leads_to) for n in range(len(stand.stages))]
    return {
        "key": (stage.key & 0xFFFFFFFF) << 24,
        "kind": KINDS.index(stage.kind),
        "machine": stage.machine,
        "route": ROUTES.index(stage.route),
        "route_error": stage.route_error,
        "mean_ms": stage.mean_ms,
        "time_at": packer.floats(stage.time),
        "spreads_at": packer.floats(spreads),
        "pools_at": packer.ints(stage.pools),
        "pools": len(stage.pools),
        "shares_at": packer.floats(stage.shares),
        "labels": stage.labels,
        "rule": RULES.index(rule.rule),
        "lead": rule.lead,
        "most": rule.most,
        "threshold": rule.threshold,
        "to_author": stage.to_author,
        "rounds": stage.rounds,
        "fractions_at": packer.floats(stage.fractions),
        "class_fractions_at": packer.floats(stage.class_fractions),
        "lifts_at": packer.floats(stage.lifts),
        "distance": stage.distance,
        "steps": len(stage.tenure_fractions),
        "step_tasks_at": packer.ints([tasks for tasks, _ in stage.tenure_fractions]),
        "step_shares_at": packer.floats([share for _, share in stage.tenure_fractions]),
        "handoff_at": 0 if stage.handoff is None else packer.floats(stage.handoff),
        "gather_size": stage.gather.size,
        "gather_wait": whole_ms(stage.gather.wait_s, tick),
        "batch_size": stage.batch.size,
        "setup": whole_ms(stage.batch.setup_s, tick) if stage.batch.setup_s > 0.0 else 0,
        "together": stage.batch.together,
        "lot_size": stage.lot.size,
        "lot_wait": whole_ms(stage.lot.wait_s, tick),
        **_severities(packer, stage.lot),
        "gold_share": stage.gold.share,
        "gold_ban": -np.inf if stage.gold.ban_below is None else stage.gold.ban_below,
        "gold_after": stage.gold.after,
        "retrain": whole_ms(stage.gold.retrain_s, tick) if stage.gold.retrain_s > 0.0 else 0,
        "retrain_gain": stage.gold.retrain_gain,
        "retrain_half": half_of(stage.gold),
        "skill": stage.skill,
        "effects_at": packer.floats(stage.effects),
        "anchoring": stage.suggestion.anchoring,
        "accept_time": stage.suggestion.accept_time,
        "fix_time": stage.suggestion.fix_time,
        "found_at": packer.floats(stage.found),
        "mistaken_at": packer.floats(stage.mistaken),
        "skip": stage.skip,
        "skip_at": packer.floats(stage.skip_time),
        "skip_most": stage.skip_most,
        "answer_at": 0 if stage.answer is None else packer.floats(stage.answer),
        "hours_at": packer.ints(np.concatenate(stage.hours)),
        "hours": len(stage.hours.starts),
        "there_at": packer.ints(stage.there),
        "back_at": packer.ints(stage.back),
        "check_at": 0 if stage.check_time is None else packer.floats(stage.check_time),
        "catch": stage.catch,
        "mend": stage.mend,
        "escalate": NONE if stage.escalate is None else stage.escalate[0],
        "escalate_to": NONE if stage.escalate is None else stage.escalate[1],
        "rotate": 0 if stage.rotation is None else stage.rotation[0],
        "rotate_people": 0 if stage.rotation is None else stage.rotation[1],
        "lock": stage.lock,
        "shift_end": SHIFT_ENDS.index(stage.shift_end),
        "wip": stage.wip,
        "servers": stage.servers,
        "held_at": packer.ints(stage.held_by),
        "held": len(stage.held_by),
        "leads_at": packer.ints(leads),
    }


def _severities(packer: Packer, lot: Lot) -> dict[str, Any]:
    """The plans of a lot by severity, and what switches them."""
    by, rules = plans(lot), lot.switching
    return {
        "lot_samples_at": packer.ints([one.sample for one in by]),
        "lot_accepts_at": packer.ints([one.accept for one in by]),
        "lot_tighter": tighter(lot.accept),
        "switches": rules is not None,
        "reduces": rules is not None and rules.reduced is not None,
        "screened": 0 if rules is None else rules.screened,
    }


def _ways(packer: Packer, stage: StagePlan) -> list[dict[str, Any]]:
    """Where each of the outcomes of a stage leads."""
    ways: list[dict[str, Any]] = [{} for _ in range(MOST_WAYS)]
    for outcome, (to, chances) in stage.next.items():
        ways[WAYS[outcome]] = {"ways": len(to), "to_at": packer.ints(to), "chances_at": packer.floats(chances)}
    return ways


def _queues(plan: Plan, packer: Packer, w: Any) -> NDArray[Any]:
    """Which queues there are, and which of them a pool serves; the pools at the start."""
    groups = len(plan.segments) if w["apart"] else 1
    number = np.full((len(plan.stages), len(plan.pools), groups), NONE, np.int64)
    places = [(s, p, group) for s, stage in enumerate(plan.stages) for p in stage.pools for group in range(groups)]
    served: list[list[dict[str, Any]]] = [[] for _ in plan.pools]
    for queue, (s, p, group) in enumerate(places):
        number[s, p, group] = queue
        served[p].append({"stage": s, "group": group, "queue": queue})
    starts = np.cumsum([0] + [len(one) for one in served])
    w["queue_count"] = len(places)
    w["groups"], w["queue_of_at"], w["marks"] = groups, packer.ints(number), max(map(len, served), default=0)
    w["served_at"] = packer.table(rows.SERVED, [row for one in served for row in one])
    pools = [
        {"first": NONE, "last": NONE, "serves": starts[p], "served": len(served[p])} for p in range(len(plan.pools))
    ]
    return table(rows.POOL_STATE, pools)


def _rooms(plan: Plan) -> dict[str, NDArray[Any]]:
    """What comes and goes, empty."""
    places = range(len(plan.stages) * len(plan.segments))
    groups = table(rows.GROUP, [{"head": NONE, "tail": NONE} for _ in places])
    arrays = [*rows.ARRAYS, *(rows.IDLE for _ in plan.pools), *(rows.SPAN for _ in plan.pools)]
    return {
        "stage_state_at": table(rows.STAGE_STATE, [{"head": NONE, "tail": NONE} for _ in plan.stages]),
        "sharing_at": table(rows.ACCOUNT, [{} for _ in range(len(plan.pools) * len(plan.segments))]),
        "gather_at": groups,
        "filling_at": groups,
        "standing_at": table(rows.STANDING, [{"clear": WINDOW - 1} for _ in places]),
        "bars_at": np.zeros(max(1, len(places))),
        "choice_at": np.zeros(max(1, len(plan.pools)), np.int64),
        "vectors_at": table(VECTOR, [{"width": dtype.itemsize, "free": NONE} for dtype in rows.VECTORS]),
        "arrays_at": table(ARRAY, [{"width": dtype.itemsize} for dtype in arrays]),
    }


def pack_people(packer: Packer, w: Any, people: Roster) -> None:
    """The staff, and when they are there."""
    columns = (
        people.pool,
        people.number,
        people.slot,
        people.key,
        people.shift_of,
        people.leaves,
        people.finishes,
        people.experience,
        people.mentored_until,
        *people.known.T,
    )
    persons = np.zeros(len(people.pool), rows.PERSON)
    for name, column in zip(rows.PERSON.names or (), columns, strict=True):
        persons[name] = column
    w["persons"], w["person_at"] = len(persons), packer.keep(persons)
    sets = [{"spans_at": packer.ints(np.array(spans)), "spans": len(spans.starts)} for spans in people.shift_sets]
    w["shift_sets"], w["spans_at"] = len(sets), packer.table(rows.SPANS, sets)
