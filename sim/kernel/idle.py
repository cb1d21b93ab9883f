"""The idle workers of each pool, who has been idle longest first: heaps of (idle since, worker).

An entry holds while its worker is idle since then; what no longer holds is let go of when it comes up.
"""

from __future__ import annotations

from ..compiling import inner
from .clock import event
from .codes import LONGEST_IDLE, MOST_SKILLED
from .eligible import barred, may, on_shift
from .memory import NONE, Row, append, push, rows
from .sorting import sort
from .world import BUFFER, FREED, IDLE, IDLE_HEAPS, SCRATCH, array, item, pool, task, worker

idle_row = rows(IDLE)


@inner
def free(w: Row, k: int) -> None:
    """A worker has no task, and becomes available in this tick's dispatch."""
    push(array(w, FREED), k)


@inner
def occupy(w: Row, k: int) -> None:
    """A worker is on a task from now on."""
    one = worker(w, k)
    one.idle_since, one.listed = NONE, 0


@inner
def free_all(w: Row, p: int) -> None:
    """The idle workers of a pool look again: something that held them back has changed."""
    idle, scratch = array(w, IDLE_HEAPS + p), array(w, SCRATCH)
    scratch.size = 0
    for n in range(idle.size):
        one, entry = event(append(scratch), 0), idle_row(idle.start, n)
        one.tick, one.rank, one.a, one.b = entry.since, entry.worker, 0, 0
    sort(w, SCRATCH)
    for n in range(scratch.size):
        one = event(scratch.start, n)
        if worker(w, one.rank).idle_since == one.tick:
            free(w, one.rank)


@inner
def enlist(w: Row, k: int) -> None:
    """A worker for whom there was nothing to do waits for what becomes ready."""
    one = worker(w, k)
    if one.listed == 0:
        one.listed = 1
        _push(w, one.pool, one.idle_since, k)


@inner
def _push(w: Row, p: int, since: int, k: int) -> None:
    heap = array(w, IDLE_HEAPS + p)
    append(heap)
    n = heap.size - 1
    while n > 0:
        above = (n - 1) >> 1
        one = idle_row(heap.start, above)
        if one.since < since or (one.since == since and one.worker <= k):
            break
        place = idle_row(heap.start, n)
        place.since, place.worker = one.since, one.worker
        n = above
    place = idle_row(heap.start, n)
    place.since, place.worker = since, k


@inner
def _pop(w: Row, p: int) -> None:
    """Takes the first entry out."""
    heap = array(w, IDLE_HEAPS + p)
    heap.size -= 1
    size, last = heap.size, idle_row(heap.start, heap.size)
    since, k = last.since, last.worker
    n = 0
    while True:
        below = 2 * n + 1
        if below >= size:
            break
        one = idle_row(heap.start, below)
        if below + 1 < size:
            other = idle_row(heap.start, below + 1)
            if other.since < one.since or (other.since == one.since and other.worker < one.worker):
                below, one = below + 1, other
        if since < one.since or (since == one.since and k <= one.worker):
            break
        place = idle_row(heap.start, n)
        place.since, place.worker = one.since, one.worker
        n = below
    place = idle_row(heap.start, n)
    place.since, place.worker = since, k


@inner
def best_worker(w: Row, t: int, p: int) -> int:
    """The available worker of a pool who takes a task, or NONE."""
    work = task(w, t)
    segment = item(w, work.item).segment
    pick, heap, aside = pool(w, p).pick, array(w, IDLE_HEAPS + p), array(w, BUFFER)
    aside.size = 0
    chosen, since, best = NONE, 0, 0.0
    while heap.size > 0 and (chosen == NONE or pick != LONGEST_IDLE):
        entry = idle_row(heap.start, 0)
        k, idle = entry.worker, entry.since
        _pop(w, p)
        if worker(w, k).idle_since != idle or not on_shift(w, k):
            worker(w, k).listed = 0
            continue
        fits = not barred(w, k, t) and may(w, k, work.stage, segment)
        if fits and (chosen == NONE or _merit(w, pick, k) > best):
            chosen, since, best = k, idle, _merit(w, pick, k)
        if not fits or pick != LONGEST_IDLE:
            one = event(append(aside), 0)
            one.tick, one.rank = idle, k
    if chosen != NONE:
        worker(w, chosen).listed = 0
    for n in range(aside.size):
        one = event(aside.start, n)
        if one.rank != chosen or one.tick != since:
            _push(w, p, one.tick, one.rank)
    return chosen


@inner
def _merit(w: Row, pick: int, k: int) -> float:
    """What a pool's pick looks at first, the higher the better; then who has been idle longest, then the number."""
    one = worker(w, k)
    if pick == MOST_SKILLED:
        return one.skill
    if pick == LONGEST_IDLE:
        return 0.0
    return (one.accepted + 1.0) / (one.seen + 2.0)
