"""What a search does next, by what it has seen: which plan to try, how long, and when to have one certified.

A plan is tried for what it may save times the chance that it could be certified; a plan already tried may be tried
further. All decisions are of one history, seed and budget, so that a search goes on as if nothing had stopped it.
Source: Schonlau, Welch and Jones 1998 for the expected improvement under constraints.
"""

from __future__ import annotations

import numpy as np

from ...sim.certificate import certificate, looks
from ...sim.statistics import Floats
from .candidates import candidates, many_policies
from .frontier import spread, undominated
from .history import CHOOSING, History, Move, Step
from .question import Plan, Question
from .rules import Rules
from .start import start
from .theory import Plans, Theory
from .tree import guessed
from .view import View, array_of

FIRST = (10, 20, 40)
"""Looks at a plan that is tried for the first time."""

MOST = 320
"""Replications of a plan to choose by."""

SURE = 2.5
"""Standard errors by which a plan must miss or keep its goals for the trial to end early: a chance of 2% over all
looks."""

CONFIRMED = 1 / 4
"""Replications to choose by that a plan has before it is certified, as a share of those of a certificate."""

WORTH = 3e-4
"""Expected saving, as a share of the best plan's cost, below which a trial is not worth its replications."""

WORTH_SEVERAL = 3e-3
"""The same of several objectives, as a share of their ranges."""

SEARCHING = 0.5
"""Share of the budget after which what was found is certified, worth or not."""

KEPT = 0.8
"""Chance of being certifiable from which on a plan is one that others must be better than."""

LIKELY = 0.5
"""That from which on a plan is put forward for a certificate; LAST where another has passed and it is the last that may
be tried."""

LAST = 0.9

NONE = 0.3
"""To have no certified plan at all is as bad as one that costs by this share more than the cheapest likely one."""

LEVELS = 6
"""Values of what theory cannot see, for which plans are begun with: one more for each."""

EVERY = 4
"""Every so many moves what was learnt is doubted: few replications show that a plan is no good, and surfaces that have
never seen a part of the space may be wrong about it."""

DOUBT = 2.5
"""Times that standard deviations are taken then."""

BOLD = 8
"""Such moves in a row, once nothing else is worth a trial, after which the search is over."""

WEIGHTS = 5
"""Weights of several objectives for which nothing must be worth a trial before the search is over."""

GUESSES = 12
"""Policies guessed for one decision."""

FEWEST = 16
"""Replications below which no certificate is begun."""


class Mover:
    """Chooses moves. Of one question and its rules."""

    def __init__(self, question: Question, theory: Theory, rules: Rules) -> None:
        assert rules.several == (len(question.objectives) > 1)
        self.question, self.theory, self.rules = question, theory, rules
        heads = {one.variable for one in theory.heads}
        unseen = [min(len(one.texts), LEVELS) for at, one in enumerate(question.variables) if at not in heads]
        wanted = max(8, 2 * len(question.variables) + 2) + sum(unseen)
        count = min(wanted, max(2, rules.budget // 4 // FIRST[0]))
        self.start = start(theory, count, rules.seed)

    def next(self, history: History, late: bool = False) -> Move | None:
        """The next move; None where the search is over. late: nothing more is tried, only certified."""
        if self.rules.budget - history.used < FIRST[0]:
            return None
        plans = history.plans
        fresh = next((plan for plan in self.start if plan not in plans), None)
        if fresh is not None and not (late and plans):
            return Move(fresh, CHOOSING, 0, FIRST[:1], "start")
        if self.rules.several:
            return self._next_of_several(history, late)
        view = View(self.question, self.theory, self.rules, history)
        certified = certified_of(history)
        bar = min((view.objective(plan)[0] for plan in certified), default=None)
        put = self._to_certify(view, bar)
        move, worth = (None, False) if late else self._tried_next(view, bar)
        due = self._due(history)
        if put is not None and (due or not worth):
            closer = None if late else self._confirmed(put, history)
            return closer or self._certify(put, 1 + len(history.certificates), history)
        return move if worth or (move is not None and not certified and not due) else None

    def _due(self, history: History) -> bool:
        """Whether a certificate is to be tried, even if other trials were worth it: the first one early enough for
        another, the last one as late as there are replications for it."""
        first = not history.certificates and history.used >= SEARCHING * self.rules.budget
        return first or self.rules.budget - history.used <= self.rules.last * (1 + 2 * CONFIRMED)

    def _confirmed(self, plan: Plan, history: History) -> Move | None:
        """More replications to choose by of a plan that is to be certified and has but few: most of the plans that look
        best by few are lucky. None where there are enough, or none to spare."""
        so_far = len(history.chosen_by(plan))
        to = min(2 * so_far, round(self.rules.last * CONFIRMED))
        spare = self.rules.budget - history.used - self.rules.last
        return Move(plan, CHOOSING, so_far, (to,), "confirm") if so_far < to <= so_far + spare else None

    def _tried_next(self, view: View, bar: float | None) -> tuple[Move | None, bool]:
        """What to try, and whether it is worth it: each in its turn, what is likely and what is bold; and once nothing
        that is likely is worth it, a few that are bold."""
        if len(view.history.steps) % EVERY == 0:
            bold, worth = self._to_try(view, bar, bold=True)
            if worth:
                return bold, True
        move, worth = self._to_try(view, bar)
        if not worth and _in_a_row(view.history) < BOLD:
            bold, worth = self._to_try(view, bar, bold=True)
            move = bold if worth else move
        return move, worth

    def _next_of_several(self, history: History, late: bool) -> Move | None:
        """Plans are tried for weights that change from move to move; then those of the frontier are certified, all on
        one stream, since they were chosen before it was seen."""
        done = {step.move.plan for step in history.certificates}
        before = History([step for step in history.steps if step.move.stream == CHOOSING])
        if not done and not late and history.used < SEARCHING * self.rules.budget:
            view = View(self.question, self.theory, self.rules, before)
            for turn in range(WEIGHTS):
                move, worth = self._to_try(view, None, turn)
                if worth:
                    return move
        left = [plan for plan in self._frontier(before) if plan not in done]
        return self._certify(left[0], 1, history) if left else None

    def goes_on(self, move: Move, history: History, values: Floats) -> bool:
        """Whether a trial goes on to its next look. values: of this move so far."""
        if move.stream != CHOOSING:
            passed = verdict(self.question, self.rules, values, move.looks[-1])
            return passed is not False if self.rules.several else passed is None  # of a frontier, intervals are wanted
        view = View(self.question, self.theory, self.rules, History([*history.steps, Step(move, values)]))
        if not view.ends(move.plan):
            return False
        place = view.tried.index(move.plan)
        found = [of[place] for of in view.slacks]
        missed = any(one.value > SURE * one.error for one in found)
        return not missed and not all(one.value < -SURE * one.error for one in found)

    def _to_try(self, view: View, bar: float | None, turn: int = 0, bold: bool = False) -> tuple[Move | None, bool]:
        """(the move that promises most for its replications, whether it is worth them). bar: what is to be improved on.
        turn: of the weights of several objectives.  bold: what was learnt is doubted, and a policy tried that never
        was."""
        steps, left = len(view.history.steps), self.rules.budget - view.history.used
        weights = None
        if self.rules.several:
            drawn = np.random.default_rng([self.rules.seed, steps, turn])
            weights = drawn.dirichlet(np.ones(len(self.question.objectives)))
        known = view.outlook(array_of(view.tried), weights)
        fine = known.chance >= KEPT
        best = bar if bar is not None else float(known.cost[fine].min()) if fine.any() else None
        order = np.argsort(-known.gain(best if best is not None else float(known.cost.max())), kind="stable")
        worth = np.where(fine, known.cost, known.cost.max() + 1.0 - known.chance)
        guesses = self._guesses(view, worth, steps)
        pool = candidates(self.theory, [view.tried[place] for place in order[:4]], guesses, self.rules.seed, steps)
        seen = view.outlook(pool, weights, DOUBT if bold else 1.0)
        if best is None:
            best = float(np.quantile(seen.cost[seen.chance >= 0.3 * seen.chance.max()], 0.9))
        gain = seen.gain(best)
        least = WORTH * max(abs(best), 1e-12) if weights is None else WORTH_SEVERAL
        spent = {step.move.plan for step in view.history.certificates}
        same = {self.theory.identity(plan): plan for plan in reversed(view.tried)}
        rows = [tuple(row) for row in pool.tolist()]
        policies = {self.theory.policy_of(plan) for plan in view.tried}
        price = np.array([max(len(view.chosen_by.get(row, ())), FIRST[0]) for row in rows])
        for place in np.argsort(-gain / np.sqrt(price), kind="stable"):
            if bold and self.theory.policy_of(rows[place]) in policies:
                continue
            name = self.theory.identity(rows[place])
            plan = same.get(name, rows[place])
            so_far = len(view.chosen_by.get(plan, ()))
            if name is None or plan in spent or so_far >= MOST:
                continue
            to = tuple(look for look in FIRST if look <= left) if not so_far else (min(2 * so_far, so_far + left),)
            why = "bold" if bold else "further" if so_far else "try"
            return Move(plan, CHOOSING, so_far, to, why), bool(gain[place] > least)
        return None, False

    def _guesses(self, view: View, worth: Floats, steps: int) -> Plans:
        """Policies of which theory knows too little to look at all."""
        heads = [one.variable for one in self.theory.heads]
        count = GUESSES if many_policies(self.theory) else 0
        return guessed(self.question.variables, heads, view.tried, worth, count, self.rules.seed * 10_007 + steps)

    def _to_certify(self, view: View, bar: float | None) -> Plan | None:
        """The cheapest plan tried that a certificate is likely for, and that would save something. The last that may be
        tried, or that there are replications for, is that of which most is to be expected."""
        spent = {step.move.plan for step in view.history.certificates}
        open_yet = [(number, plan) for number, plan in enumerate(view.tried) if plan not in spent]
        if len(spent) >= self.rules.tries or not open_yet or not view.certifiable:
            return None
        known = view.outlook(array_of(view.tried))
        left = self.rules.budget - view.history.used
        last = len(spent) == self.rules.tries - 1 or left <= 2 * self.rules.last
        below = float("inf") if bar is None else bar - WORTH * abs(bar)
        found = [
            (float(known.cost[number]), plan)
            for number, plan in open_yet
            if known.chance[number] >= (LAST if last and bar is not None else LIKELY) and known.cost[number] < below
        ]
        if bar is not None or not last:
            return min(found)[1] if found else None
        numbers = np.array([number for number, _ in open_yet])
        chance, cost = known.chance[numbers], known.cost[numbers]
        least = min(found)[0] if found else float(cost[chance.argmax()])
        return open_yet[int(np.argmax(chance * np.maximum(least + NONE * abs(least) - cost, 0.0)))][1]

    def _frontier(self, history: History) -> list[Plan]:
        """Plans that are to be certified: those that are likely and that no other likely one is better than."""
        view = View(self.question, self.theory, self.rules, history)
        known = view.outlook(array_of(view.tried))
        likely = [plan for number, plan in enumerate(view.tried) if known.chance[number] >= LIKELY and view.ends(plan)]
        if not likely:
            return [view.tried[int(known.chance.argmax())]]
        values = np.array([[view.objective(plan, one)[0] for one in self.question.objectives] for plan in likely])
        best = np.flatnonzero(undominated(values))
        return [likely[best[place]] for place in spread(values[best], self.rules.tries)]

    def _certify(self, plan: Plan, stream: int, history: History) -> Move | None:
        last = min(self.rules.last, self.rules.budget - history.used)
        to = tuple(dict.fromkeys(looks(last)))
        return Move(plan, stream, 0, to, "certify") if last >= FEWEST else None


def _in_a_row(history: History) -> int:
    """How many of the last moves were bold, without another in between."""
    count = 0
    for step in reversed(history.steps):
        if step.move.why != "bold":
            break
        count += 1
    return count


def verdict(question: Question, rules: Rules, values: Floats, last: int) -> bool | None:
    """Whether a certificate of at most `last` replications is passed; None where it needs more. values: float[n, kpis],
    of its stream."""
    goals = [one.goal for one in question.constraints]
    columns = [values[:, question.kpis.index(goal.kpi)] for goal in goals]
    wanted = values[:, [question.kpis.index(one.kpi) for one in question.objectives]]
    if not np.isfinite(wanted).all():
        return False
    return certificate(goals, columns, len(values), last, rules.alpha).passed


def certified_of(history: History) -> list[Plan]:
    """Plans whose certificate was passed."""
    return [step.move.plan for step in history.certificates if step.passed]
