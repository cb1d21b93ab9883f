"""Who was there, and how: the roster as far as it came true, and what the run added to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from .log import PRESENCE
from .presence import stacked
from .rosters import Roster

Ints = NDArray[np.int64]

Spell = tuple[int, int, int]
"""worker, from, to."""

SESSION, OVERTIME, TRAINING = (PRESENCE.index(kind) for kind in ("session", "overtime", "training"))
ABSENT = [PRESENCE.index(kind) for kind in ("absent_paid", "absent_unpaid")]


def attendance(
    roster: Roster,
    cuts: Mapping[int, int],
    sessions: Sequence[Spell],
    over: Sequence[Spell],
    retrained: Sequence[Spell],
    ended_at: int,
) -> Ints:
    """int64[n, 4]: worker, from, to, kind. See trace.Trace for what is given; workers of the roster come first."""
    who, rows = stacked(roster.rows, ended_at)
    table = np.column_stack([who, *rows]).astype(np.int64)
    until = np.full(len(roster.pool), ended_at, np.int64)
    for worker, at in cuts.items():
        if worker < until.size:
            until[worker] = min(at, ended_at)
    table[:, 2] = np.minimum(table[:, 2], until[table[:, 0]])
    table = table[table[:, 1] < table[:, 2]]
    more = [(worker, start, min(end, ended_at), SESSION) for worker, start, end in sessions]
    late = _overtime(roster, over, ended_at)
    if more or len(late):
        table = _less(table, late[_meets(table, late)])  # who finishes a task is neither absent nor trained meanwhile
        sat = np.array([row for row in more if row[1] < row[2]], np.int64).reshape(-1, 4)
        table = np.concatenate([table, sat, late])
    for worker, start, end in retrained:
        table = _training(table, worker, start, min(end, ended_at))
    return table


def _overtime(roster: Roster, over: Sequence[Spell], ended_at: int) -> Ints:
    """Rows of the time of tasks that lies outside their workers' shifts, task by task.

    The shift sets of these workers stand one after another on one line, so that all tasks are looked up at once.
    """
    if not over:
        return np.zeros((0, 4), np.int64)
    worker, at, end = np.array(over, np.int64).T
    at, end = np.maximum(at, 0), np.minimum(end, ended_at)
    used, of_task = np.unique(roster.shift_of[worker], return_inverse=True)
    sets = [roster.shift_sets[number] for number in used]
    width = 1 + max(int(end.max()), int(at.max()), *(int(spans.ends[-1]) for spans in sets if len(spans.ends)))
    base = width * np.arange(len(sets)).repeat([len(spans.starts) for spans in sets])
    opens, closes = (np.concatenate(times) for times in zip(*((one.starts, one.ends) for one in sets), strict=True))
    first = np.searchsorted(base + closes, width * of_task + at, side="right")
    shifts = np.maximum(np.searchsorted(base + opens, width * of_task + end, side="left") - first, 0)
    task = np.arange(len(worker)).repeat(shifts + 1)  # before each shift that it meets, and after the last
    place = np.arange(len(task)) - (np.cumsum(shifts + 1) - shifts - 1)[task]
    here = first[task] + place
    begin = np.where(place > 0, np.append(closes, 0)[here - 1], at[task])
    until = np.where(place < shifts[task], np.append(opens, 0)[here], end[task])
    rows = np.column_stack([worker[task], begin, until, np.full(len(task), OVERTIME)])
    found: Ints = rows[begin < until]
    return found


def _meets(table: Ints, rows: Ints) -> NDArray[np.bool_]:
    """Which of the rows share time with their worker's in a table, which is by worker and time, and disjoint."""
    if not len(table) or not len(rows):
        return np.zeros(len(rows), np.bool_)
    width = 1 + max(int(table[:, 2].max()), int(rows[:, 2].max()))
    after = np.searchsorted(table[:, 0] * width + table[:, 2], rows[:, 0] * width + rows[:, 1], side="right")
    following = table[np.minimum(after, len(table) - 1)]
    return np.asarray((after < len(table)) & (following[:, 0] == rows[:, 0]) & (following[:, 1] < rows[:, 2]))


def _less(table: Ints, rows: Ints) -> Ints:
    """The table, whose rows are in the order of the workers, without the time of these rows."""
    by_worker: dict[int, list[tuple[int, int]]] = {}
    for worker, start, end, _ in rows.tolist():
        by_worker.setdefault(worker, []).append((start, end))
    pieces, before = [], 0
    for worker in sorted(by_worker):
        first, last = np.searchsorted(table[:, 0], (worker, worker + 1))
        mine = table[first:last]
        for start, end in by_worker[worker]:
            mine = _without(mine, worker, start, end)
        pieces += [table[before:first], mine]
        before = int(last)
    return np.concatenate([*pieces, table[before:]])


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
