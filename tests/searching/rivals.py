"""Other optimisers on the same budget: Optuna's samplers, each trial a plan on so many replications of common luck.

Their answer is by their own rule, the cheapest trial that kept all constraints on its replications; and by a careful
one, that of a trial whose constraints are kept at 1.645 standard errors from their limits. A plan that is proposed anew
is answered from memory, free of charge.
"""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import optuna

from labelcast.scenarios.search.question import Plan, Question

from .trying import Slack, Trials, slack

BUDGET = 3_000
A_TRIAL = 25
"""Replications."""

CURVE = (375, 750, 1_500, 3_000)
"""Replications after which answers are taken."""

CAREFUL = 1.645
PENALTY = 10.0
"""Of CMA-ES, which knows no constraints: by so much of the cost, per share of a limit, a plan seems dearer."""

POPULATION = 20
"""Of NSGA-II; its 50 would be two generations."""

REPEATS = 10
"""Trials may be so many times those that the budget pays for."""

Sampler = Callable[[int], optuna.samplers.BaseSampler]

RIVALS: dict[str, Sampler] = {
    "random": lambda seed: optuna.samplers.RandomSampler(seed=seed),
    "TPE": lambda seed: optuna.samplers.TPESampler(seed=seed),
    "NSGA-II": lambda seed: optuna.samplers.NSGAIISampler(seed=seed, population_size=POPULATION),
    "CMA-ES": lambda seed: optuna.samplers.CmaEsSampler(seed=seed, with_margin=True, warn_independent_sampling=False),
    "GP": lambda seed: optuna.samplers.GPSampler(seed=seed),
}


def left_out() -> dict[str, str]:
    """Rivals that cannot be had here, and why."""
    return {} if importlib.util.find_spec("torch") else {"GP": "needs torch, which is not installed"}


@dataclass(frozen=True)
class Tried:
    """A trial: its plan, mean cost, and slacks. used: replications up to it."""

    plan: Plan
    cost: float
    slacks: tuple[Slack, ...]
    used: int

    def kept(self, errors: float) -> bool:
        """Whether all constraints look kept, by so many standard errors."""
        return all(one.mean - errors * one.se >= 0.0 for one in self.slacks)


def answer(tried: Sequence[Tried], budget: int, errors: float = 0.0) -> Plan | None:
    """The cheapest of the trials within a budget that looks as if it kept the constraints; None where none does."""
    kept = [one for one in tried if one.used <= budget and one.kept(errors)]
    return min(kept, key=lambda one: one.cost).plan if kept else None


def search(rival: str, question: Question, seed: int, budget: int = BUDGET) -> list[Tried]:
    """All trials of a rival, in order."""
    trials = Trials(question, seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        optuna.logging.set_verbosity(optuna.logging.ERROR)
        study = optuna.create_study(sampler=RIVALS[rival](seed), direction="minimize")
        return list(_tried(rival, study, trials, budget))


def _tried(rival: str, study: optuna.Study, trials: Trials, budget: int) -> Iterator[Tried]:
    known: dict[Plan, Tried] = {}
    for _ in range(REPEATS * budget // A_TRIAL):
        if trials.used + A_TRIAL > budget:
            return
        trial = study.ask()
        plan = _suggested(rival, trial, trials.question)
        if plan not in known:
            values = trials.values(plan, 0, A_TRIAL)
            slacks = tuple(slack(one, values[:, 1 + place]) for place, one in enumerate(trials.question.constraints))
            known[plan] = Tried(plan, float(values[:, 0].mean()), slacks, trials.used)
            yield known[plan]
        _told(rival, study, trial, known[plan])


def _suggested(rival: str, trial: optuna.Trial, question: Question) -> Plan:
    """A plan; choices have no order but for CMA-ES, which knows numbers alone."""
    places = []
    for one in question.variables:
        last = len(one.texts) - 1
        if one.kind != "choice" or rival == "CMA-ES":
            places.append(trial.suggest_int(one.path, 0, last))
        else:
            places.append(trial.suggest_categorical(one.path, range(last + 1)))
    return tuple(places)


def _told(rival: str, study: optuna.Study, trial: optuna.Trial, found: Tried) -> None:
    if rival == "CMA-ES":
        beyond = sum(max(0.0, -one.mean) for one in found.slacks)
        study.tell(trial, found.cost * (1.0 + PENALTY * beyond))
        return
    for place, one in enumerate(found.slacks):
        trial.set_constraint(str(place), -one.mean)
    study.tell(trial, found.cost)
