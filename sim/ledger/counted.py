"""Labels as they are counted for the ledger, and the lots that were refused, from rows or from a log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..tables import NULL, Ints
from ..tally.columns import FINISHED_AT, PAID_NUMBER, POOL, REFUSED_AT, REFUSED_LOT, TASKS
from .activities import ACTIVITIES
from .prices import Prices
from .stretches import Stretches
from .terms import Terms


class Counted(NamedTuple):
    """Tables of labels, as of Spent."""

    labels: Ints
    quality: Ints
    refunds: Ints
    lots: Ints


def nothing(terms: Terms, parts: Stretches, price: Prices, segments: int) -> Counted:
    """The tables before there is any label. segments: how many are named."""
    labels = no_labels(price, segments)
    contracts = (contract for period in terms.periods for contract in period.contracts.values())
    months = len(parts.names) if any(one.lots is not None for one in contracts) else 0
    pools = len(labels)
    refunds = np.zeros((months, *labels.shape[:4], 1, labels.shape[5]), np.int64)
    return Counted(labels, no_quality(terms, parts, pools), refunds, np.zeros((pools, months), np.int64))


def lots_table(rows: Sequence[Ints], parts: Stretches, found: Counted) -> Ints:
    """The table of lots. rows: int64[n, 3], first pool of an account, number and moment of each refused lot of which it
    was paid a piece, as often as may be."""
    lots = found.lots.copy()
    if lots.shape[1] and rows:
        account, _, at = np.unique(np.concatenate(rows), axis=0).T
        np.add.at(lots, (account, parts.month[parts.at(at)]), 1)
    return lots


def refused_rows(items: Ints, tasks: Ints, account: Ints) -> Ints:
    """Of a chunk of rows, what `lots_table` reads. account: of prices."""
    of_task = np.repeat(np.arange(len(items)), items[:, TASKS])
    mine = np.flatnonzero((items[of_task, REFUSED_AT] != NULL) & (tasks[:, PAID_NUMBER] > 0))
    lot, at = items[of_task[mine], REFUSED_LOT], items[of_task[mine], REFUSED_AT]
    by_then = tasks[mine, FINISHED_AT] <= at
    found: Ints = np.unique(np.stack([account[tasks[mine, POOL]], lot, at], axis=1)[by_then], axis=0)
    return found


def no_labels(price: Prices, segments: int) -> Ints:
    """The table of labels before there is any. segments: how many are named."""
    pools, parts, tiers = price.up_to.shape
    return np.zeros((pools, parts, 1 + price.rush.shape[2], 1 + tiers, len(ACTIVITIES), segments + 1), np.int64)


def no_quality(terms: Terms, parts: Stretches, pools: int) -> Ints:
    """The table of quality before there is any label; without stretches where nothing is paid by it."""
    contracts = (contract for period in terms.periods for contract in period.contracts.values())
    asked = any(one.accuracy is not None or one.on_time is not None for one in contracts)
    return np.zeros((pools, len(parts.month) if asked else 0, 4), np.int64)
