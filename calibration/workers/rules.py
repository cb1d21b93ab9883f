"""What labels cost and how often they are right under rules of consensus, by drawing items from a label model (Numba).

Every item gets as many labels as the longest rule may ask for, by different workers drawn in proportion to what each
has done; the rules then look at the same labels in the same order, so that their differences are their own. Items, who
labels them and the luck of these labels are drawn once, a design, for all draws of a model's parameters: what differs
between draws is then what the parameters do, and not luck.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ...sim.estimates.consensus import Lead, Majority
from ...sim.jit import jit
from ...sim.labels import picked
from .difficulty import Difficulty
from .simulate import gather

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


FIXED = tuple(Majority(k) for k in range(1, 10))
SEQUENTIAL = (Lead(2, 5), Lead(2, 7), Lead(2, 9), Lead(3, 7), Lead(3, 9))


class Design(NamedTuple):
    """true: int64[items], the class of each.  who: int64[items, most], the workers who label it, in their order.
    place: float64[items], how hard each is, in standard deviations.  lot: float64[items], uniform in [0, 1), whether it
    is one of the hard items.  chance: float64[items, most], uniform in [0, 1): a label is right where it is below the
    chance of a right one."""

    true: Ints
    who: Ints
    place: Floats
    lot: Floats
    chance: Floats


class Outcome(NamedTuple):
    """right: float64[rules], share of items whose label is right, the first among equals drawn by lot.
    asked: float64[rules], labels an item on average."""

    right: Floats
    asked: Floats


def designed(mix: Floats, workload: Ints, items: int, most: int, luck: np.random.Generator) -> Design:
    """Items of classes drawn by `mix`, each with `most` different workers drawn by `workload`, or all there are.

    mix: float64[C].  workload: int64[W], above zero.
    """
    most = min(most, len(workload))
    true, who = _designed(np.cumsum(mix), np.cumsum(workload).astype(np.float64), items, most, luck)
    place, chance = luck.standard_normal(items), luck.random((items, most))
    return Design(true, who, place, luck.random(items), chance)


def outcomes(
    rules: Sequence[Majority | Lead],
    design: Design,
    able: Floats,
    difficulty: Difficulty,
    shape: Floats,
    luck: np.random.Generator,
) -> Outcome:
    """The rules on the items of a design. A rule that needs more labels than it has workers is NaN.

    able: float64[W, C], logit of a right label at an item of typical difficulty.  difficulty: of the items.
    shape: float64[C, C], of the Dirichlet of wrong labels by true class.  luck: of which wrong labels are given.
    """
    table = np.array([(0, r.labels) if isinstance(r, Majority) else (r.ahead, r.most) for r in rules], np.int64)
    right, asked = _outcomes(table, design, able, difficulty.of(design.place, design.lot), shape, luck)
    short = table[:, 1] > design.who.shape[1]
    right[short] = asked[short] = np.nan
    return Outcome(right / len(design.true), asked / len(design.true))


@jit
def _designed(mix: Floats, reach: Floats, items: int, most: int, luck: np.random.Generator) -> tuple[Ints, Ints]:
    true, who, taken = np.empty(items, np.int64), np.empty((items, most), np.int64), np.empty(most, np.int64)
    for i in range(items):
        true[i] = min(np.searchsorted(mix, luck.random() * mix[-1], side="right"), mix.size - 1)
        for k in range(most):
            who[i, k] = _another(reach, taken, k, luck)
    return true, who


@jit
def _outcomes(
    rules: Ints, design: Design, able: Floats, difficulty: Floats, shape: Floats, luck: np.random.Generator
) -> tuple[Floats, Floats]:
    classes, most = shape.shape[0], design.who.shape[1]
    right, asked = np.zeros(len(rules)), np.zeros(len(rules))
    label, weight = np.empty(most, np.int64), np.empty(classes)
    votes = np.empty(classes, np.int64)
    ended = np.empty(len(rules), np.bool_)
    for i in range(design.true.size):
        true = design.true[i]
        drawn = False
        for k in range(most):
            if design.chance[i, k] * (1.0 + np.exp(difficulty[i] - able[design.who[i, k], true])) < 1.0:
                label[k] = true
                continue
            if not drawn:
                drawn = True
                gather(shape[true], weight, luck)
            label[k] = picked(weight, luck.random())
        votes[:] = 0
        ended[:] = False
        first = second = ways = 0
        for k in range(most):
            now = votes[label[k]] = votes[label[k]] + 1
            if now > first:  # of those that were first with it, the second knows already
                first, ways = now, 1
            elif now == first:
                ways += 1
                second = first
            elif now > second:
                second = now
            for r in range(len(rules)):
                lead, last = rules[r]
                if not ended[r] and (k + 1 >= last or (lead > 0 and k + 1 >= lead and first - second >= lead)):
                    ended[r] = True
                    asked[r] += k + 1
                    if votes[true] == first:
                        right[r] += 1.0 / ways
    return right, asked


@jit
def _another(reach: Floats, taken: Ints, count: int, luck: np.random.Generator) -> int:
    """A worker drawn by workload, none of the first `count` of `taken`, which are sorted; it is put in its place there.

    A point of the work of all others, moved past the work of those taken: one draw, however much of the work is theirs.
    """
    left = reach[-1]
    for k in range(count):
        left -= reach[taken[k]] - (reach[taken[k] - 1] if taken[k] > 0 else 0.0)
    point = luck.random() * left
    place = 0
    while place < count:
        before = reach[taken[place] - 1] if taken[place] > 0 else 0.0
        if point < before:
            break
        point += reach[taken[place]] - before
        place += 1
    worker = min(np.searchsorted(reach, point, side="right"), reach.size - 1)
    for k in range(count, place, -1):
        taken[k] = taken[k - 1]
    taken[place] = worker
    return worker  # type: ignore[no-any-return]
