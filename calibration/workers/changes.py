"""Whether a worker's accuracy changed, and when: the largest swing of a running sum of surprises, by permutation.

A surprise is a label's being right (1) or wrong (0) minus the chance that the model gave it, so that a run of hard
items is no change of the worker. Under no change their order means nothing: the largest swing of the sum of the
centred surprises is set beside those of shuffled orders. The worker's p-values are corrected by Holm's method.
Source: Taylor, Change-point analysis, 2000 (cumulative sums and permutation); Holm, Scandinavian Journal of Statistics
6 (1979) 65-70; Besag and Clifford, Sequential Monte Carlo p-values, Biometrika 78 (1991) 301-304.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...sim.jit import jit
from ...sim.statistics import holm
from .labelled import Labelled

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

ENOUGH = 30
"""Labels of known truth that a worker needs to be looked at."""

SHUFFLES = 40
"""Shuffles for each worker that is looked at and 1 / level, so that Holm's smallest p-value can be reached."""

PLAIN = 20
"""Shuffles with a swing as large as the worker's after which it is plain that there is no change."""


@dataclass(frozen=True)
class Change:
    """worker: position.  after: labels of known truth before the change.  at: the time of the first label after it.
    before, since: shares of right labels.  p: chance of such a swing, or a greater one, without a change; corrected."""

    worker: int
    after: int
    labels: int
    at: int
    before: float
    since: float
    p: float


def changes(data: Labelled, expected: Floats, level: float = 0.05) -> list[Change]:
    """Changes of accuracy that are no chance at `level` for all workers together, the surest first.

    data: labels on items of known truth, with times.  expected: float64[rows], each label's chance of being right.
    """
    assert data.at is not None, "labels have times"
    right = (data.label == data.truth[data.item]).astype(np.float64)
    luck = np.random.default_rng(1_979)
    looked_at = np.flatnonzero(np.bincount(data.worker, minlength=len(data.workers)) >= ENOUGH).tolist()
    shuffles = round(SHUFFLES * len(looked_at) / level)
    found = []
    for w in looked_at:
        rows = np.flatnonzero(data.worker == w)
        rows = rows[np.argsort(data.at[rows], kind="stable")]
        surprise = right[rows] - expected[rows]
        after, p = _swing(surprise - surprise.mean(), shuffles, luck)
        past, since = right[rows[:after]], right[rows[after:]]
        at = int(data.at[rows[after]])
        found.append(Change(w, after, len(rows), at, float(past.mean()), float(since.mean()), p))
    corrected = holm([one.p for one in found])
    kept = [Change(**{**vars(one), "p": p}) for one, p in zip(found, corrected, strict=True) if p < level]
    return sorted(kept, key=lambda one: (one.p, one.worker))


@jit
def _swing(surprise: Floats, shuffles: int, luck: np.random.Generator) -> tuple[int, float]:
    """(how many come before the largest swing, its p-value). surprise: float64[n], n > 1, summing to zero."""
    after, largest = _largest(surprise)
    as_large = 1
    shuffled = surprise.copy()
    for done in range(shuffles):
        for k in range(shuffled.size - 1, 0, -1):
            other = int(luck.random() * (k + 1))
            shuffled[k], shuffled[other] = shuffled[other], shuffled[k]
        as_large += _largest(shuffled)[1] >= largest * (1.0 - 1e-12)
        if as_large > PLAIN:
            return after, as_large / (done + 2)
    return after, as_large / (shuffles + 1)


@jit
def _largest(surprise: Floats) -> tuple[int, float]:
    """(how many come before it, size) of the largest sum of the first ones, weighed as a difference of two means."""
    total, best, after = 0.0, -1.0, 1
    n = surprise.size
    for k in range(n - 1):
        total += surprise[k]
        size = total * total / ((k + 1) * (n - k - 1))
        if size > best:
            best, after = size, k + 1
    return after, best
