"""The bench: a worker's work in hand, from taking a task to its end. See reference/bench.py, gold.py for training."""

from __future__ import annotations

from ..calendars import working_end
from ..compiling import inner
from ..draws import Purpose
from ..learning import tired_pace
from ..quantiles import LENGTH
from ..service import elapsed_ms, service_ms
from . import accounts, checking, gold, present, queues, skipping, verdicts, waiting
from .breaks import disown, empty, interrupt, skip
from .clock import COMPLETE, TRAINED, UNLOCK, after, ask, at
from .codes import ANNOTATE, FINISH, RETURN
from .eligible import barred, on_shift, stale
from .floor import charge, held_back, queue_of, room, take_out, victim
from .hands import (
    first_in_hand,
    grab,
    hand_on,
    hand_on_all,
    held_now,
    last_in_hand,
    open_ms,
    out_of_hand,
    put_down,
    tidy,
)
from .idle import free, occupy
from .memory import NONE, Row, append, float_at, floats, ints, rows
from .people import practise, rests, settle
from .retiring import close
from .world import (
    NEVER,
    RETRAINED,
    SPELL,
    array,
    item,
    node,
    of_stage,
    pool,
    queue,
    segment,
    shift,
    stage,
    task,
    worker,
)

TIME = int(Purpose.TIME)
spell_row = rows(SPELL)


@inner
def start(w: Row, k: int, t: int) -> None:
    """A worker takes a task from the floor, with as many more as the stage's batch holds, and begins."""
    who = worker(w, k)
    if who.hand == NONE:
        one = task(w, t)
        rules = stage(w, one.stage)
        take_out(w, t)
        charge(w, k, t)
        grab(w, k, t)
        if rules.batch_size == 1 and rules.gold_share <= 0.0:  # nothing comes with it, nothing before it
            one.setup = 1 if rules.setup > 0 and one.left == NONE else 0
            _begin(w, k, t)
            return
        last_in_hand(w, k, t)
        size = 1 if one.left != NONE else rules.batch_size
        if who.allowance > 0:
            size = min(size, who.allowance)
        one.setup = 1 if rules.setup > 0 and one.left == NONE else 0
        if size > 1:
            _take_more(w, k, t, max(0, min(size - 1, room(w, one.stage))))
            w.batches += 1
            while t != NONE:
                task(w, t).batch = w.batches
                t = task(w, t).next
    _next(w, k)


@inner
def _take_more(w: Row, k: int, t: int, most: int) -> None:
    """Up to `most` further tasks of a task's stage and segment that a worker may take with it, one of an item."""
    one, p = task(w, t), worker(w, k).pool
    kind = item(w, one.item).segment
    q = queue_of(w, one.stage, p, kind)
    n = NONE if q == NONE else queue(w, q).head
    while n != NONE and most > 0:
        other, n = node(w, n).task, queues.behind(w, n)
        two = task(w, other)
        if item(w, two.item).segment != kind or _has_of(w, one.next, two.item) or barred(w, k, other):
            continue
        take_out(w, other)
        charge(w, k, other)
        grab(w, k, other)
        last_in_hand(w, k, other)
        most -= 1


@inner
def _has_of(w: Row, t: int, i: int) -> bool:
    """Whether one of the tasks from t on in a hand is of an item."""
    while t != NONE:
        if task(w, t).item == i:
            return True
        t = task(w, t).next
    return False


@inner
def _next(w: Row, k: int) -> None:
    """The worker begins the first task in hand, or a test question before it."""
    tidy(w, k)
    t = worker(w, k).hand
    if t == NONE:
        free(w, k)
        ask(w)
        return
    if stage(w, task(w, t).stage).gold_share > 0.0 and task(w, t).tested == 0 and gold.due(w, t):
        first_in_hand(w, k, gold.question(w, k, t))
    _begin(w, k, out_of_hand(w, k))


@inner
def _begin(w: Row, k: int, t: int) -> None:
    one, who = task(w, t), worker(w, k)
    rules, thing = stage(w, one.stage), item(w, one.item)
    one.worker, one.pool, one.started = k, who.pool, w.now
    waiting.waits(w, one.stage, -1)
    if w.streams != 0:
        one.absent = present.absent(w, who.pool, one.ready, w.now)
    one.leaves = 1 if skipping.leaves(w, t) else 0
    if one.leaves != 0:
        skipping.begins(w, k, t)
    else:
        _give(w, k, t)
    _work(w, k, t, one.active)
    if rules.lock != NONE and thing.gold == 0:
        after(w, rules.lock, UNLOCK, t, held_now(w, t))


@inner
def _give(w: Row, k: int, t: int) -> None:
    """What a worker gives on a task that they do, and how long it takes."""
    one = task(w, t)
    labels, pace = stage(w, one.stage).kind == ANNOTATE, 1.0
    if labels:
        one.label = verdicts.label(w, k, t)
        one.suggestion = item(w, one.item).suggestion
        one.tenure = verdicts.practice_of(w, k, one.stage)
    if one.left == NONE:
        pace = _pace(w, k, t)
    if labels:
        checking.look_over(w, k, t)
    one.active = _active(w, t, pace) if one.left == NONE else one.left
    if labels and one.left != NONE:  # what is left of it; the look comes last
        one.check = min(max(one.check, 0), one.left)


@inner
def _pace(w: Row, k: int, t: int) -> float:
    """By how much a worker's task takes longer than its service time."""
    one, who = task(w, t), worker(w, k)
    rules, thing, team = stage(w, one.stage), item(w, one.item), pool(w, who.pool)
    pace = who.pace * thing.objects * float_at(team.segment_times_at, thing.segment)
    done = verdicts.practice_of(w, k, one.stage)
    pace *= verdicts.practised(done, team.time_factors_at, team.time_factors)
    if rules.kind == ANNOTATE:
        pace *= segment(w, thing.segment).time_factor
        if thing.suggestion != NONE:
            pace *= rules.accept_time if one.label == thing.suggestion else rules.fix_time
    if team.slower > 0.0:
        pace *= tired_pace(team.slower, verdicts.on_shift_ms(w, k))
    return pace


@inner
def _active(w: Row, t: int, pace: float) -> int:
    """Active time of a task, in milliseconds: its service time, a look over the label, and set-up before a batch."""
    one = task(w, t)
    rules, place = stage(w, one.stage), verdicts.place(w, TIME, t)
    active = service_ms(w.stream, item(w, one.item).key, place, floats(rules.time_at, LENGTH), pace, w.tick)
    if rules.kind == ANNOTATE:
        one.check = checking.check_ms(w, t, pace, active)
        active += one.check
    return active + (rules.setup if one.setup != 0 else 0)


@inner
def resume(w: Row, k: int, t: int, active: int) -> None:
    """A worker is on a task already when the run begins, with `active` milliseconds to go; where tasks go back at the
    end of a shift, that of somebody who is not there goes back now."""
    one = task(w, t)
    rules = stage(w, one.stage)
    grab(w, k, t)
    one.absent = one.started - one.ready  # before the origin nobody is there
    if rules.kind == ANNOTATE:
        one.label = verdicts.label(w, k, t)
        one.tenure = verdicts.practice_of(w, k, one.stage)
        one.check = 0
        checking.look_over(w, k, t)
    _work(w, k, t, active)
    if rules.shift_end == RETURN and not on_shift(w, k):
        interrupt(w, k, False)


@inner
def _work(w: Row, k: int, t: int, active: int) -> None:
    """Keeps the worker on the task for `active` milliseconds from now, as the stage says past the shift."""
    one, who = task(w, t), worker(w, k)
    occupy(w, k)
    who.task = t
    one.begun += 1
    elapsed = elapsed_ms(active, pool(w, who.pool).pace, w.tick)
    finish = w.now + elapsed
    if finish > shift(w, who.shift).open_until:
        finish = _past_shift(w, k, t, elapsed)
        if one.over != 0:
            present.look(w, k)
    if finish < w.horizon:
        at(w, finish, COMPLETE, k, t, held_now(w, t))


@inner
def _past_shift(w: Row, k: int, t: int, elapsed: int) -> int:
    """When a task ends that the shift does not hold, NEVER if not by this worker."""
    who, one = worker(w, k), task(w, t)
    hours, rules = shift(w, who.shift), stage(w, one.stage)
    if (who.finishing != 0 and hours.open_until == who.leaves) or rules.shift_end == FINISH:
        one.over = 1
        return w.now + elapsed
    if rules.shift_end == RETURN:
        who.returning = 1
        return NEVER
    n = hours.spans
    starts, ends, before = ints(hours.spans_at, n), ints(hours.spans_at + 8 * n, n), ints(hours.spans_at + 16 * n, n)
    finish = working_end(starts, ends, before, w.now, elapsed)
    if finish == NEVER and who.finishing != 0:
        one.over = 1
        done = open_ms(w, k, who.leaves) - open_ms(w, k, w.now)
        return who.leaves + elapsed - done
    return finish


@inner
def complete(w: Row, t: int, held: int) -> None:
    """A worker finishes a task: the worker goes on with what is in hand, or is free; the result goes on."""
    one = task(w, t)
    k = one.worker
    if held_now(w, t) != held or k == NONE or worker(w, k).task != t:
        return  # it was interrupted
    who, question = worker(w, k), item(w, one.item).gold != 0
    if one.leaves != 0:
        skip(w, k, t)
        go_on(w, k)
        return
    one.finished, item(w, one.item).last = w.now, who.pool
    accounts.finished(w, k, t)
    put_down(w, k)
    tidy(w, k)
    of_stage(w, one.stage).load -= 1
    if who.allowance > 0 and not question:
        who.allowance -= 1
    practise(w, k, one.stage, pool(w, who.pool).gain if w.now < who.mentored else 1.0)
    if not question:
        _result(w, k, t)
    else:
        below, s = gold.answered(w, k, t), one.stage
        close(w, t)
        if below:
            _fall_below(w, k, s)
    go_on(w, k)


@inner
def go_on(w: Row, k: int) -> None:
    """The next task in hand at once, if the worker is there; else the worker is free."""
    ask(w)
    who = worker(w, k)
    if who.idle_since == NONE or who.gone != 0:
        return
    if who.hand != NONE and shift(w, who.shift).open_until > w.now:
        _next(w, k)
        return
    if who.hand != NONE and stage(w, task(w, who.hand).stage).shift_end == RETURN:
        empty(w, k)
    free(w, k)
    if who.allowance >= 0:
        rests(w, k)


@inner
def _result(w: Row, k: int, t: int) -> None:
    """Hands a result on; with the others of its batch, where they go on together, if it counts still."""
    one, who = task(w, t), worker(w, k)
    if one.batch < 0 or stage(w, one.stage).together == 0 or stale(w, t):
        hand_on(w, t)
        return
    one.next = NONE
    if who.done_head == NONE:
        who.done_head = t
    else:
        task(w, who.done_tail).next = t
    who.done_tail = t
    n = who.hand
    while n != NONE:
        if task(w, n).batch == one.batch:
            return
        n = task(w, n).next
    hand_on_all(w, k)


@inner
def preempt(w: Row, t: int) -> None:
    """Stops whom a task may stop, and gives it to them."""
    if held_back(w, task(w, t).stage):
        return
    k = victim(w, t)
    if k != NONE:
        interrupt(w, k, True)
        empty(w, k)
        start(w, k, t)


@inner
def leave(w: Row, k: int) -> None:
    """A worker leaves for good: what waits for them goes to others; the task goes back, unless they finish it."""
    who = worker(w, k)
    who.gone = 1
    present.look(w, k)
    if who.task != NONE and who.finishing == 0:
        interrupt(w, k, False)
    empty(w, k)
    disown(w, k)
    if who.allowance >= 0:  # with that a session ends
        who.allowance = 0
        rests(w, k)


@inner
def _fall_below(w: Row, k: int, s: int) -> None:
    """What happens to a worker who has fallen below: sent home for good, or trained."""
    who, rules = worker(w, k), stage(w, s)
    if rules.retrain == 0:
        leave(w, k)
        who.cut = w.now
        return
    empty(w, k)
    who.gold_seen = who.gold_right = 0
    who.idle_since, who.training = NONE, 1
    present.look(w, k)
    hours = shift(w, who.shift)
    n = hours.spans
    back = w.now + rules.retrain
    if n != NONE:
        starts, ends = ints(hours.spans_at, n), ints(hours.spans_at + 8 * n, n)
        back = working_end(starts, ends, ints(hours.spans_at + 16 * n, n), w.now, rules.retrain)
    away = spell_row(append(array(w, RETRAINED)), 0)
    away.worker, away.start, away.end = k, w.now, back
    if back != NEVER:
        who.to_gain, who.to_fade = rules.retrain_gain, rules.retrain_half
        after(w, back - w.now, TRAINED, k, 0)


@inner
def trained(w: Row, k: int) -> None:
    """A worker has been trained."""
    who = worker(w, k)
    who.gained = who.gained - verdicts.lost_since(w, k) + who.to_gain
    who.gained_at, who.fades = w.now, who.to_fade
    settle(w, k)
    who.idle_since, who.training = w.now, 0
    present.look(w, k)
    go_on(w, k)
