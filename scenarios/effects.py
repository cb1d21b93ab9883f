"""Effects that are not known exactly: `0.8..0.95` is the central 95% interval of what a change does.

A number above zero is drawn on the scale of its logarithm, so that half and double are equally far; a percentage
between 0% and 100% on that of its logit; any other on its own. Its median lies in the middle of that scale: the
geometric mean of two factors.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from . import units
from .nodes import Listing, Mapping, Node, Scalar
from .problems import quoted
from .readers import PATTERN, Number, Reader
from .written import JsonSchema, text_of

CENTRAL = 1.959963984540054
"""Standard deviations of a normal distribution from its middle to either end of its central 95%."""

DIGITS = 9
"""Significant digits of what is drawn."""

MICRO_DIGITS = 6
"""Digits after the point that an amount of money may have."""

LEAST, MOST = 0.01, 100.0
"""Of a factor, drawn ones too."""

_UNIT = r"\s*([A-Za-z%/ ]*?)\s*"
_RANGE = re.compile(rf"\s*({units.NUMBER}){_UNIT}\.\.\s*({units.NUMBER}){_UNIT}", re.ASCII)

FACTOR = Number("a factor", "", "0.9", str(LEAST), f"{MOST:g}")


@dataclass(frozen=True)
class Effect:
    """low, high: ends of the central 95%, in `unit`.  whole: there are only whole ones."""

    low: float
    high: float
    unit: str
    whole: bool

    def at(self, normal: float | None) -> float:
        """The value at so many standard deviations from the median, None for the median."""
        back: Callable[[float], float] = _same
        low, high = self.low, self.high
        if self.unit == "%" and low > 0 and high < 100:
            low, high, back = _logit(low), _logit(high), _share
        elif self.unit != "%" and low > 0:
            low, high, back = math.log(low), math.log(high), math.exp
        found = back((low + high) / 2 + (0.0 if normal is None else normal * (high - low) / (2 * CENTRAL)))
        return float(Decimal(found).to_integral_value(ROUND_HALF_UP)) if self.whole else found

    def text(self, normal: float | None) -> str:
        """The same as a file would write it."""
        number = Decimal(f"{self.at(normal):.{DIGITS}g}")
        if self.unit[:3] in units.CURRENCIES:
            number = round(number, MICRO_DIGITS)
        return f"{number:f}{'' if self.unit in ('', '%') else ' '}{self.unit}"


def is_range(text: str) -> bool:
    """Whether a text is two numbers with two points between them, right or wrong."""
    return _RANGE.fullmatch(text) is not None


def read(text: str) -> Effect:
    """The effect of a text that is a range. ValueError: the rule, what was found, how to mend it."""
    match = _RANGE.fullmatch(text)
    assert match is not None
    first, one, last, other = match.groups()
    if one and one != other:
        raise ValueError(f"both ends need one unit, but got {quoted(one)} and {quoted(other)}. Write one.")
    if not Decimal(first.replace("_", "")) < Decimal(last.replace("_", "")):
        raise ValueError(f"low < high must hold, but got {quoted(text)}. Turn them round, or write one number.")
    plain = not other and not any("." in end or "e" in end.lower() for end in (first, last))
    return Effect(float(first), float(last), other, plain or other in units.COUNTED)


def effect(text: str, normal: float | None) -> Decimal:
    """The factor of a text, at so many standard deviations from the median where it is a range; None: the median.

    ValueError: it is no factor, or an end is none.
    """
    if not is_range(text):
        return Decimal(str(FACTOR(text)))
    found = read(text)
    if found.unit:
        raise ValueError(f"must be a factor, without a unit, but got {quoted(text)}. Write it like 0.8..0.95.")
    for end in (found.low, found.high):
        FACTOR(f"{end:g}")
    drawn = Effect(found.low, found.high, "", whole=False).at(normal)
    return Decimal(f"{min(max(drawn, LEAST), MOST):.{DIGITS}g}")


def value(text: str, normal: float | None) -> str:
    """A value as a file would write it, likewise; what is no range as it stands."""
    return read(text).text(normal) if is_range(text) else text


def ranges(root: Mapping) -> dict[str, tuple[int, str]]:
    """Every effect of `changes` that is a range: by its name, the place of its entry and its key.

    The name is made of the entry's own words (date, path, why, key), not of its place, so that other entries leave it
    as it is; entries alike are told apart by their order.
    """
    found: dict[str, tuple[int, str]] = {}
    for number, entry in enumerate(_entries(root)):
        words = [" ".join(_text(entry, key).split()) for key in ("path", "on", "why")]
        for key in ("factor", "value"):
            if is_range(_text(entry, key)):
                name = " ".join(("changes", *filter(None, words), key))
                same = sum(other == name or other.startswith(f"{name} #") for other in found)
                found[f"{name} #{same + 1}" if same else name] = (number, key)
    return found


def drawn(root: Mapping, normal: Callable[[str], float]) -> Mapping:
    """The tree of a scenario with one value for each effect of `changes` that is a range.

    normal: of the name of an effect: standard deviations from the median. What breaks a rule stays as it is, for
    whoever checks the tree.
    """
    found = ranges(root)
    listing = root.entries.get("changes")
    if not found or not isinstance(listing, Listing):
        return root
    items = list(listing.items)
    for name, (number, key) in found.items():
        entry = items[number]
        assert isinstance(entry, Mapping)
        text = _text(entry, key)
        try:
            told = f"{effect(text, normal(name)):f}" if key == "factor" else value(text, normal(name))
        except ValueError:
            continue  # the check of the tree tells it, with its place
        new = Scalar(entry.entries[key].mark, told)
        items[number] = Mapping(entry.mark, entry.entries | {key: new}, entry.keys)
    return Mapping(root.mark, root.entries | {"changes": Listing(listing.mark, items)}, root.keys)


def _entries(root: Mapping) -> list[Node]:
    listing = root.entries.get("changes")
    return listing.items if isinstance(listing, Listing) else []


def _text(entry: Node, key: str) -> str:
    node = entry.entries.get(key) if isinstance(entry, Mapping) else None
    return node.text if isinstance(node, Scalar) else ""


@dataclass(frozen=True)
class Factored(Reader):
    """Reads a factor, or the median of a range of them."""

    def __call__(self, value: object) -> float:
        return float(effect(text_of(value, "a factor", "0.9"), None))

    def schema(self) -> JsonSchema:
        """A number, or text with one or two of them."""
        number = FACTOR.schema()["anyOf"][0]
        text = {"type": "string", "pattern": rf"^ *{PATTERN}( *\.\. *{PATTERN})? *$"}
        return {"anyOf": [number, text], "examples": ["0.9", "0.8..0.95"]}


def checked(value: object) -> object:
    """A value of any kind as it stands. ValueError where it is a range that breaks a rule."""
    if isinstance(value, str) and is_range(value):
        read(value)
    return value


def _same(number: float) -> float:
    return number


def _logit(percent: float) -> float:
    return math.log(percent / (100 - percent))


def _share(logit: float) -> float:
    return 100 / (1 + math.exp(-logit))
