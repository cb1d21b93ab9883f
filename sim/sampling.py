"""Which items of a line are labelled at all: a random sample, a stratified one whose strata are the segments, or the
items that a model doubts most.

With N_h items and spread S_h in stratum h, and n in the sample:
    proportional  n_h = n N_h / sum(N_h)
    neyman        n_h = n N_h S_h / sum(N_h S_h),  which makes the variance of the estimated mean smallest,
                  sum(W_h^2 S_h^2 (1 / n_h - 1 / N_h)) with W_h = N_h / sum(N_h).
Where n_h would exceed N_h, the stratum is taken whole and the rest is spread over the others by the same rule.
Source: Neyman, On the two different aspects of the representative method, JRSS 1934; Cochran, Sampling Techniques, 3rd
edition, sections 5.5 and 5.8.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from scipy import special

from .line import Line, Sampling, Segment

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def chosen(line: Line, sampling: Sampling, segment: Ints, draws: Floats) -> Bools:
    """Whether each item is in the sample. segment: its position; draws: its own number in (0, 1).

    Exactly `sampling.items` are, or all if there are fewer: those with the smallest draws, of the line or of their
    segment. So a larger sample keeps those of a smaller one, as long as no segment's part becomes smaller.
    """
    if sampling.allocate == "random":
        inside = np.zeros(segment.size, np.bool_)
        inside[np.argsort(draws, kind="stable")[: sampling.items]] = True
        return inside
    counts = np.bincount(segment, minlength=len(line.segments))
    part = np.array(sizes(sampling.items, counts.tolist(), _spreads(line, sampling)), np.int64)
    order = np.lexsort((draws, segment))
    rank = np.empty(segment.size, np.int64)
    rank[order] = np.arange(segment.size) - np.repeat(np.cumsum(counts) - counts, counts)
    return rank < part[segment]


def most_doubtful(line: Line, segment: Ints, difficulty: Floats, draws: Floats) -> Bools:
    """Whether each item is in a sample of those that a model doubts most, exactly as many as in `chosen`.

    Doubt is as of doubt.py: difficulty counts from the mean of all these items and in their standard deviations, so
    that segments with harder items are sampled more; each segment says how well its doubt tells. Where none does, the
    sample is the random one.
    """
    assert line.sampling is not None
    correlation = np.array([one.doubt for one in line.segments])[segment]
    spread = float(np.std(difficulty)) if difficulty.size else 0.0
    told = (difficulty - np.mean(difficulty)) / spread if spread > 0.0 else np.zeros(difficulty.size)
    doubts = correlation * told - np.sqrt(1.0 - correlation**2) * special.ndtri(draws)
    inside = np.zeros(segment.size, np.bool_)
    inside[np.argsort(-doubts, kind="stable")[: line.sampling.items]] = True
    return inside


def sizes(items: int, counts: Sequence[int], spreads: Sequence[float]) -> list[int]:
    """The sample's part of each stratum, in proportion to counts x spreads and none above its count; they sum to
    `items`, or to all there are. Fractions go by largest remainder, equal ones to the first stratum; where only strata
    without spread have items left, in proportion to counts.

    Source: see above. Fractions are exact, so that equal strata are equal.
    """
    parts = [Fraction(0)] * len(counts)
    left = Fraction(min(items, sum(counts)))
    free = [h for h, count in enumerate(counts) if count]
    while free:
        weights = {h: counts[h] * Fraction(spreads[h]) for h in free}
        total = sum(weights.values())
        if not total:
            weights = {h: Fraction(counts[h]) for h in free}
            total = sum(weights.values())
        parts = [left * weights[h] / total if h in weights else part for h, part in enumerate(parts)]
        full = [h for h in free if parts[h] >= counts[h]]
        if not full:
            break
        for h in full:
            parts[h] = Fraction(counts[h])
            left -= counts[h]
        free = [h for h in free if h not in full]
    whole = [math.floor(part) for part in parts]
    largest = sorted(range(len(parts)), key=lambda h: (whole[h] - parts[h], h))
    for h in largest[: int(sum(parts)) - sum(whole)]:
        whole[h] += 1
    return whole


def spread(segment: Segment) -> float:
    """The spread of a segment's true class where none is stated: the root of 1 - sum(p^2), that is of the chance that
    two items differ in class (for two classes, sqrt(2) times the sd of either's indicator)."""
    return math.sqrt(max(0.0, 1.0 - sum(share**2 for share in segment.classes.values())))


def _spreads(line: Line, sampling: Sampling) -> list[float]:
    if sampling.allocate == "proportional":
        return [1.0] * len(line.segments)
    return [sampling.spreads.get(segment.name, spread(segment)) for segment in line.segments]
