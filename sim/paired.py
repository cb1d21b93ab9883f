"""What can be claimed of scenarios on common random numbers: differences of a family, chances in pairs, the best.

All are functions of values by replication, where the same place is the same luck. They know no scenario and no KPI.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .statistics import Difference, holm, paired, wilson

K = TypeVar("K", bound=Hashable)

WITHHELD = Difference(math.nan, math.nan, math.nan, math.nan)


def difference(a: ArrayLike, b: ArrayLike, level: float = 0.95, first: int | None = None) -> Difference:
    """The paired difference a - b; where replications were added until it was precise, with an interval that holds at
    its level all the same.

    a, b: float[R].  first: replications before the first look at the precision, None where their number was fixed.
    The interval is the wider of Student's over all R and of one that takes the variance of the first alone, with their
    degrees of freedom. How many replications are added hangs on variances; the mean of R normal differences is
    independent of those, so the second interval holds at exactly its level whatever rule stops, and the wider at least
    as often. A rule that also looks at variances found later cannot make it narrower.
    Source: Stein, A two-sample test for a linear hypothesis whose power is independent of the variance, Annals of
    Mathematical Statistics 1945; the rest as paired().
    """
    found = paired(a, b, level)
    if first is None or math.isnan(found.mean):
        return found
    d = np.asarray(a, np.float64) - np.asarray(b, np.float64)
    if d.size <= first:
        return found
    assert first >= 2, "an interval needs two replications"
    error = float(d[:first].std(ddof=1)) / math.sqrt(d.size)
    half = float(special.stdtrit(first - 1, 0.5 + level / 2)) * error
    if (d[:first] == d[0]).all() or half <= found.high - found.mean:
        return found
    p = 2 * float(special.stdtr(first - 1, -abs(found.mean) / error))
    return Difference(found.mean, found.mean - half, found.mean + half, max(p, found.p_value))


@dataclass(frozen=True)
class Claim:
    """A difference among others.

    difference: with its own interval.  adjusted_p: after Holm's correction over the family.  low..high: its interval
    where all of the family are to hold at once.  differs: claimed, in its direction.
    """

    difference: Difference
    adjusted_p: float
    low: float
    high: float
    differs: bool


def family(
    pairs: Mapping[K, tuple[ArrayLike, ArrayLike]], level: float = 0.95, alarm: float = 0.05, first: int | None = None
) -> dict[K, Claim]:
    """Each difference a - b of a family of which no false one is claimed but with chance `alarm` at most.

    pairs: values float[R] of either.  A difference that is withheld (NaN) is none of the family.
    Claims follow Holm's step-down test. The intervals low..high are Bonferroni's, all of which hold at once with chance
    1 - alarm: those that fit Holm's steps would say no more than a direction of most that are claimed.  Neither asks
    that differences be independent.
    Source: Holm 1979; Strassburger and Bretz, Compatible simultaneous lower confidence bounds for the Holm procedure,
    Statistics in Medicine 2008.
    """
    found = {key: difference(a, b, level, first) for key, (a, b) in pairs.items()}
    adjusted = holm([each.p_value for each in found.values()])
    tests = sum(not math.isnan(each.p_value) for each in found.values())
    claims = {}
    for (key, own), p in zip(found.items(), adjusted, strict=True):
        all_at_once = difference(*pairs[key], 1 - alarm / max(1, tests), first)
        claims[key] = Claim(own, p, all_at_once.low, all_at_once.high, bool(p < alarm))
    return claims


def paired_chance(a: ArrayLike, b: ArrayLike, level: float = 0.95) -> Difference:
    """Difference of two chances, of events that share their luck, with a score interval and McNemar's exact p-value.

    a, b: bool[R].  Without a run in which they part the difference is 0, and the interval still has a width: that none
    was seen in R runs does not say that there are none.
    Source: Newcombe, Improved confidence intervals for the difference between binomial proportions based on paired
    data, Statistics in Medicine 1998, method 10; McNemar, Psychometrika 1947.
    """
    x, y = np.asarray(a, np.bool_), np.asarray(b, np.bool_)
    assert x.shape == y.shape, "pairs need a partner each"
    if x.size == 0:
        return WITHHELD
    both, only_a, only_b = (int(which.sum()) for which in (x & y, x & ~y, ~x & y))
    neither = x.size - both - only_a - only_b
    p, q = (both + only_a) / x.size, (both + only_b) / x.size
    (p_low, p_high), (q_low, q_high) = (wilson(both + only, x.size, level) for only in (only_a, only_b))
    phi = _phi(both, only_a, only_b, neither)
    below = _square_and_add(p - p_low, q_high - q, phi)
    above = _square_and_add(p_high - p, q - q_low, phi)
    parted, fewer = only_a + only_b, min(only_a, only_b)
    tail = float(special.bdtr(fewer, parted, 0.5)) if parted else 1.0
    return Difference((only_a - only_b) / x.size, p - q - below, p - q + above, min(1.0, 2 * tail))


def _phi(both: int, only_a: int, only_b: int, neither: int) -> float:
    """Correlation of two events, drawn towards none where it is positive (Newcombe's correction for continuity)."""
    margins = (both + only_a) * (only_b + neither) * (both + only_b) * (only_a + neither)
    if margins == 0:
        return 0.0
    cross = float(both * neither - only_a * only_b)
    if cross > 0:
        cross = max(cross - (both + only_a + only_b + neither) / 2, 0.0)
    return cross / math.sqrt(margins)


def _square_and_add(u: float, v: float, phi: float) -> float:
    return math.sqrt(max(0.0, u * u - 2 * phi * u * v + v * v))


@dataclass(frozen=True)
class Best:
    """A scenario held against the best of all others: its mean less theirs, low..high; among: it may be the best.

    A scenario is surely the best where low is 0 and no other is among; surely not where it is not among.
    """

    low: float
    high: float
    among: bool


def with_the_best(values: Sequence[ArrayLike], level: float = 0.95, first: int | None = None) -> list[Best]:
    """Each scenario against the best of the others, the best being the one with the largest mean.

    values: float[R] by scenario, two or more, all finite.  With chance `level` all intervals hold at once, and so the
    true best is among those told to be.  Intervals are Hsu's constrained ones: they say how far behind, or ahead, a
    scenario may be, and stop at 0.  Variances of pairs may differ; Bonferroni's inequality stands for their joint law.
    Source: Hsu, Multiple Comparisons, 1996, on comparison with the best; Nakayama, Multiple-comparison procedures for
    steady-state simulations, Annals of Statistics 1997, on common random numbers.
    """
    count = len(values)
    assert count >= 2, "there is no other"
    arrays = [np.asarray(one, np.float64) for one in values]
    sided = 1 - 2 * (1 - level) / (count - 1)
    low, high = np.full((count, count), np.inf), np.full((count, count), np.inf)
    for i in range(count):
        for j in range(count):
            if i != j:
                found = difference(arrays[i], arrays[j], sided, first)
                low[i, j], high[i, j] = found.low, found.high
    return _constrained(low, high)


def _constrained(low: NDArray[np.float64], high: NDArray[np.float64]) -> list[Best]:
    """low, high: of i less j, infinite on the diagonal."""
    ahead = high.min(axis=1)
    among = ahead >= 0
    found = []
    for i in range(len(low)):
        rivals = [j for j in range(len(low)) if among[j] and j != i]
        behind = min((float(low[i, j]) for j in rivals), default=0.0)
        found.append(Best(min(behind, 0.0), max(float(ahead[i]), 0.0), bool(among[i])))
    return found
