"""What inspection by samples lets through, in closed form: lots accepted by attributes, and people found out by gold.

Source: ISO 2859-1 and Montgomery, Introduction to Statistical Quality Control: operating characteristics, rectifying
inspection.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from .line import Lot

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def acceptance(lot: Lot, wrong: Ints) -> Floats:
    """Operating characteristic of type A: the chance that a full lot with so many wrong labels is accepted.

    lot: its sample is drawn without replacement, and judges err not.  wrong: int64[...], in [0, lot.size].
    """
    return np.asarray(stats.hypergeom.cdf(lot.accept, lot.size, wrong, _sample(lot)), np.float64)


def process_acceptance(lot: Lot, share: Floats) -> Floats:
    """Operating characteristic of type B: the chance that a lot is accepted whose labels are each wrong with chance
    `share` on its own. share: float64[...], in [0, 1]."""
    return np.asarray(stats.binom.cdf(lot.accept, _sample(lot), share), np.float64)


def outgoing(lot: Lot, wrong: Ints) -> Floats:
    """Share of the labels of a lot that is wrong after inspection (average outgoing quality), where wrong labels that
    are found are mended, and of a rejected lot all are.

    Exact: of an accepted lot, those in the sample are mended too, so the mean over samples of what is left of `wrong`.
    """
    left = np.zeros(np.shape(wrong))
    for found in range(lot.accept + 1):
        left += stats.hypergeom.pmf(found, lot.size, wrong, _sample(lot)) * np.maximum(np.asarray(wrong) - found, 0)
    return left / lot.size


def inspected(lot: Lot, wrong: Ints) -> Floats:
    """Labels of a lot that are looked at on average, where a rejected lot is looked at as a whole (average total
    inspection)."""
    sample = _sample(lot)
    return sample + (1.0 - acceptance(lot, wrong)) * (lot.size - sample)


def caught(accuracy: Floats, questions: int, least: int) -> Floats:
    """Chance that a worker fails a test: `least` or more of so many gold questions wrong.

    accuracy: float64[...], the chance that the worker's label of gold is right, each on its own.
    """
    return np.asarray(stats.binom.sf(least - 1, questions, 1.0 - np.asarray(accuracy)), np.float64)


def _sample(lot: Lot) -> int:
    """A lot smaller than its sample is inspected as a whole."""
    return min(lot.sample, lot.size)
