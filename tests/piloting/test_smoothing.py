"""Smooth curves through noisy values: known ones come back, and what is simple enough is taken."""

from __future__ import annotations

import numpy as np
import pytest

from labelcast.sim.smoothing import smooth
from labelcast.sim.statistics import Floats, coverage


def _points(count: int, axes: int = 1, seed: int = 1) -> Floats:
    return np.random.default_rng(seed).standard_normal((count, axes))


def test_curves_of_its_own_kind_come_back() -> None:
    """A plane, a surface with products, and a line broken at a quantile: exactly, and with no width."""
    x = _points(200, 2)
    knot = float(np.quantile(x[:, 0], 0.5))
    for values in (3 + 2 * x[:, 0] - x[:, 1], x[:, 0] * x[:, 1] ** 2 - 5, np.maximum(x[:, 0] - knot, 0) + x[:, 1]):
        found = smooth(x, values)
        assert found.fitted == pytest.approx(values, abs=1e-9)
        assert np.ptp(found.drawn(50, 1), axis=0) == pytest.approx(0, abs=1e-9)


def test_the_simplest_that_is_no_worse_is_taken() -> None:
    """A straight line in noise stays one in 19 of 20 samples; a step is followed, which no straight line does."""
    rng = np.random.default_rng(2)
    straight = 0
    for seed in range(20):
        x = _points(200, 1, seed)
        straight += smooth(x, x[:, 0] + rng.standard_normal(200)).coefficients.size == 2
    assert straight >= 17
    x = _points(200)
    step = np.tanh(3 * x[:, 0])
    assert np.abs(smooth(x, step + 0.1 * rng.standard_normal(200)).fitted - step).mean() < 0.05


def test_its_spread_is_that_of_other_samples() -> None:
    """Noise ten times as large on one side: over 200 samples the intervals of the mean and of the curve at the noisy
    end hold at a rate whose 99% interval holds 95%."""
    x = np.sort(_points(100), axis=0)
    rng = np.random.default_rng(3)
    hits = np.zeros(2, int)
    for seed in range(200):
        found = smooth(x, x[:, 0] + np.where(x[:, 0] > 0, 1.0, 0.1) * rng.standard_normal(100))
        curves = found.drawn(400, seed) @ found.basis.T
        for which, (all_of, truth) in enumerate(((curves.mean(axis=1), x.mean()), (curves[:, -5], x[-5, 0]))):
            low, high = np.quantile(all_of, [0.025, 0.975])
            hits[which] += low <= truth <= high
    for held in (coverage(int(one), 200) for one in hits):
        assert held.low <= 0.95 <= held.high
