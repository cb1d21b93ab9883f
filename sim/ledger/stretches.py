"""Time as the ledger cuts it: at the ends of calendar months, in the log's own zone, and where new terms begin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import cached_property

import numpy as np

from ..line import Count
from ..tables import Ints
from .terms import Terms


@dataclass(frozen=True, eq=False)
class Stretches:
    """edges: int64[n + 1] milliseconds from the origin, rising; stretch i is [edges[i], edges[i + 1]).
    month: int64[n], place of its month among `names`.  period: int64[n], place of its terms among terms.periods.
    origin: aware; of the zone in which months are told."""

    edges: Ints
    month: Ints
    period: Ints
    names: list[str]
    origin: datetime

    def at(self, moments: Sequence[int] | Ints) -> Ints:
        """The stretch of each moment."""
        found = np.searchsorted(self.edges, np.asarray(moments, np.int64), side="right") - 1
        assert bool(((found >= 0) & (found < len(self.month))).all()), "a moment lies outside all stretches"
        return found.astype(np.int64)

    def bounds(self, month: int) -> tuple[int, int]:
        """First local midnight of a month and of the next."""
        mine = np.flatnonzero(self.month == month)
        return int(self.edges[mine[0]]), int(self.edges[mine[-1] + 1])

    @cached_property
    def listed(self) -> list[tuple[int, int, int]]:
        """Number, month and period of each stretch."""
        return list(zip(range(len(self.month)), self.month.tolist(), self.period.tolist(), strict=True))

    @cached_property
    def days(self) -> Ints:
        """Every local midnight from the first edge to the last: int64[d + 1]."""
        zone, zero = self.origin.tzinfo, self.origin.timestamp()
        first = datetime.fromtimestamp(zero + int(self.edges[0]) / 1000, zone).date()
        last = datetime.fromtimestamp(zero + int(self.edges[-1]) / 1000, zone).date()
        dates = (first + timedelta(days=n) for n in range((last - first).days + 1))
        found = [datetime(d.year, d.month, d.day, tzinfo=zone).timestamp() - zero for d in dates]
        return np.array([round(1000 * one) for one in found], np.int64)


def stretches(terms: Terms, origin: datetime, first_ms: int, last_ms: int) -> Stretches:
    """The stretches of all months that [first_ms, last_ms] touches, in the zone of the origin, which is aware; both
    milliseconds from it. More of them than a log needs change nothing in its ledger."""
    assert origin.tzinfo is not None
    names, bounds = _months(origin, origin.tzinfo, first_ms, last_ms)
    begins = np.array([each.from_ms for each in terms.periods[1:]], np.int64)
    within = begins[(begins > bounds[0]) & (begins < bounds[-1])]
    edges = np.unique(np.concatenate([bounds, within]))
    month = np.searchsorted(bounds, edges[:-1], side="right") - 1
    period = np.searchsorted(begins, edges[:-1], side="right")
    return Stretches(edges, month.astype(np.int64), period.astype(np.int64), names, origin)


def span_of(month: str, per: Count) -> str:
    """The calendar period of a month "2027-05": "2027-05", "2027-Q2", "2027", or "" where all are one."""
    if per == "quarter":
        return f"{month[:4]}-Q{(int(month[5:]) + 2) // 3}"
    return {"all": "", "month": month, "year": month[:4]}[per]


def span_bounds(span: str, origin: datetime) -> tuple[int, int, str]:
    """Of a month, quarter or year: first local midnight, that of the next one, in milliseconds from the origin, and its
    last month."""
    year = int(span[:4])
    if "Q" in span:
        quarter = int(span[-1])
        first, count = 3 * quarter - 2, 3
    else:
        first, count = (int(span[5:]), 1) if len(span) > 4 else (1, 12)
    last = first + count - 1
    begin = midnight(origin, year, first)
    end = midnight(origin, year + last // 12, last % 12 + 1)
    return begin, end, f"{year:04d}-{last:02d}"


def midnight(origin: datetime, year: int, month: int) -> int:
    """First local midnight of a month, in milliseconds from the origin."""
    moment = datetime(year, month, 1, tzinfo=origin.tzinfo)
    return round((moment.timestamp() - origin.timestamp()) * 1000)


def _months(origin: datetime, zone: tzinfo, first_ms: int, last_ms: int) -> tuple[list[str], Ints]:
    """The months from that of the first to that of the last moment, and the first local midnight of each and of the
    one that comes next."""
    begin = datetime.fromtimestamp(origin.timestamp() + first_ms / 1000, zone)
    year, month = begin.year, begin.month
    names: list[str] = []
    bounds: list[int] = []
    while not bounds or bounds[-1] <= last_ms:
        bounds.append(midnight(origin, year, month))
        names.append(f"{year:04d}-{month:02d}")
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return names[:-1], np.array(bounds, np.int64)
