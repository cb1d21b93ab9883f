"""The profiles of the library as a table for a terminal, and as JSON for scripts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..scenarios.shelf import Told
from . import numbers


def shelf_text(found: Sequence[Told]) -> str:
    """A profile a block: its name, how much it rests on, what it is and where it comes from."""
    width = max((len(one.name) for one in found), default=0)
    lines = []
    for one in found:
        lines.append(f"{one.name:<{width}}  {_size(one)}")
        lines += [f"{'':<{width}}  {text}" for text in (one.what, one.source) if text]
    return "\n".join(lines)


def shelf_json(found: Sequence[Told]) -> list[dict[str, Any]]:
    """The same, with null for what a profile does not say."""
    return [
        {
            "name": one.name,
            "what": one.what or None,
            "source": one.source or None,
            "fitted": not one.stand_in,
            "labels": one.labels,
            "items": one.items,
            "workers": one.workers,
            "first": one.first or None,
            "last": one.last or None,
        }
        for one in found
    ]


def _size(one: Told) -> str:
    if one.stand_in:
        return "typical numbers, fitted to nobody's data"
    counts = [(one.labels, "labels"), (one.items, "items"), (one.workers, "workers")]
    told = ", ".join(f"{numbers.plain(count)} {what}" for count, what in counts if count is not None)
    return f"{told}, {one.first[:10]} to {one.last[:10]}"
