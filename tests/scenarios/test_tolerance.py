"""How much of a KPI matters, as an option says it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lines import constant, queue

from labelcast.scenarios.tolerance import Tolerance, read_tolerances
from labelcast.sim.errors import ScenarioRefused

LINES = [replace(queue(2, 100.0, 5, constant(60.0)), name=name) for name in "ab"]


@pytest.mark.parametrize(
    ("text", "kpi", "amount", "relative"),
    [
        ("cost=2%", "cost", 0.02, True),
        ("cost=1_500 EUR", "cost", 1500.0, False),
        ("finish=0.5 days", "finish_days", 0.5, False),
        ("finish=12h", "finish_days", 0.5, False),
        ("finish_days = 1 day", "finish_days", 1.0, False),
        ("accuracy=0.5 points", "accuracy", 0.005, False),
        ("accuracy=1%", "accuracy", 0.01, True),
        ("throughput=20 items/week", "throughput_per_week", 20.0, False),
        ("cost_per_label=0.01 EUR", "cost_per_label", 0.01, False),
        ("alpha=0.02", "alpha", 0.02, False),
        ("cycle_time_h=30 min", "cycle_time_h", 0.5, False),
    ],
)
def test_a_size_is_read_in_the_units_of_its_kpi(text: str, kpi: str, amount: float, relative: bool) -> None:
    """A share of the baseline's mean in %, else a size in any unit of the KPI's kind; shares in points."""
    (found,) = read_tolerances([text], "--precise", LINES).values()
    assert (found.kpi, found.relative) == (kpi, relative)
    assert found.amount == pytest.approx(amount)


def test_a_share_is_of_the_size_of_the_mean() -> None:
    """A twentieth of 40, and of -40, is 2; a size is itself."""
    assert Tolerance("cost", 0.05, relative=True).of(40.0) == 2.0
    assert Tolerance("cost", 0.05, relative=True).of(-40.0) == 2.0
    assert Tolerance("cost", 3.0, relative=False).of(float("nan")) == 3.0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("cost", "must be a KPI and how much of it"),
        ("coast=2%", 'no KPI is named "coast". Did you mean "cost"?'),
        ("p_deadline=2%", "is a chance"),
        ("cost=0%", "must be above 0"),
        ("cost=-3 EUR", "must be above 0"),
        ("cost=5", "needs a unit"),
        ("cost=5 USD", "must be in EUR"),
        ("cost=25.000 EUR", "might be 25_000 EUR or 25 EUR"),
        ("cost=5 days", "must be a number of EUR"),
        ("accuracy=0.5", "accuracy is a share"),
        ("alpha=2 EUR", "alpha has no unit"),
        ("finish=soon", "must be a number"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(text: str, words: str) -> None:
    """Where, what rule, what was found, how to mend it."""
    with pytest.raises(ScenarioRefused) as refused:
        read_tolerances([text], "--same", LINES)
    (problem,) = refused.value.problems
    assert problem.startswith("--same ")
    assert words in problem


def test_all_that_is_wrong_comes_at_once() -> None:
    """Two unreadable, and one that is said twice under two names."""
    with pytest.raises(ScenarioRefused) as refused:
        read_tolerances(["x=1", "cost", "finish=1 day", "finish_days=2 days"], "--precise", LINES)
    assert len(refused.value.problems) == 3
    assert "said twice" in refused.value.problems[-1]
