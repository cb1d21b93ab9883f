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
    """(what was found, low, high): values of the goal up to which a certificate's tests call it kept, and missed."""
    n = values.size
    if goal.probability is not None:
        count = int((values >= goal.value if goal.relation == ">=" else values <= goal.value).sum())
        low = float(stats.beta.ppf(alpha, count, n - count + 1)) if count else 0.0
        high = float(stats.beta.isf(alpha, count + 1, n - count)) if count < n else 1.0
        return count / n, low, high
    if not np.isfinite(values).all():
        return math.nan, math.nan, math.nan
    mean, spread = float(values.mean()), float(values.std())
    if spread <= 1e-12 * max(abs(mean), 1e-300):
        return mean, mean, mean
    skew = float(((values - mean) ** 3).mean()) / spread**3
    far = float(stats.t.isf(alpha, n - 1))
    below, above = (_back(far, sign * skew, n) * spread / math.sqrt(n - 1) for sign in (-1.0, 1.0))
    return mean, mean - below, mean + above


def _back(far: float, skew: float, n: int) -> float:
    """How many standard errors off a bound lies, of which the transformed t of a certificate is `far`: Hall's cubic,
    undone."""
    root = math.sqrt(n)
    if abs(skew) < 1e-9:
        return far
    return 3.0 * root / skew * (1.0 - float(np.cbrt(1.0 - skew / root * (far + skew / (6.0 * root)))))


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
        means.append(Mean(one.kpi, *_bounds(goal, values, spent / 2.0)))
    return goals, means
