"""Many files at once, each recognised by what is in it, as one table of judgements with unusable rows counted."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import pandas as pd

from ...sim.errors import DataRefused
from ..fit import Source
from . import (
    canonical,
    crowdflower,
    cvat,
    cvat_table,
    label_studio,
    labelbox,
    mturk,
    ocel,
    plain_table,
    prodigy,
    prolific,
    sagemaker,
    toloka,
    turned_away,
    xes,
    zooniverse,
)
from .answers import one_spelling
from .canonical import Told
from .delimited import decoded, delimited
from .documents import documents
from .files import File, opened
from .judgements import Refusals, typed
from .mapping import Map
from .sheet import Sheet, of_parquet

OF_SHEETS: tuple[ModuleType, ...] = (crowdflower, mturk, toloka, prolific, zooniverse, cvat, cvat_table)
OF_RECORDS: tuple[ModuleType, ...] = (label_studio, prodigy, labelbox)
READERS: tuple[ModuleType, ...] = (*OF_SHEETS, *OF_RECORDS, sagemaker, xes, ocel, plain_table)
"""Those of OF_SHEETS know their format by SIGNS, those of OF_RECORDS by a record that `shows` it; of SageMaker a file
is one record of many, and event logs read the file themselves."""

Progress = Callable[..., None]
"""Called with how many steps are done, of how many, and maybe what is being done."""


@dataclass(frozen=True, eq=False)
class Export:
    """judgements: COLUMNS of readers/judgements.py, at least one row of every file.  refusals: rows left out.
    under_way: the same columns, work begun and not ended (see Reading), each row counted in `refusals`."""

    judgements: pd.DataFrame
    sources: tuple[Source, ...]
    refusals: Refusals
    answer: Mapping[str, str]
    notes: tuple[str, ...]
    under_way: pd.DataFrame = field(default_factory=lambda: typed(pd.DataFrame()))


@dataclass(frozen=True, eq=False)
class Taken:
    """A file and its reader. told: in our names already, None where the reader takes sheets as they are."""

    sheet: Sheet
    reader: ModuleType
    told: Told | None


def read(
    files: Sequence[Path],
    label: str | None = None,
    by: Map | None = None,
    progress: Progress | None = None,
    look: Callable[[Sequence[Sheet]], None] | None = None,
) -> Export:
    """What the files say, in whatever of our formats each is. by: the map of those that are plain tables.  look: is
    shown the files' columns, in the order of the export's sources.

    Raises DataRefused with the problems of all files: unreadable, damaged, of no format that we know, nothing usable in
    it. Raises ScenarioRefused when no file has the column `label`.
    """
    if not files:
        titles = ", ".join(reader.TITLE for reader in READERS)
        raise DataRefused(f"No file was given. labelcast reads {titles}; gz and zip too.")
    taken: list[Taken] = []
    responses: dict[str, list[sagemaker.Response]] = {}
    problems: list[str] = []
    for place, (path, name) in enumerate(zip(files, _names(files), strict=True)):

        def tell(share: float, place: int = place, name: str = name) -> None:
            if progress is not None:
                progress(place + share, len(files), f"Reading {name}")

        tell(0.0)
        try:
            for file in opened(path, name):
                try:
                    one = _taken(file, by, tell)
                    if isinstance(one, Taken):
                        taken.append(one)
                    else:
                        responses.setdefault(one.file.archive, []).append(one)
                except DataRefused as refused:
                    problems.extend(refused.problems)
        except DataRefused as refused:
            problems.extend(refused.problems)
    if problems:
        raise DataRefused(problems)
    for told in map(sagemaker.told, responses.values()):
        taken.append(Taken(told.sheet, sagemaker, told))
    if look is not None:
        look([one.sheet for one in taken])
    return _gathered(taken, label)


def _taken(file: File, by: Map | None, tell: Callable[[float], None]) -> Taken | sagemaker.Response:
    sheet = table_of(file)
    if sheet is not None:
        return _of_sheet(sheet, by)
    head = _head(file)
    log = next((reader for reader in (xes, ocel) if reader.shows(head, file.data)), None)
    if log is not None:
        told = log.told(file, tell)
        return Taken(told.sheet, log, told)
    if head.startswith("<"):
        raise DataRefused(f"{file.name}: {turned_away.of_xml(head)}")
    return _of_records(file, tell)


def table_of(file: File) -> Sheet | None:
    """The table that a file is, Parquet or delimited text; None where it is JSON or XML. Raises DataRefused where it is
    empty, cut off or damaged."""
    if file.data.startswith(b"PAR1"):
        return of_parquet(file.data, file.name, file.sha256)
    head = _head(file)
    if not head:
        raise DataRefused(f"{file.name}: the file is empty: row 1 should hold the names of the columns.")
    if head.startswith(("<!", "<html", "<?xml", "<annotations", "<log", "<xes:log")) or JSON.match(head):
        return None
    return delimited(file.data, file.name, file.sha256)


JSON = re.compile(r"\{|\[\s*([\[{\]\"\d-]|$)")
"""How a file of JSON begins; a table whose first column is named [item] does not."""


def _head(file: File) -> str:
    """The beginning of a file as text in lower case, from its first sign that is not blank."""
    head = file.data[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").replace(b"\0", b"")
    return head.decode("utf-8", "replace").lower()


def _of_records(file: File, tell: Callable[[float], None]) -> Taken | sagemaker.Response:
    found = documents(decoded(file.data, file.name), file.name, file.sha256)
    first = next((record for _, record in found.records()), None)
    if first is None:
        raise DataRefused(f"{file.name}: it is JSON without any record: nothing was exported.")
    if sagemaker.shows(first):
        return sagemaker.Response(file, first)
    for reader in OF_RECORDS:
        if reader.shows(first):
            told = reader.told(found, tell)
            return Taken(told.sheet, reader, told)
    shown = ", ".join(str(key)[:30] for key in [*first][:8])
    why = turned_away.of_record(first)
    titles = ", ".join(reader.TITLE for reader in (*OF_RECORDS, sagemaker, ocel))
    raise DataRefused(
        f"{file.name}: {why}"
        if why
        else f"{file.name}: record 1 is of no format that labelcast reads: it has {shown}. Of JSON it reads {titles}."
    )


def _of_sheet(sheet: Sheet, by: Map | None) -> Taken:
    reader = plain_table if by is not None else recognise(sheet)
    if reader is crowdflower:
        return Taken(sheet, reader, None)
    told = plain_table.told(sheet, by) if reader is plain_table else reader.told(sheet)
    return Taken(told.sheet, reader, told)


def recognise(sheet: Sheet) -> ModuleType:
    """The reader of the sheet's format, by the names of its columns. Raises DataRefused when there is none."""
    best = max(OF_SHEETS, key=lambda reader: sum(sign in sheet.header for sign in reader.SIGNS))
    found = [sign for sign in best.SIGNS if sign in sheet.header]
    missing = best.missing(sheet)
    needed = dict.fromkeys((*best.SIGNS, *getattr(best, "REQUIRED", ())))
    twice = [name for name in needed if name in sheet.repeated]
    if why := turned_away.of_header(sheet.header):
        raise DataRefused(f"{sheet.name}: {why}")
    if len(found) < 2:
        if plain_table.fits(sheet):
            return plain_table
        raise plain_table.refusal(sheet) or DataRefused(_unknown(sheet))
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
    formats = ", ".join(reader.TITLE for reader in OF_SHEETS)
    return (
        f"{sheet.name}: row 1 is the header of no format that labelcast reads: {shown}. It reads {formats}, and tables "
        "with item, worker and submitted_at; `labelcast map FILE` writes a map for a table of other names."
    )


def _gathered(taken: Sequence[Taken], label: str | None) -> Export:
    sheets = [one.sheet for one in taken]
    refusals = Refusals([sheet.name for sheet in sheets], units=[sheet.unit for sheet in sheets])
    refusals.within = {number: sheet.within for number, sheet in enumerate(sheets) if sheet.within}
    notes: list[str] = []
    answer: dict[str, str] = {}
    frames, begun = [], []
    for number, sheet in enumerate(sheets):
        why = "not as many fields as the header" if sheet.unit == "row" else "no JSON object"
        refusals.add(why, number, sheet.ragged)
        for reason, rows in sheet.lost.items():
            refusals.add(reason, number, rows)
        if sheet.repeated:
            shown = ", ".join(name or "(no name)" for name in sheet.repeated)
            notes.append(f"{sheet.name}: the header repeats {shown}; the first column of the name is read.")
    problems = [_nothing(number, sheet, refusals) for number, sheet in enumerate(sheets) if not len(sheet.row)]
    if problems:
        raise DataRefused(problems)
    for reader in READERS:
        numbers = [number for number, one in enumerate(taken) if one.reader is reader]
        if numbers:
            mine = [taken[number] for number in numbers]
            wanted = _label_for([one.sheet for one in mine], sheets, label)
            told = [one.told for one in mine if one.told is not None]
            if told:
                reading = canonical.read(told, numbers, wanted, refusals)
            else:
                reading = reader.read([one.sheet for one in mine], numbers, wanted, refusals)
            frames.append(reading.judgements)
            begun.append(reading.under_way)
            answer |= reading.answer
            notes.extend(reading.notes)
    judgements = pd.concat(frames, ignore_index=True).sort_values(["source", "row"], ignore_index=True)
    present = set(judgements["source"].unique())
    problems = [_nothing(number, sheet, refusals) for number, sheet in enumerate(sheets) if number not in present]
    if problems:
        raise DataRefused(problems)
    sources = tuple(Source(one.sheet.name, one.sheet.sha256, one.reader.NAME, one.sheet.rows) for one in taken)
    judgements = one_spelling(_unique(judgements, refusals))
    under_way = _still(pd.concat(begun, ignore_index=True), judgements)
    return Export(judgements, sources, refusals, answer, tuple(notes), under_way)


def _nothing(number: int, sheet: Sheet, refusals: Refusals) -> str:
    why = "; ".join(f"{one.rows} x {one.reason} (first: {one.first})" for one in refusals.of(number))
    return f"{sheet.name}: none of its {sheet.rows} {sheet.unit}s can be used: {why or 'it has none'}."


def _label_for(mine: Sequence[Sheet], all_sheets: Sequence[Sheet], label: str | None) -> str | None:
    """`label` for a format that has it, or when no format has it, so that the reader can refuse."""

    def has(sheet: Sheet) -> bool:
        return label in sheet.header or f"Answer.{label}" in sheet.header

    if label is None or any(has(sheet) for sheet in mine) or not any(has(sheet) for sheet in all_sheets):
        return label
    return None


def _unique(judgements: pd.DataFrame, refusals: Refusals) -> pd.DataFrame:
    """Without judgements met before, by their id, else by item, worker, stage and stamps."""
    known = judgements["judgement"].notna()
    again = known & judgements.duplicated(["judgement"])
    again |= ~known & judgements.duplicated(["item", "worker", "stage", "started_at", "submitted_at"])
    refusals.add_frame("duplicate of a judgement met before", judgements[again])
    return judgements[~again].reset_index(drop=True)


def _still(under_way: pd.DataFrame, judgements: pd.DataFrame) -> pd.DataFrame:
    """Work under way, each piece once and as the latest file knows it, without what another file shows as ended."""
    key = ["item", "worker", "stage", "started_at"]
    known = pd.concat([judgements[key], under_way.sort_values("submitted_at", ascending=False, kind="stable")[key]])
    again = known.duplicated().iloc[len(judgements) :]
    return under_way[~again.reindex(under_way.index)].reset_index(drop=True)


def _names(files: Sequence[Path]) -> list[str]:
    """File names for messages: the bare name, or the whole path where two files share it."""
    bare = [path.name for path in files]
    return [str(path) if bare.count(path.name) > 1 else path.name for path in files]
