"""Between plain arrays and the tables of a log: exact dtypes, canonical order, null as a sentinel or as code -1."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .log import DROPPED, ITEM_COLUMNS, ORDER, PRESENCE_COLUMNS, TASK_COLUMNS, Log, Provenance

NULL = -(2**63)
"""Null in a plain int64 array. It sorts first, and so does null in a log."""

SCHEMAS: dict[str, dict[str, str]] = {"items": ITEM_COLUMNS, "tasks": TASK_COLUMNS, "presence": PRESENCE_COLUMNS}

VOCABULARY = {"final_label": "label", "truth": "label", "suggestion": "label", "tier": "pool"}
"""Columns whose categories go by another name than the column's own."""

Ints = NDArray[np.int64]
Arrays = Mapping[str, NDArray[Any]]


def make_log(
    items: Arrays,
    tasks: Arrays,
    presence: Arrays,
    categories: Mapping[str, Sequence[str]],
    provenance: Provenance,
) -> Log:
    """A log from one array a column, sorted into canonical order.

    Whole numbers: int64, NULL for null.  Categorical columns: integer codes into `categories`, whose keys are segment,
    stage, pool (also of tier), label (also of final_label, truth and suggestion), outcome and kind; -1 for null.
    gold: bool, or integers with -1 for null.  A nullable column that is absent is null; every other column must be
    there.
    """
    dtypes = {
        name: pd.CategoricalDtype(pd.Index(list(values), dtype="str"), ordered=False)
        for name, values in ({"dropped_as": DROPPED} | dict(categories)).items()
    }
    given = {"items": items, "tasks": tasks, "presence": presence}
    tables = {name: _table(name, arrays, dtypes) for name, arrays in given.items()}
    return Log(tables["items"], tables["tasks"], tables["presence"], provenance)


def ints(column: pd.Series[Any]) -> Ints:
    """int64 values of a column of whole numbers, NULL for null. Not to be written to."""
    array = column.array
    if isinstance(array, pd.arrays.IntegerArray):
        return array.to_numpy(dtype="int64", na_value=NULL)
    return column.to_numpy(dtype="int64")


def codes(column: pd.Series[Any]) -> NDArray[Any]:
    """Codes of a categorical column, -1 for null. Not to be written to."""
    assert isinstance(column.array, pd.Categorical)
    return column.array.codes


def names(column: pd.Series[Any]) -> list[str]:
    """Categories of a categorical column, in order."""
    assert isinstance(column.array, pd.Categorical)
    return [str(name) for name in column.array.categories]


def rank(keys: Sequence[NDArray[Any]]) -> NDArray[np.intp] | None:
    """The order that sorts rows by these keys, the first the most significant; None when they are sorted already."""
    if _in_order(keys):
        return None
    order = np.argsort(keys[0], kind="stable")  # often a few sorted runs, which this merges at once
    return order if _in_order([key[order] for key in keys]) else np.lexsort(tuple(keys[::-1]))


def _in_order(keys: Sequence[NDArray[Any]]) -> bool:
    """Whether rows are sorted by these keys."""
    tied = np.ones(max(0, len(keys[0]) - 1), np.bool_)
    for key in keys:
        before, after = key[:-1], key[1:]
        if bool((tied & (before > after)).any()):
            return False
        tied &= before == after
    return True


def _table(name: str, arrays: Arrays, dtypes: Mapping[str, pd.CategoricalDtype]) -> pd.DataFrame:
    schema = SCHEMAS[name]
    unknown = sorted(set(arrays) - set(schema))
    assert not unknown, f"{name}: no such column: {', '.join(unknown)}"
    lengths = {column: len(values) for column, values in arrays.items()}
    assert len(set(lengths.values())) == 1, f"{name}: columns differ in length: {lengths}"
    rows = next(iter(lengths.values()))
    plain = {}
    for column, dtype in schema.items():
        assert column in arrays or dtype != "int64", f"{name}: the column {column} must be given"
        null = -1 if dtype in ("category", "boolean") else NULL
        plain[column] = np.asarray(arrays[column]) if column in arrays else np.full(rows, null, np.int64)
    order = rank([plain[key] for key in ORDER[name]])
    columns = {
        column: _column(plain[column] if order is None else plain[column][order], column, dtype, dtypes)
        for column, dtype in schema.items()
    }
    return pd.DataFrame(columns, copy=False)


def _column(values: NDArray[Any], column: str, dtype: str, dtypes: Mapping[str, pd.CategoricalDtype]) -> Any:
    if dtype == "category":
        return pd.Categorical.from_codes(values, dtype=dtypes[VOCABULARY.get(column, column)])
    if dtype == "boolean":
        missing = np.zeros(len(values), np.bool_) if values.dtype == np.bool_ else values < 0
        return pd.arrays.BooleanArray(np.where(missing, False, values).astype(np.bool_), missing)
    whole = values.astype(np.int64)  # a copy: the log never shares memory with who made it
    if dtype == "int64":
        return whole
    missing = whole == NULL
    whole[missing] = 0
    return pd.arrays.IntegerArray(whole, missing)
