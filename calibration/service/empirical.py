"""The family without a formula: quantiles as they were seen, joined as a lognormal joins its own, with lognormal tails.

Between knots, and beyond them, log time is linear in the normal deviate of its probability, so that a lognormal is
given back as it is; the tails go on as the two outermost knots point.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import special

from .families import LEAST, ROOT, Family

Floats = npt.NDArray[np.float64]

PERCENTILES = (1, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 99)
"""Of the knots, those that a scenario can write."""

SHARES = tuple(percent / 100 for percent in PERCENTILES)

DEVIATES = special.ndtri(np.array(SHARES))

FLATTEST = 2e-3
"""Least rise of log time from knot to knot: equal quantiles would be a density without bound."""


def empirical(z: Floats, weights: Floats) -> tuple[float, Floats]:
    """(location, quantiles less location) of log times with weights; location is the median."""
    order = np.argsort(z)
    share = (np.cumsum(weights[order]) - 0.5 * weights[order]) / weights.sum()
    q = np.interp(SHARES, share, z[order])
    q = np.maximum.accumulate(q + FLATTEST * np.arange(len(q))) - FLATTEST * (len(q) // 2)
    middle = float(q[len(q) // 2])
    return middle, q - middle


def _logpdf(z: Floats, knots: Floats) -> Floats:
    slope = np.diff(DEVIATES) / np.diff(knots)
    place = np.clip(np.searchsorted(knots, z) - 1, 0, len(slope) - 1)
    t = DEVIATES[place] + slope[place] * (z - knots[place])
    return np.maximum(-0.5 * t * t - ROOT + np.log(slope[place]), LEAST)


def _cdf(z: Floats, knots: Floats) -> Floats:
    slope = np.diff(DEVIATES) / np.diff(knots)
    place = np.clip(np.searchsorted(knots, z) - 1, 0, len(slope) - 1)
    return np.asarray(special.ndtr(DEVIATES[place] + slope[place] * (z - knots[place])))


def _words(location: float, knots: Floats) -> dict[str, float]:
    return {f"p{p}": float(np.exp(location + q)) for p, q in zip(PERCENTILES, knots, strict=True)}


QUANTILES = Family("quantiles", _logpdf, _cdf, lambda knots: 0.0, (), _words)
