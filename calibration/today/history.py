"""What a log says of a line's past, as a log in the line's own words; who was there when is as planned."""

from __future__ import annotations

from importlib.metadata import version

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...sim.attendance import attendance
from ...sim.line import DELIVER, Line
from ...sim.log import DROPPED, OUTCOMES, PRESENCE, Log, Provenance
from ...sim.plan import Plan
from ...sim.rosters import roster
from ...sim.tables import NULL, make_log
from .hours import Hours
from .standing import Today
from .walk import Done

Ints = NDArray[np.int64]

ENGINE = "log"


def history(line: Line, today: Today) -> Log:
    """The log of a line up to a moment. Labels and truths are not in it, nor in-hand work, which a run goes on with."""
    plan = Plan.of(line)
    at, places, done = today.standing.at_ms, today.walked.places, today.walked.done
    segments = {segment.name: number for number, segment in enumerate(line.segments)}
    stages = {stage.name: number for number, stage in enumerate(line.stages)}
    pools = {pool.name: number for number, pool in enumerate(line.pools)}
    came = np.array([one.came_ms for one in places], np.int64)
    segment = np.array([segments[one.segment] for one in places], np.int64)
    over = np.array([one.since_ms if one.stage == DELIVER else NULL for one in places], np.int64)
    test = np.array([one.test for one in places], np.bool_)
    items = {
        "item": np.arange(len(places), dtype=np.int64),
        "segment": segment,
        "arrived_at": came,
        "gold": np.where(test, 1, -1),
        "due_at": np.where(test, NULL, _due(line, segment, came)),
        "delivered_at": np.where(test, NULL, over),
        "dropped_at": np.where(test, over, NULL),
        "dropped_as": np.where(test, DROPPED.index("gold"), -1),
    }
    columns = {name: np.array([getattr(one, name) for one in done]) for name in ("item", "round", "replica", "number")}
    begin, end = (np.array([getattr(one, name) for one in done], np.int64) for name in ("begin_ms", "end_ms"))
    enqueued = np.minimum(np.array([one.enqueued_ms for one in done], np.int64), begin)
    tasks = {
        "item": columns["item"],
        "stage": np.array([stages[one.stage] for one in done], np.int64),
        "round": columns["round"],
        "replica": columns["replica"],
        "pool": np.array([pools[one.pool] for one in done], np.int64),
        "worker": columns["number"],
        "enqueued_at": enqueued,
        "ready_at": enqueued,
        "started_at": begin,
        "finished_at": end,
        "active_ms": _active(line, pd.DataFrame(done, columns=Done._fields)),
        "rollbacks": np.zeros(len(done), np.int64),
        "outcome": np.array([OUTCOMES.index(one.outcome) for one in done], np.int64),
    }
    people = roster(plan, 0)
    who, start, until, kind = attendance(people, {}, [], [], [], at).T
    presence = {"pool": people.pool[who], "worker": people.number[who], "from": start, "to": until, "kind": kind}
    categories = {
        "segment": [*segments],
        "stage": [*stages],
        "pool": [*pools],
        "label": plan.classes,
        "outcome": OUTCOMES,
        "kind": PRESENCE,
    }
    provenance = Provenance(
        version=version("labelcast"),
        digest=plan.digest,
        engine=ENGINE,
        origin=line.origin.isoformat(),
        timezone=line.timezone,
        ended_at=at,
        roles={stage.name: stage.kind for stage in line.stages},
        promises={stage.name: round(stage.sla_s * 1000) for stage in line.stages if stage.sla_s is not None},
    )
    return make_log(items, tasks, presence, categories, provenance)


def _active(line: Line, rows: pd.DataFrame) -> Ints:
    """Active milliseconds of each task: its time on the person's shift, as planned, without what the pool does not
    spend on tasks; all of it for people without a slot, and where the log shows work outside of shifts."""
    whole = np.maximum((rows["end_ms"] - rows["begin_ms"]).to_numpy(np.float64), 0.0)
    there = Hours.of(line).on_shift(rows)
    share = rows["pool"].map({pool.name: 1.0 - pool.shrinkage for pool in line.pools}).to_numpy(np.float64)
    return np.round(np.where(there > 0, there * share, whole)).astype(np.int64)


def _due(line: Line, segment: Ints, came: Ints) -> Ints:
    """Due dates as the line gives them."""
    due = np.full(len(came), NULL, np.int64)
    for number, one in enumerate(line.segments):
        here = segment == number
        after = [] if one.due_s is None else [came[here] + round(one.due_s * 1000)]
        dates = [] if one.due_at_s is None else [np.full(int(here.sum()), round(one.due_at_s * 1000), np.int64)]
        if after or dates:
            due[here] = np.min([*after, *dates], axis=0)
    return due
