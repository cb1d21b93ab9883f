"""The engine against queueing theory, a case each; see case.py for the verdict and oracles/ for the sources."""

from __future__ import annotations

import pytest
from theory import cases
from theory.case import CASES, agrees, estimates, sharp

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
