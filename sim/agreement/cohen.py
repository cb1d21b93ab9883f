"""Cohen's kappa of two workers, and its mean over all pairs of workers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..jit import jit
from .counts import Floats
from .estimate import Estimate, Ratio, estimated, undefined
from .sums import Counts, Ints

MOST_PAIRS = 50_000_000
"""Pairs of labels of one unit that are compared at most: they are kept and sorted, at some 40 bytes each."""


def cohen_table(table: Counts, level: float = 0.95) -> Estimate:
    """Cohen's kappa of two workers. table: units by the label of the first (rows) and of the second (columns)."""
    first, second = np.nonzero(table)
    times = table[first, second]
    label = np.stack([np.repeat(first, times), np.repeat(second, times)], axis=1).ravel()
    rows = np.arange(len(label))
    return cohen(rows // 2, label, rows % 2, level)


def cohen(unit: Ints, label: Ints, worker: Ints, level: float = 0.95) -> Estimate:
    """Mean of Cohen's kappa over pairs of workers, weighted by the units that both labelled; of two workers, theirs.

    unit, label, worker: whole numbers, one of each a row, in any order.  Rows without a worker or a label (negative)
    are left out, and of several labels of a worker on one unit all but the first; so are pairs of workers who gave one
    and the same label throughout, who have no kappa.  The interval takes a pair's kappa as a smooth function of its
    units: where most pairs have but a few in common it is rough.
    Source: Cohen, A coefficient of agreement for nominal scales, Educational and Psychological Measurement 20 (1960)
    37-46; mean over pairs: Light, Measures of response agreement for qualitative data, Psychological Bulletin 76 (1971)
    365-377, the weights being ours.
    """
    unit, label, worker = _first_labels(unit, label, worker)
    if not len(unit):
        return undefined("it is not known who gave the labels", level)
    starts = np.flatnonzero(np.diff(unit, prepend=unit[0] - 1))
    many = np.diff(starts, append=len(unit))
    pairs = int((many * (many - 1) // 2).sum())
    if not pairs:
        alone = bool((worker == worker[0]).all())
        return undefined("there is only one worker" if alone else "no two workers labelled the same item", level)
    if pairs > MOST_PAIRS:
        return undefined(f"{pairs:,} pairs of labels are more than the {MOST_PAIRS:,} that are compared", level)
    people = np.unique(worker, return_inverse=True)[1]
    key, first, second = _pairs_of(people, starts, many, pairs)
    order = np.argsort(key, kind="stable")
    at = np.repeat(np.arange(len(starts)), many)
    sums, moves, met, used = _folded(key[order], first[order], second[order], at, label)
    weight, ratios, worst = sums.tolist()
    if not weight:
        return undefined("any two workers who met gave one and the same label throughout, as chance would too", level)
    ratio = ratios / weight
    kept = met > 0
    found = Ratio(ratio, (moves - ratio * met)[kept] / weight, worst / weight)
    return estimated(found, int(kept.sum()), int(used.sum()), level)


def _first_labels(unit: Ints, label: Ints, worker: Ints) -> tuple[Ints, Ints, Ints]:
    """Rows with a worker and a label, in the order of units and of workers within one, one row for each of these."""
    known = (worker >= 0) & (label >= 0)
    unit, label, worker = unit[known], label[known], worker[known]
    order = np.lexsort((worker, unit))
    unit, label, worker = unit[order], label[order], worker[order]
    again = (np.diff(unit, prepend=-1) == 0) & (np.diff(worker, prepend=-1) == 0)
    return unit[~again], label[~again], worker[~again]


@jit
def _pairs_of(worker: Ints, starts: Ints, many: Ints, pairs: int) -> tuple[Ints, Ints, Ints]:
    """Pairs of rows of one unit: a number for the two workers, and the two rows, the lower worker's first."""
    people = worker.max() + 1
    key, first, second = np.empty(pairs, np.int64), np.empty(pairs, np.int64), np.empty(pairs, np.int64)
    at = 0
    for u in range(len(starts)):
        end = starts[u] + many[u]
        for a in range(starts[u], end):
            for b in range(a + 1, end):
                key[at], first[at], second[at] = worker[a] * people + worker[b], a, b
                at += 1
    return key, first, second


@jit
def _folded(
    key: Ints, first: Ints, second: Ints, unit: Ints, label: Ints
) -> tuple[Floats, Floats, Ints, NDArray[np.bool_]]:
    """Over pairs of workers, in the order of key: the sums of n, of n times rho and of n / (1 - chance), n being the
    units of a pair and rho = 1 - kappa; by unit, the sum over its pairs of rho and of the derivative of rho by the
    unit's weight, times n; by unit, how many pairs of workers it has; by row, whether it is in one.
    """
    units = unit[-1] + 1
    by_first, by_second = np.zeros(label.max() + 1, np.int64), np.zeros(label.max() + 1, np.int64)
    sums, moves, met = np.zeros(3), np.zeros(units), np.zeros(units, np.int64)
    used = np.zeros(len(unit), np.bool_)
    start = 0
    while start < len(key):
        end, same = start, 0
        while end < len(key) and key[end] == key[start]:
            by_first[label[first[end]]] += 1
            by_second[label[second[end]]] += 1
            same += label[first[end]] == label[second[end]]
            end += 1
        n = end - start
        chance = 0.0
        for p in range(start, end):
            chance += by_second[label[first[p]]] / n / n
        if by_first[label[first[start]]] < n or by_second[label[first[start]]] < n:
            rho = (1 - same / n) / (1 - chance)
            sums += np.array([float(n), n * rho, n / (1 - chance)])
            for p in range(start, end):
                i, j, u = label[first[p]], label[second[p]], unit[first[p]]
                by_chance = by_second[i] / n + by_first[j] / n - 2 * chance
                equal = 1.0 if i == j else 0.0
                moves[u] += rho + (rho * by_chance - (equal - same / n)) / (1 - chance)
                met[u] += 1
                used[first[p]] = used[second[p]] = True
        for p in range(start, end):
            by_first[label[first[p]]] = 0
            by_second[label[second[p]]] = 0
        start = end
    return sums, moves, met, used
