"""Crowd sessions: Simon's process against cases worked by hand and against its closed forms."""

from dataclasses import replace

import numpy as np
import pytest
from lines import constant
from scipy import special, stats
from staff import DAILY, DAY, DAY_S, HOUR, plan_of

from labelcast.sim.draws import Purpose, stream, subject, uniform, where
from labelcast.sim.intensity import EARLY_H
from labelcast.sim.line import Calendar, Distribution, Epoch, Pool, Release, Sessions
from labelcast.sim.plan import Plan
from labelcast.sim.sessions import sessions

LUCK = stream(3, 0)
WEEKLY = 700.0


def crowd(returning: float = 0.7, tasks: Distribution | None = None, **more: float) -> Pool:
    terms = Sessions(WEEKLY, "daily", tasks or constant(3.0), returning=returning)
    return Pool("crowd", 0, "daily", sessions=replace(terms, **more))


def test_each_session_is_by_someone_new_or_by_the_person_of_an_earlier_one() -> None:
    """Followed draw for draw: below `returning`, the person of session number floor(u x n); else the next new one. The
    first is always new. Keys are those of the person, so whoever comes again brings the same skill."""
    plan = plan_of((crowd(0.6),), 2)
    found = sessions(plan, LUCK, 0)
    key = plan.pools[0].key
    persons: list[int] = []
    for n in range(found.at.size):
        session = subject(key, n)
        again = n > 0 and uniform(LUCK, session, where(Purpose.RETURNING)) < 0.6
        persons.append(
            persons[int(uniform(LUCK, session, where(Purpose.EARLIER)) * n)] if again else max(persons, default=-1) + 1
        )
    assert len(persons) > 100
    assert found.person.tolist() == persons
    assert found.key.tolist() == [subject(key, person) for person in persons]


def test_nobody_returns_and_everybody_does() -> None:
    """Chance 0: each session is another person's.  Chance 1: all are the first one's."""
    none, all_ = (sessions(plan_of((crowd(chance),), 3), LUCK, 0) for chance in (0.0, 1.0))
    assert none.person.tolist() == list(range(none.at.size))
    assert not all_.person.any()
    assert none.at.tolist() == all_.at.tolist(), "who comes does not change when"


def test_sessions_come_in_open_hours_and_before_the_horizon() -> None:
    """Between 9 and 17 of each day, in order, in whole ticks; and not on a closed date."""
    closed = replace(DAILY, name="closed", closed=("2027-01-05",))
    found = sessions(plan_of((crowd(calendar="closed"),), 4, (DAILY, closed), tick_s=60.0), LUCK, 0)
    hour = found.at % DAY / HOUR
    assert ((hour >= 9) & (hour < 17)).all()
    assert set((found.at // DAY).tolist()) == {0, 2, 3}
    assert (np.diff(found.at) >= 0).all()
    assert not (found.at % 60_000).any()


def test_a_session_is_good_for_a_count_of_tasks() -> None:
    """A draw is rounded, halves up, to one at least: 0.1 gives 1, 2.5 gives 3."""
    for value, expected in ((0.1, 1), (2.4, 2), (2.5, 3)):
        assert set(sessions(plan_of((crowd(tasks=constant(value)),), 3), LUCK, 0).tasks.tolist()) == {expected}


@pytest.mark.parametrize("pull", [0.5, 1.0, 2.0])
def test_a_session_comes_about_by_a_power_of_what_is_on_offer(pull: float) -> None:
    """With w of 40 tasks waiting, the share of sessions that come about is (w / 40)^pull, within four standard errors;
    all of them with 40 and more, none without any; the draw is the session's own."""
    found = sessions(plan_of((crowd(pull=pull, offer=40),), 60), LUCK, 0)
    n = found.at.size
    assert n > 4000
    for waiting in (1, 5, 20, 39):
        chance = (waiting / 40) ** pull
        assert np.mean(found.least <= waiting) == pytest.approx(chance, abs=4 * (chance * (1 - chance) / n) ** 0.5)
    assert found.least.min() >= 1
    assert found.least.max() <= 40
    plain = sessions(plan_of((crowd(),), 60), LUCK, 0)
    assert not plain.least.any()
    assert plain.at.tolist() == found.at.tolist(), "what is on offer moves no visit"
    drawn = uniform(LUCK, subject(plan_of((crowd(),), 1).pools[0].key, 7), where(Purpose.PULL))
    assert found.least[7] == int(40 * drawn ** (1 / pull)) + 1


def test_interest_fades_anew_from_each_release() -> None:
    """In the two hours after a release more come than in the two before it, by the factor that the law says: of 400
    runs of 40 visits or so, within four standard errors; work posted a day before the start draws no rush."""
    pool = crowd(fade=0.8, per_week=168 * 20.0)
    counts = {}
    for name, since, at_s in (("fresh", 0.0, ()), ("old", DAY_S, ()), ("again", DAY_S, (12 * 3600.0,))):
        terms = replace(pool.sessions, since_s=since, calendar="always")
        plan = plan_of((replace(pool, sessions=terms),), 1)
        segment = replace(plan.line.segments[0], releases=tuple(Release(at, 1) for at in at_s))
        plan = Plan.of(replace(plan.line, segments=(segment,)))
        found = np.concatenate([sessions(plan, stream(3, run), 0).at for run in range(400)])
        counts[name] = [int(((found >= at * HOUR) & (found < (at + 2) * HOUR)).sum()) for at in (0, 12)]
    for name, place, since in (("fresh", 0, 0), ("old", 0, 24), ("again", 1, 0), ("fresh", 1, 12)):
        hours = since + (np.arange(20_000) + 0.5) / 10_000
        wanted = 400 * 20 * 2 * float(np.mean(((hours + EARLY_H) / (1 + EARLY_H)) ** -0.8))
        assert counts[name][place] == pytest.approx(wanted, abs=4 * wanted**0.5 + 0.005 * wanted), name


def test_a_run_has_a_crowd_of_its_own() -> None:
    """The number of sessions of a run is that of the median run times a lognormal factor of the run: over 400 runs its
    logarithm has mean 0 and sd 0.5, within four standard errors (counts of 8,000 add under 1%); a run's factor is
    one, however long it is."""
    plan, plain = (plan_of((crowd(spread=spread, per_week=70_000.0),), 1) for spread in (0.5, 0.0))
    counts = [sessions(plan, stream(3, run), 0).at.size for run in range(400)]
    usual = np.mean([sessions(plain, stream(3, run), 0).at.size for run in range(20)])
    factors = np.log(np.array(counts) / usual)
    assert np.mean(factors) == pytest.approx(0.0, abs=4 * 0.5 / 20)
    assert np.std(factors) == pytest.approx(0.5, abs=4 * 0.5 / 800**0.5)
    longer = sessions(plan_of((crowd(spread=0.5, per_week=70_000.0),), 2), stream(3, 7), 0)
    assert np.sum(longer.at < DAY) == counts[7]


def test_an_epoch_changes_what_comes_after_it_and_nothing_before() -> None:
    """From day 2 on twice the rate, seven tasks each, and only people of before; until then all is as it was."""
    plain = plan_of((crowd(0.3),), 4)
    later = crowd(1.0, constant(7.0), per_week=2 * WEEKLY)
    before, found = (
        sessions(plain, LUCK, 0),
        sessions(plan_of((crowd(0.3),), 4, epochs=[Epoch(2 * DAY_S, pools=(later,))]), LUCK, 0),
    )
    early = int(np.searchsorted(before.at, 2 * DAY))
    assert early > 100
    for one, other in zip(before, found, strict=True):
        assert one[:early].tolist() == other[:early].tolist()
    assert set(found.tasks[early:].tolist()) == {7}
    assert found.person[early:].max() <= found.person[:early].max()
    assert found.at[early:].min() >= 2 * DAY
    assert found.at.size - early > 1.5 * (before.at.size - early)


def test_an_epoch_that_changes_the_calendar_alone_is_heard() -> None:
    """From day 1 on the crowd's hours are 12-13."""
    noon = Calendar("daily", "UTC", tuple((d, 43_200, 46_800) for d in range(7)))
    plan = plan_of((crowd(),), 3)
    epoch = Epoch(DAY_S, calendars=tuple(noon if one.name == "daily" else one for one in plan.line.calendars))
    found = sessions(plan_of((crowd(),), 3, epochs=[epoch]), LUCK, 0)
    late = found.at[found.at >= DAY] % DAY
    assert late.size
    assert ((late >= 12 * HOUR) & (late < 13 * HOUR)).all()


def yule_simon(times: np.ndarray, returning: float) -> np.ndarray:
    """Share of people with each number of sessions in the end: r B(k, r + 1) with r = 1 / returning."""
    rho = 1.0 / returning
    return np.asarray(rho * special.beta(times, rho + 1.0))


@pytest.mark.verify
@pytest.mark.parametrize("returning", [0.5, 0.7, 0.9])
def test_few_people_do_most_of_the_work(returning: float) -> None:
    """Over 40 replications of some 100,000 sessions (seeds fixed): distinct people beyond the first of each are
    Binomial(n - 1, 1 - returning), at 99.9%; those of one session are a share 1 / (1 + returning) of all (Simon's
    1 / (2 - a), a = 1 - returning), at 99.9% as if people were independent, as they nearly are; those of 2, 3, 4, 5
    and of more than 20 sessions are Yule-Simon's shares, to a hundredth of themselves or five times chance."""
    terms = replace(crowd(returning).sessions or Sessions(1.0, "daily", constant(1.0)), per_week=100_000.0)
    plan = plan_of((Pool("crowd", 0, "daily", sessions=terms),), 7)
    counts = np.zeros(200_000, np.int64)
    total = 0
    for replication in range(40):
        found = sessions(plan, stream(11, replication), 0)
        total += found.at.size - 1
        often = np.bincount(np.bincount(found.person))
        counts[: often.size] += often
    people = int(counts.sum())
    low, high = stats.binom.interval(0.999, total, 1 - returning)
    assert low <= people - 40 <= high
    low, high = stats.binom.interval(0.999, people, 1 / (1 + returning))
    assert low <= counts[1] <= high
    for times in (2, 3, 4, 5):
        share = float(yule_simon(np.array(times), returning))
        assert counts[times] / people == pytest.approx(share, rel=0.01, abs=5 * (share / people) ** 0.5)
    tail = 1 - float(yule_simon(np.arange(1, 21), returning).sum())
    assert counts[21:].sum() / people == pytest.approx(tail, rel=0.02, abs=5 * (tail / people) ** 0.5)


@pytest.mark.verify
def test_the_closed_form_sees_another_process() -> None:
    """Planted fault: if the person, and not the session, were drawn alike, the share of one-timers would be
    (1 - a) less steep: 1 / (2 - a) no longer lies in the interval."""
    rng = np.random.default_rng(1)
    often: list[int] = [1]
    for _ in range(20_000):
        if rng.random() < 0.7:
            often[int(rng.integers(len(often)))] += 1
        else:
            often.append(1)
    low, high = stats.binom.interval(0.999, len(often), 1 / 1.7)
    assert not low <= often.count(1) <= high
