"""How labels of several people become one, by probability: right, wrong or tied, and how many labels it takes.

All people are alike, wrong labels are alike, and items draw toward one wrong label or another as their attractor says.
Labels of an item are right with a chance p of its own; an item's p may vary, and verdicts are means over it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

import numpy as np

from .counting import EXACT, Step, end, ended, steps
from .network import Floats
from .wrong import tops

T = TypeVar("T", float, Floats)


@dataclass(frozen=True)
class Majority:
    """So many labels at once; the one with most votes."""

    labels: int


@dataclass(frozen=True)
class Lead:
    """Labels until one leads all others by `ahead` votes, or `most` are in. Beyond 20 labels, wrong labels that do not
    lead by then are taken not to catch up."""

    ahead: int
    most: int


@dataclass(frozen=True)
class Sure:
    """`first` labels at once, then one at a time until the most probable one has the probability `threshold`, or `most`
    are in, at most 20. Probable for who believes that every label is right with chance `believed`, above 1 / classes,
    that errors are independent and alike, and that classes are equally frequent."""

    threshold: float
    believed: float
    most: int
    first: int = 1


Rule = Majority | Lead | Sure


class Verdict(NamedTuple, Generic[T]):
    """Chances that the labels have the right one alone on top, a wrong one alone, or a tie; of the ties, the share in
    which one of the tied at random is right.  labels: how many are asked for on average."""

    right: T
    wrong: T
    tied: T
    tied_right: T
    labels: T

    @property
    def error(self) -> T:
        """Chance of a wrong label where ties go to one of the tied at random."""
        return self.wrong + self.tied * (1.0 - self.tied_right)


def verdicts(p: Floats, weights: Floats, rule: Rule, classes: int, attractor: float) -> Verdict[Floats]:
    """float64[...] each: means over items whose labels are right with chance p[..., n], in shares weights[..., n].

    p: float64[..., nodes].  weights: float64 of a shape that goes with it, sums of 1 over the last axis.  classes: at
    least 1; of one class every label is right.  attractor: kappa of the wrong labels' Dirichlet, above 0, infinity for
    none.
    """
    p = np.ones_like(p) if classes == 1 else p
    ways = _ways(rule, max(1, classes - 1), attractor)
    counts = np.arange(ways.shape[-1])
    rights, wrongs = p.reshape(-1, 1) ** counts, (1.0 - p).reshape(-1, 1) ** counts
    sums = ((rights @ ways) * wrongs).sum(axis=-1).reshape(len(ways), *p.shape)
    right, wrong, tied, won, labels = (sums * weights).sum(axis=-1)
    return Verdict(right, wrong, tied, np.divide(won, tied, out=np.zeros_like(won), where=tied > 0.0), labels)


def verdict(p: float, rule: Rule, classes: int, attractor: float) -> Verdict[float]:
    """The verdict of items that are all alike: each label right with chance p."""
    return Verdict(*(float(one) for one in verdicts(np.array([p]), np.ones(1), rule, classes, attractor)))


@lru_cache(maxsize=4096)
def _ways(rule: Rule, others: int, attractor: float) -> Floats:
    """float64[5, n, n], by numbers of right and wrong labels, n above any of them: factors of p^right (1 - p)^wrong in
    the chances to end right, wrong, tied, tied and right by lot, and in the mean number of labels."""
    if isinstance(rule, Majority):
        found = _at_once(rule.labels, others, attractor)
    else:
        found = ended(_walk(rule, others), others, attractor)
    size = np.arange(found.shape[1])
    return np.concatenate([found, [found[:3].sum(axis=0) * (size[:, None] + size)]])


def _at_once(labels: int, others: int, attractor: float) -> Floats:
    """`counting.ended` of labels that are all asked for, which needs no count one by one."""
    found = np.zeros((4, labels + 1, labels + 1))
    for wrong in range(labels + 1):
        right = labels - wrong
        for (top, ways), share in tops(wrong, others, attractor):
            found[:, right, wrong] += np.array(end(right, (top,) * ways)) * (share * math.comb(labels, wrong))
    return found


@lru_cache(maxsize=256)
def _walk(rule: Lead | Sure, others: int) -> tuple[Step, ...]:
    if isinstance(rule, Lead):
        return steps(lambda right, votes: _ahead(right, votes) >= rule.ahead, rule.ahead, rule.most, others)
    assert rule.most <= EXACT
    assert rule.believed * (others + 1) > 1.0
    odds = rule.believed * others / (1.0 - rule.believed)
    return steps(
        lambda right, votes: _sure(right, votes, odds, others) >= rule.threshold, rule.first, rule.most, others
    )


def _ahead(right: int, votes: tuple[int, ...]) -> int:
    """By how many votes the first label leads the next one."""
    first, second = sorted((right, *votes, 0), reverse=True)[:2]
    return first - second


def _sure(right: int, votes: tuple[int, ...], odds: float, others: int) -> float:
    """Probability of the label with most votes, by Bayes' rule; each vote multiplies the odds of its class."""
    top = max(right, *votes, 0)
    unseen = others - len(votes)
    return 1.0 / (odds ** (right - top) + sum(odds ** (n - top) for n in votes) + unseen * odds**-top)
