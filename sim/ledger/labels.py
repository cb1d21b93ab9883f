"""Labels on the account: which tasks are labels, in which stretch, at which tier, of which activity and segment."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..jit import jit
from ..tables import NULL, Ints
from ..tally.columns import PAID_NUMBER, REFUSED_AT, ROLLBACKS, TASKS
from .activities import ACTIVITIES, AGAIN
from .prices import Prices


class Made(NamedTuple):
    """Labels of a log, one row each: tasks of a known pool, finished with a result. number: see `numbers`.  item: its
    row.  first: 1 for the first label of an item.  objects: of the item.  room: milliseconds from its arrival to its
    due date, ROOM where it has none.  late: 1 if finished after that date.  right: 1 if the label is the truth, 0 if
    not, -1 where one of them is not known.  refused_lot, refused_at: of the item, if finished by then, else NULL."""

    pool: Ints
    finished: Ints
    activity: Ints
    segment: Ints
    number: Ints
    first: Ints
    objects: Ints
    room: Ints
    late: Ints
    right: Ints
    refused_lot: Ints
    refused_at: Ints


ROOM = 2**62
"""More time than any item has."""

_AGAIN = [ACTIVITIES.index(name) for name in AGAIN]

KNOWN, RIGHT, DATED, IN_TIME = range(4)
"""Columns of the table of quality: labels whose truth is known, right ones, labels of items with a due date, and of
them those finished by then."""


@jit
def fold_labels(
    items: Ints,
    tasks: Ints,
    activities: Ints,
    attempts: Ints,
    edges: Ints,
    up_to: Ints,
    unit: Ints,
    rush: Ints,
    month: Ints,
    labels: Ints,
    quality: Ints,
    refunds: Ints,
) -> None:
    """Adds the labels of a chunk of rows to the tables.

    items, tasks: int64 rows in the layout of sim/tally, of which paid_number is filled.  activities: of activity_codes.
    attempts: 1 for each code of an outcome that leaves no result.  edges, month: of the stretches.  up_to, unit, rush:
    of prices.  labels, quality, refunds: as of Spent. Nothing in them hangs on the order of rows.
    """
    row = 0
    for item in range(items.shape[0]):
        segment = items[item, 1] if items[item, 1] >= 0 else labels.shape[5] - 1
        question = 1 if items[item, 7] == 1 and items[item, 4] == NULL else 0
        objects = items[item, 10] if items[item, 10] != NULL else 1
        due, truth = items[item, 3], items[item, 6]
        room = due - items[item, 2] if due != NULL else ROOM
        refused = items[item, REFUSED_AT] if refunds.shape[0] > 0 else NULL
        for task in range(row, row + items[item, TASKS]):
            pool, finished, outcome = tasks[task, 4], tasks[task, 11], tasks[task, 16]
            if pool < 0 or finished == NULL or (outcome >= 0 and attempts[outcome] == 1):
                continue
            again = 0 if tasks[task, 2] == 0 else 2 if tasks[task, ROLLBACKS] > 0 else 1
            activity = activities[tasks[task, 1], again, question]
            first = 1 if tasks[task, 2] == 0 and tasks[task, 3] == 0 else 0
            late = 1 if due != NULL and finished > due else 0
            right = -1 if truth < 0 or tasks[task, 15] < 0 else (1 if tasks[task, 15] == truth else 0)
            number = tasks[task, PAID_NUMBER]
            stretch = np.searchsorted(edges, finished, side="right") - 1
            add_label(pool, stretch, activity, segment, number, first, objects, room, up_to, unit, rush, labels)
            if finished <= refused and number > 0:
                back = refunds[month[np.searchsorted(edges, refused, side="right") - 1]]
                add_label(pool, stretch, 0, segment, number, first, objects, room, up_to, unit, rush, back)
            add_quality(pool, stretch, room, late, right, quality)
        row += items[item, TASKS]


@jit
def fold_made(
    pool: Ints,
    finished: Ints,
    activity: Ints,
    segment: Ints,
    number: Ints,
    first: Ints,
    objects: Ints,
    room: Ints,
    late: Ints,
    right: Ints,
    refused_lot: Ints,
    refused_at: Ints,
    edges: Ints,
    up_to: Ints,
    unit: Ints,
    rush: Ints,
    month: Ints,
    labels: Ints,
    quality: Ints,
    refunds: Ints,
) -> None:
    """Adds labels, given as the columns of Made, to the tables."""
    for row in range(pool.size):
        stretch = np.searchsorted(edges, finished[row], side="right") - 1
        add_label(
            pool[row],
            stretch,
            activity[row],
            segment[row],
            number[row],
            first[row],
            objects[row],
            room[row],
            up_to,
            unit,
            rush,
            labels,
        )
        if refunds.shape[0] > 0 and refused_at[row] != NULL and number[row] > 0:
            add_label(
                pool[row],
                stretch,
                0,
                segment[row],
                number[row],
                first[row],
                objects[row],
                room[row],
                up_to,
                unit,
                rush,
                refunds[month[np.searchsorted(edges, refused_at[row], side="right") - 1]],
            )
        add_quality(pool[row], stretch, room[row], late[row], right[row], quality)


@jit
def add_label(
    pool: int,
    stretch: int,
    activity: int,
    segment: int,
    number: int,
    first: int,
    objects: int,
    room: int,
    up_to: Ints,
    unit: Ints,
    rush: Ints,
    labels: Ints,
) -> None:
    """Adds the pieces of one label to the table, if its pool has a price in its stretch. number: 0 for one that is not
    paid, else its last piece is the n-th paid one of its account."""
    if up_to[pool, stretch, 0] == 0:
        return
    pieces = 1
    if unit[pool, stretch] == 1:
        pieces = first
    elif unit[pool, stretch] == 2:
        pieces = objects
    hurry = 0
    while hurry < rush.shape[2] and room > rush[pool, stretch, hurry]:
        hurry += 1
    if number == 0:
        labels[pool, stretch, hurry, 0, activity, segment] += pieces
        return
    slot, at = 1, number - pieces
    while at < number:
        while at >= up_to[pool, stretch, slot - 1]:
            slot += 1
        upto = min(number, up_to[pool, stretch, slot - 1])
        labels[pool, stretch, hurry, slot, activity, segment] += upto - at
        at = upto


@jit
def add_quality(pool: int, stretch: int, room: int, late: int, right: int, quality: Ints) -> None:
    """Adds one label to the table of quality, if there is one."""
    if quality.shape[1] == 0:
        return
    if right >= 0:
        quality[pool, stretch, KNOWN] += 1
        quality[pool, stretch, RIGHT] += right
    if room != ROOM:
        quality[pool, stretch, DATED] += 1
        quality[pool, stretch, IN_TIME] += 1 - late


def numbers(
    pool: Ints, finished: Ints, activity: Ints, stretch: Ints, first: Ints, objects: Ints, prices: Prices
) -> Ints:
    """The number of the last piece of each label among the paid ones of its account and count, in order of finish, ties
    in the order given; 0 where it is not paid. Where the number does not matter it is that of its pieces."""
    unit = prices.unit[pool, stretch]
    pieces = np.where(unit == 1, first, np.where(unit == 2, objects, 1))
    paid: Ints = prices.counted[pool, stretch, np.isin(activity, _AGAIN).astype(np.int64)] * pieces
    number = paid.copy()
    account, counting = prices.account[pool], prices.counting[pool, stretch]
    for code in np.unique(prices.account[np.flatnonzero(prices.number_matters)]):
        mine = np.flatnonzero((account == code) & (paid > 0))
        mine = mine[np.argsort(finished[mine], kind="stable")]
        made = np.cumsum(paid[mine])
        begins = np.flatnonzero(np.diff(counting[mine], prepend=-1))  # the first of each count
        number[mine] = made - np.repeat((made - paid[mine])[begins], np.diff(np.append(begins, len(mine))))
    return number
