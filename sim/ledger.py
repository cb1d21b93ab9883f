"""log x contracts -> money: a time-driven activity-based ledger whose sums are exact however they are grouped.

An invoice is a pool's month under one part of its contract (hours, or labels). It is worked out exactly in whole
numbers, rounded once, half up, to the currency's minor unit, and spread over its lines by largest remainder, so that
the lines' whole micro-units sum to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .line import MICRO, Contract, Tier
from .log import Log
from .spans import Spans
from .staff import People, people, shifts
from .tables import NULL, Ints, codes, ints, names

HOUR_MS = 3_600_000
IDLE = "idle"
ACTIVITIES = ("adjudicate", "annotate", IDLE, "review", "rework")
COLUMNS = ("month", "activity", "segment", "pool", "quantity", "unit", "amount")

_NO_MINOR = {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF"}
_NO_MINOR |= {"XOF", "XPF"}
_THOUSANDTHS = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"}

Entry = tuple[str, str, str, str, float, str, int]


def minor_unit(currency: str) -> int:
    """Micro-units in the smallest unit in which a currency is paid (ISO 4217): 10,000 for cents."""
    if currency in _NO_MINOR:
        return MICRO
    return MICRO // 1000 if currency in _THOUSANDTHS else MICRO // 100


def decimal_amount(micro: int) -> Decimal:
    """An amount in units of its currency, exactly."""
    return Decimal(int(micro)) / MICRO


def ledger(log: Log, contracts: Mapping[str, Contract], currency: str = "EUR") -> pd.DataFrame:
    """What each pool costs, by month, activity and segment.

    Columns: month ("2027-01", in the log's time zone), activity (one of ACTIVITIES), segment ("" for idle), pool,
    quantity (hours, or labels), unit ("h", "labels"), amount (int64 micro-units).  Order: month, pool, unit, activity,
    segment.  Pools without a contract cost nothing and have no rows.
    Hours: on-shift time up to the end of the log is paid; it belongs to the activity worked on, else to idle. Work
    outside it is not paid by the hour, and where recorded tasks of one worker overlap, the one started first has the
    time.  Labels: see Contract; every finished task has its line, those that are not paid at nothing.
    """
    minor = minor_unit(currency)
    work = _work(log)
    who = people(log)
    on_shift = shifts(log, who)
    months = _months(log)
    entries: list[Entry] = []
    for code, pool in enumerate(names(log.tasks["pool"])):
        contract = contracts.get(pool, Contract())
        if contract.hourly is not None:
            entries += _hours(work, who, on_shift, months, code, pool, contract.hourly, minor)
        if contract.per_label:
            entries += _labels(work, months, code, pool, contract, minor)
    entries.sort(key=lambda entry: (entry[0], entry[3], entry[5], entry[1], entry[2]))
    assert sum(entry[-1] for entry in entries) < 2**63, "the cost is beyond what int64 micro-units hold"
    table = pd.DataFrame(entries, columns=list(COLUMNS))
    words = dict.fromkeys(("month", "activity", "segment", "pool", "unit"), "str")
    return table.astype(words | {"quantity": "float64", "amount": "int64"})


def spread(total: int, weights: Sequence[int]) -> list[int]:
    """`total` in whole parts proportional to the weights, by largest remainder; ties go to the earlier part."""
    whole = sum(weights)
    if whole == 0:
        assert total == 0, "an amount needs a line to stand on"
        return [0] * len(weights)
    parts = [total * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts


def tier_of(tiers: Sequence[Tier], number: Ints) -> Ints:
    """Place of the tier that prices the n-th label, n from 1; labels beyond a last bounded tier stay in it."""
    bounds = np.array([tier.up_to for tier in tiers if tier.up_to is not None], np.int64)
    return np.minimum(np.searchsorted(bounds, number), len(tiers) - 1)


@dataclass(frozen=True, eq=False)
class _Months:
    """names, and one edge more: milliseconds from the origin of each month's first local midnight."""

    names: list[str]
    edges: Ints
    ended: int


@dataclass(frozen=True, eq=False)
class _Work:
    """The tasks, as columns.  line: number of each task's (activity, segment) among `lines`, all pairs in order."""

    pool: NDArray[np.integer]
    started: Ints
    finished: Ints
    line: Ints
    lines: list[tuple[str, str]]

    @property
    def rework(self) -> NDArray[np.bool_]:
        return np.array([activity == "rework" for activity, _ in self.lines])[self.line]


def _work(log: Log) -> _Work:
    """A task's activity is the kind of its stage; to annotate in a later round is rework."""
    kinds = np.array([ACTIVITIES.index(log.provenance.roles[stage]) for stage in names(log.tasks["stage"])], np.int64)
    activity = kinds[codes(log.tasks["stage"])]
    again = (activity == ACTIVITIES.index("annotate")) & (ints(log.tasks["round"]) > 0)
    activity = np.where(again, ACTIVITIES.index("rework"), activity)
    of_item = names(log.items["segment"])
    segments = ["", *sorted(of_item)]
    place = np.array([*map(segments.index, of_item), 0], np.int64)  # the last for code -1: not recorded
    row = np.searchsorted(ints(log.items["item"]), ints(log.tasks["item"]))
    segment = place[codes(log.items["segment"])[row]]
    return _Work(
        pool=codes(log.tasks["pool"]),
        started=ints(log.tasks["started_at"]),
        finished=ints(log.tasks["finished_at"]),
        line=activity * len(segments) + segment,
        lines=[(activity, segment) for activity in ACTIVITIES for segment in segments],
    )


def _hours(
    work: _Work, who: People, on_shift: Spans, months: _Months, code: int, pool: str, hourly: int, minor: int
) -> list[Entry]:
    staff = np.flatnonzero(who.pool == code)
    mine = (work.started != NULL) & (who.of_task >= 0) & (work.pool == code)
    until = np.where(work.finished == NULL, months.ended, work.finished)
    order, start, end = _apart(who.of_task[mine], work.started[mine], until[mine])
    worker, line = who.of_task[mine][order], work.line[mine][order]
    entries: list[Entry] = []
    for month, first, last in zip(months.names, months.edges[:-1], months.edges[1:], strict=True):
        last = max(first, min(last, months.ended))
        paid = int(on_shift.covered(staff, np.full(staff.size, first), np.full(staff.size, last)).sum())
        here = (start < last) & (end > first)
        busy = np.zeros(len(work.lines), np.int64)
        held = on_shift.covered(worker[here], np.maximum(start[here], first), np.minimum(end[here], last))
        np.add.at(busy, line[here], held)
        spent = busy.tolist()
        assert sum(spent) <= paid
        spent[work.lines.index((IDLE, ""))] = paid - sum(spent)
        amounts = spread(_rounded(paid * hourly, HOUR_MS, minor), spent)
        entries += [
            (month, *about, pool, time / HOUR_MS, "h", amount)
            for about, time, amount in zip(work.lines, spent, amounts, strict=True)
            if time
        ]
    return entries


def _labels(work: _Work, months: _Months, code: int, pool: str, contract: Contract, minor: int) -> list[Entry]:
    mine = (work.finished != NULL) & (work.pool == code)
    at, line = work.finished[mine], work.line[mine]
    paid = ~work.rework[mine] | contract.rework_paid
    order = np.argsort(at, kind="stable")  # ties: the canonical order of tasks
    number = np.zeros(at.size, np.int64)
    number[order] = np.cumsum(paid[order])
    tier = np.where(paid, tier_of(contract.per_label, number), len(contract.per_label))
    prices = [*(tier.price for tier in contract.per_label), 0]
    month = np.searchsorted(months.edges, at, side="right") - 1
    entries: list[Entry] = []
    for place in np.unique(month):
        here = month == place
        counts = np.zeros((len(work.lines), len(prices)), np.int64)
        np.add.at(counts, (line[here], tier[here]), 1)
        # Python's integers, because a price times a count may be beyond int64.
        owed = [sum(n * price for n, price in zip(row, prices, strict=True)) for row in counts.tolist()]
        amounts = spread(_rounded(sum(owed), 1, minor), owed)
        entries += [
            (months.names[place], *about, pool, float(count), "labels", amount)
            for about, count, amount in zip(work.lines, counts.sum(axis=1).tolist(), amounts, strict=True)
            if count
        ]
    return entries


def _apart(worker: Ints, start: Ints, end: Ints) -> tuple[NDArray[np.intp], Ints, Ints]:
    """The order of stretches by worker and start, and in it their starts and ends, each cut to begin no earlier than
    the worker's stretches before it end; what lies wholly inside them becomes empty."""
    order = np.lexsort((start, worker))
    if not order.size:
        return order, start, end
    low = int(start.min())
    base = (
        worker[order] * (max(int(end.max()), int(start.max())) - low + 1) - low
    )  # workers one after another, no touch
    begin, until = start[order] + base, end[order] + base
    before = np.concatenate([begin[:1], np.maximum.accumulate(until)[:-1]])
    begin = np.maximum(begin, before)
    return order, begin - base, np.maximum(begin, until) - base


def _months(log: Log) -> _Months:
    """The calendar months that the log touches."""
    zone = ZoneInfo(log.provenance.timezone)
    origin = log.provenance.moment.timestamp()
    times = np.concatenate([ints(log.tasks["started_at"]), ints(log.tasks["finished_at"]), ints(log.presence["from"])])
    known = times[times != NULL]
    first, last = 0, log.provenance.ended_at
    if known.size:
        first, last = min(first, int(known.min())), max(last, int(known.max()))
    begin = datetime.fromtimestamp(origin + first / 1000, zone)
    year, month = begin.year, begin.month
    found: list[str] = []
    edges: list[int] = []
    while not edges or edges[-1] <= last:
        edges.append(round((datetime(year, month, 1, tzinfo=zone).timestamp() - origin) * 1000))
        found.append(f"{year:04d}-{month:02d}")
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return _Months(found[:-1], np.array(edges, np.int64), log.provenance.ended_at)


def _rounded(numerator: int, denominator: int, minor: int) -> int:
    """numerator / denominator micro-units, rounded half up to whole minor units."""
    return (2 * numerator + denominator * minor) // (2 * denominator * minor) * minor
