"""Rows of text in columns, for a terminal."""

from __future__ import annotations

from collections.abc import Iterable


def columns(rows: Iterable[tuple[str, ...]]) -> list[str]:
    """A line a row: the first column to the left, the others to the right. Rows: at least one, equally long."""
    cells = list(rows)
    widths = [max(len(row[i]) for row in cells) for i in range(len(cells[0]))]
    return [
        "  ".join([row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True))]).rstrip()
        for row in cells
    ]


def left(rows: list[list[str]]) -> str:
    """Rows under their header and a rule, all columns to the left."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([lines[0], "-" * min(100, sum(widths) + 2 * len(widths) - 2), *lines[1:]])
