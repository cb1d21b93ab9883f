"""Agreement on nominal labels from counts or from their sums, as the KPIs have it.

NaN: there is nothing to compare, or chance alone would agree always, because only one label was ever given.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..jit import jit

Ints = NDArray[np.int64]
Counts = NDArray[np.int64]
"""How often each unit got each label: units x labels."""


def sums_of(counts: Counts) -> tuple[Counts, Counts, Counts]:
    """Units of n labels, n from two, and their ordered pairs of equal labels, both by n; and these labels by label."""
    many, equal, labels, _ = folded(np.ascontiguousarray(counts, dtype=np.int64))
    return *_by_number(many, equal), labels


@jit
def folded(counts: Counts) -> tuple[Ints, Ints, Ints, Ints]:
    """By unit: labels, ordered pairs of equal ones; by label: how often given in units of several, in those of one."""
    units, labels = counts.shape
    many, equal = np.zeros(units, np.int64), np.zeros(units, np.int64)
    totals, once = np.zeros(labels, np.int64), np.zeros(labels, np.int64)
    for u in range(units):
        n, pairs = 0, 0
        for c in range(labels):
            n += counts[u, c]
            pairs += counts[u, c] * (counts[u, c] - 1)
        many[u], equal[u] = n, pairs
        into = totals if n >= 2 else once
        for c in range(labels):
            into[c] += counts[u, c]
    return many, equal, totals, once


@jit
def _by_number(many: Ints, equal: Ints) -> tuple[Ints, Ints]:
    """How many units have n labels, and the sum of their equal pairs, by n; those of fewer than two left out."""
    most = 1
    for u in range(len(many)):
        most = max(most, many[u])
    units, pairs = np.zeros(most + 1, np.int64), np.zeros(most + 1, np.int64)
    for u in range(len(many)):
        if many[u] >= 2:
            units[many[u]] += 1
            pairs[many[u]] += equal[u]
    return units, pairs


def pairwise(counts: Counts) -> float:
    """Mean over units of the share of pairs of labels that are equal."""
    return pairwise_of(*sums_of(counts)[:2])


def pairwise_of(units: Counts, equal: Counts) -> float:
    """`pairwise`, from sums."""
    many = int(units.sum())
    of = np.arange(len(units))
    return float((equal[2:] / (of * (of - 1))[2:]).sum() / many) if many else float("nan")


def krippendorff_alpha(counts: Counts) -> float:
    """Krippendorff's alpha for nominal data: 1 for perfect agreement, 0 for what chance would give.

    Units may have different numbers of labels.  NaN when all labels are one and the same.
    Source: Krippendorff, Computing Krippendorff's alpha-reliability, 2011, section C (nominal data, many observers,
    missing data): alpha = 1 - (n - 1) (n - sum of o_cc) / (n^2 - sum of n_c^2).
    """
    return alpha_of(*sums_of(counts))


def alpha_of(units: Counts, equal: Counts, labels: Counts) -> float:
    """`krippendorff_alpha`, from sums."""
    n_c: list[int] = labels.tolist()  # Python's integers, because the squares of millions of labels may be beyond int64
    n = sum(n_c)
    expected = n * n - sum(each * each for each in n_c)
    if not expected:
        return float("nan")
    o_cc = (equal[2:] / (np.arange(len(units))[2:] - 1)).sum()
    return float(1 - (n - 1) * (n - o_cc) / expected)


def fleiss_kappa(counts: Counts) -> float:
    """Fleiss' kappa, for units that all have the same number of labels, at least two.

    NaN when the numbers differ, when there is no unit, and when all labels are one and the same.
    Source: Fleiss, Measuring nominal scale agreement among many raters, Psychological Bulletin 76 (1971) 378-382.
    """
    many, equal, labels, _ = folded(np.ascontiguousarray(counts, dtype=np.int64))
    if not len(many) or int(many.min()) < 2 or int(many.min()) != int(many.max()):
        return float("nan")
    p_j = labels / labels.sum()
    chance = float((p_j * p_j).sum())
    if np.count_nonzero(p_j) == 1:
        return float("nan")
    return (float((equal / (many * (many - 1))).mean()) - chance) / (1 - chance)
