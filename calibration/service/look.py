"""What a fit of service times looks like beside its log: a QQ plot, a density, and the distance between the two."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from scipy import special

from .choose import refit
from .fit import Service
from .marginal import Climbed, Sample, weights

Floats = npt.NDArray[np.float64]

POINTS = 199

LOGS = 19
"""Simulated logs of a bootstrap: a distance beyond all of them happens to one right fit in twenty."""

PAGES = 1_000
"""Pages of the log that the bootstrap looks at, so that it takes a moment."""


def within(model: Climbed, sample: Sample) -> tuple[Floats, Floats]:
    """(log time less the worker's effect and the location, weights) at every node of every page.

    A draw of the effect from what the log leaves in doubt has, if the model is right, left a draw of the family: so
    no worker with few pages pulls the dots to the line.
    """
    weight = weights(model, sample, model.effects)
    z = sample.y[:, None] - model.location - model.effects.at[sample.worker]
    return z.ravel(), weight[sample.worker].ravel()


def qq_points(service: Service) -> Floats:
    """float64[POINTS, 2]: normal deviates of evenly spread shares, and the deviates that the fitted family gives to the
    log's own quantiles within workers: on the diagonal where it fits. Empty where times have no spread."""
    if service.chosen is None or service.sample is None:
        return np.zeros((0, 2))
    z, weight = within(service.chosen, service.sample)
    order = np.argsort(z)
    share = (np.cumsum(weight[order]) - 0.5 * weight[order]) / weight.sum()
    wanted = (np.arange(POINTS) + 0.5) / POINTS
    seen = service.chosen.family.cdf(np.interp(wanted, share, z[order]), service.chosen.free)
    return np.column_stack([special.ndtri(wanted), special.ndtri(np.clip(seen, 1e-6, 1 - 1e-6))])


def curve(service: Service, points: int = 160) -> Floats:
    """float64[points, 2]: log seconds a unit, and the density of the fitted model there, all workers alike, at the
    practice that the log's pages were done with."""
    if service.chosen is None:
        return np.zeros((0, 2))
    logs = service.timed.log_seconds
    low, high = np.quantile(logs, [0.002, 0.998])
    x = np.linspace(low - 0.1, high + 0.1, points)
    at, weight = np.polynomial.hermite_e.hermegauss(9)
    between = service.effects.between[0] if service.effects.between is not None else 0.0
    practised = np.quantile(service.timed.practised, (np.arange(20) + 0.5) / 20)
    shift = between * at[:, None] - service.exponent * practised[None, :]
    z = x[:, None, None] - service.chosen.location - shift
    density = np.exp(service.chosen.family.logpdf(z, service.chosen.free)).mean(axis=2) @ (weight / weight.sum())
    return np.column_stack([x, density])


def distance(service: Service) -> tuple[float, float] | None:
    """(largest gap between the fit's and the log's cumulative shares within workers, the largest that LOGS logs
    simulated from the fit and fitted anew show). On the first pages of a thinned log. None where there is no family.

    Source: Stute, Gonzalez-Manteiga & Presedo-Quindimil, Bootstrap based goodness-of-fit tests, 1993.
    """
    if service.chosen is None or service.sample is None or service.effects.within is None:
        return None
    every = math.ceil(len(service.sample.y) / PAGES)
    few = service.sample.pick(np.arange(len(service.sample.y)) % every == 0)
    few = Sample(few.y, few.worker, few.workers, few.between)
    sd = service.effects.within[0]
    luck = np.random.default_rng(20_261_129)
    found = _gap(refit(service.chosen, few, sd), few)
    gaps = []
    for _ in range(LOGS):
        made = simulated(service.chosen, few, luck)
        gaps.append(_gap(refit(service.chosen, made, sd), made))
    return found, max(gaps)


def _gap(model: Climbed, sample: Sample) -> float:
    z, weight = within(model, sample)
    order = np.argsort(z)
    share = np.cumsum(weight[order]) / weight.sum()
    told = model.family.cdf(z[order], model.free)
    return float(max(np.abs(share - told).max(), np.abs(share - weight[order] / weight.sum() - told).max()))


def simulated(model: Climbed, sample: Sample, luck: np.random.Generator) -> Sample:
    """Log times of the same workers' pages drawn from the fit, every worker's effect drawn anew."""
    effect = luck.normal(0.0, sample.between, sample.workers) if sample.between > 0 else np.zeros(sample.workers)
    y = model.location + effect[sample.worker] + draw(model, luck.random(len(sample.y)))
    return Sample(y, sample.worker, sample.workers, sample.between)


def draw(model: Climbed, u: Floats) -> Floats:
    """Quantiles of log time less its location at u: the cumulative distribution turned about on a fine grid."""
    grid = np.linspace(-16.0, 10.0, 8_001)
    share = np.maximum.accumulate(model.family.cdf(grid, model.free))
    keep = np.r_[True, np.diff(share) > 0]
    return np.asarray(np.interp(u, share[keep], grid[keep]))
