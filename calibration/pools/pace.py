"""How fast each pool's people are: practice, spread and mean of log time, each drawn towards that of all pools."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import optimize, special, stats

from ..service.fit import Timed
from ..service.practice import Practice, fit_practice
from ..service.thin import USUAL
from .together import Together, Z, together

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MEANS, SPREADS, EXPONENTS = 1.0, 0.5, 0.2
"""Scales of what pools may differ by: log times, log spreads, exponents of practice. Wide, so that they hold pools
together no more than the log does."""


@dataclass(frozen=True, eq=False)
class Pace:
    """Of each pool, by number.

    exponents: (value, low, high) of practice, None where it is not told.  law: practice of all pools.
    spread: (value, low, high) of the sd of workers' log times, None where workers' cannot be told from tasks'.
    means: log time of the typical worker's first task.  lent: shares of the whole in practice, spread and mean.
    workers, pages: how many.  within: sd of log time within workers.
    """

    exponents: list[tuple[float, float, float]] | None
    law: Practice | None
    spread: list[tuple[float, float, float]] | None
    means: Together
    lent: list[tuple[float, float, float]]
    workers: Ints
    pages: Ints
    within: float

    def factor(self, pool: int, main: int) -> tuple[float, float, float]:
        """Times of a pool by those of another, with the 95% interval."""
        value, low, high = self.means.apart(pool, main)
        return math.exp(value), math.exp(low), math.exp(high)


@dataclass(frozen=True, eq=False)
class People:
    """Workers with pages: pool of each, pages, mean log time, mean of log(1 + units before)."""

    pool: Ints
    n: Floats
    mean: Floats
    practised: Floats


def fit_pace(data: Timed, pool: Ints) -> Pace:
    """pool: of each worker of `data`, 0 .. pools - 1, of which each has at least one page that has ended."""
    ended = data if data.open is None else data.pick(~data.open)
    pools = int(pool.max()) + 1
    worker = np.unique(ended.worker, return_inverse=True)[1].astype(np.int64)
    of = pool[np.unique(ended.worker)]
    exponents, errors, law, by_law = _practice(ended.log_seconds, worker, ended.practised, of)
    steep = np.array([0.0] * pools if exponents is None else [one[0] for one in exponents])
    y = ended.log_seconds + steep[of[worker]] * ended.practised
    n = np.bincount(worker).astype(np.float64)
    people = People(of, n, np.bincount(worker, y) / n, np.bincount(worker, ended.practised) / n)
    left = len(y) - len(n)
    within2 = float(((y - people.mean[worker]) ** 2).sum()) / left if left else 0.0
    spread, by_spread, told = _spreads(people, within2)
    means = _means(people, spread, within2, errors)
    lent = [(by_law[j], by_spread[j], means.borrowed(j)) for j in range(pools)]
    told = told and left > 0 and within2 > 0
    count = np.bincount(of, minlength=pools), np.bincount(of[worker], minlength=pools)
    return Pace(exponents, law, spread if told else None, means, lent, *count, math.sqrt(within2))


def _practice(
    log_seconds: Floats, worker: Ints, practised: Floats, of: Ints
) -> tuple[list[tuple[float, float, float]] | None, Floats, Practice | None, list[float]]:
    """(exponents, their errors, practice of all, shares of the whole); untold where neither all nor a pool tells it."""
    law = fit_practice(log_seconds, worker, practised)
    found: list[Practice | None] = []
    for j in range(int(of.max()) + 1):
        mine = of[worker] == j
        codes = np.unique(worker[mine], return_inverse=True)[1].astype(np.int64)
        found.append(fit_practice(log_seconds[mine], codes, practised[mine]))
    pools = len(found)
    if law is None or not (law.told or any(_surely(one, pools) for one in found)):
        return None, np.zeros(pools), law, [0.0] * pools
    value = np.array([0.0 if one is None else one.exponent for one in found])
    error = np.array([math.inf if one is None else (one.high - one.low) / (2 * Z) for one in found])
    drawn = together(value, error, EXPONENTS)
    if drawn is None:  # people of no pool are enough to tell it, though those of all are
        half = (law.high - law.low) / (2 * Z)
        return [(law.exponent, law.low, law.high)] * pools, np.full(pools, half), law, [1.0] * pools
    out = [drawn.of(j) for j in range(pools)]
    errors = np.array([(high - low) / (2 * Z) for _, low, high in out])
    out = [(max(0.0, one), min(low, max(0.0, one)), max(high, 0.0)) for one, low, high in out]
    return out, errors, law, [drawn.borrowed(j) for j in range(pools)]


def _surely(one: Practice | None, of: int) -> bool:
    """Whether a pool tells practice when `of` are asked: with as small a chance that any does by luck (Bonferroni)."""
    if one is None:
        return False
    half = (one.exponent - one.low) * float(stats.norm.ppf(1 - 0.025 / of)) / Z
    return one.told and one.exponent > half


def _spreads(people: People, within2: float) -> tuple[list[tuple[float, float, float]], list[float], bool]:
    """Sd of workers' effects in each pool, shares of the whole, and whether any pool tells it.

    Squares of workers' means about their pool's, by what they would be with the spread of all, are chi-squared by its
    degrees of freedom; their logarithms are drawn together. Source: DerSimonian & Kacker, Random-effects model for
    meta-analysis of clinical trials: an update, 2007 (moment estimators with any weights).
    """
    pools = int(people.pool.max()) + 1
    whole2 = _whole(people, within2)
    weight = 1 / np.maximum(whole2 + within2 / people.n, 1e-12)
    ratio, error = np.zeros(pools), np.full(pools, math.inf)
    degrees = np.bincount(people.pool, minlength=pools) - 1
    for j in range(pools):
        if degrees[j] < 1:
            continue
        d = float(degrees[j])
        found = _squares(people.mean[people.pool == j], weight[people.pool == j]) / d
        least = float(stats.chi2.ppf(0.001, d)) / d  # of means that are all alike no logarithm can be taken
        ratio[j] = math.log(max(found, least)) - (float(special.digamma(d / 2)) - math.log(d / 2))
        error[j] = math.sqrt(float(special.polygamma(1, d / 2)))
    drawn = together(ratio, error, 2 * SPREADS)  # of variances, whose logarithms are twice those of spreads
    if drawn is None:
        return [(math.sqrt(whole2),) * 3] * pools, [1.0] * pools, False
    typical = float(np.mean(weight))
    out = []
    for j in range(pools):
        mine = weight[people.pool == j]
        scale = (mine.sum() - (mine**2).sum() / mine.sum()) / degrees[j] if degrees[j] > 0 else typical
        value, low, high = (math.sqrt(max(0.0, whole2 + (math.exp(one) - 1) / scale)) for one in drawn.of(j))
        out.append((value, low, high))
    return out, [drawn.borrowed(j) for j in range(pools)], True


def _whole(people: People, within2: float) -> float:
    """Variance of workers' effects within pools, all together; the usual where each pool has one worker only."""
    pools = len(np.unique(people.pool))
    degrees = len(people.n) - pools
    if degrees < 1:
        return USUAL**2

    def over(between2: float) -> float:
        weight = 1 / np.maximum(between2 + within2 / people.n, 1e-12)
        mine = (people.pool == j for j in range(int(people.pool.max()) + 1))
        return sum(_squares(people.mean[one], weight[one]) for one in mine) - degrees

    if over(0.0) <= 0:
        return 0.0
    return float(optimize.brentq(over, 0.0, 100.0, xtol=1e-8))


def _squares(mean: Floats, weight: Floats) -> float:
    """Weighted squares about the weighted mean."""
    return float((weight * (mean - (weight @ mean) / weight.sum()) ** 2).sum())


def _means(people: People, spread: list[tuple[float, float, float]], within2: float, of_practice: Floats) -> Together:
    pools = len(spread)
    value, error = np.zeros(pools), np.zeros(pools)
    for j in range(pools):
        mine = people.pool == j
        weight = 1 / np.maximum(spread[j][0] ** 2 + within2 / people.n[mine], 1e-12)
        value[j] = float(weight @ people.mean[mine]) / weight.sum()
        practised = float(weight @ people.practised[mine]) / weight.sum()
        error[j] = math.hypot(1 / math.sqrt(weight.sum()), practised * of_practice[j])
    found = together(value, error, MEANS, len(people.n) - pools)
    assert found is not None
    return found


def levelled(data: Timed, pool: Ints, pace: Pace, main: int) -> Timed:
    """`data` as if all people were as fast as those of the main pool: what the stage's time is fitted to. Where
    practice is told, each page as if it were its worker's first."""
    less = level(pace, pool[data.worker], data.practised, main)
    return replace(
        data,
        log_seconds=data.log_seconds + less,
        practised=data.practised if pace.exponents is None else np.zeros(len(less)),
        step=data.step * np.exp(less),
        limit=None if data.limit is None else data.limit + less,
    )


def level(pace: Pace, pool: Ints, practised: Floats, main: int) -> Floats:
    """What to add to log seconds of pages, by pool and log(1 + units before), so that they are as of the main pool's
    people and, where practice is told, of a first task."""
    less = -np.array([pace.means.apart(j, main)[0] for j in range(len(pace.lent))])[pool]
    if pace.exponents is not None:
        less = less + np.array([one[0] for one in pace.exponents])[pool] * practised
    return np.asarray(less)
