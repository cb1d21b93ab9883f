"""What is asked about rules of consensus, read from words: numbers as scenario files write them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from ..sim.errors import ScenarioRefused
from ..sim.estimates.difficulty import HIGHEST
from ..sim.estimates.rules import Question
from . import units
from .problems import guess, quoted
from .readers import Number

CLASSES = Number("a whole number", "", "5", "2", "1000", whole=True)
ATTRACTOR = Number('a number, or "inf" for none', "", "3", "0.001", "1000000")
DEAREST = 10**9
"""Units of currency that one label may cost."""


def question(accuracy: str, correlation: str, classes: str, price: str, attractor: str) -> Question:
    """The question that these words ask. Raises ScenarioRefused with every problem that they have."""
    words: dict[str, tuple[Callable[[str], Any], str]] = {
        "accuracy": (_accuracy, accuracy),
        "correlation": (_correlation, correlation),
        "classes": (CLASSES, classes),
        "price": (amount, price),
        "attractor": (_attractor, attractor),
    }
    found: dict[str, Any] = {}
    problems = []
    for name, (reader, text) in words.items():
        try:
            found[name] = reader(text)
        except ValueError as error:
            problems.append(f"--{name}: {error}")
    if {"accuracy", "classes"} <= found.keys() and found["accuracy"] * found["classes"] <= 1.0:
        chance = f"{1.0 / found['classes']:.4g}, what a guess among {found['classes']} classes is worth"
        rule = f"must be above {chance}, but got {quoted(accuracy)}"
        problems.append(f"--accuracy: {rule}. No number of such labels decides: name the accuracy of better workers.")
    if problems:
        raise ScenarioRefused(problems)
    paid, currency = found.pop("price")
    return Question(price=paid, currency=currency, **found)


def price_of(text: str) -> tuple[float, str]:
    """(amount, currency, "" if none is named) of an option --price. Raises ScenarioRefused."""
    try:
        return amount(text)
    except ValueError as error:
        raise ScenarioRefused(f"--price: {error}") from error


def part_of(text: str, option: str) -> float:
    """A share above 0 and below 1 given to an option, as 0.5 or 50%. Raises ScenarioRefused."""
    try:
        return _accuracy(text)
    except ValueError as error:
        raise ScenarioRefused(f"{option}: {error}") from error


def _accuracy(text: str) -> float:
    share = _share(text, "0.85")
    if not 0.0 < share < 1.0:
        raise ValueError(f'must be above 0 and below 1, but got {quoted(text)}. Write it like "0.85" or "85%".')
    return share


def _correlation(text: str) -> float:
    share = _share(text, "0.2")
    if not 0.0 <= share < 1.0:
        raise ValueError(f'must be at least 0 and below 1, but got {quoted(text)}. Write it like "0.2".')
    if share > HIGHEST:
        rule = f"must be at most {HIGHEST:g}, but got {quoted(text)}"
        raise ValueError(f"{rule}: where errors are as alike as that, further labels change nothing.")
    return share


def _share(text: str, example: str) -> float:
    number, unit = units.number(text, example)
    if unit not in ("", "%"):
        raise ValueError(f"must be a share, but got {quoted(text)}. Write it like {quoted(example)}.")
    return float(number / 100 if unit else number)


def _attractor(text: str) -> float:
    return math.inf if text.strip() == "inf" else float(ATTRACTOR(text))


def amount(text: str) -> tuple[float, str]:
    """(amount, currency, "" if none is named)."""
    number, unit = units.number(text, "0.04 EUR")
    if unit and unit not in units.CURRENCIES:
        near = guess(unit, units.CURRENCIES)
        raise ValueError(f'no currency is named {quoted(unit)}.{near} Write it like "0.04 EUR", or "0.04".')
    if not 0 <= number <= DEAREST:
        raise ValueError(f'must be at least 0 and at most {DEAREST:,}, but got {quoted(text)}. Write it like "0.04".')
    return float(number), unit
