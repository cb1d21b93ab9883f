"""What each task waited for, in whole milliseconds, and how many waited at each stage."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .log import Log
from .spans import Spans, union
from .staff import takes_tasks
from .tables import NULL, Ints, codes, ints, names


@dataclass(frozen=True, eq=False)
class Waits:
    """The waits of tasks that have started, in the order of the log; int64 milliseconds, one entry a task.

    stage: code of its stage.  total = consensus + off_shift + contention, exactly.
    consensus: from enqueued_at to ready_at, for the other replicas of the item.  off_shift: the time from ready_at to
    started_at in which no worker of the task's pool was present; before the origin nobody is.  contention: the rest.
    """

    stage: NDArray[np.int64]
    total: Ints
    consensus: Ints
    off_shift: Ints
    contention: Ints


def waits(log: Log) -> Waits:
    """The waits of tasks whose enqueued_at, ready_at, started_at and pool are recorded."""
    tasks = log.tasks
    enqueued, ready, started = (ints(tasks[name]) for name in ("enqueued_at", "ready_at", "started_at"))
    pool, stage = codes(tasks["pool"]).astype(np.int64), codes(tasks["stage"]).astype(np.int64)
    known = (enqueued != NULL) & (ready != NULL) & (started != NULL) & (pool >= 0)
    enqueued, ready, started, pool, stage = (a[known] for a in (enqueued, ready, started, pool, stage))
    present = pools_present(log).covered(pool, ready, started)
    return Waits(stage, started - enqueued, ready - enqueued, started - ready - present, present)


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
        for suffix, part in (
            ("", found.total),
            (".contention", found.contention),
            (".off_shift", found.off_shift),
            (".consensus", found.consensus),
        ):
            hours[f"wait_h.{stage}{suffix}"] = _mean(part[here]) / 3_600_000
    return hours


def queues(log: Log) -> dict[str, float]:
    """Mean number of tasks that were ready and not started, by stage, over the run from the origin to its end."""
    ended = log.provenance.ended_at
    stage, ready, started = codes(log.tasks["stage"]), ints(log.tasks["ready_at"]), ints(log.tasks["started_at"])
    left = np.where(started == NULL, ended, started)
    inside = np.where(ready == NULL, 0, np.clip(left, 0, ended) - np.clip(ready, 0, ended))
    return {
        f"queue.{name}": int(inside[stage == code].sum()) / ended if ended > 0 else float("nan")
        for code, name in enumerate(names(log.tasks["stage"]))
    }


def _mean(milliseconds: Ints) -> float:
    return int(milliseconds.sum()) / len(milliseconds) if len(milliseconds) else float("nan")
