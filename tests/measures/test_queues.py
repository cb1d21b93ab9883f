"""The greatest number of stretches at once, and percentiles, against counting."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelcast.sim.kpis import flow
from labelcast.sim.kpis.flow import most_at_once, smallest

STRETCHES = st.lists(st.tuples(st.integers(-20, 20), st.integers(0, 12)), max_size=12)


@pytest.mark.parametrize("buckets", [1, 2, 7, 1 << 15])
@settings(max_examples=80, deadline=None)
@given(STRETCHES)
def test_most_at_once(buckets: int, stretches: list[tuple[int, int]]) -> None:
    """However time is cut into buckets, the peak is that of counting at every moment."""
    start = np.array([at for at, _ in stretches], np.int64)
    end = start + np.array([length for _, length in stretches], np.int64)
    counted = max((int(((start <= t) & (t < end)).sum()) for t in range(-20, 33)), default=0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flow, "BUCKETS", buckets)
        assert most_at_once(start, end) == counted


def test_a_peak_inside_a_bucket() -> None:
    """A thousand short stretches inside one of a year's buckets, none open at its end, are not overlooked."""
    at = np.arange(1000, dtype=np.int64)
    start = np.concatenate([[0], 10_000_000_000 + at])
    end = np.concatenate([[30_000_000_000], 10_000_001_000 + at])
    assert most_at_once(start, end) == 1001


@settings(max_examples=80, deadline=None)
@given(st.lists(st.integers(0, 30), max_size=25), st.integers(1, 100))
def test_smallest(values: list[int], percent: int) -> None:
    """A percentile is the least value that so many of the values do not exceed."""
    found = smallest(np.array(values, np.int64), percent)
    if not values:
        assert np.isnan(found)
        return
    assert found in values
    assert sum(value <= found for value in values) * 100 >= percent * len(values)
    assert sum(value < found for value in values) * 100 < percent * len(values)
