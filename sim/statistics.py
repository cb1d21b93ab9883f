"""Means with their intervals, percentiles, chances, and paired differences over replications."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Summary:
    """mean with its confidence interval low..high (error), and percentiles over replications (risk). NaN: withheld."""

    mean: float
    low: float
    high: float
    p5: float = math.nan
    p50: float = math.nan
    p80: float = math.nan
    p95: float = math.nan


def summarise(values: ArrayLike, level: float = 0.95) -> Summary:
    """Mean with its t interval, and percentiles, of one KPI over replications.

    values: float[R]. A NaN withholds everything; an infinity (never finished) withholds the mean, not the percentiles.
    With one replication there is no interval.  Percentiles are order statistics (inverted distribution function).
    Source of the interval: Law, Simulation Modeling and Analysis, section on terminating simulations.
    """
    x = np.asarray(values, np.float64)
    if x.size == 0 or np.isnan(x).any():
        return Summary(math.nan, math.nan, math.nan)
    p5, p50, p80, p95 = (float(np.quantile(x, q, method="inverted_cdf")) for q in (0.05, 0.5, 0.8, 0.95))
    if np.isinf(x).any():
        return Summary(math.nan, math.nan, math.nan, p5, p50, p80, p95)
    mean, half = _mean_and_half(x, level)
    return Summary(mean, mean - half, mean + half, p5, p50, p80, p95)


def band(values: ArrayLike, level: float) -> tuple[float, float]:
    """Order statistics between which one more value of the same kind lies with that chance at least; infinite where
    there are too few values for that.

    values: float[R].  Source: Wilks, Determination of sample sizes for setting tolerance limits, Annals of Mathematical
    Statistics 1941.
    """
    ranked = np.sort(np.asarray(values, np.float64))
    below = int((1.0 - level) / 2.0 * (ranked.size + 1) + 1e-9)
    return (float(ranked[below - 1]), float(ranked[ranked.size - below])) if below else (-math.inf, math.inf)


def percentile_interval(values: ArrayLike, share: float, level: float = 0.95) -> tuple[float, float]:
    """Order statistics between which the share-quantile lies, whatever the distribution; infinite on a side where there
    are too few values. An amount lies between them where Wilson's interval of the chance to stay below it holds the
    share, so that what is told of a percentile and of a chance is one.

    values: float[R].  Source: David & Nagaraja, Order Statistics, 3rd ed. 2003, section 7.1, with the score test.
    """
    ranked = np.sort(np.asarray(values, np.float64))
    middle = ranked.size * share
    half = float(special.ndtri(0.5 + level / 2)) * math.sqrt(middle * (1.0 - share))
    low, high = math.ceil(middle - half - 1e-9), math.floor(middle + half + 1e-9)
    return float(ranked[low - 1]) if low > 0 else -math.inf, float(ranked[high]) if high < ranked.size else math.inf


def wilson(successes: int, trials: int, level: float = 0.95) -> tuple[float, float]:
    """Wilson's score interval of a chance: never empty, and 0 of 20 does not say 0.

    Source: Wilson, Probable inference, the law of succession, and statistical inference, JASA 1927.
    """
    if trials == 0:
        return 0.0, 1.0
    z = float(special.ndtri(0.5 + level / 2))
    p = successes / trials
    middle = p + z * z / (2 * trials)
    half = z * math.sqrt(p * (1 - p) / trials + z * z / (4 * trials * trials))
    scale = 1 + z * z / trials
    low = 0.0 if successes == 0 else (middle - half) / scale
    high = 1.0 if successes == trials else (middle + half) / scale
    return low, high


def coverage(hits: int, trials: int, level: float = 0.99) -> Summary:
    """Share of intervals that hold the truth, as its mean, with the exact interval of the chance that one does.

    hits: how many of `trials` intervals, each from replications of its own, contain the true value.  The intervals keep
    their promise of 95% unless 0.95 lies outside low..high, which happens to honest ones with chance 1 - level at most.
    Source: Clopper and Pearson, The use of confidence or fiducial limits, Biometrika 1934.
    """
    assert 0 <= hits <= trials, "no more intervals hold the truth than there are"
    if trials == 0:
        return Summary(math.nan, 0.0, 1.0)
    tail, misses = (1 - level) / 2, trials - hits
    low = float(special.betaincinv(hits, misses + 1, tail)) if hits else 0.0
    high = float(special.betaincinv(hits + 1, misses, 1 - tail)) if misses else 1.0
    return Summary(hits / trials, low, high)


@dataclass(frozen=True)
class Difference:
    """Mean of a - b over pairs with its interval, and the chance of one at least as large if there were none."""

    mean: float
    low: float
    high: float
    p_value: float


def paired(a: ArrayLike, b: ArrayLike, level: float = 0.95) -> Difference:
    """The paired-t difference of two KPIs on common random numbers; a, b: float[R], R pairs.

    NaN or an infinity in either withholds it.  Without any spread the p-value is 1 where the difference is zero, else
    0.  With one pair there is neither interval nor p-value.
    Source: Student, The probable error of a mean, Biometrika 1908; Law, section on paired-t intervals.
    """
    x, y = np.asarray(a, np.float64), np.asarray(b, np.float64)
    assert x.shape == y.shape, "pairs need a partner each"
    if x.size == 0 or not (np.isfinite(x) & np.isfinite(y)).all():
        return Difference(math.nan, math.nan, math.nan, math.nan)
    d = x - y
    mean, half = _mean_and_half(d, level)
    if d.size == 1:
        return Difference(mean, math.nan, math.nan, math.nan)
    if half == 0.0:
        return Difference(mean, mean, mean, 1.0 if mean == 0.0 else 0.0)
    error = float(d.std(ddof=1)) / math.sqrt(d.size)
    p = 2 * float(special.stdtr(d.size - 1, -abs(mean) / error))
    return Difference(mean, mean - half, mean + half, p)


def holm(p_values: Sequence[float]) -> list[float]:
    """p-values adjusted so that the chance of any false alarm among them stays below the level; NaN stays NaN.

    Source: Holm, A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 1979.
    """
    known = sorted((p, place) for place, p in enumerate(p_values) if not math.isnan(p))
    adjusted = [math.nan] * len(p_values)
    highest = 0.0
    for rank, (p, place) in enumerate(known):
        highest = max(highest, min(1.0, p * (len(known) - rank)))
        adjusted[place] = highest
    return adjusted


def _mean_and_half(x: Floats, level: float) -> tuple[float, float]:
    mean = float(x.mean())
    if x.size == 1:
        return mean, math.nan
    if (x == x[0]).all():
        return float(x[0]), 0.0  # the rounded mean of equal numbers may differ from them, and so fake a spread
    half = float(special.stdtrit(x.size - 1, 0.5 + level / 2)) * float(x.std(ddof=1)) / math.sqrt(x.size)
    return mean, half
