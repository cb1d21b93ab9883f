"""The label error model, consensus and review decisions: compiled functions that both engines share.

    logit P(right) = skill[worker] + effect[class] + effect[pool, class] - difficulty[item]
    wrong label ~ c[item],  c[item] ~ Dirichlet(kappa * q[class]),  shared by everyone who looks at that item

A Dirichlet is a normalised vector of gammas: weight j of an item is the quantile of a gamma with shape kappa * q[j] at
a draw keyed by the item and j, so that nothing need be stored and every worker meets the same weights.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from .draws import Purpose, uniform
from .jit import jit
from .quantiles import quantile

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TIE = -1

_ATTRACTOR, _TRUTH, _DIFFICULTY, _HARD = (
    int(purpose) << 56 for purpose in (Purpose.ATTRACTOR, Purpose.TRUTH, Purpose.DIFFICULTY, Purpose.HARD)
)


@jit
def expit(x: float) -> float:
    """1 / (1 + exp(-x)); exact at both infinities."""
    return 1.0 / (1.0 + math.exp(-x))


@jit
def is_right(stream: int, item: int, where: int, logit: float) -> bool:
    """Whether a label is right, which it is with chance expit(logit)."""
    return uniform(stream, item, where) < expit(logit)


@jit
def guess(chance: float, choices: Ints) -> int:
    """The label of who does not look: each of `choices` is as likely. chance: uniform in [0, 1)."""
    return choices[int(chance * choices.size)]  # type: ignore[no-any-return]


@jit
def wrong_label(stream: int, item: int, nature: int, where: int, odds: Floats, shapes: Ints, gammas: Floats) -> int:
    """Which wrong label is given.

    item: key of the item's own luck.  nature: key of what it is, by which the weights of its wrong labels are drawn.
    odds: float64[C], the shares q of each label for the item's class, zero at the class itself.
    shapes: int64[C], for each label the row of `gammas` with shape kappa * q, or -1: the odds are used as they are.
    gammas: float64[rows, LENGTH], tables of quantiles.
    """
    weights = odds.copy()
    for j in range(odds.size):
        if odds[j] > 0.0 and shapes[j] >= 0:
            weights[j] = quantile(gammas[shapes[j]], uniform(stream, nature, _ATTRACTOR | j))
    if not weights.sum() > 0.0:  # every gamma underflowed, as can happen for kappa near zero
        weights = odds.copy()
    return picked(weights, uniform(stream, item, where))


@jit
def picked(weights: Floats, chance: float) -> int:
    """The position that a uniform number in [0, 1) falls on, where each is as wide as its weight; never one of weight
    zero, unless all are: then 0."""
    left = chance * weights.sum()
    last = 0
    for j in range(weights.size):
        if weights[j] > 0.0:
            last = j
            left -= weights[j]
            if left < 0.0:
                break
    return last


@jit
def rejects(stream: int, item: int, where: int, logit: float) -> bool:
    """Whether a review rejects, which it does with chance expit(logit); the logit is
    logit(sensitivity) + skill deviation - difficulty for a wrong label, and
    logit(false alarm) - skill deviation + difficulty for a right one; to each the reviewer's own is added."""
    return uniform(stream, item, where) < expit(logit)


@jit
def majority(labels: Ints, classes: int) -> int:
    """The label that more workers gave than any other, or TIE. labels: int64[k], each in [0, classes)."""
    votes = np.zeros(classes, np.int64)
    for label in labels:
        votes[label] += 1
    best = np.argmax(votes)
    return best if np.sum(votes == votes[best]) == 1 else TIE  # type: ignore[return-value]


@jit
def weighted(labels: Ints, skills: Floats, classes: int) -> int:
    """Of the labels tied for most votes, the one with the greatest sum of its workers' skills (logits); if equal, the
    one given by the lowest replica. labels, skills: [k] by replica."""
    votes = np.zeros(classes, np.int64)
    weight = np.zeros(classes)
    for replica in range(labels.size):
        votes[labels[replica]] += 1
        weight[labels[replica]] += skills[replica]
    best = -1
    for label in labels:
        if votes[label] == votes.max() and (best < 0 or weight[label] > weight[best]):
            best = label
    return best


@jit
def heaviest(labels: Ints, skills: Floats, classes: int) -> int:
    """The label with the greatest sum of its workers' skills (logits); if equal, the one given by the lowest replica.
    labels, skills: [k] by replica."""
    weight = np.zeros(classes)
    for replica in range(labels.size):
        weight[labels[replica]] += skills[replica]
    best = labels[0]
    for label in labels:
        if weight[label] > weight[best]:
            best = label
    return best  # type: ignore[no-any-return]


@jit
def lead(labels: Ints, classes: int) -> int:
    """By how many votes the label with most of them leads the next one."""
    votes = np.zeros(classes, np.int64)
    for label in labels:
        votes[label] += 1
    votes.sort()
    return votes[-1] - votes[-2] if classes > 1 else votes[-1]  # type: ignore[no-any-return]


@jit
def posterior(labels: Ints, skills: Floats, shares: Floats) -> tuple[int, float]:
    """The most probable class and its probability, by Bayes' rule; of equal ones the first.

    A worker is right with chance expit(skill) and errs alike over the other classes.
    shares: float64[C], of the classes.
    """
    logs = np.full(shares.size, -np.inf)
    for c in range(shares.size):
        if shares[c] > 0.0:
            logs[c] = math.log(shares[c])
            for k in range(labels.size):
                right = min(max(expit(skills[k]), 1e-12), 1.0 - 1e-12)
                logs[c] += math.log(right if labels[k] == c else (1.0 - right) / max(1, shares.size - 1))
    best = np.argmax(logs)
    return best, 1.0 / np.sum(np.exp(logs - logs[best]))  # type: ignore[return-value]


@jit
def true_class(stream: int, nature: int, shares: Floats) -> int:
    """True class of the item with this key. shares: float64[C], cumulative shares of the classes, the last one 1."""
    return np.searchsorted(shares[:-1], uniform(stream, nature, _TRUTH), side="right")  # type: ignore[return-value]


@jit
def difficulty(
    stream: int, nature: int, spread: float, hard: float, harder: float, hard_spread: float, normal: Floats
) -> float:
    """Difficulty, in logits, of the item with this key: N(0, spread), or N(harder, hard_spread) for a share `hard`.

    Two draws: an item that is no hard one keeps its difficulty to the last bit, whatever the share.
    """
    mean, sd = 0.0, spread
    if hard > 0.0 and uniform(stream, nature, _HARD) < hard:
        mean, sd = harder, hard_spread
    return mean + sd * quantile(normal, uniform(stream, nature, _DIFFICULTY)) if sd > 0.0 else mean


@jit
def difficulty_rank(
    predicted: float, spread: float, hard: float, harder: float, hard_spread: float, error: float, luck: float
) -> float:
    """Share of the items that are predicted to be easier than this one: the prediction is the item's difficulty plus a
    normal error with sd `error`. luck: uniform, for those that all have one prediction."""
    ordinary = _below(predicted, math.hypot(spread, error), luck)
    return (1.0 - hard) * ordinary + hard * _below(predicted - harder, math.hypot(hard_spread, error), luck)


@jit
def _below(x: float, sd: float, luck: float) -> float:
    """Chance that N(0, sd) is below x; `luck` where it is certainly x itself."""
    if sd > 0.0:
        return 0.5 * math.erfc(-x / (sd * math.sqrt(2.0)))
    return luck if x == 0.0 else 1.0 if x > 0.0 else 0.0
