"""A search as a whole: it finds what enumeration finds, goes on as if it had never stopped, says when none is sure."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import optuna
import pytest

from labelcast.scenarios.search.history import History, Step
from labelcast.scenarios.search.question import Plan
from labelcast.scenarios.search.read import line_of, read_question
from labelcast.scenarios.search.rules import Rules
from labelcast.scenarios.search.search import Found, search, stream_seed
from labelcast.sim.crew import Crew
from labelcast.sim.errors import DataRefused, ScenarioRefused
from labelcast.sim.estimates.erlang import mmc_wait

SCENARIO = """
labelcast: 1
name: shop
start: 2027-01-04T00:00
currency: EUR
horizon: 5 days
work: {docs: {arrivals: {rate: 240 items/day, calendar: always}}}
pools:
  annotators: {headcount: 11, calendar: always, speed: {spread: 0}, pay: {hourly: 20 EUR}}
  reviewers: {headcount: 7, calendar: always, speed: {spread: 0}, pay: {hourly: 32 EUR}}
stages:
  annotate: {kind: work, pools: [annotators], time: {exponential: {mean: 36 min}}, next: {done: review}}
  review: {kind: work, pools: [reviewers], time: {exponential: {mean: 18 min}}, next: {done: deliver}}
search:
  minimise: cost
  subject_to: ["cycle_time_h <= 1 h"]
  vary: {pools.annotators.headcount: 7..12, pools.reviewers.headcount: 4..8}
"""

BUDGET = 600


@pytest.fixture(scope="module")
def crew() -> Iterator[Crew]:
    with Crew(1) as found:
        yield found


def found(
    folder: Path, crew: Crew, text: str = SCENARIO, budget: int = BUDGET, seed: int = 1, **options: object
) -> Found:
    path = folder / "shop.yaml"
    path.write_text(text, encoding="utf-8")
    question = read_question(path)
    rules = Rules(budget, seed, several=len(question.objectives) > 1)
    return search(question, rules, crew, **options)  # type: ignore[arg-type]


def same(one: History, other: History) -> None:
    """Asserts that two searches did the same, to the last bit."""
    assert [step.move for step in one.steps] == [step.move for step in other.steps]
    assert [step.passed for step in one.steps] == [step.passed for step in other.steps]
    for mine, theirs in zip(one.steps, other.steps, strict=True):
        np.testing.assert_array_equal(mine.values, theirs.values)


def test_it_finds_the_cheapest_plan_that_keeps_its_goal(tmp_path: Path, crew: Crew) -> None:
    """Of 30 plans: the cheapest of those whose mean time in the steady state, exact for two stages in a row, keeps the
    goal; and it was certified on luck that it was not chosen by."""
    one = found(tmp_path, crew)
    question = one.question

    def hours(plan: Plan) -> float:
        return 0.9 + mmc_wait(7 + plan[0], 6.0, 0.6) + mmc_wait(4 + plan[1], 3.0, 0.3)

    keeps = [plan for plan in itertools.product(range(6), range(5)) if hours(plan) <= 1.0]
    assert one.plan == min(keeps, key=lambda plan: 20 * plan[0] + 32 * plan[1])
    assert one.certificate is not None
    fresh = crew.values(
        line_of(question, one.plan), stream_seed(1, one.certificate.move.stream),
        range(len(one.certificate.values)), question.kpis,
    )  # fmt: skip
    np.testing.assert_array_equal(one.certificate.values, fresh)
    assert one.history.used <= BUDGET


@pytest.mark.parametrize("suffix", [".db", ".journal"])
def test_it_goes_on_as_if_it_had_never_stopped(tmp_path: Path, crew: Crew, suffix: str) -> None:
    """Stopped after some moves, again and again, and in the middle of one."""
    whole = found(tmp_path, crew)
    study = tmp_path / f"search{suffix}"

    def stops(after: int) -> object:
        def told(step: Step, history: History) -> None:
            if len(history.steps) == after:
                raise KeyboardInterrupt

        return told

    moves = len(whole.history.steps)
    assert moves >= 10
    for number, after in enumerate((1, moves // 2, moves - 2)):
        with pytest.raises(KeyboardInterrupt):
            found(tmp_path, crew, study=study, resume=number > 0, told=stops(after))
    again = found(tmp_path, crew, study=study, resume=True)
    same(again.history, whole.history)
    assert again.plan == whole.plan
    done = found(tmp_path, crew, study=study, resume=True)
    same(done.history, whole.history)


def test_a_study_can_be_read_by_others(tmp_path: Path, crew: Crew) -> None:
    """With Optuna alone: parameters by path, a feasible best trial, replications as attributes."""
    study = tmp_path / "search.db"
    one = found(tmp_path, crew, study=study)
    read = optuna.load_study(study_name="labelcast", storage=f"sqlite:///{study}")
    assert len(read.trials) == len(one.history.steps)
    assert set(read.trials[0].params) == {"pools.annotators.headcount", "pools.reviewers.headcount"}
    assert read.trials[0].params == {"pools.annotators.headcount": 11, "pools.reviewers.headcount": 7}
    assert sum(len(each.user_attrs["move"]["values"]) for each in read.trials) == one.history.used
    assert set(read.trials[0].constraints) == {"cycle_time_h <= 1 h"}


@pytest.mark.crews
def test_killed_in_the_middle_it_resumes_to_the_same(tmp_path: Path, crew: Crew) -> None:
    """kill -9 of the whole search, twice, wherever it is; then it is resumed."""
    whole = found(tmp_path, crew)
    study = tmp_path / "search.db"
    code = (
        "import sys; from pathlib import Path\n"
        "from labelcast.scenarios.search.read import read_question\n"
        "from labelcast.scenarios.search.rules import Rules\n"
        "from labelcast.scenarios.search.search import search\n"
        "from labelcast.sim.crew import Crew\n"
        "path, study = map(Path, sys.argv[1:])\n"
        "with Crew(1) as crew:\n"
        f"    search(read_question(path), Rules({BUDGET}, 1), crew, study=study, resume=study.exists(),\n"
        "           told=lambda step, history: print(len(history.steps), flush=True))\n"
    )
    for moves in (3, 9):
        child = subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path / "shop.yaml"), str(study)], stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        for told in child.stdout:
            if int(told) >= moves:
                break
        time.sleep(0.02)  # into the next move
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        child.stdout.close()
    again = found(tmp_path, crew, study=study, resume=True)
    same(again.history, whole.history)


def test_goals_that_no_plan_keeps_are_not_certified(tmp_path: Path, crew: Crew) -> None:
    """0.9 hours are two services in a row, without any wait; no plan keeps them by three errors."""
    one = found(tmp_path, crew, SCENARIO.replace("1 h", "0.9 h"), budget=200)
    assert one.plan is None
    assert one.certificate is None
    assert all(slack.value > -3.0 * slack.error for slack in one.view.slacks[0])


def test_several_objectives_have_a_frontier(tmp_path: Path, crew: Crew) -> None:
    """Cost against time: every plan of it is certified, none is beaten, and the knee is one of them."""
    text = SCENARIO.replace("minimise: cost", "minimise: [cost, cycle_time_h]").replace('["cycle_time_h <= 1 h"]', "[]")
    one = found(tmp_path, crew, text.replace("  subject_to: []\n", ""), budget=400)
    assert len(one.frontier) >= 3
    assert one.plan in one.frontier
    means = np.array([step.values.mean(axis=0) for plan in one.frontier if (step := one.certificate_of(plan))])
    order = np.argsort(means[:, 0])
    assert (np.diff(means[order, 1]) < 0).all(), "whoever costs more is quicker"


def test_time_that_is_over_ends_a_search_with_what_there_is(tmp_path: Path, crew: Crew) -> None:
    one = found(tmp_path, crew, seconds=0.0)
    assert one.plan is None
    assert one.history.used <= 20


def test_studies_are_not_mixed_up(tmp_path: Path, crew: Crew) -> None:
    study = tmp_path / "search.db"
    found(tmp_path, crew, budget=100, study=study)
    with pytest.raises(ScenarioRefused, match="holds a search already"):
        found(tmp_path, crew, budget=100, study=study)
    with pytest.raises(ScenarioRefused, match="another search"):
        found(tmp_path, crew, budget=100, seed=2, study=study, resume=True)
    idle = "  spare: {headcount: 2, calendar: always, pay: {hourly: 9 EUR}}\nstages:"
    with pytest.raises(ScenarioRefused, match="another search"):  # of what today's line does not use
        found(tmp_path, crew, SCENARIO.replace("stages:", idle), budget=100, study=study, resume=True)
    with pytest.raises(ScenarioRefused, match="there is no file"):
        found(tmp_path, crew, study=tmp_path / "none.db", resume=True)
    with pytest.raises(ScenarioRefused, match=r"must end in .db"):
        found(tmp_path, crew, study=tmp_path / "search.txt")
    notes = tmp_path / "notes.log"
    notes.write_text("first line\nno end of a line", encoding="utf-8")
    for resume in (False, True):
        with pytest.raises(DataRefused, match="could not be read or written"):
            found(tmp_path, crew, study=notes, resume=resume)
    assert notes.read_text(encoding="utf-8") == "first line\nno end of a line", "nobody's file is cut"
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"not a database, and long enough to be read as one" * 100)
    with pytest.raises(DataRefused, match="could not be read or written"):
        found(tmp_path, crew, study=broken, resume=True)


def test_a_full_disk_is_told_and_the_search_goes_on_elsewhere(tmp_path: Path, crew: Crew) -> None:
    """The file may grow no further; once it may, the search is resumed to the same end."""
    resource = pytest.importorskip("resource", reason="limits of files are set on Unix alone")
    whole = found(tmp_path, crew)
    study = tmp_path / "search.journal"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (12_000, before[1]))
    try:
        with pytest.raises(DataRefused, match="could not be read or written"):
            found(tmp_path, crew, study=study)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    same(found(tmp_path, crew, study=study, resume=True).history, whole.history)
