"""The best of several plans: those that may be it are run on, the same whoever runs them, until one is chosen."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from lines import exponential, queue

from labelcast.reports.choice import (
    choice_figure,
    choice_json,
    choice_rows,
    choice_sentences,
    choice_text,
    ranking,
)
from labelcast.scenarios.choice import Choice, Promise, choose
from labelcast.scenarios.together import FIRST
from labelcast.scenarios.tolerance import Tolerance
from labelcast.sim.errors import Infeasible, ScenarioRefused
from labelcast.sim.line import Contract, Line
from labelcast.sim.replicate import replicate
from labelcast.sim.selection import Rule, Selection, select


def line(name: str, workers: int = 2, mean_s: float = 120.0) -> Line:
    made = queue(workers, 4_000.0, 20, exponential(mean_s), name=name)
    return replace(made, pools=tuple(replace(pool, contract=Contract(hourly=30_000_000)) for pool in made.pools))


PLANS = [line("two"), line("three", 3), line("four", 4), line("slow", 3, 1_500.0)]


def promise(size: float = 0.02, kpi: str = "cycle_time_h", most: int = 1_000) -> Promise:
    return Promise(kpi, Tolerance(kpi, size, relative=True), most=most)


@pytest.fixture(scope="module")
def looks() -> list[Selection]:
    """What is seen at each look of `made`."""
    return []


@pytest.fixture(scope="module")
def made(looks: list[Selection]) -> Choice:
    """The plan of the least cycle time."""
    return choose(PLANS, promise(), 1, 1, looked=looks.append)


def test_those_that_may_be_the_best_are_run_on(made: Choice, looks: list[Selection]) -> None:
    """Runs are those that each line has by itself, of those that fell out no more than were made by then; the choice is
    what the procedure makes of their numbers, less being better; looks are in whole tens."""
    zone = float(f"{0.02 * replicate(PLANS[0], FIRST, 1, 1).kpis['cycle_time_h'].mean():.1e}")
    assert made.zone == zone
    counts = [len(each.kpis) for each in made.runs]
    for each, plan, many in zip(made.runs, PLANS, counts, strict=True):
        assert each.kpis.equals(replicate(plan, many, 1, 1).kpis)
    assert made.found == select([-each.kpis["cycle_time_h"].to_numpy() for each in made.runs], Rule(zone))
    assert made.chosen is made.leader is made.runs[2]
    assert counts[3] == FIRST
    assert counts[2] > FIRST
    assert all(many % 10 == 0 for many in counts)
    assert [one.chosen for one in looks[:-1]] == [None] * (len(looks) - 1)
    assert made.spent == sum(counts)


def test_a_kept_folder_changes_nothing(made: Choice, tmp_path: Path) -> None:
    """What is there is begun with, and no number hangs on it."""
    for name in ("two", "four"):
        replicate(line(name, {"two": 2, "four": 4}[name]), 40, 1, 1, keep=tmp_path / f"{name}.npz")
    again = choose(PLANS, promise(), 1, 1, keep=tmp_path)
    assert len(list(tmp_path.iterdir())) == 4
    assert again.found == made.found
    assert choice_json(again)["ranking"][0] == choice_json(made)["ranking"][0]


def test_too_few_runs_choose_nothing() -> None:
    """What takes more than 30 runs is not done in 30: none is chosen, and how far the leader may be behind is said."""
    found = choose(PLANS[1:3], promise(0.002, most=30), 1, 1)
    assert found.chosen is None
    assert found.found.stage == 30
    assert found.found.behind > found.zone
    told = [*choice_sentences(found)]
    assert told[0].startswith("Nothing is chosen: 30 runs are too few for ")
    assert "it may lie up to " in told[0]
    assert choice_json(found)["chosen"] is None


def test_plans_without_a_mean_are_left_out() -> None:
    """One that does not finish has no finish and no cost: the choice is among the others, and says so. Where none has
    a mean it is infeasible."""
    late = replace(line("late"), horizon_s=3_000.0)
    found = choose([late, *PLANS[:2]], promise(kpi="cost"), 1, 1)
    assert found.places == (1, 2)
    assert ranking(found)[-1].standing == "aside"
    assert any(one.startswith("late has no mean of cost") for one in choice_sentences(found))
    with pytest.raises(Infeasible, match="late: cost has no mean"):
        choose([late, replace(late, name="later")], promise(kpi="cost"), 1, 1)
    with pytest.raises(ScenarioRefused, match=r"--best wait_h\.review: none of two, three has it"):
        choose(PLANS[:2], Promise("wait_h.review", Tolerance("wait_h.review", 0.1, relative=False)), 1, 1)


def test_what_is_told(made: Choice) -> None:
    """Sentences promise what the procedure does, a row a plan in its order, JSON has the same, and a picture is one."""
    rows = ranking(made)
    assert rows[0].runs is made.leader
    assert rows[0].standing == "chosen"
    apart = [one.apart.mean for one in rows]
    assert apart[0] == 0
    assert apart == sorted(apart)
    assert rows[-1].name == "slow"
    assert (rows[-1].standing, rows[-1].at) == ("out", FIRST)
    sentences = [*choice_sentences(made)]
    many = "within" if any(one.standing == "left" for one in rows) else "with 95% confidence"
    assert sentences[0].startswith("four is the best in cycle time")
    assert many in sentences[0]
    assert sentences[-1].startswith(f"{made.spent} runs, {FIRST} to ")
    table = choice_rows(made)
    assert len(table) == 5
    assert table[-1][-1].startswith("out after 30, by ")
    text = choice_text(made)
    assert all(one in text for one in sentences)
    told = choice_json(made)
    assert [one["scenario"] for one in told["ranking"]] == [one.runs.line.name for one in rows]
    assert (told["chosen"], told["within"], told["runs"]) == ("four", made.zone, made.spent)
    assert choice_figure(made).count("<svg") == 1


def test_equal_plans_are_told_to_be_equal() -> None:
    """A plan beside itself: the first is chosen, the other came out the same; the choice of `kn` is told as what it is,
    and of throughput the largest mean is the best."""
    plans = [line("a"), line("b"), line("c", 3, 900.0)]
    found = choose(plans, promise(), 1, 1)
    assert "b came out the same in every run." in [*choice_sentences(found)]
    kn = choose(plans[1:], replace(promise(kpi="throughput_per_week"), procedure="kn"), 1, 1)
    assert next(choice_sentences(kn)).startswith("If one plan is better in throughput than all others by ")
    means = [each.kpis["throughput_per_week"].mean() for each in kn.runs]
    assert kn.chosen is kn.runs[int(np.argmax(means))]
    assert math.isnan(kn.found.behind)
