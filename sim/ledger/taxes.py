"""Tax on the invoices of an account."""

from __future__ import annotations

from collections.abc import Sequence

from ..line import MICRO
from .accounts import Account
from .activities import TAX
from .bills import Bill, shared


def taxes(bills: Sequence[Bill], account: Account, share: float, currency: str) -> list[Bill]:
    """A bill a month on all others of the month, credits too. Pools of an account bear equal parts."""
    parts = round(share * MICRO)
    if parts == 0:
        return []
    by_month: dict[str, int] = {}
    for one in bills:
        by_month[one.month] = by_month.get(one.month, 0) + one.billed(currency)
    found = []
    for month, billed in sorted(by_month.items()):
        whole = shared(month, "months", account, TAX, billed * parts)
        found.append(Bill(month, whole.unit, whole.items, whole.owed, whole.denominator * MICRO))
    return found
