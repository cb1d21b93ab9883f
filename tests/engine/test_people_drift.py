"""How the skill of people wanders: steps by date, and what they do to labels and verdicts."""

from __future__ import annotations

import dataclasses
import math
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from flows import annotate, line_of, people, review, rows, simulate
from scipy import stats

from labelcast.sim.draws import Purpose, name_key, stream, subject, uniform, where
from labelcast.sim.drift import day_of, midnight, step, walked
from labelcast.sim.labels import is_right, rejects
from labelcast.sim.line import Drift, Epoch, Line
from labelcast.sim.plan import Plan
from labelcast.sim.quantiles import normal, quantile

DAY, DAY_MS = 86_400.0, 86_400_000
STREAM = stream(1, 0)


def path(pool: int, number: int, plan: Plan, since: int, until: int) -> float:
    """A person's sum of steps, asked by hand: one normal number for each date."""
    key = subject(name_key(f"pool {pool}"), number)
    dates = (plan.today + day for day in range(since + 1, until + 1))
    return sum(quantile(plan.normal, uniform(STREAM, key, where(Purpose.DRIFT, date))) for date in dates)


def test_a_walk_is_as_wide_as_its_days_say() -> None:
    """Over 4,000 people the sum of n steps is N(0, n), by Kolmogorov's distance at 99.99%, and what was walked before
    goes on; 30 steps of a walk of 0.2 have an sd of 0.2."""
    people_ = [subject(name_key("pool"), n) for n in range(4000)]
    for days in (1, 30):
        sums = [walked(STREAM, person, 740_000, 0, days, 0.0, normal()) for person in people_]
        assert stats.kstest(np.array(sums) / math.sqrt(days), "norm").pvalue > 1e-4
    half = walked(STREAM, people_[0], 740_000, 0, 11, 0.0, normal())
    assert walked(STREAM, people_[0], 740_000, 11, 30, half, normal()) == walked(
        STREAM, people_[0], 740_000, 0, 30, 0.0, normal()
    )
    assert step(0.2) * math.sqrt(30) == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("start", "zone", "hours"),
    [
        (datetime(2027, 1, 4, 9), "Europe/Paris", 15),
        (datetime(2027, 1, 4), "Europe/Paris", 24),
        (datetime(2027, 3, 28, 1), "Europe/Paris", 22),  # the clock is put on
        (datetime(2027, 10, 31, 1), "Europe/Paris", 24),  # and back
        (datetime(2027, 1, 4, 23, 30), "Asia/Kathmandu", 0.5),
    ],
)
def test_days_begin_at_local_midnight(start: datetime, zone: str, hours: float) -> None:
    """The first midnight is so many hours after the start; up to it is day 0, the next day is 1."""
    at, today = midnight(start.replace(tzinfo=ZoneInfo(zone)))
    assert (at, today) == (hours * 3_600_000, start.date().toordinal())
    assert [day_of(now, at) for now in (0, at - 1, at, at + DAY_MS - 1, at + DAY_MS)] == [0, 0, 1, 1, 2]


def drifting(walk: float, **more: Any) -> Line:
    """One label a day for 40 days by somebody of skill 0.5."""
    pool = people("annotators", 1, skill_mean=0.5, drift=Drift(walk))
    return line_of(40, (annotate(DAY),), pool, **{"horizon_s": 60 * DAY, **more})


def test_labels_follow_the_walk() -> None:
    """One label a day for 40 days: each is right as the draw of its item says at skill plus the walk so far, which is
    that of the day on which the label is begun."""
    line = drifting(3.0, start=datetime(2027, 1, 4, 9))
    plan = Plan.of(line)
    told = rows(simulate(line), "label")
    hand, still = [], []
    for n in range(40):
        key, place = subject(name_key("items"), n), where(Purpose.RIGHT, name_key("annotate 0"))
        day = day_of(n * DAY_MS, plan.midnight)
        hand.append(is_right(STREAM, key, place, 0.5 + step(3.0) * path(0, 0, plan, 0, day)))
        still.append(is_right(STREAM, key, place, 0.5))
    assert [label == "yes" for (label,) in told] == hand
    assert hand != still


def test_a_later_width_widens_the_same_walk() -> None:
    """From a date on the walk is twice as wide: labels are then given at twice the sum of the steps so far."""
    line = drifting(2.0)
    wide = dataclasses.replace(line.pools[0], drift=Drift(4.0))
    line = dataclasses.replace(line, epochs=(Epoch(20.5 * DAY, pools=(wide,)),))
    plan = Plan.of(line)
    hand = []
    for n in range(40):
        key, place = subject(name_key("items"), n), where(Purpose.RIGHT, name_key("annotate 0"))
        drift = step(2.0 if n <= 20 else 4.0) * path(0, 0, plan, 0, day_of(n * DAY_MS, plan.midnight))
        hand.append(is_right(STREAM, key, place, 0.5 + drift))
    assert [label == "yes" for (label,) in rows(simulate(line), "label")] == hand


def test_who_comes_later_begins_to_wander_then() -> None:
    """A second person comes on day 20; their walk has no step of the days before."""
    pool = people("annotators", 1, skill_mean=0.5, drift=Drift(3.0))
    two = dataclasses.replace(pool, headcount=2)
    line = line_of(60, (annotate(DAY),), pool, horizon_s=60 * DAY, epochs=(Epoch(20.0 * DAY, pools=(two,)),))
    plan = Plan.of(line)
    hand, told = [], []
    for item, worker, started, label in rows(simulate(line), "item", "worker", "started_at", "label"):
        key, place = subject(name_key("items"), item), where(Purpose.RIGHT, name_key("annotate 0"))
        since = day_of(0 if worker == 0 else 20 * DAY_MS, plan.midnight)
        day = day_of(round(1000 * started), plan.midnight)
        hand.append(is_right(STREAM, key, place, 0.5 + step(3.0) * path(0, worker, plan, since, day)))
        told.append(label == "yes")
    assert told == hand
    assert len({worker for (worker,) in rows(simulate(line), "worker")}) == 2


def test_reviewers_wander_too() -> None:
    """Right labels are rejected as the draw of the item says at logit(false alarm) less the reviewer's walk."""
    pools = (people("annotators", 1), people("reviewers", 1, skill_mean=0.0, false_alarm=0.4, drift=Drift(5.0)))
    stages = (annotate(1.0, to="review"), review(DAY, rounds=0))
    line = line_of(30, stages, *pools, horizon_s=60 * DAY)
    plan = Plan.of(line)
    told, hand = [], []
    for item, finished, outcome in rows(simulate(line), "item", "finished_at", "outcome", stage="review"):
        day = day_of(round(1000 * finished), plan.midnight)
        logit = math.log(0.4 / 0.6) - step(5.0) * path(1, 0, plan, 0, day)
        place = where(Purpose.REJECT, name_key("review 0"))
        hand.append(rejects(STREAM, subject(name_key("items"), item), place, logit))
        told.append(outcome != "accepted")
    assert told == hand
    assert 0 < sum(told) < 30
