"""Numbers of scenarios of which nobody said how sure they are, and ranges a fifth to either side of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from ..sim.errors import Infeasible, ScenarioRefused
from . import units
from .layers import merged
from .load import load
from .nodes import Mapping, Scalar
from .problems import Problems
from .ranges import FACTOR

PART = Decimal("0.2")
"""Of a number, of a skill of what is wrong: how far a range goes to either side."""

FACTORS = (f"{FACTOR}{1 - PART}", f"{FACTOR}{1 + PART}")

TABLES = ("per_label",)
"""Keys under which a table of prices may stand, which move together."""

ACCURACY = re.compile(r"pools\.[^.]+\.skill\.accuracy")

GUESSED = (
    re.compile(r"work\.[^.]+\.backlog"),
    re.compile(r"work\.[^.]+\.arrivals\.rate"),
    ACCURACY,
    re.compile(r"pools\.[^.]+\.pay\.(hourly|per_label)"),
    re.compile(r"stages\.[^.]+\.time(\.(constant|exponential|(gamma|lognormal)\.(mean|median)))?"),
)
"""Keys that are known from before the work begins by estimate alone: volume, skills, prices, times."""


def guesses(plans: Sequence[tuple[Path, Path | None]]) -> list[str]:
    """Ranges, as `--over` reads them, a fifth to either side of volumes, times, skills and prices that plans say, and
    that no profile fitted with an interval. plans: the file of each, and the profile under it.

    Of what plans say differently, and of tables of prices, each is multiplied; what cannot be simulated at either end
    is left out.
    """
    said = [dict(_said(*plan)) for plan in plans]
    found = []
    for key in dict.fromkeys(key for one in said for key in one):
        having = [(plan, one[key]) for plan, one in zip(plans, said, strict=True) if key in one]
        text = having[0][1]
        alike = all(other == text for _, other in having) and not text.startswith("{")
        ends = _ends(key, text) if alike else None if ACCURACY.fullmatch(key) else FACTORS
        if ends is not None and all(_simulated(*plan, key, end) for plan, _ in having for end in ends):
            found.append(f"{key}={ends[0]}..{ends[1]}")
    return found


def _said(path: Path, profile: Path | None) -> Iterator[tuple[str, str]]:
    """Keys of what is guessed in a scenario with their texts, in the order in which they are written."""
    layers = merged(path, profile, Problems())
    assert layers is not None, "the scenario was loaded before"
    for key, text in _leaves(layers.root, ""):
        known = any(one == key or one.startswith(f"{key}.") for one in layers.unsure)
        if not known and any(one.fullmatch(key) for one in GUESSED):
            yield key, text


def _leaves(node: Mapping, under: str) -> Iterator[tuple[str, str]]:
    for name, one in node.entries.items():
        if "." in name:
            continue  # which a path cannot say
        if isinstance(one, Mapping) and name in TABLES:
            yield f"{under}{name}", "{}"
        elif isinstance(one, Mapping):
            yield from _leaves(one, f"{under}{name}.")
        elif isinstance(one, Scalar) and not one.empty:
            yield f"{under}{name}", one.text


def _ends(path: str, text: str) -> tuple[str, str] | None:
    """A fifth to either side, as a file writes it; None of what is no number above zero."""
    try:
        value, unit = units.number(text, "10_000 items")
    except ValueError:
        return None
    if value <= 0:
        return None
    least, most = value * (1 - PART), value * (1 + PART)
    if ACCURACY.fullmatch(path):
        whole = Decimal(100 if unit == "%" else 1)
        least, most = value - PART * (whole - value), value + PART * (whole - value)
    if unit in units.COUNTED:
        least, most = least.to_integral_value(), most.to_integral_value()
    space = "" if unit in ("", "%") else " "
    return (f"{least.normalize():f}{space}{unit}", f"{most.normalize():f}{space}{unit}") if least < most else None


def _simulated(path: Path, profile: Path | None, key: str, value: str) -> bool:
    """Whether the scenario is a line with a value at a key."""
    try:
        load(path, profile, keys=[(key, value)])
    except (ScenarioRefused, Infeasible):
        return False
    return True
