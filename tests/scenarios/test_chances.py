"""Chances of goals: counted, with Wilson's interval, and told no smaller than they may be."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from lines import constant, queue

from labelcast.scenarios.chances import chance_clauses, chance_difference, chances_of, together
from labelcast.sim.line import Goal
from labelcast.sim.paired import paired_chance
from labelcast.sim.replicate import Runs, summaries
from labelcast.sim.statistics import wilson

DEADLINE, BUDGET, RIGHT = Goal("finish_days", "<=", 3.0), Goal("cost", "<=", 60_000.0), Goal("accuracy", ">=", 0.97)


def runs_of(name: str, goals: Sequence[Goal], **kpis: Sequence[float]) -> Runs:
    line = replace(queue(1, 100.0, 10, constant(60.0)), name=name, goals=tuple(goals))
    table: Mapping[str, np.ndarray] = {kpi: np.asarray(values, np.float64) for kpi, values in kpis.items()}
    return Runs(line, 1, 0.95, pd.DataFrame(table).rename_axis("replication"), pd.DataFrame(), [])


def clauses(a: Runs, b: Runs) -> list[str]:
    """Of scenario b against the baseline a."""
    return chance_clauses(chances_of(b), chances_of(a), (b.line, a.line))


def test_a_chance_is_that_of_the_summaries() -> None:
    """Counted as in every report: what never finishes has met nothing; NaN withholds it."""
    runs = runs_of("a", (DEADLINE, BUDGET, RIGHT), finish_days=[1, 4, math.inf, 3], cost=[1, 2, 3, math.nan])
    found, known = chances_of(runs), summaries(runs)
    assert list(found) == ["p_deadline", "p_budget"]  # accuracy is not among the KPIs
    late = found["p_deadline"]
    assert (late.share, late.low, late.high) == (known["p_deadline"].mean, *wilson(2, 4))
    assert late.met is not None
    assert late.met.tolist() == [True, False, False, True]
    assert found["p_budget"].met is None
    assert math.isnan(found["p_budget"].share)
    assert math.isnan(chance_difference(found["p_budget"], found["p_budget"], 0.95).mean)


def test_all_goals_at_once_are_those_of_one_run() -> None:
    """Two goals that half the runs keep each are kept together in a quarter of them; two on one KPI both count, and
    what is not known of one is not known of all."""
    goals = (DEADLINE, BUDGET, Goal("cost", "<=", 1.0))
    runs = runs_of("a", goals[:2], finish_days=[1, 1, 4, math.inf], cost=[1, 70_000, 2, 70_000])
    found = together(runs)
    assert found.goals == goals[:2]
    assert (found.mean, found.low, found.high) == (0.25, *wilson(1, 4))
    both = runs_of("a", goals, finish_days=[1, 1, 1, 4], cost=[1, 2, 70_000, 1])
    assert together(both).mean == 0.25
    assert math.isnan(together(runs_of("a", goals, finish_days=[1, 1], cost=[1, math.nan])).mean)
    assert math.isnan(together(runs_of("a", (), finish_days=[1, 1])).mean)
    assert together(runs_of("a", (RIGHT, DEADLINE), finish_days=[1, 4])).goals == (DEADLINE,)


def test_a_difference_of_chances_is_in_pairs() -> None:
    """Of the two scenarios' runs, the same number the same luck."""
    a = runs_of("a", [DEADLINE], finish_days=[1, 4, 5, 3, 9])
    b = runs_of("b", [DEADLINE], finish_days=[1, 2, 5, 2, 2])
    found = chance_difference(chances_of(b)["p_deadline"], chances_of(a)["p_deadline"], 0.9)
    assert found == paired_chance([True, True, False, True, True], [True, False, False, True, False], 0.9)


def test_the_clause_names_the_goal_and_both_chances() -> None:
    """The chance to miss, its interval rounded outward, the baseline's in the same brackets."""
    a = runs_of("a", [DEADLINE, BUDGET], finish_days=[1] * 12 + [4] * 8, cost=[50_000.0] * 20)
    b = runs_of("b", [DEADLINE, BUDGET], finish_days=[1] * 18 + [4] * 2, cost=[70_000.0] + [50_000.0] * 19)
    assert [round(100 * (1 - end), 1) for end in wilson(18, 20)] == [30.1, 2.8]
    assert clauses(a, b) == [
        "b misses 6 Jan 2027 with probability 10% (2% to 31%; a 40%, 21% to 62%) and exceeds 60,000 EUR with "
        "probability 5% (0% to 24%; a 0%, 0% to 17%)"
    ]


def test_what_no_run_missed_is_told_with_what_it_leaves_open() -> None:
    """Twenty runs without a miss leave up to 17%; a chance is never told as 0% or 100% where it is not."""
    a, b = (runs_of(name, [BUDGET], cost=[1.0] * 20) for name in "ab")
    assert clauses(a, b) == ["neither exceeds 60,000 EUR in any run (at most 17% each)"]
    b = runs_of("b", [BUDGET], cost=[1.0] * 999 + [70_000.0])
    a = runs_of("a", [BUDGET], cost=[1.0] * 1000)
    assert "probability 1% (0% to 1%;" in clauses(a, b)[0]


def test_goals_that_differ_are_told_apart() -> None:
    """Each against its own; a goal that only one has is told of that one, and none of the baseline alone."""
    a = runs_of("a", [Goal("cost", "<=", 5.5)], cost=[5.0, 6.0], accuracy=[0.9, 0.9])
    b = runs_of("b", [BUDGET, RIGHT], cost=[5.0, 6.0], accuracy=[0.9, 0.99])
    (told,) = clauses(a, b)
    assert "b exceeds 60,000 EUR with probability 0% (0% to 66%; a exceeds 5.50 EUR with 50%, 9% to 91%)" in told
    assert "and misses 97% accuracy with probability 50% (9% to 91%)" in told
    assert clauses(b, runs_of("c", [], cost=[1.0, 2.0])) == []


@pytest.mark.parametrize(("missed", "text"), [(0, "0%"), (1, "1%"), (100, "50%"), (199, "99%"), (200, "100%")])
def test_certainty_is_told_only_of_all_runs(missed: int, text: str) -> None:
    """One run of two hundred is 1%, not 0%; all but one are 99%."""
    a = runs_of("a", [BUDGET], cost=[70_000.0] * 200)
    b = runs_of("b", [BUDGET], cost=[70_000.0] * missed + [1.0] * (200 - missed))
    assert f"with probability {text} (" in clauses(a, b)[0]
