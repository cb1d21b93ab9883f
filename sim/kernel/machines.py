"""Stages without people. See reference/machines.py."""

from __future__ import annotations

from ..compiling import inner
from ..draws import Purpose
from ..quantiles import LENGTH
from ..service import service_ms
from . import verdicts
from .clock import MACHINE, ask, at
from .memory import NONE, Row, floats
from .results import finished
from .waiting import waits
from .world import item, of_stage, stage, task

TIME = int(Purpose.TIME)


@inner
def dispatch(w: Row) -> None:
    """Every machine that is free takes a batch, in order of the stages."""
    for s in range(w.stages):
        line, rules = of_stage(w, s), stage(w, s)
        while line.head != NONE and (rules.servers == NONE or line.busy < rules.servers):
            _start(w, s)


@inner
def _start(w: Row, s: int) -> None:
    """Starts a batch; its time is drawn by its first task."""
    line, rules = of_stage(w, s), stage(w, s)
    first = line.head
    place = verdicts.place(w, TIME, first)
    key = item(w, task(w, first).item).key
    active = service_ms(w.stream, key, place, floats(rules.time_at, LENGTH), 1.0, w.tick) + rules.setup
    w.batches += 1
    t = last = first
    for _ in range(rules.batch_size):
        one = task(w, t)
        one.taken, one.started, one.active, one.batch = 1, w.now, active, w.batches
        waits(w, s, -1)
        last, t = t, one.next
        if t == NONE:
            break
    task(w, last).next = NONE
    line.head = t
    line.tail = NONE if t == NONE else line.tail
    line.busy += 1
    if w.now + active < w.horizon:
        at(w, w.now + active, MACHINE, w.batches, first, 0)


@inner
def complete(w: Row, first: int) -> None:
    """A batch is done."""
    t, s = first, task(w, first).stage
    of_stage(w, s).busy -= 1
    while t != NONE:
        one = task(w, t)
        following, one.next = one.next, NONE
        one.finished = w.now
        of_stage(w, s).load -= 1
        finished(w, t)
        t = following
    ask(w)
