"""The values that a key of `search.vary` may take: `2..12`, `5%..100% by 5%`, or a list of choices.

A choice may be a mapping or a list, and hold ranges itself: it stands for all their combinations.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from . import units
from .nodes import Listing, Mapping, Node, Scalar
from .problems import quoted
from .ranges import Range, between
from .readers import PATTERN
from .written import JsonSchema

MOST = 200
"""Values of a key."""

STEPS = 20
"""Steps of a range that is neither of whole numbers nor says its step."""

LONGEST = 200
"""Characters of a range."""

_END = rf"{units.NUMBER}\s*[A-Za-z%/ ]*?"
_RANGE = re.compile(rf"\s*({_END})\s*\.\.\s*({_END})(?:\s+(by)(?:\s+({_END}))?)?\s*", re.ASCII)
_NUMBER = rf"[+-]?{PATTERN} *[A-Za-z%/ ]*"
_FORM = "Write it like 2..12, 5%..100% by 5%, or [1, 3, {lead: 2, max: 7}]."


@dataclass(frozen=True)
class Span:
    """The values of a range. texts: as a file would write them.  numbers: in `unit`.  whole: they have no fractions."""

    texts: tuple[str, ...]
    numbers: tuple[float, ...]
    unit: str
    whole: bool


@lru_cache(maxsize=1024)
def span(text: str) -> Span | None:
    """The values of a text that is a range of numbers; None of any other text. ValueError: the rule, what was found,
    how to mend it."""
    match = _RANGE.fullmatch(text) if len(text) <= LONGEST else None
    if match is None:
        return None
    low, high, by, step = match.groups()
    if by and not step:
        raise ValueError(f"`by` needs a step, but got {quoted(text)}. Write it like 5%..100% by 5%.")
    found = between("", low, high)
    if step:
        numbers = _by(found, step, text)
    else:
        numbers = _whole(found, text) if found.whole else found.points(STEPS + 1)
    whole = found.whole and all(number.is_integer() for number in numbers)
    written = Range("", found.low, found.high, found.unit, whole)
    return Span(tuple(written.text(number) for number in numbers), tuple(numbers), found.unit, whole)


def _whole(found: Range, text: str) -> list[float]:
    """All whole numbers of a range."""
    count = math.floor(found.high) - math.ceil(found.low) + 1
    if count < 2:
        raise ValueError(f"needs two values or more, but {quoted(text)} has {count}. Write whole numbers.")
    if count > MOST:
        step = next(size for size in _round() if (found.high - found.low) / size < MOST / 4)
        unit = f" {found.unit}" if found.unit else ""
        rule = f"a key has at most {MOST} values, but {quoted(text)} has {count:,}"
        raise ValueError(f"{rule}. Say a step, such as `by {step}{unit}`.")
    return [float(number) for number in range(math.ceil(found.low), math.floor(found.high) + 1)]


def _round() -> Iterator[int]:
    """1, 2, 5, 10, 20, .."""
    size = 1
    while True:
        yield from (size, 2 * size, 5 * size)
        size *= 10


def _by(found: Range, by: str, text: str) -> list[float]:
    """The values of a range that says its step."""
    step, unit = units.number(by, "5%")
    if unit and not found.unit:
        raise ValueError(f"the step of {quoted(text)} has a unit, but the range has none. Leave it out.")
    if unit:
        step = units.quantity(by, found.unit, f"a step in {found.unit}", f"5 {found.unit}")
    if step <= 0:
        raise ValueError(f"a step is more than 0, but got {quoted(by)}.")
    steps = (found.high - found.low) / float(step)
    count = round(steps)
    if count < 1 or not math.isclose(steps, count, rel_tol=1e-9):
        last = found.low + math.floor(steps) * float(step)
        mend = f"End at {found.text(last)}, or write another step." if steps > 1 else "Write a smaller one."
        raise ValueError(f"steps of {by.strip()} must come to the end, but those of {quoted(text)} do not. {mend}")
    if count >= MOST:
        rule = f"a key has at most {MOST} values, but {quoted(text)} has {count + 1:,}"
        raise ValueError(f"{rule}. Say a larger step.")
    return [found.low + (found.high - found.low) * number / count for number in range(count + 1)]


VALUES_SCHEMA: JsonSchema = {
    "anyOf": [
        {"type": "string", "pattern": rf"^ *{_NUMBER} *\.\. *{_NUMBER}( +by +{_NUMBER})? *$", "examples": ["2..12"]},
        {"type": "array", "minItems": 1},
    ]
}
"""A list with one choice may stand for several."""


def expanded(node: Node) -> list[Node]:
    """The values that what stands under a key of `vary` stands for, each with the place where it is written."""
    if isinstance(node, Scalar):
        return _combined(node)
    assert isinstance(node, Listing)
    return [value for item in node.items for value in _combined(item)]


def _combined(node: Node) -> list[Node]:
    """A choice with each combination of the values of its ranges."""
    if isinstance(node, Scalar):
        found = span(node.text)
        return [node] if found is None else [Scalar(node.mark, text) for text in found.texts]
    if isinstance(node, Listing):
        return [Listing(node.mark, list(items)) for items in product(*map(_combined, node.items))]
    rows = product(*map(_combined, node.entries.values()))
    return [Mapping(node.mark, dict(zip(node.entries, row, strict=True)), node.keys) for row in rows]


def checked(value: object) -> object:
    """What stands under a key of `vary`, as it stands. ValueError where it is no range and no list of choices."""
    if isinstance(value, str):
        if span(value) is None:
            raise ValueError(f"must be a range of numbers or a list of choices, but got {quoted(value)}. {_FORM}")
    elif isinstance(value, dict):
        raise ValueError(f"must be a range of numbers or a list of choices, but got a mapping. {_FORM}")
    else:
        assert isinstance(value, list)
        count = sum(_count(one) for one in value)
        if count < 2:
            raise ValueError(f"needs two values or more, but got {count}. Write the value in its place, or add others.")
        if count > MOST:
            raise ValueError(f"a key has at most {MOST} values, but these are {count:,}. Say larger steps, or less.")
    return value


def _count(value: object) -> int:
    """How many values a choice stands for."""
    if isinstance(value, str):
        found = span(value)
        return 1 if found is None else len(found.texts)
    assert isinstance(value, dict | list)
    return math.prod(_count(one) for one in (value.values() if isinstance(value, dict) else value))


def shown(node: Node) -> str:
    """A value on one line, as a file would write it; "nothing" for a key that is not written."""
    if isinstance(node, Scalar):
        return "nothing" if node.empty else " ".join(node.text.split())
    if isinstance(node, Listing):
        return f"[{', '.join(shown(item) for item in node.items)}]"
    return "{" + ", ".join(f"{key}: {shown(one)}" for key, one in node.entries.items()) + "}"
