"""What workers have in hand, and how they let go of it. See reference/bench.py."""

from __future__ import annotations

from ..calendars import open_before
from ..compiling import inner
from ..tables import NULL
from . import present, queues, sharing
from .chains import cell_of, has, without
from .codes import ANNOTATE
from .eligible import stale
from .floor import put
from .memory import NONE, Row, ints
from .results import finished
from .retiring import close
from .world import item, of_stage, shift, stage, task, worker


@inner
def open_ms(w: Row, k: int, at: int) -> int:
    """Milliseconds before a moment in which a worker of the staff was there to take tasks."""
    hours = shift(w, worker(w, k).shift)
    n = hours.spans
    starts, ends = ints(hours.spans_at, n), ints(hours.spans_at + 8 * n, n)
    return open_before(starts, ends, ints(hours.spans_at + 16 * n, n), at)


@inner
def held_now(w: Row, t: int) -> int:
    """A number of a task and of how often it was begun, which no other task ever has."""
    one = task(w, t)
    return (one.number << 12) | (one.begun & 4095)


@inner
def grab(w: Row, k: int, t: int) -> None:
    """A worker takes a task that has left its queues."""
    one = task(w, t)
    of_stage(w, one.stage).running += 1
    if stage(w, one.stage).kind == ANNOTATE:
        thing = item(w, one.item)
        thing.labellers = cell_of(w, k, 0, 0, 0.0, thing.labellers)


@inner
def last_in_hand(w: Row, k: int, t: int) -> None:
    """Puts a task behind all others in a worker's hand."""
    one = worker(w, k)
    task(w, t).next = NONE
    one.held += 1
    if one.hand == NONE:
        one.hand = t
        return
    n = one.hand
    while task(w, n).next != NONE:
        n = task(w, n).next
    task(w, n).next = t


@inner
def first_in_hand(w: Row, k: int, t: int) -> None:
    """Puts a task before all others in a worker's hand."""
    one = worker(w, k)
    task(w, t).next = one.hand
    one.hand = t
    one.held += 1


@inner
def out_of_hand(w: Row, k: int) -> int:
    """Takes the first task out of a worker's hand."""
    one = worker(w, k)
    t = one.hand
    one.hand = task(w, t).next
    one.held -= 1
    task(w, t).next = NONE
    return t


@inner
def put_down(w: Row, k: int) -> None:
    """A worker is on no task any more."""
    one = worker(w, k)
    past = task(w, one.task).over != 0
    one.task, one.idle_since = NONE, w.now
    if past:
        present.look(w, k)


@inner
def let_go(w: Row, k: int, t: int) -> None:
    """A worker does a task no longer, and has given no label."""
    one = task(w, t)
    of_stage(w, one.stage).running -= 1
    thing = item(w, one.item)
    if one.entry == thing.entry and has(w, thing.labellers, k):
        thing.labellers = without(w, thing.labellers, k)
        queues.forget(w, k)


@inner
def tidy(w: Row, k: int) -> None:
    """Lets go of what is in hand and not needed any more."""
    one = worker(w, k)
    if one.hand == NONE and one.done_head == NONE:
        return
    before, t = NONE, one.hand
    while t != NONE:
        following = task(w, t).next
        if stale(w, t):
            if before == NONE:
                one.hand = following
            else:
                task(w, before).next = following
            one.held -= 1
            let_go(w, k, t)
            sharing.gives_back(w, k, t)
            of_stage(w, task(w, t).stage).load -= 1
            task(w, t).void = 1
            close(w, t)
        else:
            before = t
        t = following
    hand_on_rest(w, k)


@inner
def hand_on(w: Row, t: int) -> None:
    """A result goes on."""
    of_stage(w, task(w, t).stage).running -= 1
    finished(w, t)


@inner
def hand_on_rest(w: Row, k: int) -> None:
    """Results that waited for what the worker no longer has in hand go on."""
    one = worker(w, k)
    if one.done_head != NONE and one.task == NONE and one.hand == NONE:
        hand_on_all(w, k)


@inner
def hand_on_all(w: Row, k: int) -> None:
    """Results of a batch go on together."""
    one = worker(w, k)
    t = one.done_head
    one.done_head = one.done_tail = NONE
    while t != NONE:
        following = task(w, t).next
        task(w, t).next = NONE
        hand_on(w, t)
        t = following


@inner
def release(w: Row, k: int, t: int) -> None:
    """A task that a worker had goes back to its queue; the worker may take it again."""
    let_go(w, k, t)
    sharing.gives_back(w, k, t)
    from_hand = task(w, t)
    from_hand.batch = NULL
    if from_hand.wanted == k:
        from_hand.wanted = NONE
    put(w, t)
