"""The ledger of a log: every invoice, line by line.

An invoice is a pool's month under one part of its contract (hours, or labels), or a month's costs that fall due once.
It is worked out exactly in whole numbers, rounded once, half up, to the currency's minor unit, and spread over its
lines by largest remainder, so that the lines' whole micro-units sum to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ..line import Contract
from ..log import Log
from ..tables import names
from .activities import TOOLING
from .amounts import minor_unit, rounded
from .invoices import Entry, hours, labels
from .spent import Spent, spent
from .stretches import Stretches
from .terms import Terms

COLUMNS = ("month", "activity", "segment", "pool", "quantity", "unit", "amount")
_NUMBERS: dict[str, type[np.number[Any]]] = {"quantity": np.float64, "amount": np.int64}


def ledger(log: Log, terms: Terms | Mapping[str, Contract], currency: str = "EUR") -> pd.DataFrame:
    """What the work of a log costs, by month, activity and segment.

    terms: or only contracts by pool, that hold at all times.
    Columns: month ("2027-01", in the log's time zone), activity (one of ACTIVITIES), segment ("" for what belongs to
    none), pool ("" for costs that fall due once), quantity, unit ("h", "labels", "once"), amount (int64 micro-units).
    Order: month, pool, unit, activity, segment.  Pools without a contract cost nothing and have no rows.
    Hours: time on shift, in training and absent with pay is paid, up to the end of the log, at the rate of the moment.
    On-shift time belongs to the activity worked on, else to idle. Work outside it is not paid by the hour, and where
    recorded tasks of one worker overlap, the one started first has the time.
    Labels: see Contract; priced as at their finish. Every task finished with a result, late ones too, has its line;
    those that are not paid, at nothing.
    Once: what falls due up to the end of the log.
    """
    terms = terms if isinstance(terms, Terms) else Terms.unchanging(terms)
    pools, segments = names(log.tasks["pool"]), names(log.items["segment"])
    return ledger_of(spent(log, terms), terms, currency, pools, segments, log.provenance.ended_at)


def ledger_of(
    spent: Spent, terms: Terms, currency: str, pools: Sequence[str], segments: Sequence[str], ended_at: int
) -> pd.DataFrame:
    """The ledger of what was spent; see `ledger`. pools, segments: names, in the order of the tables, without the one
    for what is not recorded."""
    minor = minor_unit(currency)
    due = [(at, amount) for at, amount in terms.one_offs if at <= ended_at]
    entries = _once(due, spent.stretches, minor)
    for code, pool in enumerate(pools):
        entries += hours(spent, terms, code, pool, [*segments, ""], minor)
        entries += labels(spent, terms, code, pool, [*segments, ""], minor)
    entries.sort(key=lambda entry: (entry[0], entry[3], entry[5], entry[1], entry[2]))
    assert sum(entry[-1] for entry in entries) < 2**63, "the cost is beyond what int64 micro-units hold"
    columns = list(zip(*entries, strict=True)) if entries else [()] * len(COLUMNS)
    return pd.DataFrame(
        {
            name: np.array(values, _NUMBERS[name]) if name in _NUMBERS else pd.array(list(values), dtype="str")
            for name, values in zip(COLUMNS, columns, strict=True)
        }
    )


def _once(due: list[tuple[int, int]], parts: Stretches, minor: int) -> list[Entry]:
    by_month: dict[str, list[int]] = {}
    for month, (_, amount) in zip(parts.month[parts.at([at for at, _ in due])].tolist(), due, strict=True):
        by_month.setdefault(parts.names[month], []).append(amount)
    return [
        (month, TOOLING, "", "", float(len(amounts)), "once", rounded(sum(amounts), 1, minor))
        for month, amounts in by_month.items()
    ]
