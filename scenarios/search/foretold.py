"""What the response surfaces say beyond what was run: what each variable does, and what a search might still find."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .candidates import candidates
from .question import Plan
from .search import Found

BEST = 4
"""Plans beside which others are looked for."""


@dataclass(frozen=True, eq=False)
class Weight:
    """A variable over its values, the rest as in the plan found. places: those that there is a line of.
    objective: foretold at each, in its own unit.  chance: that a certificate could be had.  idle: no value of it
    changes anything."""

    variable: int
    places: tuple[int, ...]
    objective: tuple[float, ...]
    chance: tuple[float, ...]
    idle: bool

    @property
    def swing(self) -> float:
        """From the least to the most of the objective."""
        return max(self.objective) - min(self.objective)

    @property
    def worst(self) -> float:
        """The least chance."""
        return min(self.chance)


def weights(found: Found) -> list[Weight]:
    """All variables with more than one value, that which moves the objective most first."""
    question, theory, plan = found.question, found.view.theory, found.plan
    assert plan is not None, "no plan is certified"
    sign, own = question.objectives[0].sign, theory.identity(plan)
    rows = []
    for at, one in enumerate(question.variables):
        plans = [(*plan[:at], place, *plan[at + 1 :]) for place in range(len(one.texts))]
        fine = [each for each in plans if theory.identity(each) is not None]
        if len(fine) > 1:
            asked = [plan if theory.identity(each) == own else each for each in fine]  # of one line one is foretold
            seen = found.view.outlook(np.array(asked, np.int64))
            costs, idle = tuple((sign * seen.cost).tolist()), all(each == plan for each in asked)
            rows.append(Weight(at, tuple(each[at] for each in fine), costs, tuple(seen.chance.tolist()), idle))
    return sorted(rows, key=lambda one: -one.swing)


@dataclass(frozen=True)
class Left:
    """plans: looked at by the surfaces alone.  gain: what the most promising of them is expected to save on the plan
    found, times its chance to be certified; 0 where none promises anything.  plan: that one."""

    plans: int
    gain: float
    plan: Plan | None


def left(found: Found) -> Left | None:
    """What another plan might save on the one found. Those whose certificate has failed are left out. None of several
    objectives, of which no single one is to be saved."""
    if found.rules.several:
        return None
    plan = found.plan
    assert plan is not None, "no plan is certified"
    tried: Sequence[Plan] = found.view.tried
    theory = found.view.theory
    best, _ = found.view.objective(plan)
    known = found.view.outlook(np.array(tried, np.int64)).gain(best)
    beside = [plan, *(tried[int(place)] for place in np.argsort(-known, kind="stable")[:BEST])]
    beside = list(dict.fromkeys(beside))
    pool = candidates(theory, beside, np.zeros((0, len(plan)), np.int64), found.rules.seed, len(found.history.steps))
    gains = found.view.outlook(pool).gain(best)
    spent = {None, *(theory.identity(one) for one in [plan, *(step.move.plan for step in found.history.certificates)])}
    for place in np.argsort(-gains, kind="stable"):
        other = tuple(int(one) for one in pool[int(place)])
        if theory.identity(other) not in spent:
            return Left(len(pool), float(gains[int(place)]), other)
    return Left(len(pool), 0.0, None)
