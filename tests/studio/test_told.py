"""What the studio says of answers and of two plans, without a browser."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from labelcast.reports.studio.holding import Side, held
from labelcast.reports.studio.plan import Base
from labelcast.reports.studio.quick import Quick
from labelcast.reports.studio.told import answer_html
from labelcast.scenarios.chances import together
from labelcast.sim.line import Goal
from labelcast.sim.statistics import wilson

LINE = Path(__file__).parent / "line.yaml"


def test_every_goal_of_the_plan_has_its_amount_and_its_chance() -> None:
    """Law: goals beyond cost, finish and accuracy have rows too, and no other KPI has; of several goals the chance of
    all in one run, and none of one alone."""
    line = Base.of(LINE).line
    (answer,) = Quick().answers(line, enough=2)
    plain = answer_html(answer)
    assert "at most 2,000 EUR: " in plain
    assert "items on time" not in plain
    goal = Goal("on_time", ">=", 0.9, 0.8)
    (more,) = Quick().answers(replace(line, goals=(*line.goals, goal)), enough=2)
    assert "items on time" in answer_html(more)
    assert "at least 90.0%, with a chance of at least 80%" in answer_html(more)
    met = together(answer.runs)
    assert 'all goals at once</th><td data-label="mean ± error"></td>' in plain
    assert (met.mean, met.low) == (1, wilson(2, 2)[0])
    assert "100% likely (34% to 100%)" in plain
    (alone,) = Quick().answers(replace(line, goals=line.goals[:1]), enough=2)
    assert "all goals" not in answer_html(alone)


def test_a_plan_that_was_kept_is_not_called_as_the_scenario() -> None:
    """Law: of one scenario twice, what stands as it does has its name; what was moved, kept or now, says so."""
    base, quick = Base.of(LINE), Quick()
    moves = {"pools.team.headcount": 5.0}
    names = [
        [*held(quick, Side(base, first), Side(base, second), 2).names]
        for first, second in (({}, moves), (moves, {}), (moves, {"pools.team.headcount": 6.0}))
    ]
    assert names == [
        ["small line", "small line, moved"], ["small line, kept", "small line"],
        ["small line, kept", "small line, moved"],
    ]  # fmt: skip
