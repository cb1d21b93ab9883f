"""How arrivals go through the day and the week, whether they grow, and in what releases they come."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from . import order
from .fit import Parameter

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WEEK_MS = 7 * 86_400_000

LEAST_RELEASES = 50
LEAST_WEEKS = 4
"""Full weeks, and releases, from which on hours and weekdays are told."""

LEAST_GROWTH_WEEKS = 6


def releases(stamps: Ints, release: Ints, segment: str) -> list[Parameter]:
    """Median size of releases and median time between them, with intervals by order statistics (see order.py).

    stamps: int64, of each item, in order.  release: which one each belongs to, from 0 on.  Nothing with fewer than six.
    """
    sizes = np.sort(np.bincount(release)).astype(np.float64)
    first = stamps[np.unique(release, return_index=True)[1]]
    gaps = np.sort(np.diff(first)) / 3_600_000.0
    if len(sizes) < 6 or (sizes == 1).all():
        return []
    out = []
    for name, values, unit in (("size", sizes, "items"), ("gap", gaps, "hours")):
        low, high = order.interval(values, 0.5)
        method = f"median of {len(values)} {'releases' if name == 'size' else 'times between releases'}; "
        method += f"{order.METHOD if low is not None else order.NONE}. The work ahead is the planner's to say"
        middle = float(np.median(values))
        out.append(Parameter(f"work.{segment}.releases.{name}", middle, low, high, len(values), method, unit))
    return out


def growth(stamps: Ints, segment: str) -> Parameter | None:
    """By what share arrivals grow each week: Poisson regression of full weeks, as widely as they vary (quasi-Poisson).

    None with fewer than LEAST_GROWTH_WEEKS full weeks, or where all came in the first, from which none can fall.
    Source: McCullagh and Nelder, Generalized Linear Models, chapter 6.
    """
    weeks = int((stamps[-1] - stamps[0]) // WEEK_MS)
    if weeks < LEAST_GROWTH_WEEKS:
        return None
    week = (stamps - stamps[0]) // WEEK_MS
    counts = np.bincount(week[week < weeks], minlength=weeks).astype(np.float64)
    if not counts[1:].any():
        return None
    x = np.column_stack([np.ones(weeks), np.arange(weeks) - (weeks - 1) / 2])
    beta = np.array([math.log(counts.mean()), 0.0])
    for _ in range(50):
        expected = np.exp(x @ beta)
        step = np.linalg.solve(x.T @ (x * expected[:, None]), x.T @ (counts - expected))
        beta += np.clip(step, -1.0, 1.0)
        if np.abs(step).max() < 1e-10:
            break
    expected = np.exp(x @ beta)
    spread = max(1.0, float(((counts - expected) ** 2 / expected).sum()) / (weeks - 2))
    error = math.sqrt(spread * float(np.linalg.inv(x.T @ (x * expected[:, None]))[1, 1]))
    half = float(stats.t.ppf(0.975, weeks - 2)) * error
    low, value, high = (math.expm1(float(beta[1]) + one) for one in (-half, 0.0, half))
    method = f"Poisson regression of {weeks} full weeks, {spread:.3g} times as variable as Poisson; Student interval"
    return Parameter(f"work.{segment}.arrivals.growth", value, low, high, weeks, method, "share a week")


def shape(stamps: Ints, releases_count: int, timezone: str, segment: str) -> list[Parameter]:
    """Factors on the rate by local hour of day and by weekday, each 1 on average, with intervals from how weeks differ.

    Nothing with fewer than LEAST_WEEKS full weeks or LEAST_RELEASES releases: hours would be those of single releases.
    """
    weeks = int((stamps[-1] - stamps[0]) // WEEK_MS)
    if weeks < LEAST_WEEKS or releases_count < LEAST_RELEASES:
        return []
    week = (stamps - stamps[0]) // WEEK_MS
    full = stamps[week < weeks]
    local = pd.to_datetime(full, unit="ms", utc=True).tz_convert(timezone)
    table = np.zeros((weeks, 7, 24))
    np.add.at(table, (week[week < weeks], local.day_of_week.to_numpy(), local.hour.to_numpy()), 1.0)
    out = []
    kinds = (
        ("hour", table.sum(axis=1), [f"{hour:02d}" for hour in range(24)]),
        ("weekday", table.sum(axis=2), list(DAYS)),
    )
    for kind, counts, names in kinds:
        found, low, high = factors(counts)
        method = f"rate there by the mean rate, {weeks} full weeks, hours of {timezone}; ratio estimate over weeks"
        out += [
            Parameter(
                f"work.{segment}.arrivals.{kind}.{name}", float(found[k]), float(low[k]), float(high[k]),
                int(counts[:, k].sum()), method, "times",
            )
            for k, name in enumerate(names)
        ]  # fmt: skip
    return out


def factors(counts: Floats) -> tuple[Floats, Floats, Floats]:
    """(float64[k], rates by their mean; low; high: 95%) of counts [weeks, k].

    Ratio estimates over weeks with Student's quantile on the scale of the logarithm; where nothing came, as many as
    Poisson arrivals that come in releases so large could hide.
    Source: Cochran, Sampling Techniques, section on ratio estimates.
    """
    weeks, k = counts.shape
    total = counts.sum()
    share = counts.sum(axis=0) / total
    left = counts - counts.sum(axis=1, keepdims=True) * share
    squares = (left**2).sum(axis=0) * weeks / (weeks - 1)
    together = max(1.0, float(squares.sum() / total))
    with np.errstate(divide="ignore", invalid="ignore"):
        half = float(stats.t.ppf(0.975, weeks - 1)) * np.sqrt(squares) / (share * total)
    there = share > 0
    low = np.where(there, k * share * np.exp(-np.where(there, half, 0.0)), 0.0)
    high = np.where(there, k * share * np.exp(np.where(there, half, 0.0)), k * NONE * together / total)
    return k * share, low, high


NONE = float(stats.chi2.ppf(0.975, 2)) / 2
"""Upper end of a Poisson mean of which none came."""
