"""What long simulation found of plans: a table, what follows from it, and the runs that a question to it may need.

A plan is simulated until each of its constraints is kept, or one of them is broken, by CLEAR standard errors. Where
nothing but headcounts differs, more people do no harm: where a plan keeps all constraints, so does every plan with as
many in each pool or more; where it does not, none with as many or fewer does.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from labelcast.scenarios.search.question import Plan, Question

from .problem import plan_of
from .trying import Slack, Trials, slack

FOLDER = Path(__file__).parent / "truths"

SEED = 990_001
"""Luck that no search is given."""

CLEAR = 4.0
FIRST, MOST = 40, 20_480
"""Replications of a plan: so many at first, then twice as many each time, to so many."""

ASKED = 5_120
"""The most of a plan that is in no table; rivals answer with hundreds that lie at their limit."""

COST_ERROR = 0.002
"""Where a cost is known by simulation alone: its standard error at most, as a share of it."""


@dataclass(frozen=True)
class Known:
    """Of a plan, by so many replications: mean cost and its standard error, and its slacks."""

    cost: float
    cost_se: float
    slacks: tuple[Slack, ...]
    replications: int

    @property
    def kept(self) -> bool | None:
        """Whether all constraints are kept; None where that is not clear."""
        by = [one.mean / max(one.se, 1e-12) for one in self.slacks]
        return False if min(by) <= -CLEAR else True if min(by) >= CLEAR else None

    @property
    def likely(self) -> bool:
        """The same by the means alone."""
        return min(one.mean for one in self.slacks) >= 0.0


def known_of(question: Question, values: NDArray[np.float64]) -> Known:
    """What replications of a plan tell: their cost, and the KPI of each constraint."""
    many, cost = len(values), values[:, 0]
    slacks = (slack(one, values[:, 1 + place]) for place, one in enumerate(question.constraints))
    return Known(float(cost.mean()), float(cost.std(ddof=1)) / math.sqrt(many), tuple(slacks), many)


class Book:
    """What is known of a question's plans. rising: so many of its variables are headcounts, which come first, and of
    which more do no harm.  exact: costs need no simulation.  most: replications of a plan."""

    def __init__(self, question: Question, rising: int = 0, exact: bool = True, most: int = MOST) -> None:
        self.question, self.rising, self.exact, self.most = question, rising, exact, most
        self.known: dict[Plan, Known] = {}
        self._sides: dict[tuple[bool, Plan], list[Plan]] = {}
        self._trials = Trials(question, SEED)

    def add(self, plan: Plan, found: Known) -> None:
        """Enters a plan."""
        self.known[plan] = found
        if found.kept is not None:
            self._sides.setdefault((found.kept, plan[self.rising :]), []).append(plan[: self.rising])

    def settled(self, plan: Plan) -> bool | None:
        """Whether a plan keeps its constraints, by what is known; None where nothing tells."""
        heads, rest = plan[: self.rising], plan[self.rising :]
        for side in (True, False):
            for one in self._sides.get((side, rest), ()):
                low, high = (one, heads) if side else (heads, one)
                if all(a <= b for a, b in zip(low, high, strict=True)):
                    return side
        return None

    def holds(self, plan: Plan) -> bool:
        """Whether a plan keeps its constraints; simulated where nothing tells. What is in doubt after the most
        replications goes by its means."""
        told = self.settled(plan)
        return self.of(plan).likely if told is None else told

    def of(self, plan: Plan) -> Known:
        """What is known of a plan, which is simulated where it is not."""
        if plan not in self.known:
            self.add(plan, self._simulated(plan))
        return self.known[plan]

    def glance(self, plan: Plan) -> None:
        """Enters a plan if the fewest replications settle it."""
        found = known_of(self.question, self._trials.values(plan, 0, FIRST))
        if found.kept is not None:
            self.add(plan, found)

    def _simulated(self, plan: Plan) -> Known:
        """By as many replications as are asked for."""
        values = self._trials.values(plan, 0, FIRST)
        while True:
            many, found = len(values), known_of(self.question, values)
            sharp = self.exact or found.cost_se <= COST_ERROR * found.cost
            if found.kept is False or (found.kept and sharp) or many >= self.most:
                return found
            values = np.concatenate([values, self._trials.values(plan, many, 2 * many)])

    @property
    def runs(self) -> int:
        """Replications of all that is known."""
        return sum(one.replications for one in self.known.values())


def facts(book: Book, best: Plan, cost: Callable[[Plan], float]) -> Iterator[tuple[str, str]]:
    """What a book tells of the best plan and those near it. cost: of a plan of the book."""
    least, names = cost(best), [one.text for one in book.question.constraints]
    cheaper = [plan for plan in book.known if cost(plan) < least]
    near = max(cheaper, key=lambda plan: min(one.mean for one in book.known[plan].slacks), default=None)
    for what, plan in (("The best plan", best), ("The cheaper one that comes nearest", near)):
        if plan is not None:
            found = book.known[plan]
            slacks = (f"{one.mean:+.2%} ({one.se:.2%})" for one in found.slacks)
            told = "; ".join(f"{name}: {slack}" for name, slack in zip(names, slacks, strict=True))
            yield f"{what}: by how much of its limit a constraint is kept, and the standard error", told
    kept = sorted(cost(plan) / least - 1.0 for plan, one in book.known.items() if one.likely and plan != best)
    yield "Next in cost, of those simulated", f"{kept[0]:.2%} dearer" if kept else "none"
    yield "Plans simulated for this, and replications", f"{len(book.known):,}, {book.runs:,}"


def write(path: Path, question: Question, known: Iterable[tuple[Plan, Known]], made: str) -> None:
    """The table as CSV: after a line that says how it was made, a row a plan."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write(f"# {made}\n")
        rows = csv.writer(stream, lineterminator="\n")
        slacks = [word for one in question.constraints for word in (f"slack of {one.text}", "its se")]
        rows.writerow([*(one.path for one in question.variables), "replications", "cost", "its se", *slacks])
        for plan, one in known:
            texts = [variable.texts[place] for variable, place in zip(question.variables, plan, strict=True)]
            numbers = [f"{value:.4g}" for each in one.slacks for value in (each.mean, each.se)]
            rows.writerow([*texts, one.replications, f"{one.cost:.2f}", f"{one.cost_se:.2f}", *numbers])


def read(path: Path, book: Book) -> Book:
    """The book with the rows of a table."""
    width = len(book.question.variables)
    with path.open(encoding="utf-8", newline="") as stream:
        next(stream)
        rows = csv.reader(stream)
        assert next(rows)[:width] == [one.path for one in book.question.variables], f"{path}: of another problem"
        for row in rows:
            many, cost, error, *slacks = map(float, row[width:])
            pairs = zip(slacks[::2], slacks[1::2], strict=True)
            found = Known(cost, error, tuple(Slack(*pair) for pair in pairs), int(many))
            book.add(plan_of(book.question, *row[:width]), found)
    return book
