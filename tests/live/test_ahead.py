"""The line from a moment on: what is past is taken off, and what people have shown is known."""

from __future__ import annotations

import dataclasses
import math
from collections import Counter

import numpy as np
import pytest
from lines import constant, queue

from labelcast.sim.line import (
    Arrivals,
    Distribution,
    Epoch,
    Learning,
    Line,
    OneOff,
    OpenTask,
    Relabel,
    Release,
    Segment,
    Training,
    Window,
)
from labelcast.sim.standing import InHand, Judged, Pace, Person, Standing, Waits
from labelcast.sim.today import ahead, unbegun

DAY = 86_400.0
DAY_MS = 86_400_000


def standing(day: float, begun: int = 0, waits: tuple[Waits, ...] = (), people: tuple[Person, ...] = ()) -> Standing:
    """At a day of the line, with so many items begun."""
    return Standing(round(day * DAY_MS), Counter(items=begun), Counter(), waits, people)


def rng() -> np.random.Generator:
    return np.random.default_rng(1)


def test_what_came_first_is_begun_first() -> None:
    """Of 100 at the start, 50 on day 2 and 30 on day 9, 120 are begun on day 5: 30 of day 2 wait, 30 are to come."""
    segment = Segment("items", backlog=100, releases=(Release(2 * DAY, 50), Release(9 * DAY, 30)))
    line = queue(1, 0, 0, constant(60), segments=(segment,), horizon_s=60 * DAY)
    found = ahead(line, standing(5, 120), rng())
    assert found.segments[0].backlog == 30
    assert found.segments[0].releases == (Release(4 * DAY, 30),)
    assert unbegun(segment, standing(5, 120)) == [(2 * DAY, 30)]
    assert found.horizon_s == 55 * DAY
    assert (found.start - line.start).days == 5


def test_a_stream_goes_on_where_it_was() -> None:
    """It grows by a tenth a week: after a week it is a tenth more; of its 500 items 120 are begun."""
    stream = Arrivals(100.0, "always", items=500, until_s=20 * DAY, growth_per_week=0.1)
    line = queue(1, 0, 0, constant(60), segments=(Segment("items", arrivals=stream),), horizon_s=60 * DAY)
    found = ahead(line, standing(7, 120), rng()).segments[0].arrivals
    assert found is not None
    assert found.per_week == pytest.approx(110.0)
    assert (found.items, found.until_s) == (380, 13 * DAY)


def test_changes_that_came_hold_and_those_ahead_come_sooner() -> None:
    """On day 5 the change of day 3 is the line itself, that of day 8 comes in three days; so do training and rollbacks.
    Money, goals and windows are the whole project's."""
    line = queue(2, 0, 40, constant(60), horizon_s=60 * DAY)
    pools = [(dataclasses.replace(line.pools[0], headcount=count),) for count in (3, 4)]
    line = dataclasses.replace(
        line,
        epochs=(Epoch(3 * DAY, pools=pools[0]), Epoch(8 * DAY, pools=pools[1])),
        trainings=(Training(2 * DAY, line.pools[0].name, 1.0), Training(6 * DAY, line.pools[0].name, 2.0)),
        relabels=(Relabel(7 * DAY, "annotate", since_s=6 * DAY),),
        one_offs=(OneOff(9 * DAY, 5, "a tool"),),
        windows=(Window("one", 9 * DAY, 5),),
    )
    found = ahead(line, standing(5), rng())
    assert found.pools[0].headcount == 3
    assert found.epochs == (Epoch(3 * DAY, pools=pools[1]),)
    assert found.trainings == (Training(1 * DAY, line.pools[0].name, 2.0),)
    assert found.relabels == (Relabel(2 * DAY, "annotate", since_s=1 * DAY),)
    assert (found.one_offs, found.windows, found.goals) == ((), (), ())


def _staff(**more: object) -> Line:
    line = queue(2, 0, 40, Distribution("lognormal", {"median": 60.0, "sigma": 0.5}), horizon_s=60 * DAY)
    return dataclasses.replace(line, pools=(dataclasses.replace(line.pools[0], **more),))  # type: ignore[arg-type]


def test_a_speed_is_what_many_tasks_say_and_little_of_what_one_does() -> None:
    """Speeds spread by 0.3. A thousand tasks at twice the median time stand log 2 / 0.3 standard deviations above, less
    the shrinkage of 0.5^2 / (0.5^2 + 1000 x 0.3^2); one task shows 0.3^2 / (0.3^2 + 0.5^2) of it."""
    line = _staff(speed_sd=0.3)
    name, (stage, pool) = "items", (line.stages[0].name, line.pools[0].name)
    slow = math.log(120.0)
    people = (
        Person(pool, 0, 1000, (Pace(stage, name, 1000, 1000 * slow, 0.0),)),
        Person(pool, 1, 1, (Pace(stage, name, 1, slow, 0.0),)),
    )
    one, other = ahead(line, standing(1, 0, (), people), rng()).pools[0].known
    beyond = math.log(2.0) / 0.3
    assert one.speed == pytest.approx(beyond * 90.0 / 90.25, rel=0.01)
    assert one.speed_sd == pytest.approx(0.5 / math.sqrt(90.25), rel=0.02)
    assert other.speed == pytest.approx(beyond * 0.09 / 0.34, rel=0.02)
    assert (one.experience, other.experience) == (1000, 1)


def test_a_long_task_in_hand_tells_of_a_slow_person() -> None:
    """Ten tasks at the median say nothing; one in hand for over three medians, which few take, says that the person is
    slow, and one in hand for a second says next to nothing."""
    line = _staff(speed_sd=0.3)
    stage, pool = line.stages[0].name, line.pools[0].name
    people = (Person(pool, 0, 10, (Pace(stage, "items", 10, 10 * math.log(60.0), 0.0),)),)
    found = []
    for spent in (None, 1.0, 200.0):
        hand = () if spent is None else (InHand(0, pool, 0, 0, spent),)
        waits = (Waits(4, "items", stage, 0, 0, 0, (), () if hand else (0,), hand),)
        (known,) = ahead(line, standing(1, 1, waits, people), rng()).pools[0].known
        found.append(known.speed)
    none, short, long = found
    assert none == pytest.approx(0.0, abs=1e-3)
    assert short == pytest.approx(0.0, abs=0.05)
    assert long > 0.15


def test_practice_is_no_skill_of_ones_own() -> None:
    """Where practice adds two logits, the same verdicts tell of somebody who stands lower among the pool's people."""
    plain = _staff(skill_mean=0.0, skill_sd=2.4, sensitivity=1.0, false_alarm=0.0)
    taught = _staff(
        skill_mean=0.0, skill_sd=2.4, sensitivity=1.0, false_alarm=0.0, learning=Learning(gain=2.0, half=1.0)
    )
    people = (Person(plain.pools[0].name, 0, 400, (), (Judged(plain.pools[0].name, "items", 400, 92),)),)
    one, other = (ahead(line, standing(1, 0, (), people), rng()).pools[0].known[0].skill for line in (plain, taught))
    assert other == pytest.approx(one - 2.0 / 2.4, abs=0.02)


def test_a_skill_is_what_many_verdicts_say() -> None:
    """Half of the labels are right in the middle, and judges are never wrong. Of 400 labels 308 were accepted, as of
    somebody a logit above: 1.21 from the share itself, half a standard deviation of 2.4 logits."""
    line = _staff(skill_mean=0.0, skill_sd=2.4, sensitivity=1.0, false_alarm=0.0)
    pool = line.pools[0].name
    people = (Person(pool, 0, 400, (), (Judged(pool, "items", 400, 92),)), Person(pool, 1, 0))
    one, other = ahead(line, standing(1, 0, (), people), rng()).pools[0].known
    share = math.log(308 / 92)
    assert one.skill == pytest.approx(share / 2.4, abs=0.01)
    assert one.skill_sd == pytest.approx(1.0 / math.sqrt(400 * 0.77 * 0.23) / 2.4, rel=0.05)
    assert (other.skill, other.skill_sd) == (0.0, 1.0)


def test_without_differences_between_people_nobody_is_known() -> None:
    """Experience apart."""
    line = _staff()
    stage, pool = line.stages[0].name, line.pools[0].name
    people = (Person(pool, 0, 9, (Pace(stage, "items", 9, 90.0, 0.0),), (Judged(pool, "items", 9, 9),)),)
    (one,) = ahead(line, standing(1, 0, (), people), rng()).pools[0].known
    assert (one.experience, one.speed, one.speed_sd, one.skill, one.skill_sd) == (9, 0.0, 1.0, 0.0, 1.0)


def test_what_is_in_hand_takes_longer_than_it_has() -> None:
    """Times are even from 60 to 600 s: after 300 s, between 0 and 300 s are left, in every run another time."""
    line = queue(2, 0, 40, Distribution("uniform", {"low": 60.0, "high": 600.0}), horizon_s=60 * DAY)
    pool, stage = line.pools[0].name, line.stages[0].name
    mine = InHand(0, pool, 1, DAY_MS - 4_000_000, 300.0)
    waits = (Waits(4, "items", stage, 0, 0, 0, (), (), (mine,)), Waits(7, "items", stage, 0, 1000, 0, (), (0,)))
    left = []
    for seed in range(200):
        first, second = ahead(line, standing(1, 2, waits), np.random.default_rng(seed)).initial
        assert (first.item, first.pool, first.slot, first.started_s) == (4, pool, 1, -300.0)
        assert second == OpenTask("items", 7, stage, arrived_s=-DAY, enqueued_s=1.0 - DAY)
        assert first.remaining_s is not None
        left.append(first.remaining_s)
    assert 0.0 < min(left) < 30.0
    assert 270.0 < max(left) < 300.0
    assert np.mean(left) == pytest.approx(150.0, abs=4 * 300 / math.sqrt(12 * 200))


def test_who_has_no_slot_leaves_the_task_to_others() -> None:
    """Somebody of a slot beyond the headcount had it in hand: it waits."""
    line = queue(2, 0, 40, constant(60), horizon_s=60 * DAY)
    pool, stage = line.pools[0].name, line.stages[0].name
    waits = (Waits(4, "items", stage, 0, 0, 0, (), (), (InHand(0, pool, 5, 0, 10.0),)),)
    (one,) = ahead(line, standing(1, 1, waits), rng()).initial
    assert (one.slot, one.pool) == (None, None)
