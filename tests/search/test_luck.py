"""Luck that plans share: a short plan is moved by what a longer one knows of it."""

from __future__ import annotations

import numpy as np
import pytest

from labelcast.scenarios.search.luck import LEAST, Moved, moved


def pair(number: int, alike: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Two plans with means 10 and 20 whose luck goes together so far."""
    rng = np.random.default_rng(seed)
    shared, own = rng.standard_normal(number), rng.standard_normal(number)
    return 10.0 + 2.0 * (alike * shared + np.sqrt(1 - alike**2) * own), 20.0 + 3.0 * shared


def test_means_come_nearer_to_the_truth_by_as_much_as_is_said() -> None:
    """Over 300 pairs of plans with 20 and 400 replications: the error of the mean that was moved is that of the mean as
    it is times the factor, to a tenth."""
    raw, after, factors = [], [], []
    for seed in range(300):
        own, longer = pair(400, 0.95, seed)
        found = moved(own[:20], [longer])
        raw.append(own[:20].mean() - 10.0)
        after.append(own[:20].mean() + found.by - 10.0)
        factors.append(found.factor)
    assert np.std(after) < 0.5 * np.std(raw)
    assert np.std(after) / np.std(raw) == pytest.approx(np.mean(factors), rel=0.15)
    assert abs(np.mean(after)) < 3.3 * np.std(after) / np.sqrt(300)


def test_nothing_is_moved_without_a_longer_plan_on_finite_luck() -> None:
    own, longer = pair(400, 0.9, 1)
    assert moved(own[:20], []) == Moved()
    assert moved(own[:20], [longer[:39]]) == Moved(), "not much longer"
    assert moved(own[: LEAST - 1], [longer]) == Moved()
    assert moved(np.full(20, 5.0), [longer]) == Moved()
    assert moved(own[:20], [np.append(longer, np.inf)]) == Moved()


def test_the_plan_that_goes_with_it_best_is_taken() -> None:
    own, longer = pair(400, 0.99, 2)
    _, other = pair(400, 0.99, 3)
    assert moved(own[:20], [other, longer]) == moved(own[:20], [longer])
