"""A labelling line made of numpy alone, by the laws of DESIGN section 5, so that calibration has a truth to find."""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np

from labelcast.sim.log import Log, Provenance
from labelcast.sim.tables import make_log

HOUR = 3600


@dataclass(frozen=True)
class Truth:
    """What a synthetic line is made of; hours: the local working hours of Monday to Friday."""

    headcount: int = 10
    items: int = 1500
    labels_per_item: int = 3
    median: float = 90.0
    sigma: float = 0.5
    speed: float = 0.35
    skill: float = 1.8
    skill_spread: float = 0.5
    difficulty: float = 0.8
    bus: float = 0.3
    gold: float = 0.2
    hours: tuple[tuple[int, int], ...] = ((9, 10), (14, 15))


def synthetic(truth: Truth, seed: int) -> Log:
    """The log of a line that starts on a Monday with all items waiting and runs until they are done, in UTC."""
    rng = np.random.default_rng(seed)
    speed = np.exp(rng.normal(0, truth.speed, truth.headcount))
    skill = rng.normal(truth.skill, truth.skill_spread, truth.headcount)
    difficulty = rng.normal(0, truth.difficulty, truth.items)
    classes = (rng.random(truth.items) < truth.bus).astype(np.int64)
    count = np.zeros(truth.items, np.int64)
    pointer = [0] * truth.headcount
    clocks = [(0.0, worker) for worker in range(truth.headcount)]
    rows = []
    while clocks:
        clock, worker = heapq.heappop(clocks)
        item = pointer[worker]
        while item < truth.items and count[item] >= truth.labels_per_item:
            item += 1
        pointer[worker] = item + 1
        if item >= truth.items:
            continue
        end = clock + truth.median * speed[worker] * np.exp(rng.normal(0, truth.sigma))
        right = rng.random() < 1 / (1 + np.exp(difficulty[item] - skill[worker]))
        label = classes[item] if right else 1 - classes[item]
        rows.append((item, count[item], worker, clock, end, label))
        count[item] += 1
        heapq.heappush(clocks, (end, worker))
    item, replica, worker, begin, end, label = (np.array(column) for column in zip(*rows, strict=True))
    started, finished = _wall(begin, truth, False), _wall(end, truth, True)
    gold = rng.random(truth.items) < truth.gold
    zeros, rows_of = np.zeros(len(rows), np.int64), np.zeros(truth.items, np.int64)
    provenance = Provenance(
        version="0", digest="0", engine="numpy", origin="2026-01-05T00:00:00+00:00", timezone="UTC",
        ended_at=int(finished.max()), roles={"annotate": "annotate"},
    )  # fmt: skip
    return make_log(
        {"item": np.arange(truth.items), "segment": rows_of, "arrived_at": rows_of, "truth": classes, "gold": gold},
        {
            "item": item, "stage": zeros, "round": zeros, "replica": replica, "pool": zeros, "worker": worker,
            "enqueued_at": zeros, "ready_at": zeros, "started_at": started, "finished_at": finished,
            "active_ms": finished - started, "label": label, "outcome": zeros,
        },
        {name: np.zeros(0, np.int64) for name in ("pool", "worker", "from", "to", "kind")},
        {
            "segment": ["items"], "stage": ["annotate"], "pool": ["team"], "label": ["car", "bus"],
            "outcome": ["done"], "kind": ["session"],
        },
        provenance,
    )  # fmt: skip


def _wall(worked: np.ndarray, truth: Truth, ends: bool) -> np.ndarray:
    """Milliseconds since Monday 00:00 at which so many seconds of working hours are over; `ends`: a moment between two
    working hours belongs to the end of the first."""
    windows = [(d * 24 + a, b - a) for week in range(60) for d in range(week * 7, week * 7 + 5) for a, b in truth.hours]
    opens = np.array([start * HOUR for start, _ in windows], dtype=float)
    before = np.concatenate([[0], np.cumsum([length * HOUR for _, length in windows])])
    place = np.searchsorted(before, worked, side="left" if ends else "right") - 1
    place = np.maximum(place, 0)
    assert place.max() < len(windows)
    return np.round((opens[place] + worked - before[place]) * 1000).astype(np.int64)
