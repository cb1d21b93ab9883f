"""Invoices for what is billed whatever is used: the set-up, by the month, for management, by the seat."""

from __future__ import annotations

from collections.abc import Callable

from ..line import Contract
from .accounts import Account
from .activities import FEE, MANAGEMENT, TOOLING
from .bills import Bill, Item, bill, shared
from .spent import Spent
from .terms import Terms

MONTHLY: tuple[tuple[str, Callable[[Contract], int]], ...] = (
    (FEE, lambda one: one.monthly),
    (MANAGEMENT, lambda one: one.management),
)
"""What is paid for each month begun, by activity."""


def fees(spent: Spent, terms: Terms, account: Account, ended_at: int) -> list[Bill]:
    """Bills of the set-up and, for each calendar month that the time from the start to `ended_at` touches, of the
    monthly fee and of management, at the price with which the month begins. Pools of an account bear equal parts."""
    found = []
    set_up = account.contracts[0].set_up
    parts = spent.stretches
    if set_up:
        found.append(shared(parts.names[int(parts.month[parts.at([0])[0]])], "once", account, FEE, set_up))
    for activity, price in MONTHLY:
        asked = any(price(contract) for contract in account.contracts)
        for month, name in enumerate(parts.names) if asked else ():
            begin, end = parts.bounds(month)
            if end <= 0 or begin >= max(ended_at, 1):
                continue
            monthly = price(account.contracts[int(parts.period[parts.at([max(0, begin)])[0]])])
            if monthly:
                found.append(shared(name, "months", account, activity, monthly))
    return found


def seats(spent: Spent, terms: Terms, account: Account) -> list[Bill]:
    """A bill a month of the people who are employed in it, at the price with which the month, or the run, begins."""
    found = []
    parts = spent.stretches
    asked = any(contract.seat for contract in account.contracts)
    for month, name in enumerate(parts.names) if asked else ():
        begin, end = parts.bounds(month)
        seat = account.contracts[int(parts.period[parts.at([min(max(0, begin), end - 1)])[0]])].seat
        people = [int(spent.seats[code, month]) for code in account.codes]
        items = [Item(pool, TOOLING, "", n, n * seat) for pool, n in zip(account.pools, people, strict=True) if n]
        if seat and items:
            found.append(bill(name, "seats", items, 1))
    return found
