"""Where labels of the same items differ: which classes are taken for one another, and by whom more than by others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from ...sim.jit import jit
from .labelled import Labelled

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Pocket:
    """Two classes that are given to the same items.

    classes: positions.  items: that have both labels.  share: of all disagreement that is between these two, which is
    counted in pairs of labels of an item, each item weighing as much as it has labels.
    worker: who, of those with enough labels on these items, is alone with its label most often; its labels there, and
    how many of them no other label of the item equals; None where nobody stands out from chance.
    """

    classes: tuple[int, int]
    items: int
    share: float
    worker: int | None = None
    labels: int = 0
    alone: int = 0


ENOUGH = 5
"""Labels on the items of a pocket that a worker needs to be named."""

BY_CHANCE = 0.01
"""Of pockets where all workers are alike, in how many one is named."""


def pockets(data: Labelled, most: int = 10) -> list[Pocket]:
    """The pairs of classes with most disagreement, the greatest first, at most so many; none where all labels agree.

    A worker stands out where the others' share of lone labels would give it so many by chance, in one of a hundred
    pockets at most, however many workers are looked at (binomial, corrected by their number).
    """
    classes = len(data.classes)
    weight, items = _between(data.start, data.label, classes)
    total = weight.sum()
    if not total > 0:
        return []
    order = np.argsort(-weight, axis=None, kind="stable")[:most]
    found = []
    for a, b in zip(*np.unravel_index(order, weight.shape), strict=True):
        if not weight[a, b] > 0:
            break
        who, labels, alone = _who(data, int(a), int(b))
        share = float(weight[a, b] / total)
        found.append(Pocket((int(a), int(b)), int(items[a, b]), share, who, labels, alone))
    return found


def _who(data: Labelled, a: int, b: int) -> tuple[int | None, int, int]:
    """The worker that stands out in the pocket of two classes, its labels there and how many of them are alone."""
    labels, alone = _lone(data.start, data.label, data.worker, len(data.workers), a, b)
    looked_at = np.flatnonzero((labels >= ENOUGH) & (alone > 0))
    others = labels.sum() - labels[looked_at]
    share = (alone.sum() - alone[looked_at]) / np.maximum(others, 1)
    chance = np.where(others > 0, stats.binom.sf(alone[looked_at] - 1, labels[looked_at], share), 1.0)
    if not looked_at.size or chance.min() * looked_at.size >= BY_CHANCE:
        return None, 0, 0
    best = int(looked_at[chance.argmin()])
    return best, int(labels[best]), int(alone[best])


@jit
def _between(start: Ints, label: Ints, classes: int) -> tuple[Floats, Ints]:
    """([C, C] above the diagonal) weight of disagreement between two classes, and items that have both."""
    weight, items = np.zeros((classes, classes)), np.zeros((classes, classes), np.int64)
    counts, given = np.zeros(classes, np.int64), np.empty(classes, np.int64)
    for i in range(start.size - 1):
        kinds = 0
        for j in range(start[i], start[i + 1]):
            if counts[label[j]] == 0:
                given[kinds] = label[j]
                kinds += 1
            counts[label[j]] += 1
        for s in range(kinds):
            for t in range(s + 1, kinds):
                a, b = min(given[s], given[t]), max(given[s], given[t])
                weight[a, b] += counts[a] * counts[b] / (start[i + 1] - start[i] - 1.0)
                items[a, b] += 1
        for s in range(kinds):
            counts[given[s]] = 0
    return weight, items


@jit
def _lone(start: Ints, label: Ints, worker: Ints, workers: int, a: int, b: int) -> tuple[Ints, Ints]:
    """Labels a or b of each worker where there are three or more, and how many are the only one."""
    labels, alone = np.zeros(workers, np.int64), np.zeros(workers, np.int64)
    for i in range(start.size - 1):
        first = second = 0
        for j in range(start[i], start[i + 1]):
            first += label[j] == a
            second += label[j] == b
        if first == 0 or second == 0 or first + second < 3:
            continue
        for j in range(start[i], start[i + 1]):
            if label[j] == a or label[j] == b:
                labels[worker[j]] += 1
                alone[worker[j]] += (first if label[j] == a else second) == 1
    return labels, alone
