"""What a scenario file is made of: single values as text, lists and mappings, each with its place."""

from __future__ import annotations

from dataclasses import dataclass, field

from .problems import Mark


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value, as it was written. empty: nothing was written, or a bare `null` or `~`."""

    mark: Mark
    text: str
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A list."""

    mark: Mark
    items: list[Node] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys with their values. keys: where each key stands."""

    mark: Mark
    entries: dict[str, Node] = field(default_factory=dict)
    keys: dict[str, Mark] = field(default_factory=dict)


Node = Scalar | Listing | Mapping
