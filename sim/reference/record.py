"""What the reference engine remembers of items and tasks, and the log that it makes of them."""

from __future__ import annotations

from importlib.metadata import version

import numpy as np

from ..line import digest
from ..log import Log, Provenance
from ..plan import Plan
from ..tables import NULL, make_log


class Item:
    """An item on its way. votes: (replica, worker, label) of the round. asked: when the round's first label was there,
    from which the next task waits."""

    __slots__ = (
        "arrived",
        "asked",
        "authors",
        "delivered",
        "difficulty",
        "key",
        "label",
        "labellers",
        "number",
        "pending",
        "reviewers",
        "round",
        "segment",
        "serial",
        "truth",
        "votes",
    )

    def __init__(
        self, number: int, arrived: int, segment: int, serial: int, key: int, truth: int, difficulty: float
    ) -> None:
        self.number, self.arrived, self.segment, self.serial = number, arrived, segment, serial
        self.key, self.truth, self.difficulty = key, truth, difficulty
        self.round = 0
        self.pending = 0
        self.label: int | None = None
        self.asked: int | None = None
        self.delivered: int | None = None
        self.votes: list[tuple[int, int, int]] = []
        self.labellers: list[int] = []  # who has started a label of this round
        self.authors: list[int] = []
        self.reviewers: list[int] = []


class Task:
    """One unit of work by one worker on one item at one stage. wanted: the only worker who may do it, or None.
    order: among all tasks, in becoming ready."""

    __slots__ = (
        "active",
        "enqueued",
        "finished",
        "item",
        "label",
        "order",
        "outcome",
        "pool",
        "ready",
        "replica",
        "round",
        "stage",
        "started",
        "wanted",
        "worker",
    )

    def __init__(
        self,
        item: Item,
        stage: int,
        round_: int,
        replica: int,
        pool: int,
        enqueued: int,
        ready: int,
        wanted: int | None,
    ) -> None:
        self.item, self.stage, self.round, self.replica = item, stage, round_, replica
        self.pool, self.enqueued, self.ready, self.wanted = pool, enqueued, ready, wanted
        self.order = 0
        self.worker: int | None = None
        self.started: int | None = None
        self.finished: int | None = None
        self.active: int | None = None
        self.label: int | None = None
        self.outcome: str | None = None


OUTCOME_NAMES = ("done", "accepted", "rejected")


def record(plan: Plan, seed: int, replication: int, items: list[Item], tasks: list[Task], ended_at: int) -> Log:
    """The log of a run that ended at `ended_at`: items that arrived by then, all tasks, and presence until then."""
    line = plan.line
    seen = [item for item in items if item.arrived <= ended_at]
    due = [plan.segments[item.segment].due for item in seen]
    item_table = {
        "item": _ints([item.number for item in seen]),
        "segment": _ints([item.segment for item in seen]),
        "arrived_at": _ints([item.arrived for item in seen]),
        "due_at": _ints([None if d is None else item.arrived + d for item, d in zip(seen, due, strict=True)]),
        "delivered_at": _ints([item.delivered for item in seen]),
        "final_label": _ints([-1 if item.delivered is None or item.label is None else item.label for item in seen]),
        "truth": _ints([item.truth for item in seen]),
    }
    first = np.array([pool.workers.start for pool in plan.pools], np.int64)
    pool = _ints([task.pool for task in tasks])
    worker = _ints([task.worker for task in tasks])
    finished = [task.finished is not None for task in tasks]
    task_table = {
        "item": _ints([task.item.number for task in tasks]),
        "stage": _ints([task.stage for task in tasks]),
        "round": _ints([task.round for task in tasks]),
        "replica": _ints([task.replica for task in tasks]),
        "pool": pool,
        "worker": np.where(worker == NULL, NULL, worker - first[pool]),
        "enqueued_at": _ints([task.enqueued for task in tasks]),
        "ready_at": _ints([task.ready for task in tasks]),
        "started_at": _ints([task.started for task in tasks]),
        "finished_at": _ints([task.finished for task in tasks]),
        "active_ms": _ints([task.active if done else None for task, done in zip(tasks, finished, strict=True)]),
        "label": _ints([-1 if task.label is None else task.label for task in tasks]),
        "outcome": _ints([-1 if task.outcome is None else OUTCOME_NAMES.index(task.outcome) for task in tasks]),
    }
    categories = {
        "segment": [segment.name for segment in plan.segments],
        "stage": [stage.name for stage in plan.stages],
        "pool": [p.name for p in plan.pools],
        "label": plan.classes,
        "outcome": OUTCOME_NAMES,
        "kind": ["working"],
    }
    provenance = Provenance(
        version=version("labelcast"),
        digest=digest(line),
        engine="reference",
        origin=line.origin.isoformat(),
        timezone=line.timezone,
        ended_at=ended_at,
        roles={stage.name: stage.kind for stage in line.stages},
        seed=seed,
        replication=replication,
    )
    return make_log(item_table, task_table, _presence(plan, ended_at), categories, provenance)


def _presence(plan: Plan, ended_at: int) -> dict[str, np.ndarray]:
    """Each worker's shifts in [0, ended_at)."""
    parts = []
    for number, pool in enumerate(plan.pools):
        for slot, worker in enumerate(pool.workers):
            shifts = plan.shift_sets[plan.shift_of[worker]]
            count = int(np.searchsorted(shifts.starts, ended_at))
            ends = np.minimum(shifts.ends[:count], ended_at)
            parts.append((np.full(count, number), np.full(count, slot), shifts.starts[:count], ends))
    columns = [np.concatenate(column).astype(np.int64) for column in zip(*parts, strict=True)]
    table = dict(zip(("pool", "worker", "from", "to"), columns, strict=True))
    return table | {"kind": np.zeros(columns[0].size, np.int64)}


def _ints(values: list[int | None]) -> np.ndarray:
    """int64 with NULL for None."""
    return np.array([NULL if value is None else value for value in values], np.int64)
