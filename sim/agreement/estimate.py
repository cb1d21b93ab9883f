"""A measure of agreement with its interval, over units."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy import special

from ..statistics import wilson
from .counts import Floats

NO_SPREAD = 1e-12
"""Least standard error of a logarithm that is no rounding of zero."""


@dataclass(frozen=True)
class Estimate:
    """A measure of agreement.

    value, low..high: with its interval at `level`; None where it is not defined, and `note` says why.
    units, labels: how many units were compared, and how many labels these have.
    note: what a reader has to know of the value or the interval; "" for nothing.
    """

    value: float | None
    low: float | None
    high: float | None
    units: int
    labels: int
    level: float
    note: str = ""


@dataclass(frozen=True)
class Ratio:
    """1 - value, as a ratio of observed to expected disagreement.

    ratio: at least 0.  moves: by unit, the derivative of the ratio by the weight of the unit, all weights 1.
    worst: the ratio, if every unit disagreed as much as different labels by chance do.
    unseen: a further standard error, of what the moves of these units cannot show.
    """

    ratio: float
    moves: Floats
    worst: float
    unseen: float = 0.0


def undefined(note: str, level: float, units: int = 0, labels: int = 0) -> Estimate:
    """No value, and why."""
    return Estimate(None, None, None, units, labels, level, note)


def estimated(found: Ratio, units: int, labels: int, level: float, least: float = -math.inf) -> Estimate:
    """The measure 1 - ratio with its interval over units, which are taken to be drawn one by one.

    Infinitesimal jackknife of the logarithm of the ratio, with Student's quantile of units - 1 degrees of freedom:
    the logarithm, because a ratio cannot be below 0, and the spread of a measure near 1 is lopsided.  Where the units
    do not differ there is no spread to tell from: then a share of q of them may yet be otherwise, in full agreement or
    in none, q the upper end of Wilson's interval of none of so many units.
    units: that have a pair to compare, labels: of these.  least: of the measure.
    Source: Efron, The jackknife, the bootstrap and other resampling plans, SIAM 1982, section 6 (infinitesimal
    jackknife).  Gwet, Computing inter-rater reliability and its variance in the presence of high agreement, British
    Journal of Mathematical and Statistical Psychology 61 (2008) 29-48, has the same linear terms for kappa and AC1.
    """
    value = 1 - found.ratio
    error = 0.0
    if units > 1 and found.ratio > 0:
        moves = (found.moves - found.moves.mean()) / found.ratio
        error = math.hypot(math.sqrt(float(moves @ moves) * units / (units - 1)), found.unseen / found.ratio)
    if error > NO_SPREAD:
        half = float(special.stdtrit(units - 1, 0.5 + level / 2)) * error
        low, high = 1 - found.ratio * math.exp(min(half, 700.0)), 1 - found.ratio * math.exp(-half)
        note = ""
    else:
        hidden = wilson(0, units, level)[1]
        high = 1 - (1 - hidden) * found.ratio
        low = high - hidden * found.worst
        note = _alike(units, found.ratio)
    return Estimate(value, min(max(low, least), value), max(high, value), units, labels, level, note)


def _alike(units: int, ratio: float) -> str:
    if units == 1:
        return "one unit only: the interval allows for any other"
    alike = "all labels of a unit agree, in every unit" if ratio == 0 else "all units agree to the same degree"
    return f"{alike}: the interval allows for what {units} units can hide"
