"""The queue of a stage: which waiting task goes first. A discipline that ranks tasks is one line of `urgency` and its
test; one that ranks segments stands in sharing.py.

Rank: (priority, 0 for rework or 1 for new work, urgency by the pool's discipline, order of becoming ready); the lowest
goes first.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from itertools import accumulate

from ..line import Discipline
from .record import Task

Rank = tuple[int, int, int, int]

Barred = Callable[[int, Task], bool]
"""Whether a worker may not take a task."""

NO_DATE = 1 << 62
"""Urgency of an item without a due date."""


def urgency(discipline: Discipline, order: int, due: int, expected_ms: int) -> int:
    """What is compared within a priority, the lower first. due: NO_DATE for none.  expected_ms: mean active time."""
    match discipline:
        case "last":
            return -order
        case "due":
            return due
        case "shortest":
            return expected_ms
    return 0


class Queue:
    """Tasks of one stage that wait for anyone of a pool, by rank."""

    def __init__(self) -> None:
        self._levels: list[tuple[int, int]] = []  # the first two parts of the ranks that have come, in order
        self._rows: list[_Row] = []

    def add(self, task: Task, rank: Rank) -> None:
        """Puts a task in its place."""
        level = rank[:2]
        at = bisect_left(self._levels, level)
        if at == len(self._levels) or self._levels[at] != level:
            self._levels.insert(at, level)
            self._rows.insert(at, _Row())
        self._rows[at].add(task, rank)

    def first(self, worker: int, barred: Barred) -> Task | None:
        """The first waiting task that the worker may take, or None."""
        for row in self._rows:
            task = row.first(worker, barred)
            if task is not None:
                return task
        return None

    def after(self, worker: int, segment: int, most: int, barred: Barred) -> list[Task]:
        """Up to `most` waiting tasks of a segment that the worker may take, in order, one of an item."""
        found: dict[int, Task] = {}
        for row in self._rows:
            for task in row.tasks[row.head :]:
                if len(found) == most:
                    return list(found.values())
                item = task.item
                fits = not task.taken and item.segment == segment and item.number not in found
                if fits and not barred(worker, task):
                    found[item.number] = task
        return list(found.values())

    def forget(self, worker: int) -> None:
        """A worker may take again what they once might not."""
        for row in self._rows:
            row.forget(worker)


class _Row:
    """Tasks of one priority, rework or new work, in the order of their ranks.

    A worker who may not take a task mostly never may: whom an item has met seldom changes back (see `forget`). So each
    worker looks at a task at most once, however many wait that only others may take (as at night, when two people are
    on shift and every item needs a third).
    """

    def __init__(self) -> None:
        self.tasks: list[Task] = []
        self.head = 0  # all before it have been taken
        self._ranks: list[Rank] = []
        self._seen: dict[int, int] = {}  # worker -> all before it have been taken or are barred to the worker
        self._tidy_at = 64

    def add(self, task: Task, rank: Rank) -> None:
        """Puts a task in its place."""
        if len(self.tasks) >= self._tidy_at:
            self._tidy()
        if not self._ranks or self._ranks[-1] < rank:
            self._ranks.append(rank)
            self.tasks.append(task)
            return
        at = bisect_left(self._ranks, rank)
        self._ranks.insert(at, rank)
        self.tasks.insert(at, task)
        self.head = min(self.head, at)
        for worker, seen in self._seen.items():
            if seen > at:
                self._seen[worker] = at

    def first(self, worker: int, barred: Barred) -> Task | None:
        """The first waiting task that the worker may take, or None."""
        tasks, end = self.tasks, len(self.tasks)
        while self.head < end and tasks[self.head].taken:
            self.head += 1
        if self.head == end:
            return None
        at = max(self.head, self._seen.get(worker, 0))
        while at < end and (tasks[at].taken or barred(worker, tasks[at])):
            at += 1
        self._seen[worker] = at
        return tasks[at] if at < end else None

    def forget(self, worker: int) -> None:
        """A worker may take again what they once might not."""
        self._seen.pop(worker, None)

    def _tidy(self) -> None:
        """Lets go of the tasks that have been taken, so that who comes in before them need not look past them again."""
        before = list(accumulate((not task.taken for task in self.tasks), initial=0))
        self._seen = {worker: before[seen] for worker, seen in self._seen.items()}
        waiting = [place for place, task in enumerate(self.tasks) if not task.taken]
        self.tasks = [self.tasks[place] for place in waiting]
        self._ranks = [self._ranks[place] for place in waiting]
        self.head = 0
        self._tidy_at = max(64, 2 * len(waiting))
