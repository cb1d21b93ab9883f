"""Which of several systems is the best: replications are added until the choice keeps a promise made beforehand.

Systems share their luck (common random numbers), so they are judged in pairs, replication by replication. All functions
are of values by replication, where the same place is the same luck; they know no scenario and no KPI.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

Procedure = Literal["good", "kn"]
"""good: the choice is the best or within the zone of it, whatever the means are.  kn: it is the best where that is
ahead of all others by the zone at least; of other means nothing is promised."""

LINES = ((1, 3 / 4), (4, 1 / 16), (16, 1 / 16), (64, 1 / 16), (256, 1 / 16))
"""Of "good": b in halves of the zone, and the share of alpha that a line has. The first is for those that are near."""


@dataclass(frozen=True)
class Rule:
    """What is promised of a choice. zone: delta, the difference that does not matter, in the unit of the values.
    confidence: 1 - alpha.  first: replications before the first look, n0, of which alone variances are taken."""

    zone: float
    confidence: float = 0.95
    first: int = 30
    procedure: Procedure = "good"

    def __post_init__(self) -> None:
        assert 0 < self.zone < math.inf, "without a zone two equal systems are never told apart"
        assert 0.5 < self.confidence < 1
        assert self.first >= 2, "a variance needs two replications"


@dataclass(frozen=True)
class Dropped:
    """A system that fell out. at: replications of each when it did.  by: which of the others outdid it by most."""

    system: int
    by: int
    at: int


@dataclass(frozen=True)
class Selection:
    """What is known of systems by their places in the list.

    chosen: None where more replications are needed.  leader: the largest mean of those left.  left: those that have not
    fallen out; by "good" the best is among them with the rule's confidence, also where nothing is chosen yet.
    stage: replications of each of those left that were looked at.  behind: how far the mean of the leader may lie below
    the best of all, with the same confidence and also before the choice; NaN by "kn", which does not say.
    enough: at how many replications a choice is to be expected, if means stay as they are.
    """

    chosen: int | None
    leader: int
    left: tuple[int, ...]
    dropped: tuple[Dropped, ...]
    stage: int
    behind: float
    enough: int


def select(values: Sequence[ArrayLike], rule: Rule) -> Selection:
    """Looks at one replication after the other, from the first n0 on, until there is a choice or a value is lacking.

    values: float[R_i] by system, finite, the larger the better, at least n0 of each. Those of a system that has fallen
    out are not looked at any more, so what comes out of more values is what came out of fewer, or a choice later on.

    Both procedures hold lines against the differences of a pair: a / r + b at r replications, where a = lambda S^2 / 2
    b and S^2 is the variance of the first n0 differences. The leader is chosen once none that is left can be ahead of
    it by more than the zone, its mean difference from each being a / r + b less delta at least. By "kn" there is one
    line, of b = delta / 2, and a system falls out as soon as another is that far; so it may lose to one that is worse,
    and a third be chosen though the best was much better. By "good" it falls out only where it is surely not the best,
    a / r + b behind, by the nearest of several lines (LINES), as no single one is short both for those that are near
    and for those that are far. Its lambda is of the chance that a normal walk without drift ever crosses a line,
    exp(-lambda S^2 / sigma^2), over the law of S^2; that of "kn" of half of it, as its lines meet. Each chance is for k
    - 1 pairs at once, by Bonferroni's inequality, and holds for normal differences of any variances and correlations;
    nothing hangs on when or how often one looks.
    Source: Kim and Nelson, A fully sequential procedure for indifference-zone selection in simulation, ACM TOMACS 2001,
    with c = 1; on choices that are good but not the best, Eckman and Henderson, Fixed-confidence, fixed-tolerance
    guarantees for ranking-and-selection procedures, ACM TOMACS 2021; docs/decisions/146.
    """
    x = [np.asarray(one, np.float64) for one in values]
    assert x, "there is nothing to choose from"
    assert all(one.size >= rule.first and np.isfinite(one).all() for one in x)
    a, b = _lines(x, rule)
    sums = np.array([one[: rule.first].sum() for one in x])
    left, dropped, stage = np.arange(len(x)), list[Dropped](), rule.first
    while True:
        apart = (a[:, left[:, None], left] / stage + b).min(axis=0)
        means = sums[left] / stage
        limit = apart if rule.procedure == "good" else np.maximum(apart - rule.zone, 0.0)
        beyond = means - means[:, None] - limit  # of the row, behind the column
        falls = (beyond > 0).any(axis=1)
        if falls.any():
            dropped += [
                Dropped(int(left[one]), int(left[beyond[one].argmax()]), stage) for one in np.flatnonzero(falls)
            ]
            left, means, apart = left[~falls], means[~falls], apart[np.ix_(~falls, ~falls)]
        leader = int(means.argmax())
        behind = np.delete(apart[leader] + means - means[leader], leader)
        chosen = bool((behind <= rule.zone).all())
        if chosen or any(x[one].size <= stage for one in left):
            break
        sums[left] += [x[one][stage] for one in left]
        stage += 1
    best = int(left[leader])
    rivals = np.delete(left, leader)
    room = means[leader] - np.delete(means, leader) + rule.zone
    return Selection(
        best if chosen else None,
        best,
        tuple(left.tolist()),
        tuple(dropped),
        stage,
        float(behind.max(initial=0.0)) if rule.procedure == "good" else math.nan,
        max(stage, _enough(a[:, best, rivals], b[:, 0], room)),
    )


def _lines(x: Sequence[Floats], rule: Rule) -> tuple[Floats, Floats]:
    """a by line and pair, 0 where a system is paired with itself, float[lines, k, k]; b, float[lines, 1, 1]."""
    free, alpha = rule.first - 1, (1 - rule.confidence) / max(1, len(x) - 1)
    first = np.array([one[: rule.first] for one in x])
    variance = np.array([(first - one).var(axis=1, ddof=1) for one in first])
    halves, share = np.array([(1, 2.0)] if rule.procedure == "kn" else LINES).T[:, :, None, None]
    lam = free / 2 * ((share * alpha) ** (-2 / free) - 1)
    b = halves * rule.zone / 2
    return lam * variance / (2 * b), b


def _enough(a: Floats, b: Floats, room: Floats) -> int:
    """At how many replications the nearest line of each rival is within its room. a: float[lines, rivals]."""
    at = np.divide(a, room - b, out=np.full(a.shape, math.inf), where=room > b)
    return math.ceil(float(at.min(axis=0).max(initial=0.0)))
