"""How searches are judged: slacks, books of truths, answers of rivals, and what many of them come to."""

from __future__ import annotations

import math
from pathlib import Path
from shutil import rmtree
from xml.etree import ElementTree

import numpy as np
import pytest
from answering.section import Figure, Section
from search import proved
from searching import exponential
from searching.answers import OURS, Answer, Judge, Run
from searching.beyond import case, problem
from searching.book import Book, Known, read, write
from searching.parts import Part
from searching.parts import read as read_parts
from searching.parts import write as write_parts
from searching.problem import plan_of
from searching.progress import APART, _apart, draw
from searching.prove import page
from searching.rivals import A_TRIAL, CURVE, RIVALS, Tried, answer, left_out, search
from searching.summary import Row, figures, row
from searching.trying import Slack, slack

from labelcast.scenarios.search.question import Constraint
from labelcast.sim.line import Goal

MEAN = Constraint(Goal("on_time", ">=", 0.95), "on_time >= 95%")
MOST = Constraint(Goal("cost", "<=", 200.0), "cost <= 200 EUR")
CHANCE = Constraint(Goal("finish_days", "<=", 10.0, 0.8), "p_deadline >= 80%")


def test_a_slack_is_a_share_of_the_limit() -> None:
    """Above zero where the constraint is kept, whichever way it points; a chance counts the runs that keep it."""
    values = np.array([0.97, 0.99, 1.0, 0.96])
    found = slack(MEAN, values)
    assert found.mean == pytest.approx((0.98 - 0.95) / 0.95)
    assert found.se == pytest.approx(values.std(ddof=1) / 0.95 / 2.0)
    assert slack(MOST, np.array([210.0, 230.0])).mean == pytest.approx(-0.1)
    days = np.array([9.0, 10.0, 11.0, 9.5, math.inf])
    assert slack(CHANCE, days).mean == pytest.approx(0.6 / 0.8 - 1.0)
    assert slack(CHANCE, np.full(40, 9.0)).se > 0.0


def test_a_book_tells_what_follows(tmp_path: Path) -> None:
    """More people than in a plan that keeps the limit keep it, fewer than in one that does not do not; what lies in
    doubt, or between, is not told. A table gives the book back."""
    question = exponential.problem().question(tmp_path)
    book = Book(question, 6)
    good, bad, doubt = (4, 3, 2, 2, 2, 2), (3, 2, 3, 2, 2, 2), (4, 3, 2, 1, 2, 2)
    for plan, mean in ((good, 0.1), (bad, -0.1), (doubt, 0.03)):
        book.add(plan, Known(100.0, 0.5, (Slack(mean, 0.01),), 640))
    write(tmp_path / "table.csv", question, book.known.items(), "by hand")
    again = read(tmp_path / "table.csv", Book(question, 6))
    assert again.known == book.known
    for one in (book, again):
        assert one.settled((5, 3, 2, 2, 4, 2)) is True
        assert one.settled((3, 2, 2, 2, 2, 2)) is False
        assert one.settled(doubt) is None
        assert one.settled((9, 8, 8, 1, 6, 6)) is None
        assert one.of(doubt).likely


def test_a_plan_is_simulated_until_it_is_clear(tmp_path: Path) -> None:
    """A plan far beyond the limit takes the fewest replications."""
    book = Book(exponential.problem().question(tmp_path), 6)
    assert not book.holds((0, 0, 0, 0, 0, 0))
    assert book.runs == 40


def test_a_case_is_judged_as_often_as_it_comes(tmp_path: Path) -> None:
    """The greatest plan misses a limit that lies below its wait, and so does one with fewer elsewhere in place of one
    more; that is found though the scenario of the time before is gone."""
    wider = case(0).wider
    assert wider is not None
    for name in ("first", "second"):
        made = problem(case(0))
        (tmp_path / name).mkdir()
        question = made.question(tmp_path / name)
        most = [len(one.texts) - 1 for one in question.variables]
        less = 1 if name == "first" else 2
        poorer = tuple(one if place == wider else one - less for place, one in enumerate(most))
        assert not made.truth(question, poorer).holds
        assert not made.truth(question, tuple(one - (place == wider) for place, one in enumerate(most))).holds
        rmtree(tmp_path / name)


def test_a_rival_answers_with_its_cheapest_feasible_trial() -> None:
    """Within the budget; by its careful rule, one that keeps its constraints by some errors."""
    tried = [
        Tried((1,), 30.0, (Slack(0.2, 0.01),), 25),
        Tried((2,), 20.0, (Slack(0.01, 0.01),), 50),
        Tried((3,), 10.0, (Slack(-0.01, 0.01),), 75),
        Tried((4,), 15.0, (Slack(0.2, 0.01), Slack(-0.1, 0.2)), 100),
        Tried((5,), 12.0, (Slack(0.2, 0.01),), 125),
    ]
    assert answer(tried, 125) == (5,)
    assert answer(tried, 100) == (2,)
    assert answer(tried, 100, 1.645) == (1,)
    assert answer(tried[2:4], 100) is None


@pytest.mark.parametrize("rival", [name for name in RIVALS if name not in left_out()])
def test_a_rival_keeps_to_its_budget_and_seed(rival: str, tmp_path: Path) -> None:
    """Each trial is a plan of its own on so many replications; a seed gives the same trials again."""
    question = exponential.problem().question(tmp_path)
    tried = search(rival, question, 7, 2 * A_TRIAL + 1)
    assert [one.used for one in tried] == [A_TRIAL, 2 * A_TRIAL]
    assert tried[0].plan != tried[1].plan
    assert [one.cost for one in tried] == [exponential.cost(one.plan) for one in tried]
    assert search(rival, question, 7, A_TRIAL) == tried[:1]


def test_answers_are_judged_by_the_truth(tmp_path: Path) -> None:
    """The exact optimum, a dearer plan, one that does not keep the limit, and none: shares and gaps by hand."""
    problem = exponential.problem()
    question = problem.question(tmp_path)
    judge = Judge(problem, question)
    assert problem.best is not None
    dearer = plan_of(question, "12", "7", "6", "4", "4", "3")
    cheap = plan_of(question, "8", "5", "5", "3", "3", "2")
    answers = [Answer(plan, True, 900) for plan in (problem.best, dearer, cheap, None)]
    runs = [Run(seed, {(OURS, 3_000): one}, 2.0) for seed, one in enumerate(answers)]
    found = row(OURS, 3_000, runs, judge)
    assert (found.seeds, found.returned, found.feasible, found.exact) == (4, 3, 2, 1)
    assert found.gaps == (0.0, pytest.approx(2_500.0 / 102_700.0))
    assert (found.within(0.02), found.within(0.05), found.unanswered) == (0.25, 0.5, 0.25)
    assert found.feasible_of_returned == pytest.approx(2 / 3)
    assert [one.holds for one in figures("lognormal", found)] == [False, False, False, False]
    assert not figures("exponential", found)[0].holds


def test_the_page_gives_its_figures_back(tmp_path: Path) -> None:
    """What the benchmark reads of the page is what was proved, kept or not, promised or told."""
    given = [
        Figure("one", "what | it is", "at least 95%", 0.975, "97.5%", True),
        Figure("two", "another", "at most 15%", 0.2, "20.0%", False),
        Figure("three", "told", "-", 0.01234, "1.23%", True),
    ]
    rows = {("ours", 300): Row("ours", 3, 2, 1, 0, (0.1,), 299.5, 1.5)}
    parts = {"choices": Part(Section("A problem", ["lines"], given), rows, "0" * 40, 3.0)}
    text = page(parts)
    assert proved(text) == {"one": 0.975, "two": 0.2, "three": 0.01234}
    assert "1 of 2 promises are kept" in text
    assert ("GP needs torch" in text) == bool(left_out())
    assert "**Not proved yet**: exponential, lognormal, beyond, seconds." in text
    write_parts(tmp_path / "kept.json", parts)
    assert read_parts(tmp_path / "kept.json") == parts
    assert read_parts(tmp_path / "other.json") == {}


def test_progress_has_a_panel_for_each_problem_and_a_label_for_each_method() -> None:
    """No two labels of a panel meet, though three methods end alike."""
    rows = {
        (name, budget): Row(name, 10, 10, 10, 0, (0.01,) * many + (0.2,) * (10 - many), 300.0, 1.0)
        for name, many in ((OURS, 10), ("random", 0), ("TPE", 0), ("NSGA-II", 0))
        for budget in CURVE
    }
    picture = ElementTree.fromstring(draw({"one": rows, "two": rows}))
    texts = ["".join(one.itertext()).strip() for one in picture.iter() if one.tag.endswith("text")]
    assert [texts.count(name) for name in ("one", "two", OURS, "random", "TPE", "NSGA-II")] == [1, 1, 2, 2, 2, 2]
    heights = _apart([1.0, 0.0, 0.0, 0.0])
    assert np.diff(sorted(heights)).min() >= APART - 1e-9
    assert min(heights) == 0.0
    assert max(heights) == 1.0
