"""A local day of a log in frames: what waits and is in hand at each stage, who is at work, and what moves meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from ...sim.log import Log
from ...sim.staff import takes_tasks
from ...sim.tables import NULL, codes, ints, names
from ...sim.waits import left_queue
from .moves import moves_of

Ints = npt.NDArray[np.int64]

MINUTE_MS = 60_000

STEPS = (1, 2, 5, 10, 15, 30, 60)
"""Minutes of a frame, the first that is small enough."""

MOST = 60_000
"""Numbers of a day at most: a page with them opens at once."""

NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, eq=False)
class Day:
    """day: in the log's place.  at_ms: int64[frames], moments from the log's origin, `step` minutes apart.  waiting,
    in_hand: int64[stage, frames], tasks that are ready and not started, started and not finished.  there: int64[pool,
    frames], people who take tasks.  moves: by (from, to) int64[frames], items that moved in the step that ends with the
    frame; nodes as in lead/flows.py.  The first frame holds what moved in the day up to it.
    """

    day: date
    zone: str
    origin: datetime
    step: int
    at_ms: Ints
    stages: tuple[str, ...]
    pools: tuple[str, ...]
    waiting: Ints
    in_hand: Ints
    there: Ints
    moves: dict[tuple[int, int], Ints]

    @property
    def delivered(self) -> int:
        """The node of what is delivered; the one after it is of what is dropped."""
        return len(self.stages) + 1

    def clock(self, frame: int) -> int:
        """Minutes that a clock in the log's place shows after midnight, at a frame."""
        moment = self.origin.astimezone(UTC) + timedelta(milliseconds=int(self.at_ms[frame]))
        local = moment.astimezone(ZoneInfo(self.zone))
        ahead = (local.date() - self.day).days
        return 1_440 * ahead + 60 * local.hour + local.minute

    def came(self, node: int) -> Ints:
        """Items that came to a node since the day began: int64[frames]."""
        return self._since([many for (_, to), many in self.moves.items() if to == node])

    def left(self, node: int) -> Ints:
        """Items that left a node since the day began: int64[frames]."""
        return self._since([many for (start, _), many in self.moves.items() if start == node])

    def _since(self, moves: list[Ints]) -> Ints:
        return np.cumsum(np.sum([np.zeros(len(self.at_ms), np.int64), *moves], axis=0))


def busiest_day(log: Log) -> date:
    """The local day in which most tasks are started; the first of several."""
    started = ints(log.tasks["started_at"])
    return _most_common(log, started[(started != NULL) & (started >= 0)])


def _most_common(log: Log, moments: Ints) -> date:
    about = log.provenance
    first = about.moment.date()
    if not len(moments):
        return first
    edges = [bounds(log, first + timedelta(days=k))[0] for k in range((_last(log) - first).days + 2)]
    counts, _ = np.histogram(moments, np.array(edges, np.float64))
    return first + timedelta(days=int(np.argmax(counts)))


def _last(log: Log) -> date:
    end = log.provenance.moment.astimezone(UTC) + timedelta(milliseconds=log.provenance.ended_at)
    return end.astimezone(ZoneInfo(log.provenance.timezone)).date()


def bounds(log: Log, day: date) -> tuple[int, int]:
    """Milliseconds from the origin at which a local day begins and ends; 23 or 25 hours apart where clocks change."""
    zone, origin = ZoneInfo(log.provenance.timezone), log.provenance.moment.astimezone(UTC)
    ends = []
    for each in (day, day + timedelta(days=1)):
        midnight = datetime(each.year, each.month, each.day, tzinfo=zone).astimezone(UTC)
        ends.append(round((midnight - origin).total_seconds() * 1_000))
    return ends[0], ends[1]


def day_of(log: Log, day: date | None = None) -> Day:
    """A day of a log, the busiest for None: from the minute before its first event to its last, or its end.

    Raises ValueError where nothing happens on the day.
    """
    day = busiest_day(log) if day is None else day
    begin, end = bounds(log, day)
    moves = moves_of(log)
    moves = moves[(moves["at_ms"] >= begin) & (moves["at_ms"] < end)]
    tasks = log.tasks
    started, finished, ready = (ints(tasks[name]) for name in ("started_at", "finished_at", "ready_at"))
    events = np.concatenate([started, finished, ready, moves["at_ms"].to_numpy(np.int64)])
    events = events[(events != NULL) & (events >= begin) & (events < end)]
    if not len(events):
        raise ValueError(f"nothing happens on {day}")
    first = begin + (int(events.min()) - begin) // MINUTE_MS * MINUTE_MS
    first -= MINUTE_MS if first > begin else 0
    span = int(events.max()) - first
    links = {(int(a), int(b)) for a, b in moves[["start", "to"]].drop_duplicates().itertuples(index=False)}
    series = 2 * len(names(tasks["stage"])) + len(names(log.presence["pool"])) + len(links)
    step = next((n for n in STEPS if series * span / MINUTE_MS / n <= MOST), STEPS[-1])
    at = np.arange(first, first + span + step * MINUTE_MS, step * MINUTE_MS)
    stage, stages = codes(tasks["stage"]).astype(np.int64), names(tasks["stage"])
    left = left_queue(log, NEVER)
    on = (ready != NULL) & (left > ready)
    begun = started != NULL
    there, pool = takes_tasks(log), codes(log.presence["pool"]).astype(np.int64)
    return Day(
        day, log.provenance.timezone, log.provenance.moment, step, at, tuple(stages),
        tuple(names(log.presence["pool"])),
        _inside(at, stage[on], ready[on], left[on], len(stages)),
        _inside(at, stage[begun], started[begun], np.where(finished == NULL, NEVER, finished)[begun], len(stages)),
        _people(at, log, pool[there], there),
        {link: _counts(at, moves, link) for link in sorted(links)},
    )  # fmt: skip


def _inside(at: Ints, group: Ints, start: Ints, end: Ints, groups: int) -> Ints:
    """How many of each group have started by each moment and not ended: int64[group, moment]."""
    found = np.zeros((groups, len(at)), np.int64)
    for one in range(groups):
        mine = group == one
        begun = np.searchsorted(np.sort(start[mine]), at, side="right")
        found[one] = begun - np.searchsorted(np.sort(end[mine]), at, side="right")
    return found


def _people(at: Ints, log: Log, pool: Ints, there: npt.NDArray[np.bool_]) -> Ints:
    start, end = ints(log.presence["from"])[there], ints(log.presence["to"])[there]
    return _inside(at, pool, start, end, len(names(log.presence["pool"])))


def _counts(at: Ints, moves: Any, link: tuple[int, int]) -> Ints:
    mine = moves[(moves["start"] == link[0]) & (moves["to"] == link[1])]["at_ms"].to_numpy(np.int64)
    return np.bincount(np.searchsorted(at, mine, side="left"), minlength=len(at)).astype(np.int64)
