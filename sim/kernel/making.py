"""Items and tasks: how they come into being. Those of a backlog do as somebody comes to look at them."""

from __future__ import annotations

from ..compiling import inner
from ..tables import NULL
from .chains import cell_of
from .codes import ANNOTATE, VISIT
from .memory import NONE, Row, push, rows, take
from .world import ARRIVAL, BY_NUMBER, ITEMS, TASKS, array, backlog, cell, item, of_stage, stage, task, vector

arrival_row = rows(ARRIVAL)


@inner
def new_item(w: Row, number: int) -> int:
    """An item that has met nothing yet; the caller says what it is."""
    i = take(vector(w, ITEMS))
    one = item(w, i)
    one.number, one.gold = number, 0
    one.alive, one.settled, one.open, one.tasks = 1, 0, 0, NONE
    one.round = one.base = one.pending = one.entry = one.issues = one.synced = one.voters = one.rollbacks = 0
    one.skips = 0
    one.label = one.suggestion = one.voted = one.lot_row = one.sent_back = one.dropped_as = one.last = NONE
    one.lot = one.asked = one.delivered = one.dropped = one.refused_lot = one.refused_at = NULL
    one.votes = one.labellers = one.authors = one.judges = one.skippers = one.been = one.patient = NONE
    return i


@inner
def item_of(w: Row, number: int, coming: Row) -> int:
    """The item of an arrival."""
    i = new_item(w, number)
    one = item(w, i)
    one.arrived, one.segment, one.key, one.nature = coming.arrived, coming.segment, coming.key, coming.nature
    one.truth, one.difficulty, one.objects = coming.truth, coming.difficulty, coming.objects
    one.original, one.due = coming.original, coming.due
    if w.relabels > 0:
        push(array(w, BY_NUMBER), i)
    return i


@inner
def new_task(w: Row, i: int, s: int, replica: int, visit: int, asked: int, number: int) -> int:
    """A task of an item at a stage, asked for at `asked`, with a number of its own."""
    t = take(vector(w, TASKS))
    one, thing = task(w, t), item(w, i)
    one.item, one.stage, one.round, one.replica, one.visit = i, s, thing.round, replica, visit
    one.entry, one.luck, one.rollbacks = thing.entry, replica, thing.rollbacks
    one.number = number
    one.order = one.begun = one.level = one.urgency = 0
    one.enqueued = one.ready = asked
    one.consensus = one.handoff = 0
    one.started = one.finished = one.active = one.batch = NULL
    one.pool = one.first_pool = one.wanted = one.worker = one.label = one.suggestion = one.outcome = NONE
    one.tier = NONE
    one.left = one.more = one.nodes = one.next = NONE
    one.tenure = 0.0
    one.absent = one.paid = 0
    one.taken = one.setup = one.over = one.tested = one.counted = one.void = one.closed = 0
    one.charged = one.leaves = one.skips = 0
    one.check = one.caught = NULL
    one.twin, one.sibling = t, thing.tasks
    thing.tasks = t
    thing.open += 1
    return t


@inner
def make(w: Row, i: int, s: int, replica: int, asked: int) -> int:
    """A new task for which a stage has been asked."""
    visit = visits(w, i, s)
    assert visit < VISIT
    t = new_task(w, i, s, replica, visit, asked, _serial(w))
    of_stage(w, s).load += 1
    return t


@inner
def _serial(w: Row) -> int:
    """A number that no task has yet."""
    w.task_serials += 1
    return w.task_serials - 1


@inner
def next_of(w: Row, b: int) -> int:
    """Makes the next item of a backlog, as it was when it came; the last of its tasks."""
    line = backlog(w, b)
    while arrival_row(line.rows_at, line.next - line.first).sampled == 0:
        line.next += 1
    i = item_of(w, line.next, arrival_row(line.rows_at, line.next - line.first))
    line.next += 1
    one, t = item(w, i), NONE
    one.entry = 1
    if w.loops != 0:
        one.been = cell_of(w, line.stage, 1, 0, 0.0, NONE)
    if stage(w, line.stage).kind == ANNOTATE:
        one.voted, one.pending = line.stage, line.labels
    for replica in range(line.labels):
        t = new_task(w, i, line.stage, replica, 0, line.came, line.serial)
        work = task(w, t)
        work.pool = work.first_pool = line.pool
        work.level, work.urgency, work.order = line.level, line.urgency, line.order
        line.serial += 1
        line.order += 1
    return t


@inner
def again(w: Row, t: int) -> int:
    """The same work, to be done by another or later, from now on; a twin."""
    one = task(w, t)
    other = new_task(w, one.item, one.stage, one.replica, one.visit, w.now, _serial(w))
    two = task(w, other)
    two.round, two.entry, two.suggestion, two.luck = one.round, one.entry, one.suggestion, one.luck
    two.first_pool, two.pool, two.tested = one.first_pool, one.pool, one.tested
    two.tier, two.rollbacks, two.skips = one.tier, one.rollbacks, one.skips
    two.more, two.twin, one.twin = _copied(w, one.more), one.twin, other
    return other


@inner
def _copied(w: Row, head: int) -> int:
    """A copy of a chain."""
    copy = last = NONE
    while head != NONE:
        one = cell(w, head)
        n = cell_of(w, one.a, one.b, one.c, one.x, NONE)
        if last == NONE:
            copy = n
        else:
            cell(w, last).next = n
        head, last = one.next, n
    return copy


@inner
def visits(w: Row, i: int, s: int) -> int:
    """How often an item was at a stage before, in this round."""
    n = item(w, i).been
    while n != NONE:
        one = cell(w, n)
        if one.a == s:
            return one.b - 1
        n = one.next
    return 0
