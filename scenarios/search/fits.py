"""How a recommendation moves with what a fit does not know: in which share of its draws the plan keeps its goals."""

from __future__ import annotations

from dataclasses import dataclass

from ...sim.certificate import slack
from ...sim.errors import Infeasible, ScenarioRefused
from ...sim.line import Line
from ...sim.statistics import wilson
from ..draws import Draw
from ..unsure import ATTEMPTS, unsure
from .beside import Beside
from .question import Plan
from .read import line_of
from .search import Found

DRAWS = 25
"""Of the fitted parameters, evenly over each."""

EACH = 16
"""Replications of a draw, all on the same luck; a chance is then taken from values smoothed to their own spread."""


@dataclass(frozen=True)
class Fits:
    """kept: draws in which all goals were kept.  missed: by goal, in how many it was not.  parameters: those drawn."""

    draws: int
    kept: int
    missed: tuple[int, ...]
    parameters: int

    @property
    def interval(self) -> tuple[float, float]:
        """Of the share of draws that keep all goals, 95%."""
        return wilson(self.kept, self.draws)


def fits(found: Found, plan: Plan, beside: Beside) -> Fits | None:
    """None where nothing was fitted with an interval, or nothing is to be kept."""
    question = found.question
    lines = unsure(question.path, question.profile, found.rules.seed)
    if lines is None or not question.constraints:
        return None
    drawn = [_drawn(found, plan, number) for number in range(DRAWS)]
    short = [
        [slack(one.goal, beside.column(values, one.goal.kpi)).value > 0.0 for one in question.constraints]
        for values in beside.values(drawn, EACH)
    ]
    kept = sum(not any(row) for row in short)
    return Fits(DRAWS, kept, tuple(map(sum, zip(*short, strict=True))), len(lines.paths[0]))


def _drawn(found: Found, plan: Plan, number: int) -> Line:
    """The plan's line in a draw; where that is no line, in the next attempt at it, as of Unsure."""
    told: Exception | None = None
    for attempt in range(ATTEMPTS):
        try:
            return line_of(found.question, plan, Draw(found.rules.seed, number, attempt, DRAWS))
        except (ScenarioRefused, Infeasible) as error:
            told = error
    rule = f"{ATTEMPTS} draws of the profile's parameters were no line, the last since: {told}"
    raise ScenarioRefused(f"{found.question.path}: {rule} Write what it names into the scenario.") from told
