"""Distributions as plain numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Family = Literal[
    "constant",
    "exponential",
    "lognormal",
    "gamma",
    "weibull",
    "uniform",
    "shifted",
    "loglogistic",
    "mixture",
    "quantiles",
]


@dataclass(frozen=True)
class Distribution:
    """A distribution of seconds, or of a count: then a draw is rounded to a whole number of at least one.

    parameters, by family: constant value; exponential mean; lognormal median, sigma (sd of the logarithm); gamma mean,
    shape; weibull scale, shape; uniform low, high; shifted shift, median (shift and all), sigma: a lognormal after the
    shift; loglogistic median, shape above 2; mixture median, sigma, share, other_median, other_sigma: a share of
    another lognormal; quantiles p1, p5 and so on, at least two: joined as a lognormal joins its own.
    """

    family: Family
    parameters: Mapping[str, float]
