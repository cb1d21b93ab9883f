"""What a search does next, by what it has seen: which plan to try, how long, and when to have one certified.

A plan is tried for what it may save times the chance that it could be certified; a plan already tried may be tried
further. All decisions are of one history, seed and budget, so that a search goes on as if nothing had stopped it.
Source: Schonlau, Welch and Jones 1998 for the expected improvement under constraints.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy import stats

from ...sim.certificate import FAR, Slack, certificate, looks, slack
from ...sim.line import Goal
from ...sim.statistics import Floats
from ...sim.surface import Points, Surface, surface
from .candidates import candidates
from .history import CHOOSING, History, Move, Step
from .luck import Moved, moved
from .question import Plan, Question
from .start import start
from .theory import Plans, Theory, coordinates

FIRST = (10, 20, 40)
"""Looks at a plan that is tried for the first time."""

MOST = 320
"""Replications of a plan to choose by."""

SURE = 2.5
"""Standard errors by which a plan must miss or keep its goals for the trial to end early: a chance of 2% over all
looks."""

WORTH = 3e-4
"""Expected saving, as a share of the best plan's cost, below which a trial is not worth its replications."""

SEARCHING = 0.5
"""Share of the budget after which what was found is certified, worth or not."""

TRIES = 4
"""Certificates that may be tried: each may err with its part of the chance that is allowed."""

LIKELY = 0.5
"""Chance of being certifiable from which on a plan is put forward."""

LONGEST = 4
"""Plans by which the luck of others is told."""

FINAL = 640
"""Replications of a certificate at most."""


@dataclass(frozen=True)
class Rules:
    """budget: replications in all.  confidence: that the plan returned keeps its goals.  worth: see WORTH."""

    budget: int
    seed: int = 1
    confidence: float = 0.95
    worth: float = WORTH

    @property
    def last(self) -> int:
        """Replications of a certificate at most."""
        return min(FINAL, max(40, self.budget // 4))

    @property
    def alpha(self) -> float:
        """What each certificate may spend."""
        return (1.0 - self.confidence) / TRIES


@dataclass(frozen=True, eq=False)
class Outlook:
    """What is thought of plans. cost: mean and sd of the objective, the less the better, float[n] each.  chance: that
    a certificate could be had, float[n]."""

    cost: Floats
    cost_sd: Floats
    chance: Floats

    def gain(self, best: float) -> Floats:
        """What a plan is expected to save on the best, times its chance. float[n]"""
        u = (best - self.cost) / self.cost_sd
        expected = (best - self.cost) * stats.norm.cdf(u) + self.cost_sd * stats.norm.pdf(u)
        found: Floats = np.maximum(expected, 0.0) * self.chance
        return found


class View:
    """A history seen by the question: surfaces of its objective and goals over the plans tried."""

    def __init__(self, question: Question, theory: Theory, rules: Rules, history: History) -> None:
        self.question, self.theory, self.rules, self.history = question, theory, rules, history
        self.tried = history.plans
        self.values = {plan: history.all_of(plan) for plan in self.tried}
        self.chosen_by = {plan: history.chosen_by(plan) for plan in self.tried}

    @cached_property
    def slacks(self) -> list[list[Slack]]:
        """By goal and plan tried. Of a plan whose objective has no mean every goal is missed."""
        return [[self._slack(goal, plan) for plan in self.tried] for goal in self._goals]

    @property
    def _goals(self) -> list[Goal]:
        return [one.goal for one in self.question.constraints]

    def column(self, plan: Plan, kpi: str) -> Floats:
        """The KPI of a plan by replication, over all streams."""
        return self.values[plan][:, self.question.kpis.index(kpi)]

    def _slack(self, goal: Goal, plan: Plan) -> Slack:
        if not self.ends(plan):
            return Slack(FAR, 0.3, 1.0)
        by = self._moved(plan, goal.kpi)
        found = slack(goal, self.column(plan, goal.kpi) + by.by)
        return replace(found, error=found.error * by.factor)

    def _moved(self, plan: Plan, kpi: str) -> Moved:
        """How the luck of its replications differed from that of plans with more of them. A plan that was tried for a
        certificate has had other luck besides, and is left as it is."""
        own = self.chosen_by[plan]
        if len(own) < len(self.values[plan]):
            return Moved()
        column = self.question.kpis.index(kpi)
        return moved(own[:, column], [self.chosen_by[one][:, column] for one in self.longest])

    @cached_property
    def longest(self) -> list[Plan]:
        """The plans with the most replications to choose by."""
        return sorted(self.tried, key=lambda plan: -len(self.chosen_by[plan]))[:LONGEST]

    def ends(self, plan: Plan) -> bool:
        """Whether the objective has a mean."""
        return bool(np.isfinite(self.column(plan, self.question.objectives[0].kpi)).all())

    def objective(self, plan: Plan) -> tuple[float, float]:
        """(mean, its standard error), the less the better."""
        one = self.question.objectives[0]
        by = self._moved(plan, one.kpi)
        values = one.sign * (self.column(plan, one.kpi) + by.by)
        return float(values.mean()), by.factor * float(values.std(ddof=1)) / math.sqrt(values.size)

    def outlook(self, plans: Plans) -> Outlook:
        """Of any plans."""
        points = self._points(plans)
        cost, cost_sd = self._costs.at(points)
        chance = np.ones(len(plans))
        for of, found in zip(self._surfaces, self.slacks, strict=True):
            mean, sd = of.at(points)
            near = [one.single for one in found if abs(one.value) < 1.0] or [one.single for one in found]
            margin = float(stats.norm.isf(0.4 * self.rules.alpha)) * float(np.median(near)) / math.sqrt(self.rules.last)
            chance *= stats.norm.cdf(-(mean + margin) / sd)
        return Outlook(cost, cost_sd, chance)

    def _points(self, plans: Plans) -> Points:
        raw = self.theory.features(plans)
        at = coordinates(self.question.variables, plans)
        known = self._scaled
        return Points(np.hstack([(raw - known[0]) / known[1], (at - 0.5) / 0.3]), at)

    @cached_property
    def _scaled(self) -> tuple[Floats, Floats]:
        """Mean and standard deviation of each feature over the plans tried; what does not vary has no weight."""
        raw = self.theory.features(_array(self.tried))
        sd = raw.std(axis=0)
        return raw.mean(axis=0), np.where(sd > 1e-9, sd, 1e9)

    @cached_property
    def _costs(self) -> Surface:
        found = [(plan, *self.objective(plan)) for plan in self.tried if self.ends(plan)]
        found = found or [(self.tried[0], 0.0, 1.0)]
        plans, means, errors = zip(*found, strict=True)
        return surface(self._points(_array(plans)), np.array(means), np.array(errors))

    @cached_property
    def _surfaces(self) -> list[Surface]:
        points = self._points(_array(self.tried))
        return [
            surface(points, np.array([one.value for one in found]), np.array([one.error for one in found]))
            for found in self.slacks
        ]


def _array(plans: Sequence[Plan]) -> Plans:
    return np.array([*plans], np.int64)


class Mover:
    """Chooses moves. Of one question and its rules."""

    def __init__(self, question: Question, theory: Theory, rules: Rules) -> None:
        self.question, self.theory, self.rules = question, theory, rules
        count = min(max(8, 2 * len(question.variables) + 2), max(2, rules.budget // 4 // FIRST[0]))
        self.start = start(theory, count, rules.seed)

    def next(self, history: History, late: bool = False) -> Move | None:
        """The next move; None where the search is over. late: nothing more is tried, only certified."""
        left = self.rules.budget - history.used
        if left < FIRST[0]:
            return None
        plans = history.plans
        for plan in self.start:
            if plan not in plans and not (late and plans):
                return Move(plan, CHOOSING, 0, FIRST[:1], "start")
        view = View(self.question, self.theory, self.rules, history)
        certified = certified_of(history)
        bar = min((view.objective(plan)[0] for plan in certified), default=None)
        spent = {step.move.plan for step in history.certificates}
        put = None if len(spent) >= TRIES else self._to_certify(view, bar, spent)
        move, worth = self._to_try(view, bar, spent, left)
        late = history.used >= SEARCHING * self.rules.budget and not certified
        if put is not None and (move is None or late or not worth or left <= 2 * self.rules.last):
            return self._certify(put, len(spent), left)
        if move is None or (not worth and (certified or (put is None and late))):
            return None
        return move

    def goes_on(self, move: Move, history: History, values: Floats) -> bool:
        """Whether a trial goes on to its next look. values: of this move so far."""
        if move.stream != CHOOSING:
            return verdict(self.question, self.rules, values, move.looks[-1]) is None
        view = View(self.question, self.theory, self.rules, History([*history.steps, Step(move, values)]))
        if not view.ends(move.plan):
            return False
        place = view.tried.index(move.plan)
        found = [of[place] for of in view.slacks]
        missed = any(one.value > SURE * one.error for one in found)
        return not missed and not all(one.value < -SURE * one.error for one in found)

    def _to_try(self, view: View, bar: float | None, spent: set[Plan], left: int) -> tuple[Move | None, bool]:
        """(the move that promises most, whether it is worth its replications)."""
        known = view.outlook(_array(view.tried))
        best = bar
        if best is None:
            fine = known.chance >= 0.8
            best = float(known.cost[fine].min()) if fine.any() else None
        order = np.argsort(-known.gain(best if best is not None else float(known.cost.max())))
        beside = [view.tried[int(place)] for place in order[:4]]
        pool = candidates(self.theory, beside, self.rules.seed, len(view.history.steps))
        seen = view.outlook(pool)
        if best is None:
            likely = seen.chance >= 0.3 * seen.chance.max()
            best = float(np.quantile(seen.cost[likely], 0.9))
        gain = seen.gain(best)
        same = {self.theory.identity(plan): plan for plan in reversed(view.tried)}
        for place in np.argsort(-gain, kind="stable"):
            name = self.theory.identity(_plan(pool[place]))
            plan = same.get(name, _plan(pool[place]))
            so_far = len(view.history.chosen_by(plan)) if plan in view.values else 0
            if name is None or plan in spent or so_far >= MOST:
                continue
            worth = bool(gain[place] > self.rules.worth * max(abs(best), 1e-12))
            to = tuple(look for look in FIRST if look <= left) if not so_far else (min(2 * so_far, so_far + left),)
            return (Move(plan, CHOOSING, so_far, to, "try" if not so_far else "further") if to else None), worth
        return None, False

    def _to_certify(self, view: View, bar: float | None, spent: set[Plan]) -> Plan | None:
        """The cheapest plan tried that a certificate is likely for, and that would save something."""
        known = view.outlook(_array(view.tried))
        last = len(spent) == TRIES - 1
        found = [
            (float(cost), plan)
            for cost, chance, plan in zip(known.cost, known.chance, view.tried, strict=True)
            if plan not in spent
            and chance >= (0.9 if last else LIKELY)
            and (bar is None or cost < bar - self.rules.worth * abs(bar))
        ]
        if not found and bar is None and last:
            return max(
                (plan for plan in view.tried if plan not in spent),
                key=lambda plan: known.chance[view.tried.index(plan)],
                default=None,
            )
        return min(found)[1] if found else None

    def _certify(self, plan: Plan, tries: int, left: int) -> Move | None:
        last = min(self.rules.last, left)
        return Move(plan, 1 + tries, 0, looks(last), "certify") if last >= 16 else None


def _plan(row: np.ndarray) -> Plan:
    return tuple(int(place) for place in row)


def verdict(question: Question, rules: Rules, values: Floats, last: int) -> bool | None:
    """Whether a certificate of at most `last` replications is passed; None where it needs more. values: float[n, kpis],
    of its stream."""
    goals = [one.goal for one in question.constraints]
    columns = [values[:, question.kpis.index(goal.kpi)] for goal in goals]
    own = values[:, question.kpis.index(question.objectives[0].kpi)]
    if not np.isfinite(own).all():
        return False
    return certificate(goals, columns, last, rules.alpha).passed


def certified_of(history: History) -> list[Plan]:
    """Plans whose certificate was passed."""
    return [step.move.plan for step in history.certificates if step.passed]
