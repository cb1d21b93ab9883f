"""What the laws of a log look at: its tables as plain arrays, and the sentences that name broken rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .log import Log
from .spans import Spans
from .staff import People, people, shifts
from .tables import NULL, Ints, codes, ints, names

SHOWN = 3
"""Rows that a sentence names; the others are counted."""


@dataclass(frozen=True, eq=False)
class View:
    """A log as plain arrays.

    place: row of each task's item among `items`, -1 where there is none.  who, shifts: of sim.staff.
    """

    log: Log
    items: dict[str, Ints]
    tasks: dict[str, Ints]
    presence: dict[str, Ints]
    place: Ints
    who: People
    shifts: Spans

    @staticmethod
    def of(log: Log) -> View:
        """The arrays of a log whose columns are right."""
        items, tasks, presence = (plain(frame) for frame in (log.items, log.tasks, log.presence))
        row = np.argsort(items["item"], kind="stable")
        at = np.searchsorted(items["item"], tasks["item"], sorter=row)
        known = at < len(row)
        place = np.full(len(at), -1, np.int64)
        place[known] = row[at[known]]
        place[known & (items["item"][place] != tasks["item"] if len(row) else known)] = -1
        who = people(log)
        return View(log, items, tasks, presence, place, who, shifts(log, who))

    def of_kind(self, *kinds: str) -> NDArray[np.bool_]:
        """Which tasks are of stages of these kinds."""
        roles = self.log.provenance.roles
        of_stage = [roles.get(stage, "") in kinds for stage in names(self.log.tasks["stage"])]
        return np.array([*of_stage, False])[self.tasks["stage"]]

    def came_to(self, *outcomes: str) -> NDArray[np.bool_]:
        """Which tasks have one of these outcomes."""
        return np.array([*(name in outcomes for name in names(self.log.tasks["outcome"])), False])[
            self.tasks["outcome"]
        ]

    def of_item(self, column: str) -> Ints:
        """A column of the items, task by task; NULL where the item is unknown."""
        if not len(self.items[column]):
            return np.full(len(self.place), NULL)
        return np.where(self.place >= 0, self.items[column][self.place], NULL)

    def task(self, row: int) -> str:
        """A task in words."""
        t = self.tasks
        stage = self.log.tasks["stage"].iloc[row]
        return f"item {t['item'][row]}, {stage} round {t['round'][row]} replica {t['replica'][row]}"

    def item(self, row: int) -> str:
        """An item in words."""
        return f"item {self.items['item'][row]}"

    def person(self, table: pd.DataFrame, row: int) -> str:
        """A worker in words."""
        return f"worker {table['worker'].iloc[row]} of {table['pool'].iloc[row]}"

    def did(self, row: int) -> str:
        """A worker and their task in words."""
        return f"{self.person(self.log.tasks, row)} in {self.task(row)}"


def plain(frame: pd.DataFrame) -> dict[str, Ints]:
    """Columns as int64: codes of categories with -1 for null, whole numbers with NULL; booleans are left out."""
    arrays = {}
    for name in frame.columns:
        column = frame[name]
        if isinstance(column.dtype, pd.CategoricalDtype):
            arrays[name] = codes(column).astype(np.int64)
        elif str(column.dtype) != "boolean":
            arrays[name] = ints(column)
    return arrays


def say(law: str, broken: NDArray[np.bool_] | Ints, tell: Callable[[int], str]) -> list[str]:
    """One sentence on the rows (a mask, or their numbers) that break a law."""
    rows = np.flatnonzero(broken) if broken.dtype == np.bool_ else np.sort(broken)
    if not len(rows):
        return []
    told = "; ".join(f"row {row}: {tell(int(row))}" for row in rows[:SHOWN])
    more = f" (+{len(rows) - SHOWN} more)" if len(rows) > SHOWN else ""
    return [f"{law}: {told}{more}"]
