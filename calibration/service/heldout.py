"""Service times held out: how far what one part of a log foretells lies from what the other part took.

Half of each worker's pages, drawn at random, are fitted. Their workers' effects, as far as those pages tell them, and
the family make a distribution of seconds a unit for every page of the other half; the mean of these is compared with
what these pages took (Kolmogorov-Smirnov). The same where the workers held out are unknown, and where pages held out
come after those fitted. Stamps of whole seconds tell a time to half a second, so both distributions are compared in
the middle between neighbouring seconds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from .choose import blups
from .fit import Service, Timed, fit_service, sampled
from .marginal import Effects, around, weights

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

POINTS = 400
"""Most times at which two distributions are compared."""

CHUNK = 2_000_000
"""Numbers held at once."""

LEAST = 2
"""Pages held out of a worker, from which on the scatter of the worker's mean can be told."""


@dataclass(frozen=True)
class HeldOut:
    """pages, workers: held out.  ks: largest gap between foretold and actual cumulative shares of pages.

    family: that was chosen on the part that was fitted.
    """

    pages: int
    workers: int
    ks: float
    family: str


@dataclass(frozen=True)
class Spread:
    """Sd of workers' effects on log time: fitted on one half, and actual, of workers' mean log times on the other with
    the variance that pages by chance give to means taken off.  workers: with LEAST pages held out."""

    fitted: float
    actual: float
    workers: int

    @property
    def ratio(self) -> float:
        """fitted / actual; infinite where workers did not differ."""
        return self.fitted / self.actual if self.actual > 0 else math.inf


def halves(data: Timed, seed: int) -> Mask:
    """Which pages are fitted: half of each worker's, at random; of an odd number, one more here or there by lot."""
    luck = np.random.default_rng(seed)
    order = np.lexsort((luck.random(len(data.worker)), data.worker))
    n = np.bincount(data.worker, minlength=len(data.names))
    place = np.arange(len(order)) - (np.cumsum(n) - n)[data.worker[order]]
    out = np.empty(len(order), bool)
    out[order] = (place + luck.integers(0, 2, len(n))[data.worker[order]]) % 2 == 0
    return out


def new_workers(data: Timed, seed: int) -> Mask:
    """Which pages are fitted: those of half of the workers."""
    luck = np.random.default_rng([seed, 1])
    kept = np.zeros(len(data.names), bool)
    kept[luck.permutation(len(kept))[: (len(kept) + 1) // 2]] = True
    return np.asarray(kept[data.worker])


def earlier(data: Timed) -> Mask:
    """Which pages are fitted: the first half of each worker's, of an odd number one more."""
    n = np.bincount(data.worker, minlength=len(data.names))
    place = np.arange(len(data.worker)) - (np.cumsum(n) - n)[data.worker]
    return np.asarray(place < (n[data.worker] + 1) // 2)


def held_out(data: Timed, fitted: Mask) -> tuple[HeldOut, Service]:
    """What the pages of `fitted` foretell of the others. Pages: sorted by worker and time; both parts have some."""
    known, unknown = data.pick(fitted), data.pick(~fitted).ended
    service = fit_service(known)
    grid = _grid(unknown)
    actual = np.searchsorted(np.sort(np.exp(unknown.log_seconds)), grid, side="right") / len(unknown.worker)
    gap = float(np.abs(foretold(service, unknown, grid) - actual).max())
    name = "none" if service.chosen is None else service.chosen.family.name
    return HeldOut(len(unknown.worker), len(np.unique(unknown.worker)), gap, name), service


def _grid(pages: Timed) -> Floats:
    """Times at which distributions are compared: where stamps are coarse, midway between times that they can tell."""
    seconds = np.exp(np.quantile(pages.log_seconds, np.linspace(0.001, 0.999, POINTS)))
    step = float(pages.step.max())
    if step == 0:
        return np.unique(seconds)
    finest = float(pages.step[pages.step > 0].min())
    return np.unique(np.round(seconds / finest)) * finest + finest / 2


def foretold(service: Service, pages: Timed, grid: Floats) -> Floats:
    """Share of `pages` that the fit of other pages has done by each time of the grid (seconds a unit)."""
    model = service.chosen
    if model is None:
        return (np.log(grid) >= service.effects.mu[0]).astype(np.float64)
    effects, weight = _effects(service)
    shift = model.location + effects.at[pages.worker] - (service.exponent * pages.practised)[:, None]
    share = weight[pages.worker] / len(pages.worker)
    if service.untold is not None:
        pages = replace(pages, limit=None)
    if pages.limit is not None:  # of times that end before the limit, none is longer
        share = share / np.maximum(model.family.cdf(pages.limit[:, None] - shift, model.free), 1e-12)
    out = np.empty(len(grid))
    for start in range(0, len(grid), rows := max(1, CHUNK // shift.size)):
        z = np.log(grid[start : start + rows])[:, None, None] - shift
        if pages.limit is not None:
            z = np.minimum(z, pages.limit[:, None] - shift)
        out[start : start + rows] = (model.family.cdf(z, model.free) * share).sum(axis=(1, 2))
    return out


def _effects(service: Service) -> tuple[Effects, Floats]:
    """Nodes of each worker's effect and their weights, by all pages that were fitted; those of unknown workers by how
    workers differ."""
    model = service.chosen
    assert model is not None
    assert service.effects.within is not None
    between = service.effects.between[0] if service.effects.between is not None else 0.0
    whole = sampled(service.timed, service.exponent, between, every=1)
    start = blups(whole, model.mean, service.effects.within[0])
    effects = around(model, whole, start)
    return effects, weights(model, whole, effects)


def spread(service: Service, held: Timed) -> Spread:
    """The fitted spread of workers against that of `held` pages, whose practice is taken off as it was fitted.

    Actual variance: that of workers' means, less the mean over workers of (variance within / pages), the variance
    within being each worker's own, drawn to that of all where the worker has few pages.
    """
    y = held.log_seconds + service.exponent * held.practised
    n = np.bincount(held.worker, minlength=len(held.names)).astype(np.float64)
    mean = np.bincount(held.worker, y, minlength=len(n)) / np.maximum(n, 1)
    square = np.bincount(held.worker, (y - mean[held.worker]) ** 2, minlength=len(n))
    enough = n >= LEAST
    pooled = float(square.sum() / max((n - 1)[n > 0].sum(), 1))
    noise = (square[enough] + PRIOR * pooled) / (n[enough] - 1 + PRIOR) / n[enough]
    variance = float(mean[enough].var(ddof=1) - noise.mean()) if enough.sum() > 1 else 0.0
    fitted = service.effects.between[0] if service.effects.between is not None else 0.0
    return Spread(fitted, math.sqrt(max(variance, 0.0)), int(enough.sum()))


PRIOR = 5.0
"""Degrees of freedom that the variance of all workers' pages is worth beside a worker's own."""
