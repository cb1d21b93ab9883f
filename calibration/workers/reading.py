"""Labels and gold from files: plain tables of worker, item and label, a platform's export, or a log of labelcast.

Plain: CSV (gz too) or Parquet with columns worker, item and label; gold, if there is one, is the item's true label,
blank where it is not known; at, if there is one, is the time of labelling (a number, or a moment).
Whatever cannot be used is counted by reason and told, with the first of its rows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ...sim.errors import DataRefused
from ...sim.store import read_log
from ...sim.stored import METADATA
from ..cleaning import clean
from ..fit import Refusal, Source
from ..readers.delimited import delimited
from ..readers.files import opened
from ..readers.judgements import Refusals
from ..readers.recognise import read, recognise, table_of
from ..readers.sheet import Sheet, plain
from .labelled import Ints, Labelled, labelled

PLAIN = ("worker", "item", "label")
GOLD = ("gold", "truth", "label")
"""Columns of a gold file that may hold the truth; the first that is there is taken."""


@dataclass(frozen=True, eq=False)
class Labels:
    """data: labels as numbers.  sources: the files.  left_out: rows that are not in `data`, by reason.  notes: what the
    reader should know of them."""

    data: Labelled
    sources: tuple[Source, ...]
    left_out: tuple[Refusal, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class _Rows:
    """worker, item, label, gold (all str, null where missing), at (float64, NaN where not known), row; and what was
    left out.  clock: what `at` counts: "ms" since 1970, "steps" of a clock of the file's own, or "none"."""

    frame: pd.DataFrame
    source: Source
    clock: str
    notes: tuple[str, ...] = ()
    left_out: tuple[Refusal, ...] = ()


def read_labels(files: Sequence[Path], gold: Path | None = None, label: str | None = None) -> Labels:
    """Labels of all files together, with the truths of their own gold or of the file `gold`, which wins.

    gold: CSV or Parquet with columns item, and gold, truth or label.  label: the answer column of an export.
    Raises DataRefused where a file cannot be read or used, ScenarioRefused where it has no column `label`.
    """
    if not files:
        raise DataRefused("No file was given. Labels stand in CSV or Parquet with columns worker, item and label.")
    found = [_read(Path(one), label) for one in files]
    frame = pd.concat([one.frame.assign(file=one.source.name) for one in found], ignore_index=True)
    left = [*(part for one in found for part in one.left_out)]
    frame = _without(frame, frame["label"].isna(), "no label", left)
    frame = _without(
        frame, frame.duplicated(["worker", "item"]), "the same worker labelled the item before: the first counts", left
    )
    if frame.empty:
        raise DataRefused([f"{one.source.name}: no row has a worker, an item and a label." for one in found])
    truths, notes = _truths(frame, gold)
    at = _clocked(frame, found, notes)
    data = labelled(
        frame["worker"].to_numpy(object),
        frame["item"].to_numpy(object),
        frame["label"].to_numpy(object),
        truths,
        at,
    )
    never = [name for k, name in enumerate(data.classes) if not (data.label == k).any()]
    if never:
        notes.append(f"Nobody gave the label {_listed(never)}, which is the truth of some items.")
    notes = [*(note for one in found for note in one.notes), *notes]
    return Labels(data, tuple(one.source for one in found), tuple(left), tuple(notes))


def _clocked(frame: pd.DataFrame, found: Sequence[_Rows], notes: list[str]) -> Ints | None:
    """Times as whole numbers, those of `at` where these are whole, else their ranks; None where they do not tell the
    order of all labels, and a note says why."""
    clocks = {one.clock for one in found}
    if clocks == {"none"}:
        return None
    unknown = int(frame["at"].isna().sum())
    if len(clocks) > 1:
        notes.append("Times of labels are not used: not all files have them, or they count them differently.")
        return None
    if unknown:
        first = frame.loc[frame["at"].isna()].iloc[0]
        notes.append(
            f"Times of labels are not used: {unknown} of {len(frame)} are blank or neither a number nor a moment "
            f"(first: {first['file']}, row {first['row']})."
        )
        return None
    at = frame["at"].to_numpy(np.float64)
    if (at % 1 != 0).any():
        at = np.unique(at, return_inverse=True)[1]
    return at.astype(np.int64)


def _truths(frame: pd.DataFrame, gold: Path | None) -> tuple[dict[str, str], list[str]]:
    """The truth by item; items with two truths have none, and a note says so."""
    notes = []
    if gold is None:
        pairs = frame[["item", "gold"]].dropna().drop_duplicates()
    else:
        pairs = _gold(gold)
        here = pairs["item"].isin(frame["item"])
        if not here.any():
            raise DataRefused(
                f"{gold.name}: none of its {len(pairs)} items is among those that were labelled, such as "
                f"{_listed(frame['item'].head(3).tolist())}. Items need the same names in both files."
            )
        if not here.all():
            notes.append(f"{int((~here).sum())} items of {gold.name} were not labelled by anybody.")
        pairs = pairs[here]
    double = pairs["item"].duplicated(keep=False)
    if double.any():
        first = str(pairs.loc[double, "item"].iloc[0])
        both = pairs.loc[pairs["item"] == first, "gold"].tolist()
        notes.append(
            f"{pairs.loc[double, 'item'].nunique()} items have two truths or more, and are taken to have none: "
            f"{first!r} has {_listed(both)}."
        )
    return dict(pairs.loc[~double].itertuples(index=False, name=None)), notes


def _gold(path: Path) -> pd.DataFrame:
    """item, gold of a gold file."""
    frame = _table(path)
    known = [name for name in GOLD if name in frame]
    if "item" not in frame or not known:
        raise DataRefused(
            f"{path.name}: a gold file needs a column item, and one of {', '.join(GOLD)}; it has "
            f"{', '.join(map(str, frame.columns))}."
        )
    pairs = pd.DataFrame({"item": _names(frame["item"]), "gold": _names(frame[known[0]])})
    return pairs.dropna().drop_duplicates(ignore_index=True)


def _read(path: Path, label: str | None) -> _Rows:
    if _parquet(path):
        try:
            about = pq.read_schema(path).metadata or {}
        except (pa.ArrowException, OSError) as error:
            raise DataRefused(_damaged(path)) from error
        if METADATA in about:
            return _of_log(path)
        return _plain(_table(path), path, "parquet")
    file = next(opened(path, path.name))
    sheet = None if file.archive else table_of(file)
    if sheet is not None and {name.casefold() for name in sheet.header} >= set(PLAIN):
        return _plain(_named(_of_sheet(sheet), path), path, "csv")
    if sheet is not None:
        try:
            recognise(sheet)
        except DataRefused as refused:
            raise DataRefused(
                f"{refused.problems[0]} A plain file has the columns worker, item and label, and gold where it is "
                "known."
            ) from refused
    return _of_export(path, label)


def _plain(frame: pd.DataFrame, path: Path, kind: str) -> _Rows:
    missing = [name for name in PLAIN if name not in frame]
    if missing:
        raise DataRefused(
            f"{path.name}: it has no column {', '.join(missing)}; it has {', '.join(map(str, frame.columns))}. "
            "A plain file has the columns worker, item and label, and gold where it is known."
        )
    rows = pd.DataFrame({name: _names(frame[name]) for name in PLAIN})
    rows["gold"] = _names(frame["gold"]) if "gold" in frame else pd.Series(pd.NA, index=rows.index, dtype="str")
    clock, rows["at"] = _moments(frame["at"]) if "at" in frame else ("none", np.nan)
    rows["row"] = frame.index
    rows = rows.reset_index(drop=True)
    source = Source(path.name, hashlib.sha256(path.read_bytes()).hexdigest(), kind, len(rows))
    left: list[Refusal] = []
    rows = rows.assign(file=path.name)
    for name in ("worker", "item"):
        rows = _without(rows, rows[name].isna(), f"no {name}", left)
    return _Rows(rows, source, clock, left_out=tuple(left))


def _of_export(path: Path, label: str | None) -> _Rows:
    """Judgements that count, of a platform's export."""
    export = read([path], label)
    refusals: Refusals = export.refusals
    cleaned = clean(export.judgements, refusals)
    used = cleaned.judgements[cleaned.judgements["counts"]]
    if not used["label"].notna().any():
        raise DataRefused(
            f"{path.name}: no column is taken as the label ({export.answer[export.sources[0].name]}). "
            "Name the column with --label."
        )
    rows = used[["worker", "item", "label", "row"]].assign(
        gold=used["gold"].where(used["golden"]),
        at=used["end_ms"].astype("float64"),
    )
    left = [*refusals.summary()]
    thrown = len(cleaned.judgements) - len(used)
    notes = export.notes
    if thrown:
        notes = (*notes, f"{thrown} judgements were thrown out by the platform, or repeat one of the same worker.")
    accepted = used["golden"] & used["correct"].fillna(False).astype(bool) & (rows["label"] != rows["gold"])
    accepted &= rows["label"].notna() & rows["gold"].notna()
    if accepted.any():
        rows["label"] = rows["label"].where(~accepted, rows["gold"])
        notes = (
            *notes,
            f"{int(accepted.sum())} labels are another answer that gold accepts, and count as the truth.",
        )
    return _Rows(rows.reset_index(drop=True), export.sources[0], "ms", notes, tuple(left))


def _of_log(path: Path) -> _Rows:
    """First labels of the annotating stages of a log, the first replication's."""
    log = read_log(path)
    stages = [name for name, kind in log.provenance.roles.items() if kind == "annotate"]
    tasks = log.tasks
    given = tasks["stage"].isin(stages) & (tasks["round"] == 0) & tasks["label"].notna() & (tasks["outcome"] == "done")
    tasks = tasks[given]
    truth = log.items.set_index("item")["truth"].astype(object)
    notes: tuple[str, ...] = ()
    if log.provenance.seed is None:
        truth = truth.where(log.items.set_index("item")["gold"].fillna(False).astype(bool))
    else:
        notes = (f"{path.name} is a simulated log: every item's truth is known and taken as gold.",)
    rows = pd.DataFrame(
        {
            "worker": tasks["pool"].astype(str) + "-" + tasks["worker"].astype(str),
            "item": tasks["item"].astype(str),
            "label": tasks["label"].astype(str),
            "gold": tasks["item"].map(truth),
            "at": tasks["finished_at"].astype("float64"),
            "row": np.flatnonzero(given) + 1,
        }
    ).reset_index(drop=True)
    source = Source(path.name, hashlib.sha256(path.read_bytes()).hexdigest(), "labelcast", len(log.tasks))
    return _Rows(rows, source, "steps", notes)


def _parquet(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(4) == b"PAR1"
    except OSError as error:
        raise DataRefused(f"{path.name}: cannot be read: {error.strerror or error}.") from error


def _table(path: Path) -> pd.DataFrame:
    """A CSV or Parquet file by row, as a spreadsheet counts them, its columns' names in lower case."""
    frame: pd.DataFrame
    if _parquet(path):
        try:
            frame = pq.read_table(path).to_pandas(ignore_metadata=True)  # an index named item is a column as well
            frame.index = pd.RangeIndex(1, len(frame) + 1)
        except (pa.ArrowException, OSError) as error:
            raise DataRefused(_damaged(path)) from error
    else:
        file = next(opened(path, path.name))
        frame = _of_sheet(delimited(file.data, file.name, file.sha256))
    return _named(frame, path)


def _of_sheet(sheet: Sheet) -> pd.DataFrame:
    """A sheet by row, as a spreadsheet counts them."""
    if len(sheet.ragged):
        raise DataRefused(
            f"{sheet.name}: row {int(sheet.ragged[0])} has not as many fields as the header "
            f"({len(sheet.ragged)} rows like this). Quote values that hold a comma."
        )
    return sheet.columns.set_axis(sheet.row)


def _named(frame: pd.DataFrame, path: Path) -> pd.DataFrame:
    """A table with its columns' names in lower case."""
    frame = frame.rename(columns=lambda name: str(name).strip().casefold())
    twice = sorted({*frame.columns[frame.columns.duplicated()]} & {*PLAIN, *GOLD, "at"})
    if twice:
        raise DataRefused(
            f"{path.name}: it has the column {', '.join(twice)} more than once, but for capitals. Keep the one meant."
        )
    return frame


def _damaged(path: Path) -> str:
    return f"{path.name}: it is no Parquet file, or only a part of one. Copy or save it again."


def _names(column: pd.Series[str]) -> pd.Series[str]:
    """Names as text, tidied; null where blank. Whole numbers stay whole where a blank made them floats, here or in the
    program that wrote the file."""
    whole = pd.api.types.is_float_dtype(column) and bool((column.dropna() % 1 == 0).all())
    text = (column.astype("Int64") if whole else column).astype("str")
    names = plain(text.where(column.notna()))
    if bool(names.dropna().str.fullmatch(r"-?[0-9]+\.0").all()):
        names = names.str.removesuffix(".0")
    return names


def _moments(column: pd.Series[str]) -> tuple[str, pd.Series[float]]:
    """(what is counted, float64: numbers as they are, moments as milliseconds since 1970; NaN where it is neither)."""
    dated = pd.api.types.is_datetime64_any_dtype(column)
    numbers = pd.to_numeric(column, errors="coerce") if not dated else pd.Series(np.nan, index=column.index)
    filled = column.notna() & (column.astype("str").str.strip() != "")
    if bool(numbers[filled].notna().all()):
        return "steps", numbers.astype("float64")
    moments = pd.to_datetime(column.where(filled), errors="coerce", utc=True, format=None if dated else "mixed")
    since = moments.dt.as_unit("ms").astype("int64").astype("float64")
    return "ms", since.where(moments.notna())


def _without(frame: pd.DataFrame, bad: pd.Series[bool], reason: str, left: list[Refusal]) -> pd.DataFrame:
    """`frame` without the rows where `bad`, which are counted under `reason`."""
    if bad.any():
        first = frame.loc[bad].iloc[0]
        left.append(Refusal(reason, int(bad.sum()), f"{first['file']}, row {first['row']}"))
    return frame[~bad].reset_index(drop=True)


def _listed(names: Sequence[object]) -> str:
    shown = ", ".join(repr(str(name)) for name in names[:5])
    return f"{shown} and {len(names) - 5} more" if len(names) > 5 else shown
