"""Stretches of time against counting every millisecond."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from labelcast.sim.spans import union

INTERVALS = st.lists(st.tuples(st.integers(0, 2), st.integers(-6, 9), st.integers(-6, 9)), max_size=8)


@settings(deadline=None)
@given(INTERVALS, st.integers(0, 3), st.integers(-9, 12), st.integers(0, 12))
def test_covered_counts_each_moment_once(
    intervals: list[tuple[int, int, int]], group: int, start: int, length: int
) -> None:
    """covered, inside and total equal a count of single moments, overlaps and strangers to the spans included."""
    spans = union(*(np.array([row[i] for row in intervals], np.int64) for i in range(3)))
    moments = {(g, t) for g, a, b in intervals for t in range(a, b)}
    one = np.array([group])
    expected = sum((group, t) in moments for t in range(start, start + length))
    assert spans.covered(one, np.array([start]), np.array([start + length])).tolist() == [expected]
    assert spans.inside(one, np.array([start])).tolist() == [(group, start) in moments]
    assert spans.total(one).tolist() == [sum(g == group for g, _ in moments)]
    assert (spans.starts[1:] > spans.ends[:-1]).all()
