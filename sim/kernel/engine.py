"""The loop: all events of a tick in the order of their keys, then one dispatch. See reference/engine.py."""

from __future__ import annotations

from ..compiling import entry, inner
from ..tables import NULL
from . import accounts, bench, breaks, chunks, dates, flow, gathering, machines, people, queues, waiting
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
    drop_first,
    event,
)
from .eligible import on_shift
from .floor import best_task, held_back, instead, look_again, taker
from .idle import enlist
from .making import next_of
from .memory import NONE, Row, append, give, int_at, push, put_int
from .memory import free as give_back
from .retiring import retire, retire_all, write
from .sorting import sort
from .start import begin
from .world import (
    BACKLOGS,
    FREED,
    HEAP,
    IDLE_HEAPS,
    ITEMS,
    READY,
    RETIRING,
    TURN_OUT,
    URGENT,
    WORKERS,
    array,
    backlog,
    filling,
    gather,
    item,
    task,
    vector,
    worker,
)

BEFORE, RUNNING, REST = range(3)
"""Phases of a run. REST: it is over, and rows are still to be written."""

OVER, FULL, WANTS = range(3)
"""Why `run` comes back. FULL: there are rows to be folded.  WANTS: for the next items that are to come."""


@entry
def run(worlds: Row) -> int:
    """Runs a world from where it stands to its end, or until something is asked of the caller; which. `ended` says when
    it was over."""
    w = worlds[0]
    if w.phase == BEFORE:
        begin(w)
        w.phase = RUNNING
    if w.phase == RUNNING:
        if w.wants != 0:
            w.wants = 0
            dates.next_arrival(w, w.first_arrival)
        why = OVER
        if w.left > 0 or w.coming > 0:
            why = _go_on(w)
        if why != OVER:
            return why
        w.ended, w.phase, w.rest = w.now, REST, 0
        _end(w)
    return _write_rest(w)


@inner
def _go_on(w: Row) -> int:
    """The loop, until the run is over or something is asked of the caller."""
    heap = array(w, HEAP)
    while w.stop == 0:
        if w.wants != 0:
            return WANTS
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
        if array(w, RETIRING).size > 0 and _nothing_is_left_to_do(w):
            accounts.number_labels(w)
            retire_all(w)
            if w.streams != 0 and chunks.full(w):
                return FULL
    if w.stop == 0:
        w.now = w.horizon
    return OVER


@inner
def _nothing_is_left_to_do(w: Row) -> bool:
    """Whether what is over may retire; where labels are numbered, only when the tick is over."""
    if w.asked != 0 or array(w, READY).size > 0:
        return False
    heap = array(w, HEAP)
    return w.tiers == 0 or heap.size == 0 or event(heap.start, 0).tick > w.now


@inner
def _end(w: Row) -> None:
    """What only a stream accounts for while it runs comes to its end."""
    if w.streams != 0:
        accounts.number_labels(w)
        waiting.ends(w)
        for k in range(vector(w, WORKERS).size):
            one = worker(w, k)
            if one.task != NONE and task(w, one.task).finished == NULL:
                accounts.worked(w, k, one.task, w.ended)


@inner
def _happens(w: Row) -> None:
    """The first event of the heap."""
    one = event(array(w, HEAP).start, 0)
    kind, number, a, b = one.rank >> KIND_BITS, one.rank & ((1 << KIND_BITS) - 1), one.a, one.b
    drop_first(w)
    if kind == COMPLETE:
        bench.complete(w, a, b)
    elif kind == RELEASE:
        dates.arrives(w, number)
    elif kind == CALENDAR:
        if number >= dates.SESSION:
            people.session(w, a)
            dates.next_session(w, a)
        elif number >= dates.LEAVE:
            bench.leave(w, a)
        else:
            dates.open_or_close(w, number, b)
    elif kind == HANDOFF:
        if b != 0:  # the answer to a question, whose task may be withdrawn by now, and its place taken
            if task(w, a).number == number and task(w, a).void == 0:
                gathering.ready(w, a)
        else:
            gathering.put(w, a)
    elif kind == TIMER:
        _rings(w, a & 15, a >> 4, b)
    elif kind == MACHINE:
        machines.complete(w, a)
    elif kind == CHANGE:
        if number >= dates.ROLLBACK:
            dates.send_back(w, a)
        else:
            dates.change(w, a)


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
        dates.everybody_looks(w)
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
        t = event(due.start, n).b
        if t >= 0:
            _give_out(w, t)
        else:
            _give_out_backlog(w, -1 - t)
    count = urgent.size
    for n in range(count):
        t = int_at(urgent.start, n)
        if task(w, t).taken == 0:
            bench.preempt(w, t)
    _forget_first(urgent, count)


@inner
def _turn_out(w: Row) -> None:
    """What became ready, by rank. A number below nought is that of a backlog: -1 is the first."""
    ready, due = array(w, READY), array(w, TURN_OUT)
    due.size = 0
    for n in range(ready.size):
        t = int_at(ready.start, n)
        row = event(append(due), 0)
        if t >= 0:
            one = task(w, t)
            row.tick, row.rank, row.a, row.b = one.level, one.urgency, one.order, t
        else:
            line = backlog(w, -1 - t)
            row.tick, row.rank, row.a, row.b = line.level, line.urgency, line.begin, t
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
    while k != NONE:
        chosen = instead(w, k, t)
        bench.start(w, k, chosen)
        k = NONE if chosen == t or held_back(w, task(w, t).stage) else taker(w, t)
    if w.preempts != 0 and task(w, t).taken == 0:
        push(array(w, URGENT), t)


@inner
def _give_out_backlog(w: Row, b: int) -> None:
    """Of a backlog that has come, each goes to its best worker, until there is none: for those behind it there is none
    either."""
    t = queues.first_of(w, b)
    while t != NONE:
        _give_out(w, t)
        t = queues.first_of(w, b) if task(w, t).taken != 0 else NONE
    line = backlog(w, b)
    line.listed = 0
    if line.next == line.end:
        give(vector(w, BACKLOGS), b)


@entry
def close_world(worlds: Row) -> None:
    """Takes a world's memory back."""
    w = worlds[0]
    for n in range(IDLE_HEAPS + 2 * w.pools):
        give_back(array(w, n).start)
        array(w, n).start = 0


@inner
def _write_rest(w: Row) -> int:
    """The rows of what is still under way, or may have come back."""
    while w.rest < vector(w, ITEMS).size:
        i = w.rest
        w.rest += 1
        if item(w, i).alive != 0:
            write(w, i)
            if w.streams != 0 and chunks.full(w):
                return FULL
    lines = vector(w, BACKLOGS)
    while lines.size > 0:
        while backlog(w, lines.size - 1).next < backlog(w, lines.size - 1).end:
            retire(w, task(w, next_of(w, lines.size - 1)).item)
            if w.streams != 0 and chunks.full(w):
                return FULL
        lines.size -= 1
    return OVER
