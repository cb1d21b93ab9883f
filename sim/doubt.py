"""What a model doubts: a number of each item that is correlated with its difficulty, and the bar of the most doubtful.

doubt = r h + sqrt(1 - r^2) e, with h the difficulty in standard deviations from its mean, e ~ N(0, 1) of the item's
own, and r the correlation. A model errs where items are hard, as people do, so r says how well its doubt tells where it
errs. Where all items are equally difficult there is nothing to be correlated with, and doubt is sqrt(1 - r^2) e.

A share of the items is above a bar, which follows from the law of difficulty, a mixture of two normals; so nothing has
to wait for those that come later. Choosing the items of greatest doubt is uncertainty sampling.
Source: Lewis and Gale, A sequential algorithm for training text classifiers, SIGIR 1994; Settles, Active learning
literature survey, 2009.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy import optimize, special

from .jit import jit

ROOM = 1e-3
"""By which the bar is looked for beyond where each of the two normals alone would have it."""


@dataclass(frozen=True)
class Hardness:
    """The law of difficulty: N(0, sd), or N(harder, hard_sd) for a share `hard` of the items."""

    sd: float
    hard: float = 0.0
    harder: float = 0.0
    hard_sd: float = 0.0

    @property
    def mean(self) -> float:
        """Its mean."""
        return self.hard * self.harder

    @property
    def spread(self) -> float:
        """Its standard deviation."""
        ordinary, harder = self.sd**2, self.hard_sd**2 + self.harder**2
        return math.sqrt(max(0.0, (1.0 - self.hard) * ordinary + self.hard * harder - self.mean**2))


def bar(hardness: Hardness, correlation: float, share: float) -> float:
    """The doubt that a share of the items exceeds. share: above 0 and below 1."""
    spread, rest = hardness.spread, 1.0 - correlation**2
    if spread == 0.0:
        return -math.sqrt(rest) * float(special.ndtri(share))
    parts = [(1.0 - hardness.hard, 0.0, hardness.sd), (hardness.hard, hardness.harder, hardness.hard_sd)]
    normals = [
        (weight, correlation * (mean - hardness.mean) / spread, math.hypot(correlation * sd / spread, math.sqrt(rest)))
        for weight, mean, sd in parts
        if weight > 0.0
    ]

    side, tail = (1.0, share) if share <= 0.5 else (-1.0, 1.0 - share)  # the smaller tail, of which digits are left

    def too_many(at: float) -> float:
        beyond = sum(weight * float(special.ndtr(side * (mean - at) / sd)) for weight, mean, sd in normals)
        return side * (beyond - tail)

    ends = [mean - sd * float(special.ndtri(share)) for _, mean, sd in normals]
    return float(optimize.brentq(too_many, min(ends) - ROOM, max(ends) + ROOM, xtol=1e-13))


@jit
def doubt(difficulty: float, mean: float, spread: float, correlation: float, normal: float) -> float:
    """The doubt of an item. normal: e.  mean, spread: of difficulty among the items that it is told apart from."""
    told = correlation * (difficulty - mean) / spread if spread > 0.0 else 0.0
    return told + math.sqrt(1.0 - correlation**2) * normal
