"""Paid and busy time by stretch, against spans and against a count of milliseconds."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from labelcast.sim.log import PRESENCE
from labelcast.sim.paid import Present, Work, busy_table, paid_tables
from labelcast.sim.spans import union
from labelcast.sim.trained import HOUR_MS, by_hour

ON_SHIFT = [PRESENCE.index(kind) for kind in ("working", "session", "overtime")]
TRAINING, ABSENT = PRESENCE.index("training"), PRESENCE.index("absent_paid")
POOL_OF = np.array([0, 2, 0, 2, 1])

PRESENT = st.tuples(st.integers(-1, 4), st.integers(-9, 60), st.integers(0, 30), st.integers(-1, len(PRESENCE) - 1))
WORK = st.tuples(st.integers(-1, 4), st.integers(-9, 60), st.integers(0, 30), st.integers(0, 2))
EDGES = st.lists(st.integers(-20, 80), min_size=2, max_size=6, unique=True).map(sorted)


def columns(rows: list[tuple[int, int, int, int]]) -> list[Any]:
    """Four columns: who, from, to, and what."""
    table = np.array(rows, np.int64).reshape(-1, 4)
    return [table[:, 0].copy(), table[:, 1].copy(), table[:, 1] + table[:, 2], table[:, 3].copy()]


@given(st.lists(PRESENT, max_size=12), EDGES, st.integers(0, 70))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_paid_time_is_what_spans_cover(rows: list[tuple[int, int, int, int]], edges: list[int], ended: int) -> None:
    """For presence in any order, with overlaps, gaps and unknown people: by pool and stretch, each of the nested totals
    is the time that the union of its kinds covers up to the end."""
    worker, start, end, kind = columns(rows)
    found = paid_tables(worker, start, end, kind, POOL_OF, 3, np.array(edges), ended)
    kinds = (ON_SHIFT[:2], ON_SHIFT, [*ON_SHIFT, TRAINING], [*ON_SHIFT, TRAINING, ABSENT])
    everyone = np.arange(5)
    for table, some in zip(found, kinds, strict=True):
        mine = np.isin(kind, some) & (worker >= 0)
        spans = union(worker[mine], start[mine], end[mine])
        for stretch, (first, last) in enumerate(pairwise(edges)):
            begin, stop = min(first, ended), min(last, ended)
            covered = spans.covered(everyone, np.full(5, begin), np.full(5, stop))
            assert table[:, stretch].tolist() == np.bincount(POOL_OF, covered, 3).tolist()


@given(st.lists(PRESENT, max_size=8), st.lists(WORK, max_size=8), EDGES, st.integers(0, 70))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_busy_time_is_a_count_of_milliseconds(
    rows: list[tuple[int, int, int, int]], tasks: list[tuple[int, int, int, int]], edges: list[int], ended: int
) -> None:
    """Each millisecond on shift belongs to the task of that worker that started first, of two the earlier row."""
    present, work = Present(*columns(rows)), Work(*columns(tasks))
    found = busy_table(work, present, POOL_OF, 3, 3, np.array(edges), ended)
    expected = np.zeros_like(found)
    order = sorted(range(len(tasks)), key=lambda row: tasks[row][1])
    for who in range(5):
        for at in range(-20, ended):
            on = any(w == who and a <= at < a + n and k in ON_SHIFT for w, a, n, k in rows)
            held = [row for row in order if tasks[row][0] == who and tasks[row][1] <= at < sum(tasks[row][1:3])]
            stretch = int(np.searchsorted(edges, at, side="right")) - 1
            if on and held and 0 <= stretch < len(edges) - 1:
                expected[POOL_OF[who], stretch, tasks[held[0]][3]] += 1
    assert np.array_equal(found, expected)


def test_training_hour_by_hour() -> None:
    """By hand, in quarters of an hour: one is trained in quarters 2 to 7, but takes tasks in 4, and is then away with
    pay; another is trained from 6 past the end of the run, at the end of quarter 9. Nobody else is trained."""
    rows = [(0, 2, 8, "training"), (0, 4, 5, "working"), (0, 8, 9, "absent_paid"), (1, 6, 20, "training"),
            (2, 0, 9, "session"), (-1, 0, 9, "training")]  # fmt: skip
    worker, start, end = (np.array(column, np.int64) for column in list(zip(*rows, strict=True))[:3])
    kind = np.array([PRESENCE.index(row[3]) for row in rows], np.int64)
    quarter = HOUR_MS // 4
    found = by_hour(Present(worker, start * quarter, end * quarter, kind), 3, 9 * quarter)
    assert (found // quarter).tolist() == [2, 3 + 2, 1]
    assert by_hour(Present(worker[4:5], start[4:5], end[4:5], kind[4:5]), 3, 9 * quarter).tolist() == [0, 0, 0]
