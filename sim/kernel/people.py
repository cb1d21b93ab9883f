"""Workers: how they come, what they are, how sessions begin and end. See reference/workers.py and crowd.py."""

from __future__ import annotations

import math

from ..compiling import inner
from ..draws import Purpose, uniform
from ..drift import day_of
from ..tables import NULL
from . import present
from .breaks import disown, empty
from .clock import GIVE_UP, after, ask
from .idle import free
from .memory import NONE, Row, append, float_at, int_at, put_float, put_int, rows, take
from .verdicts import drawn_from
from .world import (
    MARK,
    MARKS,
    NEVER,
    PRACTICE,
    SAT,
    SESSION,
    SHIFTS,
    SPELL,
    WORKERS,
    array,
    of_pool,
    pool,
    shift,
    vector,
    worker,
)

SPEED_DRAW, SKILL_DRAW, SPAM_DRAW, FIND_DRAW, ALARM_DRAW = (
    int(one) << 56 for one in (Purpose.SPEED, Purpose.SKILL, Purpose.SPAMMER, Purpose.SENSITIVITY, Purpose.FALSE_ALARM)
)
session_row, spell_row, mark_row = rows(SESSION), rows(SPELL), rows(MARK)


@inner
def new_shift(w: Row, spans_at: int, spans: int) -> int:
    """A shift set; spans: NONE for sessions, which begin and end as they do."""
    number = take(vector(w, SHIFTS))
    one = shift(w, number)
    one.open_since = one.open_until = one.next = 0
    one.spans_at, one.spans, one.first, one.last = spans_at, spans, NONE, NONE
    return number


@inner
def add(w: Row, p: int, number: int, slot: int, key: int, hours: int) -> int:
    """A new worker. Pace and skill are drawn, keyed by the pool and the number in it."""
    k = take(vector(w, WORKERS))
    one = worker(w, k)
    one.pool, one.number, one.slot, one.key, one.shift = p, number, slot, key, hours
    one.speed_luck = drawn_from(w, w.normal_at, uniform(w.stream, key, SPEED_DRAW))
    one.skill_luck = drawn_from(w, w.normal_at, uniform(w.stream, key, SKILL_DRAW))
    one.spam_luck = uniform(w.stream, key, SPAM_DRAW)
    one.walk_day, one.walked = day_of(_came(w, hours), w.midnight), 0.0
    one.leaves, one.finishing, one.mentored, one.gained = NEVER, 0, 0, 0.0
    one.task = one.hand = one.own = one.begun = one.cut = one.done_head = one.done_tail = NONE
    one.next_of_shift = one.next_of_pool = NONE
    one.held = one.idle_since = one.seen = one.accepted = one.gold_seen = one.gold_right = one.golds = 0
    one.gone = one.listed = one.returning = one.training = one.there = one.done = 0
    one.first = NULL
    one.allowance = NONE
    one.gained_at = one.fades = 0
    for _ in range(w.stages):
        put_float(append(array(w, PRACTICE)), 0, 0.0)
    for _ in range(w.marks):
        mark_row(append(array(w, MARKS)), 0).set = 0
    team, hours_of = of_pool(w, p), shift(w, hours)
    if team.first == NONE:
        team.first = k
    else:
        worker(w, team.last).next_of_pool = k
    team.last = k
    if hours_of.first == NONE:
        hours_of.first = k
    else:
        worker(w, hours_of.last).next_of_shift = k
    hours_of.last = k
    return k


@inner
def settle(w: Row, k: int) -> None:
    """Works out a worker's pace and skill from what their pool is now."""
    one = worker(w, k)
    team = pool(w, one.pool)
    one.pace = team.speed * math.exp(team.speed_sd * one.speed_luck)
    one.deviation = team.skill_sd * one.skill_luck + one.gained
    one.skill = team.skill_mean + one.deviation
    one.finds = _own(w, one.key, FIND_DRAW, team.wrong_sd)
    one.alarms = _own(w, one.key, ALARM_DRAW, team.right_sd)
    one.spams = 1 if one.spam_luck < team.spammers else 0


@inner
def _own(w: Row, key: int, draw: int, sd: float) -> float:
    """A worker's own number, N(0, sd)."""
    return sd * drawn_from(w, w.normal_at, uniform(w.stream, key, draw)) if sd > 0.0 else 0.0


@inner
def _came(w: Row, number: int) -> int:
    """When somebody with this shift set is there first."""
    hours = shift(w, number)
    if hours.spans == NONE:
        return w.now
    return int_at(hours.spans_at, 0) if hours.spans > 0 else 0


@inner
def session(w: Row, p: int) -> None:
    """The next session of a pool begins, if enough is on offer; if its worker is on one already, that one is good for
    so many tasks more."""
    team = of_pool(w, p)
    coming = session_row(team.session_at, team.next_session)
    team.next_session += 1
    if team.waiting < coming.least:
        return
    k = int_at(team.people_at, coming.person)
    if k == NONE:
        k = add(w, p, coming.person, coming.person, coming.key, new_shift(w, 0, NONE))
        settle(w, k)
        worker(w, k).allowance = 0
        put_int(team.people_at, coming.person, k)
    one = worker(w, k)
    if one.gone != 0:
        return
    one.allowance += coming.tasks
    if one.begun == NONE:
        one.begun = w.now
        hours = shift(w, one.shift)
        hours.open_since, hours.open_until = w.now, NEVER
        present.look(w, k)
        one.idle_since = w.now
        free(w, k)
        ask(w)
        _be_patient(w, k)


@inner
def rests(w: Row, k: int) -> None:
    """A worker in session has no task in hand: the session is over, or ends when patience does."""
    if worker(w, k).allowance == 0:
        end(w, k)
    else:
        _be_patient(w, k)


@inner
def _be_patient(w: Row, k: int) -> None:
    one = worker(w, k)
    after(w, pool(w, one.pool).patience, GIVE_UP, k, one.idle_since)


@inner
def give_up(w: Row, k: int, since: int) -> None:
    """A worker in session has waited for a task as long as they do."""
    one = worker(w, k)
    if one.begun != NONE and since != NONE and one.idle_since == since:
        end(w, k)


@inner
def end(w: Row, k: int) -> None:
    """A session ends."""
    one = worker(w, k)
    over = spell_row(append(array(w, SAT)), 0)
    over.worker, over.start, over.end = k, one.begun, w.now
    one.begun = NONE
    hours = shift(w, one.shift)
    hours.open_since = hours.open_until = 0
    present.look(w, k)
    one.allowance = 0
    empty(w, k)
    disown(w, k)


@inner
def practise(w: Row, k: int, s: int, gain: float) -> None:
    """A worker has finished one more task at a stage."""
    start, place = array(w, PRACTICE).start, k * w.stages + s
    put_float(start, place, float_at(start, place) + gain)
