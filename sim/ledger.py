"""log x contracts -> money: a time-driven activity-based ledger whose sums are exact however they are grouped.

An invoice is a pool's month under one part of its contract (hours, or labels). It is worked out exactly in whole
numbers, rounded once, half up, to the currency's minor unit, and spread over its lines by largest remainder, so that
the lines' whole micro-units sum to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .line import MICRO, Contract, Tier
from .log import Log
from .staff import people, shifts
from .tables import NULL, codes, ints, names

Ints = NDArray[np.int64]

HOUR_MS = 3_600_000
IDLE = "idle"
COLUMNS = ("month", "activity", "segment", "pool", "quantity", "unit", "amount")

_NO_MINOR = {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF"}
_NO_MINOR |= {"XOF", "XPF"}
_THOUSANDTHS = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"}

Entry = tuple[str, str, str, str, float, str, int]


def minor_unit(currency: str) -> int:
    """Micro-units in the smallest unit in which a currency is paid (ISO 4217): 10,000 for cents."""
    if currency in _NO_MINOR:
        return MICRO
    return 1000 if currency in _THOUSANDTHS else MICRO // 100


def decimal_amount(micro: int) -> Decimal:
    """An amount in units of its currency, exactly."""
    return Decimal(int(micro)) / MICRO


def ledger(log: Log, contracts: Mapping[str, Contract], currency: str = "EUR") -> pd.DataFrame:
    """What each pool costs, by month, activity and segment.

    Columns: month ("2027-01", in the log's time zone), activity (annotate, review, rework, adjudicate, idle), segment
    ("" for idle), pool, quantity (hours, or labels), unit ("h", "labels"), amount (int64 micro-units).  Order: month,
    pool, unit, activity, segment.  Pools without a contract cost nothing and have no rows.
    Hours: on-shift time is paid; it belongs to the activity worked on, else to idle.  Labels: see Contract.
    """
    minor = minor_unit(currency)
    month_names, edges = _months(log)
    activity = _activities(log)
    entries: list[Entry] = []
    for pool in names(log.tasks["pool"]):
        contract = contracts.get(pool, Contract())
        if contract.hourly is not None:
            entries += _hours(log, pool, contract.hourly, activity, month_names, edges, minor)
        if contract.per_label:
            entries += _labels(log, pool, contract, activity, month_names, edges, minor)
    entries.sort(key=lambda entry: (entry[0], entry[3], entry[5], entry[1], entry[2]))
    table = pd.DataFrame(entries, columns=list(COLUMNS))
    return table.astype({"quantity": "float64", "amount": "int64"})


def spread(total: int, weights: Sequence[int]) -> list[int]:
    """`total` in whole parts proportional to the weights, by largest remainder; ties go to the earlier part."""
    whole = sum(weights)
    if whole == 0:
        return [0] * len(weights)
    parts = [total * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts


def price_of(tiers: Sequence[Tier], number: Ints) -> Ints:
    """Price of the n-th label, n from 1, under marginal tiers; labels beyond a last bounded tier cost its price."""
    bounds = np.array([tier.up_to for tier in tiers if tier.up_to is not None], np.int64)
    prices = np.array([tier.price for tier in tiers], np.int64)
    return prices[np.minimum(np.searchsorted(bounds, number), prices.size - 1)]


def _activities(log: Log) -> NDArray[np.object_]:
    """Each task's activity, by its stage's role: annotate in a later round is rework."""
    roles = [log.provenance.roles[stage] for stage in names(log.tasks["stage"])]
    named = np.array([*roles, ""], object)[codes(log.tasks["stage"])]
    rework = (named == "annotate") & (log.tasks["round"].to_numpy() > 0)
    return np.where(rework, "rework", named)


def _hours(
    log: Log, pool: str, hourly: int, activity: NDArray[np.object_], months: list[str], edges: Ints, minor: int
) -> list[Entry]:
    code = names(log.tasks["pool"]).index(pool)
    who = people(log)
    on_shift = shifts(log, who)
    staff = np.flatnonzero(who.pool == code)
    started, finished = ints(log.tasks["started_at"]), ints(log.tasks["finished_at"])
    mine = (started != NULL) & (who.of_task >= 0) & (codes(log.tasks["pool"]) == code)
    worker, start = who.of_task[mine], started[mine]
    end = np.where(finished[mine] == NULL, max(log.provenance.ended_at, int(edges[0])), finished[mine])
    group, lines = _groups(log, activity, mine)
    entries: list[Entry] = []
    for month, first, last in zip(months, edges[:-1], edges[1:], strict=True):
        paid = int(on_shift.covered(staff, np.full(staff.size, first), np.full(staff.size, last)).sum())
        if paid == 0:
            continue
        low, high = np.clip(start, first, last), np.clip(end, first, last)
        busy = np.zeros(len(lines), np.int64)
        np.add.at(busy, group, on_shift.covered(worker, low, np.maximum(low, high)))
        weights = [*busy.tolist(), max(0, paid - int(busy.sum()))]
        invoice = _rounded(paid * hourly, HOUR_MS, minor)
        for (what, segment), weight, amount in zip(
            [*lines, (IDLE, "")], weights, spread(invoice, weights), strict=True
        ):
            if weight:
                entries.append((month, what, segment, pool, weight / HOUR_MS, "h", amount))
    return entries


def _labels(
    log: Log,
    pool: str,
    contract: Contract,
    activity: NDArray[np.object_],
    months: list[str],
    edges: Ints,
    minor: int,
) -> list[Entry]:
    finished = ints(log.tasks["finished_at"])
    mine = (finished != NULL) & (codes(log.tasks["pool"]) == names(log.tasks["pool"]).index(pool))
    group, lines = _groups(log, activity, mine)
    at = finished[mine]
    order = np.argsort(at, kind="stable")  # ties: the canonical order of tasks
    paid = contract.rework_paid | (activity[mine] != "rework")
    number = np.zeros(at.size, np.int64)
    number[order] = np.cumsum(paid[order])
    price = np.where(paid, price_of(contract.per_label, number), 0)
    month = np.searchsorted(edges, at, side="right") - 1
    entries: list[Entry] = []
    for place in np.unique(month):
        here = month == place
        weights, counts = np.zeros(len(lines), np.int64), np.zeros(len(lines), np.int64)
        np.add.at(weights, group[here], price[here])
        np.add.at(counts, group[here], 1)
        invoice = _rounded(int(weights.sum()), 1, minor)
        for (what, segment), count, amount in zip(lines, counts, spread(invoice, weights.tolist()), strict=True):
            if count:
                entries.append((months[place], what, segment, pool, float(count), "labels", amount))
    return entries


def _groups(log: Log, activity: NDArray[np.object_], mine: NDArray[np.bool_]) -> tuple[Ints, list[tuple[str, str]]]:
    """For each of the chosen tasks the number of its (activity, segment), and these in order."""
    item = log.tasks["item"].to_numpy()[mine]
    row = np.searchsorted(log.items["item"].to_numpy(), item)
    segment_names = names(log.items["segment"])
    segment = codes(log.items["segment"])[row]
    kinds = sorted(set(activity[mine].tolist()))
    number = np.array([kinds.index(kind) for kind in activity[mine]], np.int64) * (len(segment_names) + 1) + segment
    used, group = np.unique(number, return_inverse=True)
    lines = [(kinds[n // (len(segment_names) + 1)], segment_names[n % (len(segment_names) + 1)]) for n in used]
    return group.astype(np.int64), lines


def _months(log: Log) -> tuple[list[str], Ints]:
    """The calendar months that the log touches, and their edges in milliseconds from the origin."""
    zone = ZoneInfo(log.provenance.timezone)
    origin = log.provenance.moment
    times = np.concatenate([ints(log.tasks["started_at"]), ints(log.tasks["finished_at"]), ints(log.presence["from"])])
    known = times[times != NULL]
    first = min(0, int(known.min())) if known.size else 0
    last = max(log.provenance.ended_at, int(known.max()) if known.size else 0)
    begin = datetime.fromtimestamp(origin.timestamp() + first / 1000, zone)
    year, month = begin.year, begin.month
    found: list[str] = []
    edges: list[int] = []
    while not edges or edges[-1] <= last:
        midnight = datetime(year, month, 1, tzinfo=zone)
        edges.append(round((midnight.timestamp() - origin.timestamp()) * 1000))
        found.append(f"{year:04d}-{month:02d}")
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return found[:-1], np.array(edges, np.int64)


def _rounded(numerator: int, denominator: int, minor: int) -> int:
    """numerator / denominator micro-units, rounded half up to whole minor units."""
    return (2 * numerator + denominator * minor) // (2 * denominator * minor) * minor
