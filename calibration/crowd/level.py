"""How strongly a crowd comes: a level that moves from batch to batch, and how far the next one may lie from it.

    level[b] = centre[b] + own,  own ~ N(0, tau^2);  centre[b + 1] = centre[b] + N(0, sigma^2)

Both spreads are estimated with the priors of public crowds, which lead only where there are few batches. Batches ahead
are told from the last centre, which may have moved AHEAD steps by then: it is not let run on without end.
Source: Harvey, Forecasting, Structural Time Series Models and the Kalman Filter, 1989, chapter 2 (local level).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize

Floats = npt.NDArray[np.float64]

USUAL_OWN, USUAL_STEP = 0.35, 0.15
"""Spreads of public crowds, of a batch about the centre and of the centre from batch to batch."""

OWN_SD, STEP_SD = 0.5, 0.7
"""How far those of one crowd may lie from them: sd of their logarithms."""

AHEAD = 4.0
"""Steps that the centre may have moved when the batches ahead are worked on."""

DIFFUSE = 1e4


@dataclass(frozen=True)
class Level:
    """centre, centre_sd: of the last batch seen, logarithms.  own, step: the two spreads.  batches: seen.
    own_interval: of `own`, 95%.  doubt: sd of the logarithm of ahead_sd, as far as both spreads are in doubt."""

    centre: float
    centre_sd: float
    own: float
    step: float
    batches: int
    own_interval: tuple[float, float]
    doubt: float = 0.0

    @property
    def ahead_sd(self) -> float:
        """Standard deviation of the level of a batch ahead."""
        return math.sqrt(self.centre_sd**2 + AHEAD * self.step**2 + self.own**2)

    @property
    def degrees(self) -> float:
        """Degrees of freedom of a variance whose root is as much in doubt as ahead_sd: the log of it has sd
        sqrt(1 / 2 degrees)."""
        return 0.5 / self.doubt**2 if self.doubt > 0 else math.inf

    def of_one_under_way(self, seen: float, variance: float) -> tuple[float, float]:
        """(mean, sd) of the level of a batch of which a part was seen: `seen`, with its variance."""
        before = self.ahead_sd**2
        weight = before / (before + variance)
        return self.centre + weight * (seen - self.centre), math.sqrt(before * (1.0 - weight))


def fit_level(seen: Floats, variance: Floats) -> Level:
    """The level of batches in the order in which they came. seen: at least one; variance: of each."""

    def cost(logs: Floats) -> float:
        own, step = math.exp(logs[0]), math.exp(logs[1])
        prior = ((logs[0] - math.log(USUAL_OWN)) / OWN_SD) ** 2 + ((logs[1] - math.log(USUAL_STEP)) / STEP_SD) ** 2
        return 0.5 * float(prior) - _filter(seen, variance, own**2, step**2)[2]

    start = np.log([USUAL_OWN, USUAL_STEP])
    best = optimize.minimize(cost, start, method="L-BFGS-B", bounds=[(-5.0, 2.0)] * 2)
    own, step = np.exp(best.x)
    centre, spread, _ = _filter(seen, variance, own**2, step**2)
    curvature = _curvature(lambda x: cost(np.array([x, best.x[1]])), float(best.x[0]))
    half = 1.96 / math.sqrt(max(curvature, 1.0 / OWN_SD**2))
    return Level(
        centre,
        math.sqrt(spread),
        float(own),
        float(step),
        len(seen),
        (float(own) * math.exp(-half), float(own) * math.exp(half)),
        _doubt(cost, best.x, spread),
    )


def _doubt(cost: Callable[[Floats], float], logs: Floats, centre: float) -> float:
    """Sd of the logarithm of ahead_sd: its derivatives by the logarithms of the spreads, and the inverse curvature
    there, no direction being less known than by the priors. centre: variance of the last one."""
    unit = 0.05 * np.eye(2)
    curved = np.empty((2, 2))
    for i in range(2):
        for j in range(2):
            a, b = unit[i], unit[j]
            value = cost(logs + a + b) - cost(logs + a - b) - cost(logs - a + b) + cost(logs - a - b)
            curved[i, j] = value / (4 * 0.05**2)
    values, vectors = np.linalg.eigh(curved)
    least = 1.0 / max(OWN_SD, STEP_SD) ** 2
    parts = np.array([1.0, AHEAD]) * np.exp(2 * logs)
    slope = vectors.T @ (parts / (parts.sum() + centre))
    return math.sqrt(float((slope**2 / np.maximum(values, least)).sum()))


def _filter(seen: Floats, variance: Floats, own2: float, step2: float) -> tuple[float, float, float]:
    """(last centre, its variance, log likelihood of all but the first)."""
    centre, spread, likelihood = float(seen[0]), DIFFUSE, 0.0
    for number, (value, noise) in enumerate(zip(seen.tolist(), variance.tolist(), strict=True)):
        if number:
            spread += step2
        total = spread + noise + own2
        if number:
            likelihood -= 0.5 * (math.log(total) + (value - centre) ** 2 / total)
        gain = spread / total
        centre += gain * (value - centre)
        spread *= 1.0 - gain
    return centre, spread, likelihood


def _curvature(function: Callable[[float], float], at: float, step: float = 0.05) -> float:
    return float((function(at + step) - 2 * function(at) + function(at - step)) / step**2)
