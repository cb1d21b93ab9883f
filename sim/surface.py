"""A response surface: what is measured at some plans, with its error, foretells the others.

A Gaussian process: a line in what theory foretells, one in features of which something is known (waits of queueing
theory, sizes of pools) and, for what they do not explain, a smooth function of the plan. Its few scales are those of a
grid under which what was measured is most likely, so that the same measurements always give the same surface.
Source: Rasmussen and Williams, Gaussian Processes for Machine Learning, 2006, sections 2.7 and 5.4; noise that differs
by point as in Ankenman, Nelson and Staum, Stochastic kriging, Operations Research 2010.
"""

from __future__ import annotations

import itertools
import math
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lapack, solve_triangular
from threadpoolctl import ThreadpoolController

Floats = NDArray[np.float64]

LINEAR = (0.1, 0.3, 1.0, 3.0)
"""Prior standard deviations of what a feature explains by its own standard deviation, in those of what is measured."""

ROUGH = (0.02, 0.1, 0.4, 1.0)
"""Those of what features do not explain and is smooth."""

LENGTHS = (0.4, 1.0, 2.5)
"""Distances over which it is alike, by the root of the number of coordinates."""

NUGGETS = (0.002, 0.05)
"""Standard deviations of what neither explains."""

TREND = 1.0
"""Prior standard deviation of what a trend explains by its own standard deviation."""

WIDE = 100.0
"""Prior variance of the level."""


@dataclass(frozen=True, eq=False)
class Points:
    """Plans. features: float[n, p], standardised.  at: float[n, q], coordinates, each from 0 to 1.  trend: float[n, t],
    standardised, what is foretold of what is measured."""

    features: Floats
    at: Floats
    trend: Floats

    def __len__(self) -> int:
        return len(self.features)


@dataclass(frozen=True)
class Scales:
    """Prior standard deviations, in those of what is measured, and the length of what is smooth."""

    linear: float
    rough: float
    length: float
    nugget: float

    def covariance(self, one: Points, other: Points) -> Floats:
        """float[n, m], without the nugget."""
        smooth = _smooth(_squares(one.at, other.at), self.length)
        found: Floats = _trend(one, other) + self.linear**2 * (one.features @ other.features.T) + self.rough**2 * smooth
        return found

    def variance(self, one: Points) -> Floats:
        """float[n], without the nugget."""
        found: Floats = (
            WIDE
            + TREND**2 * (one.trend**2).sum(axis=1)
            + self.linear**2 * (one.features**2).sum(axis=1)
            + self.rough**2
        )
        return found


@dataclass(frozen=True, eq=False)
class Surface:
    """What measurements foretell. scales: those taken.  log_likelihood: of what was measured, under them."""

    points: Points
    scales: Scales
    log_likelihood: float
    level: float
    unit: float
    factor: Floats
    weights: Floats

    def at(self, points: Points) -> tuple[Floats, Floats]:
        """(mean, standard deviation) at each point, float[m] each, of the true value there."""
        with _one_thread():
            across = self.scales.covariance(points, self.points)
            mean = across @ self.weights
            seen = solve_triangular(self.factor, across.T, lower=True, check_finite=False)
        left = self.scales.variance(points) + self.scales.nugget**2 - (seen**2).sum(axis=0)
        return self.level + self.unit * mean, self.unit * np.sqrt(np.maximum(left, 1e-12))


def surface(points: Points, measured: Floats, errors: Floats, shared: Floats | None = None) -> Surface:
    """The surface through what was measured.

    measured: float[n], finite.  errors: float[n], standard errors of them; 0 where there is none.  shared: float[n],
    besides, those of one cause that moves all at once.
    """
    with _one_thread():
        return _likeliest(points, measured, errors, shared)


def _one_thread() -> AbstractContextManager[object]:
    """Linear algebra in one thread: in several, sums are cut by how many there are, and the last digits hang on that;
    and these matrices are too small to gain by it."""
    limit: AbstractContextManager[object] = _libraries().limit(limits=1, user_api="blas")
    return limit


@cache
def _libraries() -> ThreadpoolController:
    return ThreadpoolController()


def _likeliest(points: Points, measured: Floats, errors: Floats, shared: Floats | None) -> Surface:
    assert len(points) == measured.size == errors.size >= 1
    level = float(np.average(measured, weights=1.0 / (errors**2 + measured.var() + 1e-12)))
    unit = max(float(np.sqrt(np.mean((measured - level) ** 2))), 1e-9 * max(1.0, abs(level)))
    y, noise = (measured - level) / unit, (errors / unit) ** 2
    root = math.sqrt(points.at.shape[1])
    fixed, lines, apart = _trend(points, points), points.features @ points.features.T, _squares(points.at, points.at)
    fixed[np.diag_indices_from(fixed)] += noise
    if shared is not None:
        fixed += np.outer(shared, shared) / unit**2
    best: Surface | None = None
    for length in LENGTHS:
        smooth = _smooth(apart, length * root)
        for linear, rough in itertools.product(LINEAR, ROUGH):
            alike = fixed + linear**2 * lines + rough**2 * smooth
            for nugget in NUGGETS:
                matrix = alike + nugget**2 * np.eye(y.size)
                factor, failed = lapack.dpotrf(matrix, lower=1, overwrite_a=1)
                assert not failed, "a covariance with a nugget has a root"
                weights, _ = lapack.dpotrs(factor, y, lower=1)
                likelihood = -0.5 * float(y @ weights) - float(np.log(np.diag(factor)).sum())
                if best is None or likelihood > best.log_likelihood:
                    scales = Scales(linear, rough, length * root, nugget)
                    best = Surface(points, scales, likelihood, level, unit, factor, weights)
    assert best is not None
    return best


def _trend(one: Points, other: Points) -> Floats:
    found: Floats = WIDE + TREND**2 * (one.trend @ other.trend.T)
    return found


def _smooth(squares: Floats, length: float) -> Floats:
    """Matern's covariance, 5/2."""
    root = math.sqrt(5.0) * np.sqrt(np.maximum(squares, 0.0)) / length
    found: Floats = (1.0 + root + root**2 / 3.0) * np.exp(-root)
    return found


def _squares(one: Floats, other: Floats) -> Floats:
    """Squared distances, float[n, m]."""
    found: Floats = (one**2).sum(axis=1)[:, None] + (other**2).sum(axis=1) - 2.0 * (one @ other.T)
    return found
