"""Sorting rows of four whole numbers by the first three."""

from __future__ import annotations

from ..compiling import inner
from .clock import event
from .memory import Row, append
from .world import BUFFER, array


@inner
def _after(one: Row, other: Row) -> bool:
    if one.tick != other.tick:
        return one.tick > other.tick
    if one.rank != other.rank:
        return one.rank > other.rank
    return one.a > other.a


@inner
def _copy(to: Row, one: Row) -> None:
    to.tick, to.rank, to.a, to.b = one.tick, one.rank, one.a, one.b


@inner
def sort(w: Row, number: int) -> None:
    """Sorts array number `number` of the world, of EVENT rows, by tick, rank and a: a merge sort from below."""
    rows = array(w, number)
    size, start = rows.size, rows.start
    ordered = True
    for i in range(size - 1):
        if _after(event(start, i), event(start, i + 1)):
            ordered = False
            break
    if ordered:
        return
    buffer = array(w, BUFFER)
    buffer.size = 0
    while buffer.size < size:
        append(buffer)
    source, target, run = start, buffer.start, 1
    while run < size:
        for low in range(0, size, 2 * run):
            middle, high = min(low + run, size), min(low + 2 * run, size)
            i, j = low, middle
            for to in range(low, high):
                if i < middle and (j >= high or not _after(event(source, i), event(source, j))):
                    _copy(event(target, to), event(source, i))
                    i += 1
                else:
                    _copy(event(target, to), event(source, j))
                    j += 1
        source, target = target, source
        run *= 2
    if source != start:
        for i in range(size):
            _copy(event(start, i), event(source, i))
