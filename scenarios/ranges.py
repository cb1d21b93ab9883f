"""Values between two ends, as a file writes them: `10_000 items..200_000 items`."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from . import units
from .problems import quoted

_FORM = "work.street.backlog=10_000 items..200_000 items"
_PARTS = re.compile(r"\s*([^=\s]+)\s*=\s*(.+?)\s*\.\.\s*(.+?)\s*")

FACTOR = "x"
"""Before a number that multiplies what stands at a key: x0.8..x1.2."""

_FACTOR = re.compile(rf"{FACTOR}([0-9]{{1,6}}(?:\.[0-9]{{1,6}})?)")

MICRO_DIGITS = 6
"""Digits after the point that an amount of money may have."""

DIGITS = 6
"""Significant digits of a value between the ends."""


@dataclass(frozen=True)
class Range:
    """path: of the key.  low, high: numbers in `unit`, "" for none, FACTOR for factors on what stands there.  whole:
    values between the ends are whole."""

    path: str
    low: float
    high: float
    unit: str
    whole: bool

    def text(self, value: float) -> str:
        """A value as the file would write it."""
        number = f"{value:.0f}" if self.whole else f"{self.at(value):.{DIGITS}g}"
        if self.unit == FACTOR:
            return f"{FACTOR}{Decimal(number):f}"
        return f"{Decimal(number):f}{'' if self.unit in ('', '%') else ' '}{self.unit}"

    def at(self, value: float) -> float:
        """The nearest value that can be written."""
        if self.whole:
            return float(Decimal(value).to_integral_value(ROUND_HALF_UP))
        return round(float(f"{value:.{DIGITS}g}"), MICRO_DIGITS)

    def points(self, count: int) -> list[float]:
        """So many values from end to end, apart by about equal steps, or by about equal factors where the ends are far
        apart; those between the ends are round."""
        by_factor = self.low > 0 and self.high / self.low > 4
        low, high = (math.log(self.low), math.log(self.high)) if by_factor else (self.low, self.high)
        steps = (low + (high - low) * number / (count - 1) for number in range(count))
        raw = [math.exp(step) if by_factor else step for step in steps]
        inner = [
            self.round(one, (before, after), min(one - before, after - one) / 2)
            for before, one, after in zip(raw, raw[1:], raw[2:], strict=False)
        ]
        return sorted({self.low, *inner, self.high})

    def round(self, value: float, between: tuple[float, float], apart: float) -> float:
        """A round value near another, and between the two where there is one: a multiple of 1, 2 or 5 times a power of
        ten, the largest that is no larger than `apart` and has a multiple within a quarter of that."""
        least = Decimal(1) if self.whole else Decimal(0)
        for step in _steps(apart):
            found = _multiple(value, max(step, least), between)
            if abs(found - value) <= apart / 4 or step <= least:
                break
        return self.at(found)


def read_range(text: str) -> Range:
    """Reads PATH=LOW..HIGH. ValueError: the rule, what was found, how to mend it."""
    match = _PARTS.fullmatch(text)
    if match is None:
        raise ValueError(f"must be a key and its range, but got {quoted(text)}. Write it like {quoted(_FORM)}.")
    path, low, high = match.groups()
    return between(path, low, high)


def between(path: str, first: str, last: str) -> Range:
    """The range from one end to the other, each as a file writes it; one of them may name the unit of both.
    ValueError: the rule, what was found, how to mend it."""
    ends = [first, last]
    factors = [_FACTOR.fullmatch(end) for end in ends]
    if factors[0] and factors[1]:
        low, high = (Decimal(one[1]) for one in factors if one)
        if not low < high:
            raise ValueError(f"low < high must hold, but got {first}..{last}. Turn them round.")
        return Range(path, float(low), float(high), FACTOR, whole=False)
    (low, unit), (high, other) = (units.number(end, "10_000 items") for end in ends)
    if unit and other and unit != other:
        high, unit, other = _alike(unit, ends[1], other)
    if not low < high:
        mend = "Turn them round" if low > high else "Write two different ends"
        raise ValueError(f"low < high must hold, but got {first}..{last}. {mend}.")
    # Shares, times and amounts lie between whole ends as well; 1.0..2.0 says that plain numbers do.
    named = unit or other
    whole = named in units.COUNTED if named else not any("." in end or "e" in end.lower() for end in ends)
    return Range(path, float(low), float(high), unit or other, whole)


def _alike(unit: str, high: str, other: str) -> tuple[Decimal, str, str]:
    """The high end in the unit of the low one; of "item" and "items" the longer word is taken."""
    try:
        value = units.quantity(high, unit, "as the other end", "2 h")
    except ValueError:
        rule = f"both ends need one unit, or two of one kind, but got {quoted(unit)} and {quoted(other)}"
        raise ValueError(f"{rule}. Write one.") from None
    word = max(unit, other, key=len) if other.startswith(unit) or unit.startswith(other) else unit
    return value, word, word


def _steps(most: float) -> Iterator[Decimal]:
    """1, 2 and 5 times powers of ten, the largest that is no larger first, and some smaller ones."""
    exponent = math.floor(math.log10(most))
    scaled = (Decimal(digit).scaleb(exponent - less) for less in range(3) for digit in (5, 2, 1))
    return (step for step in scaled if step <= Decimal(repr(most)))


def _multiple(value: float, step: Decimal, between: tuple[float, float]) -> float:
    """The multiple of a step that is nearest to a value, of those between the two where there is one."""
    low, near, high = (Decimal(repr(float(one))) / step for one in (between[0], value, between[1]))
    first, last = low.to_integral_value(ROUND_FLOOR) + 1, high.to_integral_value(ROUND_CEILING) - 1
    return float(min(max(near.to_integral_value(ROUND_HALF_UP), first), last) * step)
