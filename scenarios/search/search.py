"""The search as a whole: from a question to the plan that is certified, or to how far the best one is from that."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

import numpy as np

from ...sim.crew import Crew
from ...sim.line import Line
from ...sim.statistics import Floats
from .frontier import knee, undominated
from .history import CHOOSING, History, Step
from .moves import Mover, certified_of
from .question import Plan, Question
from .read import line_of
from .rules import Rules
from .run import made
from .study import history_of, opened, tell
from .theory import Theory
from .view import View

EARLY = 0.6
"""Share of the time allowed after which nothing more is tried, so that there is time for a certificate."""

LINES = 500
"""Lines of plans that are kept at hand."""

Told = Callable[[Step, History], None]
"""Called with each step and the history with it."""


@dataclass(frozen=True, eq=False)
class Found:
    """What a search found.

    plan: of the certified plans the best by what is known, of several objectives the knee of the frontier; None where
    none was certified.  frontier: of several objectives, the certified plans that no other of them is better than, by
    the replications of their certificates.  seconds: that it took, the part of an earlier sitting left out.
    """

    question: Question
    rules: Rules
    history: History
    view: View
    plan: Plan | None
    frontier: tuple[Plan, ...]
    seconds: float

    @property
    def certificate(self) -> Step | None:
        """The step in which the plan was certified, on luck that no choice has seen."""
        return None if self.plan is None else self.certificate_of(self.plan)

    def certificate_of(self, plan: Plan) -> Step | None:
        """The same of any certified plan."""
        return next((one for one in self.history.certificates if one.passed and one.move.plan == plan), None)


def stream_seed(seed: int, stream: int) -> int:
    """The seed of a stream of luck: that of the search for the plans it chooses by, others for certificates."""
    return seed if stream == CHOOSING else int(np.random.SeedSequence([seed, stream]).generate_state(1)[0])


def search(
    question: Question,
    rules: Rules,
    crew: Crew,
    *,
    study: Path | None = None,
    resume: bool = False,
    seconds: float | None = None,
    told: Told | None = None,
) -> Found:
    """Searches until the budget is used, nothing promises to be worth its replications, or time is over.

    study: a file that keeps every trial.  resume: goes on with one that has a search already; what comes out is what
    had come out, had it not been stopped.  seconds: then what was found is certified, as far as there is time.
    Raises as `opened` and Crew do; what was told is kept in the file.
    """
    begun = time.monotonic()
    of_plan = lru_cache(LINES)(partial(line_of, question))
    mover = Mover(question, Theory(question, of_plan), rules)

    def values_of(line: Line, stream: int, replications: range) -> Floats:
        return crew.values(line, stream_seed(rules.seed, stream), replications, question.kpis)

    with opened(study, resume, mover) as (kept, sampler):
        history = history_of(kept)
        while True:
            sampler.late = seconds is not None and time.monotonic() - begun > EARLY * seconds
            move = sampler.decide(history)
            over = seconds is not None and time.monotonic() - begun > seconds
            if move is None or (over and history.steps):
                break
            trial = kept.ask(sampler.space)
            step = made(mover, history, move, of_plan, values_of)
            history.steps.append(step)
            tell(kept, trial, question, View(question, mover.theory, rules, history), step)
            if told is not None:
                told(step, history)
    return found_in(mover, history, time.monotonic() - begun)


def found_in(mover: Mover, history: History, seconds: float) -> Found:
    """What a history comes to."""
    question = mover.question
    view = View(question, mover.theory, mover.rules, history)
    certified = certified_of(history)
    plan = min(certified, key=lambda one: view.objective(one)[0], default=None)
    best: list[Plan] = []
    if mover.rules.several and certified:
        steps = [next(one for one in history.certificates if one.move.plan == each) for each in certified]
        signs = np.array([one.sign for one in question.objectives])
        columns = [question.kpis.index(one.kpi) for one in question.objectives]
        values = np.array([signs * step.values[:, columns].mean(axis=0) for step in steps])
        places = np.flatnonzero(undominated(values))
        best = [certified[place] for place in places]
        plan = best[knee(values[places])]
    return Found(question, mover.rules, history, view, plan, tuple(best), seconds)
