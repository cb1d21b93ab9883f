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
    """Milliseconds of a pool's people within the run. paid = busy + idle + training + absent (with pay);
    headcount x run = paid + off."""

    headcount: int
    busy: int
    idle: int
    training: int
    absent: int
    off: int

    @property
    def on_shift(self) -> int:
        """Time in which they took tasks."""
        return self.busy + self.idle

    @property
    def paid(self) -> int:
        """Time that an hourly contract pays."""
        return self.on_shift + self.training + self.absent


def people(log: Log) -> People:
    """The workers of a log's tasks and presence."""
    pool = np.concatenate([codes(log.tasks["pool"]), codes(log.presence["pool"])]).astype(np.int64)
    worker = np.concatenate([ints(log.tasks["worker"]), ints(log.presence["worker"])])
    known = (worker != NULL) & (pool >= 0)
    number = np.full(len(pool), -1, np.int64)
    least, most = (int(worker[known].min()), int(worker[known].max())) if known.any() else (0, 0)
    span = most - least + 1
    key = pool[known] * span + (worker[known] - least)
    keys = int(key.max(initial=-1)) + 1
    if keys <= 4 * len(pool):  # few enough to be counted without sorting
        seen = np.zeros(keys, np.bool_)
        seen[key] = True
        found = np.flatnonzero(seen)
        number[known] = (np.cumsum(seen) - 1)[key]
    else:
        found, dense = np.unique(key, return_inverse=True)
        number[known] = dense
    return People(number[: len(log.tasks)], number[len(log.tasks) :], found // span)


def takes_tasks(log: Log) -> NDArray[np.bool_]:
    """Which rows of presence are time in which the worker takes tasks."""
    return of_kind(log, *ON_SHIFT)


def of_kind(log: Log, *kinds: str) -> NDArray[np.bool_]:
    """Which rows of presence are of these kinds."""
    named = np.array([name in kinds for name in names(log.presence["kind"])] + [False])
    return np.asarray(named[codes(log.presence["kind"])])


def shifts(log: Log, who: People, kinds: tuple[str, ...] = ON_SHIFT) -> Spans:
    """When each worker was there to take tasks, or present in these kinds; groups are numbers of `who`."""
    there = of_kind(log, *kinds) & (who.of_presence >= 0)
    start, end = ints(log.presence["from"]), ints(log.presence["to"])
    return union(who.of_presence[there], start[there], end[there])


def at_tasks(log: Log, who: People) -> Spans:
    """When, in the run, each worker had a task, on shift or off; a task in progress counts to the end of the run.

    The union, because in a recorded log tasks of one worker may overlap, and nobody is busy twice.
    """
    ended = log.provenance.ended_at
    started, finished = ints(log.tasks["started_at"]), ints(log.tasks["finished_at"])
    rows = np.flatnonzero((started != NULL) & (who.of_task >= 0))
    until = np.where(finished == NULL, ended, finished)
    return union(who.of_task[rows], np.clip(started[rows], 0, ended), np.clip(until[rows], 0, ended))


def staff_time(log: Log, who: People | None = None) -> dict[str, Time]:
    """How each pool's people spent [0, ended_at). who: of people(log), if it is known already.

    A worker is busy from the start to the finish of a task, as far as that lies on shift; a task in progress counts to
    the end of the run. headcount: workers of the pool that presence names at any time.
    """
    ended = log.provenance.ended_at
    who = people(log) if who is None else who
    workers = len(who.pool)
    on_shift = shifts(log, who)
    # Kinds that overlap in a recorded log count once: on shift before training, training before absence.
    kinds = (ON_SHIFT, (*ON_SHIFT, "training"), (*ON_SHIFT, *PAID_APART))
    there, trained, paid = (_within(shifts(log, who, some), workers, ended) for some in kinds)

    group, start, end = at_tasks(log, who).apart()
    busy = np.zeros(workers, np.int64)
    np.add.at(busy, group, on_shift.covered(group, start, end))

    named = np.zeros(workers, np.bool_)
    named[who.of_presence[who.of_presence >= 0]] = True
    times = {}
    for code, pool in enumerate(names(log.presence["pool"])):
        members = named & (who.pool == code)
        count = int(members.sum())
        on, on_or_trained, all_paid, work = (int(part[members].sum()) for part in (there, trained, paid, busy))
        times[pool] = Time(
            headcount=count,
            busy=work,
            idle=on - work,
            training=on_or_trained - on,
            absent=all_paid - on_or_trained,
            off=count * ended - all_paid,
        )
    return times


def _within(spans: Spans, workers: int, ended: int) -> Ints:
    """Milliseconds of the run that lie in each worker's spans."""
    return spans.covered(np.arange(workers), np.zeros(workers, np.int64), np.full(workers, ended))
