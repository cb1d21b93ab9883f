"""The floor: what waits, and who takes what. See reference/floor.py for the rules, idle.py for who is idle."""

from __future__ import annotations

from ..compiling import inner
from ..tables import NULL
from . import queues, sharing
from .chains import cell_of
from .clock import ESCALATE, after
from .codes import ANNOTATE, DUE, FAIR, FIRST, LAST
from .eligible import barred, may, on_shift
from .idle import best_worker, free_all
from .memory import NONE, Row, float_at, int_at, push, take
from .retiring import close
from .world import (
    QUEUES,
    READY,
    array,
    cell,
    item,
    node,
    of_pool,
    of_stage,
    pool,
    queue,
    segment,
    served,
    stage,
    task,
    vector,
    worker,
)

NO_LIMIT = 1 << 62
NO_DATE = 1 << 62


@inner
def new_queue(w: Row, p: int, place: int) -> int:
    """An empty queue. p: the pool whose people look at it, or NONE."""
    q = take(vector(w, QUEUES))
    one = queue(w, q)
    one.pool, one.place, one.head, one.tail, one.marked = p, place, NONE, NONE, 0
    one.top1 = one.top2 = one.top3 = one.top4 = NONE
    one.end1 = one.end2 = one.end3 = one.end4 = NONE
    return q


@inner
def enqueue(w: Row, t: int) -> None:
    """A task waits from now on, for its wanted worker or for anyone of its pools."""
    one = task(w, t)
    one.order = w.orders
    w.orders += 1
    one.level = 2 * segment(w, item(w, one.item).segment).priority + (0 if one.round != 0 else 1)
    one.urgency = urgency(w, t, one.first_pool)
    n = one.more
    while n != NONE:
        further = cell(w, n)
        further.b = urgency(w, t, further.a)
        n = further.next
    put(w, t)


@inner
def urgency(w: Row, t: int, p: int) -> int:
    """What a pool's discipline looks at first; for shortest, the mean active milliseconds of a task in the pool."""
    team, one = pool(w, p), task(w, t)
    if team.discipline == FIRST or team.discipline == FAIR:
        return 0
    if team.discipline == LAST:
        return -one.order
    thing = item(w, one.item)
    if team.discipline == DUE:
        return NO_DATE if thing.due == NULL else thing.due
    return expected_ms(w, t, p)


@inner
def expected_ms(w: Row, t: int, p: int) -> int:
    """Mean active milliseconds of a task in a pool, as if all its people were alike."""
    team, one = pool(w, p), task(w, t)
    thing, rules = item(w, one.item), stage(w, one.stage)
    factor = segment(w, thing.segment).time_factor if rules.kind == ANNOTATE else 1.0
    return int(rules.mean_ms * thing.objects * factor * float_at(team.segment_times_at, thing.segment))


@inner
def put(w: Row, t: int) -> None:
    """Puts a task into its queues by the rank that it has."""
    one = task(w, t)
    one.taken = 0
    if one.wanted == NONE:
        _put_into(w, t, one.first_pool, one.urgency)
        n = one.more
        while n != NONE:
            further = cell(w, n)
            _put_into(w, t, further.a, further.b)
            n = further.next
    else:
        alone = worker(w, one.wanted)
        if alone.own == NONE:
            alone.own = new_queue(w, NONE, 0)
        queues.put(w, alone.own, t, one.urgency)
    push(array(w, READY), t)
    if stage(w, one.stage).escalate != NONE:
        be_patient(w, t)


@inner
def _put_into(w: Row, t: int, p: int, first: int) -> None:
    one = task(w, t)
    kind = item(w, one.item).segment
    queues.put(w, queue_of(w, one.stage, p, kind), t, first)
    of_pool(w, p).waiting += 1
    sharing.joins(w, p, kind)


@inner
def queue_of(w: Row, s: int, p: int, kind: int) -> int:
    """Where tasks of a stage and segment wait for a pool; NONE where it does not serve the stage."""
    return int_at(w.queue_of_at, (s * w.pools + p) * w.groups + (kind if w.apart != 0 else 0))


@inner
def be_patient(w: Row, t: int) -> None:
    """A task waits, for so long at most; one that was in someone's hand may have waited longer before."""
    one = task(w, t)
    thing = item(w, one.item)
    thing.patient = cell_of(w, t, 0, 0, 0.0, thing.patient)
    left = max(0, one.ready + stage(w, one.stage).escalate - w.now)
    after(w, -(-left // w.tick) * w.tick, ESCALATE, t, one.number)


@inner
def take_out(w: Row, t: int) -> None:
    """A task leaves its queues."""
    one = task(w, t)
    one.taken = 1
    queues.unqueue(w, t)
    if one.wanted == NONE:
        kind = item(w, one.item).segment
        of_pool(w, one.first_pool).waiting -= 1
        sharing.leaves(w, one.first_pool, kind)
        n = one.more
        while n != NONE:
            further = cell(w, n)
            of_pool(w, further.a).waiting -= 1
            sharing.leaves(w, further.a, kind)
            n = further.next


@inner
def charge(w: Row, k: int, t: int) -> None:
    """A worker has taken a task: where people are shared by weight, that is work for its segment."""
    p, one = worker(w, k).pool, task(w, t)
    if w.fair != 0 and sharing.shares(w, p) and one.left == NONE:
        weight = float_at(pool(w, p).fair_at, item(w, one.item).segment)
        sharing.begins(w, k, t, max(1, int(expected_ms(w, t, p) * weight)))


@inner
def withdraw(w: Row, t: int) -> None:
    """A task that waits, for somebody or for an answer, is not needed any more: it never was."""
    one = task(w, t)
    if one.ready == NULL:
        one.taken = 1  # it is in no queue
    else:
        take_out(w, t)
    of_stage(w, one.stage).load -= 1
    one.void = 1
    close(w, t)


@inner
def room(w: Row, s: int) -> int:
    """How many more tasks may be started at a stage before one that it leads to has as much as it may have."""
    rules, least = stage(w, s), NO_LIMIT
    for place in range(rules.held):
        target = int_at(rules.held_at, place)
        limit = stage(w, target).wip
        if limit == NONE:
            continue
        limit -= of_stage(w, target).load
        for other in range(w.stages):
            if other != target and int_at(stage(w, other).leads_at, target) != 0:
                limit -= of_stage(w, other).running
        least = min(least, limit)
    return least


@inner
def held_back(w: Row, s: int) -> bool:
    """Whether nobody may start at a stage now; remembers that somebody would have."""
    if w.limits != 0 and room(w, s) <= 0:
        of_stage(w, s).closed = 1
        return True
    return False


@inner
def look_again(w: Row) -> None:
    """Idle workers look again at stages where a limit held somebody back, and does no more."""
    for s in range(w.stages):
        one = of_stage(w, s)
        if one.closed != 0:
            one.closed = 2 if room(w, s) > 0 else 1
    for p in range(w.pools):
        opens = False
        for s in range(w.stages):
            if of_stage(w, s).closed == 2 and serves(w, s, p):
                opens = True
        if opens:
            free_all(w, p)
    for s in range(w.stages):
        one = of_stage(w, s)
        one.closed = 0 if one.closed == 2 else one.closed


@inner
def serves(w: Row, s: int, p: int) -> bool:
    """Whether a pool's people work at a stage."""
    rules = stage(w, s)
    found = False
    for place in range(rules.pools):
        found = found or int_at(rules.pools_at, place) == p
    return found


@inner
def best_task(w: Row, k: int) -> int:
    """The waiting task that a worker takes next, or NONE."""
    one, best, ahead = worker(w, k), NONE, 0
    if one.own != NONE:
        best = queue(w, one.own).head
        while best != NONE and w.limits != 0 and held_back(w, task(w, node(w, best).task).stage):
            best = node(w, best).next
        if best != NONE:
            ahead = sharing.owed(w, one.pool, node(w, best).task, node(w, best).urgency)
    team = of_pool(w, one.pool)
    for place in range(team.serves, team.serves + team.served):
        line = served(w, place)
        if queue(w, line.queue).head == NONE and w.limits == 0:
            continue
        if held_back(w, line.stage) or (w.picky != 0 and not may(w, k, line.stage, line.group)):
            continue
        n = queues.first(w, line.queue, k)
        if n != NONE:
            found = node(w, n)
            first = sharing.owed(w, one.pool, found.task, found.urgency)
            if best == NONE or _precedes(found, first, node(w, best), ahead):
                best, ahead = n, first
    return NONE if best == NONE else node(w, best).task


@inner
def _precedes(one: Row, first: int, other: Row, ahead: int) -> bool:
    """Whether a node goes before another, by what is compared of them within a priority: `first`, and `ahead`."""
    if one.level != other.level:
        return one.level < other.level
    if first != ahead:
        return first < ahead
    return one.order < other.order


@inner
def instead(w: Row, k: int, t: int) -> int:
    """What a worker takes whom a task has found: where people are shared by weight, the task of a segment that is owed
    more, if one has become ready too."""
    if w.fair == 0 or not sharing.shares(w, worker(w, k).pool):
        return t
    best = best_task(w, k)
    if best == NONE or item(w, task(w, best).item).segment == item(w, task(w, t).item).segment:
        return t
    return best


@inner
def taker(w: Row, t: int) -> int:
    """The available worker who takes a task, or NONE."""
    one = task(w, t)
    if one.wanted != NONE:
        free = worker(w, one.wanted).idle_since != NONE and on_shift(w, one.wanted)
        return one.wanted if free else NONE
    k = best_worker(w, t, one.first_pool)
    n = one.more
    while k == NONE and n != NONE:
        further = cell(w, n)
        k = best_worker(w, t, further.a)
        n = further.next
    return k


@inner
def crowding(w: Row, p: int) -> float:
    """Tasks that wait for a pool or are in its people's hands, by person on shift; endless where nobody is."""
    there = held = 0
    k = of_pool(w, p).first
    while k != NONE:
        one = worker(w, k)
        if on_shift(w, k):
            there += 1
            held += one.held + (0 if one.task == NONE else 1)
        k = one.next_of_pool
    return (of_pool(w, p).waiting + held) / there if there > 0 else float("inf")


@inner
def victim(w: Row, t: int) -> int:
    """Whom a task stops that may go first, or NONE: of the workers of its pools that preempt, the one whose task has
    the highest priority number above the task's own; of several, the one who started last, then the lowest number."""
    one = task(w, t)
    best, found = _victim_of(w, t, one.first_pool, NONE), one.more
    while found != NONE:
        further = cell(w, found)
        best = _victim_of(w, t, further.a, best)
        found = further.next
    return best


@inner
def _victim_of(w: Row, t: int, p: int, best: int) -> int:
    if pool(w, p).preempts == 0:
        return best
    wants = task(w, t)
    kind_of = item(w, wants.item).segment
    k = of_pool(w, p).first
    while k != NONE:
        one = worker(w, k)
        if one.task != NONE:
            held = item(w, task(w, one.task).item)
            priority = segment(w, held.segment).priority
            stops = priority > wants.level >> 1 and held.gold == 0 and on_shift(w, k)
            stops = stops and not barred(w, k, t) and may(w, k, wants.stage, kind_of)
            if stops and (best == NONE or _rather(w, k, best)):
                best = k
        k = one.next_of_pool
    return best


@inner
def _rather(w: Row, k: int, other: int) -> bool:
    """Whether a worker is stopped rather than another."""
    one, two = task(w, worker(w, k).task), task(w, worker(w, other).task)
    mine = segment(w, item(w, one.item).segment).priority
    theirs = segment(w, item(w, two.item).segment).priority
    if mine != theirs:
        return mine > theirs
    if one.started != two.started:
        return one.started > two.started
    return k < other
