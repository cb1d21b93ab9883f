"""How long each task waited, in whole milliseconds, while nobody was there to take it; and when it left its queue."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .line import MACHINE
from .log import Log
from .spans import Spans, union
from .staff import takes_tasks
from .tables import NULL, Ints, codes, ints, names

PARTS = ("contention", "off_shift", "batching", "consensus", "handoff")
"""Parts of a wait, from enqueued_at to started_at; they sum to it exactly.

Up to ready_at: consensus, for the other labels of the item, all of it that is no hand-off where it is not recorded;
handoff, on the way between stages; batching, for others to be ready with. Then off_shift, the time in which no worker
of the task's pool was present; before the origin nobody is, and a machine always is. contention: the rest."""


def off_shift(log: Log) -> Ints:
    """Of each task's time from ready_at to started_at, that in which no worker of its pool was present; 0 where its
    wait is not known, and for a machine without a pool."""
    row, found = _known(log), np.zeros(len(log.tasks), np.int64)
    ready, started = (ints(log.tasks[name])[row] for name in ("ready_at", "started_at"))
    pool = codes(log.tasks["pool"])[row].astype(np.int64)
    present = pools_present(log).covered(np.maximum(pool, 0), ready, started)
    found[row] = np.where(pool >= 0, started - ready - present, 0)
    return found


def _known(log: Log) -> NDArray[np.intp]:
    """Rows of the tasks whose enqueued_at, ready_at, started_at and pool, unless a machine does them, are recorded."""
    tasks = log.tasks
    enqueued, ready, started = (ints(tasks[name]) for name in ("enqueued_at", "ready_at", "started_at"))
    pool, stage = codes(tasks["pool"]), codes(tasks["stage"])
    machine = np.array([log.provenance.roles[name] in MACHINE for name in names(tasks["stage"])] + [False])
    placed = (pool >= 0) | machine[stage]
    return np.flatnonzero((enqueued != NULL) & (ready != NULL) & (started != NULL) & placed)


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
