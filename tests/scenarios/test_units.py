"""Numbers with units: exact, with their unit, or refused with the right way."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from short_scenario import changed, loaded

from labelcast.scenarios.units import CURRENCIES, quantity

SECONDS = {"ms": "0.001", "s": "1", "sec": "1", "min": "60", "h": "3600", "hours": "3600"} | {
    "day": "86400",
    "weeks": "604800",
}


@given(st.decimals(0, 10**9, places=6), st.sampled_from(sorted(SECONDS)), st.sampled_from(["", " ", "  "]))
def test_times_are_exact(number: Decimal, unit: str, blank: str) -> None:
    """A time is its number times the seconds of its unit, without rounding."""
    assert quantity(f"{number:f}{blank}{unit}", "s", "a time", "42 s") == number * Decimal(SECONDS[unit])


@given(st.integers(0, 10**15))
def test_underscores_group_digits(number: int) -> None:
    """Digits may be grouped anywhere between two digits."""
    assert quantity(f"{number:_} items", "item", "items", "1 items") == number


def test_rates_convert_both_parts() -> None:
    """An item a minute is 10,080 a week; a day counts a seventh of a week."""
    assert quantity("1 items/min", "item/week", "a rate", "") == 10_080
    assert quantity("70 item / day", "item/week", "a rate", "") == 490


@pytest.mark.parametrize("given_unit", ["s", "items", "item/s", "s/item", "%", "USD", "EUR/h", "km", "m", "s s", "s^2"])
def test_no_other_unit_passes(given_unit: str) -> None:
    """Money is asked for: nothing else is taken for it."""
    with pytest.raises(ValueError, match="Write"):
        quantity(f"3 {given_unit}", "EUR", "an amount of money", "0.42 EUR")


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Whatever stands there: a finite number, or ValueError."""
    try:
        seconds = quantity(text, "s", "a time", "42 s")
    except ValueError:
        return
    assert seconds.is_finite()


def test_every_currency_is_known(tmp_path: Path) -> None:
    """Amounts can be written in each currency of the list, and mean one of it."""
    assert len(CURRENCIES) > 150
    for code in sorted(CURRENCIES):
        assert quantity(f"1.5 {code}", code, "an amount of money", "") == Decimal("1.5")
    line = loaded(tmp_path, changed(("currency: EUR", "currency: JPY"), ("20 EUR", "2_000 JPY"), ("30 EUR", "1 JPY/h")))
    assert [pool.contract.hourly for pool in line.pools] == [2_000_000_000, 1_000_000]


@given(micro=st.integers(0, 10**14))
def test_money_is_exact(micro: int) -> None:
    """An amount with six digits after the point becomes exactly its micro-units."""
    from pydantic import TypeAdapter

    from labelcast.scenarios.values import Money

    text = f"{Decimal(micro) / 10**6:f} EUR"
    assert TypeAdapter(Money).validate_python(text, context={"currency": "EUR"}) == micro
