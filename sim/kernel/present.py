"""When somebody of each pool was there, for what a stream says of the past. A log is asked in waits.py."""

from __future__ import annotations

from ..compiling import inner
from .memory import NONE, Row, append, rows
from .world import IDLE_HEAPS, SPAN, array, of_pool, shift, task, worker

span_row = rows(SPAN)


@inner
def look(w: Row, k: int) -> None:
    """Notes whether a worker is there now: on shift to take tasks, or past it on one."""
    if w.streams == 0:
        return
    one = worker(w, k)
    past = one.task != NONE and task(w, one.task).over != 0
    here = past or (one.gone == 0 and one.training == 0 and shift(w, one.shift).open_until > 0)
    if here and one.there == 0:
        one.there = 1
        _comes(w, one.pool)
    elif one.there != 0 and not here:
        one.there = 0
        _goes(w, one.pool)


@inner
def look_all(w: Row, number: int) -> None:
    """Notes who of a shift set is there now."""
    if w.streams != 0:
        k = shift(w, number).first
        while k != NONE:
            look(w, k)
            k = worker(w, k).next_of_shift


@inner
def _comes(w: Row, p: int) -> None:
    team = of_pool(w, p)
    team.there += 1
    if team.there > 1:
        return
    team.since = w.now
    past = array(w, IDLE_HEAPS + w.pools + p)
    if past.size > 0 and span_row(past.start, past.size - 1).end == w.now:
        last = span_row(past.start, past.size - 1)
        team.since, team.before = last.start, last.before
        past.size -= 1


@inner
def _goes(w: Row, p: int) -> None:
    team = of_pool(w, p)
    team.there -= 1
    if team.there == 0 and team.since < w.now:
        last = span_row(append(array(w, IDLE_HEAPS + w.pools + p)), 0)
        last.start, last.end, last.before = team.since, w.now, team.before
        team.before += w.now - team.since


@inner
def absent(w: Row, p: int, begin: int, end: int) -> int:
    """Milliseconds of [begin, end), which lies in the past, in which nobody of a pool was there."""
    team = of_pool(w, p)
    if team.there > 0 and begin >= team.since:
        return 0
    return end - begin - _before(w, p, end) + _before(w, p, begin)


@inner
def _before(w: Row, p: int, at: int) -> int:
    """Milliseconds before a moment in which somebody was there."""
    team = of_pool(w, p)
    if team.there > 0 and at >= team.since:
        return team.before + at - team.since
    past = array(w, IDLE_HEAPS + w.pools + p)
    low, high = 0, past.size  # the first that begins after it is among them, or there is none
    while low < high:
        middle = (low + high) >> 1
        if span_row(past.start, middle).start <= at:
            low = middle + 1
        else:
            high = middle
    if low == 0:
        return 0
    one = span_row(past.start, low - 1)
    return one.before + min(at, one.end) - one.start
