"""Rows of items that are over, for the fold of a stream: the log's columns and what only the run can tell."""

from __future__ import annotations

from ..compiling import inner
from ..tables import NULL
from ..tally import columns
from .memory import NONE, Row, append, put_int
from .world import ITEMS_OVER, TASKS_OVER, array, item, task, worker

ROWS = 4096
"""So many rows of tasks, or items, are folded together."""


@inner
def full(w: Row) -> bool:
    """Whether there are enough rows to be folded."""
    return array(w, TASKS_OVER).size >= ROWS or array(w, ITEMS_OVER).size >= ROWS


@inner
def write_item(w: Row, i: int) -> int:
    """The row of an item; the address at which the number of its tasks is to be put."""
    one, at = item(w, i), append(array(w, ITEMS_OVER))
    put_int(at, columns.ITEM, one.number)
    put_int(at, columns.SEGMENT, one.segment)
    put_int(at, columns.ARRIVED_AT, one.arrived)
    put_int(at, columns.DUE_AT, one.due)
    put_int(at, columns.DELIVERED_AT, one.delivered)
    put_int(at, columns.FINAL_LABEL, NONE if one.delivered == NULL else one.label)
    put_int(at, columns.TRUTH, one.truth)
    put_int(at, columns.GOLD, 1 if one.gold != 0 else NONE)
    put_int(at, columns.DUPLICATE_OF, NULL if one.original < 0 else one.original)
    put_int(at, columns.LOT, one.lot)
    put_int(at, columns.OBJECTS, one.objects if w.objects != 0 else NULL)
    put_int(at, columns.DROPPED_AT, one.dropped)
    put_int(at, columns.DROPPED_AS, one.dropped_as)
    put_int(at, columns.REFUSED_LOT, one.refused_lot)
    put_int(at, columns.REFUSED_AT, one.refused_at)
    return at + 8 * columns.TASKS


@inner
def write_task(w: Row, t: int) -> None:
    """The row of a task."""
    one, at = task(w, t), append(array(w, TASKS_OVER))
    done = one.finished != NULL
    put_int(at, columns.OF_ITEM, item(w, one.item).number)
    put_int(at, columns.STAGE, one.stage)
    put_int(at, columns.ROUND, one.round)
    put_int(at, columns.REPLICA, one.replica)
    put_int(at, columns.POOL, one.pool)
    put_int(at, columns.WORKER, NULL if one.worker == NONE else worker(w, one.worker).number)
    put_int(at, columns.ENQUEUED_AT, one.enqueued)
    put_int(at, columns.READY_AT, one.ready)
    put_int(at, columns.CONSENSUS_MS, one.consensus)
    put_int(at, columns.HANDOFF_MS, one.handoff)
    put_int(at, columns.STARTED_AT, one.started)
    put_int(at, columns.FINISHED_AT, one.finished)
    put_int(at, columns.ACTIVE_MS, one.active if done else NULL)
    put_int(at, columns.BATCH, one.batch)
    put_int(at, columns.SUGGESTION, one.suggestion)
    put_int(at, columns.LABEL, one.label if done else NONE)
    put_int(at, columns.OUTCOME, one.outcome)
    put_int(at, columns.TIER, one.tier)
    put_int(at, columns.ROLLBACKS, one.rollbacks)
    put_int(at, columns.CHECK_MS, one.check if done else NULL)
    put_int(at, columns.CAUGHT, one.caught if done else NULL)
    put_int(at, columns.OFF_SHIFT_MS, one.absent)
    put_int(at, columns.PAID_NUMBER, one.paid)
