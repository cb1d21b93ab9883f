"""The greatest number of stretches at once, against counting."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelcast.sim.kpis import peaks
from labelcast.sim.kpis.peaks import most_at_once

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
        patch.setattr(peaks, "BUCKETS", buckets)
        assert most_at_once(start, end) == counted


def test_a_peak_inside_a_bucket() -> None:
    """A thousand short stretches inside one of a year's buckets, none open at its end, are not overlooked."""
    at = np.arange(1000, dtype=np.int64)
    start = np.concatenate([[0], 10_000_000_000 + at])
    end = np.concatenate([[30_000_000_000], 10_000_001_000 + at])
    assert most_at_once(start, end) == 1001
