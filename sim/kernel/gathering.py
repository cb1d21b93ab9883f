"""Tasks that become ready together. See reference/gathering.py, and lots in flow.py."""

from __future__ import annotations

from ..compiling import inner
from .chains import cell_of
from .clock import EXPIRE, after, ask
from .eligible import lost
from .floor import enqueue
from .memory import NONE, Row, give
from .retiring import close
from .waiting import waits
from .world import CELLS, cell, gather, item, of_stage, stage, task, vector


@inner
def add(w: Row, group: Row, a: int) -> None:
    """Puts something at the end of a group."""
    n = cell_of(w, a, 0, 0, 0.0, NONE)
    if group.size == 0:
        group.head = n
    else:
        cell(w, group.tail).next = n
    group.tail = n
    group.size += 1


@inner
def put(w: Row, t: int) -> None:
    """A task has come: it is ready, or when enough of its segment have come."""
    one = task(w, t)
    rules = stage(w, one.stage)
    if rules.gather_size == 1:
        ready(w, t)
        return
    place = one.stage * w.segments + item(w, one.item).segment
    group = gather(w, place)
    add(w, group, t)
    if group.size >= rules.gather_size:
        release(w, place)
    elif group.size == 1:
        after(w, rules.gather_wait, EXPIRE, place, group.serial)


@inner
def release(w: Row, place: int) -> None:
    """The tasks of a group are ready."""
    group = gather(w, place)
    n = group.head
    group.size, group.head, group.tail = 0, NONE, NONE
    group.serial += 1
    while n != NONE:
        one = cell(w, n)
        t, following = one.a, one.next
        give(vector(w, CELLS), n)
        if task(w, t).void == 0:
            ready(w, t)
        n = following
    ask(w)


@inner
def ready(w: Row, t: int) -> None:
    """A task is ready: it waits for its machine, or for someone."""
    one = task(w, t)
    if one.entry != item(w, one.item).entry:  # its item has gone elsewhere meanwhile
        one.void = 1
        of_stage(w, one.stage).load -= 1
        close(w, t)
        return
    one.ready = w.now
    waits(w, one.stage, 1)
    ask(w)
    if stage(w, one.stage).machine != 0:
        _before_machine(w, t)
        return
    if one.wanted != NONE and lost(w, one.wanted):
        one.wanted = NONE
    enqueue(w, t)


@inner
def _before_machine(w: Row, t: int) -> None:
    """A task waits for its machine."""
    line = of_stage(w, task(w, t).stage)
    task(w, t).next = NONE
    if line.head == NONE:
        line.head = t
    else:
        task(w, line.tail).next = t
    line.tail = t
