"""What contracts commit to, against what was used and what is forecast: period by period."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...sim.ledger import Terms, minor_unit
from ...sim.ledger.accounts import Account, accounts
from ...sim.ledger.activities import BILLED, CREDIT, SHORTFALL
from ...sim.ledger.amounts import rounded
from ...sim.ledger.commitments import commitments
from ...sim.ledger.partings import ends_at
from ...sim.ledger.stretches import span_bounds, span_of
from ...sim.ledger.terms import NANO
from ...sim.line import Line
from .actuals import Actuals
from .amounts import by_month, means

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Commitment:
    """Micro-units of the line's currency. account: its name, or its pool's.  period: "2027-01", "2027-Q1" or "2027".

    committed: the minimum.  actual: use that was spent so far.  forecast: mean use still to come.  shortfall: mean of
    what is billed for too little use, in months still to come; chance: of any.  owed: the share of replications in
    which the line runs long enough to owe the minimum.
    """

    account: str
    period: str
    committed: int
    actual: int
    forecast: int
    shortfall: int
    chance: float
    owed: float


def commitments_of(
    line: Line, ledger: pd.DataFrame, replications: int, months: Sequence[str], actuals: Actuals | None
) -> tuple[Commitment, ...]:
    """Each period of a minimum that begins within these months; of one that ends later, all of it. Periods that no
    replication lasts to, and in which nothing is spent, are left out. ledger: of all replications."""
    terms = Terms.of(line)
    _, end, _ = span_bounds(months[-1], line.origin)
    ended = min(end - 1, round(line.horizon_s * 1000) - 1)
    found: list[Commitment] = []
    for one in accounts(terms, [pool.name for pool in line.pools]):
        until = min(end - 1, ends_at(one.contracts[0].termination, ended, line.origin))
        for period, within, committed in _periods(line, terms, one, until):
            each = _one(line, one, period, within, committed, ledger, replications, actuals)
            found += [each] if each.owed or each.actual else []
    return tuple(found)


def _periods(line: Line, terms: Terms, account: Account, ended: int) -> Iterator[tuple[str, list[str], int]]:
    """Name, months and amount of each period: what would be billed if nothing were used, in the line's currency."""
    contract = account.contracts[0]
    currency = contract.currency or line.currency
    for bill in commitments({}, terms, account, line.origin, ended, currency):
        _, finish, _ = span_bounds(bill.month, line.origin)
        at = max(n for n, one in enumerate(terms.periods) if one.from_ms < finish or n == 0)
        per = next(one.per for n in range(at, -1, -1) if (one := account.contracts[n].minimum) is not None)
        span = span_of(bill.month, per)
        year = [f"{bill.month[:4]}-{number:02d}" for number in range(1, 13)]
        within = [month for month in year if span_of(month, per) == span and month <= bill.month]
        owed = bill.billed(currency)
        if currency != line.currency:
            owed = rounded(owed * terms.rate(currency, finish - 1), NANO, minor_unit(line.currency))
        yield span, within, owed


def _one(
    line: Line,
    account: Account,
    period: str,
    within: list[str],
    committed: int,
    ledger: pd.DataFrame,
    replications: int,
    actuals: Actuals | None,
) -> Commitment:
    mine = ledger[ledger["pool"].isin(account.pools) & ledger["month"].isin(within)]
    used, short = mine[_is_use(mine)], mine[mine["activity"] == SHORTFALL]
    whole = np.zeros(replications, np.bool_)
    whole[pd.concat([used["replication"], short["replication"]]).to_numpy(np.int64)] = True
    spent = 0
    if actuals is not None:
        rows = actuals.rows
        rows = rows[rows["pool"].isin(account.pools) & rows["month"].isin(within)]
        spent = int(rows.loc[_is_use(rows), "amount"].sum())
        used, short = (part[part["month"] > actuals.last] for part in (used, short))
    minor = minor_unit(line.currency)
    use = by_month(used, replications, within).sum(axis=1)
    lack = by_month(short, replications, within).sum(axis=1)
    forecast, shortfall = (means([int(table.sum())], replications, minor)[0] for table in (use, lack))
    name = account.contracts[0].account or account.pools[0]
    return Commitment(
        name, period, committed, spent, forecast, shortfall, float((lack > 0).mean()), float(whole.mean())
    )


def _is_use(rows: pd.DataFrame) -> Bools:
    """Hours, salaries and labels, with what all of a count cost less since the price of its last is theirs, which count
    towards a minimum; not what is billed beside them."""
    beside = [name for name in BILLED if name != CREDIT]
    counts = rows["unit"].isin(("h", "months", "labels", "items", "objects", ""))
    found: Bools = (counts & ~rows["activity"].isin(beside)).to_numpy(np.bool_)
    return found
