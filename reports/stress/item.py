"""The twenty items of the checklist, and what an answer is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

SECTIONS = ("Objectives", "Logic", "Data", "Experimentation", "Implementation", "Code access")

ITEMS = {
    "1.1": "Purpose of the model",
    "1.2": "Model outputs",
    "1.3": "Experimentation aims",
    "2.1": "Base model overview diagram",
    "2.2": "Base model logic",
    "2.3": "Scenario logic",
    "2.4": "Algorithms",
    "2.5": "Components",
    "3.1": "Data sources",
    "3.2": "Input parameters",
    "3.3": "Pre-processing",
    "3.4": "Assumptions",
    "4.1": "Initialisation",
    "4.2": "Run length",
    "4.3": "Estimation approach",
    "5.1": "Software or programming language",
    "5.2": "Random sampling",
    "5.3": "Model execution",
    "5.4": "System specification",
    "6.1": "Computer model sharing statement",
}
"""Titles by number."""

NOT_APPLICABLE = "Not applicable: "
"""How an answer begins that there is none, and why."""


@dataclass(frozen=True)
class Table:
    """A table under its header."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Code:
    """Text that is shown as it is. language: for a reader of Markdown."""

    language: str
    text: str


Block = str | Table | Code


@dataclass(frozen=True)
class Item:
    """An item with its answer: sentences, tables and code, at least one."""

    number: str
    blocks: tuple[Block, ...]

    @property
    def title(self) -> str:
        """What is asked."""
        return ITEMS[self.number]


def sentences(*told: str) -> str:
    """One paragraph."""
    return " ".join(one for one in told if one)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[Block]:
    """A table, or nothing where there is no row."""
    return [Table(tuple(head), tuple(tuple(row) for row in rows))] if rows else []
