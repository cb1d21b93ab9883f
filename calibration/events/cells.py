"""Rows of a log's tables as plain values, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ...sim.tables import NULL, VOCABULARY, codes, ints, names

Cell = str | int | bool
Row = dict[str, Cell]
"""Values by column; what is null is left out."""


def rows_of(frame: pd.DataFrame, schema: Mapping[str, str]) -> list[Row]:
    """The rows of a table."""
    rows: list[Row] = [{} for _ in range(len(frame))]
    for name, dtype in schema.items():
        column = frame[name]
        values: list[Any]
        if dtype == "category":
            words = names(column)
            values = [None if code < 0 else words[code] for code in codes(column).tolist()]
        elif dtype == "boolean":
            values = column.astype(object).where(column.notna(), None).tolist()
        else:
            values = [None if value == NULL else value for value in ints(column).tolist()]
        for row, value in zip(rows, values, strict=True):
            if value is not None:
                row[name] = bool(value) if dtype == "boolean" else value
    return rows


def arrays_of(
    rows: Sequence[Row], schema: Mapping[str, str], categories: Mapping[str, Sequence[str]]
) -> dict[str, np.ndarray]:
    """Columns as sim.tables.make_log wants them. KeyError where a row has a name that is none of the categories."""
    found = {}
    for name, dtype in schema.items():
        values = [row.get(name) for row in rows]
        if dtype == "category":
            place = {word: number for number, word in enumerate(categories[VOCABULARY.get(name, name)])}
            plain = [-1 if value is None else place[str(value)] for value in values]
        elif dtype == "boolean":
            plain = [-1 if value is None else int(value) for value in values]
        else:
            plain = [NULL if value is None else int(value) for value in values]
        found[name] = np.array(plain, np.int64)
    return found


def categories_of(tables: Mapping[str, pd.DataFrame], schemas: Mapping[str, Mapping[str, str]]) -> dict[str, list[str]]:
    """The names of each list of categories, in order."""
    return {
        VOCABULARY.get(name, name): names(tables[table][name])
        for table, schema in schemas.items()
        for name, dtype in schema.items()
        if dtype == "category"
    }
