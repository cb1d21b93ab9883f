"""What workers' time was spent on and which labels are paid, as a stream tells it while it runs. A log: sim/ledger."""

from __future__ import annotations

from ..calendars import open_before
from ..compiling import inner
from ..tables import NULL
from .codes import ANNOTATE
from .memory import NONE, Row, int_at, ints, push, put_int
from .world import TIED, array, item, of_pool, shift, stage, task, worker

PRICED, REWORK_PAID, UNIT = 1, 2, 4
"""Parts of the terms of a pool in a stretch: its labels have a price; also those of rework; times the place of what is
paid among ledger.UNITS."""

WEEK_MS = 7 * 24 * 3_600_000


@inner
def stretch_now(w: Row) -> int:
    """The stretch of the ledger's time in which the run is."""
    while w.stretch + 1 < w.stretches and int_at(w.edges_at, w.stretch + 1) <= w.now:
        w.stretch += 1
    return w.stretch


@inner
def line_of(w: Row, t: int) -> int:
    """Place of a task's activity and segment among all."""
    one = task(w, t)
    thing = item(w, one.item)
    again, question = 0 if one.round == 0 else 2 if one.rollbacks > 0 else 1, 1 if thing.gold != 0 else 0
    activity = int_at(w.activity_at, 6 * one.stage + 2 * again + question)
    return activity * (w.segments + 1) + thing.segment


@inner
def worked(w: Row, k: int, t: int, until: int) -> None:
    """A worker has been on a task up to a moment: the time on shift goes to the account of its stretch."""
    if w.streams == 0:
        return
    who, one = worker(w, k), task(w, t)
    line, lines = line_of(w, t), w.activities * (w.segments + 1)
    start, n = max(0, one.started), stretch_now(w)
    if k < w.load_people:
        _week_by_week(w, k, one.over, start, until)
    while int_at(w.edges_at, n) > start:
        begin = int_at(w.edges_at, n)
        _add(w.busy_at, (who.pool * w.stretches + n) * lines + line, _on_shift(w, k, one.over, begin, until))
        until, n = min(until, begin), n - 1
    _add(w.busy_at, (who.pool * w.stretches + n) * lines + line, _on_shift(w, k, one.over, start, until))


@inner
def _week_by_week(w: Row, k: int, over: int, start: int, until: int) -> None:
    """The time on shift of [start, until) goes to a worker's weeks."""
    while until > start:
        week = (until - 1) // WEEK_MS
        begin = max(start, week * WEEK_MS)
        _add(w.load_at, k * w.load_weeks + week, _on_shift(w, k, over, begin, until))
        until = begin


@inner
def _add(table_at: int, place: int, more: int) -> None:
    put_int(table_at, place, int_at(table_at, place) + more)


@inner
def _on_shift(w: Row, k: int, over: int, start: int, until: int) -> int:
    """Milliseconds of [start, until) in which a worker was there; past the shift, with what is done there, all."""
    hours = shift(w, worker(w, k).shift)
    n = hours.spans
    if n == NONE or over != 0 or (start >= hours.open_since and until <= hours.open_until):
        return max(0, until - start)
    if until <= start:
        return 0
    starts, ends, before = ints(hours.spans_at, n), ints(hours.spans_at + 8 * n, n), ints(hours.spans_at + 16 * n, n)
    return open_before(starts, ends, before, until) - open_before(starts, ends, before, start)


@inner
def finished(w: Row, k: int, t: int) -> None:
    """A worker has finished a task: it counts for the worker and the week of their work, and is paid by its number."""
    if w.streams == 0:
        return
    who, one = worker(w, k), task(w, t)
    worked(w, k, t, w.now)
    who.done += 1
    labelled = stage(w, one.stage).kind == ANNOTATE
    if labelled:
        if who.first == NULL:
            who.first = one.started
        week = who.pool * w.weeks + (one.started - who.first) // WEEK_MS
        _add(w.spent_at, week, one.active)
        _add(w.many_at, week, 1)
    terms = int_at(w.terms_at, who.pool * w.stretches + stretch_now(w))
    rework = labelled and one.round > 0
    if terms & PRICED and not (rework and not terms & REWORK_PAID):
        one.paid = _pieces(w, one, terms // UNIT)
        if w.tiers != 0 and one.paid > 0:
            push(array(w, TIED), t)


@inner
def _pieces(w: Row, one: Row, unit: int) -> int:
    """How much of what is paid a label is: 1, 1 if it is the first of its item, or as many as its item has objects."""
    if unit == 1:
        return 1 if one.round == 0 and one.replica == 0 else 0
    if unit == 2 and w.objects != 0:
        return int(item(w, one.item).objects)
    return 1


@inner
def number_labels(w: Row) -> None:
    """Gives paid labels their numbers in the order of finish, those of one moment in that of the log. Only when a tick
    is over."""
    tied = array(w, TIED)
    for n in range(1, tied.size):
        t, place = int_at(tied.start, n), n
        while place > 0 and _before(w, t, int_at(tied.start, place - 1)):
            put_int(tied.start, place, int_at(tied.start, place - 1))
            place -= 1
        put_int(tied.start, place, t)
    for n in range(tied.size):
        one = task(w, int_at(tied.start, n))
        account = int_at(w.account_at, one.pool)
        team, now = of_pool(w, account), stretch_now(w)
        while int_at(w.edges_at, now) > one.finished:
            now -= 1
        count = int_at(w.count_at, account * w.stretches + now)
        if team.count != count:
            team.paid, team.count = 0, count
        team.paid += one.paid
        one.paid = team.paid
    tied.size = 0


@inner
def _before(w: Row, t: int, other: int) -> bool:
    """Whether a task was finished before another, or at the same time and stands before it in the log."""
    one, two = task(w, t), task(w, other)
    if one.finished != two.finished:
        return one.finished < two.finished
    if one.item != two.item:
        return item(w, one.item).number < item(w, two.item).number
    if one.enqueued != two.enqueued:
        return one.enqueued < two.enqueued
    if one.stage != two.stage:
        return one.stage < two.stage
    return one.round < two.round or (one.round == two.round and one.replica < two.replica)
