"""One pass over rows: every room of sums gets what each item and its tasks add to it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..jit import cached
from ..tables import NULL
from .ages import fold_age
from .columns import (
    CODES_OF_ITEMS,
    CODES_OF_TASKS,
    DELIVERED_AT,
    DROPPED_AT,
    DUE_AT,
    ITEM_FIELDS,
    ITEM_WIDTH,
    LOGGED_FIELDS,
    SEGMENT,
    TASK_FIELDS,
    TASKS,
    TRUTH,
)
from .gates import fold_gates, note_inspections
from .inlined import inlined
from .items import IS_DELIVERED, IS_QUESTION, fate, fold_item
from .labels import fold_agreement, fold_work, fold_worked
from .order import put_in_order
from .promises import fold_promises, fold_way
from .shape import INSPECTS, JUDGES_LABELS, Ints, Marks, Shape
from .sums import Sums
from .views import borrowed
from .waits import fold_queue, fold_wait, hour_after

NULL_OF_ITEMS = tuple(-1 if name in CODES_OF_ITEMS else NULL for name in ITEM_FIELDS)
NULL_OF_TASKS = tuple(-1 if name in CODES_OF_TASKS else NULL for name in TASK_FIELDS)


class Desk(NamedTuple):
    """Room for what is looked at of one item: of each task, its place in the order and since when it is promised; by
    stage, its state, its labels and equal pairs; by stage and class, its labels. The last three are zero, and left so.
    """

    order: Ints
    begun: Ints
    state: Ints
    many: Ints
    votes: Ints


def desk_of(shape: Shape, tasks: int) -> Desk:
    """A desk for items of at most so many tasks."""
    stages = len(shape.stages)
    sizes = ((tasks,), (tasks,), (stages,), (stages, 2), (stages, len(shape.classes)))
    return Desk(*(np.zeros(size, np.int64) for size in sizes))


def _fold_rows(sums: Sums, marks: Marks, items: Ints, tasks: Ints, ended: int, desk: Desk, records: Ints) -> int:
    """Adds rows to sums, and writes a record of each inspection; how many.

    desk: no item has more tasks.  records: room for one a task, where a stage inspects.
    """
    lent = borrowed((sums, marks, items, tasks, desk, records))
    return fold_all(lent[0], lent[1], lent[2], lent[3], ended, lent[4], lent[5])


fold_rows = cached(_fold_rows, nogil=True)


@inlined
def fold_all(sums: Sums, marks: Marks, items: Ints, tasks: Ints, ended: int, desk: Desk, records: Ints) -> int:
    """`fold_rows`, on borrowed arrays."""
    judges, inspects, promises = False, False, False
    for stage in range(len(marks.stage)):
        judges |= marks.stage[stage] & JUDGES_LABELS != 0
        inspects |= marks.stage[stage] & INSPECTS != 0
        promises |= marks.promise[stage] != NULL
    note_seen(items, NULL_OF_ITEMS, ITEM_WIDTH, sums.seen[:ITEM_WIDTH])
    note_seen(tasks, NULL_OF_TASKS, LOGGED_FIELDS, sums.seen[ITEM_WIDTH:])
    first, written, hours = 0, 0, len(sums.delivered)
    for i in range(len(items)):
        last = first + items[i, TASKS]
        is_ = fate(items, i)
        segment, due, truth = items[i, SEGMENT], items[i, DUE_AT], items[i, TRUTH]
        if segment < 0:
            segment = len(sums.by_segment) - 1
        for t in range(first, last):
            fold_work(sums, marks, tasks, t, segment, is_, truth)
            fold_wait(sums, marks, tasks, t, segment, is_ & IS_DELIVERED != 0)
            fold_queue(sums, tasks, t, due, ended)
        had = fold_way(sums, marks, tasks, first, last, segment, desk.state)
        if last - first > 1:
            fold_agreement(sums, marks, tasks, first, last, desk.votes, desk.many)
        if judges or promises:
            put_in_order(tasks, first, last, desk.order)
        if judges:
            had |= fold_gates(sums, marks, tasks, desk.order, last - first, is_, truth, desk.state)
        if inspects:
            written = note_inspections(marks, tasks, first, last, segment, records, written)
        if promises and not is_ & IS_QUESTION:
            fold_promises(sums, marks, tasks, desk.order, last - first, ended, desk.begun)
        fold_item(sums, marks, items, i, segment, is_, had, ended)
        if not is_ & IS_QUESTION:
            fold_age(sums, marks, items, i, tasks, first, last, ended)
        if is_ & IS_DELIVERED:
            at = hour_after(items[i, DELIVERED_AT])
            if at < hours:
                sums.delivered[at] += 1
        fold_worked(sums, marks, tasks, first, last, items[i, DELIVERED_AT], items[i, DROPPED_AT])
        first = last
    return written


@inlined
def note_seen(rows: Ints, nulls: tuple[int, ...], columns: int, seen: Ints) -> None:
    """Notes the columns in which a row is not null."""
    for column in range(columns):
        if not seen[column]:
            for row in range(len(rows)):
                if rows[row, column] != nulls[column]:
                    seen[column] = 1
                    break
