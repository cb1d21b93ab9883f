"""A tally: what rows come to. It grows row by row, in any order of items, and is the same however they are cut."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from .columns import TASKS
from .folding import Desk, desk_of, fold_rows
from .lots import FIELDS, by_lot
from .shape import Ints, Shape
from .sums import Sums, no_sums, roomier

MANY = 8192
"""Inspections that are kept before they are gathered by lot."""


@dataclass(eq=False)
class Tally:
    """sums: see Sums.  pending: records of inspections, see lots.py, not yet gathered by lot."""

    sums: Sums
    _lots: Ints = field(default_factory=lambda: np.zeros((0, FIELDS), np.int64))
    _pending: list[Ints] = field(default_factory=list)
    _desk: Desk | None = None

    @staticmethod
    def empty(shape: Shape) -> Tally:
        """The tally of no rows."""
        return Tally(no_sums(shape))

    @property
    def lots(self) -> Ints:
        """One record a lot that was inspected, in order of stage, segment and moment; see lots.py."""
        if self._pending:
            self._gather()
        return self._lots

    @property
    def kept(self) -> int:
        """How many records are kept for them."""
        return len(self._lots) + sum(map(len, self._pending))

    def desk(self, shape: Shape, tasks: int) -> Desk:
        """A desk for items of at most so many tasks; the same one while it is large enough."""
        if self._desk is None or len(self._desk.order) < tasks:
            self._desk = desk_of(shape, 2 * tasks)
        return self._desk

    def add(self, records: Ints) -> None:
        """Takes note of inspections; memory does not grow beyond one record a lot, and as many more as there were."""
        if len(records):
            self._pending.append(records)
        if sum(map(len, self._pending)) > max(MANY, len(self._lots)):
            self._gather()

    def _gather(self) -> None:
        self._lots = by_lot(np.concatenate([self._lots, *self._pending]))
        self._pending = []


def fold(tally: Tally, shape: Shape, items: Ints, tasks: Ints, ended: int) -> None:
    """Adds rows to a tally, in place.

    items, tasks: rows in the columns of columns.py; all tasks of an item come with it, in any order.
    ended: the end of the run. Nothing depends on it for items that are over, and whose tasks all are.
    """
    longest = int(items[:, TASKS].max(initial=0))
    if longest >= len(tally.sums.units):
        tally.sums = roomier(tally.sums, longest)
    records = np.empty((len(tasks) if shape.of_kind("inspect") else 0, FIELDS), np.int64)
    written = fold_rows(tally.sums, shape.marks, items, tasks, ended, tally.desk(shape, longest), records)
    tally.add(records[:written].copy())
