"""Numbers on paper."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelcast.reports import numbers


@pytest.mark.parametrize(
    ("value", "unit", "half", "text"),
    [
        (8240.0, "EUR", 51.0, "8,240 EUR"),
        (0.20613, "EUR", 0.0013, "0.2061 EUR"),
        (645.5, "EUR", 115.4, "646 EUR"),
        (12.437, "days", 0.21, "12.44 days"),
        (0.9612, numbers.SHARE, 0.004, "96.12%"),
        (1_234_567.0, "items", None, "1,234,567 items"),
        (-3.25, "h", 0.5, "−3.25 h"),
        (math.nan, "EUR", None, "not computed"),
        (math.inf, "days", None, "not finished"),
    ],
)
def test_a_number_has_its_unit_and_the_digits_its_interval_supports(
    value: float, unit: str, half: float | None, text: str
) -> None:
    """Two significant digits of the half-width, thousands separated; no number is never a digit."""
    assert numbers.number(value, unit, half) == text


def test_mean_and_half_width_share_their_decimals() -> None:
    """8,240 ± 51 EUR, not 8240.3 ± 51.25; a wider neighbour in the row may coarsen it."""
    assert numbers.mean_half_width(8240.3, 8189.0, 8291.6, "EUR") == "8,240 ± 51 EUR"
    assert numbers.mean_half_width(12.4, 12.21, 12.59, "days") == "12.40 ± 0.19 days"
    assert numbers.mean_half_width(12.4, 12.21, 12.59, "days", precision=3.0) == "12.4 ± 0.2 days"
    assert numbers.mean_half_width(0.961, 0.957, 0.965, numbers.SHARE) == "96.10 ± 0.40%"
    assert numbers.mean_half_width(math.nan, math.nan, math.nan, "EUR") == "not computed"


def test_a_difference_carries_its_sign_and_shares_become_points() -> None:
    """A difference of percentages is in points; no difference says so."""
    assert numbers.difference(-204.0, -287.0, -121.0, "EUR") == "−204 ± 83 EUR"
    assert numbers.difference(0.012, 0.009, 0.015, numbers.SHARE) == "+1.20 ± 0.30 points"
    assert numbers.difference(0.0, 0.0, 0.0, "items") == "no difference"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(42.0, "42 s"), (160.0, "2.67 min"), (5_400.0, "1.5 h"), (15 * 86_400.0, "15 days"), (31_449_600.0, "364 days")],
)
def test_durations_choose_their_unit(seconds: float, text: str) -> None:
    """Seconds are told in the largest unit of which there are one and a half."""
    assert numbers.duration(seconds) == text


def test_money_keeps_cents_until_a_thousand_and_more_below_a_cent() -> None:
    """A price per label of a fraction of a cent is not rounded away."""
    assert numbers.money(420_000, "EUR") == "0.42 EUR"
    assert numbers.money(1_500, "EUR") == "0.0015 EUR"
    assert numbers.money(31_000_000, "EUR") == "31.00 EUR"
    assert numbers.money(8_240_123_456, "EUR") == "8,240 EUR"


def test_each_currency_has_its_own_decimals() -> None:
    """Yen have none, euros two, dinars three; a price by label may have more."""
    assert numbers.money(50_000_000, "JPY") == "50 JPY"
    assert numbers.money(420_000, "JPY") == "0.42 JPY"
    assert numbers.money(2_500_000, "KWD") == "2.500 KWD"
    assert numbers.number(645.3, "JPY") == "645 JPY"
    assert numbers.number(7.3, "JPY") == "7 JPY"
    assert numbers.mean_half_width(7.31, 6.31, 8.31, "JPY") == "7 ± 1 JPY"
    assert numbers.number(7.3, "KWD", 0.5) == "7.300 KWD"
    assert numbers.number(0.2061, "JPY/label", 0.001) == "0.21 JPY/label"


@given(st.lists(st.floats(0, 1e6), max_size=8), st.integers(0, 2))
def test_parts_add_up_to_their_rounded_sum(parts: list[float], places: int) -> None:
    """Each is within one of the last place of its value, and their sum is the sum's own rounding."""
    texts = numbers.adding_up(parts, places)
    shown = [float(text.replace(",", "")) for text in texts]
    step = 10.0**-places
    assert sum(shown) == pytest.approx(round(math.fsum(parts), places), abs=step / 100 + 1e-9)
    assert all(abs(a - b) <= step * 1.0001 for a, b in zip(shown, parts, strict=True))


def test_parts_add_up_to_the_total_as_it_is_printed() -> None:
    """244.35 is printed as 244.3, being less in binary: so its parts sum to that too."""
    assert numbers.plain(244.35, 1) == "244.3"
    assert numbers.adding_up([124.25, 120.1], 1, 244.35) == ["124.2", "120.1"]


def test_what_is_not_there_adds_nothing() -> None:
    """A part that was not computed keeps its words, and the others add up without it."""
    assert numbers.adding_up([math.nan, 1.4, 1.4, 1.4]) == ["not computed", "2", "1", "1"]


@given(st.floats(allow_nan=True, allow_infinity=True), st.sampled_from(["", "EUR", "days", numbers.SHARE]))
def test_every_number_has_words(value: float, unit: str) -> None:
    """Whatever the value: text, no "nan", no "inf", no hyphen for a minus, no negative zero."""
    for text in (numbers.number(value, unit), numbers.mean_half_width(value, value, value, unit)):
        assert text
        assert "nan" not in text
        assert "inf" not in text.replace("infinite", "")
        assert "-" not in text
        assert not text.startswith(f"{numbers.MINUS}0 ")


@given(st.floats(1e-6, 1e9), st.floats(1e-6, 1e6))
def test_what_is_printed_is_as_near_as_the_half_width_deserves(value: float, half: float) -> None:
    """Reading the text back gives the value within a tenth of the half-width, or within what six decimals allow."""
    text = numbers.plain(value, numbers.decimals(value, half))
    rounding = 5e-7 + 1e-15 * value
    assert abs(float(text.replace(",", "")) - value) <= max(half / 10, rounding)
