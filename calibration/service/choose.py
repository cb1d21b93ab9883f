"""Which family the scatter of a worker's times has: each half of the pages, every other one, foretells the other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .beyond import in_sight
from .empirical import QUANTILES, empirical
from .families import FAMILIES, Family, sayable
from .marginal import Climbed, Sample, climb, log_density, log_sum, nodes, posterior, weights

Floats = npt.NDArray[np.float64]
Pair = tuple[Floats, Floats]

SURE = 2.0
"""Standard errors, by worker, by which a family must foretell better than a plainer one."""

FIRST = 1_500
"""Pages of a first look: a family that is not worth its parameters on them is not fitted to all."""

LEAST_PAGES = 200
"""Below it every family is as good as another: lognormal, what service times are like."""


@dataclass(frozen=True, eq=False)
class Choice:
    """chosen: fitted to all of the sample.  gains: by family, mean log likelihood a page on the half not seen less that
    of the lognormal; None for those whose likelihood on what they have seen is not worth their parameters beside it
    (Akaike), or that no scenario can say.  pages: in the sample."""

    chosen: Climbed
    gains: dict[str, float | None]
    pages: int


def choose(sample: Sample, location: float, sd: float) -> Choice:
    """The plainest family that none foretells better than by SURE standard errors, and that is so much better than the
    lognormal. location, sd: mean log time of a typical worker, and sd within workers."""
    start = blups(sample, location, sd)
    whole = {"lognormal": _lognormal(sample, location, sd, start)}
    if len(sample.y) < LEAST_PAGES:
        return Choice(whole["lognormal"], {}, len(sample.y))
    few = sample.pick(np.arange(len(sample.y)) % math.ceil(len(sample.y) / FIRST) == 0)
    first = _lognormal(few, location, sd, blups(few, location, sd))
    for name, family in FAMILIES.items():
        if name not in whole:
            whole[name] = fit_family(family, few, location, sd, blups(few, location, sd))
            if _earns(whole[name], first):
                whole[name] = refit(whole[name], sample, sd)
    plain = whole["lognormal"]
    tried = [one for one in whole.values() if one.pages == len(sample.y) and _earns(one, plain)]
    tried = [one for one in tried if one is plain or in_sight(one.family, one.location, one.free, sample)]
    halves = [(np.arange(len(sample.y)) % 2 == side) for side in (0, 1)]
    scores = {one.family.name: _score(one, sample, halves, sd) for one in tried}
    best = max(tried, key=lambda one: float(scores[one.family.name].mean()))
    if sample.limit is None and sample.open is None:
        whole["quantiles"] = seen(best, sample)
        tried.append(whole["quantiles"])
        scores["quantiles"] = _score(whole["quantiles"], sample, halves, sd)
    name = _plainest(scores, sample.worker)
    gains = {one: float((scores[one] - scores["lognormal"]).mean()) if one in scores else None for one in whole}
    return Choice(whole[name], gains, len(sample.y))


def _earns(one: Climbed, plain: Climbed) -> bool:
    """Whether a fit is worth its parameters beside the plain one, and a scenario can say it."""
    worth = one.value - plain.value >= len(one.free) - len(plain.free)
    return worth and sayable(one.family.name, one.family.words(one.location, one.free))


def _plainest(scores: dict[str, Floats], worker: npt.NDArray[np.int64]) -> str:
    """Of families in order of plainness: beginning with the lognormal, whatever is surely better than what is held."""
    held = "lognormal"
    for name in scores:
        if _surely(scores[name] - scores[held], worker):
            held = name
    return held


def _surely(gain: Floats, worker: npt.NDArray[np.int64]) -> bool:
    """Whether the mean gain is above zero by SURE standard errors, workers drawn and not pages."""
    mean = float(gain.mean())
    by_worker = np.bincount(worker, gain - mean)
    if len(by_worker) == 1:
        error = float(gain.std()) / math.sqrt(len(gain))
    else:
        error = math.sqrt(float((by_worker**2).sum())) / len(gain)
    return mean > SURE * error


def blups(sample: Sample, location: float, sd: float) -> Pair:
    """(centre, scale) of each worker's effect if log times were normal: the start of every search."""
    n = np.bincount(sample.worker, minlength=sample.workers)
    total = np.bincount(sample.worker, sample.y - location, minlength=sample.workers)
    s2, t2 = sd**2, sample.between**2
    if t2 == 0:
        return np.zeros(sample.workers), np.ones(sample.workers)
    return total * t2 / (n * t2 + s2), np.sqrt(s2 * t2 / (n * t2 + s2))


def _lognormal(sample: Sample, location: float, sd: float, start: Pair) -> Climbed:
    """As the restricted likelihood has it, of which `start` is exact; climbed only where times are cut short."""
    family = FAMILIES["lognormal"]
    if sample.limit is not None or sample.open is not None:
        return fit_family(family, sample, location, sd, start)
    effects = nodes(*start, sample.between)
    free = np.array([math.log(sd)])
    value = float(log_sum(posterior(family, sample, location, free, effects)).sum())
    return Climbed(family, location, free, value, effects, len(sample.y))


def fit_family(family: Family, sample: Sample, location: float, sd: float, start: Pair) -> Climbed:
    """The likeliest of the climbs from each of the family's starts."""
    found = [climb(family, sample, np.concatenate([[location], one(sd)]), start) for one in family.starts]
    return max(found, key=lambda one: one.value)


def seen(base: Climbed, sample: Sample) -> Climbed:
    """Quantiles of log time within workers, their effects spread as `base` leaves them in doubt."""
    weight = weights(base, sample, base.effects)
    z = sample.y[:, None] - base.effects.at[sample.worker]
    location, knots = empirical(z.ravel(), weight[sample.worker].ravel())
    return Climbed(QUANTILES, location, knots, base.value, base.effects, len(sample.y), base)


def _score(whole: Climbed, sample: Sample, halves: Sequence[npt.NDArray[np.bool_]], sd: float) -> Floats:
    """Log likelihood of each page under what the other half of the pages says."""
    out = np.empty(len(sample.y))
    for half in halves:
        model = refit(whole, sample.pick(~half), sd)
        out[half] = foretold(model, sample.pick(~half), sample.pick(half))
    return out


def refit(whole: Climbed, sample: Sample, sd: float) -> Climbed:
    """The same family on other pages, from where it was."""
    if whole.base is not None:
        return seen(refit(whole.base, sample, sd), sample)
    centre = whole.effects.at[:, whole.effects.at.shape[1] // 2]
    start = (centre, blups(sample, whole.mean, sd)[1])
    return climb(whole.family, sample, np.concatenate([[whole.mean], whole.free]), start)


def foretold(model: Climbed, known: Sample, pages: Sample) -> Floats:
    """Log density of each of `pages`, its worker's effect as `known` pages leave it."""
    weight = weights(model, known, model.effects)[pages.worker]
    density = log_density(model.family, pages, model.location, model.free, model.effects.at)
    return log_sum(density + np.log(np.maximum(weight, 1e-300)))
