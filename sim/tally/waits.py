"""What a task waited for, and its time in the queue."""

from __future__ import annotations

from ..tables import NULL
from . import sums as n
from .bins import bin_of
from .columns import (
    CONSENSUS_MS,
    ENQUEUED_AT,
    FINISHED_AT,
    HANDOFF_MS,
    OFF_SHIFT_MS,
    POOL,
    READY_AT,
    STAGE,
    STARTED_AT,
)
from .inlined import inlined
from .shape import BY_MACHINE, Ints, Marks
from .sums import Sums

HOUR_MS = 3_600_000
STARVED_MS = 7 * 24 * HOUR_MS
"""A task that waits longer is counted as starved."""


@inlined
def fold_wait(sums: Sums, marks: Marks, tasks: Ints, t: int, segment: int, delivered: bool) -> None:
    """Adds the wait of a task that started and its parts, if all that they need is recorded; see sim/waits.py."""
    enqueued, ready, started = tasks[t, ENQUEUED_AT], tasks[t, READY_AT], tasks[t, STARTED_AT]
    stage = tasks[t, STAGE]
    if enqueued == NULL or ready == NULL or started == NULL:
        return
    if tasks[t, POOL] < 0 and not marks.stage[stage] & BY_MACHINE:
        return
    gap, handoff, consensus = ready - enqueued, tasks[t, HANDOFF_MS], tasks[t, CONSENSUS_MS]
    if handoff == NULL:
        handoff = 0
    if consensus == NULL:
        consensus = gap - handoff
    row = sums.by_stage[stage]
    row[n.STARTED] += 1
    row[n.TOTAL_MS] += started - enqueued
    row[n.CONTENTION_MS] += started - ready - tasks[t, OFF_SHIFT_MS]
    row[n.OFF_SHIFT_MS] += tasks[t, OFF_SHIFT_MS]
    row[n.BATCHING_MS] += gap - handoff - consensus
    row[n.CONSENSUS_MS] += consensus
    row[n.HANDOFF_MS] += handoff
    sums.waits[stage, bin_of(started - enqueued)] += 1
    mine = sums.by_segment[segment]
    mine[n.WAITS] += 1
    mine[n.WAIT_MS] += started - enqueued
    if delivered:
        mine[n.SYNC_MS] += consensus


@inlined
def fold_queue(sums: Sums, tasks: Ints, t: int, due: int, ended: int) -> None:
    """Adds a task's time in its queue, from the origin to the end of the run, to its stage, and to the curves."""
    ready, left = tasks[t, READY_AT], tasks[t, STARTED_AT]
    if ready == NULL:
        return
    if left == NULL:
        left = tasks[t, FINISHED_AT]
    stage, last = tasks[t, STAGE], sums.queue.shape[1] - 1
    at = hour_after(ready)
    if at <= last:
        sums.queue[stage, at] += 1
    if left == NULL:
        left = ended
    else:
        at = hour_after(left)
        if at <= last:
            sums.queue[stage, at] -= 1
    if left <= ready:
        return
    row = sums.by_stage[stage]
    row[n.QUEUE_MS] += min(max(left, 0), ended) - min(max(ready, 0), ended)
    if left - ready > STARVED_MS or (due != NULL and ready <= due < left):
        row[n.STARVED] += 1


@inlined
def hour_after(at: int) -> int:
    """The first whole hour, from 0, at or after a moment."""
    return (at + (HOUR_MS - 1)) // HOUR_MS if at > 0 else 0
