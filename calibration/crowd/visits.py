"""How often a crowd comes: visits as a Poisson stream whose rate hangs on the hour and on the work on offer.

    rate(t) = level[batch] * hour[local hour of t] * (w(t) / offer)^pull * (h + e)^-fade / (1 + e)^-fade

w: labels that nobody has begun yet; h: hours since posting; e: EARLY_H. pull, fade and hours are common to all batches,
each batch has a level of its own: visits counted over exposure. The hours are shrunk to one by a gamma prior, pull and
fade to what public crowds show.

Pull and fade are told with the levels integrated out, not each at its likeliest: what is on offer is what earlier
visits left, and levels that are free follow the luck of their own batch (incidental parameters, Neyman & Scott,
Econometrica 16, 1948). At 50 visits a batch free levels gave pulls .03 to .05 too high and fades .05 to .08 too low.
Source: the likelihood of an inhomogeneous Poisson process, Daley & Vere-Jones, An Introduction to the Theory of Point
Processes, chapter 7; of levels of a gamma law, Lawless, Canadian Journal of Statistics 15 (1987).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import optimize, special, stats

from ...sim.intensity import EARLY_H
from .batches import Batch
from .level import OWN_SD, USUAL_OWN

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

HOUR_MS = 3_600_000
QUARTER_MS = HOUR_MS // 4
"""Clocks of all time zones strike the hour at one of the quarters of another's."""

USUAL_PULL, PULL_SD = 0.35, 0.3
"""Of the exponent over public crowds (0.1 to 0.6 in ten sets); it leads only where a log has few visits."""

USUAL_FADE, FADE_SD = 0.25, 0.2
"""Of how visits fade, likewise (0.0 to 0.5)."""

STEEPEST = 0.9
"""Of the fade; at 1 what comes at first would never end."""

HOUR_PRIOR = 20.0
"""Visits that an hour's factor of one is worth."""

SHORTEST_H = 1 / 60
"""Hours of exposure as which less counts: what begins within a minute does not tell how often people come."""

STEPS = (HOUR_MS * EARLY_H * (2.0 ** np.arange(0.2, 8.0, 0.2) - 1.0)).astype(np.int64)
"""Milliseconds after posting at which time is cut, so that fading is told in each piece by its middle."""

ROUNDS = 8
"""Of pull and fade, hours, and the spread of levels in turn; they hardly hang on each other."""

NEWTON = 30
"""Steps at most to the mean level, each of a factor of e at most; a few do."""


@dataclass(frozen=True, eq=False)
class Coming:
    """pull, fade: (estimate, low, high), 95%.  hours: float64[24], factors by local hour, of mean one.  offer: tasks on
    offer at which levels are told, an hour after posting.  counts: int64[b], visits of each batch, exposure:
    float64[b], hours in which a level of one visit an hour would have brought so many."""

    pull: tuple[float, float, float]
    fade: tuple[float, float, float]
    hours: Floats
    offer: int
    counts: Ints
    exposure: Floats

    @property
    def level(self) -> Floats:
        """float64[b]: logarithm of visits an hour at the whole offer, half a visit standing for none."""
        return np.log(np.maximum(self.counts, 0.5) / np.maximum(self.exposure, SHORTEST_H))

    @property
    def variance(self) -> Floats:
        """float64[b]: of each level, as counts vary."""
        return 1.0 / np.maximum(self.counts, 0.5)


@dataclass(frozen=True, eq=False)
class _Told:
    """Pieces of time in which nothing changes, and visits. of, seen_of: batch of each; hour, seen_hour: local hour;
    hours: length of a piece; waiting, seen: logarithm of the labels on offer by `offer`; age, seen_age: of the hours
    since posting (see log_age)."""

    of: Ints
    hours: Floats
    hour: Ints
    waiting: Floats
    age: Floats
    seen_of: Ints
    seen_hour: Ints
    seen: Floats
    seen_age: Floats


def fit_coming(batches: Sequence[Batch], offer: int, timezone: str, until: int | None = None) -> Coming:
    """Pull, hours and levels of batches, by maximum a posteriori. until: when the log ends that is known, for batches
    that are not over then; None: with the last label."""
    told = _told(batches, offer, timezone, until)
    counts = np.bincount(told.seen_of, minlength=len(batches))
    hours, pull, fade, spread = np.ones(24), USUAL_PULL, USUAL_FADE, USUAL_OWN

    def exposure(pull: float, fade: float) -> Floats:
        return _exposure(told, pull, fade, hours, len(batches))

    def cost(pull: float, fade: float) -> float:
        likelihood = pull * float(told.seen.sum()) - fade * float(told.seen_age.sum())
        likelihood += _of_counts(counts, exposure(pull, fade), spread)
        prior = ((pull - USUAL_PULL) / PULL_SD) ** 2 + ((fade - USUAL_FADE) / FADE_SD) ** 2
        return 0.5 * prior - likelihood

    def at(point: Floats) -> float:
        return cost(float(point[0]), float(point[1]))

    bounds = [(0.0, 1.0), (0.0, STEEPEST)]
    for _ in range(ROUNDS):
        start = np.array([pull, fade])
        pull, fade = (float(one) for one in optimize.minimize(at, start, method="L-BFGS-B", bounds=bounds).x)
        level = counts / exposure(pull, fade)
        weight = told.hours * np.exp(pull * told.waiting - fade * told.age)
        expected = np.bincount(told.hour, weight * level[told.of], 24)
        hours = (np.bincount(told.seen_hour, minlength=24) + HOUR_PRIOR) / (expected + HOUR_PRIOR)
        hours /= hours.mean()
        spread = _spread(counts, exposure(pull, fade))
    pulls = _interval(lambda one: _least(lambda other: cost(one, other), STEEPEST), pull, 1.0)
    fades = _interval(lambda one: _least(lambda other: cost(other, one), 1.0), fade, STEEPEST)
    return Coming((pull, *pulls), (fade, *fades), hours, offer, counts, exposure(pull, fade))


def _of_counts(counts: Ints, exposure: Floats, spread: float) -> float:
    """Log likelihood of visits of batches whose levels have a gamma law of the likeliest mean, of which `spread` is the
    standard deviation by the mean; without what hangs on the counts alone."""
    shape = spread**-2
    mean = _mean(counts, exposure, shape)
    of_one = special.gammaln(counts + shape) - special.gammaln(shape) + shape * np.log(shape) + counts * np.log(mean)
    return float((of_one - (counts + shape) * np.log(exposure * mean + shape)).sum())


def _mean(counts: Ints, exposure: Floats, shape: float) -> float:
    """The likeliest mean level, by Newton's steps of its logarithm, in which the likelihood is concave."""
    log = float(np.log(max(counts.sum(), 0.5) / exposure.sum()))
    for _ in range(NEWTON):
        expected = exposure * np.exp(log)
        share = expected / (expected + shape)
        slope = float((counts - share * (counts + shape)).sum())
        step = slope / float(((counts + shape) * share * (1.0 - share)).sum())
        log += min(max(step, -1.0), 1.0)
        if abs(step) < 1e-9:
            break
    return float(np.exp(log))


def _spread(counts: Ints, exposure: Floats) -> float:
    """The likeliest spread of levels, with the prior of public crowds."""

    def cost(log: float) -> float:
        prior = ((log - np.log(USUAL_OWN)) / OWN_SD) ** 2
        return 0.5 * float(prior) - _of_counts(counts, exposure, float(np.exp(log)))

    return float(np.exp(optimize.minimize_scalar(cost, bounds=(-4.0, 1.5), method="bounded").x))


def seen_by(coming: Coming, batches: Sequence[Batch], timezone: str) -> Coming:
    """Other batches, which are over, by the pull, fade and hours of `coming`: their levels can be held against its."""
    told = _told(batches, coming.offer, timezone, None)
    counts = np.bincount(told.seen_of, minlength=len(batches))
    exposure = _exposure(told, coming.pull[0], coming.fade[0], coming.hours, len(batches))
    return dataclasses.replace(coming, counts=counts, exposure=exposure)


def _exposure(told: _Told, pull: float, fade: float, hours: Floats, batches: int) -> Floats:
    """Hours in which each batch would have had as many visits at a level of one an hour."""
    weight = told.hours * np.exp(pull * told.waiting - fade * told.age) * hours[told.hour]
    return np.maximum(np.bincount(told.of, weight, batches), 1e-9)


def _least(function: Callable[[float], float], most: float) -> float:
    return float(optimize.minimize_scalar(function, bounds=(0.0, most), method="bounded").fun)


def _interval(cost: Callable[[float], float], best: float, most: float) -> tuple[float, float]:
    """Where the cost rises by half of chi-squared's 95% quantile, from 0 to `most`."""
    top = cost(best) + float(stats.chi2.ppf(0.95, 1)) / 2

    def over(x: float) -> float:
        return cost(x) - top

    low = 0.0 if best <= 0.0 or over(0.0) < 0 else float(optimize.brentq(over, 0.0, best, xtol=1e-4))
    high = most if best >= most or over(most) < 0 else float(optimize.brentq(over, best, most, xtol=1e-4))
    return low, high


def _told(batches: Sequence[Batch], offer: int, timezone: str, until: int | None) -> _Told:
    pieces, seen = [], []
    for number, batch in enumerate(batches):
        end = int(batch.begins[-1]) if batch.over or until is None else until
        edges = np.arange(batch.posted // QUARTER_MS * QUARTER_MS + QUARTER_MS, end, QUARTER_MS)
        early = batch.posted + STEPS[end - batch.posted > STEPS]
        begun = batch.begins[batch.begins < end]
        cuts = np.unique(np.concatenate([[batch.posted], begun, edges, early, [end]]))
        cuts = cuts[cuts >= batch.posted]
        waiting = batch.labels - np.searchsorted(batch.begins, cuts[:-1], side="right")
        middle = (cuts[:-1] + cuts[1:]) // 2 - batch.posted
        pieces.append(np.column_stack([np.full(len(waiting), number), cuts[:-1], np.diff(cuts), waiting, middle]))
        # Where the first start stands for posting, the first visit opens the time and is no event of it.
        visits = batch.visits if batch.recorded else batch.visits[1:]
        left = batch.labels - np.searchsorted(batch.begins, visits, side="left")
        seen.append(np.column_stack([np.full(len(visits), number), visits, np.maximum(left, 1), visits - batch.posted]))
    of, begin, length, waiting, age = np.concatenate(pieces).T
    kept = (waiting > 0) & (length > 0)
    who, when, left, seen_age = np.concatenate(seen).T
    return _Told(
        of[kept],
        length[kept] / HOUR_MS,
        local_hour(begin[kept], timezone),
        np.log(waiting[kept] / offer),
        log_age(age[kept]),
        who,
        local_hour(when, timezone),
        np.log(left / offer),
        log_age(seen_age),
    )


def log_age(ms: Ints) -> Floats:
    """The logarithm of the hours since posting and EARLY_H, nought an hour after it."""
    return np.asarray(np.log((ms / HOUR_MS + EARLY_H) / (1.0 + EARLY_H)), np.float64)


def local_hour(ms: Ints, timezone: str) -> Ints:
    """The hour on a clock on the wall."""
    if not len(ms):
        return np.zeros(0, np.int64)
    quarters, place = np.unique(ms // QUARTER_MS, return_inverse=True)
    moments = pd.to_datetime(quarters * QUARTER_MS, unit="ms", utc=True).tz_convert(timezone)
    return np.asarray(moments.hour, np.int64)[place]
