"""Distributions of the time that a task takes, as a scenario file writes them."""

from __future__ import annotations

from typing import Any

from pydantic import model_validator

from . import values
from .parts import Part, key


class Exponential(Part):
    """Exponential distribution."""

    mean: values.Seconds = key("Mean.", example="42 s")


class Lognormal(Part):
    """Lognormal distribution, by two of the four keys."""

    alternatives = (("median", "mean"), ("p95", "sigma"))

    median: values.Seconds | None = key("Median; or give the mean.", None, "42 s")
    mean: values.Seconds | None = key("Mean; or give the median.", None, "55 s")
    p95: values.Seconds | None = key("95% of the times are shorter; or give sigma.", None, "160 s")
    sigma: values.Sigma | None = key("Standard deviation of the logarithm.", None, "0.6")

    @model_validator(mode="after")
    def _complete(self) -> Any:
        if self.median is None and self.mean is None:
            raise ValueError("needs a median or a mean, but got neither. Write `median: 42 s`.")
        if self.p95 is None and self.sigma is None:
            raise ValueError("needs p95 or sigma, but got neither. Write `p95: 160 s` or `sigma: 0.6`.")
        middle, name = (self.median, "median") if self.median is not None else (self.mean, "mean")
        if self.p95 is not None and middle is not None:
            if self.p95 <= middle:
                raise ValueError(f"{name} < p95 must hold, but got {name} {middle:g} s and p95 {self.p95:g} s.")
            if name == "mean" and self.p95 / middle > LARGEST_P95_OVER_MEAN:
                rule = f"no lognormal has a p95 of more than {LARGEST_P95_OVER_MEAN:.2f} times its mean"
                raise ValueError(f"{rule}, but got {self.p95:g} s and {middle:g} s. Give its median instead.")
        return self


LARGEST_P95_OVER_MEAN = 3.868
"""exp(z^2 / 2) at z = 1.645: the largest ratio of a lognormal's 95th percentile to its mean."""


class Gamma(Part):
    """Gamma distribution."""

    mean: values.Seconds = key("Mean.", example="42 s")
    shape: values.Shape = key("Shape; the coefficient of variation is 1 / sqrt(shape).", example="2")


class Weibull(Part):
    """Weibull distribution."""

    scale: values.Seconds = key("Scale.", example="42 s")
    shape: values.Shape = key("Shape; 1 is the exponential.", example="1.5")


class Uniform(Part):
    """Uniform distribution."""

    low: values.SecondsOrNone = key("Shortest.", example="20 s")
    high: values.Seconds = key("Longest.", example="60 s")

    @model_validator(mode="after")
    def _ordered(self) -> Any:
        if self.low >= self.high:
            raise ValueError(f"low < high must hold, but got low {self.low:g} s and high {self.high:g} s.")
        return self


FAMILIES = ("constant", "exponential", "lognormal", "gamma", "weibull", "uniform")


class Time(Part):
    """Active time of one task: one distribution. `42 s` is short for `{constant: 42 s}`."""

    alternatives = (FAMILIES,)

    constant: values.Seconds | None = key("Always the same.", None, "42 s")
    exponential: Exponential | None = key("Exponential distribution.", None, "{mean: 42 s}")
    lognormal: Lognormal | None = key(
        "Lognormal distribution, what service times are like.", None, "{median: 42 s, p95: 160 s}"
    )
    gamma: Gamma | None = key("Gamma distribution.", None, "{mean: 42 s, shape: 2}")
    weibull: Weibull | None = key("Weibull distribution.", None, "{scale: 42 s, shape: 1.5}")
    uniform: Uniform | None = key("Uniform distribution.", None, "{low: 20 s, high: 60 s}")

    @model_validator(mode="after")
    def _one(self) -> Any:
        if not self.model_fields_set:
            raise ValueError(
                f"needs one of {', '.join(FAMILIES)}, but got none. Write `lognormal: {{median: 42 s, p95: 160 s}}`."
            )
        return self
