"""Frontiers: no plan of one is worse than another in everything, none is missing, and the knee is on it."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from labelcast.scenarios.search.frontier import knee, spread, undominated

VALUES = st.lists(st.lists(st.integers(0, 6), min_size=2, max_size=2), min_size=1, max_size=12)


@given(VALUES)
def test_the_frontier_is_those_that_nobody_beats(values: list[list[int]]) -> None:
    """By the definition, pair by pair."""
    x = np.array(values, np.float64)
    for row, is_on in zip(x, undominated(x), strict=True):
        beaten = any((other <= row).all() and (other < row).any() for other in x)
        assert is_on != beaten


@given(VALUES)
def test_the_knee_is_on_the_frontier(values: list[list[int]]) -> None:
    x = np.array(values, np.float64)
    assert undominated(x)[knee(x)]


def test_the_knee_is_where_both_are_fair() -> None:
    x = np.array([[0.0, 10.0], [1.0, 2.0], [5.0, 1.0], [10.0, 0.0]])
    assert knee(x) == 1


@given(VALUES, st.integers(1, 8))
def test_spread_takes_each_once_and_the_best_of_each_objective(values: list[list[int]], count: int) -> None:
    x = np.array(values, np.float64)
    found = spread(x, count)
    assert len(found) == len(set(found)) == min(count, len(x))
    if count >= 2 and len(x) >= 2:
        assert x[found].min(axis=0).tolist() == x.min(axis=0).tolist()
