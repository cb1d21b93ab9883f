"""A tally is the same however its rows come: in pieces, in any order of items, in any order within an item."""

from __future__ import annotations

import anyline
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from programme import programme

from labelcast.sim import kernel
from labelcast.sim.line import Line
from labelcast.sim.plan import Plan
from labelcast.sim.tables import NULL, Ints
from labelcast.sim.tally import Shape, Tally, fold, rows_of, shape_of
from labelcast.sim.tally import columns as column
from labelcast.sim.tally.lots import FIELDS, SEGMENT_OF, by_lot
from labelcast.sim.tally.tally import MANY

NEVER = 1 << 62


def folded(shape: Shape, ended: int, *pieces: tuple[Ints, Ints]) -> Tally:
    """The tally of pieces of rows."""
    tally = Tally.empty(shape)
    for items, tasks in pieces:
        fold(tally, shape, items, tasks, ended)
    return tally


def different(one: Tally, other: Tally) -> list[str]:
    """In what two tallies differ."""
    found = [
        name for name in one.sums._fields if not np.array_equal(getattr(one.sums, name), getattr(other.sums, name))
    ]
    return found + ([] if np.array_equal(one.lots, other.lots) else ["lots"])


def taken(items: Ints, tasks: Ints, which: Ints, luck: np.random.Generator) -> tuple[Ints, Ints]:
    """These items, in this order, with their tasks shuffled within each."""
    ends = np.cumsum(items[:, column.TASKS])
    rows = [luck.permutation(np.arange(ends[i] - items[i, column.TASKS], ends[i])) for i in which]
    return items[which], tasks[np.concatenate([np.zeros(0, np.int64), *rows]).astype(np.int64)]


@settings(max_examples=40, deadline=None)
@given(anyline.lines(), st.integers(0, 1000))
def test_pieces(line: Line, seed: int) -> None:
    """Cut anywhere and shuffled, rows come to the same sums; and for items that are over the end does not matter."""
    log = kernel.run(Plan.of(line), seed, 0)
    shape, ended, luck = shape_of(log), log.provenance.ended_at, np.random.default_rng(seed)
    items, tasks = rows_of(log)
    whole = folded(shape, ended, (items, tasks))
    order = luck.permutation(len(items))
    cuts = np.sort(luck.integers(0, len(items) + 1, 4))
    pieces = [taken(items, tasks, part, luck) for part in np.split(order, cuts)]
    assert different(whole, folded(shape, ended, *pieces)) == []

    unfinished = np.unique(tasks[tasks[:, column.FINISHED_AT] == NULL, column.OF_ITEM])
    left = (items[:, column.DELIVERED_AT] != NULL) | (items[:, column.DROPPED_AT] != NULL)
    over = left & ~np.isin(items[:, column.ITEM], unfinished)
    tally = folded(shape, NEVER, taken(items, tasks, np.flatnonzero(over), luck))
    fold(tally, shape, *taken(items, tasks, np.flatnonzero(~over), luck), ended)
    assert different(whole, tally) == []


FAULTS = {
    column.OUTCOME: -1,
    column.LABEL: -1,
    column.ROUND: 7,
    column.ENQUEUED_AT: -1000,
    column.READY_AT: NULL,
    column.STARTED_AT: NULL,
    column.FINISHED_AT: NULL,
    column.ACTIVE_MS: NULL,
    column.OFF_SHIFT_MS: 5,
    column.POOL: -1,
    column.STAGE: 0,
}


@pytest.mark.parametrize("place", FAULTS)
def test_a_fault_in_a_row_is_seen(place: int) -> None:
    """Whatever a row of a review, or of a label, says otherwise, some sum is another."""
    log = programme().log()
    shape, ended = shape_of(log), log.provenance.ended_at
    items, tasks = rows_of(log)
    stages = [code for code, _ in shape.of_kind("annotate" if place == column.LABEL else "review")]
    row = int(np.flatnonzero(np.isin(tasks[:, column.STAGE], stages) & (tasks[:, column.FINISHED_AT] != NULL))[0])
    whole = folded(shape, ended, (items, tasks))
    faulty = tasks.copy()
    faulty[row, place] = FAULTS[place]
    assert different(whole, folded(shape, ended, (items, faulty))) != []


def test_the_order_of_judgements_is_seen() -> None:
    """Where a rejection and the acceptance after it change places, the first and the last look are others."""
    log = programme().log()
    shape, ended = shape_of(log), log.provenance.ended_at
    items, tasks = rows_of(log)
    judged = np.isin(tasks[:, column.OUTCOME], [shape.outcomes.index(name) for name in ("accepted", "rejected")])
    one, other = next(
        (a, b)
        for a in np.flatnonzero(judged)
        for b in np.flatnonzero(judged)
        if a < b
        and (tasks[a, [column.OF_ITEM, column.STAGE]] == tasks[b, [column.OF_ITEM, column.STAGE]]).all()
        and tasks[a, column.OUTCOME] != tasks[b, column.OUTCOME]
    )
    swapped = tasks.copy()
    swapped[[one, other], column.OUTCOME] = tasks[[other, one], column.OUTCOME]
    assert "by_stage" in different(folded(shape, ended, (items, tasks)), folded(shape, ended, (items, swapped)))


def test_lots_are_gathered_now_and_then() -> None:
    """Many more inspections than lots are kept as one record a lot, and say the same as all at once."""
    luck = np.random.default_rng(1)
    records = luck.integers(0, 4, (5 * MANY, FIELDS))
    records[:, SEGMENT_OF] = 0
    tally = Tally.empty(Shape(("s",), ("check",), ("inspect",), ("team",), ("yes", "no")))
    for piece in np.array_split(records, 40):
        tally.add(piece)
        assert tally.kept <= MANY + len(piece)
    assert np.array_equal(tally.lots, by_lot(records))
    assert len(tally.lots) == 16
