"""Distributions as plain numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Family = Literal["constant", "exponential", "lognormal", "gamma", "weibull", "uniform"]


@dataclass(frozen=True)
class Distribution:
    """A distribution of seconds, or of a count: then a draw is rounded to a whole number of at least one.

    parameters, by family: constant value; exponential mean; lognormal median, sigma (sd of the logarithm); gamma mean,
    shape; weibull scale, shape; uniform low, high.
    """

    family: Family
    parameters: Mapping[str, float]
