"""Map files: which columns of a table are what, for tables whose names do not tell."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from ...sim.errors import DataRefused
from .judgements import OUTCOMES
from .sheet import Sheet
from .stamps import no_zone

LARGEST = 1_000_000
"""Bytes of a map that we read."""

UNITS = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0}


@dataclass(frozen=True)
class Map:
    """columns: the file's column by our name.  outcomes: ours by the file's word.  seconds: in one unit of
    active_seconds.  timezone: of stamps that name none.  given: written by the planner, else proposed."""

    columns: Mapping[str, str]
    outcomes: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 1.0
    timezone: str = "UTC"
    given: str = ""

    def check(self, sheet: Sheet, needed: Sequence[str]) -> None:
        """Raises DataRefused unless the sheet has each column that is named, once, and all that is needed is named."""
        where = self.given or sheet.name
        problems = [
            f"{where}: columns: {name} is needed, and is not there." for name in needed if name not in self.columns
        ]
        for ours, theirs in self.columns.items():
            if theirs not in sheet.columns:
                near = difflib.get_close_matches(theirs, sheet.header, n=1)
                hint = f" Did you mean {near[0]!r}?" if near else ""
                problems.append(f"{where}: columns.{ours}: {sheet.name} has no column {theirs!r}.{hint}")
            elif theirs in sheet.repeated and ours in needed:
                problems.append(f"{sheet.name}: row 1 names the column {theirs} more than once; which one is meant?")
        if problems:
            raise DataRefused(problems)


def read_map(path: Path, names: Sequence[str]) -> Map:
    """The map in a YAML file. names: of our columns. Raises DataRefused with all that is wrong with it."""
    try:
        data = path.read_bytes()
        content = YAML(typ="safe", pure=True).load(data.decode()) if len(data) <= LARGEST else None
    except OSError as error:
        raise DataRefused(f"{path.name}: cannot be read: {error.strerror or error}.") from error
    except (YAMLError, ValueError, RecursionError) as error:
        raise DataRefused(f"{path.name}: it is no YAML: {str(error).splitlines()[0]}.") from error
    if not isinstance(content, dict) or not isinstance(content.get("columns"), dict):
        raise DataRefused(f"{path.name}: a map has a block `columns:`. `labelcast map FILE` writes one to start from.")
    return _checked(content, path.name, names)


def _checked(content: Mapping[str, Any], name: str, names: Sequence[str]) -> Map:
    problems = [
        f"{name}: no key is named {key!r}; there are columns, outcomes, active_unit and timezone."
        for key in content
        if key not in ("columns", "outcomes", "active_unit", "timezone")
    ]
    for ours, theirs in content["columns"].items():
        if ours not in names:
            near = difflib.get_close_matches(str(ours), names, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            problems.append(f"{name}: columns: we have no column {ours!r}.{hint} There are: {', '.join(names)}.")
        elif not isinstance(theirs, str | int):
            problems.append(f"{name}: columns.{ours}: one name of a column is meant, not {theirs!r}.")
    outcomes = content.get("outcomes") or {}
    if not isinstance(outcomes, dict) or not all(one in (*OUTCOMES, "active") for one in outcomes.values()):
        problems.append(
            f"{name}: outcomes: write the file's word and ours, one of {', '.join(OUTCOMES)}, or active for work that "
            "has not ended."
        )
        outcomes = {}
    unit = content.get("active_unit", "s")
    if not isinstance(unit, str) or unit not in UNITS:
        problems.append(f"{name}: active_unit: write one of {', '.join(UNITS)}, not {unit!r}.")
        unit = "s"
    zone = str(content.get("timezone", "UTC"))
    if why := no_zone(zone):
        problems.append(f"{name}: timezone: {why}")
    if problems:
        raise DataRefused(problems)
    columns = {str(ours): str(theirs) for ours, theirs in content["columns"].items()}
    return Map(columns, {str(word): str(one) for word, one in outcomes.items()}, UNITS[unit], zone, name)
