"""How the people of each pool spent the run: busy, idle and off shift, in whole milliseconds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .log import Log
from .spans import Spans, union
from .tables import NULL, Ints, codes, ints, names

ON_SHIFT = ("working", "session", "overtime")
"""Kinds of presence in which a worker takes tasks: time on shift."""

PAID_APART = ("training", "absent_paid")
"""Kinds of presence that an hourly contract pays, although no task is taken."""


@dataclass(frozen=True, eq=False)
class People:
    """The workers that a log names, numbered 0, 1, .. by pool and then by their number in it.

    of_task, of_presence: the worker of each row, -1 for null.  pool: code of each worker's pool.
    """

    of_task: Ints
    of_presence: Ints
    pool: Ints


@dataclass(frozen=True)
class Time:
    """Milliseconds of a pool's people within the run. on_shift = busy + idle; headcount x run = on_shift + off."""

    headcount: int
    on_shift: int
    busy: int
    idle: int
    off: int


def people(log: Log) -> People:
    """The workers of a log's tasks and presence."""
    pool = np.concatenate([codes(log.tasks["pool"]), codes(log.presence["pool"])]).astype(np.int64)
    worker = np.concatenate([ints(log.tasks["worker"]), ints(log.presence["worker"])])
    known = (worker != NULL) & (pool >= 0)
    number = np.full(len(pool), -1, np.int64)
    least, most = (int(worker[known].min()), int(worker[known].max())) if known.any() else (0, 0)
    span = most - least + 1
    keys, dense = np.unique(pool[known] * span + (worker[known] - least), return_inverse=True)
    number[known] = dense
    return People(number[: len(log.tasks)], number[len(log.tasks) :], keys // span)


def takes_tasks(log: Log) -> NDArray[np.bool_]:
    """Which rows of presence are time in which the worker takes tasks."""
    kinds = np.array([name in ON_SHIFT for name in names(log.presence["kind"])] + [False])
    return np.asarray(kinds[codes(log.presence["kind"])])


def shifts(log: Log, who: People) -> Spans:
    """When each worker was there to take tasks; groups are numbers of `who`."""
    there = takes_tasks(log) & (who.of_presence >= 0)
    start, end = ints(log.presence["from"]), ints(log.presence["to"])
    return union(who.of_presence[there], start[there], end[there])


def staff_time(log: Log) -> dict[str, Time]:
    """How each pool's people spent [0, ended_at).

    A worker is busy from the start to the finish of a task, as far as that lies on shift; a task in progress counts to
    the end of the run. headcount: workers of the pool that presence names at any time.
    """
    ended = log.provenance.ended_at
    who = people(log)
    on_shift = shifts(log, who)
    workers = len(who.pool)
    everyone = np.arange(workers)
    there = on_shift.covered(everyone, np.zeros(workers, np.int64), np.full(workers, ended))

    started, finished = ints(log.tasks["started_at"]), ints(log.tasks["finished_at"])
    at_work = (started != NULL) & (who.of_task >= 0)
    until = np.where(finished == NULL, ended, finished)
    # The union, because in a recorded log tasks of one worker may overlap, and nobody is busy twice.
    held = union(who.of_task[at_work], np.clip(started[at_work], 0, ended), np.clip(until[at_work], 0, ended))
    group, start, end = held.apart()
    busy = np.zeros(workers, np.int64)
    np.add.at(busy, group, on_shift.covered(group, start, end))

    named = np.zeros(workers, np.bool_)
    named[who.of_presence[who.of_presence >= 0]] = True
    times = {}
    for code, pool in enumerate(names(log.presence["pool"])):
        members = named & (who.pool == code)
        count, on, work = int(members.sum()), int(there[members].sum()), int(busy[members].sum())
        times[pool] = Time(count, on, work, on - work, count * ended - on)
    return times
