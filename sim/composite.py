"""Distributions that real times need: two kinds of work under one name, a curve through quantiles, the log-logistic.

Numpy and special functions alone: both the engines' tables and the quick estimates are made from them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]

HALVINGS = 64
"""Of the bracket of a mixture's quantile: to the last bit of its logarithm."""


def mixture(p: Mapping[str, float], v: Floats, upper: bool = False) -> Floats:
    """Quantiles at v of a mixture of two lognormals, `share` of it the other; `upper`: at 1 - v.

    Found by halving between the quantiles of its two parts, on the logarithm and, for the upper tail, by the survival
    function, so that neither tail loses its digits.
    """
    sign = -1.0 if upper else 1.0
    one, other = math.log(p["median"]), math.log(p["other_median"])
    z = sign * special.ndtri(v)
    first, second = one + p["sigma"] * z, other + p["other_sigma"] * z
    low, high = np.minimum(first, second), np.maximum(first, second)
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        below = (1.0 - p["share"]) * special.ndtr(sign * (middle - one) / p["sigma"])
        below += p["share"] * special.ndtr(sign * (middle - other) / p["other_sigma"])
        rises = below < v if not upper else below > v
        low, high = np.where(rises, middle, low), np.where(rises, high, middle)
    return np.exp((low + high) / 2.0)


def mixture_moments(p: Mapping[str, float]) -> tuple[float, float]:
    """(mean, mean square) of a mixture of two lognormals."""

    def moment(k: int) -> float:
        one = p["median"] ** k * math.exp((k * p["sigma"]) ** 2 / 2.0)
        other = p["other_median"] ** k * math.exp((k * p["other_sigma"]) ** 2 / 2.0)
        return (1.0 - p["share"]) * one + p["share"] * other

    return moment(1), moment(2)


def _points(p: Mapping[str, float]) -> tuple[Floats, Floats]:
    """Normal deviates of the given percentiles and the logarithms of their times, in order; `p5` is 5%."""
    shares = sorted((float(name[1:]) / 100.0, math.log(value)) for name, value in p.items())
    deviates = special.ndtri(np.array([share for share, _ in shares]))
    return np.asarray(deviates, np.float64), np.array([value for _, value in shares])


def through(p: Mapping[str, float], z: Floats) -> Floats:
    """Quantiles at normal deviates z of the curve through given quantiles.

    The logarithm is linear in the deviate from point to point and goes on so beyond the outermost two: a lognormal is
    given back as it is, and tails are lognormal.
    """
    deviates, logs = _points(p)
    slope = np.diff(logs) / np.diff(deviates)
    at = np.clip(np.searchsorted(deviates, z) - 1, 0, len(slope) - 1)
    return np.exp(logs[at] + slope[at] * (z - deviates[at]))


def through_moments(p: Mapping[str, float]) -> tuple[float, float]:
    """(mean, mean square) of the curve through given quantiles: a sum of pieces of lognormals."""
    deviates, logs = _points(p)
    slope = np.diff(logs) / np.diff(deviates)
    edges = np.concatenate([[-np.inf], deviates[1:-1], [np.inf]])

    def moment(k: int) -> float:
        b = k * slope
        a = k * (logs[:-1] - slope * deviates[:-1])
        return float((np.exp(a + b * b / 2.0) * (special.ndtr(edges[1:] - b) - special.ndtr(edges[:-1] - b))).sum())

    return moment(1), moment(2)


def loglogistic_moment(power: float) -> float:
    """The mean of X^k for a log-logistic X of median one, power = k / shape, which must be below 1."""
    return math.pi * power / math.sin(math.pi * power)
