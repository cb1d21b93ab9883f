"""Mean skill from the accuracy that a pool gives on average."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import lru_cache

import numpy as np

STEP = 0.1
"""Of the trapezoidal rule over the normal sum of skill and difficulty. On a smooth function that vanishes at both ends
its error falls as exp(-2 pi^2 / (STEP sd)): below 1e-12 for all spreads that a scenario may have, where Gauss-Hermite
with 64 nodes is off by 1e-5 already at an sd of 4."""

FARTHEST = 100.0
"""Logits between which mean skill is looked for."""


def mean_skill(accuracy: float, spread: float, mix: Iterable[tuple[float, float, float]]) -> float:
    """The mean skill (logits) at which a pool's labels are right with probability `accuracy`.

    spread: sd of skill over workers.  mix: (weight, effect, difficulty sd) of each kind of item: a label is right with
    probability expit(skill + effect - difficulty), skill and difficulty normal.
    Rounded to 9 digits after the point, so that it is the same on every machine.
    """
    weights: dict[tuple[float, float], float] = {}
    for weight, effect, sd in mix:
        weights[effect, sd] = weights.get((effect, sd), 0.0) + weight
    return _mean_skill(accuracy, spread, tuple(weights.items()))


@lru_cache(maxsize=1024)  # plans of a search, and steps of a change, have most of their people in common
def _mean_skill(accuracy: float, spread: float, weights: tuple[tuple[tuple[float, float], float], ...]) -> float:
    effects, sds = (np.array(column) for column in zip(*dict(weights), strict=True))
    nodes = np.arange(-100, 101) * STEP
    offsets = effects[:, None] + np.hypot(sds, spread)[:, None] * nodes[None, :]
    masses = [mass for _, mass in weights]
    items = np.array(masses) / sum(masses)
    share = items[:, None] * STEP * np.exp(-(nodes**2) / 2)[None, :] / math.sqrt(2 * math.pi)
    low, high = -FARTHEST, FARTHEST
    for _ in range(60):
        middle = (low + high) / 2
        if float(np.sum(share / (1.0 + np.exp(-(middle + offsets))))) < accuracy:
            low = middle
        else:
            high = middle
    return round((low + high) / 2, 9)
