"""What it costs that people come and leave, and that a contract ends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta

from ..line import Contract, Termination
from ..tables import Ints
from .accounts import Account
from .activities import HIRING, LEAVING, NOTICE
from .bills import Bill, Item, bill
from .spent import Spent
from .usage import HOUR_MS, days_of


def comings(spent: Spent, account: Account) -> list[Bill]:
    """A bill a month for those who were hired, and one for those who left, at the price of their day."""
    moves = spent.moves
    hired = _by_month(spent, account, moves.hired, lambda contract: contract.hiring)
    left = _by_month(spent, account, moves.left, lambda contract: contract.leaving)
    found = []
    for activity, months in ((HIRING, hired), (LEAVING, left)):
        for month, of_pools in sorted(months.items()):
            items = [Item(pool, activity, "", many, owed) for pool, (many, owed) in of_pools.items()]
            found.append(bill(spent.stretches.names[month], "people", items, 1))
    return found


def notices(spent: Spent, account: Account) -> list[Bill]:
    """Bills a month for those who left and are paid on: by the salary of each day, and by its hourly pay."""
    names, moves = spent.stretches.names, spent.moves
    found = []
    for month, of_pools in sorted(_by_month(spent, account, moves.notice, lambda one: one.salary or 0).items()):
        days = days_of(names[month])
        items = [Item(pool, NOTICE, "", many / days, owed) for pool, (many, owed) in of_pools.items()]
        found.append(bill(names[month], "months", items, days))
    for month, of_pools in sorted(_by_month(spent, account, moves.notice_ms, lambda one: one.hourly or 0).items()):
        items = [Item(pool, NOTICE, "", many / HOUR_MS, owed) for pool, (many, owed) in of_pools.items()]
        found.append(bill(names[month], "h", items, HOUR_MS))
    return found


def _by_month(
    spent: Spent, account: Account, table: Ints, price: Callable[[Contract], int]
) -> dict[int, dict[str, tuple[int, int]]]:
    """By month and pool: how many of a table of [pool, stretch] there are, and what they come to; those that nothing is
    paid for are left out."""
    found: dict[int, dict[str, tuple[int, int]]] = defaultdict(dict)
    prices = [price(contract) for contract in account.contracts]
    for code, pool in zip(account.codes, account.pools, strict=True) if any(prices) else ():
        for (_, month, period), many in zip(spent.stretches.listed, table[code].tolist(), strict=True):
            each = prices[period]
            if many and each:
                before, owed = found[month].get(pool, (0, 0))
                found[month][pool] = before + many, owed + many * each
    return found


def ends_at(termination: Termination | None, ended_at: int, origin: datetime) -> int:
    """Until when fees and minimums stand, milliseconds from the origin: the end of the run; where notice is given, the
    end of its last day, which is so many days after that on which it was given, or on which the run ended."""
    if termination is None:
        return ended_at
    last = _day(origin, max(ended_at - 1, 0))
    if termination.given_s is not None:
        last = min(last, _day(origin, round(1000 * termination.given_s)))
    end = last + timedelta(days=termination.notice_days + 1)
    return round((end.replace(tzinfo=origin.tzinfo).timestamp() - origin.timestamp()) * 1000)


def _day(origin: datetime, at: int) -> datetime:
    """The local midnight, without its zone, with which the day of a moment begins."""
    moment = datetime.fromtimestamp(origin.timestamp() + at / 1000, origin.tzinfo)
    return datetime(moment.year, moment.month, moment.day)
