"""Lots and gold in closed form: against counts of all samples, and against known limits."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from scipy import stats

from labelcast.sim.inspection import acceptance, caught, inspected, outgoing, process_acceptance
from labelcast.sim.line import Lot

LOT = Lot(size=8, sample=3, accept=1)
WRONG = np.arange(9)


def samples(wrong: int) -> list[int]:
    """Wrong labels in each sample of three of eight."""
    return [sum(place < wrong for place in sample) for sample in itertools.combinations(range(8), 3)]


def test_the_operating_characteristic_counts_all_samples() -> None:
    """Accepted, left wrong, and looked at: means over the 56 samples of three of eight."""
    found = [samples(wrong) for wrong in WRONG.tolist()]
    passed = [np.mean([one <= 1 for one in each]) for each in found]
    left = [np.mean([wrong - one if one <= 1 else 0 for one in each]) / 8 for wrong, each in enumerate(found)]
    assert acceptance(LOT, WRONG) == pytest.approx(np.array(passed))
    assert outgoing(LOT, WRONG) == pytest.approx(np.array(left))
    assert inspected(LOT, WRONG) == pytest.approx(3 + 5 * (1 - np.array(passed)))


def test_a_process_is_the_mean_over_its_lots() -> None:
    """Lots of items that are each wrong with chance p: type B is the binomial mean of type A."""
    for p in (0.0, 0.1, 0.5, 1.0):
        shares = stats.binom.pmf(WRONG, 8, p)
        assert process_acceptance(LOT, np.array(p)) == pytest.approx(shares @ acceptance(LOT, WRONG))


def test_worse_lots_pass_less_often_and_the_outgoing_quality_has_a_limit() -> None:
    """Acceptance falls from 1 to 0; what goes out is worst in between. A sample of all finds all."""
    lot = Lot(size=500, sample=50, accept=1)
    curve, out = acceptance(lot, np.arange(501)), outgoing(lot, np.arange(501))
    assert (curve[0], curve[-1]) == (1.0, 0.0)
    assert (np.diff(curve) <= 1e-12).all()
    assert 0 < out.argmax() < 500
    assert outgoing(Lot(size=20, sample=50, accept=0), np.arange(21)) == pytest.approx(np.zeros(21))


def test_average_outgoing_quality_of_a_process() -> None:
    """Labels each wrong with chance p: the mean over lots is p Pa(p) (1 - n / N), as the N - n that are not looked at
    know nothing of the sample; at worst about 0.84 (1 / n - 1 / N) for c = 1. Source: Dodge and Romig."""
    lot, shares = Lot(size=500, sample=50, accept=1), np.linspace(0.0, 0.2, 401)
    lots = stats.binom.pmf(np.arange(501), 500, shares[:, None])
    found = lots @ outgoing(lot, np.arange(501))
    assert found == pytest.approx(shares * process_acceptance(lot, shares) * (1 - 50 / 500))
    assert found.max() == pytest.approx(0.84 * (1 / 50 - 1 / 500), rel=0.02)


def test_gold_finds_people_out_binomially() -> None:
    """At least m of n gold questions wrong, by listing; never for who is always right, ever for who is never."""
    by_hand = sum(math.comb(6, wrong) * 0.2**wrong * 0.8 ** (6 - wrong) for wrong in range(2, 7))
    assert caught(np.array([1.0, 0.8, 0.0]), 6, 2) == pytest.approx([0.0, by_hand, 1.0])
