"""A history as a search sees it: surfaces of objectives and goals over the plans tried, and what they foretell."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.special import ndtr

from ...sim.certificate import FAR, NEVER, Slack, margin, slack, slack_of_means
from ...sim.statistics import Floats
from ...sim.surface import Points, Surface, surface
from .history import History
from .luck import Moved, Other, moved
from .policy import FORETOLD
from .question import Objective, Plan, Question
from .rules import Rules
from .theory import Plans, Theory, coordinates

LONGEST = 4
"""Plans by which the luck of others is told."""

FAR_FROM, FAR_SHARE = 0.5, 0.5
"""From which slack on a plan is far from its goal, and by which share of what is beyond its surface may be wrong."""

EVEN = 0.05
"""What all objectives together count for, beside the one that is worst by its weight."""


@dataclass(frozen=True, eq=False)
class Outlook:
    """What is thought of plans. cost: mean and sd of the objective, the less the better, float[n] each; of several,
    what they come to by their weights.  chance: that a certificate could be had, float[n]."""

    cost: Floats
    cost_sd: Floats
    chance: Floats

    def gain(self, best: float) -> Floats:
        """What a plan is expected to save on the best, times its chance. float[n]"""
        u = (best - self.cost) / self.cost_sd
        expected = (best - self.cost) * ndtr(u) + self.cost_sd * np.exp(-(u**2) / 2.0) / math.sqrt(2.0 * math.pi)
        found: Floats = np.maximum(expected, 0.0) * self.chance
        return found


class View:
    """Of one history. tried: plans in order.  values: of each, its replications on all streams, float[n, kpis].
    chosen_by: those that plans are chosen by."""

    def __init__(self, question: Question, theory: Theory, rules: Rules, history: History) -> None:
        self.question, self.theory, self.rules, self.history = question, theory, rules, history
        self.tried = history.plans
        self.values = {plan: history.all_of(plan) for plan in self.tried}
        self.chosen_by = {plan: history.chosen_by(plan) for plan in self.tried}

    @cached_property
    def slacks(self) -> list[list[Slack]]:
        """By goal and plan tried. Of a plan of which an objective has no mean every goal is missed."""
        return [[self._slack(one, plan) for plan in self.tried] for one in range(len(self.question.constraints))]

    def column(self, plan: Plan, kpi: str) -> Floats:
        """The KPI of a plan by replication, over all streams."""
        return self.values[plan][:, self.question.kpis.index(kpi)]

    def ends(self, plan: Plan) -> bool:
        """Whether every objective has a mean."""
        return all(np.isfinite(self.column(plan, one.kpi)).all() for one in self.question.objectives)

    def objective(self, plan: Plan, one: Objective | None = None) -> tuple[float, float]:
        """(mean, its standard error) of an objective, the less the better; of the first if none is said."""
        one = one or self.question.objectives[0]
        by = self._moved(plan, one.kpi)
        values = one.sign * (self.column(plan, one.kpi) + by.by)
        return float(values.mean()), by.factor * float(values.std(ddof=1)) / math.sqrt(values.size)

    def outlook(self, plans: Plans, weights: Floats | None = None, doubt: float = 1.0) -> Outlook:
        """Of any plans. weights: of the objectives, where there are several.  doubt: how many times its standard
        deviations are taken."""
        points = self._points(plans)
        cost, cost_sd = self._costs[0].at(points) if weights is None else self._weighed(points, weights)
        chance = np.ones(len(plans))
        for of, needed in zip(self._surfaces, self._margins, strict=True):
            mean, sd = of.at(points)
            chance *= ndtr(-(mean + needed) / (doubt * sd))
        return Outlook(cost, doubt * cost_sd, chance)

    @cached_property
    def _margins(self) -> list[float]:
        """By goal, how far below zero its slack must lie for a certificate to be as likely as not."""
        found = []
        for one, slacks in zip(self.question.constraints, self.slacks, strict=True):
            near = [each.single for each in slacks if abs(each.value) < 1.0] or [each.single for each in slacks]
            found.append(margin(one.goal, float(np.median(near)), self.rules.last, self.rules.alpha))
        return found

    @property
    def certifiable(self) -> bool:
        """Whether a certificate of as many replications as there may be can show every goal, whatever the plan."""
        return all(needed < NEVER for needed in self._margins)

    def _weighed(self, points: Points, weights: Floats) -> tuple[Floats, Floats]:
        """Objectives as one: each between the best and the worst of plans that are likely; what is worst by its weight,
        and a little of all. Source: Knowles, ParEGO, IEEE Transactions on Evolutionary Computation 2006."""
        means, sds = (np.array(one) for one in zip(*(of.at(points) for of in self._costs), strict=True))
        low, high = self._ranges
        scaled = weights[:, None] * (means - low[:, None]) / (high - low)[:, None]
        spread = weights[:, None] * sds / (high - low)[:, None]
        return scaled.max(axis=0) + EVEN * scaled.sum(axis=0), np.sqrt((spread**2).sum(axis=0))

    @cached_property
    def _ranges(self) -> tuple[Floats, Floats]:
        """The least and the greatest of each objective, over the plans tried that keep all goals as far as is seen."""
        ends = [plan for plan in self.tried if self.ends(plan)]
        kept = {plan for number, plan in enumerate(self.tried) if all(of[number].value <= 0 for of in self.slacks)}
        fine = [plan for plan in ends if plan in kept]
        fine = fine if len(fine) > 1 else ends or self.tried[:1]
        means = np.array([[self.objective(plan, one)[0] for plan in fine] for one in self.question.objectives])
        low, high = means.min(axis=1), means.max(axis=1)
        return low, np.where(high - low > 1e-12 * np.maximum(abs(low), 1.0), high, low + np.maximum(abs(low), 1.0))

    def _slack(self, number: int, plan: Plan) -> Slack:
        goal = self.question.constraints[number].goal
        if not self.ends(plan):
            return Slack(FAR, 0.3, 1.0)
        by = self._moved(plan, goal.kpi)
        found = slack(goal, self.column(plan, goal.kpi) + by.by)
        return replace(found, error=found.error * by.factor, shared=found.error * min(by.shared, by.factor))

    def _moved(self, plan: Plan, kpi: str) -> Moved:
        """How the luck of its replications differed from that of plans with more of them. A plan that was tried for a
        certificate has had other luck besides, and is left as it is."""
        own, column = self.chosen_by[plan], self.question.kpis.index(kpi)
        others = [
            Other(self.chosen_by[one][:, column], self.values[one][:, column]) for one in self.longest if one != plan
        ]
        by = moved(own[:, column], others)
        if len(own) < len(self.values[plan]):
            return Moved(shared=by.shared * math.sqrt(len(own) / len(self.values[plan])))
        return by

    @cached_property
    def longest(self) -> list[Plan]:
        """The plans with the most replications; a certificate, passed or not, tells how lucky all were before it."""
        return sorted(self.tried, key=lambda plan: -len(self.values[plan]))[:LONGEST]

    def _points(self, plans: Plans) -> Points:
        at = coordinates(self.question.variables, plans)
        features, trend = ((raw - mean) / sd for raw, (mean, sd) in zip(self._seen(plans), self._scaled, strict=True))
        return Points(np.hstack([features, (at - 0.5) / 0.3]), at, trend)

    def _seen(self, plans: Plans) -> tuple[Floats, Floats]:
        """(features, what theory foretells of objectives and of slacks of goals, of those that it knows)."""
        features, foretold = self.theory.seen(plans)
        known = dict(zip(FORETOLD, foretold.T, strict=True))
        of = [known[one.kpi] for one in self.question.objectives if one.kpi in known]
        goals = [one.goal for one in self.question.constraints if one.goal.kpi in known]
        columns = of + [slack_of_means(goal, known[goal.kpi]) for goal in goals]
        return features, np.column_stack(columns) if columns else np.zeros((len(plans), 0))

    @cached_property
    def _scaled(self) -> list[tuple[Floats, Floats]]:
        """Mean and standard deviation over the plans tried of each feature, and of what is foretold; what does not vary
        has no weight."""
        found = []
        for raw in self._seen(array_of(self.tried)):
            sd = raw.std(axis=0)
            found.append((raw.mean(axis=0), np.where(sd > 1e-9, sd, 1e9)))
        return found

    @cached_property
    def _costs(self) -> list[Surface]:
        """Of each objective, through the plans that have a mean."""
        plans = [plan for plan in self.tried if self.ends(plan)]
        if not plans:  # all are as good as one another
            level = self._points(array_of(self.tried[:1]))
            return [surface(level, np.zeros(1), np.ones(1)) for _ in self.question.objectives]
        points = self._points(array_of(plans))
        known = [[self.objective(plan, one) for plan in plans] for one in self.question.objectives]
        return [surface(points, *map(np.array, zip(*found, strict=True))) for found in known]

    @cached_property
    def _surfaces(self) -> list[Surface]:
        """Of the slack of each goal."""
        points = self._points(array_of(self.tried))
        return [
            surface(
                points,
                np.array([one.value for one in found]),
                np.array([_doubt(one) for one in found]),
                np.array([one.shared for one in found]),
            )
            for found in self.slacks
        ]


def _doubt(one: Slack) -> float:
    """Standard error of its own of a slack in a surface that is to be right where goals are nearly kept or nearly
    missed: what is far from there counts for less, as no line in features holds from the one end to the other."""
    own = math.sqrt(max(one.error**2 - one.shared**2, 0.0))
    return math.hypot(own, FAR_SHARE * max(abs(one.value) - FAR_FROM, 0.0))


def array_of(plans: Sequence[Plan]) -> Plans:
    """int64[n, variables]"""
    return np.array([*plans], np.int64)
