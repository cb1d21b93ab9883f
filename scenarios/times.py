"""Distributions of the time that a task takes, and of counts, as a scenario file writes them."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Any, get_args

from pydantic import model_validator

from ..sim.line import Family
from . import values
from .parts import Part, Short, incomplete, key


class Exponential(Part):
    """Exponential distribution."""

    scales = ("mean",)

    mean: values.Seconds = key("Mean.", example="42 s")


class Lognormal(Part):
    """Lognormal distribution, by two of the four keys."""

    alternatives = (("median", "mean"), ("p95", "sigma"))
    scales = ("median", "mean", "p95")

    median: values.Seconds | None = key("Median; or give the mean.", None, "42 s")
    mean: values.Seconds | None = key("Mean; or give the median.", None, "55 s")
    p95: values.Seconds | None = key("95% of the times are shorter; or give sigma.", None, "160 s")
    sigma: values.Sigma | None = key("Standard deviation of the logarithm.", None, "0.6")

    @model_validator(mode="after")
    def _complete(self) -> Any:
        s = self._unit()
        if self.median is None and self.mean is None:
            raise ValueError(f"needs a median or a mean, but got neither. Write `median: 42{s}`.")
        if self.p95 is None and self.sigma is None:
            raise ValueError(f"needs p95 or sigma, but got neither. Write `p95: 160{s}` or `sigma: 0.6`.")
        middle, name = (self.median, "median") if self.median is not None else (self.mean, "mean")
        if self.p95 is not None and middle is not None:
            if self.p95 <= middle:
                raise ValueError(f"{name} < p95 must hold, but got {name} {middle:g}{s} and p95 {self.p95:g}{s}.")
            if name == "mean" and self.p95 / middle > LARGEST_P95_OVER_MEAN:
                rule = f"no lognormal has a p95 of more than {LARGEST_P95_OVER_MEAN:.2f} times its mean"
                raise ValueError(f"{rule}, but got {self.p95:g}{s} and {middle:g}{s}. Give its median instead.")
        return self

    def _unit(self) -> str:
        return " s"


LARGEST_P95_OVER_MEAN = 3.868
"""exp(z^2 / 2) at z = 1.645: the largest ratio of a lognormal's 95th percentile to its mean."""


class Gamma(Part):
    """Gamma distribution."""

    scales = ("mean",)

    mean: values.Seconds = key("Mean.", example="42 s")
    shape: values.Shape = key("Shape; the coefficient of variation is 1 / sqrt(shape).", example="2")


class Weibull(Part):
    """Weibull distribution."""

    scales = ("scale",)

    scale: values.Seconds = key("Scale.", example="42 s")
    shape: values.Shape = key("Shape; 1 is the exponential.", example="1.5")


class Uniform(Part):
    """Uniform distribution."""

    scales = ("low", "high")

    low: values.SecondsOrNone = key("Shortest.", example="20 s")
    high: values.Seconds = key("Longest.", example="60 s")

    @model_validator(mode="after")
    def _ordered(self) -> Any:
        if self.low >= self.high:
            raise ValueError(f"low < high must hold, but got low {self.low:g} s and high {self.high:g} s.")
        return self


class Shifted(Part):
    """A lognormal time after a shift that every task takes at least."""

    scales = ("shift", "median")

    shift: values.Seconds = key("What every task takes at least.", example="5 s")
    median: values.Seconds = key("Median, the shift and all.", example="42 s")
    sigma: values.Sigma = key("Standard deviation of the logarithm of what is above the shift.", example="0.6")

    @model_validator(mode="after")
    def _ordered(self) -> Any:
        if self.shift >= self.median:
            rule = f"shift < median must hold, but got shift {self.shift:g} s and median {self.median:g} s"
            raise ValueError(f"{rule}. The median has the shift in it.")
        return self


class Loglogistic(Part):
    """Log-logistic distribution: like a lognormal, with longer tails."""

    scales = ("median",)

    median: values.Seconds = key("Median.", example="42 s")
    shape: values.Steep = key("Shape, above 2: at 2 and below, times would have no variance.", example="3.5")


class Mixture(Part):
    """Two kinds of task under one name, each with a lognormal time."""

    scales = ("median", "other_median")

    median: values.Seconds = key("Median of the more frequent kind.", example="30 s")
    sigma: values.Sigma = key("Standard deviation of the logarithm of it.", example="0.4")
    share: values.Half = key("Share of the tasks that are of the other kind.", example="20%")
    other_median: values.Seconds = key("Median of the other kind.", example="90 s")
    other_sigma: values.Sigma = key("Standard deviation of the logarithm of it.", example="0.6")


PERCENTILES = (1, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 99)


def rising(part: Part, example: str, unit: str) -> None:
    """Refuses quantiles that do not rise, and fewer than two."""
    given = [(name, value) for name, value in part if value is not None]
    if len(given) < 2:
        raise incomplete(f"needs at least two quantiles. Write `{example}`.")
    for (lower, low), (upper, high) in pairwise(given):
        if low >= high:
            raise ValueError(f"{lower} < {upper} must hold, but got {lower} {low:g}{unit} and {upper} {high:g}{unit}.")


def _percentile(percent: int, example: str) -> Any:
    return key(f"{percent}% of the times are shorter.", None, example)


class Quantiles(Part):
    """A curve through given quantiles: between two, and beyond the outermost, it goes on as a lognormal does."""

    scales = tuple(f"p{percent}" for percent in PERCENTILES)

    p1: values.Seconds | None = _percentile(1, "5 s")
    p5: values.Seconds | None = _percentile(5, "9 s")
    p10: values.Seconds | None = _percentile(10, "13 s")
    p20: values.Seconds | None = _percentile(20, "20 s")
    p30: values.Seconds | None = _percentile(30, "26 s")
    p40: values.Seconds | None = _percentile(40, "33 s")
    p50: values.Seconds | None = _percentile(50, "42 s")
    p60: values.Seconds | None = _percentile(60, "52 s")
    p70: values.Seconds | None = _percentile(70, "65 s")
    p80: values.Seconds | None = _percentile(80, "85 s")
    p90: values.Seconds | None = _percentile(90, "130 s")
    p95: values.Seconds | None = _percentile(95, "190 s")
    p99: values.Seconds | None = _percentile(99, "400 s")

    @model_validator(mode="after")
    def _rising(self) -> Any:
        rising(self, "{p5: 9 s, p50: 42 s, p95: 190 s}", " s")
        return self


FAMILIES = get_args(Family)


class Time(Part):
    """Active time of one task: one distribution. `42 s` is short for `{constant: 42 s}`."""

    alternatives = (FAMILIES,)
    scales = FAMILIES

    constant: values.Seconds | None = key("Always the same.", None, "42 s")
    exponential: Exponential | None = key("Exponential distribution.", None, "{mean: 42 s}")
    lognormal: Lognormal | None = key(
        "Lognormal distribution, what service times are like.", None, "{median: 42 s, p95: 160 s}"
    )
    gamma: Gamma | None = key("Gamma distribution.", None, "{mean: 42 s, shape: 2}")
    weibull: Weibull | None = key("Weibull distribution.", None, "{scale: 42 s, shape: 1.5}")
    uniform: Uniform | None = key("Uniform distribution.", None, "{low: 20 s, high: 60 s}")
    shifted: Shifted | None = key(
        "Lognormal distribution after a shift.", None, "{shift: 5 s, median: 42 s, sigma: 0.6}"
    )
    loglogistic: Loglogistic | None = key("Log-logistic distribution.", None, "{median: 42 s, shape: 3.5}")
    mixture: Mixture | None = key(
        "Two kinds of task under one name.",
        None,
        "{median: 30 s, sigma: 0.4, share: 20%, other_median: 90 s, other_sigma: 0.6}",
    )
    quantiles: Quantiles | None = key("A curve through given quantiles.", None, "{p5: 9 s, p50: 42 s, p95: 190 s}")

    @model_validator(mode="after")
    def _one(self) -> Any:
        if not self.model_fields_set:
            raise incomplete(
                f"needs one of {', '.join(FAMILIES)}, but got none. Write `lognormal: {{median: 42 s, p95: 160 s}}`."
            )
        return self


class CountLognormal(Lognormal):
    """Lognormal distribution of a count, by two of the four keys."""

    median: values.Count | None = key("Median; or give the mean.", None, "12")
    mean: values.Count | None = key("Mean; or give the median.", None, "20")
    p95: values.Count | None = key("95% of the counts are lower; or give sigma.", None, "60")

    def _unit(self) -> str:
        return ""


class CountGamma(Part):
    """Gamma distribution of a count."""

    scales = ("mean",)

    mean: values.Count = key("Mean.", example="12")
    shape: values.Shape = key("Shape; the coefficient of variation is 1 / sqrt(shape).", example="2")


class CountExponential(Part):
    """Exponential distribution of a count."""

    scales = ("mean",)

    mean: values.Count = key("Mean.", example="12")


class CountUniform(Part):
    """Uniform distribution of a count."""

    scales = ("low", "high")

    low: values.Count = key("Lowest.", example="1")
    high: values.Count = key("Highest.", example="20")

    @model_validator(mode="after")
    def _ordered(self) -> Any:
        if self.low >= self.high:
            raise ValueError(f"low < high must hold, but got low {self.low:g} and high {self.high:g}.")
        return self


def _least(percent: int, example: str) -> Any:
    return key(f"{percent}% of the counts are smaller, before they are rounded.", None, example)


class CountQuantiles(Part):
    """A curve through given quantiles of a count; between two, and beyond the outermost, it goes on as a lognormal."""

    scales = tuple(f"p{percent}" for percent in PERCENTILES)

    p1: values.Count | None = _least(1, "1")
    p5: values.Count | None = _least(5, "2")
    p10: values.Count | None = _least(10, "3")
    p20: values.Count | None = _least(20, "5")
    p30: values.Count | None = _least(30, "7")
    p40: values.Count | None = _least(40, "9")
    p50: values.Count | None = _least(50, "12")
    p60: values.Count | None = _least(60, "18")
    p70: values.Count | None = _least(70, "26")
    p80: values.Count | None = _least(80, "40")
    p90: values.Count | None = _least(90, "66")
    p95: values.Count | None = _least(95, "90")
    p99: values.Count | None = _least(99, "150")

    @model_validator(mode="after")
    def _rising(self) -> Any:
        rising(self, "{p5: 2, p50: 12, p95: 90}", "")
        return self


COUNTS = ("constant", "exponential", "lognormal", "gamma", "uniform", "quantiles")


class Counting(Part):
    """A count: one distribution, rounded to a whole number of at least 1. `12` is short for `{constant: 12}`."""

    alternatives = (COUNTS,)
    scales = COUNTS

    constant: values.Count | None = key("Always the same.", None, "12")
    exponential: CountExponential | None = key("Exponential distribution.", None, "{mean: 12}")
    lognormal: CountLognormal | None = key("Lognormal distribution.", None, "{median: 12, p95: 90}")
    gamma: CountGamma | None = key("Gamma distribution.", None, "{mean: 12, shape: 2}")
    uniform: CountUniform | None = key("Uniform distribution.", None, "{low: 1, high: 20}")
    quantiles: CountQuantiles | None = key("A curve through given quantiles.", None, "{p5: 2, p50: 12, p95: 90}")

    @model_validator(mode="after")
    def _one(self) -> Any:
        if not self.model_fields_set:
            raise incomplete(
                f"needs one of {', '.join(COUNTS)}, but got none. Write `lognormal: {{median: 12, p95: 90}}`."
            )
        return self


StageTime = Annotated[Time, Short("constant", values.SECONDS_SCHEMA)]
Counts = Annotated[Counting, Short("constant", values.COUNT.schema())]
