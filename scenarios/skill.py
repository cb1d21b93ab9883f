"""Mean skill from the accuracy that a pool gives on average."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

NODES = 64
"""Of the Gauss-Hermite quadrature over the normal sum of skill and difficulty."""

FARTHEST = 100.0
"""Logits between which mean skill is looked for."""


def mean_skill(accuracy: float, spread: float, mix: Iterable[tuple[float, float, float]]) -> float:
    """The mean skill (logits) at which a pool's labels are right with probability `accuracy`.

    spread: sd of skill over workers.  mix: (weight, effect, difficulty sd) of each kind of item: a label is right with
    probability expit(skill + effect - difficulty), skill and difficulty normal.
    Rounded to 9 digits after the point, so that it is the same on every machine.
    """
    weights, effects, sds = (np.array(column, dtype=np.float64) for column in zip(*mix, strict=True))
    nodes, node_weights = np.polynomial.hermite.hermgauss(NODES)
    sd = np.hypot(sds, spread)
    offsets = effects[:, None] + math.sqrt(2.0) * sd[:, None] * nodes[None, :]
    share = weights[:, None] / weights.sum() * node_weights[None, :] / math.sqrt(math.pi)
    low, high = -FARTHEST, FARTHEST
    for _ in range(60):
        middle = (low + high) / 2
        if float(np.sum(share / (1.0 + np.exp(-(middle + offsets))))) < accuracy:
            low = middle
        else:
            high = middle
    return round((low + high) / 2, 9)
