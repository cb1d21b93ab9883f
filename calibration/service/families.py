"""Families of service time, on the logarithm of time: z is log time less the family's own location.

All are families of scale, so that a worker who is slower by a factor is a shift of z. Each has free parameters on the
whole line, in which likelihoods are climbed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

Floats = npt.NDArray[np.float64]

ROOT = 0.5 * math.log(2 * math.pi)

AT, WEIGHT = np.polynomial.hermite_e.hermegauss(32)
WEIGHT = WEIGHT / WEIGHT.sum()

LEAST = -60.0
"""Log density where a family says never: finite, so that one page cannot end a climb."""


@dataclass(frozen=True)
class Family:
    """logpdf(z, free), cdf(z, free): of log time.  name: the scenario's word for it.

    centre(free): mean of z.  starts: where climbs begin, each as free parameters from the sd of log time.
    words(location, free): the family's parameters in the scenario's words, seconds where they have a unit.
    """

    name: str
    logpdf: Callable[[Floats, Floats], Floats]
    cdf: Callable[[Floats, Floats], Floats]
    centre: Callable[[Floats], float]
    starts: tuple[Callable[[float], Floats], ...]
    words: Callable[[float, Floats], dict[str, float]]


UNSIZED = frozenset({"sigma", "shape", "share", "other_sigma"})
"""Words whose values are no seconds."""


def in_seconds(family: str, word: str) -> bool:
    """Whether a word of a family has seconds; all quantiles have."""
    return family == "quantiles" or word not in UNSIZED


def sayable(family: str, words: Mapping[str, float]) -> bool:
    """Whether a scenario can say it: a variance, and no part that rounds to nothing."""
    if family == "loglogistic":
        return words["shape"] >= 2.01
    times = [value for name, value in words.items() if in_seconds(family, name)]
    return min(times) >= 0.001 and words.get("share", 0.5) >= 0.0001


def _normal_logpdf(t: Floats) -> Floats:
    return np.asarray(-0.5 * t * t - ROOT)


def _lognormal() -> Family:
    def logpdf(z: Floats, free: Floats) -> Floats:
        return np.asarray(_normal_logpdf(z * math.exp(-free[0])) - free[0])

    return Family(
        "lognormal",
        logpdf,
        lambda z, free: special.ndtr(z * math.exp(-free[0])),
        lambda free: 0.0,
        (lambda sd: np.array([math.log(sd)]),),
        lambda m, free: {"median": math.exp(m), "sigma": math.exp(free[0])},
    )


def _gamma() -> Family:
    def logpdf(z: Floats, free: Floats) -> Floats:
        k = math.exp(free[0])
        return np.asarray(k * (free[0] + z - np.exp(z)) - special.gammaln(k))

    return Family(
        "gamma",
        logpdf,
        lambda z, free: special.gammainc(math.exp(free[0]), np.exp(free[0] + z)),
        lambda free: float(special.digamma(math.exp(free[0]))) - float(free[0]),
        (lambda sd: np.array([-math.log(sd * sd)]),),
        lambda m, free: {"mean": math.exp(m), "shape": math.exp(free[0])},
    )


def _weibull() -> Family:
    def logpdf(z: Floats, free: Floats) -> Floats:
        t = math.exp(free[0]) * z
        return np.asarray(free[0] + t - np.exp(np.minimum(t, 600.0)))

    return Family(
        "weibull",
        logpdf,
        lambda z, free: -special.expm1(-np.exp(np.minimum(math.exp(free[0]) * z, 600.0))),
        lambda free: -float(np.euler_gamma) * math.exp(-free[0]),
        (lambda sd: np.array([math.log(math.pi / math.sqrt(6) / sd)]),),
        lambda m, free: {"scale": math.exp(m), "shape": math.exp(free[0])},
    )


def _loglogistic() -> Family:
    def logpdf(z: Floats, free: Floats) -> Floats:
        t = math.exp(free[0]) * z
        return np.asarray(free[0] + t - 2 * np.logaddexp(0.0, t))

    return Family(
        "loglogistic",
        logpdf,
        lambda z, free: special.expit(math.exp(free[0]) * z),
        lambda free: 0.0,
        (lambda sd: np.array([math.log(math.pi / math.sqrt(3) / sd)]),),
        lambda m, free: {"median": math.exp(m), "shape": math.exp(free[0])},
    )


def _shifted() -> Family:
    """exp(z) = c + (1 - c) exp(sigma Z): c is the share of the shift in the median."""

    def parts(z: Floats, free: Floats) -> tuple[Floats, Floats, float]:
        c = float(special.expit(free[1]))
        over = np.exp(np.minimum(z, 600.0)) - c
        return over, np.asarray(over > 0), c

    def logpdf(z: Floats, free: Floats) -> Floats:
        over, inside, c = parts(z, free)
        log_over = np.log(np.where(inside, over, 1.0))
        t = (log_over - math.log1p(-c)) * math.exp(-free[0])
        return np.where(inside, np.maximum(_normal_logpdf(t) - free[0] + z - log_over, LEAST), LEAST)

    def cdf(z: Floats, free: Floats) -> Floats:
        over, inside, c = parts(z, free)
        t = (np.log(np.where(inside, over, 1.0)) - math.log1p(-c)) * math.exp(-free[0])
        return np.where(inside, special.ndtr(t), 0.0)

    def centre(free: Floats) -> float:
        c = float(special.expit(free[1]))
        return float(np.logaddexp(math.log(c), math.log1p(-c) + math.exp(free[0]) * AT) @ WEIGHT)

    def words(m: float, free: Floats) -> dict[str, float]:
        c = float(special.expit(free[1]))
        return {"shift": c * math.exp(m), "median": math.exp(m), "sigma": math.exp(free[0])}

    return Family(
        "shifted",
        logpdf,
        cdf,
        centre,
        (lambda sd: np.array([math.log(1.3 * sd), -1.4]),),
        words,
    )


def _mixture() -> Family:
    """A share p of the tasks about N(d, s2) in place of N(0, s1): two kinds of work under one name."""

    def parts(free: Floats) -> tuple[float, float, float, float]:
        return float(special.expit(free[0])), float(free[1]), math.exp(free[2]), math.exp(free[3])

    def logpdf(z: Floats, free: Floats) -> Floats:
        p, d, s1, s2 = parts(free)
        one = (1 - p) / s1 * np.exp(_normal_logpdf(z / s1))
        other = p / s2 * np.exp(_normal_logpdf((z - d) / s2))
        return np.maximum(np.log(one + other + 1e-300), LEAST)

    def cdf(z: Floats, free: Floats) -> Floats:
        p, d, s1, s2 = parts(free)
        return np.asarray((1 - p) * special.ndtr(z / s1) + p * special.ndtr((z - d) / s2))

    def words(m: float, free: Floats) -> dict[str, float]:
        """The more frequent kind first, whichever of the two the climb called the other."""
        p, d, s1, s2 = parts(free)
        one, other = (math.exp(m), s1, 1 - p), (math.exp(m + d), s2, p)
        if p > 0.5:
            one, other = other, one
        return {
            "median": one[0], "sigma": one[1], "share": other[2], "other_median": other[0], "other_sigma": other[1],
        }  # fmt: skip

    return Family(
        "mixture",
        logpdf,
        cdf,
        lambda free: float(special.expit(free[0]) * free[1]),
        (
            lambda sd: np.array([-1.1, 0.5 * sd, math.log(0.8 * sd), math.log(1.5 * sd)]),
            lambda sd: np.array([-3.0, -3.0 * sd, math.log(0.9 * sd), math.log(sd)]),
        ),
        words,
    )


FAMILIES: dict[str, Family] = {
    one.name: one for one in (_lognormal(), _gamma(), _weibull(), _loglogistic(), _shifted(), _mixture())
}
"""In order of simplicity."""
