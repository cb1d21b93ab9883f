"""Backlogs: items that come in one moment and wait in one queue, one behind the other, with nothing between them.

At the start there may be a million. While they wait they differ from what arrived by their places alone, and those are
in order. So a queue holds the first of them, and the next is made as somebody is about to take the last or to look past
it (queues.py); the numbers of its tasks and their places are kept free for it. What arrived stays in memory meanwhile.
"""

from __future__ import annotations

from ..compiling import inner
from .clock import ask
from .codes import ANNOTATE, FIRST, INSPECT, LAST, LEAD, REVIEW
from .floor import queue_of, urgency
from .flow import admit
from .making import item_of, next_of
from .memory import NONE, Row, int_at, push, take
from .queues import put
from .waiting import waits
from .world import BACKLOGS, READY, array, arrival, backlog, node, of_pool, of_stage, pool, segment, stage, task, vector


@inner
def begins(w: Row, number: int) -> bool:
    """Whether an item that arrives, and the next, are of a backlog."""
    if number + 1 >= w.arrivals:
        return False
    one = arrival(w, number - w.first_arrival)
    rules = stage(w, w.first)
    return (
        one.arrived == arrival(w, number + 1 - w.first_arrival).arrived
        and one.sampled != 0
        and rules.pools == 1
        and pool(w, int_at(rules.pools_at, 0)).discipline != LAST
        and _together(w, one, arrival(w, number + 1 - w.first_arrival))
        and rules.machine == 0
        and rules.kind != REVIEW
        and rules.kind != INSPECT
        and rules.handoff_at == 0
        and rules.gather_size == 1
        and rules.escalate == NONE
        and w.wip == NONE
        and w.relabels == 0
        and w.preempts == 0
        and w.fair == 0
    )


@inner
def _together(w: Row, one: Row, other: Row) -> bool:
    """Whether an arrival comes with another and has the rank of it, but for the order."""
    if one.arrived != other.arrived or one.segment != other.segment:
        return False
    if pool(w, int_at(stage(w, w.first).pools_at, 0)).discipline == FIRST:
        return True
    return one.due == other.due and one.objects == other.objects


@inner
def come(w: Row, number: int) -> int:
    """A backlog comes, from an item on; the number of the item behind it."""
    b = take(vector(w, BACKLOGS))
    line, one, rules = backlog(w, b), arrival(w, number - w.first_arrival), stage(w, w.first)
    line.stage, line.pool, line.came, line.listed = w.first, int_at(rules.pools_at, 0), w.now, 1
    line.queue = queue_of(w, line.stage, line.pool, one.segment)
    line.level, line.urgency = 2 * segment(w, one.segment).priority + 1, 0
    line.labels = 1
    if rules.kind == ANNOTATE:
        line.labels = rules.lead if rules.rule == LEAD else rules.labels
    line.rows_at, line.first, line.next, line.end = w.arrival_at, w.first_arrival, number, number
    line.begin, line.order, line.serial = w.orders, w.orders, w.task_serials
    items, following = 0, number
    while following < w.arrivals and _together(w, one, arrival(w, following - w.first_arrival)):
        other = arrival(w, following - w.first_arrival)
        if other.sampled != 0:
            items, line.end = items + 1, following + 1
        else:
            admit(w, item_of(w, following, other), False)
        following += 1
    _wait(w, b, items)
    return following


@inner
def _wait(w: Row, b: int, items: int) -> None:
    """So many items of a backlog wait from now on; the first is made."""
    line = backlog(w, b)
    tasks = items * line.labels
    w.inside += items
    w.orders += tasks
    w.task_serials += tasks
    line.past = w.orders
    of_stage(w, line.stage).load += tasks
    of_pool(w, line.pool).waiting += tasks
    waits(w, line.stage, tasks)
    last = t = next_of(w, b)
    line.urgency = urgency(w, t, line.pool)
    while t != NONE:
        task(w, t).urgency = line.urgency
        put(w, line.queue, t, line.urgency)
        t = task(w, t).sibling
    if line.next < line.end:
        node(w, task(w, last).nodes).backlog = b
    push(array(w, READY), -1 - b)
    ask(w)
