"""Spreads of thin data, drawn towards what public logs of the same kind of work show, and saying so."""

from __future__ import annotations

import math

from scipy import stats

ENOUGH = 8
"""Degrees of freedom from which on a spread is taken as it is: its own error is below 25%."""

USUAL = 0.5
"""Middle of what public logs show: sd of log time within a worker 0.30-0.70, between workers 0.44-0.64."""

DOUBT = 0.5
"""Sd of the logarithm of a spread about USUAL: a team in one room may differ by half of what a crowd does."""


def drawn(found: tuple[float, float, float], degrees: int) -> tuple[float, float, float, str]:
    """(value, low, high, what was done): `found` as it is or, of few degrees of freedom, between it and the usual.

    The logarithm of a sample sd has variance 1 / (2 degrees), so that a normal prior on it has its share of the mean
    (empirical Bayes).
    """
    value, low, high = found
    if degrees >= ENOUGH or value <= 0:
        return value, low, high, ""
    variance = 1 / (2 * max(degrees, 1))
    weight = DOUBT**2 / (DOUBT**2 + variance)
    centre = weight * math.log(value) + (1 - weight) * math.log(USUAL)
    half = float(stats.norm.ppf(0.975)) * math.sqrt(weight * variance)
    note = f"; few data, so {1 - weight:.0%} of it is what public logs show ({USUAL:g})"
    return math.exp(centre), math.exp(centre - half), math.exp(centre + half), note
