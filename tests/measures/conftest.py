"""A line of ten items, written by hand, and the means to write other logs as readable rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pytest

from labelcast.sim.log import ITEM_COLUMNS, PRESENCE_COLUMNS, TASK_COLUMNS, Log, Provenance
from labelcast.sim.tables import NULL, VOCABULARY, make_log

MINUTE = 60_000

CATEGORIES: dict[str, Sequence[str]] = {
    "segment": ["street"],
    "stage": ["annotate", "review", "adjudicate"],
    "pool": ["team", "reviewers", "experts"],
    "label": ["car", "truck"],
    "outcome": ["done", "accepted", "rejected"],
    "kind": ["working", "absent_paid"],
    "dropped_as": ["unsampled", "duplicate", "gold"],
}

Row = dict[str, Any]


@dataclass
class Rows:
    """A log as lists of rows: names of categories, None for null, all times in minutes."""

    items: list[Row]
    tasks: list[Row]
    presence: list[Row]
    ended: int
    categories: dict[str, Sequence[str]] = field(default_factory=lambda: dict(CATEGORIES))
    roles: dict[str, str] = field(
        default_factory=lambda: {"annotate": "annotate", "review": "review", "adjudicate": "adjudicate"}
    )
    replication: int | None = 0

    def log(self) -> Log:
        """The log of these rows."""
        provenance = Provenance(
            version="0.1.0",
            digest="d1935",
            engine="reference",
            origin="2027-01-04T09:00:00+01:00",
            timezone="Europe/Paris",
            ended_at=self.ended * MINUTE,
            roles=self.roles,
            seed=None if self.replication is None else 1,
            replication=self.replication,
        )
        return make_log(
            self._arrays(self.items, ITEM_COLUMNS),
            self._arrays(self.tasks, TASK_COLUMNS),
            self._arrays(self.presence, PRESENCE_COLUMNS),
            self.categories,
            provenance,
        )

    def _arrays(self, rows: list[Row], schema: dict[str, str]) -> dict[str, np.ndarray]:
        arrays = {}
        for column, dtype in schema.items():
            values = [row.get(column) for row in rows]
            if dtype == "category":
                words = list(self.categories[VOCABULARY.get(column, column)])
                plain = [-1 if value is None else words.index(value) for value in values]
            elif dtype == "boolean":
                plain = [-1 if value is None else int(value) for value in values]
            else:
                unit = MINUTE if column.endswith(("_at", "_ms")) or column in ("from", "to") else 1
                plain = [NULL if value is None else round(value * unit) for value in values]
            arrays[column] = np.array(plain, np.int64)
        return arrays


def _item(item: int, arrived: int, due: int | None, delivered: int | None, final: str | None, truth: str) -> Row:
    return {
        "item": item,
        "segment": "street",
        "arrived_at": arrived,
        "due_at": due,
        "delivered_at": delivered,
        "final_label": final,
        "truth": truth,
    }


def _task(
    item: int,
    stage: str,
    round_: int,
    replica: int,
    worker: tuple[str, int | None],
    times: tuple[int, int, int | None, int | None],
    active: int | None,
    label: str | None,
    outcome: str | None = "done",
) -> Row:
    names = ("enqueued_at", "ready_at", "started_at", "finished_at")
    row = {"item": item, "stage": stage, "round": round_, "replica": replica, "pool": worker[0], "worker": worker[1]}
    return row | dict(zip(names, times, strict=True)) | {"active_ms": active, "label": label, "outcome": outcome}


def ten_items() -> Rows:
    """Ten items with consensus (0-2), rejection and rework (1), a tie and its adjudication (2), a lunch break in the
    middle of a task (6, 7), a duplicate (7 of 4) and an item that is not delivered (9). The run ends at minute 300."""
    t0, t1, rev, expert = ("team", 0), ("team", 1), ("reviewers", 0), ("experts", 0)
    items = [
        _item(0, 0, 100, 70, "car", "car"),
        _item(1, 0, 100, 100, "truck", "truck"),
        _item(2, 0, 200, 260, "car", "truck"),
        _item(3, 10, None, 80, "car", "car"),
        _item(4, 10, 90, 100, "truck", "truck"),
        _item(5, 10, None, 110, "car", "truck"),
        _item(6, 20, 400, 190, "car", "car"),
        _item(7, 20, None, 200, "truck", "truck") | {"duplicate_of": 4},
        _item(8, 100, None, 235, "car", "car"),
        _item(9, 200, 250, None, None, "car"),
    ]
    tasks = [
        _task(0, "annotate", 0, 0, t0, (0, 0, 0, 20), 20, "car"),
        _task(0, "annotate", 0, 1, t1, (0, 0, 0, 30), 30, "car"),
        _task(0, "review", 0, 0, rev, (20, 30, 60, 70), 10, None, "accepted"),
        _task(1, "annotate", 0, 0, t0, (0, 0, 20, 40), 20, "car"),
        _task(1, "annotate", 0, 1, t1, (0, 0, 30, 50), 20, "truck"),
        _task(1, "review", 0, 0, rev, (40, 50, 70, 80), 10, None, "rejected"),
        _task(1, "annotate", 1, 0, t0, (80, 80, 80, 90), 10, "truck"),
        _task(1, "review", 1, 0, rev, (90, 90, 90, 100), 10, None, "accepted"),
        _task(2, "annotate", 0, 0, t0, (0, 0, 40, 60), 20, "car"),
        _task(2, "annotate", 0, 1, t1, (0, 0, 50, 70), 20, "truck"),
        _task(2, "adjudicate", 0, 0, expert, (60, 70, 240, 260), 20, "car"),
        _task(3, "annotate", 0, 0, t0, (10, 10, 60, 80), 20, "car"),
        _task(4, "annotate", 0, 0, t1, (10, 10, 70, 100), 30, "truck"),
        _task(5, "annotate", 0, 0, t0, (10, 10, 90, 110), 20, "car"),
        _task(6, "annotate", 0, 0, t1, (20, 20, 100, 190), 30, "car"),
        _task(7, "annotate", 0, 0, t0, (20, 20, 110, 200), 30, "truck"),
        _task(8, "annotate", 0, 0, t1, (100, 100, 190, 220), 30, "car"),
        _task(8, "review", 0, 0, rev, (220, 220, 225, 235), 10, None, "accepted"),
        _task(9, "annotate", 0, 0, t0, (200, 200, 200, None), None, None, None),
        _task(9, "annotate", 0, 1, ("team", None), (200, 200, None, None), None, None, None),
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
def rows() -> Callable[..., Rows]:
    """Makes Rows."""
    return Rows


@pytest.fixture
def no_ledger() -> pd.DataFrame:
    """A ledger without rows."""
    return pd.DataFrame({"amount": pd.Series([], dtype="int64")})


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
