"""What comes off the bill for lots that are refused at their first inspection."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from ..line import MICRO, Refund
from .accounts import Account
from .activities import LOT_CREDIT
from .bills import Bill, Item, bill
from .spent import Spent
from .stretches import span_of
from .terms import Terms
from .usage import hurried, price_of


def refunds(spent: Spent, terms: Terms, account: Account, segments: Sequence[str]) -> list[Bill]:
    """A bill a month and unit for the share of what the pieces of the month's refused lots were billed, and one a month
    for the amount of each lot. As agreed at the start."""
    asked, found = account.contracts[0].lots, list[Bill]()
    if asked is None:
        return found
    names = spent.stretches.names
    if asked.share:
        found += _shares(spent, terms, account, segments, asked)
    if asked.amount:
        for month, many in enumerate(spent.lots[account.codes[0]].tolist()):
            if many:
                each = many / len(account.pools)
                items = [Item(pool, LOT_CREDIT, "", each, -many * asked.amount) for pool in account.pools]
                found.append(bill(names[month], "lots", items, len(items)))
    return found


def _shares(spent: Spent, terms: Terms, account: Account, segments: Sequence[str], asked: Refund) -> list[Bill]:
    """Each piece at its price, under all-units that which its count has reached by the end of the month of refusal."""
    parts, share = spent.stretches, round(asked.share * MICRO)
    sums: dict[tuple[int, str], dict[tuple[str, str], tuple[int, int]]] = defaultdict(dict)
    for code, pool in zip(account.codes, account.pools, strict=True):
        table = spent.refunds[:, code, :, :, :, 0]
        for month, stretch, hurry, slot, segment in np.argwhere(table).tolist():
            period = int(parts.period[stretch])
            contract, at = account.contracts[period], terms.periods[period]
            price = contract.per_label[slot - 1].price
            if contract.all_units:
                price = price_of(contract.per_label, _reached(spent, account, stretch, month))
            many, name = int(table[month, stretch, hurry, slot, segment]), segments[segment]
            owed = many * at.millionths(name) * hurried(contract, hurry) * price * share
            lines = sums[month, contract.unit]
            before = lines.get((pool, name), (0, 0))
            lines[pool, name] = before[0] + many, before[1] - owed
    found = []
    for (month, unit), lines in sorted(sums.items()):
        items = [
            Item(pool, LOT_CREDIT, name, float(many), owed) for (pool, name), (many, owed) in sorted(lines.items())
        ]
        found.append(bill(parts.names[month], f"{unit}s", items, MICRO**3))
    return found


def _reached(spent: Spent, account: Account, stretch: int, month: int) -> int:
    """How many paid pieces of the count that a stretch belongs to there were by the end of a month."""
    parts = spent.stretches
    spans = [
        span_of(parts.names[of], account.contracts[period].count)
        for of, period in zip(parts.month.tolist(), parts.period.tolist(), strict=True)
    ]
    mine = [number for number, span in enumerate(spans) if span == spans[stretch] and parts.month[number] <= month]
    return int(spent.labels[list(account.codes)][:, mine, :, 1:].sum())
