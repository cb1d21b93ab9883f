"""Labels on the account: which tasks are labels, in which stretch, at which tier, of which activity and segment."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..jit import jit
from ..tables import NULL, Ints
from .activities import REWORKED
from .prices import Prices


class Made(NamedTuple):
    """Labels of a log, one row each: tasks of a known pool, finished with a result. number: see `numbers`."""

    pool: Ints
    finished: Ints
    activity: Ints
    segment: Ints
    number: Ints


@jit
def fold_labels(
    items: Ints, tasks: Ints, activities: Ints, attempts: Ints, edges: Ints, up_to: Ints, labels: Ints
) -> None:
    """Adds the labels of a chunk of rows to the table.

    items, tasks: int64 rows in the layout of sim/tally: of items segment, delivered_at, gold and tasks are read, of
    tasks stage, round, pool, finished_at, outcome and paid_number.  activities: of activity_codes.  attempts: 1 for
    each code of an outcome that leaves no result.  edges: of the stretches.  up_to: of prices.
    labels: int64[pool, stretch, slot, activity, segment], as of Spent. Nothing in it hangs on the order of rows.
    """
    row = 0
    for item in range(items.shape[0]):
        segment = items[item, 1] if items[item, 1] >= 0 else labels.shape[4] - 1
        question = 1 if items[item, 7] == 1 and items[item, 4] == NULL else 0
        for task in range(row, row + items[item, 13]):
            pool, finished, outcome = tasks[task, 4], tasks[task, 11], tasks[task, 16]
            if pool < 0 or finished == NULL or (outcome >= 0 and attempts[outcome] == 1):
                continue
            activity = activities[tasks[task, 1], 1 if tasks[task, 2] > 0 else 0, question]
            add_label(pool, finished, activity, segment, tasks[task, 18], edges, up_to, labels)
        row += items[item, 13]


@jit
def fold_made(
    pool: Ints,
    finished: Ints,
    activity: Ints,
    segment: Ints,
    number: Ints,
    edges: Ints,
    up_to: Ints,
    labels: Ints,
) -> None:
    """Adds labels, given as the columns of Made, to the table."""
    for row in range(pool.size):
        add_label(pool[row], finished[row], activity[row], segment[row], number[row], edges, up_to, labels)


@jit
def add_label(
    pool: int, finished: int, activity: int, segment: int, number: int, edges: Ints, up_to: Ints, labels: Ints
) -> None:
    """Adds one label to the table, if its pool has a price per label in its stretch. number: 0 for one that is not
    paid, else it is the n-th paid one of its pool."""
    stretch = np.searchsorted(edges, finished, side="right") - 1
    if up_to[pool, stretch, 0] == 0:
        return
    slot = 0
    if number > 0:
        slot = 1
        while number > up_to[pool, stretch, slot - 1]:
            slot += 1
    labels[pool, stretch, slot, activity, segment] += 1


def numbers(pool: Ints, finished: Ints, activity: Ints, stretch: Ints, prices: Prices) -> Ints:
    """The number of each label among the paid ones of its pool, in order of finish, ties in the order given; 0 where it
    is not paid. Where the number does not matter it is 1."""
    paid: Ints = prices.counted[pool, stretch, (activity == REWORKED).astype(np.int64)]
    number = paid.copy()
    for code in np.flatnonzero(prices.number_matters):
        mine = np.flatnonzero((pool == code) & (paid == 1))
        number[mine[np.argsort(finished[mine], kind="stable")]] = np.arange(1, len(mine) + 1)
    return number
