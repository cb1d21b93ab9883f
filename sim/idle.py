"""Paid and idle: on-shift time without a task, and what it cost, by pool and week."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from .ledger import IDLE, spread
from .log import Log
from .spans import Spans
from .staff import at_tasks, people, shifts
from .tables import names

HOUR_MS = 3_600_000


def idle_by_week(log: Log, ledger: pd.DataFrame) -> pd.DataFrame:
    """Idle hours of each pool in each local week of the run, and their cost.

    Columns: pool, week (the date of its Monday), idle_h, amount (int64 micro-units).  Order: pool as in the log, week.
    Hours sum to the KPI idle_h of the pool. The ledger's amounts for idle time are those of months; each is spread over
    the month's weeks by their idle time, so that all of them sum to the ledger's.
    """
    who = people(log)
    on_shift, held = shifts(log, who), at_tasks(log, who)
    pools = names(log.presence["pool"])
    pieces = list(_pieces(log))
    idle = [_idle(on_shift, held, who.pool, len(pools), begin, end) for begin, end, _, _ in pieces]
    rows = []
    for code, pool in enumerate(pools):
        paid = _paid(ledger, pool)
        hours: dict[str, int] = {}
        owed: dict[str, int] = {}
        for month in dict.fromkeys(month for _, _, month, _ in pieces):
            here = [number for number, piece in enumerate(pieces) if piece[2] == month]
            spent = [int(idle[number][code]) for number in here]
            amounts = spread(paid.get(month, 0) if any(spent) else 0, spent)
            for number, time, amount in zip(here, spent, amounts, strict=True):
                week = pieces[number][3]
                hours[week] = hours.get(week, 0) + time
                owed[week] = owed.get(week, 0) + amount
        rows += [(pool, week, time / HOUR_MS, owed[week]) for week, time in hours.items()]
    table = pd.DataFrame(rows, columns=["pool", "week", "idle_h", "amount"])
    return table.astype({"pool": "str", "week": "str", "idle_h": "float64", "amount": "int64"})


def _paid(ledger: pd.DataFrame, pool: str) -> dict[str, int]:
    """What the ledger holds for a pool's idle time, by month."""
    if not len(ledger):
        return {}
    mine = ledger[(ledger["activity"] == IDLE) & (ledger["pool"] == pool)]
    return {str(month): int(amount) for month, amount in mine.groupby("month")["amount"].sum().items()}


def _idle(on_shift: Spans, held: Spans, pool: np.ndarray, pools: int, begin: int, end: int) -> np.ndarray:
    """Milliseconds of [begin, end) that each pool's people were on shift without a task; int64[pools]."""
    workers = np.arange(len(pool))
    there = on_shift.covered(workers, np.full(len(pool), begin), np.full(len(pool), end))
    who, start, stop = held.apart()
    here = (start < end) & (stop > begin)
    who = who[here]
    np.subtract.at(there, who, on_shift.covered(who, np.maximum(start[here], begin), np.minimum(stop[here], end)))
    idle = np.zeros(pools, np.int64)
    np.add.at(idle, pool, there)
    return idle


def _pieces(log: Log) -> Iterator[tuple[int, int, str, str]]:
    """The run cut at every local midnight on which a week or a month begins: begin, end, month, Monday of the week."""
    zone, origin = ZoneInfo(log.provenance.timezone), log.provenance.moment
    ended = log.provenance.ended_at
    day: date = origin.date()
    begin = 0
    while begin < ended:
        after = min(day + timedelta(days=7 - day.weekday()), (day.replace(day=1) + timedelta(days=31)).replace(day=1))
        at = datetime(after.year, after.month, after.day, tzinfo=zone).timestamp() - origin.timestamp()
        end = min(round(at * 1000), ended)
        monday = day - timedelta(days=day.weekday())
        yield begin, end, f"{day.year:04d}-{day.month:02d}", monday.isoformat()
        begin, day = end, after
