"""A smooth curve or surface through noisy values, with what is not known of it: simulated means by what was drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .statistics import Floats

DEGREES = (1, 2, 3, 4)
"""Of the polynomials, products and all, that are tried."""

KNOTS = (3, 6, 10)
"""Bends along each axis of the broken lines that are tried, at even quantiles."""

EACH = 10
"""Values for each coefficient at least."""


@dataclass(frozen=True, eq=False)
class Smooth:
    """A least-squares fit at the points it was fitted to.

    basis: float64[N, p], orthonormal columns.  coefficients: float64[p].  root: float64[p, p], of their covariance.
    """

    basis: Floats
    coefficients: Floats
    root: Floats

    @property
    def fitted(self) -> Floats:
        """float64[N]."""
        return np.asarray(self.basis @ self.coefficients)

    def drawn(self, count: int, seed: int) -> Floats:
        """float64[count, p]: coefficients as they may be, the values' noise being what it is."""
        normal = np.random.default_rng(seed).standard_normal((count, self.coefficients.size))
        return np.asarray(self.coefficients + normal @ self.root.T)


def smooth(points: Floats, values: Floats) -> Smooth:
    """The simplest of several fits that is no worse than the best at foretelling a value that it was not fitted to.

    points: float64[N, D].  values: float64[N].
    Polynomials, and broken lines that add up over the axes. Each is judged by its errors with the value left out;
    "no worse" is by one standard error of the mean difference of their squares. The covariance is White's with those
    errors (HC3), so noise need not be the same everywhere.
    Source: Hastie, Tibshirani, Friedman, The elements of statistical learning, 2nd ed., sections 5.2 and 7.10;
    MacKinnon and White, Journal of Econometrics 29 (1985) 305-325.
    """
    centre, spread = points.mean(axis=0), points.std(axis=0)
    scaled = (points - centre) / np.where(spread > 0, spread, 1.0)
    tried = [_fit(one, values) for one in _bases(scaled) if one.shape[1] * EACH <= len(values)]
    assert tried, "fewer than 20 values"
    best = min(tried, key=lambda one: float((one[1] ** 2).mean()))
    basis, errors = next(
        one for one in sorted(tried, key=lambda one: one[0].shape[1]) if _no_worse(one[1] ** 2 - best[1] ** 2)
    )
    part = basis * errors[:, None]
    return Smooth(basis, basis.T @ values, _root(part.T @ part))


def _no_worse(by: Floats) -> bool:
    return bool(by.mean() <= by.std() / np.sqrt(len(by)))


def _bases(x: Floats) -> Iterator[Floats]:
    for degree in DEGREES:
        yield _polynomial(x, degree)
    for count in KNOTS:
        knots = np.quantile(x, (np.arange(count) + 1) / (count + 1), axis=0)
        bends = [np.maximum(x[:, [axis]] - knots[None, :, axis], 0.0) for axis in range(x.shape[1])]
        yield np.concatenate([_polynomial(x, 1), *bends], axis=1)


def _polynomial(x: Floats, degree: int) -> Floats:
    """float64[N, terms]: all products of powers whose degrees sum to so much at most."""
    terms: list[tuple[Floats, int]] = [(np.ones(len(x)), 0)]
    for axis in range(x.shape[1]):
        terms = [(one * x[:, axis] ** more, so + more) for one, so in terms for more in range(degree + 1 - so)]
    return np.stack([one for one, _ in terms], axis=1)


def _fit(columns: Floats, values: Floats) -> tuple[Floats, Floats]:
    """(an orthonormal basis of the columns, errors of each value foretold from the others)."""
    left, singular, _ = np.linalg.svd(columns, full_matrices=False)
    basis = left[:, singular > 1e-9 * singular[0]]
    leverage = np.minimum((basis**2).sum(axis=1), 1 - 1e-9)
    return basis, (values - basis @ (basis.T @ values)) / (1 - leverage)


def _root(covariance: Floats) -> Floats:
    values, vectors = np.linalg.eigh(covariance)
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0.0)))
