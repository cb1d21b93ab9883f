"""The choice of the best system: when it is made, by whom others fall out, and that its promise is kept."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selection.by_the_paper import Floats, draws, kn

from labelcast.sim.selection import Dropped, Procedure, Rule, Selection, select
from labelcast.sim.statistics import coverage

BOTH: tuple[Procedure, ...] = ("good", "kn")


def pair(differences: list[float]) -> list[list[float]]:
    """A system that is ahead of another by these."""
    return [differences, [0.0] * len(differences)]


def test_kn_by_hand() -> None:
    """Two systems, n0 = 3, alpha = .05, delta = 1: eta = (0.1^-1 - 1) / 2 = 4.5, h^2 = 2 eta 2 = 18. Differences 1, 2,
    3 have variance 1, so W(3) = (18 - 3) / 6 = 2.5 and W(4) = 14 / 8 = 1.75: a mean of 2 parts them at 4."""
    rule = Rule(1.0, 0.95, 3, "kn")
    assert select(pair([1, 2, 3]), rule).chosen is None
    found = select(pair([1, 2, 3, 2, 2]), rule)
    assert (found.chosen, found.stage, found.dropped) == (0, 4, (Dropped(1, 0, 4),))
    assert math.isnan(found.behind)


def test_a_good_choice_by_hand() -> None:
    """The same differences: of three quarters of alpha lambda = 2 / 2 (0.0375^-1 - 1) = 77 / 3 = a, with b = 1 / 2.
    Before the choice the leader may be 77 / 9 + 1 / 2 - 2 behind. With a mean of 2 it is chosen where 77 / 3 r + 1 / 2
    is no more than 1 + 2, at 11; that the other is surely not the best, 77 / 3 r + 1 / 2 below 2, would be known at 18.
    Two that are level are chosen where 77 / 3 r + 1 / 2 is no more than 1, at 52."""
    rule = Rule(1.0, 0.95, 3)
    found = select(pair([1, 2, 3]), rule)
    assert (found.chosen, found.leader, found.left, found.enough) == (None, 0, (0, 1), 11)
    assert found.behind == pytest.approx(77 / 9 - 1.5)
    found = select(pair([1, 2, 3] + 20 * [2.0]), rule)
    assert (found.chosen, found.stage, found.left, found.dropped) == (0, 11, (0, 1), ())
    assert select(pair([1.0, -1.0, 0.0] + 60 * [0.0]), rule).stage == 52


def test_one_that_is_far_behind_falls_out_soon() -> None:
    """However small the zone is: of differences of 8 with a standard deviation of 4, by the lines of more than half of
    it; with the line of half the zone alone it would take ten times as long."""
    rng = np.random.default_rng(2)
    differences = (8 + 4 * rng.standard_normal(4_000)).tolist()
    found = select(pair(differences), Rule(0.1, 0.95, 10))
    assert found.dropped[0].at < 60
    assert select(pair(differences), Rule(0.1, 0.95, 10, "kn")).stage > 10 * found.stage / 2


def test_who_is_surely_worse_falls_out() -> None:
    """One of three that is far behind falls out at the first look, by the one that outdoes it most; the others stay."""
    alike = [0.0, 1.0, -1.0] * 40
    ahead = [one + 0.1 for one in alike]
    worse = [-10.0 + 0.4 * one for one in np.random.default_rng(1).standard_normal(120)]
    found = select([alike, ahead, worse], Rule(0.5, 0.95, 12))
    assert [(one.system, one.by) for one in found.dropped] == [(2, 1)]
    assert found.left == (0, 1)
    assert found.chosen == 1


def test_kn_is_that_of_the_paper() -> None:
    """On 200 draws of two to six systems, correlated and not, of equal variances and not: the same system at the same
    observation, and the same eliminated when."""
    rng = np.random.default_rng(7)
    for _ in range(200):
        k, n0 = int(rng.integers(2, 7)), int(rng.integers(4, 12))
        x = draws(rng, rng.normal(0, 0.7, k).tolist(), rng.uniform(0.5, 3, k).tolist(), rng.uniform(0, 0.9), 4_000)
        delta, alpha = float(rng.uniform(0.3, 1.5)), float(rng.choice([0.01, 0.05, 0.2]))
        found = select([*x], Rule(delta, 1 - alpha, n0, "kn"))
        best, stage, out = kn(x, delta, alpha, n0)
        assert (found.chosen, found.stage) == (best, stage)
        assert [(one.system, one.at) for one in found.dropped] == [one for one in out if one[0] != best]


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10_000), st.sampled_from(BOTH), st.integers(2, 5))
def test_what_does_not_matter_changes_nothing(seed: int, procedure: Procedure, k: int) -> None:
    """Luck that all share, the unit, the order of systems, and values after the choice or of who has fallen out."""
    rng = np.random.default_rng(seed)
    x = draws(rng, rng.normal(0, 1, k).tolist(), rng.uniform(0.5, 2, k).tolist(), 0.5, 120)
    rule = Rule(0.75, 0.9, 10, procedure)
    found = select([*x], rule)
    shared = np.round(rng.normal(0, 5, 120) * 8) / 8
    assert _same(select([*(np.round(x * 1024) / 1024 + shared)], rule), select([*(np.round(x * 1024) / 1024)], rule))
    assert _same(select([*(4 * x)], Rule(3.0, 0.9, 10, procedure)), found, 4.0)
    order = rng.permutation(k)
    turned = select([*x[order]], rule)
    assert turned.stage == found.stage
    assert None if turned.chosen is None else order[turned.chosen] == found.chosen
    assert sorted(order[one.system] for one in turned.dropped) == sorted(one.system for one in found.dropped)
    at = {one.system: one.at for one in found.dropped}
    assert select([one[: at.get(place, found.stage)] for place, one in enumerate(x)], rule) == found
    if found.chosen is not None:
        assert procedure == "kn" or 0 <= found.behind <= rule.zone


def _same(one: Selection, other: Selection, scale: float = 1.0) -> bool:
    """Up to rounding of the bound."""
    equal = (one.chosen, one.leader, one.left, one.dropped, one.stage) == (
        other.chosen, other.leader, other.left, other.dropped, other.stage,
    )  # fmt: skip
    return equal and one.behind == pytest.approx(scale * other.behind, rel=1e-6, abs=1e-9, nan_ok=True)


def test_equal_systems_and_single_ones_are_chosen_at_once() -> None:
    """Those that came out the same are as good as each other: the first is chosen, and both are left."""
    for procedure in BOTH:
        found = select([[1.0, 2.0, 3.0]] * 3, Rule(0.1, 0.95, 3, procedure))
        assert (found.chosen, found.left, found.stage) == (0, (0, 1, 2), 3)
        assert select([[1.0, 2.0]], Rule(0.1, first=2, procedure=procedure)).chosen == 0


SETTINGS: dict[str, tuple[list[float], float]] = {
    "independent": ([3.0] * 4, 0.0),
    "shared luck": ([3.0] * 4, 0.5),
    "unequal": ([3.0, 1.0, 2.0, 5.0], 0.0),
    "unequal, shared": ([4.0, 1.0, 2.0, 5.0], 0.5),
}
"""Standard deviations, and the correlation of each pair; differences of one unit."""


def share(
    keeps: Callable[[Selection], bool], draw: Callable[[np.random.Generator], Floats], rule: Rule, many: int
) -> float:
    """The upper end of the exact 99% interval of how often it is kept."""
    rng = np.random.default_rng(5)
    return coverage(sum(keeps(select([*draw(rng)], rule)) for _ in range(many)), many).high


@pytest.mark.verify
@pytest.mark.parametrize("setting", SETTINGS)
def test_the_best_is_selected_as_often_as_promised(setting: str) -> None:
    """Slippage: all others are worse by exactly the zone. The exact 99% interval of the share of right choices in 400
    draws does not lie below 95%; on other seeds an honest procedure fails that with chance 0.5% at most."""
    sd, rho = SETTINGS[setting]

    def draw(rng: np.random.Generator) -> Floats:
        return draws(rng, [1.0, 0.0, 0.0, 0.0], sd, rho, 700)

    for procedure in BOTH:
        assert share(lambda found: found.chosen == 0, draw, Rule(1.0, 0.95, 20, procedure), 400) >= 0.95


@pytest.mark.verify
def test_the_proof_sees_a_fault() -> None:
    """Of a procedure told 80%, the interval lies below 95%."""

    def draw(rng: np.random.Generator) -> Floats:
        return draws(rng, [1.0, 0.0, 0.0, 0.0], [3.0] * 4, 0.0, 400)

    assert share(lambda found: found.chosen == 0, draw, Rule(1.0, 0.80, 20, "kn"), 300) < 0.95


@pytest.mark.verify
def test_a_good_choice_is_good_whatever_the_means_are() -> None:
    """The best has a twin that is a little worse and has nearly the same luck; twenty lie just beyond the zone. The
    choice of "good" is within the zone, and the best among those left, as often as promised."""

    def draw(rng: np.random.Generator) -> Floats:
        best = 3 * rng.standard_normal(700)
        twin = best - 0.25 + 1.6 * rng.standard_normal(700)
        return np.vstack([best, twin, -1.02 + 4 * rng.standard_normal((20, 700))])

    rule = Rule(1.0, 0.95, 30)
    assert share(lambda found: found.chosen in (0, 1) and 0 in found.left, draw, rule, 150) >= 0.95
