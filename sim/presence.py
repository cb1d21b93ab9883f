"""How a person of the staff spends the time on shift: pieces of work, overtime, absence and training.

The pieces of a slot follow its calendar from step to step. Of those, a person has what lies between hiring and
leaving; missed days become absence; training and mentoring take time of the rest, from its beginning.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .calendars import NEVER, Shifts, shift_set
from .draws import Purpose, uniform, where
from .jit import jit
from .log import PRESENCE
from .tenures import Steps
from .workdays import weekly_hours, workdays

Ints = NDArray[np.int64]

WORKING = PRESENCE.index("working")
OVERTIME = PRESENCE.index("overtime")
TRAINING = PRESENCE.index("training")
ABSENT_PAID = PRESENCE.index("absent_paid")
ABSENT_UNPAID = PRESENCE.index("absent_unpaid")

_ABSENCE = where(Purpose.ABSENCE)
_DATE_SHIFT = 24  # where the field of 32 bits begins that draws give to a stage


class Pieces(NamedTuple):
    """Pieces of time in order: int64 starts, ends, and kinds as positions in PRESENCE."""

    starts: Ints
    ends: Ints
    kinds: Ints


class Post(NamedTuple):
    """The time on shift of a slot that is never empty. dates: ordinal of each piece's local date; step: its step.
    caps: of each step, milliseconds of overtime that a person may work in a week.  whole: the pieces of somebody who is
    there from beginning to end and never absent."""

    pieces: Pieces
    dates: Ints
    step: Ints
    caps: Ints
    whole: Pieces


def posts(steps: Steps, slots: int, tick: int, origin: datetime, horizon: int) -> list[Post]:
    """The posts of a pool's slots; equal ones are one object."""
    ends = [step.at for step in steps[1:]] + [horizon]
    most = [step.pool.overtime_cap_s for step in steps]
    caps = np.array([NEVER if cap is None else round(cap * 1000 / tick) * tick for cap in most])
    known: dict[tuple[object, ...], Post] = {}
    found = []
    for slot in range(slots):
        hours = tuple(
            weekly_hours(step.calendar, slot, step.pool.headcount) if slot < step.pool.headcount else ()
            for step in steps
        )
        if hours not in known:
            parts = []
            for number, (step, weekly, end) in enumerate(zip(steps, hours, ends, strict=True)):
                longer = round(step.pool.overtime_s * 1000 / tick) * tick
                days = workdays(weekly, step.calendar.timezone, step.calendar.closed, longer, origin, horizon)
                kinds = np.where(days.overtime, OVERTIME, WORKING)
                pieces, inside = within(Pieces(days.starts, days.ends, kinds), step.at, end)
                parts.append((*pieces, days.dates[inside], np.full(pieces.starts.size, number)))
            starts, until, kinds, dates, numbers = (np.concatenate(column) for column in zip(*parts, strict=True))
            pieces = Pieces(starts, until, kinds)
            known[hours] = Post(pieces, dates, numbers, caps, within_caps(pieces, dates, caps[numbers]))
        found.append(known[hours])
    return found


def within(pieces: Pieces, begin: int, end: int) -> tuple[Pieces, slice]:
    """What of sorted, disjoint pieces lies in [begin, end), and which of them do."""
    inside = slice(
        int(np.searchsorted(pieces.ends, begin, side="right")), int(np.searchsorted(pieces.starts, end, side="left"))
    )
    starts, ends = pieces.starts[inside], pieces.ends[inside]
    return Pieces(np.maximum(starts, begin), np.minimum(ends, end), pieces.kinds[inside]), inside


def attended(post: Post, steps: Steps, person: int, stream: int, hired: int, left: int) -> Pieces:
    """A person's pieces from hiring to leaving, with the days that they miss as absence, without overtime, which they
    work up to its cap.

    person: key of their draws.
    """
    pieces, dates, numbers, caps, whole = post
    if hired == 0 and left == NEVER and not any(step.pool.absence.share for step in steps):
        return whole
    if hired > 0 or left < NEVER:
        pieces, inside = within(pieces, hired, left)
        dates, numbers = dates[inside], numbers[inside]
    if not any(step.pool.absence.share for step in steps):
        return within_caps(pieces, dates, caps[numbers])
    shares = np.array([step.pool.absence.share for step in steps])
    paid = np.array([ABSENT_PAID if step.pool.absence.paid else ABSENT_UNPAID for step in steps])
    absent = missed(stream, person, dates, shares[numbers])
    there = ~absent | (pieces.kinds != OVERTIME)
    kinds = np.where(absent, paid[numbers], pieces.kinds)
    return within_caps(
        Pieces(pieces.starts[there], pieces.ends[there], kinds[there]), dates[there], caps[numbers[there]]
    )


def within_caps(pieces: Pieces, dates: Ints, caps: Ints) -> Pieces:
    """The pieces with the first overtime of each week, from Monday, up to its cap. dates, caps: of each piece."""
    if not (caps < NEVER).any():
        return pieces
    ends = capped_ends(pieces.starts, pieces.ends, pieces.kinds == OVERTIME, dates, caps)
    some = pieces.starts < ends
    return Pieces(pieces.starts[some], ends[some], pieces.kinds[some])


@jit
def capped_ends(starts: Ints, ends: Ints, overtime: NDArray[np.bool_], dates: Ints, caps: Ints) -> NDArray[np.int64]:
    """Where pieces end whose overtime is capped week by week; what is beyond the cap ends as it starts. By time."""
    until, week, worked = ends.copy(), -1, 0
    for i in range(starts.size):
        if (dates[i] - 1) // 7 != week:  # day 1 of the calendar was a Monday
            week, worked = (dates[i] - 1) // 7, 0
        if overtime[i]:
            until[i] = starts[i] + max(0, min(ends[i] - starts[i], caps[i] - worked))
            worked += until[i] - starts[i]
    return until


@jit
def missed(stream: int, person: int, dates: Ints, shares: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether a person misses each piece, which is so for all of a local date with chance `share`."""
    absent = np.zeros(dates.size, np.bool_)
    for i in range(dates.size):
        if shares[i] > 0.0:
            absent[i] = uniform(stream, person, _ABSENCE | (dates[i] << _DATE_SHIFT)) < shares[i]
    return absent


def trained(pieces: Pieces, begin: int, end: int, amount: int) -> Pieces:
    """The pieces when, of what is neither absence nor training, the first `amount` milliseconds in [begin, end) are
    spent on training; fewer if there are not so many."""
    starts, ends, kinds = pieces
    low, high = np.clip(starts, begin, end), np.clip(ends, begin, end)
    there = np.where(takes_tasks(kinds), high - low, 0)
    spent = np.clip(amount - (np.cumsum(there) - there), 0, there)
    if not spent.any():
        return pieces
    some = spent > 0
    split = low + spent
    columns = (
        np.concatenate([starts, low[some], split[some]]),
        np.concatenate([np.where(some, low, ends), split[some], ends[some]]),
        np.concatenate([kinds, np.full(int(some.sum()), TRAINING), kinds[some]]),
    )
    order = np.argsort(columns[0], kind="stable")
    order = order[columns[0][order] < columns[1][order]]
    return Pieces(*(column[order] for column in columns))


def mentored(pieces: Pieces, begin: int, end: int, amount: int) -> Pieces:
    """As trained, but from the beginning of the first shift on that begins in [begin, end)."""
    first = np.flatnonzero((pieces.starts >= begin) & takes_tasks(pieces.kinds))
    return trained(pieces, int(pieces.starts[first[0]]), end, amount) if first.size else pieces


def joined(pieces: Pieces) -> Pieces:
    """The pieces with touching ones of a kind made one: rows of presence."""
    starts, ends, kinds = pieces
    apart = (starts[1:] > ends[:-1]) | (kinds[1:] != kinds[:-1])
    first, last = np.append(True, apart)[: starts.size], np.append(apart, True)[: starts.size]
    return Pieces(starts[first], ends[last], kinds[first])


def task_time(rows: Pieces) -> Shifts:
    """The shift set of when a person takes tasks."""
    there = takes_tasks(rows.kinds)
    return shift_set(rows.starts[there], rows.ends[there])


def takes_tasks(kinds: Ints) -> NDArray[np.bool_]:
    """Which kinds are time in which tasks are taken."""
    return np.asarray((kinds == WORKING) | (kinds == OVERTIME))


def stacked(rows: Sequence[Pieces], until: int) -> tuple[Ints, Pieces]:
    """All persons' rows that begin before `until` as one table, and the person of each. Sorted rows; where persons
    share an object, it is cut once."""
    known: dict[int, Pieces] = {}
    for one in rows:
        if id(one) not in known:
            last = int(np.searchsorted(one.starts, until, side="left"))
            known[id(one)] = Pieces(*(column[:last] for column in one))
    cut = [known[id(one)] for one in rows]
    who = np.repeat(np.arange(len(cut)), [one.starts.size for one in cut])
    if not cut:
        nothing = np.zeros(0, np.int64)
        return who, Pieces(nothing, nothing, nothing)
    return who, Pieces(*(np.concatenate(column) for column in zip(*cut, strict=True)))
