"""Intervals, percentiles, paired differences and Holm's correction, against formulas, tables and their own definitions.

Coverage is judged by counting: of 2,000 intervals of true level 95%, the number that hold the truth lies in the central
99% of the binomial distribution with chance 99%. Seeds are fixed, so that nothing flakes.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from books import luck
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from labelcast.sim.statistics import coverage, holm, paired, percentile_interval, summarise, wilson

Interval = Callable[[np.ndarray], tuple[float, float]]

TRIALS = 2_000


def judged(hits: int, chance: float = 0.95, trials: int = TRIALS) -> bool:
    """Whether so many hits are within the central 99% of what `chance` gives."""
    low, high = stats.binom.interval(0.99, trials, chance)
    return bool(low <= hits <= high)


def test_the_mean_has_students_interval() -> None:
    """Against scipy's t interval, at two levels."""
    x = np.array([3.1, 2.7, 4.4, 3.9, 3.0])
    for level in (0.8, 0.95):
        low, high = stats.t.interval(level, 4, loc=x.mean(), scale=stats.sem(x))
        found = summarise(x, level)
        assert (found.mean, found.low, found.high) == pytest.approx((x.mean(), low, high), rel=1e-12)


def test_percentiles_are_order_statistics() -> None:
    """Of 20 replications, in any order: the 1st, 10th, 16th and 19th."""
    found = summarise(np.arange(20.0, 0.0, -1.0))
    assert (found.p5, found.p50, found.p80, found.p95) == (1.0, 10.0, 16.0, 19.0)


@given(st.lists(st.floats(-1e9, 1e9) | st.just(math.inf), min_size=1, max_size=60))
@settings(deadline=None, derandomize=True)
def test_a_percentile_is_the_least_value_that_enough_values_do_not_exceed(values: list[float]) -> None:
    """For any values, infinite ones too: P80 is the least of them that at least 80 of 100 do not exceed."""
    found = summarise(values)
    for percent, value in ((5, found.p5), (50, found.p50), (80, found.p80), (95, found.p95)):
        assert value == min(x for x in values if 100 * sum(y <= x for y in values) >= percent * len(values))


def test_what_never_finished_withholds_the_mean_but_not_the_risk() -> None:
    """One of five infinite: no mean, and a P80 that is known; a NaN withholds everything."""
    found = summarise([1.0, 2.0, 3.0, 4.0, math.inf])
    assert math.isnan(found.mean)
    assert math.isnan(found.low)
    assert math.isnan(found.high)
    assert (found.p50, found.p80, found.p95) == (3.0, 4.0, math.inf)
    assert all(math.isnan(value) for value in vars(summarise([1.0, math.nan, 3.0])).values())
    assert all(math.isnan(value) for value in vars(summarise([])).values())


def test_one_replication_has_no_interval() -> None:
    """A mean alone; equal values have an interval of no width, whatever their sum is rounded to."""
    one = summarise([5.0])
    assert one.mean == one.p5 == one.p95 == 5.0
    assert math.isnan(one.low)
    assert math.isnan(one.high)
    alike = summarise([0.1] * 20)
    assert alike.mean == alike.low == alike.high == 0.1


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilsons_interval_is_the_published_one(successes: int, trials: int, low: float, high: float) -> None:
    """Against Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 1998, table I,
    method 3."""
    assert wilson(successes, trials) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 500), st.data(), st.sampled_from([0.8, 0.95, 0.99]))
@settings(deadline=None, derandomize=True)
def test_wilsons_limits_are_the_chances_that_a_score_test_just_admits(
    n: int, data: st.DataObject, level: float
) -> None:
    """Each limit p, if not 0 or 1, solves |x/n - p| = z sqrt(p (1 - p) / n), for any x of n."""
    x = data.draw(st.integers(0, n))
    z = stats.norm.isf((1 - level) / 2)
    low, high = wilson(x, n, level)
    assert 0 <= low <= x / n <= high <= 1
    assert low < high
    assert (low == 0.0) == (x == 0)
    assert (high == 1.0) == (x == n)
    for limit in (low, high):
        if 0 < limit < 1:
            assert abs(x / n - limit) == pytest.approx(z * math.sqrt(limit * (1 - limit) / n), rel=1e-6, abs=1e-9)


def test_no_success_is_not_no_chance() -> None:
    """0 of 20 admits up to 16%, 20 of 20 down to 84%, and no trial says nothing."""
    assert wilson(0, 20)[1] > 0.16
    assert wilson(20, 20)[0] < 0.84
    assert wilson(0, 0) == (0.0, 1.0)


def test_paired_differences_are_students() -> None:
    """Against scipy's paired test, on luck that both share."""
    twenty = luck()
    a, b = 10 + 3 * twenty + np.roll(twenty, 3), 9.6 + 3 * twenty
    found, known = paired(a, b), stats.ttest_rel(a, b)
    interval = known.confidence_interval(0.95)
    assert found.p_value == pytest.approx(known.pvalue, rel=1e-9)
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high), rel=1e-9)
    assert found.mean == pytest.approx((a - b).mean(), rel=1e-12)
    assert found.high - found.low < stats.ttest_ind(a, b).confidence_interval(0.95).high  # what pairing is for


def test_differences_without_spread_are_sure() -> None:
    """Always the same difference: no width, p = 0; none at all: p = 1; rounding of the mean makes no spread."""
    always = paired([1.3] * 7, [1.2] * 7)
    assert always.mean == always.low == always.high == pytest.approx(0.1)
    assert always.p_value == 0.0
    assert paired([1.5] * 7, [1.5] * 7) == paired([2.0] * 7, [2.0] * 7)
    assert paired([1.5] * 7, [1.5] * 7).p_value == 1.0


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_differences_of_what_is_withheld_are_withheld(bad: float) -> None:
    """A NaN or an infinity in either, even in both at one place, leaves no difference and gives no warning."""
    for a, b in (([1.0, bad], [1.0, 2.0]), ([1.0, 2.0], [bad, 2.0]), ([1.0, bad], [2.0, bad])):
        assert all(math.isnan(value) for value in vars(paired(a, b)).values())
    one = paired([3.0], [1.0])
    assert one.mean == 2.0
    assert math.isnan(one.low)
    assert math.isnan(one.p_value)


def test_holm_by_hand() -> None:
    """.005 x 4, .01 x 3, .03 x 2, and .04 no less than the one before; what is NaN is no test and counts for none."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    with_nan = holm([0.01, math.nan, 0.04])
    assert math.isnan(with_nan[1])
    assert [with_nan[0], with_nan[2]] == pytest.approx([0.02, 0.04])
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []


@given(st.lists(st.floats(0, 1), max_size=12), st.floats(0.001, 0.5))
@settings(deadline=None, derandomize=True)
def test_holm_rejects_what_its_steps_reject(p_values: list[float], level: float) -> None:
    """An adjusted p is at most the level just where the step-down procedure of the paper rejects."""
    adjusted = holm(p_values)
    order = sorted(range(len(p_values)), key=lambda place: p_values[place])
    rejecting = True
    for rank, place in enumerate(order):
        left = len(order) - rank
        rejecting = rejecting and p_values[place] * left <= level
        assert (adjusted[place] <= level) == rejecting


@pytest.mark.verify
def test_intervals_of_the_mean_cover_at_their_level() -> None:
    """Of samples of five normal numbers 95% of the intervals hold their mean; the normal quantile, planted in place of
    Student's, holds it in 88% and is found out."""

    def t(x: np.ndarray) -> tuple[float, float]:
        found = summarise(x)
        return found.low, found.high

    def planted(x: np.ndarray) -> tuple[float, float]:
        half = 1.96 * x.std(ddof=1) / math.sqrt(x.size)
        return float(x.mean() - half), float(x.mean() + half)

    def hits(interval: Interval) -> int:
        samples = np.random.default_rng(11).normal(3.0, 2.0, (TRIALS, 5))
        return sum(low <= 3.0 <= high for low, high in map(interval, samples))

    assert judged(hits(t))
    assert not judged(hits(planted))


@pytest.mark.verify
def test_intervals_of_a_chance_cover_at_their_level() -> None:
    """Over chances spread evenly from 0 to 1, 95% of Wilson's intervals of 50 trials hold theirs; the textbook's
    p +- z sqrt(p (1 - p) / n), planted in its place, falls short and is found out."""

    def planted(x: int, n: int) -> tuple[float, float]:
        half = 1.96 * math.sqrt(x / n * (1 - x / n) / n)
        return x / n - half, x / n + half

    def hits(interval: Callable[[int, int], tuple[float, float]]) -> int:
        rng = np.random.default_rng(12)
        truth = rng.uniform(0, 1, TRIALS)
        found = [interval(int(x), 50) for x in rng.binomial(50, truth)]
        return sum(low <= p <= high for p, (low, high) in zip(truth, found, strict=True))

    assert judged(hits(wilson))
    assert not judged(hits(planted))


@pytest.mark.verify
def test_differences_cover_and_alarm_at_their_level() -> None:
    """On luck that both share, 95% of paired intervals hold the true difference, and 5% of comparisons of equals are
    below 0.05; of twelve equals at once Holm's correction alarms in no more than 5%, p-values by themselves in 46%."""
    rng = np.random.default_rng(13)
    held = alarms = family = planted = 0
    for _ in range(TRIALS):
        luck = rng.normal(0, 5, 10)
        found = paired(luck + rng.normal(1, 1, 10), luck + rng.normal(0, 1, 10))
        held += found.low <= 1.0 <= found.high
        alarms += paired(luck + rng.normal(0, 1, 10), luck + rng.normal(0, 1, 10)).p_value < 0.05
        p_values = rng.uniform(0, 1, 12).tolist()
        family += min(holm(p_values)) < 0.05
        planted += min(p_values) < 0.05
    assert judged(held)
    assert judged(alarms, 0.05)
    assert judged(family, 1 - (1 - 0.05 / 12) ** 12)
    assert not judged(planted, 1 - (1 - 0.05 / 12) ** 12)


def test_coverage_has_the_exact_interval_of_its_chance() -> None:
    """950 hits of 1,000 against the beta quantiles of Clopper and Pearson; at the ends 0 and 1 belong to it."""
    found = coverage(950, 1_000)
    expected = 0.95, stats.beta.ppf(0.005, 950, 51), stats.beta.ppf(0.995, 951, 50)
    assert (found.mean, found.low, found.high) == pytest.approx(expected, rel=1e-9)
    assert math.isnan(found.p50)
    assert (coverage(0, 20).low, coverage(20, 20).high) == (0.0, 1.0)
    furthest = 1 - 0.005 ** (1 / 20)
    assert (coverage(0, 20).high, 1 - coverage(20, 20).low) == pytest.approx((furthest, furthest), rel=1e-9)
    assert (coverage(0, 0).low, coverage(0, 0).high) == (0.0, 1.0)
    assert math.isnan(coverage(0, 0).mean)
    with pytest.raises(AssertionError, match="no more intervals"):
        coverage(3, 2)


def test_honest_intervals_are_seldom_called_dishonest_and_short_ones_are() -> None:
    """Summed over all hits that 1,000 honest 95% intervals may have, the chance that 95% lies outside the interval of
    their coverage is at most 1%; intervals that hold the truth in 92% of cases are called out with chance above 80%."""
    trials = 1_000
    hits = np.arange(trials + 1)
    out = np.array([not found.low <= 0.95 <= found.high for found in (coverage(int(n), trials) for n in hits)])
    assert 0.001 < stats.binom.pmf(hits, trials, 0.95)[out].sum() <= 0.01
    assert stats.binom.pmf(hits, trials, 0.92)[out].sum() > 0.8


@pytest.mark.parametrize("count", [1, 5, 16, 17, 30, 100, 1_000])
@pytest.mark.parametrize("share", [0.05, 0.5, 0.8])
def test_the_interval_of_a_percentile_is_that_of_the_chance(count: int, share: float) -> None:
    """An amount lies between the two order statistics where Wilson's interval of the chance to stay at or below it
    holds the share. Values below the true quantile are binomial: of 16 and more it lies between them with 92% at least,
    about 95% mostly, as Wilson's intervals do."""
    low, high = percentile_interval(np.arange(1, count + 1), share)
    for amount in np.arange(0.5, count + 1):
        least, most = wilson(int(amount), count)
        assert bool(low <= amount < high) == (least <= share <= most)
    below = stats.binom(count, share)
    first = 0 if math.isinf(low) else int(low)
    last = count + 1 if math.isinf(high) else int(high)
    assert count < 16 or below.cdf(last - 1) - below.cdf(first - 1) >= 0.92
