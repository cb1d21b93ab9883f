"""Who was there, and how: the table of presence that a run leaves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..log import PRESENCE
from ..rosters import Roster
from .record import Task
from .state import State

Ints = NDArray[np.int64]
Row = tuple[int, int, int, int]
"""worker, from, to, kind."""

SESSION, OVERTIME, TRAINING = (PRESENCE.index(kind) for kind in ("session", "overtime", "training"))
ABSENT = [PRESENCE.index(kind) for kind in ("absent_paid", "absent_unpaid")]


def presence(state: State, roster: Roster, tasks: list[Task], ended_at: int) -> dict[str, Ints]:
    """Columns pool, worker, from, to, kind: the roster as far as it came true, and what the run added to it."""
    workers = state.workers
    table = np.column_stack(roster.presence).astype(np.int64)
    cuts = np.full(len(workers), ended_at, np.int64)
    for worker, at in state.cuts.items():
        cuts[worker] = min(at, ended_at)
    table[:, 2] = np.minimum(table[:, 2], cuts[table[:, 0]])
    table = table[table[:, 1] < table[:, 2]]
    more: list[Row] = [
        (worker, begun, ended_at if end is None else end, SESSION) for worker, begun, end in state.sessions
    ]
    for over in [row for task in tasks if task.over for row in _overtime(state, task, ended_at)]:
        table = _without(table, *over[:3])  # who finishes a task is neither absent nor trained meanwhile
        more.append(over)
    table = np.concatenate([table, np.array([row for row in more if row[1] < row[2]], np.int64).reshape(-1, 4)])
    for worker, start, end in state.retrained:
        table = _training(table, worker, start, min(end, ended_at))
    number, pool = np.array(workers.number, np.int64), np.array(workers.pool, np.int64)
    who = table[:, 0]
    return {
        "pool": pool[who],
        "worker": number[who],
        "from": table[:, 1],
        "to": table[:, 2],
        "kind": table[:, 3],
    }


def _overtime(state: State, task: Task, ended_at: int) -> list[Row]:
    """The time of a task that lies outside its worker's shifts."""
    assert task.worker is not None
    assert task.started is not None
    spans = state.workers.shifts(task.worker)
    assert spans is not None
    end = ended_at if task.finished is None else task.finished
    at, rows = task.started, []
    first = int(np.searchsorted(spans.ends, at, side="right"))
    for start, close in zip(spans.starts[first:].tolist(), spans.ends[first:].tolist(), strict=True):
        if start >= end:
            break
        if at < start:
            rows.append((task.worker, at, start, OVERTIME))
        at = close
    if at < end:
        rows.append((task.worker, at, end, OVERTIME))
    return rows


def _training(table: Ints, worker: int, start: int, end: int) -> Ints:
    """The table with a worker's time in [start, end) as training, as far as they are there."""
    mine = (table[:, 0] == worker) & (table[:, 1] < end) & (table[:, 2] > start) & ~np.isin(table[:, 3], ABSENT)
    rows = [(worker, max(begin, start), min(close, end), TRAINING) for _, begin, close, _ in table[mine].tolist()]
    rest = np.concatenate([table[~mine], _without(table[mine], worker, start, end)])
    return np.concatenate([rest, np.array(rows, np.int64).reshape(-1, 4)])


def _without(table: Ints, worker: int, start: int, end: int) -> Ints:
    """The table without a worker's time in [start, end)."""
    mine = (table[:, 0] == worker) & (table[:, 1] < end) & (table[:, 2] > start)
    rows = [
        (worker, one, other, kind)
        for _, begin, close, kind in table[mine].tolist()
        for one, other in ((begin, start), (end, close))
        if one < other
    ]
    return np.concatenate([table[~mine], np.array(rows, np.int64).reshape(-1, 4)])
