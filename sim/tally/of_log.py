"""The tally of a log."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..log import ITEM_COLUMNS, TASK_COLUMNS, Log
from ..tables import codes, ints, names
from ..waits import off_shift
from .columns import ITEM_WIDTH, LOGGED_FIELDS, OFF_SHIFT_MS, PAID_NUMBER, TASK_WIDTH, TASKS
from .shape import Ints, Shape
from .tally import Tally, fold
from .waits import HOUR_MS


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
    items = np.empty((len(log.items), ITEM_WIDTH), np.int64)
    for place, name in enumerate(ITEM_COLUMNS):
        items[:, place] = plain(log.items[name])
    tasks = np.empty((len(log.tasks), TASK_WIDTH), np.int64)
    assert len(TASK_COLUMNS) == LOGGED_FIELDS
    for place, name in enumerate(TASK_COLUMNS):
        tasks[:, place] = plain(log.tasks[name])
    tasks[:, OFF_SHIFT_MS] = off_shift(log)
    tasks[:, PAID_NUMBER] = 0
    bounds = np.searchsorted(tasks[:, 0], items[:, 0], side="left")
    items[:, TASKS] = np.diff(np.append(bounds, len(tasks)))
    return items, tasks


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
