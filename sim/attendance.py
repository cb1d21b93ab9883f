"""Who was there, and how: the roster as far as it came true, and what the run added to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from .log import PRESENCE
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
    seen = roster.presence.start < ended_at
    table = np.column_stack([column[seen] for column in roster.presence]).astype(np.int64)
    until = np.full(len(roster.pool), ended_at, np.int64)
    for worker, at in cuts.items():
        if worker < until.size:
            until[worker] = min(at, ended_at)
    table[:, 2] = np.minimum(table[:, 2], until[table[:, 0]])
    table = table[table[:, 1] < table[:, 2]]
    more = [(worker, start, min(end, ended_at), SESSION) for worker, start, end in sessions]
    late = [row for worker, start, end in over for row in _overtime(roster, worker, max(0, start), min(end, ended_at))]
    table = _less(table, late)  # who finishes a task is neither absent nor trained meanwhile
    more += late
    table = np.concatenate([table, np.array([row for row in more if row[1] < row[2]], np.int64).reshape(-1, 4)])
    for worker, start, end in retrained:
        table = _training(table, worker, start, min(end, ended_at))
    return table


def _less(table: Ints, rows: Sequence[tuple[int, int, int, int]]) -> Ints:
    """The table, whose rows are in the order of the workers, without the time of these rows."""
    by_worker: dict[int, list[tuple[int, int]]] = {}
    for worker, start, end, _ in rows:
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


def _overtime(roster: Roster, worker: int, at: int, end: int) -> list[tuple[int, int, int, int]]:
    """The time of a task that lies outside its worker's shifts."""
    spans, rows = roster.shift_sets[roster.shift_of[worker]], []
    first = int(np.searchsorted(spans.ends, at, side="right"))
    for start, close in zip(spans.starts[first:].tolist(), spans.ends[first:].tolist(), strict=True):
        if start >= end:
            break
        if at < start:
            rows.append((worker, at, start, OVERTIME))
        at = close
    if at < end:
        rows.append((worker, at, end, OVERTIME))
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
