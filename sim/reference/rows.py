"""What the reference engine remembers of a run, as columns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..log import DROPPED, OUTCOMES
from ..tables import NULL
from ..trace import Trace
from .record import Item, Task
from .state import State

Ints = NDArray[np.int64]


def trace_of(state: State, ended_at: int) -> Trace:
    """The trace of a run that ended at `ended_at`."""
    tasks = [task for task in state.tasks if not (task.void or (task.stale and task.started is None is task.finished))]
    over = [
        (task.worker, task.started, ended_at if task.finished is None else task.finished)
        for task in tasks
        if task.over and task.worker is not None and task.started is not None
    ]
    return Trace(
        engine="reference",
        ended_at=ended_at,
        items=_items(state, ended_at),
        tasks=_tasks(state, tasks),
        pool=np.array(state.workers.pool, np.int64),
        number=np.array(state.workers.number, np.int64),
        cuts=state.cuts,
        retrained=state.retrained,
        sessions=[(worker, start, ended_at if end is None else end) for worker, start, end in state.sessions],
        over=over,
    )


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
        "refused_lot": [None if item.refused is None else item.refused[0] for item in seen],
        "refused_at": [None if item.refused is None else item.refused[1] for item in seen],
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
        "tier": [task.tier for task in tasks],
        "rollbacks": [task.rollbacks for task in tasks],
        "check_ms": [task.check if done else None for task, done in zip(tasks, over, strict=True)],
        "caught": [task.caught if done else None for task, done in zip(tasks, over, strict=True)],
    }
    return {name: ints(column) for name, column in table.items()}


def ints(values: list[int | None]) -> Ints:
    """int64 with NULL for None."""
    return np.array([NULL if value is None else value for value in values], np.int64)
