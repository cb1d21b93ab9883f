"""Queues: the waiting tasks of a stage for a pool, or for one worker alone, in the order of their ranks.

A rank is (level, urgency, order): level is twice the priority, and one more for new work; see reference/queues.py. A
queue is a list that is linked both ways, with towers over one node in eight, one tower in eight, and so on, by which a
place is found in the logarithm of the length; at the end, where first come is first served, it is found at once.
Of a backlog the next item is made behind the last one before anybody looks past that, or takes it.

A worker who has looked past tasks that they may not do does not look at them again: a mark says how far they came.
Source: Pugh, Skip lists, CACM 1990.
"""

from __future__ import annotations

from ..compiling import inner
from .eligible import barred
from .making import next_of
from .memory import NONE, Row, address, give, int_at, put_int, rows, take
from .world import (
    BACKLOGS,
    MARK,
    MARKS,
    NODES,
    TOWERS,
    array,
    backlog,
    node,
    of_pool,
    queue,
    task,
    tower,
    vector,
    worker,
)

LEVELS = 4
_TOPS = 6  # words before `top1` of a queue, less two
mark_row = rows(MARK)


@inner
def precedes(level: int, urgency: int, order: int, other: Row) -> bool:
    """Whether a rank is lower than that of a row."""
    if level != other.level:
        return level < other.level
    if urgency != other.urgency:
        return urgency < other.urgency
    return order < other.order


@inner
def follows(one: Row, level: int, urgency: int, order: int) -> bool:
    """Whether a rank is higher than that of a row."""
    if one.level != level:
        return one.level < level
    if one.urgency != urgency:
        return one.urgency < urgency
    return one.order < order


@inner
def put(w: Row, q: int, t: int, urgency: int) -> None:
    """Puts a task into a queue."""
    n, line = _node_of(w, q, t, urgency), queue(w, q)
    one = node(w, n)
    if line.tail == NONE:
        left = NONE
    elif follows(node(w, line.tail), one.level, urgency, one.order):
        left = line.tail
    else:
        left = last_before(w, q, one.level, urgency, one.order)
    _link(w, q, n, left)
    if line.marked != 0:
        _lower_marks(w, q, n)


@inner
def _node_of(w: Row, q: int, t: int, urgency: int) -> int:
    """A node for a task, which is not in its place yet."""
    n, work = take(vector(w, NODES)), task(w, t)
    one = node(w, n)
    one.task, one.queue, one.sibling, one.up, one.backlog = t, q, work.nodes, NONE, NONE
    one.level, one.urgency, one.order = work.level, urgency, work.order
    work.nodes = n
    return n


@inner
def behind(w: Row, n: int) -> int:
    """The node behind another, or NONE."""
    if node(w, n).backlog != NONE:
        _grow(w, n)
    return node(w, n).next


@inner
def _grow(w: Row, n: int) -> None:
    """Makes the next item of the backlog whose last node this is; its tasks stand behind it."""
    one = node(w, n)
    b, q, t = one.backlog, one.queue, next_of(w, one.backlog)
    one.backlog = NONE
    last = _node_of(w, q, t, one.urgency)
    _link(w, q, last, n)
    t = task(w, t).sibling
    while t != NONE:
        _link(w, q, _node_of(w, q, t, one.urgency), n)
        t = task(w, t).sibling
    if backlog(w, b).next < backlog(w, b).end:
        node(w, last).backlog = b
    elif backlog(w, b).listed == 0:
        give(vector(w, BACKLOGS), b)


@inner
def first_of(w: Row, b: int) -> int:
    """The first task of a backlog that still waits, or NONE."""
    line = backlog(w, b)
    before = last_before(w, line.queue, line.level, line.urgency, line.begin)
    n = queue(w, line.queue).head if before == NONE else node(w, before).next
    if n == NONE or not follows(node(w, n), line.level, line.urgency, line.past):
        return NONE
    return node(w, n).task


@inner
def _link(w: Row, q: int, n: int, left: int) -> None:
    """Links a node behind another, and gives it towers by chance that hangs on its order alone."""
    line, one = queue(w, q), node(w, n)
    one.prev = left
    if left == NONE:
        one.next = line.head
        line.head = n
    else:
        one.next = node(w, left).next
        node(w, left).next = n
    if one.next == NONE:
        line.tail = n
    else:
        node(w, one.next).prev = n
    luck = (one.order * 0x5851F42D4C957F2D) >> 33
    if luck & 7 == 0:
        _build(w, q, n, left, luck >> 3)


@inner
def _build(w: Row, q: int, n: int, left: int, luck: int) -> None:
    """Builds a node's towers; left: the node before it."""
    tops, below = address(queue(w, q)) + 8 * _TOPS, n
    while left != NONE and node(w, left).up == NONE:
        left = node(w, left).prev
    if left != NONE:
        left = node(w, left).up
    for level in range(1, LEVELS + 1):
        h = take(vector(w, TOWERS))
        one = tower(w, h)
        one.node, one.down, one.up, one.prev = n, below, NONE, left
        if level == 1:
            node(w, n).up = h
        else:
            tower(w, below).up = h
        if left == NONE:
            one.next = int_at(tops, 2 * level)
            put_int(tops, 2 * level, h)
        else:
            one.next = tower(w, left).next
            tower(w, left).next = h
        if one.next == NONE:
            put_int(tops, 2 * level + 1, h)
        else:
            tower(w, one.next).prev = h
        if luck & 7 != 0:
            return
        luck >>= 3
        while left != NONE and tower(w, left).up == NONE:
            left = tower(w, left).prev
        if left != NONE:
            left = tower(w, left).up
        below = h


@inner
def last_before(w: Row, q: int, level: int, urgency: int, order: int) -> int:
    """The last node of a queue with a lower rank, or NONE."""
    line = queue(w, q)
    tops, h = address(line) + 8 * _TOPS, NONE
    for height in range(LEVELS, 0, -1):
        if h == NONE:
            top = int_at(tops, 2 * height)
            if top == NONE or not follows(node(w, tower(w, top).node), level, urgency, order):
                continue
            h = top
        else:
            h = tower(w, h).down
        after = tower(w, h).next
        while after != NONE and follows(node(w, tower(w, after).node), level, urgency, order):
            h = after
            after = tower(w, h).next
    if h != NONE:
        n = tower(w, h).down
    else:
        n = line.head
        if n == NONE or not follows(node(w, n), level, urgency, order):
            return NONE
    after = node(w, n).next
    while after != NONE and follows(node(w, after), level, urgency, order):
        n = after
        after = node(w, n).next
    return n


@inner
def unqueue(w: Row, t: int) -> None:
    """Takes a task out of all queues."""
    work = task(w, t)
    n = work.nodes
    work.nodes = NONE
    while n != NONE:
        after = node(w, n).sibling
        _remove(w, n)
        n = after


@inner
def _remove(w: Row, n: int) -> None:
    one = node(w, n)
    if one.backlog != NONE:
        _grow(w, n)
    line = queue(w, one.queue)
    if one.prev == NONE:
        line.head = one.next
    else:
        node(w, one.prev).next = one.next
    if one.next == NONE:
        line.tail = one.prev
    else:
        node(w, one.next).prev = one.prev
    tops, h, level = address(line) + 8 * _TOPS, one.up, 1
    while h != NONE:
        high = tower(w, h)
        if high.prev == NONE:
            put_int(tops, 2 * level, high.next)
        else:
            tower(w, high.prev).next = high.next
        if high.next == NONE:
            put_int(tops, 2 * level + 1, high.prev)
        else:
            tower(w, high.next).prev = high.prev
        above = high.up
        give(vector(w, TOWERS), h)
        h, level = above, level + 1
    give(vector(w, NODES), n)


@inner
def first(w: Row, q: int, k: int) -> int:
    """The node of the first task of a pool's queue that a worker may take, or NONE."""
    line = queue(w, q)
    n = line.head
    if n == NONE or not barred(w, k, node(w, n).task):
        return n
    mark = mark_row(array(w, MARKS).start, k * w.marks + line.place)
    last = n
    if mark.set != 0 and follows(node(w, n), mark.level, mark.urgency, mark.order):
        last = last_before(w, q, mark.level, mark.urgency, mark.order + 1)
    n = behind(w, last)
    while n != NONE and barred(w, k, node(w, n).task):
        last = n
        n = behind(w, n)
    one = node(w, last)
    mark.set, mark.level, mark.urgency, mark.order = 1, one.level, one.urgency, one.order
    if line.marked == 0 or follows(line, mark.level, mark.urgency, mark.order):
        line.marked, line.level, line.urgency, line.order = 1, mark.level, mark.urgency, mark.order
    return n


@inner
def _lower_marks(w: Row, q: int, n: int) -> None:
    """Who has looked past the place of a new task looks at it."""
    one, line = node(w, n), queue(w, q)
    level, urgency, order = one.level, one.urgency, one.order
    if follows(line, level, urgency, order):
        return
    marks = array(w, MARKS).start
    k = of_pool(w, line.pool).first
    while k != NONE:
        mark = mark_row(marks, k * w.marks + line.place)
        if mark.set != 0 and precedes(level, urgency, order, mark):
            mark.level, mark.urgency, mark.order = level, urgency, order - 1
        k = worker(w, k).next_of_pool


@inner
def forget(w: Row, k: int) -> None:
    """A worker may take again what they once might not."""
    marks = array(w, MARKS).start
    for place in range(of_pool(w, worker(w, k).pool).served):
        mark_row(marks, k * w.marks + place).set = 0
