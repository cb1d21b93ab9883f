"""The engine against queueing theory, a case each; see case.py for the verdict and oracles/ for the sources."""

from __future__ import annotations

from itertools import product

import pytest
from theory import cases
from theory.case import CASES, FAULTY, agrees, estimates, sharp, under_fault

pytestmark = pytest.mark.verify

assert cases.__all__


@pytest.mark.parametrize("name", CASES)
def test_the_mean_is_the_theorys(name: str) -> None:
    """Every quantity of the case lies where theory says, in an interval that is narrow enough to fail."""
    case = CASES[name]()
    for quantity, found in zip(case.quantities, estimates(case, case.replications), strict=True):
        told = f"{name}: {quantity.name}: theory {quantity.theory:.5g}, simulated {found.mean:.5g} +- {found.half:.2g}"
        assert sharp(quantity, found), told
        assert agrees(quantity, found), told


@pytest.mark.parametrize("name", CASES)
def test_every_quantity_is_seen_to_fail(name: str) -> None:
    """Faults of the case are planted in the engine until each of its quantities has disagreed under one of
    them: in few replications, as most do, or in as many as the case itself has."""
    case = CASES[name]()
    blind = set(range(len(case.quantities)))
    for fault, replications in (*product(case.faults, [FAULTY]), *product(case.faults, [case.replications])):
        if not blind:
            break
        found = under_fault(case, fault, replications)
        blind -= {n for n in blind if not agrees(case.quantities[n], found[n])}
    assert not blind, [case.quantities[n].name for n in sorted(blind)]
