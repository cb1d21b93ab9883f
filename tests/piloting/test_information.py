"""What it is worth to know more, against closed forms and against what must hold whatever the numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from scipy import special, stats

from labelcast.sim.information import Gains, gains_of
from labelcast.sim.statistics import Floats, coverage
from labelcast.sim.trials import Trial, Truths

DRAWS = 200


def _even(rng: np.random.Generator, count: int = DRAWS) -> Floats:
    """Draws of a uniform variable, one in each part of equal chance, as draws of a scenario are."""
    return np.asarray((rng.permutation(count) + rng.random(count)) / count)


def _by_pace(seed: int, gain: Callable[[Floats], Floats], noise: float, people: float = 0.0) -> Gains:
    """Pace is N(3, 0.3), times of tasks spread by 1; noise of the values is normal."""
    rng = np.random.default_rng(seed)
    pace = 3 + 0.3 * special.ndtri(_even(rng))
    same = np.ones(DRAWS)
    truths = Truths(0.9 * same, 0 * same, pace, people * same, same)
    return gains_of(truths, gain(pace) + noise * rng.standard_normal(DRAWS), seed)


def _unit_loss(mean: float, spread: float) -> float:
    """What knowing a normal gain is worth: E max(0, gain) - max(0, mean)."""
    z = abs(mean) / spread
    return float(spread * (stats.norm.pdf(z) - z * stats.norm.sf(z)))


@pytest.mark.verify
@pytest.mark.parametrize(("mean", "noise"), [(0.0, 150.0), (100.0, 150.0), (150.0, 400.0)])
def test_normal_gains_are_the_unit_loss_integral(mean: float, noise: float) -> None:
    """Gains linear in a normal pace whose mean over n tasks is seen with variance 1 / n. Over 40 sets of draws the
    intervals of three sizes and of perfect knowledge hold the closed form at a rate whose 99% interval holds 95%, and
    the mean estimate is within 3.3 standard errors and 5% of the largest (fixed seeds; false alarm of each: 1%).
    Source: Raiffa and Schlaifer, Applied statistical decision theory (1961), section 5.4."""
    sizes = (5, 20, 200)
    truth = [_unit_loss(mean, 300 * math.sqrt(0.09 / (0.09 + 1 / n))) for n in sizes] + [_unit_loss(mean, 300)]
    found = []
    for seed in range(40):
        gains = _by_pace(seed, lambda pace: mean + 1_000 * (pace - 3), noise)
        found.append([*(gains.of(Trial(n, n), seed).worth for n in sizes), gains.perfect])
    for one, wanted in zip(zip(*found, strict=True), truth, strict=True):
        held = coverage(sum(each.low <= wanted <= each.high for each in one), 40)
        assert held.low <= 0.95 <= held.high
        values = np.array([each.value for each in one])
        assert values.mean() == pytest.approx(wanted, abs=3.3 * values.std() / math.sqrt(40) + 0.05 * truth[-1])


@pytest.mark.verify
def test_a_share_right_is_enumerated() -> None:
    """Shares right are Beta(18, 2), gains linear in them; outcomes of n labels are beta-binomial, and the mean share
    after k right is (18 + k) / (20 + n). Over 40 sets of draws, as above; the number from which on the second plan is
    taken is that of the closed form, within one label in a hundred and one more (noise of the curve)."""
    sizes = (10, 50, 200)
    truth = []
    for n in sizes:
        k = np.arange(n + 1)
        after = stats.betabinom.pmf(k, n, 18, 2) @ np.maximum(10_000 * ((18 + k) / (20 + n) - 0.88), 0)
        truth.append(float(after) - 200)
    found, needed = [], []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        right, same = stats.beta.ppf(_even(rng), 18, 2), np.ones(DRAWS)
        truths = Truths(right, 0 * same, same, 0 * same, same)
        gains = gains_of(truths, 10_000 * (right - 0.88) + 200 * rng.standard_normal(DRAWS), seed)
        found.append([gains.of(Trial(n, n), seed).worth for n in sizes])
        needed.append([gains.needed(Trial(n, n)) for n in sizes])
    for place, (n, wanted) in enumerate(zip(sizes, truth, strict=True)):
        one = [row[place] for row in found]
        held = coverage(sum(each.low <= wanted <= each.high for each in one), 40)
        assert held.low <= 0.95 <= held.high
        assert np.mean([each.value for each in one]) == pytest.approx(wanted, rel=0.05)
        least = math.ceil(0.88 * (20 + n) - 18)
        assert all(row[place] is not None and abs(row[place] - least) <= 1 + n / 100 for row in needed)


def test_more_labels_tell_more_and_never_all() -> None:
    """Worth rises with labels, to a tenth of a per cent of perfect knowledge, and stays below it; with labels of few
    people it stops short, and is less at each size."""
    gains = _by_pace(1, lambda pace: 40 + 1_000 * (pace - 3), 100.0, people=0.3)
    sizes = (1, 3, 10, 30, 100, 300, 1_000, 30_000)
    many = [gains.of(Trial(n, n), 1).worth.value for n in sizes]
    few = [gains.of(Trial(n, min(n, 3)), 1).worth.value for n in sizes]
    perfect = gains.perfect.value
    for found in (many, few):
        assert all(b >= a - 0.001 * perfect for a, b in pairwise(found))
        assert max(found) <= perfect
    assert many[-1] > 0.98 * perfect
    assert all(b < a for a, b in zip(many[2:], few[2:], strict=True))
    assert few[-1] < 0.85 * perfect
    # Pace is known to a variance of 0.3^2 / 3 at best, whatever the number of labels.
    assert few[-1] == pytest.approx(_unit_loss(40, 300 * math.sqrt(0.09 / (0.09 + 0.03))), rel=0.15)


def test_a_plan_that_always_wins_leaves_nothing_to_learn() -> None:
    """Exactly 0, with no width, and no trial turns the choice; on either side."""
    for sign in (1, -1):
        gains = _by_pace(2, lambda pace, sign=sign: sign * (5_000 + 100 * pace), 30.0)  # type: ignore[misc]
        found = gains.of(Trial(100, 10), 2)
        assert (found.worth.value, found.worth.low, found.worth.high, found.turns) == (0, 0, 0, 0)
        assert gains.perfect.high == 0
        assert gains.chance.value == (sign + 1) / 2


@pytest.mark.verify
def test_luck_is_not_taken_for_knowledge() -> None:
    """Two plans that are alike but for luck: the mean of the greater of two noisy values would promise 0.4 of the
    noise's spread; over 60 sets of draws less than a fiftieth of it is told on average, and the low end is 0 in at
    least 50 (were it in 95% of them, fewer happen once in 10,000 times)."""
    found = [_by_pace(seed, lambda pace: 0 * pace, 100.0).perfect for seed in range(60)]
    rng = np.random.default_rng(1)
    assert np.maximum(100 * rng.standard_normal(10_000), 0).mean() == pytest.approx(40, abs=2)
    assert np.mean([one.value for one in found]) < 2
    assert sum(one.low == 0 for one in found) >= 50


def test_a_trial_that_tells_nothing_is_worth_nothing() -> None:
    """Times that vary by factors of millions, of people who are right alike."""
    rng = np.random.default_rng(5)
    pace, same = 3 + 0.3 * special.ndtri(_even(rng)), np.ones(DRAWS)
    truths = Truths(0.9 * same, 0 * same, pace, 0 * same, 1e4 * same)
    gains = gains_of(truths, 1_000 * (pace - 3) + rng.standard_normal(DRAWS), 1)
    assert gains.perfect.value > 100
    assert gains.of(Trial(100, 10), 1).worth.value < 0.01
