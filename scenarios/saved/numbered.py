"""What an answer tells, number by number: each has a name by which it can be asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def numbers_of(data: Any) -> dict[str, Any]:
    """All that an answer tells, by where it stands: keys parted by dots, and in lists the name of an entry, where each
    has one of its own, or its number from 0."""
    if isinstance(data, dict):
        inner: list[tuple[str, Any]] = [(str(key), value) for key, value in data.items()]
    elif isinstance(data, list):
        inner = [*zip(_entries(data), data, strict=True)]
    else:
        return {"": data}
    return {f"{key}.{rest}" if rest else key: one for key, value in inner for rest, one in numbers_of(value).items()}


LABELS = ("name", "month", "kpi", "scenario", "parameter", "pool", "stage", "path", "value", "labels")
"""Keys by one of which entries of a list are told apart, the first that does."""


def _entries(data: Sequence[Any]) -> list[str]:
    """What entries of a list are called."""
    if data and all(isinstance(one, dict) for one in data):
        for label in LABELS:
            named = [one.get(label) for one in data]
            names = [f"{name:g}" if isinstance(name, float) else str(name) for name in named]
            if all(isinstance(name, str | int | float) for name in named) and len(set(names)) == len(names):
                return names
    return [str(number) for number in range(len(data))]
