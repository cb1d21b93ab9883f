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
    tasks = log.tasks
    enqueued, ready, started = (ints(tasks[name]) for name in ("enqueued_at", "ready_at", "started_at"))
    pool, stage = codes(tasks["pool"]), codes(tasks["stage"])
    machine = np.array([log.provenance.roles[name] in MACHINE for name in names(tasks["stage"])] + [False])
    placed = pool >= 0
    if machine.any():
        placed = placed | machine[stage]
    row = np.flatnonzero((enqueued != NULL) & (ready != NULL) & (started != NULL) & placed)
    if len(row) < len(tasks):
        enqueued, ready, started, pool, stage = (a[row] for a in (enqueued, ready, started, pool, stage))
    present = pools_present(log).covered(np.maximum(pool, 0).astype(np.int64), ready, started)
    if (pool < 0).any():
        present = np.where(pool >= 0, present, started - ready)
    consensus, handoff, batching = _before(log, row, ready - enqueued)
    off_shift = started - ready - present
    return Waits(row, stage.astype(np.int64), started - enqueued, consensus, handoff, batching, off_shift, present)


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


def wait_hours(log: Log) -> dict[str, float]:
    """Mean wait of started tasks by stage, and its parts; NaN where no task has started."""
    found = waits(log)
    hours: dict[str, float] = {}
    for code, stage in enumerate(names(log.tasks["stage"])):
        here = found.stage == code
        hours[f"wait_h.{stage}"] = _mean(found.total[here]) / 3_600_000
        for part in PARTS:
            hours[f"wait_h.{stage}.{part}"] = _mean(getattr(found, part)[here]) / 3_600_000
    return hours


def left_queue(log: Log, never: int) -> Ints:
    """When each task left its queue: when it started or was taken from it; `never` where it still waits."""
    started, finished = ints(log.tasks["started_at"]), ints(log.tasks["finished_at"])
    waits_on = started == NULL
    if not waits_on.any():
        return started
    return np.where(waits_on, np.where(finished == NULL, never, finished), started)


def queues(log: Log) -> dict[str, float]:
    """Mean number of tasks that were ready and not started, by stage, over the run from the origin to its end."""
    ended = log.provenance.ended_at
    stage, ready, left = codes(log.tasks["stage"]), ints(log.tasks["ready_at"]), left_queue(log, ended)
    inside = np.where(ready == NULL, 0, np.clip(left, 0, ended) - np.clip(ready, 0, ended))
    return {
        f"queue.{name}": int(inside[stage == code].sum()) / ended if ended > 0 else float("nan")
        for code, name in enumerate(names(log.tasks["stage"]))
    }


def _mean(milliseconds: Ints) -> float:
    return int(milliseconds.sum()) / len(milliseconds) if len(milliseconds) else float("nan")
