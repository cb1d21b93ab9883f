"""A table of text with the row that each value stood in: what every file becomes before its meaning is read."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ...sim.errors import DataRefused

CHUNK = 50_000
"""Rows turned into columns at once, so that a large file is never held as Python lists."""


@dataclass(frozen=True, eq=False)
class Sheet:
    """A file's rows of the right width.

    columns: text by column name, `str` series of equal length, "" where blank.  row: int64, the row of each, the header
    being row 1; or the number of its record.  unit: "row", or "record" where there is no header.  repeated: names that
    the header has twice; the first column of the name was taken.  ragged: rows of another width, or records that could
    not be taken apart.  kind: what the file is made of.  lost: records that its reader could not use, by reason.
    """

    name: str
    sha256: str
    header: tuple[str, ...]
    columns: pd.DataFrame
    row: npt.NDArray[np.int64]
    repeated: tuple[str, ...]
    ragged: npt.NDArray[np.int64]
    unit: str = "row"
    kind: str = "csv"
    lost: Mapping[str, npt.NDArray[np.int64]] = field(default_factory=dict)
    within: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """Data rows in the file, usable or not."""
        return len(self.row) + len(self.ragged) + sum(len(rows) for rows in self.lost.values())

    def only(self, keep: npt.NDArray[np.bool_]) -> Sheet:
        """The sheet without the rows that are not kept."""
        return replace(self, columns=self.columns[keep].reset_index(drop=True), row=self.row[keep])

    def with_header(self) -> Sheet:
        """The sheet with the names of its columns as its header."""
        return replace(self, header=tuple(self.columns.columns))


def renamed(sheet: Sheet, names: Mapping[str, str], lost: Mapping[str, npt.NDArray[np.int64]] | None = None) -> Sheet:
    """`sheet` with copies of columns under our names (keys of `names`); columns of these names are gone."""
    taken = {ours: sheet.columns[theirs] for ours, theirs in names.items() if theirs in sheet.columns}
    frame = sheet.columns.drop(columns=[name for name in (*OURS, *taken) if name in sheet.columns]).assign(**taken)
    return replace(sheet, columns=frame, header=tuple(frame.columns), lost=lost or {})


OURS = ("judgement", "project", "stage", "role", "item", "worker", "started_at", "submitted_at", "assigned_at",
        "posted_at", "reviewed_at", "active_seconds", "limit_seconds", "outcome", "reviewer", "attempt", "reward",
        "golden", "correct", "gold", "truth")  # fmt: skip
"""Names that a reader must give a column before it means anything."""


def of_parquet(data: bytes, name: str, sha256: str) -> Sheet:
    """The table of a Parquet file, its values as text; rows count from 1.

    Raises DataRefused where it is damaged, cut off or empty.
    """
    try:
        table = pq.read_table(io.BytesIO(data))
        header = tuple(str(column) for column in table.column_names)
        # an index that pandas kept is a column as others are; of two columns of a name the first is read
        columns = {column: _text(table.column(place)) for place, column in reversed([*enumerate(header)])}
    except (pa.ArrowException, OSError, ValueError) as error:
        raise DataRefused(f"{name}: it is no Parquet file, or only a part of one. Copy or save it again.") from error
    if not header or not table.num_rows:
        raise DataRefused(f"{name}: the Parquet file has no row.")
    return Sheet(
        name=name,
        sha256=sha256,
        header=header,
        columns=pd.DataFrame({column: columns[column] for column in dict.fromkeys(header)}),
        row=np.arange(1, table.num_rows + 1, dtype=np.int64),
        repeated=tuple(sorted({column for column in header if header.count(column) > 1})),
        ragged=np.zeros(0, np.int64),
        kind="parquet",
    )


def _text(column: pa.ChunkedArray) -> pd.Series[str]:
    """Values as text, blank where null; whole numbers stay whole where a null made them floats."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_floating(column.type):
        known = pc.drop_null(column)
        finite = pc.and_(pc.is_finite(known), pc.less(pc.abs(known), 1e15))
        if len(known) and pc.all(finite).as_py() and pc.all(pc.equal(pc.floor(known), known)).as_py():
            column = column.cast(pa.int64())
    if pa.types.is_timestamp(column.type) and column.type.tz is not None:
        column = pc.cast(column, pa.timestamp(column.type.unit, "UTC"))
    try:
        text = column.cast(pa.large_string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        text = pa.chunked_array([[None if one is None else str(one) for one in column.to_pylist()]], pa.large_string())
    return series(pc.fill_null(text, ""))


def series(column: pa.ChunkedArray) -> pd.Series[str]:
    """A `str` series of an Arrow column of text, without a copy."""
    return pd.Series(pd.array(column, dtype="str"))


def gathered(
    name: str,
    sha256: str,
    records: Iterable[tuple[int, Mapping[str, str]]],
    ragged: list[int],
    kind: str,
    lost: Mapping[str, list[int]] | None = None,
) -> Sheet:
    """The sheet of records, each with its number and its text by column, taken in as they come.

    ragged, lost: filled while `records` is run through, so read after it.
    """
    chunks: list[pd.DataFrame] = []
    numbers: list[int] = []
    stream = iter(records)
    while chunk := list(islice(stream, CHUNK)):
        numbers.extend(number for number, _ in chunk)
        names = dict.fromkeys(column for _, record in chunk for column in record)
        chunks.append(
            pd.DataFrame({column: pd.Series([r.get(column, "") for _, r in chunk], dtype="str") for column in names})
        )
    columns = pd.concat(chunks, ignore_index=True) if chunks else pd.DataFrame()
    if len(chunks) > 1:
        columns = columns.fillna("")
    return Sheet(
        name=name,
        sha256=sha256,
        header=tuple(columns.columns),
        columns=columns,
        row=np.array(numbers, dtype=np.int64),
        repeated=(),
        ragged=np.array(ragged, dtype=np.int64),
        unit="record",
        kind=kind,
        lost={why: np.array(rows, dtype=np.int64) for why, rows in (lost or {}).items() if rows},
    )


def plain(text: pd.Series[str]) -> pd.Series[str]:
    """`text` without control characters and doubled blanks; lines joined by " | "; null where nothing is left."""
    unique = pd.Series(text.unique(), dtype="str").dropna()
    tidy = {value: _tidy(value) for value in unique}
    return text.map(tidy).astype("str").replace("", None)


def _tidy(value: str) -> str:
    lines = (re.sub(r"[\s\x00-\x1f\x7f-\x9f]+", " ", line).strip() for line in re.split(r"[\r\n]+", value))
    return " | ".join(line for line in lines if line)
