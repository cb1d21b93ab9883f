"""Reviews by risk: labels with the highest score are reviewed, as many as the stated share says.

A score is N(0, 1) for a right label and N(d, 1) for a wrong one, d = sqrt(2) Phi^-1(AUC): the binormal model with equal
variances, in which a wrong label scores higher than a right one with chance AUC. Whoever reviews sees scores and not
the truth, so the bar cannot be worked out from the share of wrong labels. It is learnt: it begins where it belongs if
all labels were right, and each score moves it, up by GAIN d (1 - f) when it is above and down by GAIN d f when not, f
being the share to be reviewed (Robbins and Monro). So, exactly,
    reviewed - sum(f) = (bar now - bar at first) / (GAIN d).
Sources: Robbins and Monro, A stochastic approximation method, 1951; Hanley and McNeil, The meaning and use of the area
under a ROC curve, Radiology 1982.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy import special

from .jit import jit
from .quantiles import quantile

Floats = NDArray[np.float64]

GAIN = 0.05
"""By which share of d a label moves the bar: the share reviewed settles within about 1 / GAIN labels."""


def distance(auc: float) -> float:
    """d, by which scores of wrong labels are higher on average; 0.0 for scores that tell nothing (auc 0.5)."""
    return math.sqrt(2.0) * float(special.ndtri(auc))


@jit
def above(luck: float, lift: float, fraction: float, raised: float, normal: Floats) -> bool:
    """Whether a score is above the bar of its fraction. luck: uniform; the score is -quantile(luck) + lift.

    lift: distance for a label whose error the score tells of, else 0.  raised: by how much the bar is above that of
    labels that are all right.  Where both are 0, this is luck < fraction.
    """
    if fraction >= 1.0:
        return True
    if fraction <= 0.0:
        return False
    if lift == 0.0 and raised == 0.0:
        return luck < fraction
    return lift - quantile(normal, luck) > raised - quantile(normal, fraction)


@jit
def moved(raised: float, distance: float, fraction: float, chosen: bool) -> float:
    """By how much the bar is raised after a score; not moved by what is reviewed, or passes, whatever its score."""
    if fraction >= 1.0 or fraction <= 0.0:
        return raised
    return raised + GAIN * distance * ((1.0 if chosen else 0.0) - fraction)
