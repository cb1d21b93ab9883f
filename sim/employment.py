"""Who is employed, from when until when, told from who is there: people come and go by the day.

Presence of any kind counts, from the start on. Who comes within a week of the start is taken to be there from it, and
who was there within a week of the end, to it: nights, week-ends and holidays show nobody.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .paid import Present, paid_tables
from .tables import Ints

WEEK_MS = 7 * 24 * 3_600_000

_NEVER = 2**62


class Employed(NamedTuple):
    """One row for each person who is employed. worker: number.  begin, stop: numbers of the first day and of the one
    after the last.  hired: came later than the start.  left: before the end."""

    worker: Ints
    begin: Ints
    stop: Ints
    hired: NDArray[np.bool_]
    left: NDArray[np.bool_]


class Moves(NamedTuple):
    """int64[pool, stretch]. hired, left: people whose first, whose last day lies in it.  notice: days on which leavers
    are paid on, and notice_ms: what of that is paid by the hour."""

    hired: Ints
    left: Ints
    notice: Ints
    notice_ms: Ints


class Stays(NamedTuple):
    """One row for each person of whom there is presence. worker: number.  first, last: moments of it.  hired: came
    later than the start.  left: before the end."""

    worker: Ints
    first: Ints
    last: Ints
    hired: NDArray[np.bool_]
    left: NDArray[np.bool_]


def stays(present: Present, workers: int, ended: int) -> Stays:
    """From when until when people are there. workers: how many there are."""
    known = (present.worker >= 0) & (present.start < np.minimum(present.end, ended)) & (present.end > 0)
    first, last = np.full(workers, _NEVER), np.full(workers, -_NEVER)
    np.minimum.at(first, present.worker[known], np.maximum(present.start[known], 0))
    np.maximum.at(last, present.worker[known], np.minimum(present.end[known], ended))
    there = np.flatnonzero(first < last)
    return Stays(there, first[there], last[there], first[there] > WEEK_MS, last[there] < ended - WEEK_MS)


def employment(present: Present, workers: int, days: Ints, ended: int) -> Employed:
    """Who is employed. workers: how many there are.  days: local midnights, from before the first presence to after the
    last."""
    worker, first, last, hired, left = stays(present, workers, ended)
    begin = np.searchsorted(days, np.where(hired, first, 0), side="right") - 1
    stop = np.searchsorted(days, np.where(left, last, ended), side="left")
    return Employed(worker, begin, stop, hired, left)


def employed(of: Employed, pool_of: Ints, pools: int, edges: Ints, days: Ints) -> tuple[Ints, Ints]:
    """int64[pool, stretch]: days for which people are employed, and how many people are. A day is of the stretch in
    which it begins."""
    over = _days_in(of.begin, of.stop, np.searchsorted(days, edges))
    time, people = np.zeros((pools, len(edges) - 1), np.int64), np.zeros((pools, len(edges) - 1), np.int64)
    np.add.at(time, pool_of[of.worker], over)
    np.add.at(people, pool_of[of.worker], over > 0)
    return time, people


def moves(
    of: Employed, present: Present, pool_of: Ints, pools: int, edges: Ints, days: Ints, ended: int, notice: Ints
) -> Moves:
    """Who came and left, and for how long those are paid on.

    notice: int64[pool, stretch] days of notice of those whose last day lies in a stretch. By the hour a day of notice
    counts what the person was paid for, absence too, over the days of employment: whole milliseconds, those of a
    stretch being what they are up to its end less what they were up to its beginning, each rounded down.
    """
    bounds = np.searchsorted(days, edges)
    hired, left, on, on_ms = (np.zeros((pools, len(edges) - 1), np.int64) for _ in Moves._fields)
    for table, there, day in ((hired, of.hired, of.begin), (left, of.left, of.stop - 1)):
        np.add.at(table, (pool_of[of.worker[there]], _stretch(bounds, day[there])), 1)
    gone = of.worker[of.left]
    begin, stop = of.begin[of.left], of.stop[of.left]
    until = stop + notice[pool_of[gone], _stretch(bounds, stop - 1)]
    assert (until <= bounds[-1]).all(), "a notice runs on after all stretches"
    over = _days_in(stop, until, bounds)
    np.add.at(on, pool_of[gone], over)
    if over.any():
        run = edges[[0, -1]]
        each = paid_tables(*present, np.arange(len(pool_of)), len(pool_of), run, ended).or_absent[gone, 0]
        through = np.cumsum(over, axis=1)
        ms = each[:, None] * through // (stop - begin)[:, None]
        np.add.at(on_ms, pool_of[gone], np.diff(ms, axis=1, prepend=0))
    return Moves(hired, left, on, on_ms)


def _stretch(bounds: Ints, day: Ints) -> Ints:
    """In which a day begins."""
    found: Ints = np.searchsorted(bounds, day, side="right").astype(np.int64) - 1
    return found


def _days_in(begin: Ints, stop: Ints, bounds: Ints) -> Ints:
    """Of each [begin, stop), how many days lie in each stretch."""
    over = np.minimum(stop[:, None], bounds[1:]) - np.maximum(begin[:, None], bounds[:-1])
    found: Ints = np.maximum(over, 0).astype(np.int64)
    return found
