"""Logarithmic bins: exact for small numbers, in order, and near for all."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from labelcast.sim.tally.bins import BINS, bin_of, middle, percentiles

WHOLE = st.integers(-(2**63) + 1, 2**63 - 1) | st.integers(-2000, 2000)


def test_small_numbers_are_exact() -> None:
    """Below 256 the middle of a number's bin is the number; above, two numbers and more share one."""
    for value in range(-255, 256):
        assert middle(bin_of(value)) == value
    assert middle(bin_of(256)) == middle(bin_of(257)) == 256.5


@given(WHOLE)
def test_near(value: int) -> None:
    """The middle of a number's bin is within 1/256 of it, and every number has a bin."""
    assert 0 <= bin_of(value) < BINS
    assert abs(middle(bin_of(value)) - value) <= abs(value) / 256


@given(WHOLE, WHOLE)
def test_in_order(one: int, other: int) -> None:
    """A greater number is never in a lower bin, and the middles of bins rise."""
    low, high = sorted((one, other))
    assert bin_of(low) <= bin_of(high)
    assert (middle(bin_of(low)) < middle(bin_of(high))) == (bin_of(low) < bin_of(high))


def test_a_doubling_has_128_bins() -> None:
    """From a power of two to the next, numbers fall into 128 bins of one width."""
    counts = np.bincount([bin_of(value) for value in range(2048, 4096)])
    assert counts[counts > 0].tolist() == [16] * 128


@given(st.lists(st.integers(0, 10**7), max_size=30), st.integers(1, 100))
def test_percentile(values: list[int], percent: int) -> None:
    """A percentile is near the least of the values that so many of them do not exceed; of nothing it is NaN."""
    counts = np.bincount([bin_of(value) for value in values], minlength=BINS)
    (found,) = percentiles(counts, [percent])
    if not values:
        assert np.isnan(found)
        return
    exact = sorted(values)[-(-len(values) * percent // 100) - 1]
    assert abs(found - exact) <= exact / 256
    assert sum(value <= exact for value in values) * 100 >= percent * len(values)
