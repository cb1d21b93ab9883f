"""The service time of a stage in the scenario's words: every parameter with its interval, what it rests on, and how."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy import stats

from ...sim.line import Distribution
from ..fit import Assumption, Parameter, Together
from ..together import LEAST, of_matrix
from .curvature import STEP, hessian, inverse
from .empirical import QUANTILES, SHARES
from .families import in_seconds
from .fit import Service
from .marginal import Climbed, Sample, loss
from .thin import drawn

Floats = npt.NDArray[np.float64]

ASSUMED_SIGMA = 0.5
"""Middle of the spreads of log time within a worker that public logs show (0.30-0.70)."""

Z = float(stats.norm.ppf(0.975))


def parameters(service: Service, pool: str, stage: str) -> list[Parameter]:
    """All that was fitted: the family's parameters, the spread of workers, practice where it is told."""
    chosen = service.chosen
    if chosen is None or (chosen.family.name == "lognormal" and _whole(service)):
        out = _lognormal(service, stage)
    else:
        out = _of_family(service, chosen, stage)
    out += _spread(service, pool)
    if service.practice is not None and service.practice.told:
        one = service.practice
        seen = f"least squares within {one.workers} workers, of whom the farthest did {one.most} units"
        path = f"pools.{pool}.learning.exponent"
        out.append(
            Parameter(path, one.exponent, one.low, one.high, service.effects.pages, f"{seen}; interval by worker")
        )
    return out + _tiring(service, pool)


def _tiring(service: Service, pool: str) -> list[Parameter]:
    """Where times are as of the beginning of a session."""
    one = service.tiring
    if one is None or service.tired == 1.0:
        return []
    method = f"least squares within {one.workers} workers, at work for up to {one.most:.1f} h, practice taken out"
    path, how = f"pools.{pool}.fatigue.slower", f"{method}; interval by worker"
    slower, low, high = (100 * value for value in (one.slower, one.low, one.high))
    return [Parameter(path, slower, low, high, service.effects.pages, how, "%/hour")]


def assumptions(service: Service, pool: str, stage: str) -> list[Assumption]:
    """What the scenario's block has and the log could not tell."""
    out = []
    if service.effects.within is None:
        why = "there is one page, or all pages took the same time"
        out.append(Assumption(f"stages.{stage}.time.lognormal.sigma", ASSUMED_SIGMA, why))
    if service.practice is not None and service.practice.told:
        why = "the most units that one worker did in the log: nobody knows what more of them teach"
        out.append(Assumption(f"pools.{pool}.learning.tasks", max(1, service.practice.most), why))
    return out


def distribution(service: Service) -> Distribution:
    """The stage's time for a typical worker's first task, as the engines draw it; sigma as assumed if not fitted."""
    found = {one.path.split(".time.")[1]: one.value for one in parameters(service, "p", "s") if ".time." in one.path}
    named = {name.split(".")[1]: value for name, value in found.items()}
    family = next(iter(found)).split(".")[0]
    if family == "lognormal":
        named.setdefault("sigma", ASSUMED_SIGMA)
    return Distribution(family, named)  # type: ignore[arg-type]


def _whole(service: Service) -> bool:
    """Whether times were fitted as they are, neither cut short nor open."""
    return service.sample is None or (service.sample.limit is None and service.sample.open is None)


def _lognormal(service: Service, stage: str) -> list[Parameter]:
    """By restricted maximum likelihood, on all pages."""
    fit = service.effects
    seen = f"REML of log seconds a unit, page averages of {fit.workers} workers{_first(service)}"
    degrees = max(fit.workers - 1, 1)
    mu, half = fit.mu[0], _half(service)
    low, high = (None, None) if half is None else (math.exp(mu - half), math.exp(mu + half))
    method = f"{seen}; Student interval on {degrees} degrees of freedom"
    out = [Parameter(f"stages.{stage}.time.lognormal.median", math.exp(mu), low, high, fit.pages, method, "s")]
    if fit.within is not None:
        value, low, high, note = drawn(fit.within, fit.pages - (fit.workers if fit.between else 1))
        method = f"{seen}; profile likelihood{note}"
        out.append(Parameter(f"stages.{stage}.time.lognormal.sigma", value, low, high, fit.pages, method))
    return out


def _first(service: Service) -> str:
    return ", as of the first task" if service.exponent else ""


def _half(service: Service) -> float | None:
    """Half of the interval of mean log time: that of the workers, and that of practice taken off to the first task."""
    mu, low, _ = service.effects.mu
    if low is None:
        return None
    return math.hypot(mu - low, _less(service))


def _less(service: Service) -> float:
    """Half of the interval of what practice takes off log time, from the first task to the mean of workers' pages."""
    if not service.exponent:
        return 0.0
    assert service.practice is not None
    timed = service.timed
    n = np.maximum(np.bincount(timed.worker, minlength=len(timed.names)), 1)
    mean = float((np.bincount(timed.worker, timed.practised, minlength=len(timed.names)) / n).mean())
    return mean * (service.practice.exponent - service.practice.low)


def _spread(service: Service, pool: str) -> list[Parameter]:
    fit = service.effects
    if fit.between is None:
        return []
    value, low, high, note = drawn(fit.between, fit.workers - 1)
    how = "REML of log seconds a unit, sd of worker effects; profile likelihood"
    if not _whole(service):
        how = "marginal likelihood of lognormal seconds a unit that are cut short, sd of worker effects; its curvature"
    method = f"{how}{note}"
    return [Parameter(f"pools.{pool}.speed.spread", value, low, high, fit.workers, method)]


def _of_family(service: Service, chosen: Climbed, stage: str) -> list[Parameter]:
    """By marginal likelihood on the sample; intervals by its curvature, that of the place as wide as workers differ.

    Of shifted times the curvature holds where a typical worker is, as it ends sharply at the least time: how workers
    differ is added to it, as it is to quantiles."""
    assert service.choice is not None
    pages = service.choice.pages
    family = chosen.family
    values = family.words(chosen.location, chosen.free)
    errors = _spreads(service, chosen)
    gain = service.choice.gains.get(family.name) or 0.0
    method = (
        f"{family.name}, that foretells half of the pages from the other best ({gain:+.3f} a page in log likelihood "
        f"over the lognormal), workers integrated out, {pages} pages{_first(service)}; "
        f"{'order statistics' if family is QUANTILES else 'curvature of the likelihood'}"
    )
    out = []
    for place, (name, value) in enumerate(values.items()):
        timed = in_seconds(family.name, name)
        low, high = _interval(name, value, errors.half[place])
        path = f"stages.{stage}.time.{family.name}.{name}"
        out.append(Parameter(path, value, low, high, pages, method, "s" if timed else ""))
    return out


@dataclass(frozen=True, eq=False)
class _Spreads:
    """Halves of the intervals of a family's words, on their scales: float64[words] of own errors and of what is common
    to all that are times.  correlations: float64[words, words] of own errors."""

    own: Floats
    common: Floats
    correlations: Floats

    @property
    def half(self) -> Floats:
        return np.hypot(self.own, self.common)


@lru_cache(maxsize=8)  # asked for once for the parameters and once for how they hang together
def _spreads(service: Service, chosen: Climbed) -> _Spreads:
    assert service.sample is not None
    family = chosen.family
    names = [*family.words(chosen.location, chosen.free)]
    timed = np.array([in_seconds(family.name, name) for name in names])
    if family is QUANTILES:
        covariance, place = _knots(chosen, service.sample), _half(service) or 0.0
    else:
        covariance = _covariance(chosen, service.sample)
        place = _half(service) or 0.0 if family.name == "shifted" else _less(service)
    errors = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    degrees = service.effects.workers - 1 if service.effects.between is not None else service.effects.pages - 1
    student = float(stats.t.ppf(0.975, max(degrees, 1)))
    whole = np.outer(errors, errors)
    correlations = np.divide(covariance, whole, out=np.eye(len(names)), where=whole > 0)
    return _Spreads(errors * np.where(timed, student, Z), np.where(timed, place, 0.0), correlations)


def together(service: Service, pool: str, stage: str) -> list[Together]:
    """How the errors of the time's parameters hang together, and with practice: who is thought to learn more is thought
    to begin slower."""
    chosen = service.chosen
    practice = f"pools.{pool}.learning.exponent" if service.exponent else None
    if chosen is None or (chosen.family.name == "lognormal" and _whole(service)):
        half = _half(service)
        if practice is None or not half:
            return []
        return [Together(f"stages.{stage}.time.lognormal.median", practice, _less(service) / half)]
    spread = _spreads(service, chosen)
    wide = np.where(spread.half > 0, spread.half, 1.0)
    paths = [f"stages.{stage}.time.{chosen.family.name}.{name}" for name in chosen.family.words(0.0, chosen.free)]
    both = spread.correlations * np.outer(spread.own, spread.own) + np.outer(spread.common, spread.common)
    found = [] if chosen.family is QUANTILES else of_matrix(paths, both / np.outer(wide, wide))
    if practice is not None:
        learnt = np.where(spread.common > 0, _less(service), 0.0) / wide
        found += [Together(path, practice, float(r)) for path, r in zip(paths, learnt, strict=True) if r >= LEAST]
    return found


def _interval(name: str, value: float, half: float) -> tuple[float, float]:
    """By the logarithm, of a share by its log odds."""
    if name == "share":
        odds = math.log(value / (1 - value))
        return 1 / (1 + math.exp(half - odds)), 1 / (1 + math.exp(-half - odds))
    return value * math.exp(-half), value * math.exp(half)


def _knots(chosen: Climbed, sample: Sample) -> Floats:
    """Covariance of the errors of log quantiles within workers: p (1 - q) / pages by the densities there, p <= q
    (David and Nagaraja, Order statistics, section 10.3)."""
    density = np.exp(QUANTILES.logpdf(chosen.free, chosen.free))
    p = np.array(SHARES)
    below, above = np.minimum.outer(p, p), np.maximum.outer(p, p)
    return np.asarray(below * (1 - above) / len(sample.y) / np.outer(density, density))


def _covariance(chosen: Climbed, sample: Sample) -> Floats:
    """Of the errors of the logarithm of each word (of a share, of its log odds).

    The inverse of the Hessian of minus the log likelihood, carried over to the words by their derivatives.
    """
    lost = loss(chosen.family, sample, chosen.effects)
    point = chosen.point
    covariance = inverse(hessian(lost, point))
    slope = np.empty((len(chosen.family.words(0.0, chosen.free)), len(point)))
    for place in range(len(point)):
        step = np.zeros(len(point))
        step[place] = STEP
        slope[:, place] = (_plain(chosen, point + step) - _plain(chosen, point - step)) / (2 * STEP)
    return np.asarray(slope @ covariance @ slope.T)


def _plain(chosen: Climbed, point: Floats) -> Floats:
    """The words on the scales of their intervals."""
    words = chosen.family.words(float(point[0]), point[1:])
    return np.array([math.log(v / (1 - v)) if name == "share" else math.log(v) for name, v in words.items()])
