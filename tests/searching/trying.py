"""Replications of plans, counted; the same replication has the same luck whatever the plan."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from labelcast.scenarios.search.question import Constraint, Plan, Question
from labelcast.scenarios.search.read import line_of
from labelcast.sim.engines import ENGINES
from labelcast.sim.replication import Job, values

JOBS = 256
"""Plans whose line is kept ready."""


class Trials:
    """Replications of a question's plans on one seed. used: how many were made."""

    def __init__(self, question: Question, seed: int) -> None:
        self.question, self.seed, self.used = question, seed, 0
        self._job = lru_cache(JOBS)(self._made)

    def _made(self, plan: Plan) -> Job:
        return Job(line_of(self.question, plan), self.seed, ENGINES[0])

    def values(self, plan: Plan, first: int, after: int) -> NDArray[np.float64]:
        """Replications first .. after - 1 of a plan, float[after - first, 1 + constraints]: cost, then the KPI of each
        constraint."""
        kpis = ("cost", *(one.goal.kpi for one in self.question.constraints))
        job = self._job(plan)
        rows = [values(job, replication, kpis) for replication in range(first, after)]
        self.used += len(rows)
        return np.array(rows, np.float64).reshape(len(rows), len(kpis))


@dataclass(frozen=True)
class Slack:
    """By how much a constraint is kept, as a share of its limit; below zero where it is not. se: of the mean."""

    mean: float
    se: float


def slack(constraint: Constraint, values: NDArray[np.float64]) -> Slack:
    """Of replications of its KPI, at least two."""
    goal, many = constraint.goal, len(values)
    if goal.probability is None:
        kept = (values - goal.value) / goal.value * (1.0 if goal.relation == ">=" else -1.0)
        return Slack(float(kept.mean()), float(kept.std(ddof=1)) / math.sqrt(many))
    hits = int((values >= goal.value).sum() if goal.relation == ">=" else (values <= goal.value).sum())
    share = (hits + 2.0) / (many + 4.0)  # by Agresti and Coull, so that all or none of few are no certainty
    error = math.sqrt(share * (1.0 - share) / many)
    return Slack(hits / many / goal.probability - 1.0, error / goal.probability)
