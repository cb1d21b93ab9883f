"""One key of a scenario over a range: `work.street.backlog=10_000 items..200_000 items`."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from ..sim.errors import ScenarioRefused
from . import units
from .nodes import Mapping, Scalar
from .paths import put, spot
from .problems import Mark, quoted

_FORM = "work.street.backlog=10_000 items..200_000 items"
_PARTS = re.compile(r"\s*([^=\s]+)\s*=\s*(.+?)\s*\.\.\s*(.+?)\s*")

MICRO_DIGITS = 6
"""Digits after the point that an amount of money may have."""

DIGITS = 6
"""Significant digits of a value between the ends."""


@dataclass(frozen=True)
class Range:
    """path: of the key.  low, high: numbers in `unit`, "" for none.  whole: values between the ends are whole."""

    path: str
    low: float
    high: float
    unit: str
    whole: bool

    def text(self, value: float) -> str:
        """A value as the file would write it."""
        number = f"{value:.0f}" if self.whole else f"{self.at(value):.{DIGITS}g}"
        return f"{Decimal(number):f}{'' if self.unit in ('', '%') else ' '}{self.unit}"

    def at(self, value: float) -> float:
        """The nearest value that can be written."""
        if self.whole:
            return float(Decimal(value).to_integral_value(ROUND_HALF_UP))
        return round(float(f"{value:.{DIGITS}g}"), MICRO_DIGITS)

    def points(self, count: int) -> list[float]:
        """So many values from end to end, apart by equal steps, or by equal factors where the ends are far apart."""
        by_factor = self.low > 0 and self.high / self.low > 4
        low, high = (math.log(self.low), math.log(self.high)) if by_factor else (self.low, self.high)
        steps = (low + (high - low) * number / (count - 1) for number in range(count))
        inner = [self.at(math.exp(step) if by_factor else step) for step in steps]
        return sorted({self.low, *inner[1:-1], self.high})


def read_range(text: str) -> Range:
    """Reads PATH=LOW..HIGH. ValueError: the rule, what was found, how to mend it."""
    match = _PARTS.fullmatch(text)
    if match is None:
        raise ValueError(f"must be a key and its range, but got {quoted(text)}. Write it like {quoted(_FORM)}.")
    path, *ends = match.groups()
    (low, unit), (high, other) = (units.number(end, "10_000 items") for end in ends)
    if unit and other and unit != other:
        raise ValueError(f"both ends need one unit, but got {quoted(unit)} and {quoted(other)}. Write one.")
    if not low < high:
        raise ValueError(f"low < high must hold, but got {ends[0]}..{ends[1]}. Turn them round.")
    # Shares, times and amounts lie between whole ends as well; 1.0..2.0 says that plain numbers do.
    named = unit or other
    whole = named in units.COUNTED if named else not any("." in end or "e" in end.lower() for end in ends)
    return Range(path, float(low), float(high), unit or other, whole)


def varied(root: Mapping, file: str, path: str, text: str) -> Mapping:
    """The tree of a file with a value at a key. Raises ScenarioRefused where there is no such key."""
    told = f"{file} with --over"
    try:
        return put(root, spot(root, path), Scalar(Mark(told, 0, 0), text))
    except ValueError as error:
        raise ScenarioRefused(f"{told} {path}: {error}") from None
