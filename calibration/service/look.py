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
    """(cumulative share that the model gives to the time, weights) at every node of every page that ended; where the
    platform had a limit, share of the times that end before it.

    A draw of the effect from what the log leaves in doubt has, if the model is right, left a draw of the family: so
    no worker with few pages pulls the dots to the line.
    """
    weight = weights(model, sample, model.effects)
    shift = model.location + model.effects.at[sample.worker]
    share = model.family.cdf(sample.y[:, None] - shift, model.free)
    if sample.limit is not None:
        share = share / np.maximum(model.family.cdf(sample.limit[:, None] - shift, model.free), 1e-12)
    ended = np.ones(len(sample.y), bool) if sample.open is None else ~sample.open
    return share[ended].ravel(), weight[sample.worker][ended].ravel()


def qq_points(service: Service) -> Floats:
    """float64[POINTS, 2]: normal deviates of evenly spread shares, and the deviates that the fitted family gives to the
    log's own quantiles within workers: on the diagonal where it fits. Empty where times have no spread."""
    if service.chosen is None or service.sample is None:
        return np.zeros((0, 2))
    told, weight = within(service.chosen, service.sample)
    order = np.argsort(told)
    share = (np.cumsum(weight[order]) - 0.5 * weight[order]) / weight.sum()
    wanted = (np.arange(POINTS) + 0.5) / POINTS
    seen = np.interp(wanted, share, told[order])
    return np.column_stack([special.ndtri(wanted), special.ndtri(np.clip(seen, 1e-6, 1 - 1e-6))])


def curve(service: Service, points: int = 160) -> Floats:
    """float64[points, 2]: log seconds a unit, and the density of the fitted model there, all workers alike, at the
    practice that the log's pages were done with, and as tired on average."""
    if service.chosen is None:
        return np.zeros((0, 2))
    logs = service.timed.ended.log_seconds + math.log(service.tired)
    low, high = np.quantile(logs, [0.002, 0.998])
    x = np.linspace(low - 0.1, high + 0.1, points)
    at, weight = np.polynomial.hermite_e.hermegauss(9)
    between = service.effects.between[0] if service.effects.between is not None else 0.0
    practised = np.quantile(service.timed.ended.practised, (np.arange(20) + 0.5) / 20)
    shift = between * at[:, None] - service.exponent * practised[None, :]
    z = x[:, None, None] - service.chosen.location - math.log(service.tired) - shift
    density = np.exp(service.chosen.family.logpdf(z, service.chosen.free)).mean(axis=2) @ (weight / weight.sum())
    return np.column_stack([x, density])


def distance(service: Service) -> tuple[float, float] | None:
    """(largest gap between the fit's and the log's cumulative shares within workers, the largest that LOGS logs
    simulated from the fit and fitted anew show). On the first pages of a thinned log. None where there is no family.

    Source: Stute, Gonzalez-Manteiga & Presedo-Quindimil, Bootstrap based goodness-of-fit tests, 1993.
    """
    if service.chosen is None or service.sample is None or service.effects.within is None:
        return None
    sample = service.sample if service.sample.open is None else service.sample.pick(~service.sample.open)
    every = math.ceil(len(sample.y) / PAGES)
    few = sample.pick(np.arange(len(sample.y)) % every == 0)
    few = Sample(few.y, few.worker, few.workers, few.between, few.limit)
    sd = service.effects.within[0]
    luck = np.random.default_rng(20_261_129)
    found = _gap(refit(service.chosen, few, sd), few)
    gaps = []
    for _ in range(LOGS):
        made = simulated(service.chosen, few, luck)
        gaps.append(_gap(refit(service.chosen, made, sd), made))
    return found, max(gaps)


def _gap(model: Climbed, sample: Sample) -> float:
    told, weight = within(model, sample)
    order = np.argsort(told)
    share, told = np.cumsum(weight[order]) / weight.sum(), told[order]
    return float(max(np.abs(share - told).max(), np.abs(share - weight[order] / weight.sum() - told).max()))


def simulated(model: Climbed, sample: Sample, luck: np.random.Generator) -> Sample:
    """Log times of the same workers' pages drawn from the fit, none beyond a limit; workers' effects are drawn anew."""
    effect = luck.normal(0.0, sample.between, sample.workers) if sample.between > 0 else np.zeros(sample.workers)
    u, shift = luck.random(len(sample.y)), model.location + effect[sample.worker]
    if sample.limit is not None:
        u = u * model.family.cdf(sample.limit - shift, model.free)
    return Sample(shift + draw(model, u), sample.worker, sample.workers, sample.between, sample.limit)


def draw(model: Climbed, u: Floats) -> Floats:
    """Quantiles of log time less its location at u: the cumulative distribution turned about on a fine grid."""
    grid = np.linspace(-16.0, 10.0, 8_001)
    share = np.maximum.accumulate(model.family.cdf(grid, model.free))
    keep = np.r_[True, np.diff(share) > 0]
    return np.asarray(np.interp(u, share[keep], grid[keep]))
