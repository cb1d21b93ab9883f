"""An invoice: what an account owes for one part of its contract, worked out exactly, rounded once, and spread over its
lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from .accounts import Account
from .amounts import minor_unit, rounded, spread
from .terms import NANO


class Entry(NamedTuple):
    """A row of the ledger; see `books.ledger`."""

    month: str
    activity: str
    segment: str
    pool: str
    quantity: float
    unit: str
    amount: int
    currency: str
    billed: int


class Item(NamedTuple):
    """A line of an invoice. owed: what it weighs in the invoice; its denominator is the invoice's."""

    pool: str
    activity: str
    segment: str
    quantity: float
    owed: int | Fraction


@dataclass(frozen=True)
class Bill:
    """month: in which it is booked.  owed: micro-units times `denominator`, of the contract's currency; items' may sum
    to less where something else is in it.  Below zero it is a credit."""

    month: str
    unit: str
    items: Sequence[Item]
    owed: int | Fraction
    denominator: int

    def billed(self, currency: str) -> int:
        """Micro-units of its currency, in whole minor units."""
        return rounded(self.owed, self.denominator, minor_unit(currency))


def bill(month: str, unit: str, items: Sequence[Item], denominator: int) -> Bill:
    """The invoice of these lines."""
    return Bill(month, unit, items, sum(item.owed for item in items), denominator)


def shared(month: str, unit: str, account: Account, activity: str, amount: int) -> Bill:
    """The invoice of an amount that the pools of an account bear in equal parts."""
    part = 1 / len(account.pools)
    return bill(month, unit, [Item(pool, activity, "", part, amount) for pool in account.pools], len(account.pools))


def entries(one: Bill, currency: str, home: str, rate: int) -> list[Entry]:
    """Rows of the ledger. rate: billionths of the home currency that one of the invoice's is worth."""
    billed = one.billed(currency)
    amount = billed if currency == home else rounded(billed * rate, NANO, minor_unit(home))
    weights = [item.owed for item in one.items]
    return [
        Entry(one.month, item.activity, item.segment, item.pool, item.quantity, one.unit, at_home, currency, there)
        for item, at_home, there in zip(one.items, spread(amount, weights), spread(billed, weights), strict=True)
    ]
