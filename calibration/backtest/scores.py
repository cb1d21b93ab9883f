"""How near forecasts came: of each batch's makespan, of each day's labels, and of the hours in which labels come.

A forecast that is a set of values is scored by its continuous ranked probability score, which for one value is its
absolute error: hours of a makespan, labels of a day. Days on which no batch was open do not count.
Source: Gneiting & Raftery, Strictly proper scoring rules, prediction, and estimation, JASA 2007.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from ...sim.statistics import band
from ..crowd.batches import Batch
from ..crowd.visits import HOUR_MS, local_hour
from .ahead import Told

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

BANDS = (0.5, 0.8, 0.95)

LATEST_H = 24.0 * 365.0
"""Hours that stand for a batch that a forecast never sees end."""


def crps(values: Floats, actual: float) -> float:
    """The continuous ranked probability score of equally likely values, in their unit."""
    ranked = np.sort(values)
    n = len(ranked)
    spread = float(((2 * np.arange(1, n + 1) - n - 1) * ranked).sum()) / (n * n)
    return float(np.abs(ranked - actual).mean()) - spread


@dataclass(frozen=True, eq=False)
class Scored:
    """One forecast against what came. makespan: mean score over batches, hours.  daily: mean score over days, labels.
    circadian: hours by which labels would have to be moved on the clock for their hours of day to agree.
    cycle: hours by which items would have to be moved for the hours from posting to their last labels to agree.
    within: for each of BANDS, by batch whether its makespan lay within; days_within: likewise by day.
    middle: float64[batches], the median told, hours; low, high: of the 80% band; days_*: likewise labels by day."""

    makespan: float
    daily: float
    circadian: float
    cycle: float
    within: dict[float, npt.NDArray[np.bool_]]
    days_within: dict[float, npt.NDArray[np.bool_]]
    middle: Floats
    low: Floats
    high: Floats
    days_middle: Floats
    days_low: Floats
    days_high: Floats


@dataclass(frozen=True, eq=False)
class Actual:
    """What came after the cut. now: the cut.  batches: those ahead.  starts, stops: of the local days on which one of
    them was open, from the cut on.  labels: float64[days].  hours: float64[24], share of the labels by local hour."""

    now: int
    batches: tuple[Batch, ...]
    starts: Ints
    stops: Ints
    labels: Floats
    hours: Floats
    timezone: str


def actual(batches: Sequence[Batch], now: int, timezone: str) -> Actual:
    """The truth about the batches ahead."""
    ends = np.sort(np.concatenate([one.ends[one.ends > now] for one in batches]))
    first, last = (
        pd.Timestamp(one, unit="ms", tz="UTC").tz_convert(timezone).tz_localize(None).normalize()
        for one in (now, int(ends[-1]))
    )
    days = pd.date_range(first, last + pd.Timedelta(days=1), freq="D")
    # A midnight that clocks leave out is when they go on; one that they show twice is the first.
    edges = days.tz_localize(timezone, nonexistent="shift_forward", ambiguous=np.ones(len(days), bool))
    moments = np.asarray(edges.tz_convert("UTC").astype("datetime64[ms, UTC]").astype("int64"), np.int64)
    starts, stops = np.maximum(moments[:-1], now), moments[1:]
    spans = [(max(one.posted, now), one.last) for one in batches]
    is_open = np.array(
        [any(begin < stop and end > start for begin, end in spans) for start, stop in zip(starts, stops, strict=True)]
    )
    starts, stops = starts[is_open], stops[is_open]
    return Actual(now, tuple(batches), starts, stops, _daily(ends, starts, stops), _hours(ends, timezone), timezone)


def scored(truth: Actual, told: Sequence[Told], replications: int) -> Scored:
    """A forecast of every batch against the truth. Days and hours are of `replications` runs of all batches together;
    a forecast that has fewer says the same again."""
    makespans = [one.makespans(batch) for one, batch in zip(told, truth.batches, strict=True)]
    actual_h = np.array([one.makespan_ms / HOUR_MS for one in truth.batches])
    finite = [np.minimum(one, LATEST_H) for one in makespans]
    runs = [np.sort(np.concatenate([one.ends[r % len(one.ends)] for one in told])) for r in range(replications)]
    days = np.array([_daily(one, truth.starts, truth.stops) for one in runs])
    last = truth.stops[-1]
    hours = np.mean([_hours(one[one < last], truth.timezone) for one in runs], axis=0)
    bands = [[band(one, level) for one in makespans] for level in BANDS]
    day_bands = [[band(days[:, d], level) for d in range(days.shape[1])] for level in BANDS]
    return Scored(
        makespan=float(np.mean([crps(one, value) for one, value in zip(finite, actual_h, strict=True)])),
        daily=float(np.mean([crps(days[:, d], truth.labels[d]) for d in range(days.shape[1])])),
        circadian=around_the_clock(hours, truth.hours),
        cycle=_cycle(truth, told),
        within={level: _inside(band, actual_h) for level, band in zip(BANDS, bands, strict=True)},
        days_within={level: _inside(band, truth.labels) for level, band in zip(BANDS, day_bands, strict=True)},
        middle=np.array([float(np.median(one)) for one in makespans]),
        low=np.array([low for low, _ in bands[1]]),
        high=np.array([high for _, high in bands[1]]),
        days_middle=np.median(days, axis=0),
        days_low=np.array([low for low, _ in day_bands[1]]),
        days_high=np.array([high for _, high in day_bands[1]]),
    )


def _cycle(truth: Actual, told: Sequence[Told]) -> float:
    """Earth mover's distance of the items' hours from posting to their last labels, those of all batches together."""
    real = [(one.whole[one.whole > truth.now] - one.posted) / HOUR_MS for one in truth.batches]
    told_h = [
        (np.concatenate(one.items) - batch.posted) / HOUR_MS for one, batch in zip(told, truth.batches, strict=True)
    ]
    shares = [np.full(len(hours), len(items) / max(len(hours), 1)) for hours, items in zip(told_h, real, strict=True)]
    if not sum(len(one) for one in real) or not sum(len(one) for one in told_h):
        return math.nan
    return float(stats.wasserstein_distance(np.concatenate(real), np.concatenate(told_h), None, np.concatenate(shares)))


def _inside(bands: Sequence[tuple[float, float]], values: Floats) -> npt.NDArray[np.bool_]:
    return np.array([low <= value <= high for (low, high), value in zip(bands, values, strict=True)])


def _daily(ends: Ints, starts: Ints, stops: Ints) -> Floats:
    """Labels between the start and the stop of each day. ends: sorted."""
    return (np.searchsorted(ends, stops, side="left") - np.searchsorted(ends, starts, side="left")).astype(np.float64)


def _hours(ends: Ints, timezone: str) -> Floats:
    """Shares by local hour; even where there are none."""
    if not len(ends):
        return np.full(24, 1 / 24)
    return np.bincount(local_hour(ends, timezone), minlength=24) / len(ends)


def around_the_clock(one: Floats, other: Floats) -> float:
    """Earth mover's distance of two distributions over 24 hours that close to a circle, in hours.

    Source: Rabin, Delon & Gousseau, Transportation distances on the circle, 2011: the least over rotations of the
    cumulated difference, reached at its median."""
    cumulated = np.cumsum(one - other)
    return float(np.abs(cumulated - np.median(cumulated)).sum())
