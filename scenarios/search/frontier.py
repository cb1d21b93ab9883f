"""Plans of which no other is better in everything, and which of them is the knee."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...sim.statistics import Floats


def undominated(values: Floats) -> NDArray[np.bool_]:
    """Which rows no other is at least as good as in all columns and better in one. values: float[n, objectives], the
    less the better; of equal rows all stay."""
    as_good = (values[:, None] <= values).all(axis=2)
    better = (values[:, None] < values).any(axis=2)
    return np.logical_not((as_good & better).any(axis=0))


def knee(values: Floats) -> int:
    """The row whose worst objective is the least bad, each measured from the best to the worst of all rows."""
    low, high = values.min(axis=0), values.max(axis=0)
    scaled = (values - low) / np.where(high > low, high - low, 1.0)
    return int(np.lexsort((scaled.sum(axis=1), scaled.max(axis=1)))[0])


def spread(values: Floats, count: int) -> list[int]:
    """So many rows, or all: the best of each objective, then always the one farthest from those that were taken."""
    low, high = values.min(axis=0), values.max(axis=0)
    scaled = (values - low) / np.where(high > low, high - low, 1.0)
    found = list(dict.fromkeys(int(at) for at in scaled.argmin(axis=0)))[:count]
    while len(found) < min(count, len(values)):
        apart = ((scaled[:, None] - scaled[found]) ** 2).sum(axis=2).min(axis=1)
        apart[found] = -1.0
        found.append(int(apart.argmax()))
    return found
