"""Chance and data told apart, on values whose variances are known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from labelcast.sim.statistics import coverage
from labelcast.sim.twofold import parts, twofold


def _values(rng: np.random.Generator, data: float, chance: float, draws: int = 50, runs: int = 4) -> np.ndarray:
    return 100 + data * rng.standard_normal((draws, 1)) + chance * rng.standard_normal((draws, runs))


@pytest.mark.parametrize(("data", "chance"), [(3.0, 1.0), (1.0, 1.0), (0.3, 1.0)])
def test_variances_come_back_and_intervals_hold(data: float, chance: float) -> None:
    """Over 600 experiments the mean of each variance is the truth within 3.3 standard errors, and the intervals of mean
    and share cover at a rate whose 99% interval holds 95% (fixed seeds)."""
    rng = np.random.default_rng(11)
    found = [twofold(_values(rng, data, chance)) for _ in range(600)]
    within = np.array([one.chance**2 for one in found])
    assert within.mean() == pytest.approx(chance**2, abs=3.3 * within.std() / math.sqrt(600))
    share = data**2 / (data**2 + chance**2)
    for hits in (
        sum(one.low <= share <= one.high for one in found),
        sum(abs(one.mean - 100) <= one.error for one in found),
    ):
        held = coverage(hits, 600)
        assert held.low <= 0.95 <= held.high
    if data >= chance:
        between = np.array([one.data**2 for one in found])
        assert between.mean() == pytest.approx(data**2, abs=3.3 * between.std() / math.sqrt(600))


def test_the_ends_of_what_can_be() -> None:
    """Runs of a draw that are equal: all is data. Equal runs: nothing is. What is not finite tells nothing."""
    rng = np.random.default_rng(2)
    only_data = twofold(np.repeat(rng.standard_normal((20, 1)), 3, axis=1))
    assert (only_data.share, only_data.chance) == (1.0, 0.0)
    assert only_data.data == pytest.approx(only_data.spread)
    nothing = twofold(np.full((20, 3), 7.3))
    assert (nothing.share, nothing.spread, nothing.error) == (0.0, 0.0, 0.0)
    assert math.isnan(twofold(np.array([[1.0, 2.0], [3.0, math.inf]])).share)


def test_the_variable_that_moves_it_comes_first() -> None:
    """Means that are mostly of one variable: it has nearly all of their variance and its slope, another hardly any; a
    variable that never moves is left out."""
    rng = np.random.default_rng(4)
    deviates = [{"still": 0.0, "idle": float(a), "moving": float(b)} for a, b in rng.standard_normal((200, 2))]
    means = np.array([5 + 2.0 * one["moving"] + 0.3 * rng.standard_normal() for one in deviates])
    found = parts(means, deviates)
    assert [one.variable for one in found] == ["moving", "idle"]
    assert found[0].share > 0.95
    assert found[0].slope == pytest.approx(2.0, abs=0.1)
    assert found[1].share < 0.05
