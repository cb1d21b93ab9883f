"""Time as the ledger cuts it: at the ends of calendar months, in the log's own zone, and where new terms begin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

import numpy as np

from ..tables import Ints
from .terms import Terms


@dataclass(frozen=True, eq=False)
class Stretches:
    """edges: int64[n + 1] milliseconds from the origin, rising; stretch i is [edges[i], edges[i + 1]).
    month: int64[n], place of its month among `names`.  period: int64[n], place of its terms among terms.periods."""

    edges: Ints
    month: Ints
    period: Ints
    names: list[str]

    def at(self, moments: Sequence[int] | Ints) -> Ints:
        """The stretch of each moment."""
        found = np.searchsorted(self.edges, np.asarray(moments, np.int64), side="right") - 1
        assert bool(((found >= 0) & (found < len(self.month))).all()), "a moment lies outside all stretches"
        return found.astype(np.int64)


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
    return Stretches(edges, month.astype(np.int64), period.astype(np.int64), names)


def _months(origin: datetime, zone: tzinfo, first_ms: int, last_ms: int) -> tuple[list[str], Ints]:
    """The months from that of the first to that of the last moment, and the first local midnight of each and of the
    one that comes next."""
    zero = origin.timestamp()
    begin = datetime.fromtimestamp(zero + first_ms / 1000, zone)
    year, month = begin.year, begin.month
    names: list[str] = []
    bounds: list[int] = []
    while not bounds or bounds[-1] <= last_ms:
        bounds.append(round((datetime(year, month, 1, tzinfo=zone).timestamp() - zero) * 1000))
        names.append(f"{year:04d}-{month:02d}")
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return names[:-1], np.array(bounds, np.int64)
