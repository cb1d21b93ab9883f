"""The cheapest of all plans by rounds of simulation: each gives more replications to fewer plans."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from labelcast.scenarios.search.question import Plan, Question

from .book import Known, known_of
from .trying import Trials

ROUNDS = (8, 32, 128, 512, 2_048, 8_192)
"""Replications of each plan that is still in, after each round."""

APART = 4.0
"""Standard errors of the paired difference beyond which a plan is too dear."""


def screened(question: Question, plans: Sequence[Plan], seed: int, dearer: float) -> dict[Plan, Known]:
    """What is known of the plans that went beyond the first round.

    A plan goes out when it clearly breaks a constraint, or is clearly dearer, on common luck, than `dearer` times the
    cheapest of those that keep theirs by the means.
    """
    trials = Trials(question, seed)
    values: dict[Plan, NDArray[np.float64]] = {plan: np.zeros((0, 1 + len(question.constraints))) for plan in plans}
    found: dict[Plan, Known] = {}
    for number, many in enumerate(ROUNDS):
        for plan, had in values.items():
            values[plan] = np.concatenate([had, trials.values(plan, len(had), many)])
        known = {plan: known_of(question, had) for plan, had in values.items()}
        if number:
            found |= known
        kept = [plan for plan, one in known.items() if one.likely]
        assert kept, "no plan keeps the constraints"
        costs = dearer * values[min(kept, key=lambda plan: known[plan].cost)][:, 0]
        values = {plan: had for plan, had in values.items() if known[plan].kept is not False and _near(had, costs)}
        print(f"{many} replications: {len(known)} plans, {len(values)} left", file=sys.stderr)
    return found


def _near(values: NDArray[np.float64], costs: NDArray[np.float64]) -> bool:
    """Whether a plan may cost no more on average than these costs."""
    more = values[:, 0] - costs
    return bool(more.mean() <= APART * more.std(ddof=1) / np.sqrt(len(more)))
