"""Writes docs/coverage.md from rows.toml: PYTHONPATH=tests python -m requirements.page [ROOT]."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from labelcast.sim.files import write_text

from .rows import Row, rows

WAVES = {"A": "Wave A: first release", "B": "Wave B: second release", "C": "Wave C: later"}
STATES = ("met", "partly", "missing")


def page(table: tuple[Row, ...]) -> str:
    """docs/coverage.md."""
    lines = [
        "# Coverage of the requirements",
        "",
        "Written by `PYTHONPATH=tests python -m requirements.page` from `tests/requirements/rows.toml`; do not edit.",
        "",
        "A row is met when a user can have what it asks for, and a test checks the row's own criterion. Partly:",
        "something stands, and the last column says what does not. In brackets: cases of docs/verification.md.",
        "",
        "| | rows | met | partly | missing |",
        "|---|---:|---:|---:|---:|",
        *(_counts(title, [row for row in table if row.wave == wave]) for wave, title in WAVES.items()),
        _counts("All", list(table)),
    ]
    for wave, title in WAVES.items():
        lines += [
            "",
            f"## {title}",
            "",
            "| row | what | status | where it stands | tests | missing |",
            "|---|---|---|---|---|---|",
        ]
        lines += [_row(row) for row in table if row.wave == wave]
    return "\n".join([*lines, ""])


def _counts(title: str, table: list[Row]) -> str:
    counts = (sum(row.status == state for row in table) for state in STATES)
    return f"| {title} | {len(table)} | {' | '.join(map(str, counts))} |"


def _row(row: Row) -> str:
    status = row.status if row.status == "met" else f"**{row.status}**"
    return f"| {row.id} | {row.title} | {status} | {row.stands} | {'<br>'.join(_links(row))} | {row.missing} |"


def _links(row: Row) -> Iterator[str]:
    for test in row.tests:
        path, name = test.split("::")
        yield f"[{name.removeprefix('test_').replace('_', ' ').replace('[', ' (').replace(']', ')')}](../{path})"


if __name__ == "__main__":
    root = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    write_text(root / "docs" / "coverage.md", page(rows()))
