"""The ledger of a log: every invoice, line by line.

An invoice is an account's month under one part of its contract, or a month's costs that fall due once, or its running
costs. It is worked out exactly, rounded once, halves away from zero, to the currency's minor unit, and spread over its
lines by largest remainder, so that the lines' whole micro-units sum to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any

import numpy as np
import pandas as pd

from ..line import Contract
from ..log import Log
from ..tables import names
from .accounts import Account, accounts
from .activities import TOOLING
from .bills import Entry, Item, bill, entries
from .commitments import commitments
from .fees import fees, seats
from .lots import refunds
from .partings import comings, ends_at, notices
from .quality import quality
from .spent import Spent, spent
from .stretches import Stretches, span_bounds
from .taxes import taxes
from .terms import Terms
from .usage import audits, hours, labels, salaries

COLUMNS = Entry._fields

Books = Mapping[str, Sequence[Any]]
"""The columns of a ledger by name, without pandas: a search asks thousands of times what a line costs."""

_NUMBERS: dict[str, type[np.number[Any]]] = {"quantity": np.float64, "amount": np.int64, "billed": np.int64}


def ledger(log: Log, terms: Terms | Mapping[str, Contract], currency: str = "EUR") -> pd.DataFrame:
    """What the work of a log costs, by month, activity and segment.

    terms: or only contracts by pool, that hold at all times.
    Columns: month ("2027-01", in the log's time zone), activity, segment ("" for what belongs to none), pool ("" for
    costs of `changes`), quantity, unit, amount (int64 micro-units of `currency`), currency and billed (of the
    contract, int64 micro-units of that).  docs/ledger.md says what each of them holds.
    Order: month, pool, unit, activity, segment.  Pools without a contract cost nothing and have no rows.
    On-shift time belongs to the activity worked on, else to idle. Work outside it is not paid by the hour, and where
    recorded tasks of one worker overlap, the one started first has the time.
    Every task finished with a result, late ones too, has its line; those that are not paid, at nothing.
    """
    terms = terms if isinstance(terms, Terms) else Terms.unchanging(terms)
    return frame(books(log, terms, currency))


def books(log: Log, terms: Terms, currency: str) -> Books:
    """The columns of `ledger`."""
    all_accounts, segments = accounts(terms, names(log.tasks["pool"])), names(log.items["segment"])
    return books_of(spent(log, terms), terms, currency, all_accounts, segments, log.provenance.ended_at)


def books_of(
    spent: Spent, terms: Terms, currency: str, all_accounts: Sequence[Account], segments: Sequence[str], ended_at: int
) -> Books:
    """The ledger of what was spent; see `ledger`. all_accounts: of the pools.  segments: names, in the order of the
    tables, without the one for what is not recorded."""
    due = [(at, amount) for at, amount in terms.one_offs if at <= ended_at]
    rows = _once(due, spent.stretches, currency) + _running(terms, spent.stretches, currency, ended_at)
    for account in all_accounts:
        rows += _of_account(spent, terms, account, currency, [*segments, ""], ended_at)
    rows.sort(key=attrgetter("month", "pool", "unit", "activity", "segment"))
    assert sum(abs(row.amount) for row in rows) < 2**63, "the cost is beyond what int64 micro-units hold"
    columns = zip(*rows, strict=True) if rows else [()] * len(COLUMNS)
    return dict(zip(COLUMNS, columns, strict=True))


def frame(books: Books) -> pd.DataFrame:
    """A ledger as `ledger` gives it, of its columns."""
    return pd.DataFrame(
        {
            name: np.array(values, _NUMBERS[name]) if name in _NUMBERS else pd.array(list(values), dtype="str")
            for name, values in books.items()
        }
    )


def _of_account(
    spent: Spent, terms: Terms, account: Account, home: str, segments: Sequence[str], ended_at: int
) -> list[Entry]:
    """Rows of all that an account is billed. One currency and one tax for all time."""
    contract = account.contracts[0]
    currency, origin = contract.currency or home, spent.stretches.origin
    used = [*hours(spent, terms, account, segments), *salaries(spent, terms, account, segments)]
    used += labels(spent, terms, account, segments)
    by_month: dict[str, int] = {}
    for one in used:
        by_month[one.month] = by_month.get(one.month, 0) + one.billed(currency)
    bills = [*used, *comings(spent, account), *notices(spent, account)]
    ended_at = ends_at(contract.termination, ended_at, origin)
    bills += [*fees(spent, terms, account, ended_at), *seats(spent, terms, account)]
    bills += [*audits(spent, terms, account), *quality(by_month, spent, terms, account)]
    bills += refunds(spent, terms, account, segments)
    bills += commitments(by_month, terms, account, origin, ended_at, currency)
    bills += taxes(bills, account, contract.tax, currency)
    rows: list[Entry] = []
    for one in bills:
        rate = 0 if currency == home else terms.rate(currency, span_bounds(one.month, origin)[1] - 1)
        rows += entries(one, currency, home, rate)
    return rows


def _once(due: list[tuple[int, int]], parts: Stretches, currency: str) -> list[Entry]:
    by_month: dict[str, list[int]] = {}
    for month, (_, amount) in zip(parts.month[parts.at([at for at, _ in due])].tolist(), due, strict=True):
        by_month.setdefault(parts.names[month], []).append(amount)
    return [
        row
        for month, amounts in by_month.items()
        for row in entries(
            bill(month, "once", [Item("", TOOLING, "", float(len(amounts)), sum(amounts))], 1), currency, currency, 0
        )
    ]


def _running(terms: Terms, parts: Stretches, currency: str, ended_at: int) -> list[Entry]:
    """A row for each calendar month that [its beginning, the end of the run) touches, of all running costs together; as
    with monthly fees, a run that ends at once has begun."""
    until = max(ended_at, 1)
    rows: list[Entry] = []
    for month, name in enumerate(parts.names) if terms.running else ():
        begin, end = parts.bounds(month)
        due = [monthly for at, monthly in terms.running if at < min(end, until) and begin < until]
        if due:
            item = Item("", TOOLING, "", float(len(due)), sum(due))
            rows += entries(bill(name, "running", [item], 1), currency, currency, 0)
    return rows
