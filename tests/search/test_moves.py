"""Decisions of a search: they hang on its history alone, spend no more than there is, certify on luck of its own."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from labelcast.scenarios.search.candidates import candidates, many_policies
from labelcast.scenarios.search.history import CHOOSING, History, Move, Step
from labelcast.scenarios.search.moves import Mover, certified_of
from labelcast.scenarios.search.question import Objective, Plan, Question
from labelcast.scenarios.search.read import line_of, read_question
from labelcast.scenarios.search.rules import Rules
from labelcast.scenarios.search.run import made
from labelcast.scenarios.search.theory import Theory
from labelcast.scenarios.search.tree import guessed
from labelcast.scenarios.search.view import Outlook, View
from labelcast.sim.line import Line

EXAMPLE = Path(__file__).parents[2] / "examples" / "search.yaml"

FINE = "0%..100% by 2%"
"""Of the review's fraction: more policies than can all be looked at."""


@pytest.fixture(scope="module")
def question(tmp_path_factory: pytest.TempPathFactory) -> Question:
    path = tmp_path_factory.mktemp("moves") / "fine.yaml"
    path.write_text(EXAMPLE.read_text(encoding="utf-8").replace("0%..100% by 10%", FINE), encoding="utf-8")
    return read_question(path)


def imagined(question: Question, line: Line, stream: int, replications: range) -> np.ndarray:
    """What a line might cost and give, without a simulation: cost by people, accuracy by reviews, and luck."""
    people = {pool.name: pool.headcount for pool in line.pools}
    fraction = next((stage.fraction for stage in line.stages if stage.kind == "review"), 0.0)
    labels = line.stages[0].labels_per_item
    cost = 500.0 + 60.0 * people.get("team", 0) + 90.0 * people.get("leads", 0) + 300.0 * fraction + 150.0 * labels
    accuracy = 0.955 + 0.02 * fraction + 0.01 * labels
    days = 4.0 / (1.0 + people.get("team", 4)) + 1.0 * fraction / people.get("leads", 1) + 0.2 * labels
    rows = []
    for replication in replications:
        luck = np.random.default_rng([stream, replication]).standard_normal(3)
        known = {
            "cost": cost + 20 * luck[0],
            "accuracy": accuracy + 0.004 * luck[1],
            "finish_days": days + 0.3 * luck[2],
        }
        rows.append([known[kpi] for kpi in question.kpis])
    return np.array(rows)


def searched(question: Question, rules: Rules, moves: int = 10_000) -> tuple[Mover, History]:
    """A search of imagined plans, its first moves."""
    of_plan = partial(line_of, question)
    mover, history = Mover(question, Theory(question, of_plan), rules), History()
    while len(history.steps) < moves and (move := mover.next(history)) is not None:
        history.steps.append(made(mover, history, move, of_plan, partial(imagined, question)))
    return mover, history


def test_a_move_hangs_on_the_history_alone(question: Question) -> None:
    """Whoever has decided nothing before decides the same: nothing is remembered that matters."""
    rules = Rules(900, 3)
    mover, history = searched(question, rules, 24)
    assert len(history.steps) == 24
    assert many_policies(mover.theory)
    for number in (0, 5, 14, 19, 23):
        fresh = Mover(question, Theory(question, partial(line_of, question)), rules)
        assert fresh.next(History(history.steps[:number])) == history.steps[number].move


def test_no_more_is_spent_than_there_is_and_luck_is_not_used_twice(question: Question) -> None:
    """Replications of a plan follow one another on each stream; each certificate has a stream of its own, of which
    nothing was chosen."""
    rules = Rules(700, 1)
    _, history = searched(question, rules)
    assert history.used <= rules.budget
    for plan in history.plans:
        firsts = [
            (step.move.first, len(step.values))
            for step in history.steps
            if step.move.plan == plan and step.move.stream == CHOOSING
        ]
        assert [first for first, _ in firsts] == [sum(n for _, n in firsts[:k]) for k in range(len(firsts))]
    streams = [step.move.stream for step in history.certificates]
    assert streams == list(range(1, len(streams) + 1))
    assert len(streams) <= rules.tries
    assert certified_of(history), "plans that are plain enough are certified"
    first = next(place for place, step in enumerate(history.steps) if step.move.stream != CHOOSING)
    before, plan = History(history.steps[:first]), history.steps[first].move.plan
    assert len(before.chosen_by(plan)) >= rules.last / 4, "who looks best by a few is lucky"


def test_no_line_is_tried_twice_under_two_names(question: Question) -> None:
    """The staff of a pool without work makes no other plan."""
    mover, history = searched(question, Rules(500, 2), 40)
    names = [mover.theory.identity(plan) for plan in history.plans]
    assert None not in names
    assert len(set(names)) == len(names)


def test_of_several_objectives_certificates_share_a_stream_that_nothing_was_chosen_by(question: Question) -> None:
    both = replace(question, objectives=(*question.objectives, Objective("finish_days", "low")))
    _, history = searched(both, Rules(600, 1, several=True))
    assert {step.move.stream for step in history.certificates} == {1}
    kinds = [step.move.stream == CHOOSING for step in history.steps]
    assert kinds == sorted(kinds, reverse=True), "nothing is tried once certificates have begun"


def test_candidates_hang_on_their_arguments_alone(question: Question) -> None:
    """Not on which policies theory has seen."""
    one, other = (Theory(question, partial(line_of, question)) for _ in range(2))
    beside: list[Plan] = [(2, 1, 0, 0, 10, 0)]
    none = np.zeros((0, 6), np.int64)
    candidates(other, [(0, 0, 2, 1, 40, 1)], none, 9, 3)
    np.testing.assert_array_equal(candidates(one, beside, none, 1, 7), candidates(other, beside, none, 1, 7))


def test_choices_that_did_well_are_guessed_more_often(question: Question) -> None:
    """Of 40 plans tried those with the second choice of who labels are the best: most guesses have it too; and the same
    seed guesses the same."""
    rng = np.random.default_rng(0)
    sizes = [len(one.texts) for one in question.variables]
    tried: list[Plan] = [tuple(int(at) for at in rng.integers(0, sizes)) for _ in range(40)]
    worth = np.array([0.0 if plan[2] == 1 else 10.0 for plan in tried]) + rng.random(40)
    found = guessed(question.variables, [0, 1], tried, worth, 30, 5)
    assert (found[:, 2] == 1).mean() > 0.6
    assert (found[:, :2] == tried[int(worth.argmin())][:2]).all()
    np.testing.assert_array_equal(found, guessed(question.variables, [0, 1], tried, worth, 30, 5))
    assert len(guessed(question.variables, [0, 1], tried[:9], worth[:9], 30, 5)) == 0


@pytest.mark.parametrize(
    ("used", "chosen"), [(1_500, (0, 1)), (2_300, (0, 2))], ids=["another may be tried after it", "it is the last"]
)
def test_whom_a_certificate_is_tried_for(
    question: Question, used: int, chosen: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four plans: hopeless, as likely as not, likely and 1% dearer, sure and a fifth dearer. The first certificate goes
    to the cheapest that is as likely as not; the last to the one that is likely and costs little more, as most is to be
    expected of it."""
    plans = [(0, 0), (0, 1), (0, 2), (0, 3)]
    known = Outlook(np.array([90.0, 100.0, 101.0, 120.0]), np.ones(4), np.array([0.05, 0.55, 0.93, 1.0]))
    view = View.__new__(View)
    view.history, view.tried = History([Step(Move(plans[0], CHOOSING, 0, (used,), "try"), np.zeros((used, 1)))]), plans
    monkeypatch.setattr(View, "outlook", lambda *_: known)
    monkeypatch.setattr(View, "certifiable", True)
    mover = Mover.__new__(Mover)
    mover.question, mover.rules = question, Rules(3_000)
    assert mover._to_certify(view, None) == chosen
