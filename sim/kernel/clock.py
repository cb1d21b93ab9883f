"""The clock of the kernel: one heap of events with the keys of reference/clock.py, (tick, kind, number)."""

from __future__ import annotations

from ..compiling import inner
from .memory import Row, append, rows
from .world import EVENT, HEAP, array

COMPLETE, MACHINE, CHANGE, CALENDAR, RELEASE, HANDOFF, TIMER = range(7)
"""Kinds of events, as in the reference; _KIND is how far their numbers lie apart."""

KIND_BITS = 40

AGAIN, GIVE_UP, ESCALATE, EXPIRE, EXPIRE_LOT, UNLOCK, TRAINED, TURN = range(8)
"""What a timer calls."""

event = rows(EVENT)


@inner
def at(w: Row, tick: int, kind: int, number: int, a: int, b: int) -> None:
    """An event at a tick, with what its room needs to know."""
    heap = array(w, HEAP)
    append(heap)
    rank = (kind << KIND_BITS) + number
    start, n = heap.start, heap.size - 1
    while n > 0:
        above = (n - 1) >> 1
        one = event(start, above)
        if one.tick < tick or (one.tick == tick and one.rank <= rank):
            break
        place = event(start, n)
        place.tick, place.rank, place.a, place.b = one.tick, one.rank, one.a, one.b
        n = above
    place = event(start, n)
    place.tick, place.rank, place.a, place.b = tick, rank, a, b


@inner
def drop_first(w: Row) -> None:
    """Takes the first event out of the heap."""
    heap = array(w, HEAP)
    heap.size -= 1
    start, size = heap.start, heap.size
    last = event(start, size)
    tick, rank, a, b = last.tick, last.rank, last.a, last.b
    n = 0
    while True:
        below = 2 * n + 1
        if below >= size:
            break
        one = event(start, below)
        if below + 1 < size:
            other = event(start, below + 1)
            if other.tick < one.tick or (other.tick == one.tick and other.rank < one.rank):
                below, one = below + 1, other
        if tick < one.tick or (tick == one.tick and rank <= one.rank):
            break
        place = event(start, n)
        place.tick, place.rank, place.a, place.b = one.tick, one.rank, one.a, one.b
        n = below
    place = event(start, n)
    place.tick, place.rank, place.a, place.b = tick, rank, a, b


@inner
def after(w: Row, delay: int, what: int, a: int, b: int) -> None:
    """A timer; those of one tick ring in the order in which they were set. what: which, below 16."""
    tick = w.now + delay
    if tick < w.horizon:
        w.timers += 1
        at(w, tick, TIMER, w.timers, (a << 4) | what, b)


@inner
def ask(w: Row) -> None:
    """Asks for the tick's dispatch."""
    w.asked = 1
