"""One more worker who is like the others delays nobody: on one stage, first come first served, without rework.

Elsewhere this is false: with several stages, priorities or people who differ, a task may start later because another
one started sooner.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
import twins
from hypothesis import given, settings
from hypothesis import strategies as st
from lines import ALWAYS, MINUTE, OFFICE, WEEK, constant, exponential, queue
from twins import run

from labelcast.sim.line import Arrivals, Distribution, Line, Release, Segment
from labelcast.sim.plan import Plan
from labelcast.sim.reference import bench


def with_people(line: Line, people: int) -> Line:
    return dataclasses.replace(line, pools=(dataclasses.replace(line.pools[0], headcount=people),))


def delayed(line: Line, people: int) -> int:
    """Items that are delivered later when there is one more worker."""
    fewer, more = (run(Plan.of(with_people(line, count)), 1, 0).items["delivered_at"] for count in (people, people + 1))
    assert fewer.notna().all()
    return int((more > fewer).sum())


@st.composite
def single_stages(draw: st.DrawFn) -> Line:
    """One annotate stage, one label an item, equal people with equal hours; any arrivals and any times."""
    times = (constant(90.0), exponential(200.0), Distribution("lognormal", {"median": 100.0, "sigma": 1.5}))
    calendar = draw(st.sampled_from((ALWAYS, dataclasses.replace(OFFICE, timezone="Europe/Paris"))))
    arrivals = Arrivals(WEEK / MINUTE, draw(st.sampled_from(("always", calendar.name))), items=30)
    segment = Segment(
        "items",
        backlog=draw(st.integers(0, 20)),
        releases=draw(st.sampled_from(((), (Release(30.0, 5), Release(86_400.0, 10))))),
        arrivals=draw(st.sampled_from((None, arrivals))),
        objects=draw(st.sampled_from((None, exponential(2.0)))),
        difficulty_sd=1.0,
    )
    calendars = tuple({one.name: one for one in (ALWAYS, calendar)}.values())
    line = queue(1, 0, 0, draw(st.sampled_from(times)), segments=(segment,), calendars=calendars)
    pool = dataclasses.replace(line.pools[0], calendar=calendar.name, shrinkage=draw(st.sampled_from((0.0, 0.2))))
    return dataclasses.replace(line, pools=(pool,), tick_s=draw(st.sampled_from((0.001, 60.0))))


@settings(deadline=None, max_examples=60, derandomize=True)
@given(single_stages(), st.integers(1, 5))
def test_one_more_worker_delays_no_task(line: Line, people: int) -> None:
    """Whoever comes in whatever way, with any times, at any tick."""
    assert delayed(line, people) == 0


def test_one_more_worker_does_help() -> None:
    """The law would hold, too, if workers did nothing: with two instead of one, most of a backlog is done sooner."""
    line = queue(1, 0, 0, exponential(60), segments=(Segment("items", backlog=20),))
    one, two = (run(Plan.of(with_people(line, count)), 1, 0).items["delivered_at"] for count in (1, 2))
    assert (two < one).sum() >= 18


def test_the_law_sees_a_newcomer_who_slows_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: every worker above the third doubles everybody's times."""
    twins.alone(monkeypatch)
    true = bench.Bench._active

    def crowded(self: Any, task: Any, stage: Any, pace: float) -> int:
        return true(self, task, stage, pace) * (2 if len(self.state.workers) > 3 else 1)

    monkeypatch.setattr(bench.Bench, "_active", crowded)
    line = queue(1, WEEK / MINUTE, 60, exponential(150))
    assert delayed(line, 3) > 0
