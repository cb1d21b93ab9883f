"""Labels on the invoice: which are paid, at which tier, and at the price of their date and granularity."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..line import MICRO, Tier
from ..tables import NULL, Ints
from .activities import Work
from .amounts import rounded, spread
from .hours import Entry
from .months import Months
from .terms import Terms


def labels(work: Work, months: Months, code: int, pool: str, terms: Terms, minor: int) -> list[Entry]:
    """Lines of a pool's invoices by label, one a month: labels by activity and segment."""
    per_label = [period.contract(pool).per_label for period in terms.periods]
    if not any(per_label):
        return []
    mine = np.flatnonzero((work.finished != NULL) & (work.pool == code) & work.worked)
    mine = mine[np.argsort(work.finished[mine], kind="stable")]  # ties: the canonical order of tasks
    period = _period_of(terms, work.finished[mine])
    priced = np.array([bool(tiers) for tiers in per_label])[period]
    mine, period = mine[priced], period[priced]
    slot = _slots(terms, pool, work.rework[mine], period)
    prices = _prices(terms, pool, [segment for _, segment in work.lines])
    line = work.line[mine]
    bounds = np.searchsorted(work.finished[mine], months.edges).tolist()
    entries: list[Entry] = []
    for month, first, last in zip(months.names, bounds[:-1], bounds[1:], strict=True):
        if first == last:
            continue
        shape = len(work.lines), len(prices)
        flat = np.bincount(line[first:last] * shape[1] + slot[first:last], minlength=shape[0] * shape[1])
        counts = flat.reshape(shape)
        owed = [0] * shape[0]
        for row, column in np.argwhere(counts).tolist():
            # Python's integers, because a price times a count may be beyond int64.
            owed[row] += int(counts[row, column]) * prices[column][row]
        amounts = spread(rounded(sum(owed), MICRO, minor), owed)
        entries += [
            (month, *about, pool, float(count), "labels", amount)
            for about, count, amount in zip(work.lines, counts.sum(axis=1).tolist(), amounts, strict=True)
            if count
        ]
    return entries


def tier_of(tiers: Sequence[Tier], number: Ints) -> Ints:
    """Place of the tier that prices the n-th label, n from 1; labels beyond a last bounded tier stay in it."""
    bounds = np.array([tier.up_to for tier in tiers if tier.up_to is not None], np.int64)
    return np.minimum(np.searchsorted(bounds, number), len(tiers) - 1)


def _period_of(terms: Terms, at: Ints) -> Ints:
    """The number of the period that holds at each moment."""
    return np.searchsorted(np.array([each.from_ms for each in terms.periods[1:]], np.int64), at, side="right")


def _slots(terms: Terms, pool: str, rework: np.ndarray, period: Ints) -> Ints:
    """Of labels in order of finish, which of the prices each one has: 0 for unpaid, then each period's tiers.

    Those that are paid count through all periods, so that a new price list goes on where the old one stood."""
    paid = ~rework | np.array([each.contract(pool).rework_paid for each in terms.periods])[period]
    number = np.cumsum(paid)
    slot = np.zeros(len(paid), np.int64)
    first = 1
    for place, each in enumerate(terms.periods):
        tiers = each.contract(pool).per_label
        here = paid & (period == place)
        slot[here] = first + tier_of(tiers, number[here]) if tiers else 0
        first += len(tiers)
    return slot


def _prices(terms: Terms, pool: str, segments: Sequence[str]) -> list[list[int]]:
    """For each slot the price of a label on each line, in millionths of micro-units."""
    prices = [[0] * len(segments)]
    for period in terms.periods:
        factors = [period.millionths(segment) for segment in segments]
        prices += [[tier.price * factor for factor in factors] for tier in period.contract(pool).per_label]
    return prices
