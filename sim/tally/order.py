"""The canonical order of an item's tasks."""

from __future__ import annotations

from .columns import ENQUEUED_AT, REPLICA, ROUND, STAGE
from .inlined import inlined
from .shape import Ints


@inlined
def put_in_order(tasks: Ints, first: int, last: int, order: Ints) -> None:
    """Puts rows first to last - 1 into `order`, as they stand in a log. Most often they stand so already."""
    for k in range(last - first):
        t, at = first + k, k
        while at > 0 and comes_before(tasks, t, order[at - 1]):
            order[at] = order[at - 1]
            at -= 1
        order[at] = t


@inlined
def comes_before(tasks: Ints, one: int, other: int) -> bool:
    """Whether one task of an item stands before another in a log; null first."""
    if tasks[one, ENQUEUED_AT] != tasks[other, ENQUEUED_AT]:
        return bool(tasks[one, ENQUEUED_AT] < tasks[other, ENQUEUED_AT])
    if tasks[one, STAGE] != tasks[other, STAGE]:
        return bool(tasks[one, STAGE] < tasks[other, STAGE])
    if tasks[one, ROUND] != tasks[other, ROUND]:
        return bool(tasks[one, ROUND] < tasks[other, ROUND])
    return bool(tasks[one, REPLICA] < tasks[other, REPLICA])
