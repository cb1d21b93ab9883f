"""How a recommendation moves with what a fit does not know: in which share of its draws the plan keeps its goals."""

from __future__ import annotations

from dataclasses import dataclass

from ...sim.certificate import slack
from ...sim.statistics import wilson
from ..unsure import Unsure
from .beside import Beside
from .question import Plan
from .read import keys_of
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
    lines = Unsure(question.path, question.profile, found.rules.seed, keys=keys_of(question, plan), of=DRAWS)
    drawn_paths, _ = lines.paths
    if not drawn_paths or not question.constraints:
        return None
    drawn = [lines(number) for number in range(DRAWS)]
    short = [
        [slack(one.goal, beside.column(values, one.goal.kpi)).value > 0.0 for one in question.constraints]
        for values in beside.values(drawn, EACH)
    ]
    kept = sum(not any(row) for row in short)
    return Fits(DRAWS, kept, tuple(map(sum, zip(*short, strict=True))), len(drawn_paths))
