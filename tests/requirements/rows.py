"""The rows of the requirements and what carries them, as rows.toml has it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

FILE = Path(__file__).with_name("rows.toml")

Status = Literal["met", "partly", "missing"]


@dataclass(frozen=True)
class Row:
    """id: R01 .. R64.  wave: A is for the first release, B for the second, C for later.  stands: how a user has it, ""
    where nothing of it stands.  tests: that check the row's own criterion, as path::function, perhaps with [case].
    missing: what it lacks, "" where nothing."""

    id: str
    wave: Literal["A", "B", "C"]
    title: str
    stands: str = ""
    tests: tuple[str, ...] = ()
    missing: str = ""

    @property
    def status(self) -> Status:
        """met: nothing is missing.  missing: nothing stands."""
        if not self.missing:
            return "met"
        return "partly" if self.stands else "missing"


def rows() -> tuple[Row, ...]:
    """All rows, in the order of their ids. Raises TypeError where a row has a key that there is not."""
    table = tomllib.loads(FILE.read_text(encoding="utf-8"))
    made = (Row(id=name, **{**keys, "tests": tuple(keys.get("tests", ()))}) for name, keys in table.items())
    return tuple(sorted(made, key=lambda row: row.id))


def met() -> tuple[int, list[str]]:
    """How many rows are met, and the ids of those that are not, or in part."""
    found = rows()
    return sum(row.status == "met" for row in found), [row.id for row in found if row.status != "met"]
