"""Any distribution as a table of its quantiles, refined in both tails, that both engines look up.

One uniform through one table (inverse transform): every distribution takes the same path and draws are monotone, which
is what makes common random numbers work. A table has, for each tail, knots at v = 2^-(o+2) (1 + j / STEPS): octave o of
the tail probability, step j inside it; between knots the quantile is linear in v.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from . import composite
from .jit import jit
from .line import Distribution

OCTAVES = 52
STEPS = 32
ROW = STEPS + 1
LENGTH = 2 * OCTAVES * ROW

Floats = NDArray[np.float64]


def table(lower: Callable[[Floats], Any], upper: Callable[[Floats], Any]) -> Floats:
    """float64[LENGTH] from a distribution's quantile function `lower` and inverse survival function `upper`."""
    octave = np.ldexp(1.0, -np.arange(2, OCTAVES + 2))[:, None]
    knots = (octave * (1.0 + np.arange(ROW) / STEPS)).ravel()
    return np.concatenate([lower(knots), upper(knots)]).astype(np.float64)


def of_distribution(distribution: Distribution) -> Floats:
    """The table of a service time, in seconds."""
    p = distribution.parameters
    match distribution.family:
        case "constant":
            return np.full(LENGTH, float(p["value"]))
        case "exponential":
            return p["mean"] * table(lambda v: -special.log1p(-v), lambda v: -np.log(v))
        case "lognormal":
            sigma = p["sigma"]
            return p["median"] * table(
                lambda v: np.exp(sigma * special.ndtri(v)), lambda v: np.exp(-sigma * special.ndtri(v))
            )
        case "gamma":
            return p["mean"] / p["shape"] * gamma(p["shape"])
        case "weibull":
            power = 1.0 / p["shape"]
            return p["scale"] * table(lambda v: (-special.log1p(-v)) ** power, lambda v: (-np.log(v)) ** power)
        case "shifted":
            sigma = p["sigma"]
            return p["shift"] + (p["median"] - p["shift"]) * table(
                lambda v: np.exp(sigma * special.ndtri(v)), lambda v: np.exp(-sigma * special.ndtri(v))
            )
        case "loglogistic":
            power = 1.0 / p["shape"]
            return p["median"] * table(lambda v: (v / (1.0 - v)) ** power, lambda v: ((1.0 - v) / v) ** power)
        case "mixture":
            return table(lambda v: composite.mixture(p, v), lambda v: composite.mixture(p, v, upper=True))
        case "quantiles":
            return table(
                lambda v: composite.through(p, special.ndtri(v)), lambda v: composite.through(p, -special.ndtri(v))
            )
    assert distribution.family == "uniform", f"there is no family {distribution.family}"
    return p["low"] + (p["high"] - p["low"]) * table(lambda v: v, lambda v: 1.0 - v)


def mean(distribution: Distribution) -> float:
    """The mean of a service time, in seconds."""
    p = distribution.parameters
    match distribution.family:
        case "constant":
            return float(p["value"])
        case "lognormal":
            return p["median"] * math.exp(p["sigma"] ** 2 / 2)
        case "weibull":
            return p["scale"] * math.gamma(1.0 + 1.0 / p["shape"])
        case "uniform":
            return (p["low"] + p["high"]) / 2.0
        case "shifted":
            return p["shift"] + (p["median"] - p["shift"]) * math.exp(p["sigma"] ** 2 / 2)
        case "loglogistic":
            return p["median"] * composite.loglogistic_moment(1.0 / p["shape"])
        case "mixture":
            return composite.mixture_moments(p)[0]
        case "quantiles":
            return composite.through_moments(p)[0]
    return float(p["mean"])


def normal() -> Floats:
    """The table of the standard normal."""
    return table(special.ndtri, lambda v: -special.ndtri(v))


def exponential() -> Floats:
    """The table of the exponential with mean one."""
    return table(lambda v: -np.log1p(-v), lambda v: -np.log(v))


def gamma(shape: float) -> Floats:
    """The table of the gamma with scale one."""
    return table(lambda v: special.gammaincinv(shape, v), lambda v: special.gammainccinv(shape, v))


@jit
def quantile(table: Floats, u: float) -> float:
    """The quantile at u in (0, 1) of a table made by this room."""
    start = 0
    v = u
    if u > 0.5:
        start = OCTAVES * ROW
        v = 1.0 - u
    mantissa, exponent = math.frexp(v)
    if exponent > -1:  # v = 1/2 exactly: the last knot of the first octave
        mantissa, exponent = 1.0, -1
    place = (2.0 * mantissa - 1.0) * STEPS
    step = min(int(place), STEPS - 1)
    at = start + (-1 - exponent) * ROW + step
    return table[at] + (place - step) * (table[at + 1] - table[at])  # type: ignore[no-any-return]


@jit
def count(table: Floats, u: float) -> int:
    """The quantile at u of a count: rounded, halves up, and at least one; beyond 2^40 it is that."""
    drawn = quantile(table, u)
    return max(1, math.floor(drawn + 0.5)) if drawn < 1099511627776.0 else 1099511627776
