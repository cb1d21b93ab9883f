"""The log of a run, from what the reference engine remembers."""

from __future__ import annotations

from importlib.metadata import version

import numpy as np
from numpy.typing import NDArray

from ..line import digest
from ..log import DROPPED, OUTCOMES, PRESENCE, Log, Provenance
from ..rosters import Roster
from ..tables import NULL, make_log
from .presence import presence
from .record import Item, Task
from .state import State

Ints = NDArray[np.int64]


def log_of(state: State, roster: Roster, ended_at: int) -> Log:
    """The log of a run that ended at `ended_at`: items that arrived by then, tasks, and presence until then."""
    plan, line = state.plan, state.plan.line
    tasks = [task for task in state.tasks if not (task.void or (task.stale and task.started is None is task.finished))]
    categories = {
        "segment": [segment.name for segment in plan.segments],
        "stage": [stage.name for stage in plan.stages],
        "pool": [pool.name for pool in plan.pools],
        "label": plan.classes,
        "outcome": OUTCOMES,
        "kind": PRESENCE,
    }
    provenance = Provenance(
        version=version("labelcast"),
        digest=digest(line),
        engine="reference",
        origin=line.origin.isoformat(),
        timezone=line.timezone,
        ended_at=ended_at,
        roles={stage.name: stage.kind for stage in line.stages},
        promises={stage.name: round(stage.sla_s * 1000) for stage in line.stages if stage.sla_s is not None},
        seed=state.seed,
        replication=state.replication,
    )
    people = presence(state, roster, tasks, ended_at)
    return make_log(_items(state, ended_at), _tasks(state, tasks), people, categories, provenance)


def _items(state: State, ended_at: int) -> dict[str, Ints]:
    seen: list[Item] = [item for item in state.items if item.arrived <= ended_at]
    objects = any(segment.objects is not None for segment in state.plan.line.segments)
    table: dict[str, list[int | None]] = {
        "item": [item.number for item in seen],
        "segment": [item.segment for item in seen],
        "arrived_at": [item.arrived for item in seen],
        "due_at": [item.due for item in seen],
        "delivered_at": [item.delivered for item in seen],
        "final_label": [-1 if item.delivered is None or item.label is None else item.label for item in seen],
        "truth": [item.truth for item in seen],
        "gold": [int(item.gold) if item.gold else -1 for item in seen],
        "duplicate_of": [None if item.original < 0 else item.original for item in seen],
        "lot": [item.lot for item in seen],
        "objects": [item.objects if objects else None for item in seen],
        "dropped_at": [item.dropped for item in seen],
        "dropped_as": [-1 if item.dropped_as is None else DROPPED.index(item.dropped_as) for item in seen],
    }
    return {name: ints(column) for name, column in table.items()}


def _tasks(state: State, tasks: list[Task]) -> dict[str, Ints]:
    number = state.workers.number
    over = [task.finished is not None for task in tasks]
    labels: list[int | None] = [
        -1 if task.label is None or not done else task.label for task, done in zip(tasks, over, strict=True)
    ]
    table: dict[str, list[int | None]] = {
        "item": [task.item.number for task in tasks],
        "stage": [task.stage for task in tasks],
        "round": [task.round for task in tasks],
        "replica": [task.replica for task in tasks],
        "pool": [task.pool for task in tasks],
        "worker": [None if task.worker is None else number[task.worker] for task in tasks],
        "enqueued_at": [task.enqueued for task in tasks],
        "ready_at": [task.ready for task in tasks],
        "consensus_ms": [task.consensus for task in tasks],
        "handoff_ms": [task.handoff for task in tasks],
        "started_at": [task.started for task in tasks],
        "finished_at": [task.finished for task in tasks],
        "active_ms": [task.active if done else None for task, done in zip(tasks, over, strict=True)],
        "batch": [task.batch for task in tasks],
        "suggestion": [-1 if task.suggestion is None else task.suggestion for task in tasks],
        "label": labels,
        "outcome": [-1 if task.outcome is None else OUTCOMES.index(task.outcome) for task in tasks],
    }
    return {name: ints(column) for name, column in table.items()}


def ints(values: list[int | None]) -> Ints:
    """int64 with NULL for None."""
    return np.array([NULL if value is None else value for value in values], np.int64)
