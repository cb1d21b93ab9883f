"""A search as an Optuna study: every move is a trial, with its replications as attributes; so a search can be resumed,
and looked at with whatever reads such studies.

The driver asks for one trial, runs it, and tells it, so that trials are in order and each hangs on those before it.
What was not told when a search was stopped is run anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import optuna
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.samplers import BaseSampler
from optuna.storages import BaseStorage, InMemoryStorage, JournalStorage, RDBStorage
from optuna.storages.journal import JournalFileBackend
from optuna.study import Study, StudyDirection
from optuna.trial import FrozenTrial, Trial, TrialState
from sqlalchemy.exc import SQLAlchemyError

from ...sim.errors import DataRefused, ScenarioRefused
from ...sim.line import digest
from ..problems import quoted
from .history import History, Move, Step
from .moves import Mover
from .question import Objective, Plan, Question, Variable
from .view import View

LAYOUT = 1
"""Of the attributes; a reader refuses any other."""

NAME = "labelcast"

SQLITE = (".db", ".sqlite", ".sqlite3")
JOURNAL = (".journal", ".log", ".jsonl")


class MoveSampler(BaseSampler):
    """Takes plans from the mover, by what the study's finished trials say, and by nothing else."""

    def __init__(self, mover: Mover) -> None:
        self.mover = mover
        self.space = {one.path: _distribution(one) for one in mover.question.variables}
        self.late = False
        self._decided: tuple[int, Move | None] | None = None

    def decide(self, history: History) -> Move | None:
        """The next move, worked out once for each length of the history. Once it is late, what was found is certified
        and nothing else is tried."""
        if self._decided is None or self._decided[0] != len(history.steps):
            self._decided = (len(history.steps), self.mover.next(history, self.late))
        return self._decided[1]

    def infer_relative_search_space(self, study: Study, trial: FrozenTrial) -> dict[str, BaseDistribution]:
        return self.space

    def sample_relative(
        self, study: Study, trial: FrozenTrial, search_space: dict[str, BaseDistribution]
    ) -> dict[str, Any]:
        """The plan of the next move. Raises RuntimeError where there is none: who asks looks at `decide` first."""
        move = self.decide(history_of(study))
        if move is None:
            raise RuntimeError("the search is over: there is nothing to ask for")
        return {
            one.path: _shown(one, place) for one, place in zip(self.mover.question.variables, move.plan, strict=True)
        }

    def sample_independent(
        self, study: Study, trial: FrozenTrial, param_name: str, param_distribution: BaseDistribution
    ) -> Any:
        raise AssertionError("all that varies is sampled together")


def _distribution(one: Variable) -> BaseDistribution:
    if one.kind == "choice":
        return CategoricalDistribution(one.texts)
    if one.kind == "whole" and one.numbers == tuple(range(int(one.numbers[0]), int(one.numbers[-1]) + 1)):
        return IntDistribution(int(one.numbers[0]), int(one.numbers[-1]))
    return FloatDistribution(one.numbers[0], one.numbers[-1])


def _shown(one: Variable, place: int) -> str | int | float:
    if one.kind == "choice":
        return one.texts[place]
    return int(one.numbers[place]) if isinstance(_distribution(one), IntDistribution) else one.numbers[place]


def history_of(study: Study) -> History:
    """The moves that were told, in order."""
    told = [one for one in study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,)) if "move" in one.user_attrs]
    return History.of(_step(one.user_attrs["move"]) for one in told)


def _step(told: Mapping[str, Any]) -> Step:
    at = Move(tuple(told["plan"]), told["stream"], told["first"], tuple(told["looks"]), told["why"])
    return Step(at, np.array(told["values"], np.float64), told["passed"])


def tell(study: Study, trial: Trial, question: Question, view: View, step: Step) -> None:
    """Tells a trial what its move gave. view: of the history with it."""
    move = step.move
    values = [[_json(value) for value in row] for row in step.values.tolist()]
    trial.set_user_attr("move", {**asdict(move), "values": values, "passed": step.passed})
    means = view.values[move.plan].mean(axis=0).tolist()
    trial.set_user_attr("means", {kpi: _json(mean) for kpi, mean in zip(question.kpis, means, strict=True)})
    place = view.tried.index(move.plan)
    for one, slacks in zip(question.constraints, view.slacks, strict=True):
        trial.set_constraint(one.text, slacks[place].value)
    study.tell(trial, [_finite(view, move.plan, one) for one in question.objectives])


def _finite(view: View, plan: Plan, one: Objective) -> float:
    """The mean of an objective; where it has none, the worst there is, as a study takes no infinity."""
    mean = float(view.column(plan, one.kpi).mean())
    return mean if np.isfinite(mean) else 1e300 * one.sign


def _json(value: float) -> float | str:
    """JSON has no infinity; NumPy reads these words."""
    return value if np.isfinite(value) else str(value)


def asked(question: Question, seed: int, confidence: float) -> str:
    """Names a search: equal for those of which one could go on with the other's trials."""
    varied = [[one.path, one.kind, one.texts, one.numbers] for one in question.variables]
    wanted = [[one.kpi, one.better] for one in question.objectives]
    kept = [one.text for one in question.constraints]
    whole = [
        digest(question.line),
        question.written,
        varied,
        wanted,
        kept,
        seed,
        confidence,
        version("labelcast"),
        LAYOUT,
    ]
    return hashlib.sha256(json.dumps(whole).encode()).hexdigest()[:16]


@contextmanager
def opened(path: Path | None, resume: bool, mover: Mover) -> Iterator[tuple[Study, MoveSampler]]:
    """The study of a file, or one that is kept nowhere. Trials that were under way when it was left are given up.

    Raises ScenarioRefused where a file has a study already and it is not to be resumed, or is of another search, or
    there is none; DataRefused where it cannot be read or written.
    """
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    question, rules = mover.question, mover.rules
    name = asked(question, rules.seed, rules.confidence)
    with _readable(path):
        if path is not None and resume and not path.exists():
            raise ScenarioRefused(f"--resume: there is no file {path}. Name the study's, or leave --resume out.")
        storage = _storage(path, resume)
        there = [one for one in optuna.get_all_study_names(storage) if one == NAME]
        if there and not resume:
            raise ScenarioRefused(f"--study: {path} holds a search already. Say --resume, or name another file.")
        sampler = MoveSampler(mover)
        directions = [
            StudyDirection.MINIMIZE if one.better == "low" else StudyDirection.MAXIMIZE for one in question.objectives
        ]
        study = optuna.create_study(
            storage=storage, sampler=sampler, pruner=optuna.pruners.NopPruner(), study_name=NAME,
            directions=directions, load_if_exists=True,
        )  # fmt: skip
        if there:
            found = study.user_attrs.get("search")
            if found != name:
                rule = f"{path} is of another search: its scenario, seed, confidence or version of labelcast differ"
                raise ScenarioRefused(f"--resume: {rule}. Take back what was changed, or name another file.")
            for trial in study.get_trials(deepcopy=False, states=(TrialState.RUNNING, TrialState.WAITING)):
                study.tell(trial.number, state=TrialState.FAIL)
        else:
            study.set_user_attr("search", name)
            study.set_user_attr("scenario", question.line.name)
            study.set_user_attr("seed", rules.seed)
            study.set_user_attr("kpis", list(question.kpis))
        yield study, sampler


def _storage(path: Path | None, resume: bool) -> BaseStorage:
    if path is None:
        return InMemoryStorage()
    if path.suffix in SQLITE:
        return RDBStorage(f"sqlite:///{path.resolve()}")
    if path.suffix in JOURNAL:
        if resume:
            _without_torn_end(path)
        return JournalStorage(JournalFileBackend(str(path)))
    rule = f"--study: the name must end in .db (SQLite) or .journal, but got {quoted(path.name)}"
    raise ScenarioRefused(f"{rule}. Name it search.db.")


def _without_torn_end(path: Path) -> None:
    """Cuts off a journal's last line where it was not written to its end, as when the disk was full or the search was
    killed: what it would have told is run anew. Whoever appends to it would spoil their own line as well. A file that
    is no journal is left as it is."""
    with path.open("r+b") as file:
        whole = file.read()
        if whole.startswith(b'{"op_code"'):
            file.truncate(whole.rfind(b"\n") + 1)


@contextmanager
def _readable(path: Path | None) -> Iterator[None]:
    try:
        yield
    except (SQLAlchemyError, OSError, json.JSONDecodeError) as error:
        told = str(getattr(error, "orig", None) or error)
        raise DataRefused(
            f"{path}: the study could not be read or written: {told}. What was told before is kept: mend it, and go on "
            "with --resume."
        ) from error
