"""What replications say of a goal: a value with bounds, and whether it is kept, missed, or neither is sure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from ...sim.certificate import SHARES, bounds, kept, looks, missed
from ...sim.line import Goal
from ...sim.statistics import Floats
from .question import Constraint, Plan
from .search import Found

Standing = Literal["kept", "unsure", "missed"]

ALPHA = 0.025
"""Chance to be wrong on either side, where nothing else is said: of two-sided intervals of 95%."""


@dataclass(frozen=True)
class Judged:
    """A goal and what was found: the mean, or the share of replications that meet it. low, high: bounds, each with its
    chance to be wrong. NaN where some replication has no number."""

    constraint: Constraint
    found: float
    low: float
    high: float
    standing: Standing

    @property
    def goal(self) -> Goal:
        """What was asked for."""
        return self.constraint.goal

    @property
    def wanted(self) -> float:
        """What `found` is held against."""
        return self.goal.value if self.goal.probability is None else self.goal.probability

    @property
    def upwards(self) -> bool:
        """Whether more of `found` is better."""
        return self.goal.probability is not None or self.goal.relation == ">="

    @property
    def bound(self) -> float:
        """The one that the goal is judged by."""
        return self.low if self.upwards else self.high

    @property
    def short(self) -> float:
        """By how much `found` misses what was wanted; below zero: it does not."""
        return self.wanted - self.found if self.upwards else self.found - self.wanted


def judged(constraint: Constraint, values: Floats, alpha: float = ALPHA) -> Judged:
    """A goal by the KPI's replications, float[n], n >= 2; standings are those of `certificate`."""
    goal = constraint.goal
    standing: Standing = "unsure"
    if kept(goal, values, alpha):
        standing = "kept"
    elif missed(goal, values, alpha):
        standing = "missed"
    return Judged(constraint, *bounds(goal, values, alpha), standing)


@dataclass(frozen=True)
class Mean:
    """The mean of a KPI with its interval."""

    kpi: str
    mean: float
    low: float
    high: float


def promises(found: Found, plan: Plan) -> tuple[list[Judged], list[Mean]]:
    """(goals, objectives) of a certified plan, by its certificate's own replications alone.

    Bounds are those that the certificate was passed by, at the look that it was passed at: each holds with the search's
    confidence, whichever of its tries and looks it was. So do intervals of the objectives, of all its replications,
    which spend the same on both sides together.
    """
    step = found.certificate_of(plan)
    assert step is not None, "the plan is not certified"
    question = found.question
    goals: list[Judged] = []
    for look, share in zip(looks(step.move.looks[-1]), SHARES, strict=True):
        seen, alpha = step.values[:look], share * found.rules.alpha
        goals = [judged(one, seen[:, question.kpis.index(one.goal.kpi)], alpha) for one in question.constraints]
        if all(one.standing == "kept" for one in goals):
            break
    spent = SHARES[looks(step.move.looks[-1]).index(len(step.values))] * found.rules.alpha
    means = []
    for one in question.objectives:
        goal, values = Goal(one.kpi, "<=", math.nan), step.values[:, question.kpis.index(one.kpi)]
        means.append(Mean(one.kpi, *bounds(goal, values, spent / 2.0)))
    return goals, means
