"""What comes on a date: shifts, sessions, arrivals, epochs, turns and rollbacks. See reference/engine.py."""

from __future__ import annotations

from ..compiling import inner
from ..draws import Purpose
from ..tables import NULL
from . import backlogs, breaks, flow, people, present, verdicts
from .clock import (
    CALENDAR,
    RELEASE,
    ask,
    at,
)
from .idle import free, free_all
from .making import item_of
from .memory import NONE, Row, int_at
from .world import (
    BY_NUMBER,
    array,
    arrival,
    item,
    of_pool,
    relabel,
    shift,
    stand,
    worker,
)

LEAVE = 1 << 29
SESSION = 1 << 30
ROLLBACK = 1 << 20
"""Numbers of the first departure and the first pool's sessions among the events of a calendar, and of the first
rollback among the changes, as in the reference."""

RELABEL_DRAW = int(Purpose.RELABEL)
session_row = people.session_row


@inner
def open_or_close(w: Row, number: int, closes: int) -> None:
    """Opens or closes a shift set."""
    hours = shift(w, number)
    if closes == 0:
        hours.open_since = int_at(hours.spans_at, hours.next)
        hours.open_until = int_at(hours.spans_at, hours.spans + hours.next)
        hours.next += 1
        present.look_all(w, number)
        k = hours.first
        while k != NONE:
            if worker(w, k).idle_since != NONE:
                free(w, k)
            k = worker(w, k).next_of_shift
        ask(w)
        if hours.open_until < w.horizon:
            at(w, hours.open_until, CALENDAR, number, number, 1)
            return
    else:
        hours.open_until = 0
        breaks.shift_ends(w, number)
    next_shift(w, number)


@inner
def next_shift(w: Row, number: int) -> None:
    hours = shift(w, number)
    if hours.next < hours.spans:
        at(w, int_at(hours.spans_at, hours.next), CALENDAR, number, number, 0)


@inner
def next_session(w: Row, p: int) -> None:
    """The next session of a crowd is to come."""
    team = of_pool(w, p)
    if team.next_session < team.sessions:
        at(w, session_row(team.session_at, team.next_session).at, CALENDAR, SESSION + p, p, 0)


@inner
def arrives(w: Row, number: int) -> None:
    """An item arrives, or all of a backlog."""
    following = number + 1
    if backlogs.begins(w, number):
        following = backlogs.come(w, number)
    else:
        coming = arrival(w, number - w.first_arrival)
        flow.admit(w, item_of(w, number, coming), coming.sampled != 0)
    next_arrival(w, following)


@inner
def next_arrival(w: Row, number: int) -> None:
    if number < w.arrivals:
        at(w, arrival(w, number - w.first_arrival).arrived, RELEASE, number, 0, 0)
    elif w.more != 0:
        w.wants = 1


@inner
def change(w: Row, number: int) -> None:
    """An epoch begins."""
    _hold(w, number)
    for p in range(w.pools):
        k = of_pool(w, p).first
        while k != NONE:
            people.settle(w, k)
            k = worker(w, k).next_of_pool
    everybody_looks(w)


@inner
def _hold(w: Row, number: int) -> None:
    """What holds from now on."""
    now = stand(w, number)
    w.stand = number
    w.segment_at, w.pool_at, w.stage_at, w.way_at = now.segment_at, now.pool_at, now.stage_at, now.way_at


@inner
def everybody_looks(w: Row) -> None:
    for p in range(w.pools):
        free_all(w, p)
    ask(w)


@inner
def send_back(w: Row, number: int) -> None:
    """A rollback: delivered items go back."""
    rule, items = relabel(w, number), array(w, BY_NUMBER)
    w.coming -= 1
    for n in range(items.size):
        i = int_at(items.start, n)
        one = item(w, i)
        if one.delivered == NULL or one.delivered < rule.since:
            continue
        if rule.segment != NONE and rule.segment != one.segment:
            continue
        if verdicts.draw(w, i, RELABEL_DRAW, 0, one.round, 0) < rule.share:
            flow.send_back(w, i, rule.stage)
    flow.over(w)
