"""A percentile of waits as it is told: the middle of the bin in which it lies, worked out apart from the product."""

from __future__ import annotations

from math import floor, log2

from rows import MINUTE


def told_h(minutes: int) -> float:
    """Hours that are told for a percentile of so many minutes: of 128 bins to a doubling, the middle of its own."""
    at = minutes * MINUTE
    width = 2 ** max(floor(log2(at)) - 7, 0) if at else 1
    return (at // width * width + (width - 1) / 2) / (60 * MINUTE)
