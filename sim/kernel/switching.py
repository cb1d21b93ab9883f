"""How severely lots are inspected. See sim/switching.py for the rules, reference/lots.py for when they are asked."""

from __future__ import annotations

from ..compiling import inner
from ..switching import ENOUGH, NORMAL, REDUCED, TIGHTENED, WHOLE, WINDOW
from .memory import NONE, Row, int_at
from .world import cell, item, lot, stage, standing


@inner
def choose(w: Row, number: int, place: int) -> None:
    """A lot is closed: how severely it is inspected, whether most of it was sent back before, and whether its verdict
    is to count for a switch."""
    one, s = lot(w, number), place // w.segments
    one.place, one.severity, one.spell = place, NORMAL, NONE
    n, again = one.head, 0
    while n != NONE:
        again += 1 if item(w, cell(w, n).a).sent_back == s else -1
        n = cell(w, n).next
    one.again = 1 if again > 0 else 0
    if stage(w, s).switches != 0:
        one.severity = standing(w, place).severity
        if one.again == 0:
            one.spell = standing(w, place).spell


@inner
def accepted(w: Row, number: int, s: int) -> bool:
    """Whether a lot is accepted, all its inspections being finished."""
    one = lot(w, number)
    return one.severity == WHOLE or one.faulty <= int_at(stage(w, s).lot_accepts_at, one.severity)


@inner
def count(w: Row, number: int, s: int) -> None:
    """A lot is judged: it may switch how those after it are inspected."""
    one, rules = lot(w, number), stage(w, s)
    now = standing(w, one.place)
    if rules.switches == 0 or one.spell != now.spell:
        return
    good = one.faulty <= int_at(rules.lot_accepts_at, now.severity)
    if now.severity == NORMAL:
        _after_normal(now, rules, one.faulty, good)
    elif now.severity == TIGHTENED:
        _after_tightened(now, good)
    elif now.severity == REDUCED:
        if not good:
            _switch(now, NORMAL, WINDOW - 1)
    elif now.clear + 1 >= rules.screened:
        _switch(now, TIGHTENED, 0)
    else:
        now.clear += 1


@inner
def _after_normal(now: Row, rules: Row, faulty: int, good: bool) -> None:
    if not good:
        if now.clear < WINDOW - 1:
            _switch(now, TIGHTENED, 0)
        else:
            now.clear, now.score = 0, 0
        return
    if rules.reduces != 0 and faulty <= rules.lot_tighter:
        now.score += 2 if int_at(rules.lot_accepts_at, NORMAL) < 2 else 3
    else:
        now.score = 0
    if now.score >= ENOUGH:
        _switch(now, REDUCED, 0)
    else:
        now.clear = min(now.clear + 1, WINDOW - 1)


@inner
def _after_tightened(now: Row, good: bool) -> None:
    if good and now.clear == WINDOW - 1:
        _switch(now, NORMAL, WINDOW - 1)
    elif good:
        now.clear += 1
    elif now.refused == WINDOW - 1:
        _switch(now, WHOLE, 0)
    else:
        now.clear = 0
        now.refused += 1


@inner
def _switch(now: Row, severity: int, clear: int) -> None:
    now.severity, now.clear = severity, clear
    now.score = now.refused = 0
    now.spell += 1
