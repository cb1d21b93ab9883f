"""What labels do for a model: accuracy by how many there are and how many are wrong, fitted to a team's own points.

accuracy = top - gap * (keep(noise) * n / n0) ^ -rate, with n0 the geometric mean of the points' n. keep is how many
clean labels one noisy label is worth: (1 - noise * K / (K - 1)) ^ 2 for K classes, the share of what an evenly wrong
label still tells, squared, as in the sample size that classification noise asks for; a power of its own is fitted
where the points have more than one level of noise.
Sources: Hestness et al., Deep learning scaling is predictable, empirically, arXiv 1712.00409 (the power law); Angluin
and Laird, Learning from noisy examples, Machine Learning 2 (1988), 343-370 (the square). No curve is universal:
nothing is assumed but this form, and what the points do not tell has a wide interval.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize

from ..sim.errors import DataRefused

Floats = npt.NDArray[np.float64]

LEAST_POINTS = 5
"""Points that a curve of three unknowns needs before its scatter can be told."""

SQUARE = 2.0
"""Power of what a noisy label keeps, where it is not fitted."""

DRAWS = 4_000

SEED = 20_261_130


@dataclass(frozen=True)
class Point:
    """A model trained on so many labels, a share `noise` of them wrong, and its accuracy on clean test data."""

    labels: float
    accuracy: float
    noise: float = 0.0


@dataclass(frozen=True, eq=False)
class Curve:
    """The fit and its draws: float64[draws] each.

    top: accuracy that no number of labels of this kind exceeds.  gap: what is short of it at `middle` clean labels.
    rate: of the power law.  power: of what a noisy label keeps; fitted: whether the points told it.
    scatter: standard deviation of accuracy about the curve.  most: the most labels of a point.
    """

    top: float
    gap: float
    rate: float
    power: float
    power_fitted: bool
    middle: float
    classes: int
    scatter: float
    most: float
    points: int
    drawn: Floats
    """float64[draws, 4]: top, log gap, log rate, power."""

    def at(self, labels: float, noise: float = 0.0) -> tuple[float, float, float]:
        """(accuracy, low, high) with its 95% interval."""
        each = _accuracy(self.drawn, labels, noise, self.middle, self.classes)
        best = float(_accuracy(self._best, labels, noise, self.middle, self.classes)[0])
        low, high = (float(one) for one in np.quantile(each, [0.025, 0.975]))
        return best, low, high

    def more(self, labels: float, by: float, noise: float = 0.0) -> tuple[float, float, float]:
        """(accuracy that so many labels more add, low, high)."""

        def gain(parameters: Floats) -> Floats:
            ends = (_accuracy(parameters, n, noise, self.middle, self.classes) for n in (labels + by, labels))
            after, before = ends
            return np.asarray(after - before)

        low, high = (float(one) for one in np.quantile(gain(self.drawn), [0.025, 0.975]))
        return float(gain(self._best)[0]), low, high

    def stop(self, price: float, worth: float, noise: float = 0.0) -> tuple[float, float, float]:
        """Labels beyond which the next one costs more than it adds, with its 95% interval; in closed form.

        price: of a label.  worth: of accuracy 1 more, in the same unit.
        """
        if worth <= 0:
            return 0.0, 0.0, 0.0
        if price <= 0:
            return math.inf, math.inf, math.inf

        def where(parameters: Floats) -> Floats:
            gap, rate = np.exp(parameters[:, 1]), np.exp(parameters[:, 2])
            keep = _keep(noise, self.classes, parameters[:, 3])
            scale = keep / self.middle
            return np.asarray((gap * rate * worth / price * scale ** (-rate)) ** (1 / (rate + 1)))

        low, high = (float(one) for one in np.quantile(where(self.drawn), [0.025, 0.975]))
        return float(where(self._best)[0]), low, high

    @property
    def _best(self) -> Floats:
        return np.array([[self.top, math.log(self.gap), math.log(self.rate), self.power]])


def _keep(noise: float, classes: int, power: Floats) -> Floats:
    """Clean labels that one noisy label is worth; 0 where labels tell nothing."""
    told = max(0.0, 1.0 - noise * classes / (classes - 1))
    return np.asarray(np.power(told, power))


def _accuracy(parameters: Floats, labels: float, noise: float, middle: float, classes: int) -> Floats:
    """float64[rows] of float64[rows, 4]."""
    clean = np.maximum(_keep(noise, classes, parameters[:, 3]) * labels / middle, 1e-12)
    return np.asarray(parameters[:, 0] - np.exp(parameters[:, 1]) * clean ** -np.exp(parameters[:, 2]))


def fit_curve(points: Sequence[Point], classes: int = 2) -> Curve:
    """Least squares on accuracy; what the points do not tell by the posterior under flat priors.

    Raises DataRefused where the points cannot tell a curve: fewer than LEAST_POINTS, all of one size, or labels that
    tell nothing.
    """
    _check(points, classes)
    n = np.array([one.labels for one in points])
    y = np.array([one.accuracy for one in points])
    noise = np.array([one.noise for one in points])
    middle = float(np.exp(np.log(n).mean()))
    power_fitted = len(set(noise.tolist())) > 1 and len(points) > LEAST_POINTS

    def of(p: Floats) -> Floats:
        rows = np.array([[p[0], p[1], p[2], p[3] if power_fitted else SQUARE]])
        return np.array(
            [_accuracy(rows, labels, share, middle, classes)[0] for labels, share in zip(n, noise, strict=True)]
        )

    found = _best(of, y, 4 if power_fitted else 3)
    degrees = max(len(points) - len(found.x), 1)
    scatter = math.sqrt(float((found.fun**2).sum()) / degrees)
    drawn = _drawn(n / middle, noise, y, classes, power_fitted)
    return Curve(
        top=float(found.x[0]),
        gap=math.exp(found.x[1]),
        rate=math.exp(found.x[2]),
        power=float(found.x[3]) if power_fitted else SQUARE,
        power_fitted=power_fitted,
        middle=middle,
        classes=classes,
        scatter=scatter,
        most=float(n.max()),
        points=len(points),
        drawn=drawn,
    )


def _drawn(n: Floats, noise: Floats, y: Floats, classes: int, power_fitted: bool) -> Floats:
    """float64[DRAWS, 4] from the posterior under flat priors within LOW and HIGH.

    With rate and power given, the curve is a straight line in top and gap: these are Student's about its least squares,
    and what remains of rate and power is a grid. Draws out of bounds are left out.
    Source: Zellner, An introduction to Bayesian inference in econometrics (1971), chapter 3.
    """
    rates = np.exp(np.linspace(LOW[2], HIGH[2], GRID if power_fitted else GRID**2))
    powers = np.linspace(LOW[3], HIGH[3], GRID) if power_fitted else np.array([SQUARE])
    cells = np.array([(rate, power) for rate in rates for power in powers])
    middles, roots, logs = _straight(n, noise, y, classes, cells)
    rng = np.random.default_rng(SEED)
    weights = np.exp(logs - logs.max())
    kept: list[Floats] = []
    for _ in range(TURNS):
        place = rng.choice(len(cells), DRAWS, p=weights / weights.sum())
        normal = rng.standard_normal((DRAWS, 2))
        scale = np.sqrt((len(y) - 2) / rng.chisquare(len(y) - 2, DRAWS))
        line = middles[place] + scale[:, None] * np.einsum("ijk,ik->ij", roots[place], normal)
        inside = (line[:, 0] <= HIGH[0]) & (line[:, 0] >= LOW[0]) & (line[:, 1] > 0) & (line[:, 1] < 1)
        chosen = cells[place[inside]]
        top, gap = line[inside].T
        kept.append(np.column_stack([top, np.log(gap), np.log(chosen[:, 0]), chosen[:, 1]]))
        if sum(map(len, kept)) >= DRAWS:
            break
    drawn = np.concatenate(kept)[:DRAWS]
    if not len(drawn):
        raise DataRefused("no curve that rises with labels goes through the points. Mend the table, or train on more.")
    return np.asarray(drawn)


def _straight(n: Floats, noise: Floats, y: Floats, classes: int, cells: Floats) -> tuple[Floats, Floats, Floats]:
    """Least squares of top and gap at each rate and power, float64[cells, 2]: (the two, the root of their covariance,
    log weight of the rate and power), float64[cells, 2], [cells, 2, 2] and [cells]."""
    told = np.maximum(1 - noise * classes / (classes - 1), 0.0)
    clean = np.maximum(told[None, :] ** cells[:, 1:] * n[None, :], 1e-12)
    x = np.stack([np.ones_like(clean), -(clean ** -cells[:, :1])], axis=2)
    information = np.einsum("ckp,ckq->cpq", x, x)
    middle = np.linalg.solve(information, np.einsum("ckp,k->cp", x, y)[:, :, None])[:, :, 0]
    rest = np.maximum(((y[None, :] - np.einsum("ckp,cp->ck", x, middle)) ** 2).sum(axis=1), 1e-18)
    covariance = np.linalg.inv(information) * (rest / (len(y) - 2))[:, None, None]
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.maximum(values, 0.0))[:, None, :]
    weight = -0.5 * np.linalg.slogdet(information)[1] - (len(y) - 2) / 2 * np.log(rest)
    return middle, root, weight


GRID = 40
"""Values of power, and of rate where the power is fitted; else its square."""

TURNS = 20
"""Times that DRAWS draws are made at most."""

LOW, HIGH = np.array([0.0, -12.0, -4.0, 0.0]), np.array([1.0, 0.0, 1.1, 10.0])
"""Of top, log gap, log rate and power: a rate from 0.02 to 3."""


def _best(of: Callable[[Floats], Floats], y: Floats, count: int) -> optimize.OptimizeResult:
    """The least of several starts, since the top and the rate can stand in for one another."""

    def lost(p: Floats) -> Floats:
        return of(p) - y

    starts = [
        np.array([top, math.log(max(top - float(np.median(y)), 1e-3)), math.log(rate), SQUARE])[:count]
        for top in (min(float(y.max()) + 0.005, 1.0), min(float(y.max()) + 0.05, 1.0), 1.0)
        for rate in (0.2, 0.5, 1.0)
    ]
    low, high = LOW[:count], HIGH[:count]
    found = [
        optimize.least_squares(
            lost, np.clip(one, low + 1e-6, high - 1e-6), bounds=(low, high), x_scale="jac"
        )
        for one in starts
    ]  # fmt: skip
    return min(found, key=lambda one: one.cost)


def _check(points: Sequence[Point], classes: int) -> None:
    problems = []
    if len(points) < LEAST_POINTS:
        rule = f"a curve needs at least {LEAST_POINTS} points, but there are {len(points)}"
        problems.append(f"{rule}. Train on parts of the labels, as 10%, 20%, 40%, 70% and all.")
    if len({one.labels for one in points}) < 3:
        problems.append(
            "a curve needs at least 3 numbers of labels, but the points have fewer. Train on parts of them."
        )
    most = 1 - 1 / classes
    if any(one.noise >= most for one in points):
        problems.append(
            f"noise must be below {most:.0%} of {classes} classes, where labels tell nothing. Mend the table."
        )
    if problems:
        raise DataRefused(problems)
