"""Logs written as rows, and runs of given numbers, for tests of money and of what is said of replications."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from lines import constant, queue

from labelcast.sim.curves import Curves
from labelcast.sim.line import Goal
from labelcast.sim.log import OUTCOMES, PRESENCE, Log, Provenance
from labelcast.sim.replicate import Runs
from labelcast.sim.tables import NULL, make_log

ROLES = {
    "annotate": "annotate",
    "review": "review",
    "adjudicate": "adjudicate",
    "clean": "work",
    "accept": "inspect",
    "suggest": "prelabel",
}
"""Stages of a book, in their order, and the kind of each."""

STAGES = tuple(ROLES)
POOLS = ("team", "vendor")
SEGMENTS = ("street", "night")

Task = (
    tuple[int, str, int, str | None, int | None, int | None, int | None]
    | tuple[int, str, int, str | None, int | None, int | None, int | None, str | None]
)
"""item, stage, round, pool, worker, start, finish, and perhaps outcome: "done" where absent, None for not recorded."""

Presence = tuple[str, int, int, int] | tuple[str, int, int, int, str]
"""pool, worker, from, to, and perhaps kind; "working" where absent."""


def book_log(
    segments: Sequence[str],
    tasks: Sequence[Task],
    presence: Sequence[Presence],
    ended: int,
    origin: str = "2027-01-04T09:00:00+01:00",
    timezone: str = "Europe/Paris",
    gold: Collection[int] = (),
    delivered: Collection[int] = (),
) -> Log:
    """A log whose times are milliseconds. segments: one an item.  gold, delivered: numbers of items that are so."""

    def numbers(rows: Sequence[tuple[Any, ...]], place: int) -> np.ndarray:
        return np.array([NULL if row[place] is None else row[place] for row in rows], np.int64)

    def words(rows: Sequence[tuple[Any, ...]], place: int, known: tuple[str, ...], default: str = "") -> np.ndarray:
        found = [row[place] if place < len(row) else default for row in rows]
        return np.array([-1 if word is None else known.index(word) for word in found], np.int64)

    nothing, count = np.zeros(len(tasks), np.int64), len(segments)
    items = {
        "item": np.arange(count),
        "segment": np.array([*map(SEGMENTS.index, segments)], np.int64),
        "delivered_at": np.array([ended if item in delivered else NULL for item in range(count)], np.int64),
        "gold": np.array([item in gold for item in range(count)], np.bool_),
    }
    task_table = {
        "item": numbers(tasks, 0),
        "stage": words(tasks, 1, STAGES),
        "round": numbers(tasks, 2),
        "replica": np.arange(len(tasks)),  # keeps rows of one item and stage apart, in the order written
        "pool": words(tasks, 3, POOLS),
        "worker": numbers(tasks, 4),
        "enqueued_at": nothing,
        "ready_at": nothing,
        "started_at": numbers(tasks, 5),
        "finished_at": numbers(tasks, 6),
        "outcome": words(tasks, 7, OUTCOMES, "done"),
    }
    presence_table = {
        "pool": words(presence, 0, POOLS),
        "worker": numbers(presence, 1),
        "from": numbers(presence, 2),
        "to": numbers(presence, 3),
        "kind": words(presence, 4, PRESENCE, "working"),
    }
    labels = {"label": ("yes", "no"), "outcome": OUTCOMES, "kind": PRESENCE}
    categories = {"segment": SEGMENTS, "stage": STAGES, "pool": POOLS} | labels
    about = Provenance("0.1.0", "d1935", "reference", origin, timezone, ended, ROLES, 1, 0)
    return make_log(items, task_table, presence_table, categories, about)


def with_refusals(log: Log, refused: Mapping[int, int]) -> Log:
    """The log with lots that were refused. refused: moments, by number of the only item of each, which is the lot's,
    too."""
    items = log.items.copy()
    for name, values in (("refused_lot", {item: item for item in refused}), ("refused_at", refused)):
        items[name] = pd.array([values.get(item) for item in range(len(items))], dtype="Int64")
    return Log(items, log.tasks, log.presence, log.provenance)


def clock(origin: str, timezone: str) -> Callable[[str], int]:
    """Reads a local wall-clock time as milliseconds from the origin."""
    zero = datetime.fromisoformat(origin).timestamp()
    zone = ZoneInfo(timezone)
    return lambda text: round((datetime.fromisoformat(text).replace(tzinfo=zone).timestamp() - zero) * 1000)


def runs_of(
    name: str,
    kpis: Mapping[str, Sequence[float] | np.ndarray],
    currency: str = "EUR",
    seed: int = 1,
    goals: Sequence[Goal] = (),
    level: float = 0.95,
) -> Runs:
    """Runs with these KPIs, a number a replication; costs and finishes that are not given are all alike."""
    count = len(next(iter(kpis.values())))
    given = {"cost": [100.0] * count, "finish_days": [2.0] * count} | {key: list(x) for key, x in kpis.items()}
    frame = pd.DataFrame(given, index=pd.RangeIndex(count, name="replication"), dtype="float64")
    line = replace(queue(1, 100.0, 10, constant(60.0)), name=name, currency=currency, goals=tuple(goals))
    none = np.zeros(1, np.int64)
    curve = Curves(none, none, {}, none, none)
    return Runs(line, seed, level, frame, pd.DataFrame(), [curve] * count)


def luck(count: int = 20) -> np.ndarray:
    """Numbers of mean 0 and standard deviation 1, the same at every call."""
    x = np.sin(7.0 * np.arange(count) + 1.0)
    return (x - x.mean()) / x.std(ddof=1)
