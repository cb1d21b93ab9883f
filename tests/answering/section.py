"""A part of docs/answers.md: what was proved, its figures, and what failed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Figure:
    """A number that the page's first table has. text: how it is written; holds: whether it keeps its promise."""

    name: str
    what: str
    promised: str
    found: float
    text: str
    holds: bool


def table(figures: Iterable[Figure]) -> list[str]:
    """The page's first table. A figure that promises nothing, "-", has no verdict."""
    rows = ["| Figure | What | Promise | Found | Value | Verdict |", "|---|---|---|---:|---:|---|"]
    for one in figures:
        verdict = "-" if one.promised == "-" else "kept" if one.holds else "**BROKEN**"
        rows.append(f"| `{one.name}` | {one.what} | {one.promised} | {one.text} | {one.found:.4g} | {verdict} |")
    return rows


@dataclass(frozen=True)
class Section:
    """title, lines of Markdown beneath it, and the figures that it gives."""

    title: str
    lines: list[str]
    figures: list[Figure] = field(default_factory=list)
