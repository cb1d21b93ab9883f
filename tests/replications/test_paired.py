"""What is claimed of scenarios in pairs: against scipy, against exact sums, and by how often it is true."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from labelcast.sim.paired import Best, difference, family, paired_chance, with_the_best
from labelcast.sim.statistics import paired, wilson

Floats = NDArray[np.float64]

values = st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=5, max_size=30)


@settings(deadline=None, derandomize=True)
@given(values, st.integers(2, 30), st.sampled_from([0.8, 0.95]))
def test_looking_never_narrows(pairs: list[tuple[int, int]], first: int, level: float) -> None:
    """For all values: with a first look the mean is the same, the interval at least as wide, the p-value at least as
    large; before it nothing changes."""
    a, b = np.array(pairs, np.float64).T
    plain, looked = paired(a, b, level), difference(a, b, level, first)
    assert difference(a, b, level) == plain
    assert looked.mean == plain.mean
    assert looked.low <= plain.low
    assert looked.high >= plain.high
    assert looked.p_value >= plain.p_value
    if len(pairs) <= first:
        assert looked == plain


def test_the_first_replications_set_the_least_variance() -> None:
    """Spread early and calm late, the interval is t with the first five's variance and four degrees of freedom."""
    d = np.array([4.0, -6.0, 9.0, -3.0, 1.0, *[1.0, 1.1] * 10])
    found = difference(d, np.zeros_like(d), 0.9, 5)
    error = float(np.std(d[:5], ddof=1)) / math.sqrt(d.size)
    low, high = stats.t.interval(0.9, 4, loc=d.mean(), scale=error)
    assert (found.low, found.high) == pytest.approx((low, high), rel=1e-12)
    assert found.p_value == pytest.approx(2 * stats.t.sf(abs(d.mean()) / error, 4), rel=1e-12)
    assert paired(d, np.zeros_like(d), 0.9).high < found.high


def stopped(rng: np.random.Generator, first: int, target: float, floor: bool) -> tuple[bool, bool]:
    """Whether the interval of a run that stops at `target` holds the true zero, and whether it is as narrow."""
    d = rng.normal(size=600)
    for size in range(first, 601, 10):
        found = difference(d[:size], np.zeros(size), 0.95, first if floor else None)
        if found.high - found.mean <= target:
            break
    return found.low <= 0.0 <= found.high, found.high - found.mean <= target


@pytest.mark.verify
@pytest.mark.parametrize(("target", "trials"), [(0.45, 3_000), (0.25, 1_000)])
def test_stopping_by_precision_keeps_the_level(target: float, trials: int) -> None:
    """Of many runs (seed 3) that add tens to ten until the interval is narrow enough, the share that hold the truth is
    at least 95% by its exact 99% interval, and the precision is what was asked for; Student's interval, stopped by the
    same rule, is seen to fail where it stops early."""
    rng = np.random.default_rng(3)
    found = [stopped(rng, 10, target, True) for _ in range(trials)]
    hits = sum(held for held, _ in found)
    assert stats.binomtest(hits, trials, 0.95, alternative="less").pvalue > 0.005, hits
    assert all(narrow for _, narrow in found)
    plain = sum(stopped(rng, 10, target, False)[0] for _ in range(trials))
    if target == 0.45:
        assert stats.binomtest(plain, trials, 0.95, alternative="less").pvalue < 0.005, plain


def test_a_family_has_holms_claims_and_bonferronis_intervals() -> None:
    """Claims follow Holm's steps over the known; all-at-once intervals are scipy's at 1 - 5%/3; each keeps its own."""
    rng = np.random.default_rng(7)
    luck = rng.normal(size=12)
    pairs: dict[str, tuple[Floats, Floats]] = {
        "far": (luck + 3 + rng.normal(0, 0.5, 12), luck),
        "near": (luck + 0.55 + rng.normal(0, 0.8, 12), luck),
        "same": (luck + rng.normal(0, 0.5, 12), luck),
        "gone": (np.array([math.inf, *luck[1:]]), np.array([math.inf, *luck[1:]])),
    }
    found = family(pairs)
    known = [name for name in pairs if name != "gone"]
    p = {name: float(stats.ttest_rel(*pairs[name]).pvalue) for name in known}
    assert found["far"].adjusted_p == pytest.approx(3 * p["far"])
    assert found["near"].adjusted_p == pytest.approx(min(1, 2 * sorted(p.values())[1]))
    assert {name: one.differs for name, one in found.items()} == {
        "far": True, "near": found["near"].adjusted_p < 0.05, "same": False, "gone": False,
    }  # fmt: skip
    for name in known:
        wide = stats.ttest_rel(*pairs[name]).confidence_interval(1 - 0.05 / 3)
        assert (found[name].low, found[name].high) == pytest.approx((wide.low, wide.high), rel=1e-9)
        assert found[name].difference == paired(*pairs[name])
        assert found[name].low < found[name].difference.low
    assert math.isnan(found["gone"].low)
    assert math.isnan(found["gone"].adjusted_p)
    assert family({}) == {}


def test_what_is_identical_is_zero() -> None:
    """Values that are the same run by run differ by exactly 0, at every level, and are not claimed to differ."""
    x = np.random.default_rng(1).normal(size=40)
    (same,) = family({"same": (x, x.copy())}, first=10).values()
    assert (same.difference.mean, same.difference.low, same.difference.high) == (0.0, 0.0, 0.0)
    assert (same.low, same.high, same.adjusted_p, same.differs) == (0.0, 0.0, 1.0, False)
    assert with_the_best([x, x.copy()]) == [Best(0.0, 0.0, True)] * 2


def table(both: int, only_a: int, only_b: int, neither: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Two events by how often they go together."""
    counts = (both, only_a, only_b, neither)
    return np.repeat([True, True, False, False], counts), np.repeat([True, False, True, False], counts)


def test_a_chance_in_pairs_by_hand() -> None:
    """36 both, 12 only the first, 2 only the second, none neither: 0.2, from Wilson's intervals of 96% and 76% and a
    correlation of -24 / 240; p by the exact test of 2 in 14."""
    found = paired_chance(*table(36, 12, 2, 0))
    (p_low, p_high), (q_low, q_high) = wilson(48, 50), wilson(38, 50)
    phi = (36 * 0 - 12 * 2) / math.sqrt(48 * 2 * 38 * 12)
    u, v = 0.96 - p_low, q_high - 0.76
    assert found.mean == 0.2
    assert found.low == pytest.approx(0.2 - math.sqrt(u * u - 2 * phi * u * v + v * v), rel=1e-9)
    u, v = p_high - 0.96, 0.76 - q_low
    assert found.high == pytest.approx(0.2 + math.sqrt(u * u - 2 * phi * u * v + v * v), rel=1e-9)
    assert found.p_value == pytest.approx(stats.binomtest(2, 14).pvalue, rel=1e-9)


@given(st.tuples(*[st.integers(0, 30)] * 4).filter(any))
@settings(deadline=None, derandomize=True)
def test_chances_in_pairs_mirror(counts: tuple[int, int, int, int]) -> None:
    """Exchanging the two turns the difference and its interval round; the interval holds the difference and lies
    between -1 and 1; the p-value is McNemar's."""
    a, b = table(*counts)
    found, turned = paired_chance(a, b), paired_chance(b, a)
    assert turned.mean == -found.mean
    assert (turned.low, turned.high) == pytest.approx((-found.high, -found.low), abs=1e-12)
    assert -1 - 1e-12 <= found.low <= found.mean <= found.high <= 1 + 1e-12
    parted = counts[1] + counts[2]
    assert found.p_value == pytest.approx(stats.binomtest(counts[1], parted).pvalue if parted else 1.0)


def test_never_parted_is_not_never_parting() -> None:
    """Twenty runs in which both met their goal leave room for a difference; more runs leave less."""
    widths = [paired_chance(*table(n, 0, 0, 0)).high for n in (20, 200)]
    assert widths[0] > widths[1] > 0
    assert all(math.isnan(x) for x in vars(paired_chance([], [])).values())


@pytest.mark.parametrize(
    ("p", "q", "joint", "most"), [(0.9, 0.8, 0.78, 0.99), (0.5, 0.5, 0.4, 0.99), (0.95, 0.95, 0.93, 1.0)]
)
def test_chances_in_pairs_hold_the_truth(p: float, q: float, joint: float, most: float) -> None:
    """Summed exactly over all tables of thirty runs, the interval holds the true difference in 93% to 99%; in more
    where the two seldom part."""
    cells, held = [joint, p - joint, q - joint, 1 - p - q + joint], 0.0
    for both, only_a, only_b in product(range(31), repeat=3):
        neither = 30 - both - only_a - only_b
        if neither < 0:
            continue
        chance = float(stats.multinomial.pmf([both, only_a, only_b, neither], 30, cells))
        if chance > 1e-9:
            found = paired_chance(*table(both, only_a, only_b, neither))
            held += chance * (found.low <= p - q <= found.high)
    assert 0.93 <= held <= most, held


def test_two_scenarios_and_the_best() -> None:
    """Of two, each interval is the one-sided t interval of their difference, cut at zero."""
    rng = np.random.default_rng(5)
    a, b = rng.normal(1.0, 1, 20), rng.normal(0.0, 1, 20)
    test = stats.ttest_rel(a, b).confidence_interval(0.9)
    ahead, behind = with_the_best([a, b])
    assert (ahead.low, ahead.high) == (0.0, pytest.approx(test.high, rel=1e-9))
    assert (behind.low, behind.high) == (pytest.approx(-test.high, rel=1e-9), 0.0)
    assert (ahead.among, behind.among) == (True, False)


def test_rivals_are_only_those_that_may_be_best() -> None:
    """A scenario far behind neither widens the others' intervals nor is among the best; with doubt among two, neither
    is surely the best."""
    rng = np.random.default_rng(9)
    luck = rng.normal(size=30)
    top, near, far = (luck + at + rng.normal(0, 0.3, 30) for at in (0.05, 0.0, -5.0))
    found = with_the_best([top, near, far])
    assert [one.among for one in found] == [True, True, False]
    assert found[0].low < 0 < found[0].high
    assert found[1].low < 0 < found[1].high
    assert found[2].high == 0.0
    assert -5.6 < found[2].low < -4.9


@pytest.mark.verify
@pytest.mark.parametrize("at", [(0.0, 0.0, 0.0, 0.0), (1.0, 0.7, 0.2, -3.0)])
def test_the_best_is_among_those_told(at: tuple[float, ...]) -> None:
    """Of 1,000 comparisons of four (seed 8) on luck that pairs share unevenly, all intervals hold at once in at least
    95%, by the exact 99% interval of the share; at half the level they are seen not to."""
    rng, truth, trials = np.random.default_rng(8), np.array(at), 1_000
    best_other = np.array([np.max(np.delete(truth, i)) for i in range(4)])
    held = {0.95: 0, 0.5: 0}
    for _ in range(trials):
        luck = rng.normal(size=(15, 1))
        x = truth + luck * (0.2, 1.0, 1.0, 2.0) + rng.normal(size=(15, 4)) * (1.0, 0.3, 0.3, 1.0)
        for level in held:
            found = with_the_best(list(x.T), level)
            held[level] += (
                all(b.low <= d <= b.high for b, d in zip(found, truth - best_other, strict=True))
                and found[int(truth.argmax())].among
            )
    assert stats.binomtest(held[0.95], trials, 0.95, alternative="less").pvalue > 0.005, held
    assert stats.binomtest(held[0.5], trials, 0.95, alternative="less").pvalue < 0.005, held
