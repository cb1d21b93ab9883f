"""What breaks work off: the end of a shift, a task that goes first, who skips it, a lock that runs out.

See reference/breaks.py.
"""

from __future__ import annotations

from ..compiling import inner
from ..tables import NULL
from . import accounts, present, queues, sharing, skipping, waiting
from .clock import HANDOFF, ask, at
from .codes import ASKED, PREEMPTED, RETURNED, SKIPPED, VISIT
from .eligible import stale, waits
from .floor import enqueue, put, withdraw
from .gold import withdraw_question
from .hands import hand_on_rest, held_now, let_go, open_ms, out_of_hand, put_down, release, tidy
from .making import again
from .memory import NONE, Row
from .retiring import close
from .world import NEVER, item, node, of_stage, pool, queue, shift, stage, task, worker


@inner
def interrupt(w: Row, k: int, carry: bool) -> None:
    """Breaks off a worker's task; it waits again, with its remaining time if `carry`, else from the beginning."""
    t = worker(w, k).task
    one = task(w, t)
    gold = item(w, one.item).gold != 0
    carries = carry and one.leaves == 0  # a look is begun anew
    skipping.stays(w, k, t)
    if one.started == w.now and not gold:
        _undo(w, k, t)
        return
    spent = w.now - one.started
    if shift(w, worker(w, k).shift).spans != NONE and one.over == 0:
        spent = open_ms(w, k, w.now) - open_ms(w, k, one.started)
    accounts.worked(w, k, t, w.now)
    done = min(one.active, int(spent / pool(w, worker(w, k).pool).pace / w.tick) * w.tick)
    put_down(w, k)
    one.finished, one.outcome, one.label = w.now, PREEMPTED if carries else RETURNED, NONE
    if gold:
        of_stage(w, one.stage).load -= 1
        withdraw_question(w, one.item)
    else:
        _again(w, k, t, max(w.tick, one.active - done) if carries else NONE, 0)
    one.active, one.check, one.caught = done, NULL, NULL
    close(w, t)
    ask(w)


@inner
def skip(w: Row, k: int, t: int) -> None:
    """A worker has looked at a task and leaves it to somebody else; it waits again in its old place. What was asked
    waits for its answer first."""
    accounts.worked(w, k, t, w.now)
    put_down(w, k)
    tidy(w, k)
    one = task(w, t)
    asks = stage(w, one.stage).answer_at != 0
    one.finished, one.outcome = w.now, ASKED if asks else SKIPPED
    wait = skipping.answer_ms(w, t, worker(w, k).pool) if asks else 0
    one.skips += 1
    sharing.gives_back(w, k, t)
    _again(w, k, t, NONE, wait)
    close(w, t)


@inner
def _again(w: Row, k: int, t: int, left: int, wait: int) -> None:
    """What was broken off waits anew, in the place of a reissue that waits; not if nobody needs it any more, or if
    somebody else has just begun it anew. wait: before it does, milliseconds, or NEVER."""
    let_go(w, k, t)
    begun_now = False
    n = t
    while True:
        if waits(w, n):
            withdraw(w, n)
        n = task(w, n).twin
        if n == t:
            break
    while True:
        if task(w, n).enqueued == w.now and task(w, n).void == 0:
            begun_now = True
        n = task(w, n).twin
        if n == t:
            break
    one = task(w, t)
    if begun_now or stale(w, t):
        of_stage(w, one.stage).load -= 1
        return
    other = again(w, t)
    two = task(w, other)
    two.left, two.level, two.urgency, two.order = left, one.level, one.urgency, one.order
    two.check = NULL if left == NONE else one.check
    if wait == 0:
        put(w, other)
        waiting.waits(w, two.stage, 1)
        return
    two.ready = NULL
    if wait != NEVER:
        two.handoff = wait
        if w.now + wait < w.horizon:
            at(w, w.now + wait, HANDOFF, two.number, other, 1)


@inner
def _undo(w: Row, k: int, t: int) -> None:
    """A task that was begun in this tick was not begun."""
    put_down(w, k)
    one = task(w, t)
    one.worker = one.label = NONE
    one.started = one.active = one.caught = NULL
    waiting.waits(w, one.stage, 1)
    release(w, k, t)
    ask(w)


@inner
def empty(w: Row, k: int) -> None:
    """What a worker has in hand goes back; results that waited for it go on."""
    tidy(w, k)
    while worker(w, k).hand != NONE:
        t = out_of_hand(w, k)
        if item(w, task(w, t).item).gold != 0:
            withdraw_question(w, task(w, t).item)
        else:
            release(w, k, t)
    hand_on_rest(w, k)


@inner
def disown(w: Row, k: int) -> None:
    """What waits for a worker alone waits for anyone of the pool."""
    own = worker(w, k).own
    while own != NONE and queue(w, own).head != NONE:
        t = node(w, queue(w, own).head).task
        queues.unqueue(w, t)
        task(w, t).wanted = NONE
        put(w, t)
    ask(w)


@inner
def shift_ends(w: Row, number: int) -> None:
    """The tasks that go back at the end of a shift do."""
    present.look_all(w, number)
    k = shift(w, number).first
    while k != NONE:
        one = worker(w, k)
        if one.returning != 0:
            one.returning = 0
            if one.task != NONE:
                interrupt(w, k, False)
                empty(w, k)
        k = one.next_of_shift


@inner
def unlock(w: Row, t: int, held: int) -> None:
    """A task that is held beyond its lock is issued again, unless it waits for somebody already."""
    one = task(w, t)
    if held_now(w, t) != held or one.finished != NULL or one.worker == NONE or stale(w, t):
        return
    n = one.twin
    while n != t:
        if waits(w, n):
            return
        n = task(w, n).twin
    if waits(w, t):
        return
    other = again(w, t)
    thing = item(w, one.item)
    thing.issues += 1
    task(w, other).luck = max(VISIT // 2, VISIT - thing.issues)
    of_stage(w, one.stage).load += 1
    enqueue(w, other)
    waiting.waits(w, one.stage, 1)
    ask(w)
