"""Distributions as plain numbers."""

from __future__ import annotations

import math

from ...sim.line import Distribution
from ..times import Counting, Time

Z95 = 1.6448536269514722
"""The standard normal's 95th percentile."""

DIGITS = 12
"""Digits after the point of what is computed here, so that it is the same on every machine."""


def distribution(time: Time | Counting) -> Distribution:
    """The one distribution that is written."""
    if time.constant is not None:
        return Distribution("constant", {"value": time.constant})
    if time.exponential is not None:
        return Distribution("exponential", {"mean": time.exponential.mean})
    if time.gamma is not None:
        return Distribution("gamma", {"mean": time.gamma.mean, "shape": time.gamma.shape})
    if time.quantiles is not None:
        return Distribution("quantiles", {name: value for name, value in time.quantiles if value is not None})
    if isinstance(time, Time) and (found := _of_times(time)) is not None:
        return found
    if time.uniform is not None:
        return Distribution("uniform", {"low": time.uniform.low, "high": time.uniform.high})
    assert time.lognormal is not None
    return _lognormal(time.lognormal.median, time.lognormal.mean, time.lognormal.p95, time.lognormal.sigma)


def _of_times(time: Time) -> Distribution | None:
    """Of the families that times have and counts have not."""
    if time.weibull is not None:
        return Distribution("weibull", {"scale": time.weibull.scale, "shape": time.weibull.shape})
    for family in ("shifted", "loglogistic", "mixture"):
        part = getattr(time, family)
        if part is not None:
            return Distribution(family, dict(part))
    return None


def _lognormal(median: float | None, mean: float | None, p95: float | None, sigma: float | None) -> Distribution:
    """The lognormal of one of median and mean, and one of p95 and sigma.

    log median = log mean - sigma^2 / 2, and log p95 = log median + z sigma: of its two sigmas the smaller one.
    """
    if sigma is None:
        assert p95 is not None
        if median is not None:
            sigma = math.log(p95 / median) / Z95
        else:
            assert mean is not None
            sigma = Z95 - math.sqrt(max(0.0, Z95**2 - 2 * math.log(p95 / mean)))
    if median is None:
        assert mean is not None
        median = mean * math.exp(-(sigma**2) / 2)
    return Distribution("lognormal", {"median": round(median, DIGITS), "sigma": round(sigma, DIGITS)})
