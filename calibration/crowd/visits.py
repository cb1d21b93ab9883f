"""How often a crowd comes: visits as a Poisson stream whose rate hangs on the hour and on the work on offer.

    rate(t) = level[batch] * hour[local hour of t] * (w(t) / offer)^pull,   w: labels that nobody has begun yet

pull and hours are common to all batches, each batch has a level of its own: visits counted over exposure. The hours are
shrunk to one by a gamma prior, pull to what public crowds show.
Source: the likelihood of an inhomogeneous Poisson process, Daley & Vere-Jones, An Introduction to the Theory of Point
Processes, chapter 7.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import optimize, stats

from .batches import Batch

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

HOUR_MS = 3_600_000

USUAL_PULL, PULL_SD = 0.35, 0.3
"""Of the exponent over public crowds (0.1 to 0.6 in ten sets); it leads only where a log has few visits."""

HOUR_PRIOR = 20.0
"""Visits that an hour's factor of one is worth."""

ROUNDS = 8
"""Of pull and hours in turn; they hardly hang on each other."""


@dataclass(frozen=True, eq=False)
class Coming:
    """pull: (estimate, low, high), 95%.  hours: float64[24], factors by local hour, of mean one.  offer: tasks on offer
    at which levels are told.  counts: int64[b], visits of each batch, exposure: float64[b], hours in which a level of
    one visit an hour would have brought so many."""

    pull: tuple[float, float, float]
    hours: Floats
    offer: int
    counts: Ints
    exposure: Floats

    @property
    def level(self) -> Floats:
        """float64[b]: logarithm of visits an hour at the whole offer, half a visit standing for none."""
        return np.log(np.maximum(self.counts, 0.5) / np.maximum(self.exposure, 1e-6))

    @property
    def variance(self) -> Floats:
        """float64[b]: of each level, as counts vary."""
        return 1.0 / np.maximum(self.counts, 0.5)


@dataclass(frozen=True, eq=False)
class _Told:
    """Pieces of time in which nothing changes, and visits. of, seen_of: batch of each; hour, seen_hour: local hour;
    hours: length of a piece; waiting, seen: logarithm of the labels on offer by `offer`."""

    of: Ints
    hours: Floats
    hour: Ints
    waiting: Floats
    seen_of: Ints
    seen_hour: Ints
    seen: Floats


def fit_coming(batches: Sequence[Batch], offer: int, timezone: str, until: int | None = None) -> Coming:
    """Pull, hours and levels of batches, by maximum a posteriori. until: when the log ends that is known, for batches
    that are not over then; None: with the last label."""
    told = _told(batches, offer, timezone, until)
    counts = np.bincount(told.seen_of, minlength=len(batches))
    hours, pull = np.ones(24), USUAL_PULL

    def exposure(pull: float) -> Floats:
        weight = told.hours * np.exp(pull * told.waiting) * hours[told.hour]
        return np.maximum(np.bincount(told.of, weight, len(batches)), 1e-9)

    def cost(pull: float) -> float:
        likelihood = pull * float(told.seen.sum()) - float((counts * np.log(exposure(pull))).sum())
        return 0.5 * ((pull - USUAL_PULL) / PULL_SD) ** 2 - likelihood

    for _ in range(ROUNDS):
        pull = float(optimize.minimize_scalar(cost, bounds=(0.0, 1.0), method="bounded").x)
        level = counts / exposure(pull)
        expected = np.bincount(told.hour, told.hours * np.exp(pull * told.waiting) * level[told.of], 24)
        hours = (np.bincount(told.seen_hour, minlength=24) + HOUR_PRIOR) / (expected + HOUR_PRIOR)
        hours /= hours.mean()
    return Coming((pull, *_interval(cost, pull)), hours, offer, counts, exposure(pull))


def _interval(cost: Callable[[float], float], best: float) -> tuple[float, float]:
    """Where the cost rises by half of chi-squared's 95% quantile, within 0 and 1."""
    top = cost(best) + float(stats.chi2.ppf(0.95, 1)) / 2

    def over(x: float) -> float:
        return cost(x) - top

    low = 0.0 if best <= 0.0 or over(0.0) < 0 else float(optimize.brentq(over, 0.0, best))
    high = 1.0 if best >= 1.0 or over(1.0) < 0 else float(optimize.brentq(over, best, 1.0))
    return low, high


def _told(batches: Sequence[Batch], offer: int, timezone: str, until: int | None) -> _Told:
    pieces, seen = [], []
    for number, batch in enumerate(batches):
        end = int(batch.begins[-1]) if batch.over or until is None else until
        edges = np.arange(batch.posted // HOUR_MS * HOUR_MS + HOUR_MS, end, HOUR_MS)
        cuts = np.unique(np.concatenate([[batch.posted], batch.begins[batch.begins < end], edges, [end]]))
        cuts = cuts[cuts >= batch.posted]
        waiting = batch.labels - np.searchsorted(batch.begins, cuts[:-1], side="right")
        pieces.append(np.column_stack([np.full(len(waiting), number), cuts[:-1], np.diff(cuts), waiting]))
        # Where the first start stands for posting, the first visit opens the time and is no event of it.
        visits = batch.visits if batch.recorded else batch.visits[1:]
        left = batch.labels - np.searchsorted(batch.begins, visits, side="left")
        seen.append(np.column_stack([np.full(len(visits), number), visits, np.maximum(left, 1)]))
    of, begin, length, waiting = np.concatenate(pieces).T
    kept = (waiting > 0) & (length > 0)
    who, when, left = np.concatenate(seen).T
    return _Told(
        of[kept],
        length[kept] / HOUR_MS,
        local_hour(begin[kept], timezone),
        np.log(waiting[kept] / offer),
        who,
        local_hour(when, timezone),
        np.log(left / offer),
    )


def local_hour(ms: Ints, timezone: str) -> Ints:
    """The hour on a clock on the wall."""
    if not len(ms):
        return np.zeros(0, np.int64)
    quarters, place = np.unique(ms // (HOUR_MS // 4), return_inverse=True)
    moments = pd.to_datetime(quarters * (HOUR_MS // 4), unit="ms", utc=True).tz_convert(timezone)
    return np.asarray(moments.hour, np.int64)[place]
