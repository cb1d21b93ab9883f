"""How a recommendation moves with the volume: the plan and its likely rivals with less work, and with more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...sim.levers import volume
from ...sim.paired import difference
from ...sim.statistics import Difference, Floats, Summary, summarise
from .beside import Beside
from .judged import Judged, Standing, judged
from .moves import LIKELY
from .question import Plan
from .same import as_today
from .search import Found

FACTORS = (0.8, 0.9, 1.0, 1.1, 1.2)
"""Of backlog, releases and arrivals."""

REPLICATIONS = 40
"""Of each plan at each volume, all on the same luck."""

RIVALS = 2
"""Plans beside the one found."""


@dataclass(frozen=True, eq=False)
class AtVolume:
    """A plan with so many times the work. cost: of the objective.  apart: its objective less that of the plan found."""

    plan: Plan
    factor: float
    goals: tuple[Judged, ...]
    cost: Summary
    apart: Difference

    @property
    def standing(self) -> Standing:
        """Of all goals together; of a plan whose objective has no mean they are missed."""
        kinds = {one.standing for one in self.goals}
        if "missed" in kinds or not np.isfinite(self.cost.mean):
            return "missed"
        return "unsure" if "unsure" in kinds else "kept"


def rivals(found: Found, plan: Plan) -> list[Plan]:
    """The plan found, as it is told, and the cheapest others tried that are likely to keep the goals; of several
    objectives the ends of the frontier."""
    if found.rules.several:
        ends = [*found.frontier[:1], *found.frontier[-1:]]
        return list(dict.fromkeys([plan, *(as_today(found, one) for one in ends if one != found.plan)]))
    known = found.view.outlook(np.array(found.view.tried, np.int64))
    failed = [step.move.plan for step in found.history.certificates if not step.passed]
    names = found.view.theory.identity
    order = [
        (float(cost), other)
        for cost, chance, other in zip(known.cost, known.chance, found.view.tried, strict=True)
        if chance >= LIKELY
    ]
    by_line = {names(other): other for _, other in sorted(order, reverse=True)}  # the first of those that are one line
    for other in (plan, *failed):
        by_line.pop(names(other), None)
    rest = sorted((cost, other) for cost, other in order if other in by_line.values())
    return [plan, *(as_today(found, other) for _, other in rest[:RIVALS])]


def at_volumes(found: Found, plan: Plan, beside: Beside) -> list[list[AtVolume]]:
    """By volume, the plan found and its rivals."""
    plans = rivals(found, plan)
    lines = {one: found.view.theory.line_of(one) for one in plans}
    rows = []
    for factor in FACTORS:
        values = beside.values([volume(lines[one], factor) for one in plans], REPLICATIONS)
        rows.append([_at(found, beside, one, factor, own, values[0]) for one, own in zip(plans, values, strict=True)])
    return rows


def _at(found: Found, beside: Beside, plan: Plan, factor: float, values: Floats, base: Floats) -> AtVolume:
    question = found.question
    kpi = question.objectives[0].kpi
    own = beside.column(values, kpi)
    goals = tuple(judged(one, beside.column(values, one.goal.kpi)) for one in question.constraints)
    return AtVolume(plan, factor, goals, summarise(own), difference(own, beside.column(base, kpi)))


def winner(row: Sequence[AtVolume], sign: float) -> AtVolume | None:
    """The one to take: of those that surely keep all goals the plan found, unless others are surely better; then the
    best of those. sign: of the objective."""
    fine = [one for one in row if one.standing == "kept"]
    if row[0] in fine:
        fine = [one for one in fine if _surely_better(one, sign)] or [row[0]]
    return min(fine, key=lambda one: sign * one.cost.mean, default=None)


def _surely_better(one: AtVolume, sign: float) -> bool:
    return max(sign * one.apart.low, sign * one.apart.high) < 0.0
