"""The log: three tables that real and simulated lines share, their columns, order and laws.

Times are whole milliseconds from the origin that the provenance keeps; null means "not recorded". Nothing that reads a
log may know whether it was simulated.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import pandas as pd

ITEM_COLUMNS: dict[str, str] = {
    "item": "int64",  # number of the item, unique in the log, in order of arrival
    "segment": "category",
    "arrived_at": "Int64",
    "due_at": "Int64",  # null: no due date
    "delivered_at": "Int64",  # null: not delivered
    "final_label": "category",  # null: not delivered, or labels not recorded
    "truth": "category",  # null: unknown (real items without gold)
    "gold": "boolean",  # the true label was known beforehand: a test question
    "duplicate_of": "Int64",
    "lot": "Int64",
}

TASK_COLUMNS: dict[str, str] = {
    "item": "int64",
    "stage": "category",
    "round": "int64",  # 0 first pass, 1.. rework
    "replica": "int64",  # which of the k labels
    "pool": "category",
    "worker": "Int64",  # number of the worker within the pool; null: nobody yet
    "enqueued_at": "Int64",
    "ready_at": "Int64",  # ready - enqueued: waiting for the other replicas, a batch, a hand-off
    "started_at": "Int64",  # null: waiting
    "finished_at": "Int64",  # null: in progress
    "active_ms": "Int64",  # time spent on the task itself, without pauses
    "batch": "Int64",
    "suggestion": "category",
    "label": "category",  # null where the stage gives none (an accepting review)
    "outcome": "category",  # done; accepted or rejected for reviews; skipped, expired in real logs; null: not finished
}

PRESENCE_COLUMNS: dict[str, str] = {
    "pool": "category",
    "worker": "int64",
    "from": "int64",
    "to": "int64",
    "kind": "category",  # working, training, absent_paid, absent_unpaid, session
}

ORDER = {
    "items": ["item"],
    "tasks": ["item", "enqueued_at", "stage", "round", "replica"],  # stage: in the order of its categories
    "presence": ["pool", "worker", "from"],
}
"""Canonical order of rows; each list is also a unique key."""


@dataclass(frozen=True)
class Provenance:
    """Where a log comes from.

    version: of labelcast.  digest: SHA-256 of the resolved line, or of the source files.  seed, replication: None for
    real logs.  engine: "reference", or the reader's name.  origin: the moment of millisecond 0, ISO 8601 with offset.
    ended_at: last millisecond observed; a run ends with its last delivery, or at the horizon.
    roles: kind of each stage, {"annotate": "annotate", "qa": "review", ...}.
    """

    version: str
    digest: str
    engine: str
    origin: str
    timezone: str
    ended_at: int
    roles: dict[str, str]
    seed: int | None = None
    replication: int | None = None
    level: float = 0.95

    @property
    def moment(self) -> datetime:
        """The origin as an aware moment in the log's time zone."""
        return datetime.fromisoformat(self.origin).astimezone(ZoneInfo(self.timezone))


@dataclass(frozen=True, eq=False)
class Log:
    """items, tasks, presence with the columns and dtypes above, in canonical order."""

    items: pd.DataFrame
    tasks: pd.DataFrame
    presence: pd.DataFrame
    provenance: Provenance
