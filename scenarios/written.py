"""What stands in a file before a field reads it: text, or by mistake a list or a mapping."""

from __future__ import annotations

from typing import Any

from .problems import quoted

JsonSchema = dict[str, Any]


class Whole:
    """Marks a mapping as one value: written over a file that is extended, it replaces what stands there."""


def text_of(value: object, rule: str, example: str) -> str:
    """The text of a single value. ValueError for a list or a mapping."""
    if isinstance(value, str):
        return value
    found = "a list" if isinstance(value, list) else "a mapping"
    raise ValueError(f"must be {rule}, but got {found}. Write it like {quoted(example)}.")
