"""What became of an item, and the sums that it adds to."""

from __future__ import annotations

from ..tables import NULL
from . import sums as n
from .columns import (
    ARRIVED_AT,
    DELIVERED_AT,
    DROPPED_AS,
    DROPPED_AT,
    DUE_AT,
    DUPLICATE_OF,
    FINAL_LABEL,
    GOLD,
    LOT,
    SEGMENT,
    TRUTH,
)
from .inlined import inlined
from .shape import Ints, Marks
from .sums import Sums

IS_GOLD, IS_QUESTION, IS_DELIVERED, IS_OPEN, IS_KNOWN, IS_RIGHT = 1, 2, 4, 8, 16, 32
"""Bits of `fate`."""

HAD_REWORK, HAD_ADJUDICATION, HAD_REVIEW, HAD_ROLLBACK = 1, 2, 4, 8
"""Bits of what an item's tasks tell."""


@inlined
def fate(items: Ints, i: int) -> int:
    """What became of an item, in bits."""
    found = 0
    if items[i, GOLD] == 1:
        found |= IS_GOLD
    if items[i, DELIVERED_AT] != NULL:
        found |= IS_DELIVERED
        if items[i, TRUTH] >= 0:
            found |= IS_KNOWN
            if items[i, TRUTH] == items[i, FINAL_LABEL]:
                found |= IS_RIGHT
    elif found:
        found |= IS_QUESTION
    elif items[i, DROPPED_AT] == NULL:
        found |= IS_OPEN
    return found


@inlined
def fold_item(sums: Sums, marks: Marks, items: Ints, i: int, segment: int, is_: int, had: int, ended: int) -> None:
    """Adds an item to its segment. had: what its tasks tell."""
    row = sums.by_segment[segment]
    row[n.ITEMS] += 1
    row[n.RELABELLED] += had & HAD_ROLLBACK != 0
    why = items[i, DROPPED_AS]
    if why == marks.unsampled:
        row[n.UNSAMPLED] += 1
    elif why == marks.duplicate:
        row[n.FALSE_DROPS if items[i, DUPLICATE_OF] == NULL else n.REPEATS_DROPPED] += 1
    due = items[i, DUE_AT]
    if not is_ & IS_DELIVERED:
        if is_ & IS_QUESTION:
            row[n.QUESTIONS] += 1
        elif is_ & IS_OPEN:
            row[n.OPEN] += 1
            if due != NULL and due < ended:
                row[n.DUE] += 1
        else:
            row[n.DROPPED] += 1
        return
    at = items[i, DELIVERED_AT]
    row[n.DELIVERED] += 1
    if items[i, DROPPED_AT] != NULL:
        row[n.DROPPED] += 1
    sums.last_delivery[0] = max(sums.last_delivery[0], at)
    if items[i, ARRIVED_AT] != NULL:
        row[n.TIMED] += 1
        row[n.CYCLE_MS] += at - items[i, ARRIVED_AT]
    if due != NULL:
        row[n.DUE] += 1
        if at <= due:
            row[n.ON_TIME] += 1
    if had & HAD_REWORK:
        row[n.REWORKED] += 1
    elif not had & HAD_ADJUDICATION:
        row[n.FIRST_PASS] += 1
    if had & HAD_REVIEW:
        row[n.REVIEWED] += 1
    if is_ & IS_KNOWN:
        fold_known(sums, items, i, segment, is_ & IS_RIGHT != 0)


@inlined
def fold_known(sums: Sums, items: Ints, i: int, segment: int, right: bool) -> None:
    """Adds a delivered item of known truth to what tells how right the labels are."""
    row = sums.by_segment[segment]
    row[n.KNOWN] += 1
    if right:
        row[n.RIGHT] += 1
    if items[i, DUPLICATE_OF] != NULL:
        return
    row[n.JUDGED] += 1
    if right:
        row[n.JUDGED_RIGHT] += 1
    if items[i, LOT] != NULL:
        row[n.IN_LOTS] += 1
        if not right:
            row[n.WRONG_IN_LOTS] += 1
    label = items[i, FINAL_LABEL]
    if items[i, SEGMENT] >= 0:
        sums.confusion[segment, items[i, TRUTH], label if label >= 0 else sums.confusion.shape[1]] += 1
