"""How a sample is spread over the segments: sizes worked by hand, and Neyman's law."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lines import constant, queue

from labelcast.sim.draws import stream
from labelcast.sim.line import Line, Sampling, Segment
from labelcast.sim.plan import Plan
from labelcast.sim.releases import releases
from labelcast.sim.sampling import chosen, sizes, spread

STRATA = st.lists(st.tuples(st.integers(0, 60), st.floats(0.0, 3.0)), min_size=1, max_size=6)


def line(*segments: Segment, sampling: Sampling | None = None) -> Line:
    return queue(1, 0, 0, constant(60), segments=segments, sampling=sampling)


@pytest.mark.parametrize(
    ("items", "counts", "spreads", "expected"),
    [
        (10, [50, 30, 20], [1, 1, 1], [5, 3, 2]),
        (7, [50, 30, 20], [1, 1, 1], [4, 2, 1]),  # 3.5, 2.1, 1.4: one left, for the largest remainder
        (2, [10, 10, 10], [1, 1, 1], [1, 1, 0]),  # equal remainders: the first
        (20, [100, 100], [0.3, 0.1], [15, 5]),  # in proportion to 30 : 10
        (40, [10, 100], [9, 1], [10, 30]),  # 18.9 of 10: taken whole, the surplus to the other
        (36, [10, 20, 30], [9, 4, 1], [10, 19, 7]),  # 90 : 80 : 30 gives 16.2 of 10; 26 by 80 : 30 are 18.9 and 7.1
        (99, [10, 20, 30], [1, 2, 3], [10, 20, 30]),  # more than there is
        (5, [10, 0, 10], [0, 1, 1], [0, 0, 5]),  # no spread, no items
        (15, [10, 0, 10], [0, 1, 1], [5, 0, 10]),  # but what the others cannot give
        (6, [10, 20], [0, 0], [2, 4]),  # nobody has a spread
        (0, [10, 20], [1, 1], [0, 0]),
    ],
)
def test_sizes_by_hand(items: int, counts: list[int], spreads: list[float], expected: list[int]) -> None:
    """Proportion to counts times spreads, largest remainders, and never more than there is."""
    assert sizes(items, counts, spreads) == expected


@given(STRATA, st.integers(0, 400))
def test_sizes_are_exact(strata: list[tuple[int, float]], items: int) -> None:
    """The sizes sum to what is wanted, or to all there is; none is above its stratum; a stratum without spread gets
    something only when the others are whole."""
    counts, spreads = [n for n, _ in strata], [s for _, s in strata]
    found = sizes(items, counts, spreads)
    assert sum(found) == min(items, sum(counts))
    assert all(0 <= part <= count for part, count in zip(found, counts, strict=True))
    if any(part and not s for part, s in zip(found, spreads, strict=True)):
        assert all(part == count for part, count, s in zip(found, counts, spreads, strict=True) if s)


@given(STRATA, st.integers(0, 400))
def test_sizes_keep_to_their_proportion(strata: list[tuple[int, float]], items: int) -> None:
    """A quota rule: of strata that are not taken whole, each is within one item of a common multiple of count x
    spread."""
    counts, spreads = [n for n, _ in strata], [s for _, s in strata]
    found = sizes(items, counts, spreads)
    part = [(n, c * s) for n, c, s in zip(found, counts, spreads, strict=True) if n < c and s]
    for n, weight in part:
        for m, other in part:
            assert (n - 1) * other <= (m + 1) * weight * (1 + 1e-9) + 1e-9


def variance(found: list[int], counts: list[int], spreads: list[float]) -> float:
    """Of the stratified estimate of the mean: sum(W^2 S^2 (1 / n - 1 / N)). Source: Cochran, equation 5.6."""
    total = sum(counts)
    return sum((c / total * s) ** 2 * (1 / n - 1 / c) for n, c, s in zip(found, counts, spreads, strict=True))


COUNTS, SPREADS, SAMPLE = [6000, 3000, 1000], [0.1, 0.3, 0.5], 700


def test_neyman_is_surer_than_proportional() -> None:
    """A population of three strata: 600 : 900 : 500 give 210, 315, 175 of 700 items. The variance is the closed form
    (sum W S)^2 / n - sum(W S^2) / N; in proportion it is sum(W S^2) (1 / n - 1 / N): more, by the variance of the
    spreads over n."""
    shares = [c / 10_000 for c in COUNTS]
    mean = sum(w * s for w, s in zip(shares, SPREADS, strict=True))
    square = sum(w * s * s for w, s in zip(shares, SPREADS, strict=True))
    neyman, proportional = sizes(SAMPLE, COUNTS, SPREADS), sizes(SAMPLE, COUNTS, [1.0] * 3)
    assert neyman == [210, 315, 175]
    assert proportional == [420, 210, 70]
    surest, plain = variance(neyman, COUNTS, SPREADS), variance(proportional, COUNTS, SPREADS)
    assert math.isclose(surest, mean**2 / SAMPLE - square / 10_000)
    assert math.isclose(plain - surest, (square - mean**2) / SAMPLE)
    assert surest < 0.7 * plain


@given(st.lists(st.tuples(st.integers(500, 5000), st.floats(0.05, 1.0)), min_size=2, max_size=5), st.floats(0.1, 0.4))
def test_neyman_is_never_less_sure(strata: list[tuple[int, float]], share: float) -> None:
    """On any strata, but for the rounding to whole items, of which each stratum has at least a few."""
    counts, spreads = [n for n, _ in strata], [s for _, s in strata]
    items = round(share * sum(counts))
    neyman, proportional = sizes(items, counts, spreads), sizes(items, counts, [1.0] * len(counts))
    if min(neyman) >= 5:
        assert variance(neyman, counts, spreads) <= variance(proportional, counts, spreads) * (1 + 1 / min(neyman) ** 2)


def test_spread_is_of_the_classes() -> None:
    """sqrt(1 - sum p^2): zero for one class, sqrt(1/2) for two alike, sqrt(1 - 0.46) for shares of 0.6, 0.3, 0.1."""
    assert spread(Segment("one", classes={"a": 1.0})) == 0.0
    assert spread(Segment("two")) == math.sqrt(0.5)
    assert math.isclose(spread(Segment("three", classes={"a": 0.6, "b": 0.3, "c": 0.1})), math.sqrt(0.54))


def test_the_smallest_draws_of_each_stratum_are_taken() -> None:
    """Seven items, four wanted. At random: the four smallest. In proportion 4 : 3, two of each. With spreads 3 and 1,
    12 : 3, three and one."""
    segment = np.array([0, 1, 0, 1, 0, 1, 0])
    draws = np.array([0.9, 0.3, 0.1, 0.2, 0.5, 0.4, 0.8])
    two = line(Segment("a", backlog=4), Segment("b", backlog=3))
    taken = {
        allocate: np.flatnonzero(chosen(two, Sampling(4, allocate, {"a": 3.0, "b": 1.0}), segment, draws)).tolist()
        for allocate in ("random", "proportional", "neyman")
    }
    assert taken == {"random": [1, 2, 3, 5], "proportional": [1, 2, 3, 4], "neyman": [2, 3, 4, 6]}


@pytest.mark.parametrize("allocate", ["random", "proportional", "neyman"])
def test_samples_are_exact_and_grow_by_items(allocate: str) -> None:
    """500 of 1,800 items are sampled, whatever the seed; with 600, all of the 500 are among them; with 1,800, all."""
    segments = [
        Segment("even", backlog=1000),
        Segment("rare", backlog=500, classes={"yes": 0.02, "no": 0.98}),
        Segment("many", backlog=300, classes=dict.fromkeys("abcdefghij", 0.1)),
    ]

    def sampled(items: int, seed: int) -> np.ndarray:
        sampling = Sampling(items, allocate)  # type: ignore[arg-type]
        return releases(Plan.of(line(*segments, sampling=sampling)), stream(seed, 0)).sampled

    for seed in range(3):
        few, more, every = sampled(500, seed), sampled(600, seed), sampled(5000, seed)
        assert few.sum() == 500
        assert more.sum() == 600
        assert (few <= more).all()
        assert every.all()
    if allocate == "neyman":
        sizes_ = np.bincount(np.repeat([0, 1, 2], [1000, 500, 300])[few])
        weights = np.array([1000 * math.sqrt(0.5), 500 * math.sqrt(1 - 0.9608), 300 * math.sqrt(0.9)])
        assert np.abs(sizes_ - 500 * weights / weights.sum()).max() < 1
