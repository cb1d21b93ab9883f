"""Many files at once, each recognised by its header, as one table of judgements with unusable rows counted."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pandas as pd

from ...sim.errors import DataRefused
from ..fit import Source
from . import crowdflower, mturk
from .answers import one_spelling
from .judgements import Refusals
from .sheet import Sheet, read_sheet

READERS: tuple[ModuleType, ...] = (crowdflower, mturk)

Progress = Callable[[int, int], None]
"""Called with how many steps are done, of how many."""


@dataclass(frozen=True, eq=False)
class Export:
    """judgements: COLUMNS of readers/judgements.py, at least one row of every file.  refusals: rows left out."""

    judgements: pd.DataFrame
    sources: tuple[Source, ...]
    refusals: Refusals
    answer: Mapping[str, str]
    notes: tuple[str, ...]


def read(files: Sequence[Path], label: str | None = None) -> Export:
    """What the files say, in whatever of our formats each is.

    Raises DataRefused with the problems of all files: unreadable, damaged, of no format that we know, nothing usable in
    it. Raises ScenarioRefused when no file has the column `label`.
    """
    if not files:
        raise DataRefused(
            "No file was given. labelcast reads MTurk batch results and CrowdFlower full reports, CSV or gz."
        )
    names = _names(files)
    sheets: list[Sheet] = []
    readers: list[ModuleType] = []
    problems: list[str] = []
    for path, name in zip(files, names, strict=True):
        try:
            sheet = read_sheet(path, name)
            readers.append(recognise(sheet))
            sheets.append(sheet)
        except DataRefused as refused:
            problems.extend(refused.problems)
    if problems:
        raise DataRefused(problems)
    return _gathered(sheets, readers, names, label)


def recognise(sheet: Sheet) -> ModuleType:
    """The reader of the sheet's format, by the names of its columns. Raises DataRefused when there is none."""
    best = max(READERS, key=lambda reader: sum(sign in sheet.header for sign in reader.SIGNS))
    found = [sign for sign in best.SIGNS if sign in sheet.header]
    missing = [name for name in best.REQUIRED if name not in sheet.header]
    twice = [name for name in best.REQUIRED if name in sheet.repeated]
    if len(found) < 2:
        raise DataRefused(_unknown(sheet))
    if missing:
        near = {name: difflib.get_close_matches(name, sheet.header, n=1) for name in missing}
        hints = "".join(f" Was {near[name][0]!r} once {name!r}?" for name in missing if near[name])
        raise DataRefused(
            f"{sheet.name}: row 1 looks like a {best.TITLE}, but has no column {', '.join(missing)}.{hints} "
            "Export it again with all columns."
        )
    if twice:
        raise DataRefused(
            f"{sheet.name}: row 1 names the column {', '.join(twice)} more than once; which one is meant?"
        )
    return best


def _unknown(sheet: Sheet) -> str:
    shown = ", ".join(name[:30] for name in sheet.header[:6]) + (", ..." if len(sheet.header) > 6 else "")
    only = sheet.header[0] if len(sheet.header) == 1 else ""
    hint = ""
    for mark, word in ((";", "semicolons"), ("\t", "tabs")):
        if any(reader.REQUIRED[0] in only.split(mark) for reader in READERS):
            hint = f" Its columns are separated by {word}: save it with commas."
    formats = " and ".join(f"{reader.TITLE} ({', '.join(reader.REQUIRED)})" for reader in READERS)
    return f"{sheet.name}: row 1 is the header of no format that labelcast reads: {shown}.{hint} It reads {formats}."


def _gathered(
    sheets: Sequence[Sheet], readers: Sequence[ModuleType], names: Sequence[str], label: str | None
) -> Export:
    refusals = Refusals(names)
    notes: list[str] = []
    answer: dict[str, str] = {}
    frames = []
    for number, sheet in enumerate(sheets):
        refusals.add("not as many fields as the header", number, sheet.ragged)
        if sheet.repeated:
            shown = ", ".join(name or "(no name)" for name in sheet.repeated)
            notes.append(f"{sheet.name}: the header repeats {shown}; the first column of the name is read.")
    for reader in READERS:
        numbers = [number for number, one in enumerate(readers) if one is reader]
        if numbers:
            mine = [sheets[number] for number in numbers]
            reading = reader.read(mine, numbers, _label_for(mine, sheets, label), refusals)
            frames.append(reading.judgements)
            answer |= reading.answer
            notes.extend(reading.notes)
    judgements = pd.concat(frames, ignore_index=True).sort_values(["source", "row"], ignore_index=True)
    problems = []
    for number, sheet in enumerate(sheets):
        if not (judgements["source"] == number).any():
            why = "; ".join(f"{one.rows} x {one.reason} (first: {one.first})" for one in refusals.of(number))
            problems.append(f"{sheet.name}: none of its {sheet.rows} rows can be used: {why or 'it has none'}.")
    if problems:
        raise DataRefused(problems)
    sources = tuple(
        Source(sheet.name, sheet.sha256, reader.NAME, sheet.rows) for sheet, reader in zip(sheets, readers, strict=True)
    )
    return Export(one_spelling(_unique(judgements, refusals)), sources, refusals, answer, tuple(notes))


def _label_for(mine: Sequence[Sheet], all_sheets: Sequence[Sheet], label: str | None) -> str | None:
    """`label` for a format that has it, or when no format has it, so that the reader can refuse."""

    def has(sheet: Sheet) -> bool:
        return label in sheet.header or f"Answer.{label}" in sheet.header

    if label is None or any(has(sheet) for sheet in mine) or not any(has(sheet) for sheet in all_sheets):
        return label
    return None


def _unique(judgements: pd.DataFrame, refusals: Refusals) -> pd.DataFrame:
    """Without judgements met before, by their id, else by item, worker and stamps."""
    known = judgements["judgement"].notna()
    again = known & judgements.duplicated(["judgement"])
    again |= ~known & judgements.duplicated(["item", "worker", "started_at", "submitted_at"])
    refusals.add_frame("duplicate of a judgement met before", judgements[again])
    return judgements[~again].reset_index(drop=True)


def _names(files: Sequence[Path]) -> list[str]:
    """File names for messages: the bare name, or the whole path where two files share it."""
    bare = [path.name for path in files]
    return [str(path) if bare.count(path.name) > 1 else path.name for path in files]
