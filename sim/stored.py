"""A file of logs as it lies on disk: its columns and metadata, and reading it with every doubt said aloud."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from .errors import DataRefused
from .log import Log, Provenance
from .tables import NULL, SCHEMAS, VOCABULARY, make_log

METADATA = b"labelcast"
VERSION = 5
"""Version of the file's layout; a reader refuses any other. 2: drops, objects, parts of waits, promises.  3: refused
lots.  4: tiers, rollbacks, tasks that were preempted.  5: checks."""

_ARROW = {"category": pa.string(), "boolean": pa.bool_(), "int64": pa.int64(), "Int64": pa.int64()}

WORDS = sorted(
    {VOCABULARY.get(name, name) for schema in SCHEMAS.values() for name, dtype in schema.items() if dtype == "category"}
)
"""Names of the lists of categories."""

COLUMNS = pa.schema(
    [
        ("replication", pa.int64()),
        ("table", pa.string()),
        ("ended_at", pa.int64()),
        *{name: _ARROW[dtype] for schema in SCHEMAS.values() for name, dtype in schema.items()}.items(),
    ]
)
"""Columns of the file, before metadata."""


class Stored:
    """An open file of logs, as a context. Raises DataRefused when the file is not one, or is damaged."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file: pq.ParquetFile | None = None

    def __enter__(self) -> Stored:
        try:
            self.file = pq.ParquetFile(self.path, page_checksum_verification=True)
        except FileNotFoundError as error:
            raise DataRefused(f"{self.path}: there is no such file") from error
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            raise self._refused("it is no Parquet file, or only a part of one") from error
        try:
            self._read_schema()
        except BaseException:
            self.file.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        if self.file is not None:
            self.file.close()

    @property
    def replications(self) -> list[int]:
        """Number of the replication in each row group."""
        assert self.file is not None
        numbers = []
        for group in range(self.file.num_row_groups):
            # Not from the statistics of the metadata: pyarrow ends the program when a bit of those is wrong.
            found = pc.unique(self._group(group, ["replication"]).column(0)).to_pylist()
            if len(found) != 1 or found[0] is None:
                raise self._refused("its rows are not grouped by replication")
            numbers.append(found[0])
        return numbers

    def log(self, replication: int) -> Log:
        """The log of one replication."""
        assert self.file is not None
        found = self.replications
        if replication not in found:
            has = f"{min(found)} to {max(found)}" if found else "none"
            raise DataRefused(f"{self.path}: there is no replication {replication} (there are: {has})")
        rows = self._group(found.index(replication))
        table = rows.column("table").to_numpy()
        run = rows.filter(pa.array(table == "run")).column("ended_at").to_pylist()
        if len(run) != 1 or run[0] is None:
            raise self._refused(f'replication {replication} must have one row of table "run", with its end')
        numbered = self.about["replication"]
        about = self.about | {"ended_at": run[0], "replication": replication if numbered else None}
        arrays = {
            name: self._plain(rows.filter(pa.array(table == name)), name, schema) for name, schema in SCHEMAS.items()
        }
        return make_log(arrays["items"], arrays["tasks"], arrays["presence"], self.categories, Provenance(**about))

    def _group(self, number: int, columns: list[str] | None = None) -> pa.Table:
        """Columns of a row group, all by default."""
        assert self.file is not None
        try:
            return self.file.read_row_group(number, columns)
        except (pa.ArrowException, OSError) as error:
            raise self._refused("its data are damaged") from error

    def _read_schema(self) -> None:
        assert self.file is not None
        schema = self.file.schema_arrow
        text = (schema.metadata or {}).get(METADATA)
        if text is None:
            raise self._refused("it is a Parquet file of another kind")
        try:
            about = json.loads(text)
            if about["format"] != VERSION:
                raise self._refused(f"its layout is version {about['format']}; this labelcast reads version {VERSION}")
            self.about: dict[str, Any] = about["provenance"]
            self.categories = {word: list(map(str, about["categories"][word])) for word in WORDS}
            twice = [word for word, values in self.categories.items() if len(set(values)) < len(values)]
            if twice:
                raise ValueError(f"the categories of {', '.join(twice)} must be unique")
            Provenance(**(self.about | {"ended_at": 0}))
        except (ValueError, KeyError, TypeError) as error:
            raise self._refused(f"its metadata are damaged ({error})") from error
        missing = [field.name for field in COLUMNS if field.name not in schema.names]
        if missing:
            raise self._refused(f"it lacks the columns {', '.join(missing)}")
        wrong = [
            f"{field.name} ({schema.field(field.name).type}, not {field.type})"
            for field in COLUMNS
            if schema.field(field.name).type != field.type
        ]
        if wrong:
            raise self._refused(f"columns have the wrong type: {', '.join(wrong)}")

    def _plain(self, rows: pa.Table, table: str, schema: dict[str, str]) -> dict[str, np.ndarray]:
        arrays = {}
        for name, dtype in schema.items():
            column = rows.column(name).combine_chunks()
            if dtype == "category":
                words = self.categories[VOCABULARY.get(name, name)]
                place = pc.index_in(column, pa.array(words, pa.string()))
                if place.null_count != column.null_count:
                    raise self._refused(f"{table}.{name} has values that are none of its categories")
                arrays[name] = place.fill_null(-1).to_numpy()
            elif dtype == "boolean":
                arrays[name] = column.cast(pa.int64()).fill_null(-1).to_numpy()
            else:
                if dtype == "int64" and column.null_count:
                    raise self._refused(f"{table}.{name} has rows without a value")
                arrays[name] = column.fill_null(NULL).to_numpy()
        return arrays

    def _refused(self, why: str) -> DataRefused:
        return DataRefused(f"{self.path}: not a log that labelcast can read: {why}. Write it again with --log.")
