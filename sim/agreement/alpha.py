"""Krippendorff's alpha for labels without order, in an order, and on a scale.

All three are 1 - (n - 1) O / E: O sums, over units of m labels, the distances of ordered pairs of labels over m - 1,
which is the coincidence matrix times the distances; E sums the distances of ordered pairs of all n labels.
Source: Krippendorff, Computing Krippendorff's alpha-reliability, 2011, sections C and D.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..jit import jit
from .counts import Floats, Units, weighted
from .estimate import Estimate, Ratio, estimated, undefined
from .shares import NO_PAIR, ONE_LABEL
from .sums import Counts, Ints


def nominal(units: Units, level: float = 0.95) -> Estimate:
    """alpha where two labels are equal or not; `krippendorff_alpha` with its interval."""
    one = units.comparable
    if refused := _undefined(one, level):
        return refused
    apart = one.totals.sum() - one.totals.astype(np.float64)
    expected = float(one.totals @ apart)
    each = np.asarray(one.many - one.equal / (one.many - 1), np.float64)
    return _estimated(one, _ratio(one, each, expected, 2 * apart), level)


def interval(units: Units, values: Floats, level: float = 0.95) -> Estimate:
    """alpha where labels are numbers, and their distance is the square of the difference.

    values: of the columns of the counts that the units were made of.
    """
    one = units.comparable
    if refused := _undefined(one, level):
        return refused
    return _estimated(one, _on_scale(one, values[one.labels], ranks=False), level)


def ordinal(units: Units, level: float = 0.95) -> Estimate:
    """alpha where labels have an order, that of the columns.

    The distance of two labels is the square of how many labels were given from one to the other, half of the two
    themselves: of the difference of their mean ranks.
    """
    one = units.comparable
    if refused := _undefined(one, level):
        return refused
    return _estimated(one, _on_scale(one, np.cumsum(one.totals) - one.totals / 2, ranks=True), level)


def _undefined(one: Units, level: float) -> Estimate | None:
    if not len(one.many):
        return undefined(NO_PAIR, level)
    if len(one.totals) == 1:
        return undefined(ONE_LABEL, level, len(one.many), int(one.many.sum()))
    return None


def _estimated(one: Units, found: Ratio, level: float) -> Estimate:
    return estimated(found, len(one.many), int(one.many.sum()), level)


def _ratio(one: Units, each: Floats, expected: float, by_label: Floats) -> Ratio:
    """(n - 1) O / E, its factor n - 1 moved as n is.

    each: a unit's part of O.  expected: E.  by_label: the derivative of E by how often each label is given.
    """
    n = float(one.totals.sum())
    scale = (n - 1) / expected
    ratio = scale * max(float(each.sum()), 0.0)
    moves = scale * each + ratio * (one.many / n - weighted(one.counts, by_label / expected))
    different = float(one.totals @ (n - one.totals))
    return Ratio(ratio, moves, n * (n - 1) / different)


def _on_scale(one: Units, scores: Floats, ranks: bool) -> Ratio:
    """With squared differences of scores as distances. ranks: the scores are mean ranks, and move with the totals.

    Few units disagree where agreement is high, and those that do may all be of neighbours: the interval allows for one
    more that disagrees as different labels by chance do. Without, 95% intervals covered in as few as 83 of 100 samples.
    """
    n, totals = float(one.totals.sum()), one.totals
    x = scores - float(totals @ scores) / n  # about their mean: squares of far numbers would swallow their differences
    spread = float(totals @ (x * x))
    each, pulls = _distances(one.counts, one.many, x)
    expected = 2 * n * spread
    found = _ratio(one, each, expected, 2 * (spread + n * x * x))
    found = replace(found, unseen=found.worst / len(each))
    if not ranks:
        return found
    by_score = (n - 1) / expected * pulls - found.ratio / expected * 4 * n * totals * x
    above = by_score.sum() - np.cumsum(by_score)  # a label given once more lifts the ranks above it, its own by half
    return replace(found, moves=found.moves + weighted(one.counts, above + by_score / 2))


@jit
def _distances(counts: Counts, many: Ints, x: Floats) -> tuple[Floats, Floats]:
    """By unit, the sum of (x_c - x_k)^2 over its ordered pairs of labels, over m - 1; by label, the derivative of the
    sum of all these by x_c."""
    units, labels = counts.shape
    each, pulls = np.zeros(units), np.zeros(labels)
    for u in range(units):
        m, first, second = many[u], 0.0, 0.0
        for c in range(labels):
            first += counts[u, c] * x[c]
        for c in range(labels):
            second += counts[u, c] * (x[c] - first / m) ** 2
        each[u] = 2 * m * second / (m - 1)
        for c in range(labels):
            pulls[c] += 4 * counts[u, c] * (m * x[c] - first) / (m - 1)
    return each, pulls
