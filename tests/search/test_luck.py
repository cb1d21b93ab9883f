"""Luck that plans share: a short plan is moved by what a longer one knows of it."""

from __future__ import annotations

import numpy as np
import pytest

from labelcast.scenarios.search.luck import LEAST, Moved, Other, moved


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
        found = moved(own[:20], [Other(longer, longer)])
        raw.append(own[:20].mean() - 10.0)
        after.append(own[:20].mean() + found.by - 10.0)
        factors.append(found.factor)
    assert np.std(after) < 0.5 * np.std(raw)
    assert np.std(after) / np.std(raw) == pytest.approx(np.mean(factors), rel=0.15)
    assert abs(np.mean(after)) < 3.3 * np.std(after) / np.sqrt(300)


def test_nothing_is_moved_without_a_longer_plan_on_finite_luck() -> None:
    own, longer = pair(400, 0.9, 1)
    assert moved(own[:20], []) == Moved()
    assert moved(own[: LEAST - 1], [Other(longer, longer)]) == Moved()
    assert moved(np.full(20, 5.0), [Other(longer, longer)]) == Moved()
    for other in (Other(longer, longer[:39]), Other(longer[:19], longer), Other(longer, np.append(longer, np.inf))):
        found = moved(own[:20], [other])
        assert (found.by, found.factor) == (0.0, 1.0)
        assert found.shared == pytest.approx(
            np.corrcoef(own[: min(20, other.chosen.size)], longer[: min(20, other.chosen.size)])[0, 1]
        )


def test_what_luck_is_left_is_that_of_the_longest_plan() -> None:
    """Of 300 pairs with 20 and 400 replications: what the errors of both plans have in common after one was moved, by
    what it is said to be."""
    after, others, said = [], [], []
    for seed in range(300):
        own, longer = pair(400, 0.95, seed)
        found = moved(own[:20], [Other(longer, longer)])
        after.append(own[:20].mean() + found.by - 10.0)
        others.append(longer.mean() - 20.0)
        said.append(found.shared * own[:20].std(ddof=1) / np.sqrt(20))
    common = np.corrcoef(after, others)[0, 1] * np.std(after)
    assert np.mean(said) == pytest.approx(common, rel=0.3)


def test_the_plan_that_goes_with_it_best_is_taken() -> None:
    own, longer = pair(400, 0.99, 2)
    _, other = pair(400, 0.99, 3)
    both = [Other(other, other), Other(longer, longer)]
    assert moved(own[:20], both) == moved(own[:20], both[1:])


def test_a_certificate_tells_how_lucky_all_plans_were() -> None:
    """Sixty replications on luck that plans share, 600 of one plan on other luck: the other's mean comes nearer."""
    raw, after = [], []
    for seed in range(200):
        own, longer = pair(60, 0.95, seed)
        _, fresh = pair(600, 0.95, 10_000 + seed)
        found = moved(own, [Other(longer, np.concatenate([longer, fresh]))])
        raw.append(own.mean() - 10.0)
        after.append(own.mean() + found.by - 10.0)
    assert np.std(after) < 0.6 * np.std(raw)
