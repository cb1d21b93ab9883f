"""The arrays of a log that several rooms of KPIs look at, each worked out once."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..log import ATTEMPTS, Log
from ..tables import NULL, Ints, codes, ints, names
from ..waits import Waits, waits

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
WEEK_MS = 7 * DAY_MS

NAN = float("nan")

Bools = NDArray[np.bool_]
Found = dict[str, float]
"""KPIs by name."""


@dataclass(frozen=True, eq=False)
class Facts:
    """A log, seen as arrays: of items in the order of the items, of tasks in the order of the tasks."""

    log: Log
    _columns: dict[str, NDArray[Any]] = field(default_factory=dict)

    def item(self, column: str) -> NDArray[Any]:
        """A column of the items: whole numbers with NULL, codes of categories with -1 for null."""
        return self.column("items", column)

    def task(self, column: str) -> NDArray[Any]:
        """A column of the tasks, likewise."""
        return self.column("tasks", column)

    def column(self, table: str, name: str) -> NDArray[Any]:
        """A column of a table, likewise; of booleans, whether they are true. Not to be written to."""
        key = f"{table}.{name}"
        if key not in self._columns:
            column: pd.Series[Any] = getattr(self.log, table)[name]
            kind = str(column.dtype)
            if kind == "category":
                self._columns[key] = codes(column)
            else:
                is_bool = kind == "boolean"
                self._columns[key] = column.to_numpy(dtype=np.bool_, na_value=False) if is_bool else ints(column)
        return self._columns[key]

    @property
    def ended(self) -> int:
        """The end of the run."""
        return self.log.provenance.ended_at

    # Items

    @cached_property
    def delivered_at(self) -> Ints:
        """NULL for what was not delivered."""
        return self.item("delivered_at")

    @cached_property
    def delivered(self) -> Bools:
        """Which items were delivered."""
        return np.asarray(self.delivered_at != NULL)

    @property
    def gold(self) -> Bools:
        """Which items are gold."""
        return self.item("gold")

    @cached_property
    def question(self) -> Bools:
        """Which items are only there to test people: gold, and not delivered. In a real log gold may be delivered."""
        return self.gold & ~self.delivered

    @cached_property
    def dropped(self) -> Bools:
        """Which items left the line undelivered; test questions are not among them."""
        return np.asarray((self.item("dropped_at") != NULL) & ~self.question)

    @cached_property
    def dropped_as(self) -> dict[str, Bools]:
        """Which items were dropped for each reason."""
        why = self.item("dropped_as")
        return {name: why == code for code, name in enumerate(names(self.log.items["dropped_as"]))}

    @cached_property
    def open(self) -> Bools:
        """Which items are still in the line at the end."""
        return ~(self.delivered | self.dropped | self.question)

    @cached_property
    def segment(self) -> NDArray[np.int64]:
        """Code of each item's segment; where it is null, one more than there are."""
        code = self.item("segment").astype(np.int64)
        code[code < 0] = len(self.segments)
        return code

    @cached_property
    def segments(self) -> list[str]:
        """Names of the segments."""
        return names(self.log.items["segment"])

    @cached_property
    def known(self) -> Bools:
        """Which items are delivered and of known truth."""
        return self.delivered & (self.item("truth") >= 0)

    @cached_property
    def right(self) -> Bools:
        """Which items are known, and their final label is their truth."""
        return np.asarray(self.known & (self.item("final_label") == self.item("truth")))

    @cached_property
    def judged(self) -> Bools:
        """The items by which accuracy is measured: known, and no duplicates."""
        return np.asarray(self.known & (self.item("duplicate_of") == NULL))

    # Tasks

    @cached_property
    def place(self) -> NDArray[np.int64]:
        """Row of each task's item."""
        item, task = self.item("item"), self.task("item")
        if len(item) and item[0] == 0 and item[-1] == len(item) - 1:  # numbered without gaps
            return task
        return np.searchsorted(item, task)

    @cached_property
    def stage(self) -> NDArray[np.signedinteger]:
        """Code of each task's stage."""
        return self.task("stage")

    @cached_property
    def stages(self) -> list[str]:
        """Names of the stages."""
        return names(self.log.tasks["stage"])

    @cached_property
    def pools(self) -> list[str]:
        """Names of the pools."""
        return names(self.log.tasks["pool"])

    @cached_property
    def pool(self) -> NDArray[np.int64]:
        """Code of each task's pool; where it is null, one more than there are."""
        code = self.task("pool").astype(np.int64)
        code[code < 0] = len(self.pools)
        return code

    @cached_property
    def finished(self) -> Bools:
        """Which tasks are finished."""
        return np.asarray(self.task("finished_at") != NULL)

    @cached_property
    def made(self) -> Bools:
        """Which tasks are labels: finished ones of stages of kind annotate, but attempts; test questions among them."""
        return np.asarray(self.of_kind("annotate") & self.finished & ~self.came_to(*ATTEMPTS))

    @cached_property
    def waits(self) -> Waits:
        """The waits of the tasks that have started."""
        return waits(self.log)

    @cached_property
    def _outcomes(self) -> list[str]:
        return names(self.log.tasks["outcome"])

    def kind(self, stage: str) -> str:
        """Kind of a stage."""
        return self.log.provenance.roles[stage]

    def of_kind(self, *kinds: str) -> Bools:
        """Which tasks are of stages of these kinds."""
        return np.asarray(np.array([*(self.kind(stage) in kinds for stage in self.stages), False])[self.stage])

    def came_to(self, *outcomes: str) -> Bools:
        """Which tasks have one of these outcomes."""
        named = [name in outcomes for name in self._outcomes]
        if not any(named):
            return np.zeros(len(self.stage), np.bool_)
        return np.asarray(np.array([*named, False])[self.task("outcome")])

    def by_segment(self, which: Bools) -> list[int]:
        """How many of these items each segment has."""
        return count(self.segment[which], len(self.segments))


def count(group: NDArray[np.integer], groups: int) -> list[int]:
    """How many there are of groups 0 .. groups - 1; others are left out."""
    found: list[int] = np.bincount(group, minlength=groups)[:groups].tolist()
    return found


def total(group: NDArray[np.integer], values: Ints, groups: int) -> list[int]:
    """Sum of the values of groups 0 .. groups - 1, exactly; others are left out. group: at most `groups`."""
    sums = np.zeros(groups + 1, np.int64)
    np.add.at(sums, group, values)
    found: list[int] = sums[:groups].tolist()
    return found


def over(part: float, whole: float) -> float:
    """part / whole, NaN where there is no whole."""
    return part / whole if whole else NAN
