"""Idle time by pool and week, as a table for spreadsheets."""

from __future__ import annotations

import csv
import io

import pandas as pd

from ..sim.idle import idle_by_week
from ..sim.ledger import decimal_amount
from ..sim.log import Log
from ..sim.store import shielded

COLUMNS = ("pool", "week", "idle_h", "amount", "currency")


def idle_csv(log: Log, ledger: pd.DataFrame, currency: str) -> str:
    """What `idle_by_week` says of a run, as CSV: week is the date of its Monday, amount exact in units of `currency`.

    Names that a spreadsheet would run as a formula get an apostrophe in front.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    found = idle_by_week(log, ledger)
    columns = (found[name].tolist() for name in ("pool", "week", "idle_h", "amount"))
    for pool, week, hours, amount in zip(*columns, strict=True):
        writer.writerow((shielded(pool), week, repr(hours), decimal_amount(amount), currency))
    return out.getvalue()
