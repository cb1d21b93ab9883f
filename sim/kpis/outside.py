"""What KPIs need that no single item can tell: it is given beside the tally."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..line import Chart, Window
from ..log import Log
from ..staff import staff_of_log
from ..strain import Caps, strains_of
from ..tables import NULL, Ints, codes, ints, names
from ..tally import rows_of, shape_of
from ..trained import training_of
from ..waits import left_queue
from .charts import Charted
from .facts import Found
from .peaks import most_at_once
from .people import of_people


@dataclass(frozen=True)
class Outside:
    """What takes work is worked out when it is asked for: nobody needs all.

    ended: the end of the run.  presence: whether any is recorded.  queue_max: by stage, the greatest number of tasks
    that were ready and not started, from the origin to the end of the run.  ready_at: for each window, when so many
    items had been delivered, NULL for never; 0 where it wants none.  people: KPIs of the pools' people.
    training: milliseconds in training and mentoring, by hour.  charts: KPIs of the control charts."""

    ended: int
    presence: bool
    queue_max: Callable[[], Sequence[int]]
    training: Callable[[], Ints]
    ready_at: Callable[[], Sequence[int]]
    people: Callable[[], Found]
    charts: Callable[[], Found]


def outside_of(
    log: Log, windows: Sequence[Window] = (), caps: Caps | None = None, charts: Sequence[Chart] = ()
) -> Outside:
    """It, of a log. caps: of utilisation, by pool."""
    return Outside(
        ended=log.provenance.ended_at,
        presence=len(log.presence) > 0,
        queue_max=lambda: _queue_max(log),
        training=lambda: training_of(log),
        ready_at=lambda: [_ready_at(log, window) for window in windows],
        people=lambda: _people(log, caps or {}),
        charts=lambda: _charts(log, charts),
    )


def _people(log: Log, caps: Caps) -> Found:
    return of_people(staff_of_log(log), names(log.tasks["pool"]), strains_of(log, caps))


def _charts(log: Log, charts: Sequence[Chart]) -> Found:
    charted = Charted(charts, shape_of(log, hours=0))
    if charts:
        charted.keep(*rows_of(log))
    return charted.found(log.provenance.ended_at)


def _queue_max(log: Log) -> list[int]:
    ended, tasks = log.provenance.ended_at, log.tasks
    stages = len(names(tasks["stage"]))
    return queue_max(stages, codes(tasks["stage"]), ints(tasks["ready_at"]), left_queue(log, ended), ended)


def queue_max(stages: int, stage: NDArray[np.integer], ready: Ints, left: Ints, ended: int) -> list[int]:
    """The greatest number of tasks that waited at once, by stage. stage, ready, left: of each task its stage, when it
    was ready, NULL for not yet, and when it left the queue, the end of the run for what waits on."""
    waited = (ready != NULL) & (left > ready)
    begin, end = np.clip(ready, 0, ended), np.clip(left, 0, ended)
    found = []
    for code in range(stages):
        here = np.flatnonzero(waited & (stage == code))
        found.append(most_at_once(begin[here], end[here]))
    return found


def _ready_at(log: Log, window: Window) -> int:
    at, segments = ints(log.items["delivered_at"]), names(log.items["segment"])
    return ready_at(window, segments, codes(log.items["segment"]), at)


def ready_at(window: Window, segments: Sequence[str], segment: NDArray[np.integer], delivered: Ints) -> int:
    """When a window's number of items had been delivered, NULL for never, 0 where it wants none. segment, delivered: of
    each item its segment and when it was delivered, NULL for not."""
    which = delivered != NULL
    if window.segment is not None:
        code = segments.index(window.segment) if window.segment in segments else NULL
        which = which & (segment == code)
    at = delivered[which]
    if window.items <= 0:
        return 0
    return int(np.partition(at, window.items - 1)[window.items - 1]) if window.items <= len(at) else NULL
