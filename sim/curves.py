"""A run over time: what was delivered and what was waiting at each whole hour."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .log import Log
from .tables import NULL, Ints, codes, ints, names
from .waits import left_queue

HOUR_MS = 3_600_000


@dataclass(frozen=True, eq=False)
class Curves:
    """State at hours 0, 1, .. after the origin, events of that very millisecond included; int64 arrays of one length.

    delivered: items delivered so far.  waiting: by stage, tasks that are ready, have not started, and were not taken
    from their queue.
    """

    hours: NDArray[np.int64]
    delivered: NDArray[np.int64]
    waiting: dict[str, NDArray[np.int64]]


def curves(log: Log, hours: int) -> Curves:
    """State at each whole hour from 0 to `hours`; after the end of the run it stays as it was."""
    hour = np.arange(hours + 1, dtype=np.int64)
    at = hour * HOUR_MS
    delivered = _so_far(ints(log.items["delivered_at"]), at)
    stage, ready = codes(log.tasks["stage"]), ints(log.tasks["ready_at"])
    left = np.where(ready == NULL, NULL, left_queue(log, NULL))  # what is not known to be ready never waits
    waiting = {
        name: _so_far(ready[stage == code], at) - _so_far(left[stage == code], at)
        for code, name in enumerate(names(log.tasks["stage"]))
    }
    return Curves(hour, delivered, waiting)


def _so_far(times: Ints, at: Ints) -> Ints:
    """How many of the times, nulls apart, lie at or before each moment."""
    return np.searchsorted(np.sort(times[times != NULL]), at, side="right").astype(np.int64)
