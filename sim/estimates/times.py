"""How long things take: moments of distributions, and the mean of the longest of several.

By numpy and special functions alone: what the engines use loads longer than an estimate takes.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from scipy import special

from .. import composite
from ..line import Distribution
from .network import Floats


def mean(distribution: Distribution) -> float:
    """The mean."""
    return _moments(distribution)[0]


def scv(distribution: Distribution) -> float:
    """Squared coefficient of variation."""
    return _moments(distribution)[1]


def _moments(distribution: Distribution) -> tuple[float, float]:
    p = distribution.parameters
    match distribution.family:
        case "constant":
            return float(p["value"]), 0.0
        case "exponential":
            return p["mean"], 1.0
        case "lognormal":
            return p["median"] * math.exp(p["sigma"] ** 2 / 2.0), math.expm1(p["sigma"] ** 2)
        case "gamma":
            return p["mean"], 1.0 / p["shape"]
        case "weibull":
            first, second = (math.gamma(1.0 + n / p["shape"]) for n in (1, 2))
            return p["scale"] * first, second / first**2 - 1.0
        case "uniform":
            middle = (p["low"] + p["high"]) / 2.0
            return middle, (p["high"] - p["low"]) ** 2 / (12.0 * middle**2)
        case "shifted":
            part = (p["median"] - p["shift"]) * math.exp(p["sigma"] ** 2 / 2.0)
            return p["shift"] + part, math.expm1(p["sigma"] ** 2) * (part / (p["shift"] + part)) ** 2
        case "loglogistic":
            first, second = (composite.loglogistic_moment(n / p["shape"]) for n in (1, 2))
            return p["median"] * first, second / first**2 - 1.0
        case "mixture":
            first, second = composite.mixture_moments(p)
            return first, second / first**2 - 1.0
        case "quantiles":
            first, second = composite.through_moments(p)
            return first, second / first**2 - 1.0


def count_moments(distribution: Distribution | None) -> tuple[float, float]:
    """(mean, squared coefficient of variation) of a count: drawn, rounded, at least one; None is one."""
    if distribution is None:
        return 1.0, 0.0
    u, _ = _knots(*_frozen(distribution))
    values = np.maximum(1.0, np.floor(quantiles(distribution, (u[1:] + u[:-1]) / 2.0) + 0.5))
    first = float(np.diff(u) @ values)
    return first, float(np.diff(u) @ values**2) / first**2 - 1.0


def longest(distribution: Distribution, of: int) -> float:
    """Mean of the longest of several draws, by the mean of one; 1 for one."""
    if of <= 1 or distribution.family == "constant":
        return 1.0
    u, values = _knots(*_frozen(distribution))
    weights = np.diff(u**of)
    top, one = (float(w @ (values[1:] + values[:-1])) for w in (weights, np.diff(u)))
    return top / one


def quantiles(distribution: Distribution, u: Floats) -> Floats:
    """The quantiles at u, each in (0, 1)."""
    p = distribution.parameters
    match distribution.family:
        case "constant":
            found = np.full(u.shape, p["value"])
        case "exponential":
            found = -p["mean"] * np.log1p(-u)
        case "lognormal":
            found = p["median"] * np.exp(p["sigma"] * special.ndtri(u))
        case "gamma":
            found = p["mean"] / p["shape"] * special.gammaincinv(p["shape"], u)
        case "weibull":
            found = p["scale"] * (-np.log1p(-u)) ** (1.0 / p["shape"])
        case "uniform":
            found = p["low"] + u * (p["high"] - p["low"])
        case "shifted":
            found = p["shift"] + (p["median"] - p["shift"]) * np.exp(p["sigma"] * special.ndtri(u))
        case "loglogistic":
            found = p["median"] * (u / (1.0 - u)) ** (1.0 / p["shape"])
        case "mixture":
            found = composite.mixture(p, u)
        case "quantiles":
            found = composite.through(p, special.ndtri(u))
    return np.asarray(found, np.float64)


_Parameters = tuple[tuple[str, float], ...]


def _frozen(distribution: Distribution) -> tuple[str, _Parameters]:
    return distribution.family, tuple(sorted(distribution.parameters.items()))


@lru_cache(maxsize=256)
def _knots(family: str, parameters: _Parameters) -> tuple[Floats, Floats]:
    """Probabilities, dense in both tails, and the quantiles there."""
    named: Mapping[str, float] = dict(parameters)
    tail = np.geomspace(1e-13, 1e-3, 300)
    u = np.concatenate([tail[:-1], np.linspace(1e-3, 1.0 - 1e-3, 4000), 1.0 - tail[-2::-1]])
    return u, quantiles(Distribution(family, named), u)  # type: ignore[arg-type]
