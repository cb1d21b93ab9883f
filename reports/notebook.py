"""What a notebook shows of an answer: its sentences and its table, with everything that users wrote escaped."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from . import html

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Table:
    """rows: as of a terminal, under their header.  title: above it, "" for none."""

    rows: Rows
    title: str = ""


def answer_html(title: str, sentences: Sequence[str], tables: Sequence[Table]) -> str:
    """HTML that stands in a page of another: no script, no style sheet, no colours that a dark page would hide."""
    shown = [
        {"title": _clean(one.title), "head": _cells(one.rows[0]), "rows": [_cells(row) for row in one.rows[1:]]}
        for one in tables
        if one.rows
    ]
    told = {"title": _clean(title), "sentences": _cells(sentences), "tables": shown}
    return html.fragment("answer.html", told)


def _cells(row: Sequence[str]) -> list[str]:
    return [_clean(cell) for cell in row]


def _clean(text: str) -> str:
    """No control character that a name might smuggle in."""
    return "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(c) in ("Cc", "Cs") else c for c in text)
