"""Lots: items that are accepted or rejected together. See reference/lots.py."""

from __future__ import annotations

from ..compiling import inner
from ..draws import Purpose
from ..switching import WHOLE
from ..tables import NULL
from . import switching, verdicts
from .chains import dropped
from .clock import EXPIRE_LOT, after, ask, event
from .codes import (
    EXHAUSTED,
    INSPECT,
    ON,
    REJECTED,
)
from .frames import GO, JUDGE, later
from .gathering import add
from .issuing import issue
from .memory import NONE, Row, append, give, int_at, take
from .sorting import sort
from .world import (
    CELLS,
    LOTS,
    SCRATCH,
    array,
    cell,
    filling,
    item,
    lot,
    stage,
    task,
    vector,
)

LOT_DRAW = int(Purpose.LOT)


@inner
def send_on(w: Row, i: int, s: int, accepted: bool) -> None:
    """A judged item goes on, or back while rounds are left."""
    one = item(w, i)
    if accepted:
        later(w, GO, i, s, ON)
    elif one.round - one.base >= stage(w, s).rounds:
        later(w, GO, i, s, EXHAUSTED)
    else:
        one.round += 1
        one.been = dropped(w, one.been)
        if stage(w, s).kind == INSPECT:
            one.sent_back = s
        later(w, GO, i, s, REJECTED)


@inner
def into_lot(w: Row, i: int, s: int) -> None:
    """An item comes to an inspection: a lot fills."""
    rules, place = stage(w, s), s * w.segments + item(w, i).segment
    group = filling(w, place)
    add(w, group, i)
    if group.size >= rules.lot_size:
        close_lot(w, place)
    elif group.size == 1:
        after(w, rules.lot_wait, EXPIRE_LOT, place, group.serial)


@inner
def close_lot(w: Row, place: int) -> None:
    """A lot is complete: a sample of it, by draws of its items, is inspected."""
    s, group = place // w.segments, filling(w, place)
    rules = stage(w, s)
    number = take(vector(w, LOTS))
    w.lots += 1
    one, scratch = lot(w, number), array(w, SCRATCH)
    one.number, one.head, one.faulty = w.lots, group.head, 0
    switching.choose(w, number, place)
    one.open = group.size
    if one.severity != WHOLE:
        one.open = min(int_at(rules.lot_samples_at, one.severity), group.size)
    group.size, group.head, group.tail = 0, NONE, NONE
    group.serial += 1
    scratch.size, n = 0, one.head
    while n != NONE:
        i = cell(w, n).a
        thing = item(w, i)
        thing.lot, thing.lot_row = w.lots, number
        drawn = verdicts.draw(w, i, LOT_DRAW, rules.key, thing.round, 0)
        entry = event(append(scratch), 0)
        entry.tick, entry.rank, entry.a, entry.b = int(drawn * 9007199254740992.0), thing.number, 0, i
        n = cell(w, n).next
    sort(w, SCRATCH)
    scratch.size = one.open
    if one.open == 0:
        _judge(w, number, s)
    for n in range(scratch.size):
        entry = event(scratch.start, n)
        entry.tick = entry.rank
    sort(w, SCRATCH)
    for n in range(one.open):
        i = event(scratch.start, n).b
        issue(w, i, s, 0, item(w, i).asked, NONE)
        item(w, i).asked = NULL
    ask(w)


@inner
def inspected(w: Row, t: int, rejected: bool) -> None:
    """An inspection is finished; after the last one the lot is judged."""
    one = task(w, t)
    number = item(w, one.item).lot_row
    if rejected:
        n = lot(w, number).head
        while n != NONE:
            if cell(w, n).a == one.item:
                cell(w, n).b = 1
            n = cell(w, n).next
        lot(w, number).faulty += 1
    one_inspected(w, number, one.stage)


@inner
def one_inspected(w: Row, number: int, s: int) -> None:
    lot(w, number).open -= 1
    if lot(w, number).open == 0:
        _judge(w, number, s)


@inner
def _judge(w: Row, number: int, s: int) -> None:
    """Accepts or rejects a lot. What was found wrong goes back in any case."""
    accepted = switching.accepted(w, number, s)
    later(w, JUDGE, lot(w, number).head, s, 1 if accepted else 0)
    switching.count(w, number, s)
    if not accepted and lot(w, number).again == 0:
        _refuse(w, number)
    give(vector(w, LOTS), number)


@inner
def _refuse(w: Row, number: int) -> None:
    """A lot fails its first inspection; an item keeps the first such lot."""
    n = lot(w, number).head
    while n != NONE:
        one = item(w, cell(w, n).a)
        if one.refused_lot == NULL:
            one.refused_lot, one.refused_at = lot(w, number).number, w.now
        n = cell(w, n).next


@inner
def judge_next(w: Row, n: int, s: int, accepted: int) -> None:
    """The next item of a lot that has been judged."""
    if n == NONE:
        return
    one = cell(w, n)
    i, faulty, following = one.a, one.b, one.next
    give(vector(w, CELLS), n)
    later(w, JUDGE, following, s, accepted)
    send_on(w, i, s, accepted != 0 and faulty == 0)
