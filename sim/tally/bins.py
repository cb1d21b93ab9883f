"""Whole numbers in logarithmic bins: exact below 256, 128 bins to each doubling above, so that none is wider than 1/128
of what it holds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .inlined import inlined

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

PER_DOUBLING = 128
HALF = 57 * PER_DOUBLING
"""Bins of zero and the numbers above it, up to the greatest of 64 bits."""

BINS = 2 * HALF
"""Zero stands at HALF, negative numbers mirrored below it: a recorded log may have waits that its clocks make so."""


@inlined
def bin_of(value: int) -> int:
    """The bin of a whole number; greater numbers are never in lower bins."""
    size = value if value >= 0 else -value
    shift, rest = 0, size >> 8
    for step in (32, 16, 8, 4, 2, 1):
        if rest >> (step - 1):
            rest >>= step
            shift += step
    place = shift * PER_DOUBLING + (size >> shift)
    return HALF + place if value >= 0 else HALF - place


def middle(number: Ints | int) -> Floats:
    """The middle of the whole numbers of each bin: the number itself below 256, half a hundredth away at most above."""
    place = np.abs(np.asarray(number, np.int64) - HALF)
    shift = np.maximum(place // PER_DOUBLING - 1, 0)
    low = (place - shift * PER_DOUBLING) << shift
    value = low + ((1 << shift) - 1) / 2
    found: Floats = np.where(np.asarray(number) >= HALF, value, -value)
    return found


def percentiles(counts: Ints, percents: Sequence[int]) -> list[float]:
    """Of each, the middle of the first bin up to which at least so many percent of what is counted lie; NaN of nothing.
    percents: above 0."""
    places = np.flatnonzero(counts)
    if not places.size:
        return [float("nan")] * len(percents)
    so_far = np.cumsum(counts[places])
    ranks = [-(-int(so_far[-1]) * percent // 100) for percent in percents]
    found: list[float] = middle(places[np.searchsorted(so_far, ranks)]).tolist()
    return found
