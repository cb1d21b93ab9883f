"""What each task waited for, in whole milliseconds, and how many waited at each stage."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .line import MACHINE
from .log import Log
from .spans import Spans, union
from .staff import takes_tasks
from .tables import NULL, Ints, codes, ints, names


@dataclass(frozen=True, eq=False)
class Waits:
    """The waits of tasks that have started, in the order of the log; int64 milliseconds, one entry a task.

    row: its row among the tasks.  stage: code of its stage.  total = consensus + handoff + batching + off_shift +
    contention, exactly.
    From enqueued_at to ready_at: consensus, for the other labels of the item; handoff, on the way between stages;
    batching, for others to be ready with. From ready_at to started_at: off_shift, the time in which no worker of the
    task's pool was present; before the origin nobody is, and a machine always is. contention: the rest.
    """

    row: NDArray[np.int64]
    stage: NDArray[np.int64]
    total: Ints
    consensus: Ints
    handoff: Ints
    batching: Ints
    off_shift: Ints
    contention: Ints


PARTS = ("contention", "off_shift", "batching", "consensus", "handoff")
"""Parts of a wait."""


def waits(log: Log) -> Waits:
    """The waits of tasks whose enqueued_at, ready_at, started_at and pool, unless a machine does them, are recorded.

    Where consensus_ms is not recorded, all of the wait before ready_at that is no hand-off is consensus.
    """
    row = _known(log)
    enqueued, ready, started = (ints(log.tasks[name])[row] for name in ("enqueued_at", "ready_at", "started_at"))
    off = off_shift(log, row)
    consensus, handoff, batching = _before(log, row, ready - enqueued)
    stage = codes(log.tasks["stage"])[row].astype(np.int64)
    return Waits(row, stage, started - enqueued, consensus, handoff, batching, off, started - ready - off)


def off_shift(log: Log, row: Ints | None = None) -> Ints:
    """Of the time from ready_at to started_at, that in which no worker of the task's pool was present; 0 for a machine
    without a pool. row: rows of tasks whose wait is known; None: of every task, 0 where it is not known."""
    if row is None:
        row, found = _known(log), np.zeros(len(log.tasks), np.int64)
        found[row] = off_shift(log, row)
        return found
    ready, started, pool = (
        ints(log.tasks["ready_at"])[row],
        ints(log.tasks["started_at"])[row],
        codes(log.tasks["pool"]),
    )
    pool = pool[row].astype(np.int64)
    present = pools_present(log).covered(np.maximum(pool, 0), ready, started)
    return np.where(pool >= 0, started - ready - present, 0)


def _known(log: Log) -> NDArray[np.intp]:
    """Rows of the tasks whose waits are known."""
    tasks = log.tasks
    enqueued, ready, started = (ints(tasks[name]) for name in ("enqueued_at", "ready_at", "started_at"))
    pool, stage = codes(tasks["pool"]), codes(tasks["stage"])
    machine = np.array([log.provenance.roles[name] in MACHINE for name in names(tasks["stage"])] + [False])
    placed = (pool >= 0) | machine[stage]
    return np.flatnonzero((enqueued != NULL) & (ready != NULL) & (started != NULL) & placed)


def _before(log: Log, row: Ints, gap: Ints) -> tuple[Ints, Ints, Ints]:
    """Consensus, hand-off and batching of the wait before a task was ready; none negative where the laws hold."""
    nothing = np.zeros(len(gap), np.int64)
    handoff, batching = nothing, nothing
    if bool(log.tasks["handoff_ms"].notna().any()):
        handoff = ints(log.tasks["handoff_ms"])[row]
        handoff = np.where(handoff == NULL, 0, handoff)
    if not bool(log.tasks["consensus_ms"].notna().any()):
        return gap - handoff, handoff, batching
    consensus = ints(log.tasks["consensus_ms"])[row]
    consensus = np.where(consensus == NULL, gap - handoff, consensus)
    return consensus, handoff, gap - handoff - consensus


def pools_present(log: Log) -> Spans:
    """When at least one worker of each pool was there to take tasks; groups are codes of the pool."""
    presence, there = log.presence, takes_tasks(log)
    pool = codes(presence["pool"]).astype(np.int64)
    return union(pool[there], ints(presence["from"])[there], ints(presence["to"])[there])


def left_queue(log: Log, never: int) -> Ints:
    """When each task left its queue: when it started or was taken from it; `never` where it still waits."""
    started, finished = ints(log.tasks["started_at"]), ints(log.tasks["finished_at"])
    waits_on = started == NULL
    if not waits_on.any():
        return started
    return np.where(waits_on, np.where(finished == NULL, never, finished), started)
