"""What a search answers, and what is true of its answer."""

from __future__ import annotations

import atexit
import shutil
import tempfile
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from labelcast.scenarios.search.moves import Rules
from labelcast.scenarios.search.question import Plan, Question
from labelcast.scenarios.search.search import search
from labelcast.sim.crew import Crew

from .problem import Problem, no_truth
from .rivals import BUDGET, CAREFUL, CURVE, answer
from .rivals import search as rival_search

OURS = "labelcast"
CAREFULLY = ", carefully"
"""A rival's answer by its careful rule."""


@dataclass(frozen=True)
class Answer:
    """plan: None where there is none.  certified: whether its keeping of the constraints was proved on luck that no
    choice had seen; a rival never does.  used: replications."""

    plan: Plan | None
    certified: bool
    used: int


def ours(question: Question, seed: int, budget: int) -> Answer:
    """By labelcast, in this process."""
    with Crew(1) as crew:
        found = search(question, Rules(budget, seed), crew)
    return Answer(found.plan, found.plan is not None, found.history.used)


@dataclass(frozen=True)
class Run:
    """A search on a seed. answers: by (method, budget); a rival has two methods.  seconds: of the longest budget."""

    seed: int
    answers: dict[tuple[str, int], Answer]
    seconds: float


@dataclass(frozen=True)
class Asked:
    """What a process is given. name, text: of a problem's file.  budgets: of ours, each a search of its own."""

    name: str
    text: str
    method: str
    budgets: tuple[int, ...] = CURVE


def run(asked: Asked, seed: int) -> Run:
    """One search. Depends on nothing but its arguments."""
    question = question_of(asked.name, asked.text)
    begun = time.perf_counter()
    if asked.method == OURS:
        found = {}
        for budget in asked.budgets:
            begun = time.perf_counter()
            found[OURS, budget] = ours(question, seed, budget)
        return Run(seed, found, time.perf_counter() - begun)
    tried = rival_search(asked.method, question, seed, BUDGET)
    seconds = time.perf_counter() - begun
    rules = ((asked.method, 0.0), (asked.method + CAREFULLY, CAREFUL))
    answers = {
        (name, budget): Answer(answer(tried, budget, errors), False, min(budget, tried[-1].used))
        for name, errors in rules
        for budget in asked.budgets
    }
    return Run(seed, answers, seconds)


@cache
def question_of(name: str, text: str) -> Question:
    """The file is read once in each process; plans are read from it, so it stays until that ends."""
    folder = Path(tempfile.mkdtemp(prefix="searching-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Problem(name, text, None, no_truth).question(folder)


@dataclass(frozen=True)
class Judged:
    """feasible: whether the plan keeps what it must.  gap: what it costs more than the best one, as a share."""

    feasible: bool
    gap: float
    exact: bool


class Judge:
    """Of a problem's plans, each once."""

    def __init__(self, problem: Problem, question: Question) -> None:
        assert problem.best is not None, "without a best plan there is no gap"
        self._problem, self._question = problem, question
        self._least = problem.truth(question, problem.best).cost
        self._known: dict[Plan, Judged] = {}

    def of(self, plan: Plan) -> Judged:
        """What is true of a plan."""
        if plan not in self._known:
            told = self._problem.truth(self._question, plan)
            gap = told.cost / self._least - 1.0
            self._known[plan] = Judged(told.holds, gap, plan == self._problem.best)
        return self._known[plan]
