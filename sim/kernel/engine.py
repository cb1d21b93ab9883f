"""The loop: all events of a tick in the order of their keys, then one dispatch. See reference/engine.py."""

from __future__ import annotations

from ..draws import Purpose
from ..tables import NULL
from . import bench, breaks, flow, gathering, machines, people, verdicts
from .chains import cell_of
from .clock import (
    CALENDAR,
    CHANGE,
    COMPLETE,
    ESCALATE,
    EXPIRE,
    EXPIRE_LOT,
    GIVE_UP,
    HANDOFF,
    KIND_BITS,
    MACHINE,
    RELEASE,
    TIMER,
    TRAINED,
    TURN,
    UNLOCK,
    after,
    ask,
    at,
    drop_first,
    event,
)
from .codes import ANNOTATE
from .compiling import entry, inner
from .eligible import on_shift
from .floor import best_task, enqueue, held_back, look_again, new_queue, take_out, taker
from .idle import enlist, free, free_all
from .making import make, new_item
from .memory import NONE, Row, append, int_at, push, put_int, rows
from .memory import free as give_back
from .results import add_vote
from .retiring import retire_all, write
from .routing import route
from .sorting import sort
from .world import (
    BY_NUMBER,
    FREED,
    GIVEN,
    HEAP,
    IDLE_HEAPS,
    ITEMS,
    READY,
    RETIRING,
    TURN_OUT,
    URGENT,
    array,
    arrival,
    filling,
    gather,
    item,
    of_pool,
    opened,
    person,
    queue,
    relabel,
    served,
    shift,
    spans,
    stage,
    stand,
    task,
    vector,
    worker,
)

LEAVE = 1 << 29
SESSION = 1 << 30
ROLLBACK = 1 << 20
RELABEL_DRAW = int(Purpose.RELABEL)
given_row = rows(GIVEN)
session_row = people.session_row


@entry
def run(worlds: Row) -> int:
    """Runs a world from its start to its end; the moment at which it ended."""
    w = worlds[0]
    _begin(w)
    if w.left == 0 and w.coming == 0:
        _write_rest(w)
        return 0
    heap = array(w, HEAP)
    while w.stop == 0:
        if heap.size > 0 and (w.asked == 0 or event(heap.start, 0).tick == w.now):
            one = event(heap.start, 0)
            if one.tick >= w.horizon:
                break
            w.now = one.tick
            _happens(w)
        elif w.asked != 0:
            w.asked = 0
            _dispatch(w)
        else:
            break
        if w.asked == 0 and array(w, RETIRING).size > 0 and array(w, READY).size == 0:
            retire_all(w)
    if w.stop == 0:
        w.now = w.horizon
    _write_rest(w)
    return w.now


@inner
def _happens(w: Row) -> None:
    """The first event of the heap."""
    one = event(array(w, HEAP).start, 0)
    kind, number, a, b = one.rank >> KIND_BITS, one.rank & ((1 << KIND_BITS) - 1), one.a, one.b
    drop_first(w)
    if kind == COMPLETE:
        bench.complete(w, a, b)
    elif kind == RELEASE:
        _arrives(w, number)
    elif kind == CALENDAR:
        if number >= SESSION:
            people.session(w, a)
            _next_session(w, a)
        elif number >= LEAVE:
            bench.leave(w, a)
        else:
            _shift(w, number, b)
    elif kind == HANDOFF:
        gathering.put(w, a)
    elif kind == TIMER:
        _rings(w, a & 15, a >> 4, b)
    elif kind == MACHINE:
        machines.complete(w, a)
    elif kind == CHANGE:
        if number >= ROLLBACK:
            _send_back(w, a)
        else:
            _change(w, a)


@inner
def _rings(w: Row, what: int, a: int, b: int) -> None:
    """A timer."""
    if what == ESCALATE:
        flow.escalate(w, a, b)
    elif what == GIVE_UP:
        people.give_up(w, a, b)
    elif what == UNLOCK:
        breaks.unlock(w, a, b)
    elif what == EXPIRE:
        if gather(w, a).serial == b:
            gathering.release(w, a)
    elif what == EXPIRE_LOT:
        if filling(w, a).serial == b:
            flow.expire_lot(w, a)
    elif what == TRAINED:
        bench.trained(w, a)
    elif what == TURN:
        _everybody_looks(w)
        after(w, a, TURN, a, 0)


@inner
def _dispatch(w: Row) -> None:
    """Who starts what, at the end of a tick."""
    if w.machines != 0:
        machines.dispatch(w)
    if w.limits != 0:
        look_again(w)
    _turn_out(w)
    freed, due, urgent = array(w, FREED), array(w, TURN_OUT), array(w, URGENT)
    count = freed.size
    for n in range(count):
        _look(w, int_at(freed.start, n))
    _forget_first(freed, count)
    for n in range(due.size):
        _give_out(w, event(due.start, n).b)
    count = urgent.size
    for n in range(count):
        t = int_at(urgent.start, n)
        if task(w, t).taken == 0:
            bench.preempt(w, t)
    _forget_first(urgent, count)


@inner
def _turn_out(w: Row) -> None:
    """What became ready, by rank."""
    ready, due = array(w, READY), array(w, TURN_OUT)
    due.size = 0
    for n in range(ready.size):
        t = int_at(ready.start, n)
        one, row = task(w, t), event(append(due), 0)
        row.tick, row.rank, row.a, row.b = one.level, one.urgency, one.order, t
    ready.size = 0
    sort(w, TURN_OUT)


@inner
def _forget_first(numbers: Row, count: int) -> None:
    """Takes the first numbers out of an array of them."""
    for n in range(count, numbers.size):
        put_int(numbers.start, n - count, int_at(numbers.start, n))
    numbers.size -= count


@inner
def _look(w: Row, k: int) -> None:
    """A worker who became available takes their best task, or waits."""
    one = worker(w, k)
    if one.idle_since == NONE or not on_shift(w, k):
        return
    t = one.hand if one.hand != NONE else best_task(w, k)
    if t != NONE:
        bench.start(w, k, t)
    else:
        enlist(w, k)


@inner
def _give_out(w: Row, t: int) -> None:
    """A task that became ready goes to its best worker, or waits."""
    if task(w, t).taken != 0 or held_back(w, task(w, t).stage):
        return
    k = taker(w, t)
    if k != NONE:
        bench.start(w, k, t)
    if w.preempts != 0 and task(w, t).taken == 0:
        push(array(w, URGENT), t)


# What comes on a date


@inner
def _shift(w: Row, number: int, closes: int) -> None:
    """Opens or closes a shift set."""
    hours = shift(w, number)
    if closes == 0:
        hours.open_since = int_at(hours.spans_at, hours.next)
        hours.open_until = int_at(hours.spans_at, hours.spans + hours.next)
        hours.next += 1
        k = hours.first
        while k != NONE:
            if worker(w, k).idle_since != NONE:
                free(w, k)
            k = worker(w, k).next_of_shift
        ask(w)
        if hours.open_until < w.horizon:
            at(w, hours.open_until, CALENDAR, number, number, 1)
            return
    else:
        hours.open_until = 0
        breaks.shift_ends(w, number)
    _next_shift(w, number)


@inner
def _next_shift(w: Row, number: int) -> None:
    hours = shift(w, number)
    if hours.next < hours.spans:
        at(w, int_at(hours.spans_at, hours.next), CALENDAR, number, number, 0)


@inner
def _next_session(w: Row, p: int) -> None:
    """The next session of a crowd is to come."""
    team = of_pool(w, p)
    if team.next_session < team.sessions:
        at(w, session_row(team.session_at, team.next_session).at, CALENDAR, SESSION + p, p, 0)


@inner
def _arrives(w: Row, number: int) -> None:
    """An item arrives."""
    flow.admit(w, _item(w, number), arrival(w, number).sampled != 0)
    _next_arrival(w, number + 1)


@inner
def _next_arrival(w: Row, number: int) -> None:
    if number < w.arrivals:
        at(w, arrival(w, number).arrived, RELEASE, number, 0, 0)


@inner
def _item(w: Row, number: int) -> int:
    """The item of an arrival."""
    i, coming = new_item(w, number), arrival(w, number)
    one = item(w, i)
    one.arrived, one.segment, one.key, one.nature = coming.arrived, coming.segment, coming.key, coming.nature
    one.truth, one.difficulty, one.objects = coming.truth, coming.difficulty, coming.objects
    one.original, one.due = coming.original, coming.due
    if w.relabels > 0:
        push(array(w, BY_NUMBER), i)
    return i


@inner
def _change(w: Row, number: int) -> None:
    """An epoch begins."""
    _hold(w, number)
    for p in range(w.pools):
        k = of_pool(w, p).first
        while k != NONE:
            people.settle(w, k)
            k = worker(w, k).next_of_pool
    _everybody_looks(w)


@inner
def _hold(w: Row, number: int) -> None:
    """What holds from now on."""
    now = stand(w, number)
    w.stand = number
    w.segment_at, w.pool_at, w.stage_at, w.way_at = now.segment_at, now.pool_at, now.stage_at, now.way_at


@inner
def _everybody_looks(w: Row) -> None:
    for p in range(w.pools):
        free_all(w, p)
    ask(w)


@inner
def _send_back(w: Row, number: int) -> None:
    """A rollback: delivered items go back."""
    rule, items = relabel(w, number), array(w, BY_NUMBER)
    w.coming -= 1
    for n in range(items.size):
        i = int_at(items.start, n)
        one = item(w, i)
        if one.delivered == NULL or one.delivered < rule.since:
            continue
        if rule.segment != NONE and rule.segment != one.segment:
            continue
        if verdicts.draw(w, i, RELABEL_DRAW, 0, one.round, 0) < rule.share:
            flow.send_back(w, i, rule.stage)
    flow.over(w)


# The start


@inner
def _begin(w: Row) -> None:
    """Everything as it is at time zero."""
    for _ in range(w.queue_count):
        new_queue(w, NONE, 0)
    for p in range(w.pools):
        team = of_pool(w, p)
        for place in range(team.served):
            line = queue(w, served(w, team.serves + place).queue)
            line.pool, line.place = p, place
    for number in range(w.shift_sets):
        hours = spans(w, number)
        made = people.new_shift(w, hours.spans_at, hours.spans)
        _next_shift(w, made)
    for n in range(w.persons):
        _take_on(w, n)
    for number in range(1, w.stands):
        if stand(w, number).at < w.horizon:
            at(w, stand(w, number).at, CHANGE, number, number, 0)
    for number in range(w.relabels):
        if relabel(w, number).at < w.horizon:
            w.coming += 1
            at(w, relabel(w, number).at, CHANGE, ROLLBACK + number, number, 0)
    for n in range(w.turns):
        after(w, int_at(w.turns_at, n), TURN, int_at(w.turns_at, n), 0)
    for number in range(w.shift_sets):
        hours = shift(w, number)
        if hours.spans > 0 and int_at(hours.spans_at, 0) == 0:
            hours.open_until = int_at(hours.spans_at, hours.spans)
    for number in range(w.under_way):
        _item(w, number)
    for n in range(w.opened):
        _resume(w, n)
    w.inside += w.under_way
    _next_arrival(w, w.under_way)
    for p in range(w.pools):
        _next_session(w, p)


@inner
def _take_on(w: Row, n: int) -> None:
    """A person of the roster."""
    who = person(w, n)
    k = people.add(w, who.pool, who.number, who.slot, who.key, who.shift)
    one = worker(w, k)
    one.leaves, one.finishing, one.mentored = who.leaves, who.finishes, who.mentored
    for s in range(w.stages):
        people.practise(w, k, s, who.experience)
    if who.leaves < w.horizon:
        at(w, who.leaves, CALENDAR, LEAVE + k, k, 0)
    people.settle(w, k)


@inner
def _resume(w: Row, n: int) -> None:
    """Puts a task of the initial state where it stands at time zero."""
    row = opened(w, n)
    i, s = row.item, row.stage
    thing = item(w, i)
    thing.round, thing.voted = row.round, s
    if thing.votes == NONE:
        for replica in range(row.given):
            given = given_row(row.given_at, replica)
            add_vote(w, i, replica, given.worker, given.label, -1.0)
            thing.authors = cell_of(w, given.worker, 0, 0, 0.0, thing.authors)
            thing.labellers = cell_of(w, given.worker, 0, 0, 0.0, thing.labellers)
        thing.label = given_row(row.given_at, 0).label if row.given > 0 else NONE
    thing.pending += 1 if stage(w, s).kind == ANNOTATE else 0
    t = make(w, i, s, row.replica, row.enqueued)
    one = task(w, t)
    if row.pool == NONE:
        route(w, t)
    else:
        one.first_pool = row.pool
    one.pool = one.first_pool
    enqueue(w, t)
    if row.worker == NONE:
        ask(w)
        return
    take_out(w, t)
    one.worker, one.started, one.active = row.worker, row.started, row.active
    bench.resume(w, row.worker, t, row.remaining)


# The end


@entry
def close_world(worlds: Row) -> None:
    """Takes a world's memory back."""
    w = worlds[0]
    for n in range(IDLE_HEAPS + w.pools):
        give_back(array(w, n).start)
        array(w, n).start = 0


@inner
def _write_rest(w: Row) -> None:
    """The rows of what is still under way, or may have come back."""
    for i in range(vector(w, ITEMS).size):
        if item(w, i).alive != 0:
            write(w, i)
