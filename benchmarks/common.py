"""The common model's numbers, shared by all who write it. Times in minutes.

Poisson arrivals; annotators take rework first; after review an item comes back with a chance, so many times at most.
The means make both pools 85% busy: 0.85 x 12 / 1.248 and 0.85 x 6 / 1.248.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

RATE = 1.0
ANNOTATORS, REVIEWERS = 12, 6
REJECTED, ROUNDS = 0.2, 3
VISITS = sum(REJECTED**round_ for round_ in range(ROUNDS + 1))
LOAD = 0.85

ANNOTATE_MIN = LOAD * ANNOTATORS / VISITS / RATE
SIGMA = 0.5
MU = math.log(ANNOTATE_MIN) - SIGMA**2 / 2
"""Of the lognormal annotation time."""

REVIEW_MIN = LOAD * REVIEWERS / VISITS / RATE
SHAPE = 2.0
"""Of the gamma review time."""

EVENTS = 1 + 2 * VISITS
"""Logical events an item in the mean: an arrival, and a completion a visit."""

CYCLE_TIME_MIN, CYCLE_TIME_HALF = 19.44, 0.07
"""Mean cycle time from empty to empty over 2 million items of other engines, and its 95% half-width."""

CHUNK = 1 << 16


@dataclass(frozen=True)
class Draws:
    """Samplers of the model, each a function without arguments: what a good engineer uses in place of `random`."""

    gap: Callable[[], float]
    annotate: Callable[[], float]
    review: Callable[[], float]
    chance: Callable[[], float]

    @staticmethod
    def of(seed: int) -> Draws:
        """Drawn by NumPy, some tens of thousands at a time, each kind from its own generator."""
        gap, annotate, review, chance = (np.random.default_rng([seed, kind]) for kind in range(4))
        return Draws(
            _one_by_one(lambda: gap.exponential(1 / RATE, CHUNK)),
            _one_by_one(lambda: annotate.lognormal(MU, SIGMA, CHUNK)),
            _one_by_one(lambda: review.gamma(SHAPE, REVIEW_MIN / SHAPE, CHUNK)),
            _one_by_one(lambda: chance.random(CHUNK)),
        )


def _one_by_one(chunk: Callable[[], np.ndarray]) -> Callable[[], float]:
    def values() -> Iterator[float]:
        while True:
            yield from chunk().tolist()

    return values().__next__
