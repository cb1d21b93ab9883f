"""What is over: tasks close, items retire, and their rows are written. So memory grows with what is under way.

A retired item's place may be taken by another in the next tick. What may still point to one of its tasks is an event
that no longer holds; every event that can outlive its task therefore names the task's number too.
"""

from __future__ import annotations

from ..compiling import inner
from ..tables import NULL
from . import chunks
from .chains import dropped
from .eligible import stale
from .memory import NONE, Row, append, give, int_at, push, put_int, rows, take
from .world import (
    ITEM_ROWS,
    ITEMS,
    OVER,
    RETIRING,
    SPELL,
    TASK_ROWS,
    TASKS,
    array,
    item,
    task,
    vector,
    worker,
)

spell_row = rows(SPELL)


@inner
def close(w: Row, t: int) -> None:
    """Nothing further happens to a task."""
    one = task(w, t)
    one.closed = 1
    thing = item(w, one.item)
    thing.open -= 1
    if thing.open == 0 and thing.settled != 0:
        _may_retire(w, one.item)


@inner
def settle(w: Row, i: int) -> None:
    """An item has been delivered or dropped."""
    one = item(w, i)
    one.settled = 1
    if one.open == 0:
        _may_retire(w, i)


@inner
def _may_retire(w: Row, i: int) -> None:
    if w.relabels == 0:  # or it may come back
        push(array(w, RETIRING), i)


@inner
def retire_all(w: Row) -> None:
    """Writes the rows of what is over, and frees its memory; only where nothing of a tick is left to do."""
    retiring = array(w, RETIRING)
    for n in range(retiring.size):
        retire(w, int_at(retiring.start, n))
    retiring.size = 0


@inner
def retire(w: Row, i: int) -> None:
    """Writes the rows of an item, and frees its memory."""
    write(w, i)
    _free(w, i)


@inner
def write(w: Row, i: int) -> None:
    """Writes the rows of an item and its tasks."""
    one = item(w, i)
    many_at = 0
    if w.streams != 0:
        many_at = chunks.write_item(w, i)
    else:
        _write_item(w, i)
    t, many = one.tasks, 0
    while t != NONE:
        work = task(w, t)
        unseen = work.void != 0 or (work.started == NULL and work.finished == NULL and stale(w, t))
        if not unseen:
            many += 1
            if w.streams != 0:
                chunks.write_task(w, t)
            else:
                _write_task(w, t)
            if work.over != 0:
                row = spell_row(append(array(w, OVER)), 0)
                row.worker, row.start, row.end = work.worker, work.started, work.finished
        t = work.sibling
    if w.streams != 0:
        put_int(many_at, 0, many)


@inner
def _free(w: Row, i: int) -> None:
    one = item(w, i)
    t = one.tasks
    while t != NONE:
        work = task(w, t)
        following = work.sibling
        dropped(w, work.more)
        work.number = NONE
        give(vector(w, TASKS), t)
        t = following
    dropped(w, one.votes)
    dropped(w, one.labellers)
    dropped(w, one.authors)
    dropped(w, one.judges)
    dropped(w, one.skippers)
    dropped(w, one.been)
    dropped(w, one.patient)
    one.alive = 0
    give(vector(w, ITEMS), i)


@inner
def _write_item(w: Row, i: int) -> None:
    one, table = item(w, i), vector(w, ITEM_ROWS)
    wide, at = table.room, table.start + 8 * take(table)
    put_int(at, 0 * wide, one.number)
    put_int(at, 1 * wide, one.segment)
    put_int(at, 2 * wide, one.arrived)
    put_int(at, 3 * wide, one.due)
    put_int(at, 4 * wide, one.delivered)
    put_int(at, 5 * wide, NONE if one.delivered == NULL else one.label)
    put_int(at, 6 * wide, one.truth)
    put_int(at, 7 * wide, 1 if one.gold != 0 else NONE)
    put_int(at, 8 * wide, NULL if one.original < 0 else one.original)
    put_int(at, 9 * wide, one.lot)
    put_int(at, 10 * wide, one.objects)
    put_int(at, 11 * wide, one.dropped)
    put_int(at, 12 * wide, one.dropped_as)
    put_int(at, 13 * wide, one.refused_lot)
    put_int(at, 14 * wide, one.refused_at)


@inner
def _write_task(w: Row, t: int) -> None:
    one, table = task(w, t), vector(w, TASK_ROWS)
    wide, at = table.room, table.start + 8 * take(table)
    done = one.finished != NULL
    put_int(at, 0 * wide, item(w, one.item).number)
    put_int(at, 1 * wide, one.stage)
    put_int(at, 2 * wide, one.round)
    put_int(at, 3 * wide, one.replica)
    put_int(at, 4 * wide, one.pool)
    put_int(at, 5 * wide, NULL if one.worker == NONE else worker(w, one.worker).number)
    put_int(at, 6 * wide, one.enqueued)
    put_int(at, 7 * wide, one.ready)
    put_int(at, 8 * wide, one.consensus)
    put_int(at, 9 * wide, one.handoff)
    put_int(at, 10 * wide, one.started)
    put_int(at, 11 * wide, one.finished)
    put_int(at, 12 * wide, one.active if done else NULL)
    put_int(at, 13 * wide, one.batch)
    put_int(at, 14 * wide, one.suggestion)
    put_int(at, 15 * wide, one.label if done else NONE)
    put_int(at, 16 * wide, one.outcome)
    put_int(at, 17 * wide, one.tier)
    put_int(at, 18 * wide, one.rollbacks)
    put_int(at, 19 * wide, one.check if done else NULL)
    put_int(at, 20 * wide, one.caught if done else NULL)
