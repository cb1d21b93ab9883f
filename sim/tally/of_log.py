"""The tally of a log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..log import ITEM_COLUMNS, TASK_COLUMNS, Log
from ..tables import codes, ints, names
from ..waits import off_shift
from .columns import ITEM, LOGGED_FIELDS, OF_ITEM
from .shape import Ints, Shape
from .tally import Tally, fold
from .waits import HOUR_MS

STRETCH = 1024
"""Items, or rows, at a time: few enough to stay at hand, many enough that a call costs nothing."""


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


@dataclass(frozen=True, eq=False)
class _Columns:
    """The columns of a log's items and tasks as plain numbers. ends: of each item, the row after its last task."""

    items: list[NDArray[Any]]
    tasks: list[NDArray[Any]]
    ends: NDArray[np.int64]


def rows_of(log: Log) -> tuple[Ints, Ints]:
    """The rows of a log's items and tasks, in the columns of columns.py; paid_number is 0; who needs it fills it."""
    columns = _columns_of(log)
    return _side_by_side(columns.items, 0, len(log.items)), _side_by_side(columns.tasks, 0, len(log.tasks))


def tally_of(log: Log, shape: Shape | None = None) -> Tally:
    """The tally of a log. shape: of shape_of(log), if it is known already."""
    shape = shape_of(log) if shape is None else shape
    tally, columns, first = Tally.empty(shape), _columns_of(log), 0
    for start in range(0, len(log.items), STRETCH):
        stop = min(start + STRETCH, len(log.items))
        last = int(columns.ends[stop - 1])
        items, tasks = _side_by_side(columns.items, start, stop), _side_by_side(columns.tasks, first, last)
        fold(tally, shape, items, tasks, log.provenance.ended_at)
        first = last
    return tally


def _columns_of(log: Log) -> _Columns:
    assert len(TASK_COLUMNS) == LOGGED_FIELDS
    items = [plain(log.items[name]) for name in ITEM_COLUMNS]
    tasks = [plain(log.tasks[name]) for name in TASK_COLUMNS]
    ends = np.searchsorted(tasks[OF_ITEM], items[ITEM], side="right")
    own = np.diff(ends, prepend=0)
    return _Columns([*items, own], [*tasks, off_shift(log), np.zeros(len(log.tasks), np.int64)], ends)


def _side_by_side(columns: Sequence[NDArray[Any]], start: int, stop: int) -> Ints:
    """Rows start to stop - 1 of columns, as one array of rows; so many at a time that they are still at hand for the
    next column."""
    found = np.empty((stop - start, len(columns)), np.int64)
    for begin in range(start, stop, STRETCH):
        end = min(begin + STRETCH, stop)
        for place, column in enumerate(columns):
            found[begin - start : end - start, place] = column[begin:end]
    return found


def plain(column: pd.Series[Any]) -> NDArray[Any]:
    """A column of a log as whole numbers: NULL for null, -1 in codes and booleans."""
    kind = str(column.dtype)
    if kind == "category":
        return codes(column)
    return column.astype("Int8").to_numpy(dtype="int8", na_value=-1) if kind == "boolean" else ints(column)
