"""Parts of the proof, each kept as it was proved: one can be proved anew without the others, and a proof that is
stopped keeps the parts that were done."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from answering.section import Figure, Section

from .summary import Row


@dataclass(frozen=True)
class Part:
    """section: of the page.  rows: of a problem, by method and budget.  proved: the commit.  minutes: it took."""

    section: Section
    rows: dict[tuple[str, int], Row]
    proved: str
    minutes: float


def read(path: Path) -> dict[str, Part]:
    """The parts of a file by name; none where there is no file."""
    told = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return {name: _part(part) for name, part in told.items()}


def write(path: Path, parts: dict[str, Part]) -> None:
    """The file of parts, in place of what was there."""
    told = {
        name: {
            "proved": part.proved,
            "minutes": round(part.minutes, 1),
            "section": asdict(part.section),
            "rows": [{"budget": budget, **asdict(row)} for (_, budget), row in part.rows.items()],
        }
        for name, part in parts.items()
    }
    new = path.with_suffix(".new")
    new.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    new.replace(path)


def _part(told: dict[str, object]) -> Part:
    section, rows = told["section"], told["rows"]
    assert isinstance(section, dict)
    assert isinstance(rows, list)
    figures = [Figure(**one) for one in section["figures"]]
    by = {}
    for one in rows:
        budget = one.pop("budget")
        by[one["method"], budget] = Row(**{**one, "gaps": tuple(one["gaps"])})
    return Part(
        Section(section["title"], section["lines"], figures), by, str(told["proved"]), float(str(told["minutes"]))
    )
