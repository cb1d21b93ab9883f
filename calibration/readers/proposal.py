"""A map for a table, proposed from its header and its values, with what was not sure as comments."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
from ruamel.yaml import YAML

from ...sim.errors import DataRefused
from .files import opened
from .judgements import OUTCOMES, column
from .names import NAMES, bare
from .plain_table import NEEDED, WORDS, proposed
from .recognise import table_of
from .sheet import Sheet
from .stamps import moments

SEEN = 2000
"""Rows whose values are looked at."""


def proposal(path: Path) -> str:
    """The text of a map for the first table in the file. Raises DataRefused where it holds no table."""
    file = next(opened(path, path.name))
    sheet = table_of(file)
    if sheet is None:
        raise DataRefused(
            f"{file.name}: a map is for tables, CSV or Parquet; this is none. `calibrate` reads it as it is."
        )
    return _written(sheet)


def _written(sheet: Sheet) -> str:
    found = proposed(sheet)
    stamps = _stamps(sheet)
    chosen = {ours: theirs[0] for ours, theirs in found.items()}
    doubts = {ours: f"or {', '.join(theirs[1:])}" for ours, theirs in found.items() if len(theirs) > 1}
    for ours in ("started_at", "submitted_at", "posted_at", "reviewed_at", "assigned_at"):
        if ours in chosen and chosen[ours] not in stamps:
            doubts[ours] = "its values do not look like times"
    free = [name for name in dict.fromkeys(sheet.header) if name not in chosen.values()]
    lines = [
        f"# Proposed by `labelcast map` for {sheet.name!r}. Check it, then: labelcast calibrate FILE --map THIS",
        "columns:",
    ]
    for ours in NAMES:
        if ours in chosen:
            lines.append(
                f"  {ours}: {_quoted(chosen[ours])}" + (f"  # unsure: {doubts[ours]}" if ours in doubts else "")
            )
        elif ours in NEEDED:
            likely = [name for name in free if (name in stamps) == (ours == "submitted_at")]
            shown = ", ".join(_quoted(name) for name in likely[:6]) or "none looks like it"
            lines.append(f"  # {ours}: needed, and not found. Columns that may be it: {shown}")
    lines.append(f"timezone: UTC  # of stamps that name no zone{'' if stamps else '; no column holds times'}")
    if "active_seconds" in chosen:
        lines.append("active_unit: s  # of active_seconds: ms, s, min or h")
    lines.extend(_outcomes(sheet, chosen.get("outcome")))
    unused = [name for name in free if name]
    if unused:
        lines.append(f"# Not used: {', '.join(_quoted(name) for name in unused[:40])}")
    return "\n".join(lines)


def _stamps(sheet: Sheet) -> set[str]:
    """Columns of which most values that are filled are times."""
    out = set()
    for name in sheet.columns:
        text = column(sheet, str(name)).head(SEEN)
        filled = text[text != ""]
        if len(filled) and pd.Series(moments(filled)[0]).notna().mean() > 0.5:
            out.add(str(name))
    return out


def _outcomes(sheet: Sheet, name: str | None) -> list[str]:
    """The file's words for outcomes, each with ours; those that we do not know as comments."""
    if name is None:
        return []
    lines = ["outcomes:"]
    for word in sorted({*column(sheet, name).unique()} - {""})[:30]:
        ours = {bare(one): one for one in OUTCOMES}.get(bare(word)) or WORDS.get(bare(word))
        known = ours in (*OUTCOMES, "active")
        lines.append(f"  {_quoted(word)}: {ours}" if known else f"  # {_quoted(word)}: which of {', '.join(OUTCOMES)}?")
    return lines if any(not line.lstrip().startswith("#") for line in lines[1:]) else ["# " + lines[0], *lines[1:]]


def _quoted(text: str) -> str:
    """A name as YAML writes it on one line."""
    out = io.StringIO()
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = True
    yaml.width = 1 << 20
    yaml.dump([text], out)
    return out.getvalue().strip()[1:-1]
