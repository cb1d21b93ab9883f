"""A line of ten items, written by hand, and a log of thirty thousand tasks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from programme import programme as programme_rows
from rows import CATEGORIES, MINUTE, Rows, item_row, task_row

from labelcast.sim.log import Log, Provenance
from labelcast.sim.tables import make_log


def ten_items() -> Rows:
    """Ten items with consensus (0-2), rejection and rework (1), a tie and its adjudication (2), a lunch break in the
    middle of a task (6, 7), a duplicate (7 of 4) and an item that is not delivered (9). The run ends at minute 300."""
    t0, t1, rev, expert = ("team", 0), ("team", 1), ("reviewers", 0), ("experts", 0)
    items = [
        item_row(0, 0, 100, 70, "car", "car"),
        item_row(1, 0, 100, 100, "truck", "truck"),
        item_row(2, 0, 200, 260, "car", "truck"),
        item_row(3, 10, None, 80, "car", "car"),
        item_row(4, 10, 90, 100, "truck", "truck"),
        item_row(5, 10, None, 110, "car", "truck"),
        item_row(6, 20, 400, 190, "car", "car"),
        item_row(7, 20, None, 200, "truck", "truck") | {"duplicate_of": 4},
        item_row(8, 100, None, 235, "car", "car"),
        item_row(9, 200, 250, None, None, "car"),
    ]
    tasks = [
        task_row(0, "annotate", 0, 0, t0, (0, 0, 0, 20), 20, "car"),
        task_row(0, "annotate", 0, 1, t1, (0, 0, 0, 30), 30, "car"),
        task_row(0, "review", 0, 0, rev, (20, 30, 60, 70), 10, None, "accepted"),
        task_row(1, "annotate", 0, 0, t0, (0, 0, 20, 40), 20, "car"),
        task_row(1, "annotate", 0, 1, t1, (0, 0, 30, 50), 20, "truck"),
        task_row(1, "review", 0, 0, rev, (40, 50, 70, 80), 10, None, "rejected"),
        task_row(1, "annotate", 1, 0, t0, (80, 80, 80, 90), 10, "truck"),
        task_row(1, "review", 1, 0, rev, (90, 90, 90, 100), 10, None, "accepted"),
        task_row(2, "annotate", 0, 0, t0, (0, 0, 40, 60), 20, "car"),
        task_row(2, "annotate", 0, 1, t1, (0, 0, 50, 70), 20, "truck"),
        task_row(2, "adjudicate", 0, 0, expert, (60, 70, 240, 260), 20, "car"),
        task_row(3, "annotate", 0, 0, t0, (10, 10, 60, 80), 20, "car"),
        task_row(4, "annotate", 0, 0, t1, (10, 10, 70, 100), 30, "truck"),
        task_row(5, "annotate", 0, 0, t0, (10, 10, 90, 110), 20, "car"),
        task_row(6, "annotate", 0, 0, t1, (20, 20, 100, 190), 30, "car"),
        task_row(7, "annotate", 0, 0, t0, (20, 20, 110, 200), 30, "truck"),
        task_row(8, "annotate", 0, 0, t1, (100, 100, 190, 220), 30, "car"),
        task_row(8, "review", 0, 0, rev, (220, 220, 225, 235), 10, None, "accepted"),
        task_row(9, "annotate", 0, 0, t0, (200, 200, 200, None), None, None, None),
        task_row(9, "annotate", 0, 1, ("team", None), (200, 200, None, None), None, None, None),
    ]
    presence = [
        {"pool": pool, "worker": worker, "from": start, "to": end, "kind": "working"}
        for pool, worker, start, end in (
            ("team", 0, 0, 120),
            ("team", 0, 180, 300),
            ("team", 1, 0, 120),
            ("team", 1, 180, 300),
            ("reviewers", 0, 60, 300),
            ("experts", 0, 240, 300),
        )
    ]
    return Rows(items, tasks, presence, 300)


@pytest.fixture
def trace() -> Rows:
    """The ten items, fresh for every test, so that a test may change rows."""
    return ten_items()


@pytest.fixture
def programme() -> Rows:
    """The programme, fresh for every test."""
    return programme_rows()


@pytest.fixture
def rows() -> Callable[..., Rows]:
    """Makes Rows."""
    return Rows


@pytest.fixture(scope="session")
def many() -> Log:
    """10,000 items with 30,000 tasks of 40 people over 30 days of eight hours: lawful and large."""
    n, k, people, day, shift = 10_000, 3, 40, 24 * 60 * MINUTE, 8 * 60 * MINUTE
    tasks = np.arange(n * k, dtype=np.int64)
    worker, turn = tasks % people, tasks // people
    length = 15 * MINUTE
    start = turn // 32 * day + turn % 32 * length
    item = tasks // k
    finish = start + length
    arrived = np.zeros(n, np.int64)
    days = int(start.max() // day) + 1
    who, when = (a.ravel() for a in np.meshgrid(np.arange(people), np.arange(days), indexing="ij"))
    rng = np.random.default_rng(3)
    labels = rng.integers(0, 2, n * k)
    delivered = finish.reshape(n, k).max(axis=1)
    final = (labels.reshape(n, k).sum(axis=1) > k // 2).astype(np.int64)
    return make_log(
        {
            "item": np.arange(n),
            "segment": arrived,
            "arrived_at": arrived,
            "delivered_at": delivered,
            "final_label": final,
            "truth": rng.integers(0, 2, n),
        },
        {
            "item": item,
            "stage": tasks * 0,
            "round": tasks * 0,
            "replica": tasks % k,
            "pool": tasks * 0,
            "worker": worker,
            "enqueued_at": tasks * 0,
            "ready_at": tasks * 0,
            "started_at": start,
            "finished_at": finish,
            "active_ms": finish - start,
            "label": labels,
            "outcome": tasks * 0,
        },
        {"pool": who * 0, "worker": who, "from": when * day, "to": when * day + shift, "kind": who * 0},
        CATEGORIES,
        Provenance(
            "0.1.0",
            "d",
            "reference",
            "2027-01-04T09:00:00+01:00",
            "Europe/Paris",
            int(delivered.max()),
            {"annotate": "annotate", "review": "review", "adjudicate": "adjudicate"},
            1,
            0,
        ),
    )
