"""The log: three tables that real and simulated lines share, their columns, order and laws.

Times are whole milliseconds from the origin that the provenance keeps; null means "not recorded". Nothing that reads a
log may know whether it was simulated.
"""

from __future__ import annotations

from dataclasses import dataclass, field
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
    "objects": "Int64",  # objects in the item, each of which takes a stage's time
    "dropped_at": "Int64",  # left the line without being delivered
    "dropped_as": "category",  # unsampled, duplicate (taken for one), gold (a test question that is answered)
    "refused_lot": "Int64",  # the first lot that was refused with the item in it, at that lot's first inspection
    "refused_at": "Int64",  # and when
}

PRESENCE = ("working", "training", "absent_paid", "absent_unpaid", "session", "overtime")
"""Kinds of presence. Absences are no time on shift."""

DROPPED = ("unsampled", "duplicate", "gold")
"""Categories of dropped_as."""

TASK_COLUMNS: dict[str, str] = {
    "item": "int64",
    "stage": "category",
    "round": "int64",  # 0 first pass, 1.. rework
    "replica": "int64",  # which of the k labels
    "pool": "category",
    "worker": "Int64",  # number of the worker within the pool; null: nobody yet
    "enqueued_at": "Int64",
    "ready_at": "Int64",  # ready - enqueued: waiting for the other replicas, a hand-off, a batch; null: not yet ready
    "consensus_ms": "Int64",  # of that, for the other replicas; null: all of it that is no hand-off
    "handoff_ms": "Int64",  # of that, for the hand-off; null: none. What is left waited for a batch to fill
    "started_at": "Int64",  # null: waiting
    "finished_at": "Int64",  # null: in progress
    "active_ms": "Int64",  # time spent on the task itself, without pauses
    "batch": "Int64",
    "suggestion": "category",
    "label": "category",  # null where the stage gives none (an accepting review)
    "outcome": "category",  # see OUTCOMES; null: not finished
    "tier": "category",  # the pool that its item's true difficulty calls for; null: tasks are not routed by difficulty
    "rollbacks": "Int64",  # how often rollbacks had sent the item back before; null: not recorded
    "check_ms": "Int64",  # active time in which who gave the label looked it over and mended it; null: not recorded
    "caught": "Int64",  # 1 if they found it wrong and gave another, else 0; null: not recorded
}

PRESENCE_COLUMNS: dict[str, str] = {
    "pool": "category",
    "worker": "int64",
    "from": "int64",
    "to": "int64",
    "kind": "category",  # see PRESENCE
}

OUTCOMES = (
    *("done", "accepted", "rejected", "returned", "expired", "surplus", "escalated", "skipped", "preempted"),
    "asked",
)
"""Outcomes of tasks. done: a label is given, or the work is done.  accepted, rejected: by a judge.  returned: broken
off without a result, its time lost: at the end of a shift, by a worker who left.  expired: held beyond its lock and
never done.  surplus: a label that came too late to count.  escalated: taken from its queue unstarted, finished_at says
when.  skipped: looked at and left to somebody else.  preempted: broken off by a task that goes first, its time carried
over.  asked: looked at and put away until a question about it is answered."""

ATTEMPTS = ("returned", "expired", "escalated", "skipped", "preempted", "asked")
"""Outcomes without a result."""

LOST = ("returned", "expired", "surplus", "skipped", "asked")
"""Outcomes whose time came to nothing."""

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
    promises: by stage, milliseconds from an item's coming in which its task is to be finished; only where promised.
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
    promises: dict[str, int] = field(default_factory=dict)

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
