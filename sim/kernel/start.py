"""The start: who is there, what is under way, and what is to come. See reference/engine.py."""

from __future__ import annotations

from ..compiling import inner
from . import bench, people, verdicts
from .chains import cell_of
from .clock import (
    CALENDAR,
    CHANGE,
    TURN,
    after,
    ask,
    at,
)
from .codes import ANNOTATE
from .dates import LEAVE, ROLLBACK, next_arrival, next_session, next_shift
from .floor import enqueue, new_queue, take_out
from .making import item_of, make
from .memory import NONE, Row, int_at, rows
from .results import add_vote
from .routing import route
from .waiting import waits
from .world import (
    GIVEN,
    arrival,
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
    worker,
)

given_row = rows(GIVEN)


@inner
def begin(w: Row) -> None:
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
        next_shift(w, made)
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
        item_of(w, number, arrival(w, number - w.first_arrival))
    for n in range(w.opened):
        _resume(w, n)
    w.inside += w.under_way
    next_arrival(w, w.under_way)
    for p in range(w.pools):
        next_session(w, p)


@inner
def _take_on(w: Row, n: int) -> None:
    """A person of the roster."""
    who = person(w, n)
    k = people.add(w, who.pool, who.number, who.slot, who.key, who.shift)
    one = worker(w, k)
    one.leaves, one.finishing, one.mentored = who.leaves, who.finishes, who.mentored
    one.speed_luck = who.speed + who.speed_sd * one.speed_luck
    one.skill_luck = who.skill + who.skill_sd * one.skill_luck
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
            if given.label == NONE:
                given.label = verdicts.before(w, given.worker, i, s, replica)
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
        waits(w, s, 1)
        ask(w)
        return
    take_out(w, t)
    one.worker, one.started, one.active = row.worker, row.started, row.active
    bench.resume(w, row.worker, t, row.remaining)
