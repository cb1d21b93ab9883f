"""Logs on disk: one Parquet file for all replications of a run, and CSV files for spreadsheets.

The file holds the three tables and one of runs, stacked: `replication` and `table` say whose rows they are, the other
columns are those of all tables together, null where a table has none. Categories stand as text. Each replication is one
row group. What all replications share (provenance, categories with their order) is JSON in the schema's metadata, under
METADATA; the end of each run is in its row of table "run". Bytes depend on nothing but the logs.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from .files import whole, write_text
from .log import Log
from .stored import COLUMNS, METADATA, VERSION, Stored
from .tables import NULL, SCHEMAS, VOCABULARY, codes, ints, names


def write_log(path: Path, logs: Iterable[Log]) -> None:
    """Writes logs as replications of one run, one at a time, all of them or nothing.

    They must agree in provenance, replication and end apart, and in categories.  A log without a replication number
    counts as number 0.
    """
    with whole(path) as part:
        writer: pq.ParquetWriter | None = None
        shared = b""
        try:
            for log in logs:
                about = _shared(log)
                if writer is None:
                    shared = about
                    schema = COLUMNS.with_metadata({METADATA: shared})
                    writer = pq.ParquetWriter(part, schema, compression="zstd", write_page_checksum=True)
                assert about == shared, "the logs of one file must be replications of one run"
                table = _stacked(log)
                writer.write_table(table, row_group_size=table.num_rows)
        finally:
            if writer is not None:
                writer.close()
        assert writer is not None, "no log to write"


def replications(path: Path) -> list[int]:
    """Numbers of the replications in a file, in the order of the file. Raises DataRefused."""
    with Stored(path) as file:
        return file.replications


def read_log(path: Path, replication: int = 0) -> Log:
    """One replication of a file, equal to the log that was written.

    Raises DataRefused when the file is not a labelcast log, is damaged, or has no such replication.
    """
    with Stored(path) as file:
        return file.log(replication)


def write_tables_csv(folder: Path, log: Log) -> None:
    """Writes items.csv, tasks.csv, presence.csv and provenance.json into a folder, for spreadsheets and other tools.

    Null is an empty cell; names that a spreadsheet would run as a formula get an apostrophe in front.
    """
    for table in SCHEMAS:
        frame: pd.DataFrame = getattr(log, table)
        cells = {name: frame[name] for name in frame.columns}
        for name, dtype in SCHEMAS[table].items():
            if dtype == "category":
                spelled = np.array([*map(shielded, names(frame[name])), None], dtype=object)
                cells[name] = pd.Series(spelled[codes(frame[name])], index=frame.index, dtype="str")
        with whole(folder / f"{table}.csv") as part:
            pd.DataFrame(cells).to_csv(part, index=False, lineterminator="\n", encoding="utf-8")
    about = json.dumps(dataclasses.asdict(log.provenance), indent=2, ensure_ascii=False, allow_nan=False)
    write_text(folder / "provenance.json", about + "\n")


def shielded(text: str) -> str:
    """The text, with an apostrophe in front where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else text


def _shared(log: Log) -> bytes:
    about = dataclasses.asdict(log.provenance)
    del about["ended_at"]
    about["replication"] = about["replication"] is not None
    return json.dumps(
        {"format": VERSION, "provenance": about, "categories": _categories(log)}, ensure_ascii=False, allow_nan=False
    ).encode()


def _categories(log: Log) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for table, schema in SCHEMAS.items():
        for name, dtype in schema.items():
            if dtype == "category":
                found[VOCABULARY.get(name, name)] = names(getattr(log, table)[name])
    return found


def _stacked(log: Log) -> pa.Table:
    run = {"ended_at": pa.array([log.provenance.ended_at], pa.int64())}
    parts = {"run": run} | {table: _arrow(getattr(log, table)) for table in SCHEMAS}
    number = log.provenance.replication or 0
    stacked = []
    for table, columns in parts.items():
        rows = len(next(iter(columns.values())))
        columns["replication"] = pa.array(np.full(rows, number, np.int64))
        columns["table"] = pa.repeat(pa.scalar(table, pa.string()), rows)
        every = [columns.get(field.name, pa.nulls(rows, field.type)) for field in COLUMNS]
        stacked.append(pa.table(every, schema=COLUMNS))
    return pa.concat_tables(stacked).combine_chunks()


def _arrow(frame: pd.DataFrame) -> dict[str, pa.Array]:
    arrays = {}
    for name in frame.columns:
        column = frame[name]
        if isinstance(column.dtype, pd.CategoricalDtype):
            code = codes(column).astype(np.int32)
            dictionary = pa.array(names(column), pa.string())
            arrays[name] = pa.DictionaryArray.from_arrays(pa.array(code, mask=code < 0), dictionary).cast(pa.string())
        elif str(column.dtype) == "boolean":
            arrays[name] = pa.array(column, pa.bool_())
        else:
            values = ints(column)
            arrays[name] = pa.array(values, mask=values == NULL)
    return arrays
