"""What replications say of a goal: a value with bounds, and whether it is kept, missed, or neither is sure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

from ...sim.certificate import SHARES, kept, looks, missed
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
    return Judged(constraint, *_bounds(goal, values, alpha), standing)


def _bounds(goal: Goal, values: Floats, alpha: float) -> tuple[float, float, float]:
    """(what was found, low, high)."""
    n = values.size
    if goal.probability is not None:
        count = int((values >= goal.value if goal.relation == ">=" else values <= goal.value).sum())
        low = float(stats.beta.ppf(alpha, count, n - count + 1)) if count else 0.0
        high = float(stats.beta.isf(alpha, count + 1, n - count)) if count < n else 1.0
        return count / n, low, high
    if not np.isfinite(values).all():
        return math.nan, math.nan, math.nan
    half = float(stats.t.isf(alpha, n - 1)) * float(values.std(ddof=1)) / math.sqrt(n)
    mean = float(values.mean())
    return mean, mean - half, mean + half


@dataclass(frozen=True)
class Mean:
    """The mean of a KPI with its interval."""

    kpi: str
    mean: float
    low: float
    high: float


def promises(found: Found, plan: Plan) -> tuple[list[Judged], list[Mean]]:
    """(goals, objectives) of a certified plan, by its certificate's own replications alone.

    Bounds are those that the certificate was passed by: each holds with the search's confidence, whichever of its tries
    and looks it was. So do intervals of the objectives, which spend the same on both sides together.
    """
    step = found.certificate_of(plan)
    assert step is not None, "the plan is not certified"
    question, last = found.question, step.move.looks[-1]
    share = SHARES[looks(last).index(len(step.values))]
    alpha = share * found.rules.alpha
    goals = [judged(one, step.values[:, question.kpis.index(one.goal.kpi)], alpha) for one in question.constraints]
    means = []
    for one in question.objectives:
        goal = Goal(one.kpi, "<=", math.nan)
        means.append(Mean(one.kpi, *_bounds(goal, step.values[:, question.kpis.index(one.kpi)], alpha / 2.0)))
    return goals, means
