"""How often the most frequent of k labels is right, in labels as they are: all subsets of k count alike (Numba)."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from ...sim.jit import jit
from .labelled import Labelled

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def majority_accuracy(data: Labelled, most: int = 9) -> tuple[Floats, Ints]:
    """(float64[most], int64[most]): accuracy of the most frequent of k = 1..most labels, and of how many items.

    A mean over the items with a known truth and k labels at least, and for each over all its subsets of k labels, the
    first among equals being drawn by lot. NaN where no item has k labels.
    """
    return _accuracy(data.start, data.label, data.truth, len(data.classes), most)


@jit
def _accuracy(start: Ints, label: Ints, truth: Ints, classes: int, most: int) -> tuple[Floats, Ints]:
    total, items = np.zeros(most), np.zeros(most, np.int64)
    choose = _pascal(int(np.max(np.diff(start))))
    for i in range(start.size - 1):
        if truth[i] < 0:
            continue
        counts = np.zeros(classes, np.int64)
        for j in range(start[i], start[i + 1]):
            counts[label[j]] += 1
        n = start[i + 1] - start[i]
        for k in range(1, min(most, n) + 1):
            total[k - 1] += _first(counts, truth[i], k, choose) / choose[n, k]
            items[k - 1] += 1
    return total / items, items


@jit
def _pascal(n: int) -> Floats:
    """float64[n + 1, n + 1]: how many subsets of each size a set has."""
    choose = np.zeros((n + 1, n + 1))
    choose[:, 0] = 1.0
    for a in range(1, n + 1):
        for b in range(1, a + 1):
            choose[a, b] = choose[a - 1, b - 1] + choose[a - 1, b]
    return choose


@jit
def _first(counts: Ints, true: int, k: int, choose: Floats) -> float:
    """How many subsets of k labels have the true one first; a tie of m counts as one in m.

    Class by class, ways[t, s] is the number of subsets of s labels in which t other classes have as many labels as the
    true one, and none has more.
    """
    found = 0.0
    for r in range(1, min(k, counts[true]) + 1):
        deepest = min(counts.size - 1, k // r)
        ways = np.zeros((deepest + 2, k - r + 1))
        ways[0, 0] = choose[counts[true], r]
        for c in range(counts.size):
            if c == true or counts[c] == 0:
                continue
            for t in range(deepest, -1, -1):
                for s in range(k - r, -1, -1):
                    here = ways[t, s]
                    if here == 0.0:
                        continue
                    for m in range(1, min(r, counts[c], k - r - s) + 1):
                        ways[t + (m == r), s + m] += here * choose[counts[c], m]
        for t in range(deepest + 1):
            found += ways[t, k - r] / (t + 1.0)
    return found


def error_correlation(data: Labelled) -> float:
    """Intraclass correlation of errors: how much likelier a label is wrong where another of the item is wrong.

    Covariance of two labels of an item being right, over the variance, each item weighed by its pairs; of the items
    with a known truth and two labels at least. NaN where there is none, and where all labels are right or all wrong.
    Source: Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions, section on binary ratings.
    """
    known = data.truth >= 0
    of = np.diff(data.start)
    right = np.add.reduceat((data.label == data.truth[data.item]).astype(np.int64), data.start[:-1])
    n, r = of[known & (of > 1)], right[known & (of > 1)]
    pairs, of_right = int((n * (n - 1)).sum()), int((r * (n - 1)).sum())
    if of_right in (0, pairs):
        return math.nan
    both, share = int((r * (r - 1)).sum()) / pairs, of_right / pairs
    return (both - share * share) / (share * (1 - share))
