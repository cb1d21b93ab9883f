"""What plans have in common: the same replications have the same luck, so that a plan with many tells how lucky the
first ones were, for all others too.

The mean of a plan over few replications is moved by what the longer plan's own mean moved after them, times the slope
of the one on the other: a control variate whose mean is known better than both.
What luck is left is much the same for all plans, so that many of them know no more of it than one.
Source: Lavenberg and Welch, A perspective on the use of control variables, Management Science 1981; for what plans have
in common, Chen, Ankenman and Nelson, The effects of common random numbers on stochastic kriging metamodels, ACM TOMACS
2012.
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
    """by: to be added to a plan's values.  factor: on the standard error of their mean.  shared: which part of that
    error, before the factor, all plans have in common."""

    by: float = 0.0
    factor: float = 1.0
    shared: float = 0.0


@dataclass(frozen=True, eq=False)
class Other:
    """Another plan. chosen: its values on the luck that plans share.  all_values: these and others, on luck of its own,
    by which its mean is known better."""

    chosen: Floats
    all_values: Floats


def moved(own: Floats, others: Sequence[Other]) -> Moved:
    """How the mean of a plan is to be moved. own: float[n], its values by replication.  others: of those with more, the
    one that goes with it best is taken."""
    n, best, common = own.size, Moved(), 0.0
    for other in others:
        size = min(n, other.chosen.size)
        head, known = other.chosen[:size], other.all_values
        alike = _alike(own[:size], head)
        common = max(common, alike)
        if size == n and known.size >= 2 * n and alike != 0.0 and np.isfinite(known).all():
            left = max(0.0, 1.0 - alike**2) * (n - 2) / (n - 3) + alike**2 * n / known.size
            if math.sqrt(left) < best.factor:
                slope = alike * float(own.std()) / float(head.std())
                shared = alike * math.sqrt(n / known.size)
                best = Moved(slope * float(known.mean() - head.mean()), math.sqrt(left), shared)
    return best if best.factor < 1.0 else Moved(shared=common)


def _alike(one: Floats, other: Floats) -> float:
    """Correlation; 0 where there are too few to tell it, or they do not differ, or have no end."""
    if one.size < LEAST or not (np.isfinite(one).all() and np.isfinite(other).all()):
        return 0.0
    spreads = float(one.std()) * float(other.std())
    return float(np.mean((one - one.mean()) * (other - other.mean()))) / spreads if spreads > 0.0 else 0.0
