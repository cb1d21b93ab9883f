"""Rates by hour of the week, growth and epoch: against the clock on the wall, and recovered from what they bring."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lines import ALWAYS, OFFICE
from scipy import stats

from labelcast.sim import intensity as room
from labelcast.sim.draws import Purpose, name_key, stream, where
from labelcast.sim.intensity import EARLY_H, NOTHING, Intensity, ended, faded, intensity, joined, moments
from labelcast.sim.line import Calendar
from labelcast.sim.plan import ARRIVING
from labelcast.sim.quantiles import LENGTH, exponential

HOUR = 3_600_000
WEEK = 168 * HOUR
PARIS = ZoneInfo("Europe/Paris")
SHAPE = tuple(float(h % 24 + 3 * (h // 24)) for h in range(168))


def arrivals(rate: Intensity, seed: int = 1, gaps: np.ndarray | None = None, tick: int = 1) -> np.ndarray:
    table = np.ones(LENGTH) if gaps is None else gaps
    purpose = where(Purpose.ARRIVAL)
    return moments(stream(seed, 0), name_key("items"), purpose, ARRIVING, *rate, 1 << 62, 1 << 62, tick, table)


def only(*hours: int) -> tuple[float, ...]:
    return tuple(float(h in hours) for h in range(168))


def test_every_hour_has_its_weight() -> None:
    """Open 09:00-11:00 and 12:00-13:00 on Mondays; weights 1, 3, 2 for these hours, 9 for closed ones: 12 items a week
    are 2, 6 and 4. With every gap its mean, one comes at 09:30, 10:00, 10:10, ..., and the one that is due when all
    closes at 11:00 comes when it opens at 12:00."""
    calendar = Calendar("monday", "UTC", ((0, 9 * 3600, 11 * 3600), (0, 12 * 3600, 13 * 3600)))
    shape = tuple({9: 1.0, 10: 3.0, 12: 2.0}.get(h, 9.0) for h in range(168))
    rate = intensity(12.0, calendar, shape, 0.0, datetime(2027, 1, 4, tzinfo=UTC), WEEK)
    assert rate.starts.tolist() == [9 * HOUR, 10 * HOUR, 12 * HOUR]
    assert rate.ends.tolist() == [10 * HOUR, 11 * HOUR, 13 * HOUR]
    assert (rate.weight / rate.gap * HOUR).round(9).tolist() == [2.0, 6.0, 4.0]
    minutes = [570, 600, 610, 620, 630, 640, 650, 720, 735, 750, 765]
    assert np.abs(arrivals(rate)[:11] - np.array(minutes) * 60_000).max() <= 1


@pytest.mark.parametrize(("start", "expected"), [((2027, 3, 22), 0), ((2027, 7, 5), 10), ((2027, 10, 25), 20)])
def test_an_hour_that_is_skipped_brings_nothing_and_one_that_comes_twice_twice(
    start: tuple[int, int, int], expected: int
) -> None:
    """All weight on Sunday 02:00-03:00 in Paris, 10 items a week: none in the week in which the clock skips it, 20 in
    that in which it comes twice."""
    calendar = dataclasses.replace(ALWAYS, timezone="Europe/Paris")
    monday = datetime(*start)
    origin, end = monday.replace(tzinfo=PARIS), (monday + timedelta(days=7)).replace(tzinfo=PARIS)
    week = (end.astimezone(UTC) - origin.astimezone(UTC)) // timedelta(milliseconds=1)
    rate = intensity(10.0, calendar, only(6 * 24 + 2), 0.0, origin, week)
    assert round(float(((rate.ends - rate.starts) * rate.weight / rate.gap).sum()), 6) == expected


def test_a_clock_may_change_within_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    """No zone does so today, but one might: put forward by 50 minutes at 00:20, a clock shows hour 1 from then on, and
    hour 2 from 01:10."""
    change = (np.array([-1, HOUR // 3]), np.array([0, 5 * HOUR // 6]))
    monkeypatch.setattr(room, "_offsets", lambda *_: change)
    shape = tuple(h + 1.0 for h in range(168))
    rate = intensity(168.0, ALWAYS, shape, 0.0, datetime(2027, 1, 4, tzinfo=UTC), 2 * HOUR)
    assert (rate.starts / 60_000).tolist() == [0.0, 20.0, 70.0]
    assert (rate.weight / rate.weight[0]).round(9).tolist() == [1.0, 2.0, 3.0]


def test_growth_goes_in_steps_of_an_hour() -> None:
    """168 a week, 10% more each week: 1.1^(h / 168) items in hour h, constant inside; in week 3, 1.1^3 in its first."""
    rate = intensity(168.0, ALWAYS, None, 0.1, datetime(2027, 1, 4, tzinfo=UTC), 4 * WEEK)
    assert rate.starts.tolist() == list(range(0, 4 * WEEK, HOUR))
    per_hour = rate.weight / rate.gap * HOUR
    assert np.allclose(per_hour, 1.1 ** (np.arange(672) / 168), rtol=1e-12)
    assert np.isclose(per_hour[3 * 168], 1.1**3, rtol=1e-12)


ZONES = st.sampled_from(
    ["UTC", "Europe/Paris", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Casablanca"]
)
CALENDARS = st.sampled_from(
    [ALWAYS.intervals, OFFICE.intervals, ((5, 1800, 9000), (6, 0, 14_400), (6, 81_000, 86_400))]
)


@settings(max_examples=30, deadline=None)
@given(
    ZONES,
    CALENDARS,
    st.lists(st.integers(0, 9), min_size=168, max_size=168),
    st.sampled_from([0.0, 0.05, -0.2]),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1), timezones=st.just(UTC)),
    st.integers(0, 2**32),
)
def test_the_rate_is_that_of_the_clock_on_the_wall(
    zone: str,
    intervals: tuple[tuple[int, int, int], ...],
    weights: list[int],
    growth: float,
    origin: datetime,
    seed: int,
) -> None:
    """At any moment, in any zone: nothing when closed; else per_week times the hour's weight over the sum of weight
    times open time of a regular week, times growth by full hours since the start."""
    shape = tuple(float(w + 1) for w in weights)
    calendar = Calendar("any", zone, intervals)
    horizon = 30 * WEEK
    rate = intensity(1000.0, calendar, shape, growth, origin, horizon)
    weekly = sum(
        shape[day * 24 + minute // 60] * 60_000
        for day, start, end in intervals
        for minute in range(start // 60, end // 60)
    )
    for at in np.random.default_rng(seed).integers(0, horizon, 40).tolist():
        local = (origin + timedelta(milliseconds=at)).astimezone(ZoneInfo(zone))
        second = local.hour * 3600 + local.minute * 60 + local.second
        is_open = any(day == local.weekday() and start <= second < end for day, start, end in intervals)
        expected = 1000.0 * shape[local.weekday() * 24 + local.hour] / weekly * (1 + growth) ** (at // HOUR / 168)
        k = int(np.searchsorted(rate.starts, at, side="right")) - 1
        found = rate.weight[k] / rate.gap if k >= 0 and at < rate.ends[k] else 0.0
        assert np.isclose(found, expected * is_open, rtol=1e-9, atol=0)


@given(st.lists(st.integers(0, 3), min_size=168, max_size=168).filter(any), st.integers(0, 168 * 6))
def test_an_intensity_is_a_law_abiding_one(weights: list[int], horizon_h: int) -> None:
    """Pieces are sorted, disjoint and inside the run; their sums are right; no two neighbours could be one."""
    shape = tuple(map(float, weights))
    rate = intensity(500.0, ALWAYS, shape, 0.0, datetime(2027, 1, 4, 5, 30, tzinfo=UTC), horizon_h * HOUR)
    assert (rate.starts < rate.ends).all()
    assert (rate.starts[1:] >= rate.ends[:-1]).all()
    assert (rate.weight > 0).all()
    assert ((rate.starts[1:] > rate.ends[:-1]) | (rate.weight[1:] != rate.weight[:-1])).all()
    assert rate.starts.size == 0 or (rate.starts[0] >= 0 and rate.ends[-1] <= horizon_h * HOUR)
    sums = np.append(0.0, np.cumsum(rate.weight * (rate.ends - rate.starts)))[: rate.starts.size]
    assert (rate.before == sums).all()


def equal(a: Intensity, b: Intensity) -> bool:
    return all(np.array_equal(x, y) for x, y in zip(a, b, strict=True))


def test_neutral_settings_change_nothing() -> None:
    """A level shape is none; only ratios count; no growth; joined with itself, or ended at the horizon, a rate is what
    it was to the last bit."""
    origin = datetime(2027, 3, 25, tzinfo=PARIS)
    office = dataclasses.replace(OFFICE, timezone="Europe/Paris")
    plain = intensity(700.0, office, None, 0.0, origin, 9 * WEEK)
    assert (plain.weight == 1.0).all()
    assert equal(plain, intensity(700.0, office, (0.3,) * 168, 0.0, origin, 9 * WEEK))
    shaped = intensity(700.0, office, tuple(s + 1 for s in SHAPE), 0.02, origin, 9 * WEEK)
    assert equal(shaped, intensity(700.0, office, tuple(2 * s + 2 for s in SHAPE), 0.02, origin, 9 * WEEK))
    for rate in (plain, shaped):
        assert equal(rate, joined([(0, rate), (2 * WEEK + 12_345, rate), (5 * WEEK, rate)]))
        assert equal(rate, ended(rate, 9 * WEEK))
    assert intensity(0.0, office, None, 0.0, origin, WEEK) is NOTHING
    assert arrivals(NOTHING).size == 0


def test_each_part_holds_from_its_moment_on() -> None:
    """One an hour for two hours, nothing for one, three an hour for two: the item that is due at 02:00 comes when the
    stream goes on, at 03:00, then one every twenty minutes; and if there is nothing before 03:00, those alone."""
    one, three = (intensity(168.0 * n, ALWAYS, None, 0.0, datetime(2027, 1, 4, tzinfo=UTC), 5 * HOUR) for n in (1, 3))
    rate = joined([(0, one), (2 * HOUR, NOTHING), (3 * HOUR, three)])
    minutes = [60, 180, 200, 220, 240, 260, 280]
    assert arrivals(rate).tolist() == [m * 60_000 for m in minutes]
    late = joined([(0, NOTHING), (3 * HOUR, three)])
    assert late.gap == three.gap
    assert arrivals(late).tolist() == [m * 60_000 for m in (200, 220, 240, 260, 280)]


def test_a_stream_ends_at_its_limit_or_before_its_moment() -> None:
    """One an hour: at most three; before 04:00, which is exclusive; in ticks of 90 minutes, the whole ones before."""
    rate = intensity(168.0, ALWAYS, None, 0.0, datetime(2027, 1, 4, tzinfo=UTC), WEEK)

    def hours(limit: int, until: int, tick: int) -> list[float]:
        key, purpose = name_key("items"), where(Purpose.ARRIVAL)
        return (moments(1, key, purpose, 0, *rate, limit, until, tick, np.ones(LENGTH)) / HOUR).tolist()

    assert hours(3, WEEK, 1) == [1.0, 2.0, 3.0]
    assert hours(9, 4 * HOUR, 1) == [1.0, 2.0, 3.0]
    assert hours(9, 4 * HOUR + 1, 1) == [1.0, 2.0, 3.0, 4.0]
    assert hours(4, WEEK, 3 * HOUR // 2) == [0.0, 1.5, 3.0, 3.0]
    assert hours(0, WEEK, 1) == []


def test_a_rate_that_changes_later_moves_no_arrival_before() -> None:
    """Common random numbers: doubled from week 3 on, or ended there, a stream has the same arrivals until then."""
    origin = datetime(2027, 3, 25, tzinfo=PARIS)
    one, two = (intensity(n, OFFICE, SHAPE, 0.01, origin, 6 * WEEK) for n in (700.0, 1400.0))
    plain, faster, cut = (
        arrivals(rate, gaps=exponential()) for rate in (one, joined([(0, one), (3 * WEEK, two)]), ended(one, 3 * WEEK))
    )
    before = plain[plain < 3 * WEEK]
    assert 1800 < before.size < 2600
    assert (before == faster[: before.size]).all()
    assert (before == cut).all()
    assert faster.size > 1.4 * plain.size


def by_hour_of_week(times: np.ndarray, origin: datetime, zone: str) -> np.ndarray:
    local = (pd.Timestamp(origin) + pd.to_timedelta(times, unit="ms")).tz_convert(zone)
    return np.bincount(local.day_of_week * 24 + local.hour, minlength=168)


@pytest.mark.verify
def test_rates_by_hour_of_the_week_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """A year of 2,000 items a week in Paris, across both changes of the clock: Pearson's chi-square of the 168 counts
    (Poisson, so 168 degrees of freedom), three seeds, each with a false-alarm rate of 1 in 1,000.
    Planted fault: the offset of the start holds all through, which is an hour wrong in half of the year."""
    origin, shape = datetime(2027, 1, 14, 10, tzinfo=PARIS), tuple(s + 2.0 for s in SHAPE)
    calendar = dataclasses.replace(ALWAYS, timezone="Europe/Paris")
    rate = intensity(2000.0, calendar, shape, 0.0, origin, 52 * WEEK)
    hours = by_hour_of_week(np.arange(0, 52 * WEEK, HOUR), origin, "Europe/Paris")  # the start is at a full hour
    expected = 2000.0 * np.array(shape) / sum(shape) * hours
    assert expected.min() > 5

    def p_value(rate: Intensity, seed: int) -> float:
        found = by_hour_of_week(arrivals(rate, seed, exponential()), origin, "Europe/Paris")
        return float(stats.chi2.sf(((found - expected) ** 2 / expected).sum(), 168))

    for seed in (1, 2, 3):
        assert p_value(rate, seed) > 0.001
    true = room._offsets
    monkeypatch.setattr(room, "_offsets", lambda *a: tuple(column[:1] for column in true(*a)))
    wrong = intensity(2000.0, calendar, shape, 0.0, origin, 52 * WEEK)
    assert p_value(wrong, 1) < 1e-6


@pytest.mark.verify
def test_a_stream_with_a_rate_that_moves_is_poisson() -> None:
    """M_t: shape, growth of 3% a week and an epoch together, 26 weeks, 60 seeds. The counts of each week have the mean
    that the rate integrates to (chi-square, 26 degrees of freedom) and the dispersion of Poisson counts (chi-square,
    26 x 59), and the times, carried through the expected number, are uniform (Kolmogorov-Smirnov). False alarms: 1 in
    1,000 each. Planted fault: growth of 2.8% where 3% is expected."""
    origin, weeks, seeds = datetime(2027, 3, 1, tzinfo=UTC), 26, 60
    office = dataclasses.replace(OFFICE, timezone="UTC")

    def rate(growth: float) -> Intensity:
        one, two = (intensity(n, office, SHAPE, growth, origin, weeks * WEEK) for n in (300.0, 500.0))
        return joined([(0, one), (10 * WEEK, two)])

    hours = np.arange(weeks * 168)
    weight = np.array(SHAPE) * np.isin(np.arange(168) % 24, [9, 10, 11, 12, 14, 15, 16, 17]) * (np.arange(168) < 120)
    mean = np.where(hours < 1680, 300.0, 500.0) * weight[hours % 168] / weight.sum() * 1.03 ** (hours / 168)
    weekly = mean.reshape(weeks, 168).sum(axis=1)

    def counts(growth: float) -> tuple[np.ndarray, np.ndarray]:
        times = [arrivals(rate(growth), seed, exponential()) for seed in range(seeds)]
        return np.array([np.bincount(t // WEEK, minlength=weeks) for t in times]), np.concatenate(times)

    def p_mean(found: np.ndarray) -> float:
        total = found.sum(axis=0)
        return float(stats.chi2.sf(((total - seeds * weekly) ** 2 / (seeds * weekly)).sum(), weeks))

    found, times = counts(0.03)
    assert p_mean(found) > 0.001
    dispersion = (((found - found.mean(axis=0)) ** 2) / found.mean(axis=0)).sum()
    assert 0.0005 < stats.chi2.cdf(dispersion, weeks * (seeds - 1)) < 0.9995
    cumulated = np.append(0.0, np.cumsum(mean)) / mean.sum()
    assert stats.kstest(np.interp(times / HOUR, np.arange(weeks * 168 + 1), cumulated), "uniform").pvalue > 0.001
    assert p_mean(counts(0.028)[0]) < 1e-6


def test_visits_fade_with_the_hours_since_posting() -> None:
    """Over any span the expected number is the integral of ((t + e) / (1 + e))^-b, t since the last posting, to half a
    percent: from a posting before the start, and anew from a release."""
    plain = intensity(168.0, ALWAYS, None, 0.0, datetime(2026, 1, 5, tzinfo=UTC), 48 * HOUR)
    for exponent in (0.3, 1.0, 1.5):
        found = faded(plain, [-2 * HOUR, 10 * HOUR], exponent)
        for begin, end, since in ((0, 10, -2), (10, 11, 10), (11, 48, 10)):
            fine = begin + (np.arange(200_000) + 0.5) / 200_000 * (end - begin)
            wanted = (end - begin) * np.mean(((fine - since + EARLY_H) / (1 + EARLY_H)) ** -exponent)
            low, high = np.maximum(found.starts, begin * HOUR), np.minimum(found.ends, end * HOUR)
            got = float((found.weight * np.maximum(high - low, 0)).sum() / found.gap)
            assert got == pytest.approx(wanted, rel=0.005)
    assert faded(plain, [0], 0.0) is plain
    assert faded(NOTHING, [0], 0.5) is NOTHING
