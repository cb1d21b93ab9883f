"""Mean and spread of log service time within and between workers, by restricted maximum likelihood of page averages."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize, stats


@dataclass(frozen=True, eq=False)
class ServiceTime:
    """log seconds = mu + worker + page, worker ~ N(0, between^2), page ~ N(0, within^2).

    Each with its 95% interval.  within is None when no worker has two pages, between when there is one worker.
    residuals: log seconds less mu and the worker's predicted effect, one per page.
    """

    mu: tuple[float, float | None, float | None]
    within: tuple[float, float, float] | None
    between: tuple[float, float, float] | None
    pages: int
    workers: int
    residuals: npt.NDArray[np.float64]


def fit_service_time(log_seconds: npt.NDArray[np.float64], worker: npt.NDArray[np.int64]) -> ServiceTime:
    """The one-way random-effects fit of log seconds, unbalanced. worker: whole numbers from 0; at least one page.

    Restricted maximum likelihood; within and between: profile likelihood; mu: generalised least squares with a Student
    interval on workers - 1 degrees of freedom (pages - 1 when workers do not differ).
    Source: Searle, Casella & McCulloch, Variance Components, chapter 3.
    """
    n = np.bincount(worker).astype(np.float64)
    n_pages, n_workers = len(log_seconds), len(n)
    means = np.bincount(worker, log_seconds) / n
    inside = float(((log_seconds - means[worker]) ** 2).sum())
    if n_pages == 1 or (n_pages > n_workers and inside <= 1e-12) or (n_pages == n_workers and np.ptp(means) <= 1e-9):
        mu = float(means.mean())
        return ServiceTime((mu, None, None), None, None, n_pages, n_workers, log_seconds - mu)
    if n_workers == 1 or n_pages == n_workers:
        return _one_spread(log_seconds, n_workers)

    criterion = _restricted(n, means, inside)
    log_between = _where(lambda b: _least(lambda w: criterion(w, b)[0]))
    log_within = _where(lambda w: criterion(w, log_between)[0])
    least, mu, precision = criterion(log_within, log_between)
    within = _profile(lambda w: _least(lambda b: criterion(w, b)[0]), log_within, least)
    between = _profile(lambda b: _least(lambda w: criterion(w, b)[0]), log_between, least)
    half = float(stats.t.ppf(0.975, n_workers - 1)) / math.sqrt(precision)
    s2, t2 = math.exp(2 * log_within), math.exp(2 * log_between)
    effect = (means - mu) * n * t2 / (n * t2 + s2)
    residuals = log_seconds - mu - effect[worker]
    return ServiceTime((mu, mu - half, mu + half), within, between, n_pages, n_workers, residuals)


Criterion = Callable[[float, float], tuple[float, float, float]]


def _restricted(n: npt.NDArray[np.float64], means: npt.NDArray[np.float64], inside: float) -> Criterion:
    """Minus twice the restricted log likelihood of (log within, log between), with mu and its precision there."""
    extra = float((n - 1).sum())

    def criterion(log_within: float, log_between: float) -> tuple[float, float, float]:
        """Minus twice the log likelihood at the logarithms of the two spreads; mu; its precision."""
        s2, t2 = math.exp(2 * log_within), math.exp(2 * log_between)
        v = s2 / n + t2
        precision = float((1 / v).sum())
        mu = float((means / v).sum()) / precision
        value = (
            extra * math.log(s2) + inside / s2 + float(np.log(v).sum()) + float(((means - mu) ** 2 / v).sum())
        ) + math.log(precision)
        return value, mu, precision

    return criterion


RANGE = (-7.0, 3.0)
"""Logarithms of the spreads that are searched: from 0.001 to 20."""


def _least(function: Callable[[float], float]) -> float:
    return float(function(_where(function)))


def _where(function: Callable[[float], float]) -> float:
    return float(optimize.minimize_scalar(function, bounds=RANGE, method="bounded", options={"xatol": 1e-5}).x)


def _profile(profile: Callable[[float], float], best: float, least: float) -> tuple[float, float, float]:
    """(estimate, low, high), out of logarithms: where minus twice the log likelihood rises by chi-squared's 95%."""
    rise = float(stats.chi2.ppf(0.95, 1))

    def over(x: float) -> float:
        return profile(x) - least - rise

    low = 0.0 if over(RANGE[0]) < 0 else math.exp(_crossing(over, best, RANGE[0]))
    high = math.exp(_crossing(over, best, RANGE[1]))
    return math.exp(best) if low > 0 or best > -4.5 else 0.0, low, high


def _crossing(over: Callable[[float], float], inside: float, outside: float) -> float:
    if over(outside) < 0:
        return outside
    return float(optimize.brentq(over, inside, outside, xtol=1e-4))


def _one_spread(log_seconds: npt.NDArray[np.float64], workers: int) -> ServiceTime:
    """One worker, or one page each: mean and sd of the whole; what is within and what between cannot be told apart."""
    n = len(log_seconds)
    mu, sd = float(log_seconds.mean()), float(log_seconds.std(ddof=1))
    half = float(stats.t.ppf(0.975, n - 1)) * sd / math.sqrt(n)
    low, high = (sd * math.sqrt((n - 1) / float(stats.chi2.ppf(p, n - 1))) for p in (0.975, 0.025))
    return ServiceTime((mu, mu - half, mu + half), (sd, low, high), None, n, workers, log_seconds - mu)
