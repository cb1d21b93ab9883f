"""The way of an item: from stage to stage, until it is delivered or dropped. See reference/flow.py and results.py.

An item that goes on may take others with it (one waits before a line that is full, the others of its lot), and those
more. Steps that are still to be taken stand on a stack of frames, the next one on top; what the reference does by
calling itself, this room does by putting a frame there. So the order of all steps is the reference's.
"""

from __future__ import annotations

from ..draws import Purpose
from ..tables import NULL
from . import verdicts
from .chains import cell_of, dropped, without
from .clock import EXPIRE_LOT, HANDOFF, after, ask, at, event
from .codes import (
    ANNOTATE,
    DUPLICATE,
    ESCALATED,
    EXHAUSTED,
    INSPECT,
    LEAD,
    MOST_WAYS,
    ON,
    REJECTED,
    REVIEW,
    UNSAMPLED,
    VISIT,
)
from .compiling import inner
from .eligible import on_shift
from .floor import take_out
from .gathering import add, put
from .making import make, visits
from .memory import NONE, Row, append, float_at, give, int_at, push, rows, take
from .retiring import close, settle
from .routing import route
from .sorting import sort
from .world import (
    CELLS,
    FRAME,
    FRAMES,
    LOTS,
    OUTSIDE,
    SCRATCH,
    array,
    cell,
    filling,
    item,
    lot,
    of_stage,
    stage,
    task,
    vector,
    way,
    worker,
)

NEXT, SELECTED, LOT_DRAW, HANDOFF_DRAW = (
    int(one) for one in (Purpose.NEXT, Purpose.SELECTED, Purpose.LOT, Purpose.HANDOFF)
)
GO, ENTER, JUDGE = range(3)
frame_row = rows(FRAME)


@inner
def _push(w: Row, what: int, a: int, b: int, c: int) -> None:
    one = frame_row(append(array(w, FRAMES)), 0)
    one.what, one.a, one.b, one.c = what, a, b, c


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
            _judge_next(w, a, b, c)


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


# Into the line and out of it


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
        _push(w, ENTER, i, w.first, 0)


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
    one.base = one.round
    one.been = dropped(w, one.been)
    one.asked, one.synced = NULL, 0
    w.left += 1
    w.inside += 1
    enter(w, i, s)


# From stage to stage


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
        _push(w, ENTER, i, target, 0)
        return
    one.delivered = w.now
    settle(w, i)
    _leave(w)
    _settled(w)


@inner
def _enter(w: Row, i: int, s: int) -> None:
    one, rules = item(w, i), stage(w, s)
    asked = w.now if one.asked == NULL else one.asked
    one.asked = NULL
    one.entry += 1
    one.issues = 0
    if w.loops != 0:
        _count_visit(w, i, s)
    if rules.kind == ANNOTATE:
        _ask_for_labels(w, i, s, asked)
    elif rules.kind == REVIEW and not _selected(w, i, s):
        one.asked = asked
        _push(w, GO, i, s, ON)
    elif rules.kind == INSPECT:
        one.asked = asked
        _into_lot(w, i, s)
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
def issue(w: Row, i: int, s: int, replica: int, asked: int, wanted: int) -> None:
    """A task is asked for; it is ready after its hand-off, and when its batch is full."""
    rules, thing = stage(w, s), item(w, i)
    t = make(w, i, s, replica, asked)
    one = task(w, t)
    one.consensus, thing.synced = thing.synced, 0
    one.wanted = wanted
    if rules.machine == 0:
        if wanted == NONE:
            route(w, t)
        else:
            one.first_pool = worker(w, wanted).pool
        one.pool = one.first_pool
    if rules.handoff_at == 0:
        put(w, t)
        return
    ms = 1000.0 * verdicts.drawn_from(w, rules.handoff_at, verdicts.drawn_for(w, HANDOFF_DRAW, t))
    one.handoff = max(0, int(ms / w.tick + 0.5)) * w.tick
    if one.handoff == 0:
        put(w, t)
    elif w.now + one.handoff < w.horizon:
        at(w, w.now + one.handoff, HANDOFF, one.number, t, 0)


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
        waiting = task(w, cell(w, n).a)
        if waiting.entry == thing.entry and waiting.taken == 0:
            take_out(w, cell(w, n).a)
            of_stage(w, waiting.stage).load -= 1
            waiting.finished, waiting.outcome = w.now, ESCALATED
            close(w, cell(w, n).a)
        n = cell(w, n).next
    thing.patient = dropped(w, thing.patient)
    thing.asked, thing.synced = NULL, 0
    inspected = rules.kind == INSPECT
    enter(w, one.item, rules.escalate_to)
    if inspected:
        filled = lot(w, thing.lot_row)
        filled.head = without(w, filled.head, one.item)
        _inspected(w, thing.lot_row, s)
        _run(w)


@inner
def _selected(w: Row, i: int, s: int) -> bool:
    """Whether an item is reviewed at a stage: drawn once, the same in every round."""
    one, rules = item(w, i), stage(w, s)
    fraction = float_at(rules.fractions_at, one.segment)
    if rules.steps > 0 and one.votes != NONE:
        author = _giver(w, i)
        if author == NONE:
            author = cell(w, one.votes).b
        done = _tenure(w, i, author)
        for step in range(rules.steps):
            if done < int_at(rules.step_tasks_at, step):
                fraction = float_at(rules.step_shares_at, step)
                break
    return fraction >= 1.0 or verdicts.draw(w, i, SELECTED, rules.key, 0, 0) < fraction


@inner
def _tenure(w: Row, i: int, k: int) -> float:
    """Tasks that a voter had finished at the stage before."""
    one = item(w, i)
    done, n = verdicts.practice_of(w, k, one.voted), one.votes
    while n != NONE:
        if cell(w, n).b == k and cell(w, n).x >= 0.0:
            done = cell(w, n).x
        n = cell(w, n).next
    return done


@inner
def _giver(w: Row, i: int) -> int:
    """Of those who gave the label that an item has, the one with the lowest replica; NONE if nobody did."""
    one = item(w, i)
    n = one.votes
    while n != NONE:
        vote = cell(w, n)
        if vote.c == one.label:
            return vote.b
        n = vote.next
    return NONE


@inner
def _author(w: Row, i: int) -> int:
    """Of those who gave the rejected label, the one with the lowest replica, if on shift now; else NONE."""
    author = _giver(w, i)
    return author if author != NONE and on_shift(w, author) else NONE


# Judges and lots


@inner
def judged(w: Row, i: int, s: int, accepted: bool) -> None:
    """An item goes on, or back while rounds are left."""
    _judged(w, i, s, accepted)
    _run(w)


@inner
def _judged(w: Row, i: int, s: int, accepted: bool) -> None:
    one = item(w, i)
    if accepted:
        _push(w, GO, i, s, ON)
    elif one.round - one.base >= stage(w, s).rounds:
        _push(w, GO, i, s, EXHAUSTED)
    else:
        one.round += 1
        one.been = dropped(w, one.been)
        _push(w, GO, i, s, REJECTED)


@inner
def _into_lot(w: Row, i: int, s: int) -> None:
    """An item comes to an inspection: a lot fills."""
    rules, place = stage(w, s), s * w.segments + item(w, i).segment
    group = filling(w, place)
    add(w, group, i)
    if group.size >= rules.lot_size:
        close_lot(w, place)
    elif group.size == 1:
        after(w, rules.lot_wait, EXPIRE_LOT, place, group.serial)


@inner
def expire_lot(w: Row, place: int) -> None:
    """A lot has waited long enough."""
    close_lot(w, place)
    _run(w)


@inner
def close_lot(w: Row, place: int) -> None:
    """A lot is complete: a sample of it, by draws of its items, is inspected."""
    s, group = place // w.segments, filling(w, place)
    rules = stage(w, s)
    number = take(vector(w, LOTS))
    w.lots += 1
    one, scratch = lot(w, number), array(w, SCRATCH)
    one.number, one.head, one.faulty, one.open = w.lots, group.head, 0, min(rules.lot_sample, group.size)
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
    _inspected(w, number, one.stage)
    _run(w)


@inner
def _inspected(w: Row, number: int, s: int) -> None:
    lot(w, number).open -= 1
    if lot(w, number).open == 0:
        _judge(w, number, s)


@inner
def _judge(w: Row, number: int, s: int) -> None:
    """Accepts or rejects a lot. What was found wrong goes back in any case."""
    one = lot(w, number)
    _push(w, JUDGE, one.head, s, 1 if one.faulty <= stage(w, s).lot_accept else 0)
    give(vector(w, LOTS), number)


@inner
def _judge_next(w: Row, n: int, s: int, accepted: int) -> None:
    """The next item of a lot that has been judged."""
    if n == NONE:
        return
    one = cell(w, n)
    i, faulty, following = one.a, one.b, one.next
    give(vector(w, CELLS), n)
    _push(w, JUDGE, following, s, accepted)
    _judged(w, i, s, accepted != 0 and faulty == 0)
