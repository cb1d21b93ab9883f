"""The scorecard: by owner, what each KPI comes to, and whether what is wanted of it is met."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import pytest

from labelcast.reports import words
from labelcast.reports.cells import Cell
from labelcast.reports.page import report
from labelcast.reports.reading import Reading, read
from labelcast.reports.scorecard import HEADLINES, OCCURRING, scorecard, standing
from labelcast.sim.line import Goal, Line, Window
from labelcast.sim.registry import OWNERS, REGISTRY, kpi_of
from labelcast.sim.replicate import Runs, replicate
from labelcast.sim.statistics import Summary

NAMES = {kpi.name for kpi in REGISTRY}


def rows_of(readings: tuple[Reading, ...]) -> dict[str, dict[str, tuple[Cell, ...]]]:
    """Cells by owner and title."""
    return {group.title: {row.title: row.cells for row in group.rows} for group in scorecard(readings).groups}


def test_every_kpi_has_an_owner_and_every_owner_a_headline() -> None:
    """Owners are those of the registry and no other, families by segment have their KPI's, and headlines are KPIs."""
    assert {kpi.owner for kpi in REGISTRY} == set(OWNERS)
    assert NAMES.issuperset(HEADLINES)
    assert set(HEADLINES).issuperset(OCCURRING)
    assert {kpi_of(name).owner for name in HEADLINES} == set(OWNERS)
    for kpi in REGISTRY:
        head = kpi.name.removesuffix(".segment.<segment>")
        if head in NAMES:
            assert kpi_of(head).owner == kpi.owner, kpi.name


def test_a_number_stands_under_its_owner_as_the_runs_have_it(one: Runs) -> None:
    """Each headline that the line has is there once, under its owner of the registry, with its mean ± half-width."""
    (reading,) = read([one])
    found = rows_of((reading,))
    assert [owner.lower() for owner in found] == list(OWNERS)
    for name, summary in reading.kpis.items():
        family = "" if name.startswith("p_") else kpi_of(name).name
        there = [owner for owner, rows in found.items() if words.title(name) in rows]
        if family not in HEADLINES or math.isnan(summary.p50) or (family in OCCURRING and not summary.mean > 0):
            continue
        if family == "error_cost_per_1k":  # without prices of errors it tells what accuracy does
            assert not there
            continue
        assert [owner.lower() for owner in there] == [kpi_of(name).owner], name
        better, cell = found[there[0]][words.title(name)]
        assert better.text == {"low": "lower", "high": "higher", "none": "neither"}[kpi_of(name).better]
        assert cell.text == words.mean(reading, name)


@pytest.mark.parametrize(
    ("relation", "bound", "told"),
    [("<=", 12.0, "met"), ("<=", 11.9, "open"), ("<=", 7.9, "not met"), (">=", 8.0, "met"), (">=", 8.1, "open"),
     (">=", 12.1, "not met")],
)  # fmt: skip
def test_a_goal_is_met_where_the_whole_interval_is(relation: str, bound: float, told: str) -> None:
    """A mean of 10 with the interval 8 to 12 meets a bound that all of it does, misses one that none of it does."""
    goal = Goal("cost", relation, bound)  # type: ignore[arg-type]
    assert standing(Summary(10.0, 8.0, 12.0), None, goal) == told


def test_a_goal_with_a_probability_is_of_the_chance() -> None:
    """90% wanted: a chance of 95% to 99% meets it whatever the mean, one of 80% to 95% is open, one of 20% is not. What
    never finishes does not finish in time, and one replication leaves it open."""
    goal = Goal("finish_days", "<=", 1.0, 0.9)
    mean = Summary(10.0, 8.0, 12.0)
    chances = (Summary(0.97, 0.95, 0.99), Summary(0.9, 0.8, 0.95), Summary(0.2, 0.1, 0.4), None)
    assert [standing(mean, chance, goal) for chance in chances] == ["met", "open", "not met", "open"]
    plain = replace(goal, probability=None)
    assert standing(Summary(math.inf, math.nan, math.nan), None, plain) == "not met"
    assert standing(Summary(0.5, math.nan, math.nan), None, plain) == "open"


def test_goals_and_windows_stand_beneath_their_numbers(make_line: Callable[..., Line]) -> None:
    """A deadline that is far, a budget of nothing, a chance that is wanted, and a window: each says where it stands."""
    goals = (
        Goal("finish_days", "<=", 10_000.0),
        Goal("cost", "<=", 0.0),
        Goal("accuracy", ">=", 0.0, 0.5),
    )
    line = replace(make_line(), goals=goals, windows=(Window("pilot", items=10, at_s=10_000 * 86_400.0),))
    (reading,) = read([replicate(line, 10, seed=1, processes=1)])
    found = rows_of((reading,))
    assert found["Program manager"]["finish"][1].why.endswith(": met")
    assert found["Program manager"]["ready days, pilot"][1].why.startswith("10 items by ")
    assert found["Program manager"]["ready days, pilot"][1].why.endswith(": met")
    assert found["Finance"]["cost"][1].why == "at most 0.00 EUR: not met"
    assert found["Quality lead"]["accuracy"][1].why.startswith(
        "at least 0.0%, with a chance of at least 50%: met (100%"
    )
    assert found["Team lead"]["cycle time"][1].why == ""
    page = report([reading.runs], None)
    assert "<h2>Scorecard</h2>" in page
    assert "at most 0.00 EUR: not met" in page
