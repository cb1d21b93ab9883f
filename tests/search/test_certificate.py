"""Certificates: what passes, how often what should not, and what a few replications say of a goal."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from labelcast.sim.certificate import (
    FAR,
    NEVER,
    PARTS,
    SHARES,
    Certificate,
    certificate,
    chance_at_last,
    kept,
    looks,
    margin,
    missed,
    slack,
)
from labelcast.sim.line import Goal

MEAN = Goal("cycle_time_h", "<=", 5.0)
SHARE = Goal("accuracy", ">=", 0.97)
CHANCE = Goal("finish_days", "<=", 10.0, 0.9)


def normal(mean: float, sd: float, number: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(mean, sd, number)


def test_looks_spend_all_that_is_allowed() -> None:
    assert sum(SHARES) == pytest.approx(1.0)
    assert looks(640) == (80, 160, 320, 640)
    assert looks(100) == (40, 40, 50, 100)
    assert PARTS[-1] == 1


def test_a_mean_without_skewness_is_judged_by_students_t() -> None:
    """At the level at which the one-sided interval just reaches the goal, and not at a lower one."""
    half = np.abs(normal(0.0, 0.5, 40))
    x = 4.9 + np.append(half, -half)  # as much above as below
    p = float(stats.ttest_1samp(x, 5.0, alternative="less").pvalue)
    assert kept(MEAN, x, p * 1.001)
    assert not kept(MEAN, x, p * 0.999)
    up = 0.9725 + np.append(half, -half) * 0.02
    p = float(stats.ttest_1samp(up, 0.97, alternative="greater").pvalue)
    assert kept(SHARE, up, p * 1.001)
    assert not kept(SHARE, up, p * 0.999)


def test_a_long_tail_asks_for_more() -> None:
    """With the same mean and spread, times with a long tail above are surer to be too low by luck."""
    tail = np.random.default_rng(0).exponential(1.0, 80)
    even = normal(0.0, 1.0, 80)
    scaled = [4.75 + (one - one.mean()) / one.std() for one in (tail, even)]
    alphas = [next(a for a in np.geomspace(1e-6, 0.5, 400) if kept(MEAN, one, a)) for one in scaled]
    assert alphas[0] > 1.5 * alphas[1]


def test_what_does_not_differ_is_certain() -> None:
    assert kept(MEAN, np.full(40, 5.0), 1e-9)
    assert not kept(MEAN, np.full(40, 5.1), 0.5)
    assert missed(MEAN, np.full(40, 5.1), 1e-9)


def test_a_chance_is_judged_by_its_count() -> None:
    """Of a share of nine tenths, all of 44 runs are enough at one in a hundred and all of 43 are not: .9^44 < .01."""
    assert kept(CHANCE, np.full(44, 9.0), 0.01)
    assert not kept(CHANCE, np.full(43, 9.0), 0.01)
    assert not kept(CHANCE, np.full(44, 11.0), 0.01)


def test_what_never_ends_keeps_no_goal() -> None:
    x = np.append(np.full(60, 1.0), math.inf)
    assert not kept(MEAN, x, 0.01)
    assert missed(MEAN, x, 0.01)
    assert slack(MEAN, x).value == FAR
    late = Goal("finish_days", "<=", 10.0, 0.5)
    assert kept(late, x, 0.01), "of a chance it is a run that misses it"


def test_it_ends_at_the_look_that_shows_it() -> None:
    clear, not_at_all = normal(4.0, 0.5, 640), normal(6.0, 0.5, 640)
    assert certificate([MEAN], [clear], 640, 640, 0.0125) == Certificate(True, 80)
    assert certificate([MEAN], [clear[:80]], 80, 640, 0.0125) == Certificate(True, 80)
    assert certificate([MEAN], [clear], 640, 640, 0.0125).passed is True
    assert certificate([MEAN], [not_at_all], 640, 640, 0.0125).passed is False
    assert certificate([MEAN], [not_at_all], 640, 640, 0.0125).replications == 80
    assert certificate([MEAN], [clear[:79]], 79, 640, 0.0125).passed is None
    assert certificate([], [], 80, 640, 0.0125).passed is True, "nothing was promised"


def test_all_goals_must_be_shown_at_one_look() -> None:
    good, bad = normal(4.0, 0.5, 640), normal(5.2, 0.5, 640)
    assert certificate([MEAN, MEAN], [good, bad], 640, 640, 0.0125).passed is False


@given(st.sampled_from([MEAN, CHANCE]), st.integers(0, 2**32 - 1), st.floats(-2, 2), st.integers(16, 200))
def test_nothing_is_both_kept_and_missed(goal: Goal, seed: int, shift: float, number: int) -> None:
    x = normal(goal.value + shift, 1.0, number, seed)
    assert not (kept(goal, x, 0.05) and missed(goal, x, 0.05))


@given(st.integers(0, 2**32 - 1), st.floats(0.0, 3.0), st.integers(4, 100))
@settings(deadline=None)
def test_slack_falls_as_plans_get_better(seed: int, by: float, number: int) -> None:
    """For every goal, whatever the luck."""
    for goal, sign in ((MEAN, -1.0), (SHARE, 1.0), (CHANCE, -1.0)):
        x = normal(goal.value, 0.5, number, seed)
        assert slack(goal, x + sign * by).value <= slack(goal, x).value + 1e-9


def test_slack_says_how_far_a_chance_is_from_its_goal() -> None:
    """In normal quantiles: 84% of runs are in time where 90% are wanted."""
    x = stats.norm.ppf((np.arange(4_000) + 0.5) / 4_000) + 9.0
    found = slack(CHANCE, x)
    assert found.value == pytest.approx(stats.norm.ppf(0.9) - 1.0, abs=0.02)
    assert found.error == pytest.approx(found.single / math.sqrt(4_000))


def test_a_chance_that_all_runs_meet_is_told_by_how_far_they_are() -> None:
    near, far = normal(9.2, 0.4, 10), normal(9.0, 0.4, 10)
    assert (near < 10).all()
    assert slack(CHANCE, far).value < slack(CHANCE, near).value < 0


@pytest.mark.parametrize("goal", [MEAN, CHANCE])
def test_half_of_the_plans_at_the_margin_pass(goal: Goal) -> None:
    """With the slack that margin() asks for. 400 plans, one seed; the 99.9% interval of the share holds a half, but for
    the earlier looks, which let pass no more than a tenth besides."""
    alpha, last, plans, passed = 0.0125, 320, 400, 0
    for seed in range(plans):
        if goal.probability is None:
            needed = margin(goal, 1.0, last, alpha)
            x = normal(goal.value - 0.5 * needed, 0.5, last, seed)  # a tenth of the goal is one
        else:
            share = stats.norm.cdf(stats.norm.ppf(goal.probability) + margin(goal, 1.0, last, alpha))
            x = np.where(np.random.default_rng(seed).random(last) < share, 9.0, 11.0)
        passed += bool(certificate([goal], [x], last, last, alpha).passed)
    low, high = stats.binomtest(passed, plans).proportion_ci(0.999)
    assert low <= 0.62
    assert high >= 0.45


@pytest.mark.parametrize("goal", [MEAN, CHANCE])
def test_what_is_given_up_would_hardly_have_passed(goal: Goal) -> None:
    """500 plans that lie at the goal itself or somewhat on its good side: over half of those that fail do so early, and
    of those that did, the last look would have let pass 2% at most, by the 99.9% interval."""
    early = passed_at_last = failed = 0
    for seed in range(500):
        if goal.probability is None:
            x = normal(goal.value - 0.03 * (seed % 2), 0.5, 640, seed)
        else:
            x = np.where(np.random.default_rng(seed).random(640) < goal.probability + 0.015 * (seed % 2), 9.0, 11.0)
        found = certificate([goal], [x], 640, 640, 0.0125)
        failed += found.passed is False
        if found.passed is False and found.replications < 640:
            early += 1
            passed_at_last += kept(goal, x, SHARES[-1] * 0.0125)
    assert early > 0.5 * failed
    assert stats.binomtest(passed_at_last, early).proportion_ci(0.999).low <= 0.02


@pytest.mark.parametrize("goal", [MEAN, CHANCE])
def test_the_chance_to_pass_at_last_is_what_it_says(goal: Goal) -> None:
    """800 plans all around the margin, by their first 160 of 640 replications: of those to which it gives little, some,
    much and nearly all chance, as many pass as it says, by 3.3 standard deviations and one."""
    rng = np.random.default_rng(11)
    said, passed = np.zeros(800), np.zeros(800)
    for number in range(800):
        if goal.probability is None:
            x = rng.normal(goal.value - rng.uniform(-0.15, 0.25), 0.5, 640)
        else:
            x = np.where(rng.random(640) < goal.probability + rng.uniform(-0.1, 0.1), 9.0, 11.0)
        said[number] = chance_at_last(goal, x[:160], 640, 0.0125)
        passed[number] = kept(goal, x, SHARES[-1] * 0.0125)
    for low, high in ((0.0, 0.1), (0.1, 0.5), (0.5, 0.9), (0.9, 1.01)):
        those = (said >= low) & (said < high)
        spread = math.sqrt(float((said[those] * (1.0 - said[those])).sum()))
        assert those.sum() > 20
        assert abs(passed[those].sum() - said[those].sum()) <= 3.3 * spread + 1.0, (low, passed[those].mean())


def test_a_certificate_without_hope_ends_at_its_look() -> None:
    """Two plans at the goal: by 80 replications the one has less than a chance in fifty, the other has more."""
    without, with_some = normal(MEAN.value, 0.5, 80, 13), normal(MEAN.value, 0.5, 80, 6)
    assert chance_at_last(MEAN, without, 640, 0.0125) < 0.02 < chance_at_last(MEAN, with_some, 640, 0.0125) < 0.04
    assert certificate([MEAN], [without], 80, 640, 0.0125) == Certificate(False, 80)
    assert certificate([MEAN], [with_some], 80, 640, 0.0125).passed is None


def test_too_few_replications_can_show_no_chance() -> None:
    """Of nine tenths at one in two hundred: fifty in a row are needed, .9^50 = .0052, and one more."""
    assert margin(CHANCE, 1.0, 50, 0.0125) == NEVER
    assert margin(CHANCE, 1.0, 51, 0.0125) < NEVER


@pytest.mark.verify
@pytest.mark.parametrize("goal", [MEAN, SHARE, CHANCE])
def test_what_just_misses_its_goal_seldom_passes(goal: Goal) -> None:
    """4,000 plans whose truth is the goal itself, where a pass is as likely as it can be for a plan that misses; of
    means, with a long tail on the side that flatters (skewness 1.7, more than that of a KPI of many items): passed by
    no more than 2%, where 1.25% is promised of normal ones and of chances. The lower end of the 99.9% interval of the
    share is held against that: it would fail one time in two thousand."""
    alpha, last, plans = 0.0125, 160, 4_000
    rng, passed = np.random.default_rng(5), 0
    for _ in range(plans):
        if goal.probability is None:
            tail = rng.lognormal(-0.125, 0.5, last) - 1.0
            x = goal.value + tail * (0.5 if goal.relation == "<=" else -0.01)
        else:
            x = np.where(rng.random(last) < goal.probability, 9.0, 11.0)
        passed += bool(certificate([goal], [x], last, last, alpha).passed)
    promised = 0.02 if goal.probability is None else alpha
    assert stats.binomtest(passed, plans).proportion_ci(0.999).low <= promised
