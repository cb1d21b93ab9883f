"""Two logs compared, row by row."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping

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
            x, y = _plain(one[name]), _plain(other[name])
            if name not in without and not x.equals(y):
                row = int((x.fillna("") != y.fillna("")).to_numpy().argmax())
                found.append(f"{table}.{name}: row {row}: {x[row]}, {y[row]}")
    return found


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
