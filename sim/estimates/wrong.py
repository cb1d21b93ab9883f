"""How wrong labels of one item fall on classes: Dirichlet-multinomial, so that those of an item tend to agree.

Wrong labels are alike: of C - 1 wrong classes, each draws the next wrong label with chance
(kappa / (C - 1) + n) / (kappa + N), where n of the N wrong labels so far are its own (Polya's urn).
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from .network import Floats


@lru_cache(maxsize=16384)
def tops(wrong: int, classes: int, attractor: float) -> tuple[tuple[tuple[int, int], float], ...]:
    """((greatest number of one wrong label, how many labels have it), its chance) among so many wrong labels.

    classes: C - 1, at least 1.  attractor: kappa, above 0; infinity where wrong labels do not know of each other.
    """
    if wrong == 0:
        return (((0, classes), 1.0),)
    shape = attractor / classes
    weights = [1.0]
    for n in range(wrong):  # of n labels of one class, with 1 / n! in it
        weights.append(weights[-1] * ((shape + n) / (n + 1.0) if math.isfinite(shape) else 1.0 / (n + 1.0)))
    total = _power(np.array(weights), classes, wrong)[wrong]
    found = []
    for top in range(1, wrong + 1):
        for ways in range(1, min(classes, wrong // top) + 1):
            others = _power(np.array(weights[:top]), classes - ways, wrong)
            count = math.comb(classes, ways) * weights[top] ** ways * others[wrong - top * ways]
            if count > 0.0:
                found.append(((top, ways), float(count / total)))
    return tuple(found)


def _power(weights: Floats, times: int, length: int) -> Floats:
    """The polynomial with these coefficients to the power `times`, up to the degree `length`."""
    found, square = np.eye(1, length + 1).ravel(), weights
    while times:
        if times % 2:
            found = np.convolve(found, square)[: length + 1]
        square, times = np.convolve(square, square)[: length + 1], times // 2
    return found
