"""Mean and spreads of log times that are cut short by a limit, or of which some have not ended.

Restricted maximum likelihood takes times as they are: cut short, slow workers look like the others. So the mean, the
spread within and the spread between workers are climbed together, as of lognormal times, workers integrated out.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

from ..durations import ServiceTime
from .choose import blups
from .curvature import hessian, inverse
from .families import FAMILIES
from .marginal import MINIMIZE, Sample, centred, loss, spread_as

Floats = npt.NDArray[np.float64]

ROUNDS = 5
"""Of climbs, each with the nodes laid out where the one before came to."""

STILL = 2e-3
"""Move of all parameters below which the nodes are where they should be."""

LEAST = 0.02
"""Workers who differ by less are alike, since it is the logarithm of their spread that is climbed."""


def uncut(sample: Sample, found: ServiceTime) -> tuple[ServiceTime, float, float]:
    """(`found`, which has both spreads, as it would be had no time been cut short and had all ended; within; between).

    Intervals by the curvature of the likelihood; that of the mean is Student's on workers - 1 degrees of freedom.
    """
    assert found.within is not None
    assert found.between is not None
    point = np.array([found.mu[0], math.log(found.within[0]), math.log(max(found.between[0], 5 * LEAST))])
    for _ in range(ROUNDS):
        lost = _loss(sample, point)
        least = {"gtol": 1e-3 * len(sample.y) ** 0.5, "maxiter": 60}
        before, point = point, np.asarray(MINIMIZE(lost, point, method="BFGS", options=least).x)
        if float(np.abs(point - before).max()) < STILL:
            break
    error = np.sqrt(np.diag(inverse(hessian(_loss(sample, point), point))))
    student, normal = stats.t.ppf(0.975, max(found.workers - 1, 1)), stats.norm.ppf(0.975)
    half = error * np.array([student, normal, normal])
    mu, within, between = (
        (float(value), float(low), float(high))
        for value, low, high in zip(point, point - half, point + half, strict=True)
    )
    told = _raised(between) if between[0] > math.log(LEAST) else found.between  # the curve is flat below it
    effects = replace(found, mu=mu, within=_raised(within), between=told)
    return effects, math.exp(within[0]), math.exp(max(between[0], math.log(LEAST)))


def _raised(logs: tuple[float, float, float]) -> tuple[float, float, float]:
    value, low, high = logs
    return math.exp(value), math.exp(low), math.exp(high)


def _loss(sample: Sample, point: Floats) -> Callable[[Floats], float]:
    """Minus the log likelihood of (mean, log sd within, log sd between), nodes laid out for `point`."""
    family = FAMILIES["lognormal"]
    then = math.exp(max(point[2], math.log(LEAST)))
    laid_out: Any = replace(sample, between=then)
    effects = centred(family, laid_out, point[0], point[1:2], blups(laid_out, point[0], math.exp(point[1])))

    def lost(p: Floats) -> float:
        now = math.exp(min(max(p[2], math.log(LEAST)), 3.0))
        return loss(family, sample, spread_as(effects, now, then))(p[:2])

    return lost
