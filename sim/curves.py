"""A run over time: what was delivered, worked, trained and waiting at each whole hour."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .log import Log
from .tally import Shape, Tally, shape_of, tally_of
from .trained import training_of

HOUR_MS = 3_600_000


@dataclass(frozen=True, eq=False)
class Curves:
    """State at hours 0, 1, .. after the origin, events of that very millisecond included; int64 arrays of one length.

    delivered: items delivered so far.  waiting: by stage, tasks that are ready, have not started, and were not taken
    from their queue.  worked: people's active milliseconds on items that are over, delivered or dropped, so far.
    trained: milliseconds in training and mentoring so far.
    """

    hours: NDArray[np.int64]
    delivered: NDArray[np.int64]
    waiting: dict[str, NDArray[np.int64]]
    worked: NDArray[np.int64]
    trained: NDArray[np.int64]


def curves(log: Log, hours: int) -> Curves:
    """State at each whole hour from 0 to `hours`; after the end of the run it stays as it was."""
    shape = shape_of(log, hours)
    return curves_of(tally_of(log, shape), shape, hours, training_of(log))


def curves_of(tally: Tally, shape: Shape, hours: int, training: NDArray[np.int64]) -> Curves:
    """`curves`, from a tally. After its own last hour it stays as it was then. training: milliseconds by hour."""
    at = np.minimum(np.arange(hours + 1, dtype=np.int64), shape.hours)
    queue = np.cumsum(tally.sums.queue[:, : hours + 1], axis=1)
    waiting = {name: queue[code][at] for code, name in enumerate(shape.stages)}
    delivered, worked = (np.cumsum(one[: hours + 1])[at] for one in (tally.sums.delivered, tally.sums.worked))
    trained = np.append(0, np.cumsum(training))
    there = np.minimum(np.arange(hours + 1), trained.size - 1)
    return Curves(np.arange(hours + 1, dtype=np.int64), delivered, waiting, worked, trained[there])
