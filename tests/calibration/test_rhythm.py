"""Releases, growth, hours and weekdays of arrivals, drawn with what is to be found."""

from __future__ import annotations

import numpy as np
import pytest
from recovery.arrivals import HOUR, MONDAY, WEEK, drawn
from scipy import stats

from labelcast.calibration import rhythm


def test_hours_and_weekdays_come_back() -> None:
    """Monday has twice the rate of Tuesday, Sunday none, and hours lie between 9 and 17 h local time."""
    found = {one.path: one for one in rhythm.shape(drawn(1, grows=0.0), 400, "UTC", "s")}
    monday, tuesday = (found[f"work.s.arrivals.weekday.{day}"] for day in ("Mon", "Tue"))
    assert monday.low <= 2 <= monday.high
    assert tuesday.low <= 1 <= tuesday.high
    assert found["work.s.arrivals.weekday.Sun"].value <= 0.02
    assert found["work.s.arrivals.hour.12"].low <= 3 <= found["work.s.arrivals.hour.12"].high
    assert found["work.s.arrivals.hour.20"].value == 0
    there = {one.path: one for one in rhythm.shape(drawn(1, grows=0.0), 400, "Asia/Tokyo", "s")}
    assert there["work.s.arrivals.hour.21"].value == found["work.s.arrivals.hour.12"].value


def test_what_is_too_short_tells_nothing() -> None:
    """Three weeks tell no hours, five no growth; one release at a time has no size."""
    assert rhythm.shape(drawn(1, weeks=3), 400, "UTC", "s") == []
    assert rhythm.shape(drawn(1), 10, "UTC", "s") == []
    assert rhythm.growth(drawn(1, weeks=5), "s") is None
    assert rhythm.releases(np.arange(30) * HOUR, np.arange(30), "s") == []


def test_releases_by_hand() -> None:
    """Seven releases of 1 to 7 items, a day apart: the median size is 4 and the gap 24 hours."""
    sizes = np.arange(1, 8)
    release = np.repeat(np.arange(7), sizes)
    size, gap = rhythm.releases(release * 24 * HOUR, release, "s")
    assert (size.value, gap.value) == (4.0, 24.0)
    assert size.low <= 4 <= size.high


def test_an_empty_week_is_no_fault() -> None:
    """Weeks without arrivals count as zero, and growth stays finite with an interval around it; where all came in the
    first full week, whether these are 20 or one, nothing is told."""
    hours = np.arange(20) * HOUR
    stamps = np.concatenate([MONDAY + hours, MONDAY + 9 * WEEK + hours, [MONDAY + 10 * WEEK + HOUR]])
    found = rhythm.growth(stamps, "s")
    assert found is not None
    assert np.isfinite([found.low, found.value, found.high]).all()
    assert found.low < 0 < found.high
    for first in (hours, hours[:1]):
        assert rhythm.growth(np.concatenate([MONDAY + first, [MONDAY + 20 * WEEK + HOUR]]), "s") is None


@pytest.mark.verify
def test_growth_lies_within_its_interval() -> None:
    """200 drawn logs of twelve weeks in releases: the growth of 5% a week lies within as many 95% intervals as a
    binomial of 95% reaches with chance 99.9%, and no more often outside on one side than chance."""
    logs = 200
    found = [rhythm.growth(drawn(seed), "s") for seed in range(logs)]
    inside = sum(one.low <= 0.05 <= one.high for one in found)
    below = sum(one.high < 0.05 for one in found)
    assert inside >= stats.binom.ppf(0.001, logs, 0.95), inside
    assert below <= stats.binom.ppf(0.999, logs, 0.025), below


@pytest.mark.verify
def test_factors_lie_within_their_intervals() -> None:
    """200 drawn logs: the factors of Monday, Tuesday and noon lie within as many 95% intervals as a binomial of 95%
    reaches with chance 99.9% each."""
    truth = {"weekday.Mon": 2.0, "weekday.Tue": 1.0, "hour.12": 3.0}
    hits = dict.fromkeys(truth, 0)
    logs = 200
    for seed in range(logs):
        found = {one.path: one for one in rhythm.shape(drawn(seed, grows=0.0), 400, "UTC", "s")}
        for name, value in truth.items():
            one = found[f"work.s.arrivals.{name}"]
            hits[name] += one.low <= value <= one.high
    assert min(hits.values()) >= stats.binom.ppf(0.001, logs, 0.95), hits


def test_where_nothing_came_something_may() -> None:
    """An hour without arrivals has a factor of 0, and an upper end above it that shrinks with the length of the log."""
    counts = np.full((10, 24), 5.0)
    counts[:, 3] = 0
    value, low, high = rhythm.factors(counts)
    assert (value[3], low[3]) == (0, 0)
    assert 0 < rhythm.factors(np.tile(counts, (4, 1)))[2][3] < high[3] < 0.2
