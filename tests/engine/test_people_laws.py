"""Laws of a roster, for any terms of work; and its shares and lengths of stay against what was asked for."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from staff import DAILY, DAY, DAY_S, HOUR, Rows, plan_of, roster, rows, shift

from labelcast.sim.calendars import NEVER
from labelcast.sim.draws import stream
from labelcast.sim.line import Absence, Calendar, Epoch, Learning, Mentoring, Pool, Training, Turnover
from labelcast.sim.presence import stacked
from labelcast.sim.rosters import Roster

NIGHTS = Calendar(
    "nights", "Europe/Paris", tuple((d, a, b) for d in range(6) for a, b in ((0, 14_400), (79_200, 86_400)))
)
ALWAYS_ON = Calendar("on", "UTC", tuple((d, 0, 86_400) for d in range(7)), closed=("2027-01-20",))
VARYING = Calendar("varying", "Asia/Kolkata", availability=tuple(0.1 * (h % 11) for h in range(168)))
CALENDARS = (DAILY, NIGHTS, ALWAYS_ON, VARYING)
DAYS = 50

pools = st.builds(
    Pool,
    st.just("team"),
    st.integers(0, 5),
    st.sampled_from([one.name for one in CALENDARS]),
    overtime_s=st.sampled_from([0.0, 5400.0, 40_000.0]),
    overtime_cap_s=st.sampled_from([None, 0.0, 9000.0]),
    absence=st.builds(Absence, st.sampled_from([0.0, 0.2, 1.0]), st.booleans()),
    turnover=st.builds(
        Turnover, st.sampled_from([0.0, 5.0, 500.0]), st.sampled_from([0.0, 3 * DAY_S]), st.just(30_000.0)
    ),
    mentoring=st.builds(Mentoring, st.sampled_from([0.0, 5.0, 60.0])),
)
lines = given(
    steps=st.lists(pools, min_size=1, max_size=4),
    training=st.sampled_from([0.0, 10.0, 400.0]),
    seed=st.integers(0, 1 << 40),
    tick=st.sampled_from([0.001, 60.0]),
)


def found(steps: list[Pool], training: float, seed: int, tick: float) -> Roster:
    """The roster of a pool that changes every twelve days."""
    epochs = [Epoch(12 * (i + 1) * DAY_S, pools=(pool,)) for i, pool in enumerate(steps[1:])]
    trainings = [Training(9.4 * DAY_S, "team", training)] if training else []
    plan = plan_of(steps[:1], DAYS, CALENDARS, epochs, trainings, tick_s=tick)
    return roster(plan, stream(seed, 0))


def in_order(presence: Rows) -> bool:
    """Whether rows of one person are sorted, disjoint, not empty, and maximal."""
    touching = itertools.pairwise(presence)
    return all(a < b for _, a, b in presence) and all(
        b < c or (b == c and one != other) for (one, _, b), (other, c, _) in touching
    )


def union(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Sorted disjoint spans with touching ones joined."""
    joined: list[tuple[float, float]] = []
    for start, end in spans:
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


@settings(max_examples=60, deadline=None)
@lines
def test_presence_is_disjoint_and_its_task_time_is_the_shift_set(
    steps: list[Pool], training: float, seed: int, tick: float
) -> None:
    """Each person's rows are in order, inside the run and between hiring and leaving; working and overtime together are
    the shift set; shift sets differ; persons have keys of their own; all times are whole ticks."""
    people = found(steps, training, seed, tick)
    horizon = 24.0 * DAYS
    for worker in range(people.pool.size):
        presence = rows(people, worker)
        assert in_order(presence)
        first, last = people.hired[worker] / HOUR, min(people.leaves[worker] / HOUR, horizon)
        assert all(first <= start and end <= last for _, start, end in presence)
        assert union([(a, b) for kind, a, b in presence if kind in ("working", "overtime")]) == shift(people, worker)
    sets = [(one.starts.tobytes(), one.ends.tobytes()) for one in people.shift_sets]
    assert len(set(sets)) == len(sets)
    assert len(set(people.key.tolist())) == people.key.size
    who, all_rows = stacked(people.rows, round(horizon * HOUR / 2))
    assert who.tolist() == sorted(who.tolist())
    seen = [(w, s / HOUR, e / HOUR) for w, s, e in zip(who, all_rows.starts, all_rows.ends, strict=True)]
    assert seen == [(w, s, e) for w in range(people.pool.size) for _, s, e in rows(people, w) if s < horizon / 2]
    assert sorted(zip(people.pool, people.number, strict=True)) == list(zip(people.pool, people.number, strict=True))
    ticks = np.concatenate([*(column for own in people.rows for column in own[:2]), people.hired])
    assert not (ticks % round(1000 * tick)).any()


@settings(max_examples=30, deadline=None)
@lines
def test_absence_and_training_take_time_and_give_none(
    steps: list[Pool], training: float, seed: int, tick: float
) -> None:
    """The rows of a person without overtime cover exactly what they cover where nobody is ever absent or trained: so
    that working, training and absent time sum to the time that the calendar has, and the rest is off."""
    steps = [replace(pool, overtime_s=0.0) for pool in steps]
    plain = [
        replace(p, absence=Absence(), mentoring=Mentoring(), turnover=replace(p.turnover, training_s=0.0))
        for p in steps
    ]
    people, before = found(steps, training, seed, tick), found(plain, 0.0, seed, tick)
    assert people.key.tolist() == before.key.tolist()
    for worker in range(people.pool.size):
        assert union([row[1:] for row in rows(people, worker)]) == shift(before, worker)


@settings(max_examples=30, deadline=None)
@given(pool=pools.filter(lambda pool: pool.calendar != "varying"), seed=st.integers(0, 1 << 40))
def test_one_more_slot_changes_nobody_elses_presence(pool: Pool, seed: int) -> None:
    """Mentoring apart, which is in turn: everyone of n slots, and all who take their places, are as they were."""
    pool = replace(pool, mentoring=Mentoring())
    fewer = found([pool], 10.0, seed, 0.001)
    more = found([replace(pool, headcount=pool.headcount + 1)], 10.0, seed, 0.001)
    by_key = {int(key): worker for worker, key in enumerate(more.key)}
    for worker, key in enumerate(fewer.key.tolist()):
        other = by_key[key]
        assert rows(fewer, worker) == rows(more, other)
        assert (fewer.slot[worker], fewer.leaves[worker]) == (more.slot[other], more.leaves[other])


@settings(max_examples=30, deadline=None)
@given(pool=pools, lead=st.sampled_from([0.0, 3e5]), seed=st.integers(0, 1 << 40))
def test_neutral_settings_change_nothing(pool: Pool, lead: float, seed: int) -> None:
    """Without a hazard nobody leaves or comes, whatever a hire would cost; terms that are spelt out at their neutral
    value, another name, another seed and an epoch that changes nothing give the same roster, with a set a calendar."""
    plain = Pool("team", pool.headcount, pool.calendar)
    spelt = replace(
        plain,
        turnover=Turnover(0.0, lead, 40_000.0),
        mentoring=Mentoring(8.0, 4, 2.0),
        absence=Absence(0.0, paid=False),
        learning=Learning(0.5, 1.0),
    )
    one, other = found([plain], 0.0, 1, 0.001), found([spelt, spelt], 0.0, seed, 0.001)
    assert one.leaves.tolist() == other.leaves.tolist() == [NEVER] * pool.headcount
    assert one.number.tolist() == one.slot.tolist() == other.number.tolist() == list(range(pool.headcount))
    for left, right in zip(
        (*itertools.chain(*one.rows), one.shift_of, one.key),
        (*itertools.chain(*other.rows), other.shift_of, other.key),
        strict=True,
    ):
        assert np.array_equal(left, right)
    if pool.calendar != "varying":
        assert len(one.shift_sets) == min(pool.headcount, 1)


def test_the_oracles_see_what_they_guard() -> None:
    """Planted faults: rows that overlap, that are out of order, empty or cut in two are not in order; a gap of a
    millisecond is no union."""
    good: Rows = [("working", 9, 12), ("training", 12, 13), ("working", 14, 17)]
    assert in_order(good)
    assert not in_order([("working", 9, 12), ("training", 11, 13)])
    assert not in_order(good[::-1])
    assert not in_order([("working", 9, 9)])
    assert not in_order([("working", 9, 12), ("working", 12, 13)])
    assert union([(9, 12), (12, 13)]) == [(9, 13)]
    assert union([(9, 12), (12 + 1 / HOUR, 13)]) != [(9, 13)]


@pytest.mark.verify
def test_the_share_of_missed_days_is_the_one_asked_for() -> None:
    """200 people over 250 days at 4%: the number of missed days lies in the central 99.9% of Binomial(50000, 0.04), and
    that of each weekday too. Eight looks at seeds 0 to 4; a true generator fails one with a chance of 4%."""
    pool = Pool("team", 200, "daily", absence=Absence(0.04))
    for seed in range(5):
        people = roster(plan_of((pool,), 252), stream(seed, 0))
        starts = np.concatenate([one.starts for one in people.shift_sets])
        there = np.array([people.shift_sets[number].starts.size for number in people.shift_of])
        missed = 252 * 200 - there.sum()
        low, high = stats.binom.interval(0.999, 252 * 200, 0.04)
        assert low <= missed <= high
        assert starts.size
        low, high = stats.binom.interval(0.999, 36 * 200, 0.04)
        for weekday in range(7):
            there_then = sum(
                int((people.shift_sets[number].starts // DAY % 7 == weekday).sum()) for number in people.shift_of
            )
            assert low <= 36 * 200 - there_then <= high


@pytest.mark.verify
def test_people_stay_an_exponential_time() -> None:
    """At a hazard of 0.8 a year, 400 people over a year: how long those of the start stay, cut at a year, is as drawn
    from Exponential(0.8) cut there (Kolmogorov-Smirnov), and the number of leavings, each replaced at once, is
    Poisson(320). Both at 99.9%, for one seed."""
    pool = Pool("team", 400, "daily", turnover=Turnover(0.8))
    people = roster(plan_of((pool,), 365.25), stream(7, 0))
    left = people.leaves < NEVER
    low, high = stats.poisson.interval(0.999, 320)
    assert low <= left.sum() <= high
    years = people.leaves[left & (people.hired == 0)] / (365.25 * DAY)
    cut = stats.truncexpon(b=0.8, scale=1 / 0.8)
    assert stats.kstest(years, cut.cdf).pvalue > 0.001
