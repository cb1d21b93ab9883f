"""One key of a scenario at another value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from ..sim.errors import ScenarioRefused
from .layers import merged
from .nodes import Mapping, Node, Scalar
from .paths import multiplied, placed, put, spot
from .problems import Mark, Problems

_FACTOR = re.compile(r"x([0-9]{1,6}(?:\.[0-9]{1,6})?)")


def holding(plans: Sequence[tuple[Path, Path | None]], key: str) -> tuple[bool, ...]:
    """Which of the scenarios have a key, written or by default; files that cannot be read count as having it. plans:
    the file of each, and the profile under it.

    Raises ScenarioRefused with the reason of each where none has it.
    """
    told: list[str] = []
    found = []
    for path, profile in plans:
        layers = merged(path, profile, Problems())
        try:
            if layers is not None and layers.complete:
                spot(layers.root, key)
        except ValueError as error:
            told.append(f"{path} with --over {key}: {error}")
            found.append(False)
        else:
            found.append(True)
    if not any(found):
        raise ScenarioRefused(told)
    return tuple(found)


def varied(root: Mapping, file: str, path: str, value: str | Node) -> Mapping:
    """The tree of a file with a value at a key. Text merges as in a file that extends another, but that x1.2 multiplies
    what stands there where that is made of numbers; a node takes the place of all that stands there. Raises
    ScenarioRefused where there is no such key."""
    told = f"{file} with {path}"
    try:
        if isinstance(value, str):
            told = f"{told}={value}"
            at, mark = spot(root, path), Mark(told, 0, 0)
            if factor := _FACTOR.fullmatch(value):
                return placed(root, at, multiplied(root, at, Decimal(factor[1]), mark))
            return put(root, at, Scalar(mark, value))
        return placed(root, spot(root, path), value)
    except ValueError as error:
        raise ScenarioRefused(f"{told}: {error}") from None
