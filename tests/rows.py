"""Logs written by hand, as readable rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

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
    promises: dict[str, int] = field(default_factory=dict)

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
            promises={stage: minutes * MINUTE for stage, minutes in self.promises.items()},
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


def item_row(item: int, arrived: int, due: int | None, delivered: int | None, final: str | None, truth: str) -> Row:
    """An item of the segment street."""
    return {
        "item": item,
        "segment": "street",
        "arrived_at": arrived,
        "due_at": due,
        "delivered_at": delivered,
        "final_label": final,
        "truth": truth,
    }


def task_row(
    item: int,
    stage: str,
    round_: int,
    replica: int,
    worker: tuple[str | None, int | None],
    times: tuple[int, int, int | None, int | None],
    active: int | None,
    label: str | None,
    outcome: str | None = "done",
) -> Row:
    """A task; worker: pool and number; times: enqueued, ready, started, finished."""
    names = ("enqueued_at", "ready_at", "started_at", "finished_at")
    row = {"item": item, "stage": stage, "round": round_, "replica": replica, "pool": worker[0], "worker": worker[1]}
    return row | dict(zip(names, times, strict=True)) | {"active_ms": active, "label": label, "outcome": outcome}
