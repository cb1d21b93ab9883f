"""Logs written as rows, and runs of given numbers, for tests of money and of what is said of replications."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from lines import constant, queue

from labelcast.sim.curves import Curves
from labelcast.sim.line import Goal
from labelcast.sim.log import Log, Provenance
from labelcast.sim.replicate import Runs
from labelcast.sim.tables import NULL, make_log

STAGES = ("annotate", "review", "adjudicate")
POOLS = ("team", "vendor")
SEGMENTS = ("street", "night")

Task = tuple[int, str, int, str, int, int, int | None]
"""item, stage, round, pool, worker, start, finish."""

Presence = tuple[str, int, int, int]
"""pool, worker, from, to."""


def book_log(
    segments: Sequence[str],
    tasks: Sequence[Task],
    presence: Sequence[Presence],
    ended: int,
    origin: str = "2027-01-04T09:00:00+01:00",
    timezone: str = "Europe/Paris",
) -> Log:
    """A log whose times are milliseconds. segments: one an item."""

    def numbers(rows: Sequence[tuple[Any, ...]], place: int) -> np.ndarray:
        return np.array([NULL if row[place] is None else row[place] for row in rows], np.int64)

    def words(rows: Sequence[tuple[Any, ...]], place: int, known: tuple[str, ...]) -> np.ndarray:
        return np.array([known.index(row[place]) for row in rows], np.int64)

    nothing = np.zeros(len(tasks), np.int64)
    items = {"item": np.arange(len(segments)), "segment": np.array([*map(SEGMENTS.index, segments)], np.int64)}
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
    }
    presence_table = {
        "pool": words(presence, 0, POOLS),
        "worker": numbers(presence, 1),
        "from": numbers(presence, 2),
        "to": numbers(presence, 3),
        "kind": np.zeros(len(presence), np.int64),
    }
    labels = {"label": ("yes", "no"), "outcome": ("done",), "kind": ("working",)}
    categories = {"segment": SEGMENTS, "stage": STAGES, "pool": POOLS} | labels
    roles = {stage: stage for stage in STAGES}
    about = Provenance("0.1.0", "d1935", "reference", origin, timezone, ended, roles, 1, 0)
    return make_log(items, task_table, presence_table, categories, about)


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
    curve = Curves(np.zeros(1, np.int64), np.zeros(1, np.int64), {})
    return Runs(line, seed, level, frame, pd.DataFrame(), [curve] * count)


def luck(count: int = 20) -> np.ndarray:
    """Numbers of mean 0 and standard deviation 1, the same at every call."""
    x = np.sin(7.0 * np.arange(count) + 1.0)
    return (x - x.mean()) / x.std(ddof=1)
