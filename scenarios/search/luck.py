"""What plans have in common: the same replications have the same luck, so that a plan with many tells how lucky the
first ones were, for all others too.

The mean of a plan over few replications is moved by what the longer plan's own mean moved after them, times the slope
of the one on the other: a control variate whose mean is known better than both.
Source: Lavenberg and Welch, A perspective on the use of control variables, Management Science 1981.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...sim.statistics import Floats

LEAST = 8
"""Replications of which a slope may be taken."""


@dataclass(frozen=True)
class Moved:
    """by: to be added to a plan's values.  factor: on the standard error of their mean."""

    by: float = 0.0
    factor: float = 1.0


def moved(own: Floats, longer: Sequence[Floats]) -> Moved:
    """How the mean of a plan is to be moved. own: float[n], its values by replication.  longer: those of plans with
    more, on the same luck; the one that goes with it best is taken."""
    n, best = own.size, Moved()
    if n < LEAST or not np.isfinite(own).all() or (spread := float(own.std())) == 0.0:
        return best
    for other in longer:
        head = other[:n]
        if other.size < 2 * n or not np.isfinite(other).all() or (width := float(head.std())) == 0.0:
            continue
        alike = float(np.mean((own - own.mean()) * (head - head.mean()))) / (spread * width)
        left = max(0.0, 1.0 - alike**2) * (n - 2) / (n - 3) + alike**2 * n / other.size
        if math.sqrt(left) < best.factor:
            slope = alike * spread / width
            best = Moved(slope * float(other.mean() - head.mean()), math.sqrt(left))
    return best
