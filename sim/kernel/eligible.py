"""Who may do what: the rules of Floor.barred, Floor.may and Workers.on_shift of the reference."""

from __future__ import annotations

from ..compiling import inner
from .chains import has
from .codes import ADJUDICATE, ANNOTATE, WORK
from .memory import NONE, Row, float_at
from .world import cell, item, pool, shift, stage, task, worker


@inner
def on_shift(w: Row, k: int) -> bool:
    """Whether a worker is there now to take tasks."""
    one = worker(w, k)
    return shift(w, one.shift).open_until > 0 and one.gone == 0


@inner
def lost(w: Row, k: int) -> bool:
    """Whether nothing may wait for the worker alone: they have left, or their session is over."""
    one = worker(w, k)
    return one.gone != 0 or (shift(w, one.shift).spans == NONE and not on_shift(w, k))


@inner
def may(w: Row, k: int, s: int, segment: int) -> bool:
    """Whether a worker may work at a stage on a segment now: mastery, and turns."""
    one = worker(w, k)
    team = pool(w, one.pool)
    masters = float_at(team.masters_at, segment)
    if masters < 1.0 and (one.slot + 0.5) / team.people >= masters:
        return False
    rules = stage(w, s)
    if rules.rotate == 0 or team.crowd != 0:  # people of a crowd take no turns
        return True
    return (one.slot - w.now // rules.rotate * rules.rotate_people) % team.people < rules.rotate_people


@inner
def barred(w: Row, k: int, t: int) -> bool:
    """Nobody gets again what they have skipped. Distinct workers label an item in a round; a reviewer was no author of
    it, and did not review it at another stage; an adjudicator was neither author nor reviewer."""
    work = task(w, t)
    thing, kind = item(w, work.item), stage(w, work.stage).kind
    if has(w, thing.skippers, k):
        return True
    if kind == ANNOTATE:
        return has(w, thing.labellers, k)
    if kind == WORK:
        return False
    if has(w, thing.authors, k):
        return True
    if kind == ADJUDICATE:
        return has(w, thing.judges, k)
    return _judged_elsewhere(w, thing.judges, k, work.stage)


@inner
def _judged_elsewhere(w: Row, head: int, k: int, s: int) -> bool:
    while head != NONE:
        one = cell(w, head)
        if one.a == k and one.b != s:
            return True
        head = one.next
    return False


@inner
def stale(w: Row, t: int) -> bool:
    """Whether nobody needs a task's result any more: another's has come, or its item has gone elsewhere."""
    one = task(w, t)
    if one.entry != item(w, one.item).entry:
        return True
    n = t
    while True:
        if one.counted != 0:
            return True
        n = one.twin
        if n == t:
            return False
        one = task(w, n)


@inner
def waits(w: Row, t: int) -> bool:
    """Whether a task waits for somebody to take it."""
    one = task(w, t)
    return one.taken == 0 and one.void == 0
