"""Pools as arrays and numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..draws import name_key
from ..line import Line

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PoolPlan:
    """A pool. workers: range of worker numbers, one a slot. effects: logits by class. wrong, right: logits of a
    rejection of a wrong and a right label by a typical reviewer. pace: elapsed time per active time."""

    name: str
    key: int
    workers: range
    speed_sd: float
    pace: float
    skill_mean: float
    skill_sd: float
    effects: Floats
    wrong: float
    right: float


def pool_plans(line: Line, classes: tuple[str, ...]) -> tuple[PoolPlan, ...]:
    """The arrays of all pools. A pool's luck hangs on its place among the pools, not on its name."""
    plans, first = [], 0
    for number, pool in enumerate(line.pools):
        workers = range(first, first + pool.headcount)
        first = workers.stop
        plans.append(
            PoolPlan(
                name=pool.name,
                key=name_key(f"pool {number}"),
                workers=workers,
                speed_sd=pool.speed_sd,
                pace=1.0 / (1.0 - pool.shrinkage),
                skill_mean=pool.skill_mean,
                skill_sd=pool.skill_sd,
                effects=np.array([pool.class_effects.get(name, 0.0) for name in classes]),
                wrong=_logit(pool.sensitivity),
                right=_logit(pool.false_alarm),
            )
        )
    return tuple(plans)


def _logit(p: float) -> float:
    if p <= 0.0:
        return -math.inf
    return math.inf if p >= 1.0 else math.log(p / (1.0 - p))
