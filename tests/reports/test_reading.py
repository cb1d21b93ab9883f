"""What the figures are drawn from."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelcast.reports import days, words
from labelcast.reports.comparison.words import means_sentence
from labelcast.reports.reading import Reading, fan, read
from labelcast.sim.line import Line
from labelcast.sim.replicate import Runs


def test_thinning_keeps_the_state_or_the_mean_of_each_step() -> None:
    """A state is read at its moment; an average is that of the hours since the moment before."""
    stack = np.arange(100, dtype=np.float64)[None, :]
    hours = np.arange(100, dtype=np.int64)
    state = fan(stack, hours, 10.0, 25, average=False)
    assert state.step_h == 4
    assert state.p50[:3].tolist() == [0.0, 4.0, 8.0]
    mean = fan(stack, hours, 10.0, 25, average=True)
    assert mean.p50[:3].tolist() == [0.0, 2.5, 6.5]


@given(st.integers(1, 9_000), st.integers(10, 300))
def test_a_fan_never_has_more_points_than_asked(count: int, points: int) -> None:
    """However long the horizon; and its percentiles are in order."""
    rng = np.random.default_rng(count)
    stack = rng.random((5, count))
    made = fan(stack, np.arange(count, dtype=np.int64), count / 24, points, average=True)
    assert 1 <= len(made.days) <= points
    assert np.all(made.p5 <= made.p20)
    assert np.all(made.p20 <= made.p50)
    assert np.all(made.p50 <= made.p80)
    assert np.all(made.p80 <= made.p95)


def test_costs_by_activity_add_up_to_the_cost(one: Runs) -> None:
    """The means of the activities sum to the mean of the ledger's total; idle comes last."""
    (reading,) = read([one])
    total = one.ledger["amount"].sum() / len(one.kpis) / 1e6
    assert sum(cost.mean for cost in reading.costs.values()) == pytest.approx(total, rel=1e-12)
    assert list(reading.costs) == ["annotate", "review", "idle"]


def test_the_last_few_items_are_told(one: Runs) -> None:
    """Of 600 items 594 are there after ten hours of Monday, and the last six on Wednesday: said, in the median of runs;
    not of a plan whose last items come on the same day, nor of one that delivers nothing."""
    hours = one.curves[0].hours

    def delivering(name: str, last: int, items: int = 600) -> Reading:
        made = np.where(hours >= last, items, np.where(hours >= 10, min(items, 594), 0))
        first = replace(one.curves[0], delivered=made)
        late = replace(one.curves[0], delivered=np.where(hours >= 300, items, 0))
        kpis = one.kpis.assign(finish_days=last / 24)
        return Reading(0, replace(one, line=replace(one.line, name=name), curves=[first, first, late], kpis=kpis))

    slow, quick, none = delivering("slow", 50), delivering("quick", 20), delivering("none", 50, 0)
    assert slow.days_to_deliver(0.99) == 10 / 24
    assert math.isnan(none.days_to_deliver(0.99))
    told = "The last few items take long: slow has delivered 99% on Mon 4 Jan, the last on Wed 6 Jan (medians)."
    assert words.nearly_done([slow, quick, none]) == [told]
    assert words.nearly_done([quick]) == []


def test_means_are_told_of_plans_that_do_not_end_too(one: Runs) -> None:
    """A date where eight runs of ten are done by it; else why there is none."""

    def ending(name: str, days: float) -> Reading:
        return Reading(
            0, replace(one, line=replace(one.line, name=name), kpis=one.kpis.assign(finish_days=days, cost=7.0))
        )

    told = means_sentence([ending("a", 2.0), ending("b", math.inf), ending("c", math.nan)])
    assert told == (
        "Mean cost, and finish in 8 of 10 runs: a 7.00 ± 0.00 EUR, done by Wed 6 Jan; b 7.00 ± 0.00 EUR, not done by "
        "the horizon; c 7.00 ± 0.00 EUR, nothing to finish."
    )


def test_days_are_of_24_hours_across_a_clock_change() -> None:
    """28 March 2027 has 23 hours in Paris: the midnight after it lies an hour nearer."""
    line = Line("spring", datetime(2027, 3, 27, 9), "Europe/Paris", "EUR", 1e6, (), (), (), (), "annotate")
    assert days.days_until(line, datetime(2027, 3, 29).date()) == pytest.approx(2 - 9 / 24 - 1 / 24)
    assert days.moment(line, 1.0) == datetime(2027, 3, 28, 10, tzinfo=ZoneInfo("Europe/Paris"))


def test_a_deadline_at_midnight_is_the_day_that_it_ends() -> None:
    """11.625 days from Monday 9:00 is the end of Friday 15 January, which is what the planner wrote."""
    line = Line("due", datetime(2027, 1, 4, 9), "Europe/Paris", "EUR", 1e6, (), (), (), (), "annotate")
    assert days.by_day(line, 11.625) == "15 Jan 2027"
    assert days.by_day(line, 11.125) == "15 Jan 2027 12:00"


@given(st.floats(0.2, 2_000), st.integers(3, 12))
def test_ticks_are_few_and_at_local_midnights(span: float, most: int) -> None:
    """At most one more than asked for, each inside the axis, in order, all at midnight."""
    line = Line("any", datetime(2027, 1, 4, 9), "America/New_York", "EUR", 1e6, (), (), (), (), "annotate")
    ticks = days.date_ticks(line, 0.0, span, most)
    assert len(ticks) <= most + 1
    places = [place for place, _ in ticks]
    assert places == sorted(places)
    assert all(0 <= place <= span for place in places)
    for place in places:
        moment = days.moment(line, place) + timedelta(milliseconds=1)
        assert (moment.hour, moment.minute, moment.second) == (0, 0, 0)
