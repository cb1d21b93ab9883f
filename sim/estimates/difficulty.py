"""Items that differ in difficulty, told by what a buyer can know: how often labels are right, and how errors correlate.

Rasch: a label is right with chance expit(skill - d), d ~ N(0, sd^2). Two labels of one item err together, and the
intraclass correlation of their errors is var(p) / (m (1 - m)), where p is the chance of an item and m its mean.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from scipy import optimize, special

from .network import Floats

# Even steps and the normal density: for smooth functions as exact as Gauss-Hermite, and more so where sd is large and p
# is nearly a step. Beyond 8.5 sd lies less than 1e-16 of the items.
NODES = np.linspace(-8.5, 8.5, 2001)
WEIGHTS = np.exp(-0.5 * NODES**2) / np.exp(-0.5 * NODES**2).sum()

HIGHEST = 0.99
"""Correlation up to which sd is found; above it, items are all but always or never labelled rightly."""


class Difficulty(NamedTuple):
    """skill, sd: of the Rasch model, in logits.  p, weights: float64[nodes], chances that a label is right on kinds of
    items, and their shares."""

    skill: float
    sd: float
    p: Floats
    weights: Floats


def difficulty(accuracy: float, correlation: float) -> Difficulty:
    """The difficulty of items on which labels are right with chance `accuracy` on average, in (0, 1), and whose errors
    have this intraclass correlation, in [0, HIGHEST]. Without a correlation there is one node."""
    if correlation == 0.0:
        return Difficulty(math.log(accuracy / (1.0 - accuracy)), 0.0, np.array([accuracy]), np.ones(1))

    def chances(skill: float, sd: float) -> Floats:
        return np.asarray(special.expit(skill - sd * NODES), np.float64)

    def skill_of(sd: float) -> float:
        far = 40.0 + 9.0 * sd
        return float(optimize.brentq(lambda skill: WEIGHTS @ chances(skill, sd) - accuracy, -far, far, xtol=1e-12))

    def excess(log_sd: float) -> float:
        sd = math.exp(log_sd)
        p = chances(skill_of(sd), sd)
        return float(WEIGHTS @ (p - accuracy) ** 2) / (accuracy * (1.0 - accuracy)) - correlation

    sd = math.exp(optimize.brentq(excess, math.log(1e-6), math.log(1e5), xtol=1e-10))
    skill = skill_of(sd)
    return Difficulty(skill, sd, chances(skill, sd), WEIGHTS)
