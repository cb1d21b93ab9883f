"""What the `search:` block of a scenario file looks for, and what every plan must keep."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from short_scenario import SHORT, asked, changed, unasked

from labelcast.scenarios.search.question import Constraint, Objective
from labelcast.sim.line import Goal

GOALS = 'goals: {deadline: 2027-02-01, accuracy: "P(accuracy >= 95%) >= 80%", budget: 60_000 EUR}\n'

VARY = "vary: {pools.team.headcount: 3..5}"

CLAIMS = [
    ("p_deadline >= 90%", Goal("finish_days", "<=", 28 + 15 / 24, 0.9)),
    ("p_budget >= 75%", Goal("cost", "<=", 60_000.0, 0.75)),
    ("p_accuracy >= 60%", Goal("accuracy", ">=", 0.95, 0.6)),
    ("p_ready.june >= 95%", Goal("ready_days.june", "<=", 148 + 14 / 24, 0.95)),
    ("P(finish <= 2027-01-05) >= 90%", Goal("finish_days", "<=", 1 + 15 / 24, 0.9)),
    ("finish <= 2027-01-05T21:00", Goal("finish_days", "<=", 1.5)),
    ("finish <= 36 h", Goal("finish_days", "<=", 1.5)),
    ("P(cost <= 60_000 EUR) >= 80%", Goal("cost", "<=", 60_000.0, 0.8)),
    ("accuracy>=97%", Goal("accuracy", ">=", 0.97)),
    ("cycle_time_h <= 90 min", Goal("cycle_time_h", "<=", 1.5)),
    ("cycle_time_h.segment.images <= 5 h", Goal("cycle_time_h.segment.images", "<=", 5.0)),
    ("throughput >= 700 items/week", Goal("throughput_per_week", ">=", 700.0)),
    ("cost_per_label <= 0.25 EUR/label", Goal("cost_per_label", "<=", 0.25)),
    ("alpha >= 0.8", Goal("alpha", ">=", 0.8)),
    ("utilisation.team <= 85%", Goal("utilisation.team", "<=", 0.85)),
    ("false_alarms.drift <= 3 alarms", Goal("false_alarms.drift", "<=", 3.0)),
    ("cost.unused <= 5 EUR", Goal("cost.unused", "<=", 5.0)),
]

CHARTED = (
    changed(("pools:\n", "pools:\n  unused: {headcount: 3, calendar: office, pay: {hourly: 20 EUR}}\n"))
    + "charts: {drift: {watch: review, in_control: 5%, out_of_control: 15%}}\n"
    + GOALS.replace("goals: {", "goals: {windows: {june: {on: 2027-06-01, items: 50 items}}, ")
)


@pytest.mark.parametrize(("text", "goal"), CLAIMS, ids=[row[0] for row in CLAIMS])
def test_claims_are_goals_in_the_units_of_kpis(tmp_path: Path, text: str, goal: Goal) -> None:
    """A claim is on any KPI that some plan gives, of the mean or as a chance, with any unit of its kind or a date."""
    (found,) = asked(tmp_path, f"subject_to: ['{text}'], {VARY}", CHARTED).constraints
    assert found.text == text
    assert found.goal == replace(goal, value=pytest.approx(goal.value, rel=1e-12))


def test_without_claims_the_goals_are_kept(tmp_path: Path) -> None:
    """The scenario's goals are the constraints where the block has none; an empty list says that nothing is."""
    question = asked(tmp_path, VARY, SHORT + GOALS)
    assert [one.text for one in question.constraints] == [
        "finish <= 2027-02-01",
        "cost <= 60_000 EUR",
        "P(accuracy >= 95%) >= 80%",
    ]
    assert {one.goal for one in question.constraints} == set(question.line.goals)
    assert asked(tmp_path, f"subject_to: [], {VARY}", SHORT + GOALS).constraints == ()
    assert asked(tmp_path, f"subject_to: accuracy >= 90%, {VARY}").constraints == (
        Constraint(Goal("accuracy", ">=", 0.9), "accuracy >= 90%"),
    )


@pytest.mark.parametrize(
    ("wanted", "objectives"),
    [
        ("", [Objective("cost", "low")]),
        ("minimise: finish, ", [Objective("finish_days", "low")]),
        ("maximise: throughput, ", [Objective("throughput_per_week", "high")]),
        ("maximise: accuracy, minimise: [cost, finish], ",
         [Objective("accuracy", "high"), Objective("cost", "low"), Objective("finish_days", "low")]),
        ("minimise: items_arrived, ", [Objective("items_arrived", "low")]),
    ],
)  # fmt: skip
def test_what_is_wanted(tmp_path: Path, wanted: str, objectives: list[Objective]) -> None:
    """One to three KPIs, in the order in which they are written, by name or short name; cost where none is."""
    assert list(asked(tmp_path, f"{wanted}{VARY}").objectives) == objectives


ASKED_WRONG = [
    ("minimise: cots", 'no KPI is named "cots". Did you mean "cost"?'),
    ("minimise: accuracy", "more of accuracy is better. Write `maximise: accuracy`."),
    ("maximise: cost", "less of cost is better. Write `minimise: cost`."),
    ("minimise: p_deadline", "p_deadline is a chance"),
    ("minimise: [finish, finish_days]", "finish_days is looked for already, as finish"),
    ("subject_to: [p_deadline >= 90%]", "p_deadline needs the goal `deadline`, but there is none"),
    ("subject_to: [p_ready.june >= 90%]", 'no window of `goals` is named "june" (there are none)'),
    ("subject_to: [p_deadline <= 90%]", 'Write "p_deadline >= 90%"'),
    ("subject_to: ['P(p_deadline >= 3%) >= 4%']", "p_deadline is a chance itself"),
    ("subject_to: [acuracy >= 90%]", 'no KPI is named "acuracy". Did you mean "accuracy"?'),
    ("subject_to: [accuracy >= 97]", "a share needs a unit"),
    ("subject_to: [accuracy >= 107%]", "accuracy lies between 0% and 100%"),
    ("subject_to: [cost <= 1_000 USD]", "must be in EUR, the scenario's currency"),
    ("subject_to: [cost <= 25.000 EUR]", "might be 25_000 EUR or 25 EUR"),
    ("subject_to: [cost_per_label <= 0.2 EUR]", "must be in EUR/label"),
    ("subject_to: [cycle_time_h <= 5]", "a number of h needs a unit"),
    ("subject_to: [cycle_time_h <= 5 EUR]", "must be a number of h"),
    ("subject_to: [alpha >= 80%]", "alpha has no unit"),
    ("subject_to: [finish <= 2026-01-01]", "must be later than the start"),
    ("subject_to: [finish <= 2027-13-01]", "must be a date of the calendar"),
    ("subject_to: [cycle_time_h <= 2027-03-01]", "must be a number"),
    ("subject_to: [accuracy >= 97%, accuracy >=  97%]", "says what another one says"),
]


@pytest.mark.parametrize(("search", "message"), ASKED_WRONG, ids=[row[0] for row in ASKED_WRONG])
def test_what_cannot_be_asked_is_told(tmp_path: Path, search: str, message: str) -> None:
    """A KPI that no plan gives, a direction that nobody wants, a claim without its goal or its unit."""
    (found,) = unasked(tmp_path, f"{search}, {VARY}")
    assert message in found
    assert found.startswith("15:")
