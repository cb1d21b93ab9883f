"""Arrivals whose rate, growth, hours and weekdays are known, and releases whose size and gaps are."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from labelcast.calibration import rhythm
from labelcast.calibration.arrivals import fit_arrivals

from .told import Source, Told, lot

HOUR = 3_600_000
WEEK = 168 * HOUR
MONDAY = 1_767_571_200_000  # 2026-01-05 00:00 UTC


def stamps(
    rng: np.random.Generator, weeks: int, grows: float, releases: float, hours: np.ndarray, days: np.ndarray, size: int
) -> np.ndarray:
    """Stamps in order, ms: about so many releases of 1 to `size` items, as Poisson by hour, the rate growing by `grows`
    each week. hours, days: float64[24], float64[7], factors."""
    rate = np.outer(days, hours).ravel()
    level = (1 + grows) ** np.arange(weeks)
    mean = releases * np.outer(level / level.sum(), rate / rate.sum()).ravel()
    counts = rng.poisson(mean)
    start = np.repeat(np.arange(len(mean)), counts) * HOUR + rng.integers(0, HOUR, counts.sum())
    sizes = rng.integers(1, size + 1, len(start))
    ends = np.array([0, weeks * WEEK])  # the log opens and closes with the weeks
    return MONDAY + np.sort(np.concatenate([np.repeat(start, sizes), ends]))


def drawn(seed: int, weeks: int = 12, grows: float = 0.05, releases: int = 400, size: int = 5) -> np.ndarray:
    """`stamps`: twice as often on Monday as on other days but Sunday, when none come, and only from 9 to 17 h."""
    hours = ((np.arange(24) >= 9) & (np.arange(24) < 17)).astype(float)
    return stamps(np.random.default_rng(seed), weeks, grows, releases, hours, np.array([2.0, 1, 1, 1, 1, 1, 0]), size)


def _rhythm(rng: np.random.Generator) -> Iterator[Told]:
    """Growth of one log; hours and weekdays of another that does not grow."""
    weeks, releases, size = int(rng.integers(6, 27)), float(rng.uniform(150, 900)), int(rng.integers(1, 9))
    hours, days = rng.gamma(2.0, 1.0, 24) * (np.arange(24) >= rng.integers(0, 10)), rng.gamma(4.0, 1.0, 7)
    grows = float(rng.uniform(-0.04, 0.08))
    found = rhythm.growth(stamps(rng, weeks, grows, releases, hours, days, size), "s")
    assert found is not None
    yield Told.of("work.arrivals.growth", grows, found)
    flat = rhythm.shape(stamps(rng, weeks, 0.0, releases, hours, days, size), int(releases), "UTC", "s")
    by = {one.path.removeprefix("work.s.arrivals."): one for one in flat}
    for kind, names, rates in (
        ("hour", [f"{k:02d}" for k in range(24)], hours),
        ("weekday", list(rhythm.DAYS), days),
    ):
        truth = rates / rates.mean()
        there = [k for k in range(len(names)) if truth[k] > 0]
        many = [Told.of(f"work.arrivals.{kind}", float(truth[k]), by[f"{kind}.{names[k]}"]) for k in there]
        yield from lot(rng, many)


RHYTHM = Source(
    "hours, weekdays and growth of arrivals",
    {
        "work.arrivals.growth": "by what share the rate of Poisson releases grows each week (-4 to 8%)",
        "work.arrivals.hour": "the rate of an hour of the day by the mean rate; one of the day's, by lot",
        "work.arrivals.weekday": "the same of a weekday",
    },
    1000,
    0,
    _rhythm,
    11,
)


def _released(rng: np.random.Generator, least: int, most: int, named: str) -> Iterator[Told]:
    """Releases with independent gaps and sizes, both lognormal."""
    number = int(np.exp(rng.uniform(np.log(least), np.log(most))))
    middle, size = float(rng.uniform(2, 60)), int(rng.integers(20, 200))
    gaps = middle * np.exp(rng.uniform(0.3, 1.2) * rng.standard_normal(number - 1))
    sizes = np.maximum(1, np.round(size * np.exp(rng.uniform(0.3, 1.0) * rng.standard_normal(number)))).astype(int)
    start = MONDAY + np.concatenate([[0], np.cumsum(np.maximum(gaps, 0.05))]) * HOUR
    when = np.repeat(start.astype(np.int64), sizes)
    by = {one.path: one for one in fit_arrivals(_posted(when), "s").parameters}
    yield Told.of(f"work.releases.size: {named}", size, by["work.s.releases.size"])
    yield Told.of(f"work.releases.gap: {named}", middle, by["work.s.releases.gap"])


def _releases(least: int, most: int, named: str, seed: int) -> Source:
    return Source(
        f"{named} releases",
        {
            f"work.releases.size: {named}": f"median of the law of the sizes of {least} to {most} releases (lognormal)",
            f"work.releases.gap: {named}": "median of the law of the hours between them (lognormal)",
        },
        1000,
        100,
        lambda rng: _released(rng, least, most, named),
        seed,
    )


FEW, MANY = _releases(7, 20, "few", 12), _releases(21, 300, "many", 14)


def _rated(rng: np.random.Generator) -> Iterator[Told]:
    """Poisson releases at a constant rate, sizes geometric."""
    weeks, releases, mean = float(rng.uniform(2, 30)), float(rng.uniform(8, 400)), float(rng.uniform(1, 12))
    number = int(rng.poisson(releases))
    start = np.sort(rng.uniform(0, weeks * WEEK, number)).astype(np.int64)
    found = fit_arrivals(_posted(MONDAY + np.repeat(start, rng.geometric(1 / mean, number))), "s").parameters
    if found:
        yield Told.of("work.arrivals.rate", releases * mean / weeks, found[0])


RATE = Source(
    "rate of arrivals",
    {"work.arrivals.rate": "items a week of Poisson releases (8 to 400 of them) of geometric size"},
    1000,
    0,
    _rated,
    13,
)


def _posted(when: np.ndarray) -> pd.DataFrame:
    """Judgements of items posted then, each begun a little later."""
    return pd.DataFrame(
        {
            "item": np.arange(len(when)).astype(str),
            "posted_at": pd.Series(when).astype("datetime64[ms]"),
            "begin_ms": when + 5,
        }
    )


SOURCES = (RATE, RHYTHM, FEW, MANY)
