"""The way of an item: from stage to stage, until it is delivered or dropped. See reference/flow.py and results.py.

An item that goes on may take others with it (one waits before a line that is full, the others of its lot), and those
more. Steps that are still to be taken stand on a stack of frames, the next one on top; what the reference does by
calling itself, this room does by putting a frame there. So the order of all steps is the reference's.
"""

from __future__ import annotations

from ..compiling import inner
from ..draws import Purpose
from ..tables import NULL
from . import lots, selecting, verdicts, waiting
from .chains import cell_of, dropped, without
from .codes import (
    ANNOTATE,
    DUPLICATE,
    ESCALATED,
    INSPECT,
    LEAD,
    MOST_WAYS,
    ON,
    REVIEW,
    UNSAMPLED,
    VISIT,
)
from .eligible import on_shift
from .floor import take_out
from .frames import ENTER, GO, frame_row, later
from .issuing import issue
from .making import visits
from .memory import NONE, Row, float_at, int_at, push
from .retiring import close, settle
from .world import (
    FRAMES,
    OUTSIDE,
    array,
    cell,
    item,
    lot,
    of_stage,
    stage,
    task,
    way,
)

NEXT = int(Purpose.NEXT)


@inner
def _run(w: Row) -> None:
    """Takes all steps that are still to be taken."""
    frames = array(w, FRAMES)
    while frames.size > 0:
        frames.size -= 1
        one = frame_row(frames.start, frames.size)
        what, a, b, c = one.what, one.a, one.b, one.c
        if what == GO:
            _go(w, a, b, c)
        elif what == ENTER:
            _enter(w, a, b)
        else:
            lots.judge_next(w, a, b, c)


@inner
def go(w: Row, i: int, s: int, outcome: int) -> None:
    """An item goes on after an outcome at a stage."""
    _go(w, i, s, outcome)
    _run(w)


@inner
def enter(w: Row, i: int, s: int) -> None:
    """An item comes to a stage."""
    _enter(w, i, s)
    _run(w)


@inner
def admit(w: Row, i: int, sampled: bool) -> None:
    """An item arrives: it enters, or waits before a line that is full, or is not to be labelled at all."""
    if not sampled:
        drop(w, i, UNSAMPLED)
    elif 0 <= w.wip <= w.inside:
        push(array(w, OUTSIDE), i)
    else:
        w.inside += 1
        enter(w, i, w.first)


@inner
def _leave(w: Row) -> None:
    """An item has left; the next one that waits outside comes in."""
    w.inside -= 1
    outside = array(w, OUTSIDE)
    if w.next_outside < outside.size and w.inside < w.wip:
        i = int_at(outside.start, w.next_outside)
        w.next_outside += 1
        w.inside += 1
        later(w, ENTER, i, w.first, 0)


@inner
def drop(w: Row, i: int, why: int) -> None:
    """An item leaves the line without being delivered."""
    one = item(w, i)
    one.dropped, one.dropped_as = w.now, why
    settle(w, i)
    _settled(w)


@inner
def drop_duplicate(w: Row, i: int) -> None:
    """Dedup takes an item out."""
    _leave(w)
    drop(w, i, DUPLICATE)
    _run(w)


@inner
def _settled(w: Row) -> None:
    """An item has been delivered or dropped; after the last one the run is over."""
    w.left -= 1
    over(w)


@inner
def over(w: Row) -> None:
    """Ends the run when nothing is left and nothing can come back."""
    if w.left == 0 and w.coming == 0:
        w.stop = 1


@inner
def send_back(w: Row, i: int, s: int) -> None:
    """A delivered item comes back, in a round of its own."""
    one = item(w, i)
    one.delivered, one.settled = NULL, 0
    one.round += 1
    one.rollbacks += 1
    one.base = one.round
    one.been = dropped(w, one.been)
    one.asked, one.synced, one.sent_back = NULL, 0, NONE
    w.left += 1
    w.inside += 1
    enter(w, i, s)


@inner
def _go(w: Row, i: int, s: int, outcome: int) -> None:
    one, ahead = item(w, i), way(w, s * MOST_WAYS + outcome)
    n = 0
    if ahead.ways > 1:
        visit = VISIT * visits(w, i, s)
        u = verdicts.draw(w, i, NEXT, stage(w, s).key, one.round, visit)
        while n < ahead.ways - 1 and float_at(ahead.chances_at, n) <= u:
            n += 1
    target = int_at(ahead.to_at, n)
    if target != NONE:
        later(w, ENTER, i, target, 0)
        return
    one.delivered = w.now
    if w.windows != 0:
        waiting.delivered(w, one.segment)
    settle(w, i)
    _leave(w)
    _settled(w)


@inner
def _enter(w: Row, i: int, s: int) -> None:
    one, rules = item(w, i), stage(w, s)
    asked = w.now if one.asked == NULL else one.asked
    one.asked = NULL
    one.entry += 1
    one.issues = one.skips = 0
    one.skippers = dropped(w, one.skippers)
    if w.loops != 0:
        _count_visit(w, i, s)
    if rules.kind == ANNOTATE:
        _ask_for_labels(w, i, s, asked)
    elif rules.kind == REVIEW and not selecting.selected(w, i, s):
        one.asked = asked
        later(w, GO, i, s, ON)
    elif rules.kind == INSPECT:
        one.asked = asked
        lots.into_lot(w, i, s)
    else:
        issue(w, i, s, 0, asked, NONE)


@inner
def _count_visit(w: Row, i: int, s: int) -> None:
    one = item(w, i)
    n = one.been
    while n != NONE and cell(w, n).a != s:
        n = cell(w, n).next
    if n == NONE:
        one.been = cell_of(w, s, 1, 0, 0.0, one.been)
    else:
        cell(w, n).b += 1


@inner
def _ask_for_labels(w: Row, i: int, s: int, asked: int) -> None:
    one, rules = item(w, i), stage(w, s)
    again = one.round > one.base
    wanted = _author(w, i) if again and rules.to_author != 0 else NONE
    one.votes = dropped(w, one.votes)
    one.voters = 0
    one.labellers = dropped(w, one.labellers)
    one.voted = s
    one.pending = 1 if again else (rules.lead if rules.rule == LEAD else rules.labels)
    synced = one.synced
    for replica in range(one.pending):
        one.synced = synced
        issue(w, i, s, replica, asked, wanted)
    one.synced = 0


@inner
def escalate(w: Row, t: int, number: int) -> None:
    """A task has waited too long: what its item still asks for here is taken back, and the item goes elsewhere."""
    one = task(w, t)
    if one.number != number:  # it is over
        return
    s = one.stage
    rules, thing = stage(w, s), item(w, one.item)
    if one.taken != 0 or one.entry != thing.entry or rules.escalate == NONE:
        return
    n = thing.patient
    while n != NONE:
        other = task(w, cell(w, n).a)
        if other.entry == thing.entry and other.taken == 0:
            take_out(w, cell(w, n).a)
            of_stage(w, other.stage).load -= 1
            other.finished, other.outcome = w.now, ESCALATED
            close(w, cell(w, n).a)
        n = cell(w, n).next
    thing.patient = dropped(w, thing.patient)
    thing.asked, thing.synced = NULL, 0
    inspected = rules.kind == INSPECT
    enter(w, one.item, rules.escalate_to)
    if inspected:
        filled = lot(w, thing.lot_row)
        filled.head = without(w, filled.head, one.item)
        lots.one_inspected(w, thing.lot_row, s)
        _run(w)


@inner
def _author(w: Row, i: int) -> int:
    """Of those who gave the rejected label, the one with the lowest replica, if on shift now; else NONE."""
    author = selecting.giver(w, i)
    return author if author != NONE and on_shift(w, author) else NONE


@inner
def judged(w: Row, i: int, s: int, accepted: bool) -> None:
    """An item goes on, or back while rounds are left."""
    lots.send_on(w, i, s, accepted)
    _run(w)


@inner
def expire_lot(w: Row, place: int) -> None:
    """A lot has waited long enough."""
    lots.close_lot(w, place)
    _run(w)


@inner
def inspected(w: Row, t: int, rejected: bool) -> None:
    """An inspection is finished; after the last one the lot is judged."""
    lots.inspected(w, t, rejected)
    _run(w)
