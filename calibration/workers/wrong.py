"""Which wrong labels are given, and how those of one item gather: a Dirichlet for each true class.

    wrong label ~ c[item],  c[item] ~ Dirichlet(attractor * share[class])

The fewer the attractor, the more alike are the wrong labels of an item, whoever gives them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize, special, stats

from .labelled import Labelled

Floats = npt.NDArray[np.float64]

PSEUDO = 0.3
"""Wrong labels of each kind that are taken as seen, so that what was never seen is rare and not impossible."""

CROWDED = 10
"""Items with two wrong labels or more that an estimate of the attractor needs."""

USUAL = 3.0
"""The middle of the attractors met in public sets (2-4), for data that cannot tell."""

ENDS = (0.02, 500.0)
"""Least and greatest attractor: all wrong labels of an item alike; as good as independent."""


@dataclass(frozen=True, eq=False)
class Wrong:
    """share: float64[C, C], of each label among the wrong ones by true class; zero on the diagonal, rows sum to one.
    attractor: kappa.  low, high: its 95% interval; None where it is assumed.  crowded: items that told it."""

    share: Floats
    attractor: float
    low: float | None
    high: float | None
    crowded: int


def fit_wrong(data: Labelled) -> Wrong:
    """Shares and attractor from labels whose items all have a known truth.

    Maximum likelihood of the Dirichlet-multinomial, profile interval. With two classes there is one wrong label, and
    with fewer than CROWDED items that have two wrong labels nothing tells: then the attractor is USUAL, assumed.
    """
    classes, true = len(data.classes), data.truth[data.item]
    miss = data.label != true
    share = np.full((classes, classes), PSEUDO)
    np.add.at(share, (true[miss], data.label[miss]), 1.0)
    np.fill_diagonal(share, 0.0)
    share /= np.maximum(share.sum(axis=1, keepdims=True), 1e-300)
    counts = np.zeros((len(data.items), classes))
    np.add.at(counts, (data.item[miss], data.label[miss]), 1.0)
    crowded = counts.sum(axis=1) >= 2
    if classes < 3 or crowded.sum() < CROWDED:
        return Wrong(share, USUAL, None, None, int(crowded.sum()))
    counts, base = counts[crowded], share[data.truth[crowded]]

    def minus(log_kappa: float) -> float:
        return -gathering(counts, base, math.exp(log_kappa))

    ends = (math.log(ENDS[0]), math.log(ENDS[1]))
    best = optimize.minimize_scalar(minus, bounds=ends, method="bounded")
    top = float(best.fun) + float(stats.chi2.ppf(0.95, 1)) / 2
    low, high = (
        end if minus(end) < top else float(optimize.brentq(lambda x: minus(x) - top, best.x, end)) for end in ends
    )
    return Wrong(share, math.exp(best.x), math.exp(low), math.exp(high), len(counts))


def gathering(counts: Floats, share: Floats, kappa: float) -> float:
    """Log likelihood, but for a constant, of counts of wrong labels [items, C] with these shares [items, C]."""
    total = counts.sum(axis=1)
    alike = np.where(share > 0, kappa * share, 1.0)
    each = np.where(share > 0, special.gammaln(alike + counts) - special.gammaln(alike), 0.0)
    return float((special.gammaln(kappa) - special.gammaln(kappa + total) + each.sum(axis=1)).sum())
