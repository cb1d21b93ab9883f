"""The way of an item in the mean: against chances by hand, and against what the engine does with the same line."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from lines import exponential, full, queue
from theory.oracles.networks import traffic

from labelcast.sim.estimates.load import load
from labelcast.sim.estimates.people import pace
from labelcast.sim.estimates.times import count_moments, longest, scv
from labelcast.sim.kernel import run as kernel
from labelcast.sim.line import Distribution, Line, Pool, Segment, Stage
from labelcast.sim.plan import Plan
from labelcast.sim.reference import run

from .grid import Point


def test_moments_are_those_of_the_tables() -> None:
    """Counts are rounded and at least one; the longest of two exponentials is 1.5 times one."""
    chance = math.exp(-1.0 / 1.5)
    rounded = 1.0 + math.exp(-1.5 / 1.5) / (1.0 - chance)
    assert count_moments(exponential(1.5))[0] == pytest.approx(rounded, rel=2e-3)
    assert longest(exponential(7.0), 2) == pytest.approx(1.5, rel=1e-3)
    assert longest(exponential(7.0), 3) == pytest.approx(1.0 + 1 / 2 + 1 / 3, rel=1e-3)
    assert scv(Distribution("lognormal", {"median": 3.0, "sigma": 0.5})) == pytest.approx(math.expm1(0.25))


def test_fast_people_do_more() -> None:
    """Nobody idle: a pool does what its people do one by one. Hardly anything to do: each gets as many tasks."""
    busy, idle = pace(10.0, 0.3, math.inf, 60.0, 0.5), pace(10.0, 0.3, 1e-9, 60.0, 0.5)
    assert busy.capacity == pytest.approx(10.0 / 60.0 * math.exp(0.045))
    assert busy.mean == pytest.approx(60.0 * math.exp(-0.045))
    assert idle.mean == pytest.approx(60.0 * math.exp(0.045), rel=1e-3)
    alike = pace(10.0, 0.0, 0.1, 60.0, 0.5)
    assert (alike.mean, alike.services) == pytest.approx((60.0, 0.5))


def loops() -> Line:
    """A work stage that items pass again with chance 0.3, before the rest of the full line."""
    line = full()
    again = (("again", 0.3), ("annotate", 0.7))
    stage = Stage("again", "work", (("team", 1.0),), exponential(10.0), {"done": again})
    return dataclasses.replace(line, stages=(stage, *line.stages), first="again")


def test_a_way_back_by_chance_is_the_traffic_equations() -> None:
    """1 / 0.7 visits."""
    part = load(loops()).parts[0]
    assert part.way.visits[0] == pytest.approx(traffic([1.0], [[0.3]])[0])


@pytest.mark.verify
def test_tasks_of_an_item_are_those_of_the_engine() -> None:
    """Consensus, review of a part, capped rework and adjudication: tasks by stage within an interval of 99.8% (t with
    9 degrees)."""
    line = full(600)
    line = dataclasses.replace(line, segments=line.segments[:1], horizon_s=26 * 7 * 86_400.0)
    part = load(line).parts[0]
    made = (part.way.visits * part.way.labels).reshape(-1, 2).sum(axis=1)
    stages = [run(Plan.of(line), 1, r).tasks["stage"] for r in range(10)]
    for place, stage in enumerate(line.stages):
        found = np.array([(one == stage.name).sum() for one in stages]) / 600.0
        half = 4.3 * found.std(ddof=1) / math.sqrt(10)
        assert abs(found.mean() - made[place]) <= half < 0.5 * made[place], (stage.name, found.mean(), made[place])


def test_what_is_delivered_wrong() -> None:
    """One item in two is reviewed, and labelled anew once where it is rejected: whoever labels is wrong as often the
    second time, and what is rejected then is delivered all the same."""
    segment = Segment("items", backlog=10, classes={"car": 0.6, "bus": 0.4})
    pools = (Pool("team", 3, "always", skill_mean=1.2), Pool("judges", 2, "always", sensitivity=0.9, false_alarm=0.2))
    ways = {"accepted": "deliver", "rejected": "annotate", "exhausted": "deliver"}
    line = queue(3, 1.0, 1, exponential(60.0), segments=(segment,), pools=pools)
    first = dataclasses.replace(line.stages[0], pools=(("team", 1.0),), next={"labelled": "review", "tied": "review"})
    review = Stage("review", "review", (("judges", 1.0),), exponential(30.0), ways, fraction=0.5, rounds=1)
    found = load(dataclasses.replace(line, stages=(first, review)))
    wrong = 1.0 / (1.0 + math.exp(1.2))
    rejected = 0.9 * wrong + 0.2 * (1.0 - wrong)
    of_reviewed = 0.1 * wrong + rejected * wrong
    assert found.parts[0].way.delivered == pytest.approx([w := (wrong + of_reviewed) / 2.0, 1.0 - w])
    assert found.wrong == pytest.approx(w)


@pytest.mark.verify
def test_wrong_labels_are_as_many_as_those_of_the_engine() -> None:
    """Of the full line's first segment, with typical people, within an interval of 99.8% (t with 39 degrees)."""
    line = full(600)
    typical = tuple(dataclasses.replace(pool, skill_sd=0.0) for pool in line.pools)
    line = dataclasses.replace(line, segments=line.segments[:1], pools=typical, horizon_s=26 * 7 * 86_400.0)
    items = [kernel(Plan.of(line), 1, r).items for r in range(40)]
    made = np.array([(one["final_label"] != one["truth"])[one["delivered_at"].notna()].mean() for one in items])
    half = 3.31 * made.std(ddof=1) / math.sqrt(40)
    assert abs(made.mean() - load(line).wrong) <= half < 0.15 * made.mean(), (made, load(line).wrong)


def test_capped_rework_ends() -> None:
    """One in five sent back, at most three times: 1 + 0.2 + 0.04 + 0.008 visits."""
    line = Point((12, 6, 3), (0.85, 0.85, 0.85), 1.0).line(10)
    stages = tuple(dataclasses.replace(stage, rounds=3) for stage in line.stages)
    visits = load(dataclasses.replace(line, stages=stages)).parts[0].way.visits
    assert visits[:4].reshape(2, 2).sum(axis=1) == pytest.approx([1.248, 1.248])


def test_more_rejections_more_work() -> None:
    """A judge who rejects more right labels sends more back, until the rounds are used up."""
    visits = []
    for false_alarm in (0.0, 0.2, 0.6):
        pools = tuple(dataclasses.replace(pool, false_alarm=false_alarm) for pool in full().pools)
        visits.append(float(load(dataclasses.replace(full(), pools=pools)).parts[0].way.visits[:2].sum()))
    assert visits[0] < visits[1] < visits[2] <= 3.0
