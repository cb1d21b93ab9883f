"""What KPIs need that no single item can tell: it is given beside the tally."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ..line import Window
from ..log import Log
from ..tables import NULL, codes, ints, names
from ..waits import left_queue
from .facts import Facts, Found
from .peaks import most_at_once
from .people import of_people


@dataclass(frozen=True)
class Outside:
    """ended: the end of the run.  presence: whether any is recorded.  queue_max: by stage, the greatest number of tasks
    that were ready and not started, from the origin to the end of the run.  ready_at: for each window, when so many
    items had been delivered, NULL for never; 0 where it wants none.  people: KPIs of the pools' people."""

    ended: int
    presence: bool
    queue_max: Sequence[int]
    ready_at: Sequence[int] = ()
    people: Mapping[str, float] = field(default_factory=dict)


def outside_of(log: Log, windows: Sequence[Window] = (), people: Found | None = None) -> Outside:
    """It, of a log. people: where it is known already."""
    return Outside(
        log.provenance.ended_at,
        len(log.presence) > 0,
        _queue_max(log),
        [_ready_at(log, window) for window in windows],
        of_people(Facts(log)) if people is None else people,
    )


def _queue_max(log: Log) -> list[int]:
    ended, stage = log.provenance.ended_at, codes(log.tasks["stage"])
    ready, left = ints(log.tasks["ready_at"]), left_queue(log, ended)
    waited = (ready != NULL) & (left > ready)
    begin, end = np.clip(ready, 0, ended), np.clip(left, 0, ended)
    found = []
    for code in range(len(names(log.tasks["stage"]))):
        here = np.flatnonzero(waited & (stage == code))
        found.append(most_at_once(begin[here], end[here]))
    return found


def _ready_at(log: Log, window: Window) -> int:
    at = ints(log.items["delivered_at"])
    which = at != NULL
    if window.segment is not None:
        segments = names(log.items["segment"])
        code = segments.index(window.segment) if window.segment in segments else NULL
        which = which & (codes(log.items["segment"]) == code)
    at = at[which]
    if window.items <= 0:
        return 0
    return int(np.partition(at, window.items - 1)[window.items - 1]) if window.items <= len(at) else NULL
