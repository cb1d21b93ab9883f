"""Numbers as people read them: thousands separated, as many digits as the interval supports, with their unit.

A number that is not there says so: NaN is "not computed", infinity "not finished".
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..sim.line import MICRO

NOT_COMPUTED = "not computed"
NOT_FINISHED = "not finished"
MINUS = "\N{MINUS SIGN}"
PLUS_MINUS = "\N{PLUS-MINUS SIGN}"

SHARE = "share"
"""Unit of a number in [0, 1] that is read as a percentage."""


def decimals(value: float, half_width: float | None = None) -> int:
    """Digits after the point worth printing: two significant digits of the half-width, else three of the value."""
    scale, digits = (half_width, 2) if half_width else (value, 3)
    if not scale or not math.isfinite(scale):
        return 0
    return max(0, min(6, digits - 1 - math.floor(math.log10(abs(scale)))))


def plain(value: float, places: int = 0) -> str:
    """The number with thousands separated by commas and a true minus sign; NaN and infinity in words."""
    if math.isnan(value):
        return NOT_COMPUTED
    if math.isinf(value):
        return NOT_FINISHED if value > 0 else MINUS + "infinite"
    text = f"{abs(value):,.{places}f}"
    negative = value < 0 and any(digit in text for digit in "123456789")
    return MINUS + text if negative else text


def number(value: float, unit: str = "", half_width: float | None = None) -> str:
    """The value with its unit: 8,240 EUR, 12.4 days, 96.1%."""
    if not math.isfinite(value):
        return plain(value)
    factor = 100.0 if unit == SHARE else 1.0
    places = _places(value * factor, unit, None if half_width is None else half_width * factor)
    return with_unit(plain(value * factor, places), unit)


def mean_half_width(mean: float, low: float, high: float, unit: str = "", precision: float = 0.0) -> str:
    """Mean ± half-width of its interval, in one unit and with equal decimals: 8,240 ± 51 EUR. A mean that cannot be
    computed says so; one without an interval (a single replication) stands alone.

    precision: a half-width that sets the decimals where it is the larger, so that a row's numbers line up.
    """
    half = (high - low) / 2
    if not math.isfinite(mean) or not math.isfinite(half):
        return number(mean, unit)
    factor = 100.0 if unit == SHARE else 1.0
    places = _places(mean * factor, unit, max(half, precision) * factor)
    return with_unit(f"{plain(mean * factor, places)} {PLUS_MINUS} {plain(half * factor, places)}", unit)


def difference(mean: float, low: float, high: float, unit: str = "", precision: float = 0.0) -> str:
    """A difference ± half-width with its sign: −204 ± 83 EUR, +1.2 ± 0.3 points (for shares)."""
    if not math.isfinite(mean):
        return plain(mean)
    if mean == low == high == 0:
        return "no difference"
    text = mean_half_width(mean, low, high, unit, precision)
    if unit == SHARE:
        text = f"{text.removesuffix('%')} points"
    return text if text.startswith(MINUS) else f"+{text}"


def interval(low: float, high: float, unit: str = "") -> str:
    """low to high with equal decimals: 8,190 to 8,290 EUR; not finite ends in words."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return f"{number(low, unit)} to {number(high, unit)}"
    factor = 100.0 if unit == SHARE else 1.0
    places = _places(high * factor, unit, (high - low) * factor / 2 or None)
    return with_unit(f"{plain(low * factor, places)} to {plain(high * factor, places)}", unit)


def with_unit(text: str, unit: str) -> str:
    """The text followed by its unit; a percent sign stands close, a bare number stays bare."""
    if unit == SHARE:
        return f"{text}%"
    return f"{text} {unit}" if unit else text


def money(micro: int, currency: str) -> str:
    """An amount of micro-units, exactly, with the currency's decimals at least: 0.42 EUR, 0.0015 EUR, 50 JPY; whole
    units from a thousand up."""
    value = micro / MICRO
    whole, _, cents = plain(value, 6).partition(".")
    cents = cents.rstrip("0").ljust(coins(currency), "0")
    return with_unit(plain(value) if abs(value) >= 1_000 or not cents else f"{whole}.{cents}", currency)


def coins(currency: str) -> int:
    """Decimals of the smallest amount in which a currency is paid: 2 for EUR, 0 for JPY, 3 for KWD."""
    from ..sim.ledger import minor_unit  # here, because it brings pandas, and `labelcast check` needs neither

    return len(str(MICRO // minor_unit(currency))) - 1


def adding_up(parts: Sequence[float], places: int = 0, total: float | None = None) -> list[str]:
    """The parts rounded so that they add up to their rounded sum, by largest remainder; those not finite in words.

    total: their sum, where it is printed beside them and may differ in its last bit from the sum of these.
    """
    scale = 10**places
    finite = [i for i, part in enumerate(parts) if math.isfinite(part)]
    floors = {i: math.floor(parts[i] * scale + 1e-9) for i in finite}
    whole = math.fsum(parts[i] for i in finite) if total is None else total
    missing = round(round(whole, places) * scale) - sum(floors.values())
    order = sorted(finite, key=lambda i: (floors[i] - parts[i] * scale, i))
    for i in order[: max(0, missing)]:
        floors[i] += 1
    return [plain(floors[i] / scale, places) if i in floors else plain(part) for i, part in enumerate(parts)]


def duration(seconds: float) -> str:
    """A span of time in the largest units that read well: 42 s, 3.5 min, 1.2 h, 15 days."""
    if not math.isfinite(seconds):
        return plain(seconds)
    for size, unit in ((86_400, "days"), (3_600, "h"), (60, "min")):
        if abs(seconds) >= 1.5 * size:
            return with_unit(significant(seconds / size), unit)
    return with_unit(significant(seconds), "s")


def significant(value: float, digits: int = 3) -> str:
    """The value with so many significant digits, never cutting whole digits, trailing zeros dropped: 3.5, 1,204."""
    if not math.isfinite(value) or value == 0:
        return plain(value)
    places = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    text = plain(value, places)
    return text.rstrip("0").rstrip(".") if "." in text else text


def chance(share: float, low: float, high: float) -> str:
    """A chance with its interval, whose ends are rounded outward: 93% (76% to 99%). One that is neither 0 nor 1 is not
    rounded to them."""
    if math.isnan(share):
        return NOT_COMPUTED
    middle = plain(100 * share)
    if 0 < share < 1:
        middle = str(min(max(int(middle), 1), 99))
    return f"{middle}% ({math.floor(100 * low + 1e-9)}% to {math.ceil(100 * high - 1e-9)}%)"


def probability(p: float) -> str:
    """A p-value: 0.032, or <0.001."""
    if math.isnan(p):
        return NOT_COMPUTED
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def _places(value: float, unit: str, half_width: float | None) -> int:
    """Decimals of a value that is already in the shown unit (percent for shares)."""
    if unit == SHARE:
        return 1 if half_width is None else max(1, min(2, decimals(value, half_width)))
    coin, _, per = unit.partition("/")
    if coin.isupper() and len(coin) == 3:  # money: whole units, or coins, or what a price per label needs
        if abs(value) >= 1_000 or (half_width or 0) >= 10:
            return 0
        least, most = coins(coin), coins(coin) + (2 if per or coins(coin) else 0)
        return max(least, min(most, decimals(value, half_width))) if abs(value) < 10 else least
    if unit == "items" and (half_width is None or half_width >= 1):
        return 0
    if half_width is None and abs(value) >= 1_000:
        return 0
    return min(2 if unit in ("days", "h") else 3, decimals(value, half_width))
