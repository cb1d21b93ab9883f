"""A search in the background: which levers vary, how far it is, and the frontier of cost and finish as it grows."""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ...scenarios.search.frontier import undominated
from ...scenarios.search.history import History, Step
from ...scenarios.search.question import Question
from ...scenarios.search.read import read_question
from ...scenarios.search.rules import Rules
from ...scenarios.search.search import Found, search
from ...sim.crew import Crew
from ...sim.errors import Refused
from ...sim.statistics import Floats
from .. import numbers, words
from .levers import Lever
from .plan import Base, Moves

BUDGET = 600
"""Replications of a search."""

GROUPS = ("People", "Review", "Labels")
"""Groups of levers that may vary."""

VALUES = 12
"""Values of a lever."""

MOST = 4
"""Levers that vary at once."""


def varying(base: Base) -> list[Lever]:
    """The levers that a search may vary."""
    return [one for one in base.known if one.group in GROUPS and one.unit in ("", "%") and one.high > one.low]


def text_of(base: Base, moves: Moves, chosen: Sequence[Lever]) -> str:
    """A scenario file that asks for plans of least cost and earliest finish, by these levers, that keep its goals."""
    vary = [f"    {lever.path}: [{', '.join(_values(base, moves, lever))}]" for lever in chosen]
    block = ["search:", "  minimise: [cost, finish]", "  vary:", *vary]
    return base.text(moves) + "\n".join(block) + "\n"


def _values(base: Base, moves: Moves, lever: Lever) -> list[str]:
    """Values about where the lever stands, those that the scenario refuses left out."""
    now = moves.get(lever.name, lever.now)
    if lever.unit == "%":
        wanted = [*range(0, 101, 10)]
    else:
        low, high = max(1, math.floor(now / 2)), max(math.ceil(1.5 * now), math.floor(now / 2) + 2)
        wanted = sorted({round(float(one)) for one in np.linspace(low, high, min(high - low + 1, VALUES))})
    return [lever.shown(float(one)) for one in wanted if _may(base, {**moves, lever.name: float(one)})]


def _may(base: Base, moves: Moves) -> bool:
    try:
        base.moved(moves)
    except Refused:
        return False
    return True


class _Stopped(Exception):
    """Somebody wants no more of it."""


@dataclass
class Seeking:
    """A search that is under way, or over. points: of each plan tried, cost and finish, float[n, 2].  plans: these.
    used: replications so far.  found: what came of it.  problems: why there is nothing."""

    question: Question
    points: Floats = field(default_factory=lambda: np.zeros((0, 2)))
    plans: tuple[tuple[int, ...], ...] = ()
    used: int = 0
    found: Found | None = None
    problems: tuple[str, ...] = ()
    stopped: bool = False
    over: bool = False

    def start(self) -> None:
        """Begins, in a thread of its own that ends with the studio."""
        threading.Thread(target=self._run, name="search", daemon=True).start()

    def stop(self) -> None:
        """Ends it after the step that is under way."""
        self.stopped = True

    def _run(self) -> None:
        try:
            with Crew(1) as crew:
                rules = Rules(BUDGET, 1, 0.95, several=True)
                self.found = search(self.question, rules, crew, told=self._told)
                self.used = self.found.history.used
        except _Stopped:
            pass
        except Refused as refused:
            self.problems = refused.problems
        finally:
            if self.found is None and not (self.stopped or self.problems):
                self.problems = ("the search broke, which is a fault of ours. The terminal of the studio says where.",)
            self.over = True

    def _told(self, step: Step, history: History) -> None:
        plans = history.plans
        means = np.array([history.all_of(plan).mean(axis=0) for plan in plans])
        places = [self.question.kpis.index(one.kpi) for one in self.question.objectives]
        self.plans, self.points, self.used = tuple(plans), means[:, places], history.used
        if self.stopped:
            raise _Stopped

    @property
    def frontier(self) -> list[int]:
        """Places of the plans tried that no other beats in both, the cheapest first."""
        whole = [at for at, one in enumerate(self.points) if np.isfinite(one).all()]
        if not whole:
            return []
        best = undominated(self.points[whole])
        return sorted(
            (at for at, is_best in zip(whole, best, strict=True) if is_best), key=lambda at: self.points[at, 0]
        )

    def moves(self, at: int, base: Base) -> dict[str, float]:
        """The levers of a plan tried, as they would be moved."""
        found = {}
        for one, place in zip(self.question.variables, self.plans[at], strict=True):
            lever = base.lever(one.path)
            if lever is not None and one.numbers:
                found[lever.name] = lever.nearest(one.numbers[place])
        return found


def seek(base: Base, moves: Moves, chosen: Sequence[Lever], folder: Path) -> Seeking:
    """A search that may start. folder: of its own.  Raises ScenarioRefused with what is wrong with the question."""
    path = folder / "search.yaml"
    path.write_text(text_of(base, moves, chosen), encoding="utf-8")
    return Seeking(read_question(path))


def rows(seeking: Seeking, base: Base) -> list[tuple[str, ...]]:
    """The plans on the frontier: their levers, cost and finish; whether a certificate says that it keeps the goals."""
    sure = set() if seeking.found is None else set(seeking.found.frontier)
    told: list[tuple[str, ...]] = []
    for at in seeking.frontier[:12]:
        said = [one.texts[place] for one, place in zip(seeking.question.variables, seeking.plans[at], strict=True)]
        cost, days = seeking.points[at]
        kept = "certified" if seeking.plans[at] in sure else "not certified" if seeking.over else "not yet known"
        told.append((*said, numbers.number(cost, base.line.currency), numbers.number(days, "days"), kept))
    return told


def head(seeking: Seeking, base: Base) -> tuple[str, ...]:
    """Names of the columns of `rows`: what each lever moves."""
    levers = [(one.path, base.lever(one.path)) for one in seeking.question.variables]
    names = [path if lever is None else lever.label for path, lever in levers]
    return (*names, "cost", words.title("finish_days"), "goals")
