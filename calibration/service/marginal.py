"""Likelihood of log times whose workers differ: the effect of each worker integrated out by adaptive quadrature.

Source: Pinheiro & Bates, Approximations to the log-likelihood function in the nonlinear mixed-effects model, 1995.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import optimize

from .families import Family

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MINIMIZE: Any = optimize.minimize
"""Without its overloads, which no option fits."""

NODES = 5
ABSCISSA, WEIGHT = np.polynomial.hermite_e.hermegauss(NODES)
LOG_WEIGHT = np.log(WEIGHT) + 0.5 * ABSCISSA**2  # of the integral of a function, not of one times exp(-t^2 / 2)


@dataclass(frozen=True, eq=False)
class Sample:
    """Log times of pages, sorted by worker. y: log seconds a unit, as of a worker's first task.  worker: 0 .. workers -
    1.  between: sd of the workers' effects, known.  limit: None or the log of the longest that the platform allowed.
    open: None or pages that have not ended, y being their time so far.  left: share of pages that never end."""

    y: Floats
    worker: Ints
    workers: int
    between: float
    limit: Floats | None = None
    open: npt.NDArray[np.bool_] | None = None
    left: float = 0.0

    def pick(self, mask: npt.NDArray[np.bool_]) -> Sample:
        """Only those pages; workers keep their numbers."""
        limit = None if self.limit is None else self.limit[mask]
        gone = None if self.open is None else self.open[mask]
        return Sample(self.y[mask], self.worker[mask], self.workers, self.between, limit, gone, self.left)


@dataclass(frozen=True, eq=False)
class Effects:
    """Nodes of each worker's effect, float64[workers, NODES], and the logarithm of each node's part of the prior."""

    at: Floats
    log_prior: Floats


def nodes(centre: Floats, scale: Floats, between: float) -> Effects:
    """Nodes about each worker's likeliest effect. between = 0: one worker or none that differs; all at zero."""
    if between <= 0:
        return Effects(np.zeros((len(centre), 1)), np.zeros((len(centre), 1)))
    at = centre[:, None] + scale[:, None] * ABSCISSA
    prior = -0.5 * (at / between) ** 2 - np.log(between) - 0.5 * np.log(2 * np.pi)
    return Effects(at, prior + LOG_WEIGHT + np.log(scale)[:, None])


def spread_as(effects: Effects, now: float, then: float) -> Effects:
    """Nodes laid out for workers that differ by `then`, with the prior of workers that differ by `now`."""
    prior = effects.log_prior + 0.5 * (effects.at / then) ** 2 - 0.5 * (effects.at / now) ** 2 + np.log(then / now)
    return Effects(effects.at, prior)


def log_density(family: Family, sample: Sample, location: float, free: Floats, effect: Floats) -> Floats:
    """float64[pages, nodes] of log time at effect[worker, node]; of a task still open, the log chance to last so long
    or to have been left; within a platform's limit, the density of those that end before it."""
    shift = location + effect[sample.worker]
    z = sample.y[:, None] - shift
    out = family.logpdf(z, free)
    if sample.limit is not None:
        out = out - np.log(np.maximum(family.cdf(sample.limit[:, None] - shift, free), 1e-26))
    if sample.open is not None and sample.open.any():
        lasts = sample.left + (1 - sample.left) * (1 - family.cdf(z[sample.open], free))
        out[sample.open] = np.log(np.maximum(lasts, 1e-26))
    return out


def by_worker(values: Floats, sample: Sample) -> Floats:
    """Sums over each worker's pages, zero for those without: float64[workers, nodes]."""
    out = np.zeros((sample.workers, values.shape[1]))
    if len(values):
        starts = np.flatnonzero(np.r_[True, np.diff(sample.worker) > 0])
        out[sample.worker[starts]] = np.add.reduceat(values, starts, axis=0)
    return out


def posterior(family: Family, sample: Sample, location: float, free: Floats, effects: Effects) -> Floats:
    """Log of prior times likelihood at each worker's nodes."""
    return effects.log_prior + by_worker(log_density(family, sample, location, free, effects.at), sample)


def centred(
    family: Family, sample: Sample, location: float, free: Floats, start: tuple[Floats, Floats], steps: int = 2
) -> Effects:
    """Nodes about the likeliest effects, by Newton's steps from (centre, scale) of `start`."""
    centre, scale = start
    if sample.between <= 0:
        return nodes(centre, scale, 0.0)
    for _ in range(steps):
        h = 0.5 * scale[:, None] * np.array([-1.0, 0.0, 1.0])
        at = centre[:, None] + h
        value = by_worker(log_density(family, sample, location, free, at), sample) - 0.5 * (at / sample.between) ** 2
        step = h[:, 2]
        slope = (value[:, 2] - value[:, 0]) / (2 * step)
        curve = (value[:, 2] - 2 * value[:, 1] + value[:, 0]) / step**2
        bent = curve < -0.25 / scale**2
        scale_next = np.where(bent, 1 / np.sqrt(np.maximum(-curve, 1e-12)), scale)
        centre = centre + np.clip(np.where(bent, slope * scale_next**2, 0.0), -2 * scale, 2 * scale)
        scale = np.clip(scale_next, 0.5 * scale, 2 * scale)
    return nodes(centre, scale, sample.between)


@dataclass(frozen=True, eq=False)
class Climbed:
    """family at its likeliest: location (log seconds), free parameters, log likelihood, nodes that it was seen at.

    pages: that it was fitted to.  base: of quantiles, which have no formula, the family with one that tells the effects
    of workers.
    """

    family: Family
    location: float
    free: Floats
    value: float
    effects: Effects
    pages: int
    base: Climbed | None = None

    @property
    def point(self) -> Floats:
        """Location and free parameters."""
        return np.concatenate([[self.location], self.free])

    @property
    def mean(self) -> float:
        """Mean log time of a typical worker."""
        return self.location + self.family.centre(self.free)


ROUNDS = 2
"""Of climbs, each with the nodes laid out where the one before came to."""


def climb(family: Family, sample: Sample, start: Floats, centre: tuple[Floats, Floats]) -> Climbed:
    """The likeliest location and shape, from `start` (mean log time of a typical worker, then free parameters) and the
    workers' likeliest effects with their scales.

    It is the mean that is climbed, not the location: whatever the shape, workers then stay where they are.
    """
    point = start
    for _ in range(ROUNDS):
        effects = centred(family, sample, point[0] - family.centre(point[1:]), point[1:], centre)
        of_mean = _of_mean(family, loss(family, sample, effects))
        least = {"gtol": 1e-3 * max(1, len(sample.y)) ** 0.5, "maxiter": 60}
        found: Any = MINIMIZE(of_mean, point, method="BFGS", options=least)
        moved, point = float(np.abs(found.x - point).max()), np.asarray(found.x)
        if moved < 1e-3:
            break
    return Climbed(
        family, float(point[0]) - family.centre(point[1:]), point[1:], -float(found.fun), effects, len(sample.y)
    )


def _of_mean(family: Family, lost: Callable[[Floats], float]) -> Callable[[Floats], float]:
    """`lost`, of the mean in place of the location."""

    def of_mean(p: Floats) -> float:
        return lost(np.concatenate([[p[0] - family.centre(p[1:])], p[1:]])) if _inside(p) else FAR

    return of_mean


def _inside(p: Floats) -> bool:
    return bool(np.all(np.abs(p[1:]) < WIDEST))


def log_sum(values: Floats) -> Floats:
    """log of the sum of exponentials over each row; quicker here than what serves any shape."""
    peak = values.max(axis=1)
    return np.asarray(peak + np.log(np.exp(values - peak[:, None]).sum(axis=1)))


def weights(model: Climbed, sample: Sample, effects: Effects) -> Floats:
    """How likely each node of each worker is by `sample`, rows adding up to one."""
    told = model.base or model
    log_post = posterior(told.family, sample, told.location, told.free, effects)
    return np.asarray(np.exp(log_post - log_sum(log_post)[:, None]))


def around(model: Climbed, sample: Sample, start: tuple[Floats, Floats]) -> Effects:
    """Nodes about the effects that are likeliest by `sample`."""
    told = model.base or model
    return centred(told.family, sample, told.location, told.free, start)


def loss(family: Family, sample: Sample, effects: Effects) -> Callable[[Floats], float]:
    """Minus the log likelihood of (location, free parameters)."""

    def lost(p: Floats) -> float:
        if not _inside(p):
            return FAR
        with np.errstate(all="ignore"):  # climbs may try shapes and places that no time is near
            value = -float(log_sum(posterior(family, sample, p[0], p[1:], effects)).sum())
        return value if math.isfinite(value) else FAR

    return lost


FAR = 1e12
"""Loss where there is no likelihood."""

WIDEST = 12.0
"""Of a free parameter: logarithms of spreads and shapes from 6e-6 to 160,000."""
