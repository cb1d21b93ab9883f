"""What people were paid for and what tasks took of it, in whole milliseconds by stretch of time.

Stretches are given by their edges, rising, in milliseconds from the origin: month by month, or one from the start to
the end of a run. Nothing counts before the first edge, after the last, or after the end of the run.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .jit import jit
from .log import PRESENCE
from .tables import Ints

ON_SHIFT = ("working", "session", "overtime")
"""Kinds of presence in which a worker takes tasks: time on shift."""

PAID_APART = ("training", "absent_paid")
"""Kinds of presence that an hourly contract pays, although no task is taken."""

_NEVER = -(2**62)

OVERTIME = "overtime"

_NESTED = (tuple(kind for kind in ON_SHIFT if kind != OVERTIME), (OVERTIME,), *((kind,) for kind in PAID_APART))
_LEVELS = np.array(
    [next((n for n, kinds in enumerate(_NESTED) if kind in kinds), len(_NESTED)) for kind in PRESENCE], np.int64
)
"""Of each kind of presence: from which of the nested totals of `Paid` on it counts; the last: in none."""


class Paid(NamedTuple):
    """int64[pool, stretch] milliseconds: on shift but not in overtime, then also in overtime, then also in training,
    then also absent with pay. Nested, so that where recorded presence overlaps no time is paid twice."""

    planned: Ints
    on_shift: Ints
    or_training: Ints
    or_absent: Ints


class Work(NamedTuple):
    """Stretches of work, one row each: who, from when until when, and on which line of the account."""

    worker: Ints
    start: Ints
    end: Ints
    line: Ints


class Present(NamedTuple):
    """Presence, one row each. worker: number, -1 for nobody known.  kind: code in log.PRESENCE, -1 for unknown."""

    worker: Ints
    start: Ints
    end: Ints
    kind: Ints


def paid_tables(
    worker: Ints, start: Ints, end: Ints, kind: Ints, pool_of: Ints, pools: int, edges: Ints, ended: int
) -> Paid:
    """What presence pays. Rows as of Present, in any order.  pool_of: pool of each worker.  pools: how many."""
    order = in_turn(worker, start, len(pool_of))
    tables = [
        _paid(order, worker, start, end, kind, _LEVELS, n, pool_of, pools, edges, ended)
        for n in range(len(Paid._fields))
    ]
    return Paid(*tables)


def busy_table(work: Work, present: Present, pool_of: Ints, pools: int, lines: int, edges: Ints, ended: int) -> Ints:
    """Milliseconds on shift that tasks took: int64[pool, stretch, line]. Where tasks of one worker overlap, the one
    started first has the time, of two that started together the earlier row; rows without a worker count nothing."""
    turns = in_turn(present.worker, present.start, len(pool_of))
    shifts = _shifts(turns, *present, _LEVELS, len(pool_of))
    return _busy(in_turn(work.worker, work.start, len(pool_of)), *work, *shifts, pool_of, pools, lines, edges, ended)


def in_turn(worker: Ints, start: Ints, workers: int) -> Ints:
    """The rows that have a worker, by worker and start; ties in the order given."""
    order, sorted_ = _by_worker(worker, start, workers)
    # Sorted by NumPy, because a sort takes longer to compile than all else here; rows of a run hardly ever need it.
    return order if sorted_ else order[np.lexsort((start[order], worker[order]))]


@jit
def _by_worker(worker: Ints, start: Ints, workers: int) -> tuple[Ints, bool]:
    """The rows that have a worker, by worker, then in the order given; and whether each one's starts rise."""
    place = np.zeros(workers + 1, np.int64)
    latest = np.full(workers, _NEVER)
    sorted_ = True
    for row in range(worker.size):
        who = worker[row]
        if who >= 0:
            place[who + 1] += 1
            sorted_ = sorted_ and start[row] >= latest[who]
            latest[who] = start[row]
    for who in range(workers):
        place[who + 1] += place[who]
    order = np.empty(place[workers], np.int64)
    for row in range(worker.size):
        who = worker[row]
        if who >= 0:
            order[place[who]] = row
            place[who] += 1
    return order, sorted_


@jit
def add_time(sums: Ints, begin: int, stop: int, edges: Ints) -> None:
    """Adds [begin, stop) to the sums of the stretches that it lies in, as far as it lies in any."""
    at = max(begin, edges[0])
    stretch = max(np.searchsorted(edges, at, side="right") - 1, 0)
    while at < stop and stretch + 1 < edges.size:
        until = min(stop, edges[stretch + 1])
        sums[stretch] += until - at
        at = until
        stretch += 1


@jit
def _paid(
    order: Ints,
    worker: Ints,
    start: Ints,
    end: Ints,
    kind: Ints,
    levels: Ints,
    level: int,
    pool_of: Ints,
    pools: int,
    edges: Ints,
    ended: int,
) -> Ints:
    """One of the nested totals: of kinds up to this level, what each worker's rows cover together."""
    sums = np.zeros((pools, edges.size - 1), np.int64)
    who, reach = -1, _NEVER
    for row in order:
        if kind[row] < 0 or levels[kind[row]] > level:
            continue
        if worker[row] != who:
            who, reach = worker[row], _NEVER
        begin, stop = max(start[row], reach), min(end[row], ended)
        if stop > begin:
            add_time(sums[pool_of[who]], begin, stop, edges)
            reach = stop
    return sums


@jit
def _shifts(
    order: Ints, worker: Ints, start: Ints, end: Ints, kind: Ints, levels: Ints, workers: int
) -> tuple[Ints, Ints, Ints]:
    """When each worker was on shift: where the spans of worker w begin, first[w] to first[w + 1], starts and ends."""
    first = np.zeros(workers + 1, np.int64)
    starts, ends = np.empty(order.size, np.int64), np.empty(order.size, np.int64)
    count, who = 0, -1
    for row in order:
        if kind[row] < 0 or levels[kind[row]] > 1 or start[row] >= end[row]:
            continue
        if worker[row] != who:
            first[who + 1 : worker[row] + 1] = count
            who = worker[row]
        elif start[row] <= ends[count - 1]:
            ends[count - 1] = max(ends[count - 1], end[row])
            continue
        starts[count], ends[count] = start[row], end[row]
        count += 1
    first[who + 1 :] = count
    return first, starts[:count], ends[:count]


@jit
def _busy(
    order: Ints,
    worker: Ints,
    start: Ints,
    end: Ints,
    line: Ints,
    first: Ints,
    starts: Ints,
    ends: Ints,
    pool_of: Ints,
    pools: int,
    lines: int,
    edges: Ints,
    ended: int,
) -> Ints:
    """See busy_table; a worker's starts rise, and so do the shifts that they fall into."""
    sums = np.zeros((pools, edges.size - 1, lines), np.int64)
    who, reach, shift = -1, _NEVER, 0
    for row in order:
        if worker[row] != who:
            who, reach = worker[row], _NEVER
            shift = first[who]
        begin, stop = max(start[row], reach), min(end[row], ended)
        if stop <= begin:
            continue
        reach = stop
        while shift < first[who + 1] and ends[shift] <= begin:
            shift += 1
        here = shift
        while here < first[who + 1] and starts[here] < stop:
            add_time(sums[pool_of[who], :, line[row]], max(begin, starts[here]), min(stop, ends[here]), edges)
            here += 1
    return sums
