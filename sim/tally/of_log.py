"""The tally of a log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..log import ITEM_COLUMNS, TASK_COLUMNS, Log
from ..tables import codes, ints, names
from ..waits import off_shift
from .columns import ITEM, LOGGED_FIELDS, OF_ITEM, TASKS
from .shape import Ints, Shape
from .tally import Tally, fold
from .waits import HOUR_MS

STRETCH = 1024
"""Rows that are written together."""


def shape_of(log: Log, hours: int | None = None) -> Shape:
    """The names of a log. hours: of the curves; None: up to the end of the run."""
    stages, provenance = names(log.tasks["stage"]), log.provenance
    return Shape(
        segments=tuple(names(log.items["segment"])),
        stages=tuple(stages),
        kinds=tuple(provenance.roles[stage] for stage in stages),
        pools=tuple(names(log.tasks["pool"])),
        classes=tuple(names(log.items["truth"])),
        promises=provenance.promises,
        hours=max(-(-provenance.ended_at // HOUR_MS), 0) if hours is None else hours,
        outcomes=tuple(names(log.tasks["outcome"])),
        dropped_as=tuple(names(log.items["dropped_as"])),
    )


def rows_of(log: Log) -> tuple[Ints, Ints]:
    """The rows of a log's items and tasks, in the columns of columns.py; paid_number is 0; who needs it fills it."""
    assert len(TASK_COLUMNS) == LOGGED_FIELDS
    of_items = [plain(log.items[name]) for name in ITEM_COLUMNS]
    items = _side_by_side([*of_items, np.zeros(len(log.items), np.int64)])
    of_tasks = [plain(log.tasks[name]) for name in TASK_COLUMNS]
    tasks = _side_by_side([*of_tasks, off_shift(log), np.zeros(len(log.tasks), np.int64)])
    bounds = np.searchsorted(tasks[:, OF_ITEM], items[:, ITEM], side="left")
    items[:, TASKS] = np.diff(np.append(bounds, len(tasks)))
    return items, tasks


def _side_by_side(columns: Sequence[NDArray[Any]]) -> Ints:
    """Columns as one array of rows. A stretch of rows at a time, so that it is still at hand for the next column."""
    found = np.empty((len(columns[0]), len(columns)), np.int64)
    for start in range(0, len(found), STRETCH):
        rows = slice(start, start + STRETCH)
        for place, column in enumerate(columns):
            found[rows, place] = column[rows]
    return found


def tally_of(log: Log, shape: Shape | None = None) -> Tally:
    """The tally of a log. shape: of shape_of(log), if it is known already."""
    shape = shape_of(log) if shape is None else shape
    tally = Tally.empty(shape)
    fold(tally, shape, *rows_of(log), log.provenance.ended_at)
    return tally


def plain(column: pd.Series[Any]) -> NDArray[Any]:
    """A column of a log as whole numbers: NULL for null, -1 in codes and booleans."""
    kind = str(column.dtype)
    if kind == "category":
        return codes(column)
    return column.astype("Int8").to_numpy(dtype="int8", na_value=-1) if kind == "boolean" else ints(column)
