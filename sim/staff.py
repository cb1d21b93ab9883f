"""How the people of each pool spent the run: busy, idle and off shift, in whole milliseconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .employment import stays
from .log import ATTEMPTS, PRESENCE, Log
from .paid import ON_SHIFT, Paid, Present, Work, busy_table, paid_tables
from .spans import Spans, union
from .tables import NULL, Ints, codes, ints, names

WEEK_MS = 7 * 24 * 3_600_000


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


@dataclass(frozen=True, eq=False)
class Staff:
    """What the people of a run did.

    times: by pool; headcount: workers of it that presence names at any time.  crowds: codes of the pools whose people
    come in sessions.  done: int64[worker], tasks finished with a result.  pool_of: int64[worker], code of the pool.
    spent, many: int64[pool, week], active milliseconds and number of labels in each week of their worker's work, which
    begins with the start of the first of these labels; there may be weeks too many.  hires, leavers: int64[pool],
    people who came later than the start, who left before the end, see employment.py.
    """

    times: dict[str, Time]
    crowds: frozenset[int]
    done: Ints
    pool_of: Ints
    spent: Ints
    many: Ints
    hires: Ints
    leavers: Ints


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
    named = np.array([name in ON_SHIFT for name in names(log.presence["kind"])] + [False])
    return np.asarray(named[codes(log.presence["kind"])])


def shifts(log: Log, who: People) -> Spans:
    """When each worker was there to take tasks; groups are numbers of `who`."""
    there = takes_tasks(log) & (who.of_presence >= 0)
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


def presence_of(log: Log, who: People) -> Present:
    """The presence of a log as plain columns."""
    known = [PRESENCE.index(name) if name in PRESENCE else -1 for name in names(log.presence["kind"])]
    kind = np.array([*known, -1], np.int64)[codes(log.presence["kind"])]
    # Copies, because a frame's own column is not to be written to, which to Numba is another type: compiled twice.
    start, end = (np.array(ints(log.presence[name])) for name in ("from", "to"))
    return Present(who.of_presence, start, end, kind)


def work_of(log: Log, who: People, line: Ints) -> Work:
    """When people had tasks, on shift or off; a task in progress counts to the end of the run. line: of each task."""
    started, finished = ints(log.tasks["started_at"]), ints(log.tasks["finished_at"])
    rows = np.flatnonzero((started != NULL) & (who.of_task >= 0))
    until = np.where(finished == NULL, log.provenance.ended_at, finished)
    return Work(who.of_task[rows], started[rows], until[rows], line[rows])


def staff_of_log(log: Log) -> Staff:
    """What the people of a log did.

    A worker is busy from the start to the finish of a task, as far as that lies on shift; a task in progress counts to
    the end of the run, and nobody is busy twice.
    """
    who, pools = people(log), names(log.presence["pool"])
    run = np.array([0, log.provenance.ended_at], np.int64)
    there, took = presence_of(log, who), work_of(log, who, np.zeros(len(log.tasks), np.int64))
    busy = busy_table(took, there, who.pool, len(pools), 1, run, log.provenance.ended_at)
    attempt = np.array([name in ATTEMPTS for name in names(log.tasks["outcome"])] + [False])
    result = (ints(log.tasks["finished_at"]) != NULL) & ~attempt[codes(log.tasks["outcome"])] & (who.of_task >= 0)
    done = np.bincount(who.of_task[result], minlength=len(who.pool))
    spent, many = _weeks(log, who, result, len(pools))
    return staff_of_tables(*there, who.pool, busy.sum(axis=(1, 2)), done, spent, many, log.provenance.ended_at, pools)


def staff_of_tables(
    worker: Ints,
    start: Ints,
    end: Ints,
    kind: Ints,
    pool_of_worker: Ints,
    busy_ms_by_pool: Ints,
    done: Ints,
    spent: Ints,
    many: Ints,
    ended: int,
    pools: Sequence[str],
) -> Staff:
    """What people did, from their presence (rows as of paid.Present) and what was counted beside it; see Staff."""
    run = np.array([0, ended], np.int64)
    paid = paid_tables(worker, start, end, kind, pool_of_worker, len(pools), run, ended)
    named = np.zeros(len(pool_of_worker), np.bool_)
    named[worker[worker >= 0]] = True
    headcount = np.bincount(pool_of_worker[named], minlength=len(pools))
    busy = busy_ms_by_pool.tolist()
    times = {pool: _time(paid, code, int(headcount[code]), busy[code], ended) for code, pool in enumerate(pools)}
    session = (kind == PRESENCE.index("session")) & (worker >= 0)
    crowds = frozenset(np.unique(pool_of_worker[worker[session]]).tolist())
    here = stays(Present(worker, start, end, kind), len(pool_of_worker), ended)
    hires, leavers = (
        np.bincount(pool_of_worker[here.worker[which]], minlength=len(pools)) for which in (here.hired, here.left)
    )
    return Staff(times, crowds, done, pool_of_worker, spent, many, hires, leavers)


def _time(paid: Paid, code: int, headcount: int, busy: int, ended: int) -> Time:
    _, on_shift, or_training, or_absent = (int(table[code].sum()) for table in paid)
    return Time(
        headcount=headcount,
        busy=busy,
        idle=on_shift - busy,
        training=or_training - on_shift,
        absent=or_absent - or_training,
        off=headcount * ended - or_absent,
    )


def _weeks(log: Log, who: People, result: NDArray[np.bool_], pools: int) -> tuple[Ints, Ints]:
    """Active time and number of labels, by pool and week of their worker's work."""
    labels = np.array([log.provenance.roles[stage] == "annotate" for stage in names(log.tasks["stage"])] + [False])
    started, active = ints(log.tasks["started_at"]), ints(log.tasks["active_ms"])
    rows = np.flatnonzero(result & labels[codes(log.tasks["stage"])] & (started != NULL) & (active != NULL))
    worker, at = who.of_task[rows], started[rows]
    first = np.full(len(who.pool), 2**62)
    np.minimum.at(first, worker, at)
    week = (at - first[worker]) // WEEK_MS
    weeks = int(week.max(initial=-1)) + 1
    key, size = who.pool[worker] * weeks + week, pools * weeks
    spent = np.zeros(size, np.int64)
    np.add.at(spent, key, active[rows])
    many = np.bincount(key, minlength=size)
    return spent.reshape(pools, weeks), many.reshape(pools, weeks)
