"""The calendar months of a log, in its own time zone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from ..log import Log
from ..tables import NULL, Ints, ints


@dataclass(frozen=True, eq=False)
class Months:
    """names, and one edge more: milliseconds from the origin of each month's first local midnight."""

    names: list[str]
    edges: Ints

    def name_at(self, at: int) -> str:
        """The month of a moment."""
        return self.names[int(np.searchsorted(self.edges, at, side="right")) - 1]


def months(log: Log, moments: Sequence[int] = ()) -> Months:
    """The months that the log, and these moments, touch."""
    zone = ZoneInfo(log.provenance.timezone)
    origin = log.provenance.moment.timestamp()
    columns = (log.tasks["started_at"], log.tasks["finished_at"], log.presence["from"])
    times = np.concatenate([*map(ints, columns), np.array(moments, np.int64)])
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
    return Months(found[:-1], np.array(edges, np.int64))
