"""What labels cost and how often they are right under rules of consensus, by drawing items from a label model (Numba).

Every item gets as many labels as the longest rule may ask for, by different workers drawn in proportion to what each
has done; the rules then look at the same labels in the same order, so that their differences are their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ...sim.estimates.consensus import Lead, Majority
from ...sim.jit import jit
from .simulate import gather, pick

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


FIXED = tuple(Majority(k) for k in range(1, 10))
SEQUENTIAL = (Lead(2, 5), Lead(2, 7), Lead(2, 9), Lead(3, 7), Lead(3, 9))


class Outcome(NamedTuple):
    """right: float64[rules], share of items whose label is right, the first among equals drawn by lot.
    asked: float64[rules], labels an item on average."""

    right: Floats
    asked: Floats


def outcomes(
    rules: Sequence[Majority | Lead],
    able: Floats,
    workload: Ints,
    mix: Floats,
    spread: float,
    shape: Floats,
    items: int,
    luck: np.random.Generator,
) -> Outcome:
    """The rules on `items` items. A rule that needs more labels than there are workers is NaN.

    able: float64[W, C], logit of a right label at an item of typical difficulty.  workload: int64[W], above zero.
    mix: float64[C], of true classes.  spread: sd of difficulty.  shape: float64[C, C], of the Dirichlet of wrong labels
    by true class.
    """
    table = np.array([(0, r.labels) if isinstance(r, Majority) else (r.ahead, r.most) for r in rules], np.int64)
    most = min(int(table[:, 1].max()), len(workload))
    right, asked = _outcomes(table, able, np.cumsum(workload), np.cumsum(mix), spread, shape, items, most, luck)
    short = table[:, 1] > len(workload)
    right[short] = asked[short] = np.nan
    return Outcome(right / items, asked / items)


@jit
def _outcomes(
    rules: Ints, able: Floats, reach: Floats, mix: Floats, spread: float, shape: Floats, items: int, most: int,
    luck: np.random.Generator,
) -> tuple[Floats, Floats]:  # fmt: skip
    classes = mix.size
    right, asked = np.zeros(len(rules)), np.zeros(len(rules))
    label, who, weight = np.empty(most, np.int64), np.empty(most, np.int64), np.empty(classes)
    votes = np.empty(classes, np.int64)
    for _ in range(items):
        true = min(np.searchsorted(mix, luck.random() * mix[-1], side="right"), classes - 1)
        difficulty = spread * luck.standard_normal()
        drawn = False
        for k in range(most):
            worker = _another(reach, who, k, luck)
            who[k] = worker
            if luck.random() * (1.0 + np.exp(difficulty - able[worker, true])) < 1.0:
                label[k] = true
                continue
            if not drawn:
                drawn = True
                gather(shape[true], weight, luck)
            label[k] = pick(weight, luck)
        for r in range(len(rules)):
            lead, last = rules[r]
            votes[:] = 0
            for k in range(min(last, most)):
                votes[label[k]] += 1
                if k + 1 >= last or (lead > 0 and k + 1 >= lead and _ahead(votes) >= lead):
                    asked[r] += k + 1
                    break
            best, ways = votes.max(), 0
            for c in range(classes):
                ways += votes[c] == best
            if votes[true] == best:
                right[r] += 1.0 / ways
    return right, asked


@jit
def _another(reach: Floats, who: Ints, count: int, luck: np.random.Generator) -> int:
    """A worker drawn by workload, none of the first `count` in `who`."""
    while True:
        worker = min(np.searchsorted(reach, luck.random() * reach[-1], side="right"), reach.size - 1)
        again = False
        for k in range(count):
            again |= who[k] == worker
        if not again:
            return worker  # type: ignore[no-any-return]


@jit
def _ahead(votes: Ints) -> int:
    """By how many votes the first leads the second."""
    first = second = 0
    for count in votes:
        if count > first:
            first, second = count, first
        elif count > second:
            second = count
    return first - second
