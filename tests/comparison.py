"""Two logs compared, row by row."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from labelcast.sim.log import Log

TABLES = ("items", "tasks", "presence")

TIMES = (
    *("arrived_at", "due_at", "delivered_at", "dropped_at", "refused_at"),
    *("enqueued_at", "ready_at", "consensus_ms", "handoff_ms", "started_at", "finished_at", "active_ms", "check_ms"),
    *("from", "to"),
)
"""Columns of times."""


def differences(a: Log, b: Log, without: tuple[str, ...] = ()) -> list[str]:
    """Where two logs differ, a sentence a column; [] when they are equal row for row. Categories count by their names.

    without: columns that are not looked at."""
    found = []
    if a.provenance.ended_at != b.provenance.ended_at:
        found.append(f"ended_at: {a.provenance.ended_at}, {b.provenance.ended_at}")
    for table in TABLES:
        one, other = getattr(a, table), getattr(b, table)
        if len(one) != len(other):
            found.append(f"{table}: {len(one)} rows, {len(other)} rows")
            continue
        for name in one.columns:
            if name in without or _surely_same(one[name], other[name]):
                continue
            x, y = _plain(one[name]), _plain(other[name])
            if not x.equals(y):
                row = int((x.fillna("") != y.fillna("")).to_numpy().argmax())
                found.append(f"{table}.{name}: row {row}: {x[row]}, {y[row]}")
    return found


def _surely_same(x: pd.Series, y: pd.Series) -> bool:
    """Whether two columns of one kind hold the same, told from their arrays, which is quick; where not, `_plain` may
    still make them alike."""
    one, other = x.array, y.array
    if isinstance(one, pd.Categorical) and isinstance(other, pd.Categorical):
        return one.categories.equals(other.categories) and np.array_equal(one.codes, other.codes)
    if x.dtype != y.dtype or x.dtype.kind not in "iufb":
        return False
    if isinstance(x.dtype, np.dtype):
        return np.array_equal(x.to_numpy(), y.to_numpy(), equal_nan=x.dtype.kind == "f")
    if not np.array_equal(x.isna().to_numpy(), y.isna().to_numpy()):
        return False
    kind = np.float64 if x.dtype.kind == "f" else np.int64
    return np.array_equal(x.to_numpy(kind, na_value=0), y.to_numpy(kind, na_value=0))


def _plain(column: pd.Series) -> pd.Series:
    return column.astype(object).where(column.notna(), None)


def with_names(log: Log, names: Mapping[str, Callable[[str], str]]) -> Log:
    """The log with other names in the columns given."""

    def of(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(**{c: frame[c].cat.rename_categories(names[c]) for c in names if c in frame.columns})

    return Log(of(log.items), of(log.tasks), of(log.presence), log.provenance)


def with_times(log: Log, n: int) -> Log:
    """The log with all times n times as long."""

    def of(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(**{c: frame[c] * n for c in TIMES if c in frame.columns})

    provenance = dataclasses.replace(log.provenance, ended_at=log.provenance.ended_at * n)
    return Log(of(log.items), of(log.tasks), of(log.presence), provenance)
