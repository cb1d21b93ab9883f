"""Contracts worked out by hand: what the scenario reader and the ledger make of each is what an accountant does."""

from __future__ import annotations

from pathlib import Path

import pytest
from contracts import billed, case, cases, expected


def test_there_are_cases() -> None:
    """An empty folder would let the test below pass; and so would cases that expect nothing."""
    assert len(cases()) >= 100
    assert [name for name in cases() if not case(name).invoices] == ["zero-prices"]


@pytest.mark.parametrize("name", cases())
def test_a_contract_is_billed_to_the_cent(name: str, tmp_path: Path) -> None:
    """Every invoice of the case, and no other."""
    one = case(name)
    assert billed(one, tmp_path) == expected(one), one.about


def test_a_cent_more_is_seen(tmp_path: Path) -> None:
    """What is compared would tell a wrong price, a wrong rate and an invoice that nobody expects."""
    one = case("currency-of-a-shortfall")
    right = billed(one, tmp_path)
    one.scenario["exchange"]["USD"]["dates"]["2027-03-01"] = "1.0001"
    assert billed(one, tmp_path) != right
    one.scenario["exchange"]["USD"]["dates"]["2027-03-01"] = "1.00"
    assert billed(one, tmp_path) == right
    one.scenario["pools"]["vendor"]["pay"]["set_up"] = "0.01 USD"
    assert billed(one, tmp_path) != right
