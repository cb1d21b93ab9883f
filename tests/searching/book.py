"""What long simulation found of plans: a table, what follows from it, and the runs that a question to it may need.

A plan is simulated until its mean lies CLEAR standard errors from the limit. More people do no harm: where a plan keeps
the limit, so does every plan with as many in each pool or more and the same choices; where it does not, none with as
many or fewer does. Settled thus, a truth rests on means that are beyond doubt.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from labelcast.scenarios.search.question import Plan, Question

from .problem import plan_of
from .trying import Trials

FOLDER = Path(__file__).parent / "truths"

SEED = 990_001
"""Luck that no search is given."""

CLEAR = 5.0
FIRST, MOST = 20, 20_480
"""Replications of a plan: so many at first, then twice as many each time, to so many."""


@dataclass(frozen=True)
class Known:
    """Of a plan's constraint KPI, by so many replications: mean and its standard error. cost: its mean."""

    cost: float
    mean: float
    se: float
    replications: int


class Book:
    """What is known of a question's plans; it has one constraint on a mean, and `rising` of its variables are
    headcounts, which come first."""

    def __init__(self, question: Question, rising: int) -> None:
        (constraint,) = question.constraints
        assert constraint.goal.probability is None
        self.question, self.rising = question, rising
        self.sign = 1.0 if constraint.goal.relation == ">=" else -1.0
        self.limit = constraint.goal.value
        self.known: dict[Plan, Known] = {}
        self._kept: dict[Plan, list[Plan]] = {}
        self._broken: dict[Plan, list[Plan]] = {}
        self._trials = Trials(question, SEED)

    def add(self, plan: Plan, found: Known) -> None:
        """Enters a plan."""
        self.known[plan] = found
        if abs(found.mean - self.limit) >= CLEAR * found.se:
            kind = self._kept if self.sign * (found.mean - self.limit) > 0 else self._broken
            kind.setdefault(plan[self.rising :], []).append(plan[: self.rising])

    def settled(self, plan: Plan) -> bool | None:
        """Whether a plan keeps the limit, by what is known; None where nothing tells."""
        heads, rest = plan[: self.rising], plan[self.rising :]
        if any(all(a >= b for a, b in zip(heads, one, strict=True)) for one in self._kept.get(rest, ())):
            return True
        if any(all(a <= b for a, b in zip(heads, one, strict=True)) for one in self._broken.get(rest, ())):
            return False
        return None

    def holds(self, plan: Plan) -> bool:
        """Whether a plan keeps the limit; simulated where nothing tells. What is in doubt after the most replications
        goes by its mean."""
        told = self.settled(plan)
        if told is None:
            if plan not in self.known:
                self.add(plan, self.simulated(plan))
            told = self.sign * (self.known[plan].mean - self.limit) >= 0
        return told

    def simulated(self, plan: Plan) -> Known:
        """By as many replications as its mean asks for."""
        values = self._trials.values(plan, 0, FIRST)
        while True:
            many, found = len(values), values[:, 1]
            se = float(found.std(ddof=1)) / math.sqrt(many)
            if abs(found.mean() - self.limit) >= (CLEAR + 10.0 / many) * se > 0.0 or many >= MOST:
                return Known(float(values[:, 0].mean()), float(found.mean()), se, many)
            values = np.concatenate([values, self._trials.values(plan, many, 2 * many)])

    @property
    def runs(self) -> int:
        """Replications of all that is known."""
        return sum(one.replications for one in self.known.values())


def write(path: Path, question: Question, known: Iterable[tuple[Plan, Known]], made: str) -> None:
    """The table as CSV: after a line that says how it was made, a row a plan."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write(f"# {made}\n")
        rows = csv.writer(stream, lineterminator="\n")
        rows.writerow([*(one.path for one in question.variables), "cost", "mean", "se", "replications"])
        for plan, one in known:
            texts = [varied.texts[place] for varied, place in zip(question.variables, plan, strict=True)]
            rows.writerow([*texts, f"{one.cost:.2f}", f"{one.mean:.6g}", f"{one.se:.2g}", one.replications])


def read(path: Path, book: Book) -> Book:
    """The book with the rows of a table."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream)
        next(rows)
        assert next(rows)[:-4] == [one.path for one in book.question.variables], f"{path}: of another problem"
        for *texts, cost, mean, se, many in rows:
            book.add(plan_of(book.question, *texts), Known(float(cost), float(mean), float(se), int(many)))
    return book
