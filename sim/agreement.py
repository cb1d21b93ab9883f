"""Inter-annotator agreement on nominal labels, from counts: a matrix of units x labels, how often each unit got each.

A unit is an item at one stage. Units with fewer than two labels have no pair to compare and are left out. NaN: there
is nothing to compare, or chance alone would agree always, because only one label was ever given.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]


def sums_of(counts: Counts) -> tuple[Counts, Counts, Counts]:
    """Units of n labels, n from two, and their ordered pairs of equal labels, both by n; and these labels by label."""
    counts = counts[counts.sum(axis=1) >= 2]
    per_unit, pairs = counts.sum(axis=1), (counts * (counts - 1)).sum(axis=1)
    units = np.bincount(per_unit, minlength=2)
    equal = np.zeros_like(units)
    np.add.at(equal, per_unit, pairs)
    return units, equal, counts.sum(axis=0)


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
    per_unit = counts.sum(axis=1)
    if not len(counts) or int(per_unit.min()) < 2 or int(per_unit.min()) != int(per_unit.max()):
        return float("nan")
    p_j = counts.sum(axis=0) / counts.sum()
    chance = float((p_j * p_j).sum())
    if np.count_nonzero(p_j) == 1:
        return float("nan")
    return (float(_equal_pairs(counts).mean()) - chance) / (1 - chance)


def _equal_pairs(counts: Counts) -> NDArray[np.float64]:
    """Share of a unit's pairs of labels that are equal."""
    per_unit = counts.sum(axis=1)
    shares: NDArray[np.float64] = (counts * (counts - 1)).sum(axis=1) / (per_unit * (per_unit - 1))
    return shares
