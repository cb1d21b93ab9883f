"""The people of all staff pools in one replication: who is there when, to do what.

All of it is settled before the line runs, because nothing that happens on the line changes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .calendars import NEVER, Shifts
from .line import Known, Mentoring
from .once import once
from .plan import Plan
from .presence import Pieces, attended, joined, mentored, posts, task_time, trained
from .tenures import Steps, Tenure, step_at, steps_of, tenures

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

WEEK_MS = 7 * 86_400_000


@dataclass(frozen=True, eq=False)
class Roster:
    """Everyone of the staff who is hired before the horizon, by pool and then by number. int64 arrays of one length.

    pool: position.  number: of the person within the pool, as in the log; people at the start have their slot's, those
    who take a place later follow after all slots.  slot: their place.  key: subject of their draws.
    hired: milliseconds, 0 for those there at the start.  leaves: when they leave for good, NEVER if not within the run;
    finishes: bool, then the task in hand is finished first.  experience: tasks behind them.  mentored_until: 0 for
    none.  known: float64[people, 4], speed, speed_sd, skill and skill_sd, as of Known.  shift_of: number of the shift
    set, which is when the person takes tasks.  rows: of presence, what they are there for; of those who have the same,
    one object.
    """

    pool: Ints
    number: Ints
    slot: Ints
    key: Ints
    hired: Ints
    leaves: Ints
    finishes: NDArray[np.bool_]
    experience: Ints
    mentored_until: Ints
    known: Floats
    shift_of: Ints
    shift_sets: tuple[Shifts, ...]
    rows: tuple[Pieces, ...]


class _Person(NamedTuple):
    pool: int
    number: int
    slot: int
    key: int
    hired: int
    leaves: int
    finishes: bool
    experience: int
    mentored_until: int
    known: tuple[float, float, float, float]


def roster(plan: Plan, stream: int) -> Roster:
    """The roster of one replication. Pools of a crowd have nobody here."""
    return settled(plan) or _roster(plan, stream)


@once
def settled(plan: Plan) -> Roster | None:
    """The roster of all replications, where nobody leaves or is absent by luck; None elsewhere."""
    pools = [step.pool for steps in steps_of(plan.line) for step in steps if step.pool.sessions is None]
    lucky = any(pool.turnover.hazard_per_year > 0.0 or pool.absence.share > 0.0 for pool in pools)
    return None if lucky else _roster(plan, stream=0)


def _roster(plan: Plan, stream: int) -> Roster:
    people: list[_Person] = []
    pieces: list[Pieces] = []
    for number, steps in enumerate(steps_of(plan.line)):
        if steps[0].pool.sessions is None:
            for person, own in _pool(plan, number, steps, stream):
                people.append(person)
                pieces.append(own)
    rows, shift_of, sets = _shared(pieces)
    columns = np.array([person[:-1] for person in people], np.int64).reshape(-1, len(_Person._fields) - 1).T.copy()
    pool, number_in, slot, key, hired, leaves, finishes, experience, until = columns
    return Roster(
        pool=pool,
        number=number_in,
        slot=slot,
        key=key,
        hired=hired,
        leaves=leaves,
        finishes=finishes.astype(np.bool_),
        experience=experience,
        mentored_until=until,
        known=np.array([person.known for person in people], np.float64).reshape(-1, 4),
        shift_of=shift_of,
        shift_sets=sets,
        rows=tuple(rows),
    )


def _shared(pieces: list[Pieces]) -> tuple[list[Pieces], Ints, tuple[Shifts, ...]]:
    """Rows of presence of all persons, the number of each one's shift set, and the sets; what is equal is one."""
    known: dict[int, tuple[Pieces, int]] = {}
    numbers: dict[tuple[bytes, bytes], int] = {}
    sets: list[Shifts] = []
    for own in pieces:
        if id(own) not in known:  # of a plain pool, all have the pieces of their slot's calendar
            rows = joined(own)
            shifts = task_time(rows)
            number = numbers.setdefault((shifts.starts.tobytes(), shifts.ends.tobytes()), len(sets))
            if number == len(sets):
                sets.append(shifts)
            known[id(own)] = (rows, number)
    shift_of = np.array([known[id(own)][1] for own in pieces], np.int64)
    return [known[id(own)][0] for own in pieces], shift_of, tuple(sets)


def _pool(plan: Plan, number: int, steps: Steps, stream: int) -> Iterator[tuple[_Person, Pieces]]:
    """The people of a pool, by number, and how they spend their time."""
    assert all(step.pool.sessions is None for step in steps), f"{steps[0].pool.name} is staff from beginning to end"
    key, tick, horizon = plan.pools[number].key, plan.tick, plan.horizon
    most = max(step.pool.headcount for step in steps)
    place = posts(steps, most, tick, plan.line.origin, horizon)
    terms = tenures(steps, key, stream, tick, horizon, plan.exponential)
    terms.sort(key=lambda term: (term.generation, term.slot))
    pieces = [attended(place[term.slot], steps, term.key, stream, term.hired, term.left) for term in terms]
    _train(plan, steps, terms, pieces)
    until = _mentor(steps, terms, pieces, tick)
    start = steps[0].pool
    of_slot = {one.slot: one for one in start.known}
    for i, term in enumerate(terms):
        of_all = start.learning.experience if term.hired == 0 else 0
        one = of_slot.get(term.slot, Known(term.slot, of_all)) if term.hired == 0 else Known(term.slot)
        person = most * term.generation + term.slot
        when = term.hired, term.left, term.finishes
        known = one.speed, one.speed_sd, one.skill, one.skill_sd
        whole = _Person(number, person, term.slot, term.key, *when, one.experience, until[i], known)
        yield whole, pieces[i]


def _train(plan: Plan, steps: Steps, terms: list[Tenure], pieces: list[Pieces]) -> None:
    """Takes out of the pieces what hires are trained before their first task, and then what everyone is, by date."""
    courses = [
        (round(course.at_s * 1000), _whole(course.hours * 3600, plan.tick))
        for course in sorted(plan.line.trainings, key=lambda course: course.at_s)
        if course.pool == steps[0].pool.name
    ]
    for i, term in enumerate(terms):
        if term.hired > 0:
            amount = _whole(step_at(steps, term.hired).pool.turnover.training_s, plan.tick)
            if amount:
                pieces[i] = trained(pieces[i], term.hired, NEVER, amount)
        for at, amount in courses:
            if term.hired <= at < term.left:
                pieces[i] = trained(pieces[i], at, NEVER, amount)


def _mentor(steps: Steps, terms: list[Tenure], pieces: list[Pieces], tick: int) -> list[int]:
    """Until when each person is mentored, 0 for none; takes out of the mentors' pieces what that costs.

    Weeks are counted from hiring. The mentors are those of the start who are still there as a week begins, in turn
    through all hires' weeks in order of time; where none is left, mentoring ends.
    """
    until = [0] * len(terms)
    mentors = [i for i, term in enumerate(terms) if term.hired == 0]
    weeks: list[tuple[int, int, Mentoring]] = []
    for i, term in enumerate(terms):
        rule = step_at(steps, term.hired).pool.mentoring
        if term.hired > 0 and (rule.gain != 1.0 or rule.hours_per_week > 0.0):
            weeks += [(term.hired + week * WEEK_MS, i, rule) for week in range(rule.weeks)]
    turn = 0
    for begin, hire, rule in sorted(weeks, key=lambda week: week[:2]):
        there = [turn + k for k in range(len(mentors)) if terms[mentors[(turn + k) % len(mentors)]].left > begin]
        if not there or begin >= terms[hire].left:
            continue
        mentor = mentors[there[0] % len(mentors)]
        turn = there[0] + 1
        until[hire] = begin + WEEK_MS
        amount = _whole(rule.hours_per_week * 3600, tick)
        if amount:
            pieces[mentor] = mentored(pieces[mentor], begin, begin + WEEK_MS, amount)
    return until


def _whole(seconds: float, tick: int) -> int:
    """Milliseconds in whole ticks."""
    return round(seconds * 1000 / tick) * tick
