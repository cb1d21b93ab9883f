"""The events of a log: each task is scheduled, started and ended; and the tasks that events tell of."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from ...sim.log import ATTEMPTS, Log, Provenance
from ...sim.tables import SCHEMAS, make_log
from .cells import Cell, Row, arrays_of, categories_of, rows_of

VERSION = 1
"""Of what stands in attributes of our own."""

OURS = "labelcast:"

PHASES = {"schedule": "enqueued_at", "start": "started_at", "end": "finished_at"}
"""Steps of a task, in order, and the column that has the moment of each."""

ENDS = {"skipped": "manualskip", "escalated": "withdraw"} | {
    outcome: "ate_abort" for outcome in ATTEMPTS if outcome not in ("skipped", "escalated")
}
"""How a task ended that has no result, in the words of XES' lifecycle; all others complete."""

TOLD = ("item", "stage", "pool", "worker", *PHASES.values())
"""Columns of tasks for which the standards have words."""


@dataclass(frozen=True)
class Step:
    """An event. at: milliseconds from the origin.  task: number of its task in the log.  phase: of PHASES.  transition:
    of XES' lifecycle.  worker: None for a machine, or while nobody has it.  more: the task's other columns, where this
    is its first step."""

    at: int
    item: int
    task: int
    phase: str
    stage: str
    transition: str
    pool: str | None
    worker: int | None
    more: Row = field(default_factory=dict)

    @property
    def resource(self) -> str | None:
        """Who did it, for tools that know one name."""
        return None if self.worker is None else f"{self.pool} {self.worker}"


def steps_of(log: Log) -> Iterator[Step]:
    """Its events by item, in order of time. A task without any moment has none, and there is no such task."""
    found: list[Step] = []
    for number, row in enumerate(rows_of(log.tasks, SCHEMAS["tasks"])):
        if found and found[-1].item != row["item"]:
            yield from _in_time(found)
            found = []
        found += _steps(number, row)
    yield from _in_time(found)


def _in_time(steps: list[Step]) -> list[Step]:
    order = {phase: place for place, phase in enumerate(PHASES)}
    return sorted(steps, key=lambda step: (step.at, step.task, order[step.phase]))


def _steps(number: int, row: Row) -> Iterator[Step]:
    more: Row = {name: value for name, value in row.items() if name not in TOLD}
    moments = {phase: int(row[column]) for phase, column in PHASES.items() if column in row}
    assert moments, f"task {number} has no moment"
    pool = None if "pool" not in row else str(row["pool"])
    for phase, at in moments.items():
        worker = int(row["worker"]) if "worker" in row and (phase != "schedule" or len(moments) == 1) else None
        last = ENDS.get(str(row.get("outcome")), "complete")
        transition = last if phase == "end" else phase
        yield Step(at, int(row["item"]), number, phase, str(row["stage"]), transition, pool, worker, more)
        more = {}


def tasks_of(steps: Iterable[Step]) -> list[Row]:
    """The rows of tasks that steps tell of, in the order of their numbers."""
    found: dict[int, Row] = {}
    for step in steps:
        row = found.setdefault(step.task, {})
        row |= step.more | {"item": step.item, "stage": step.stage, PHASES[step.phase]: step.at}
        if step.pool is not None:
            row["pool"] = step.pool
        if step.worker is not None:
            row["worker"] = step.worker
    return [found[number] for number in sorted(found)]


def about(log: Log) -> str:
    """What no item and no task tells, as JSON: where the log comes from, the names of its categories, and presence."""
    tables = {"items": log.items, "tasks": log.tasks, "presence": log.presence}
    return json.dumps(
        {
            "format": VERSION,
            "provenance": dataclasses.asdict(log.provenance),
            "categories": categories_of(tables, SCHEMAS),
            "presence": rows_of(log.presence, SCHEMAS["presence"]),
        },
        ensure_ascii=False,
        allow_nan=False,
    )


def log_of(told: Mapping[str, Any], items: list[Row], steps: Iterable[Step]) -> Log:
    """The log that was written. told: `about`, read."""
    categories = told["categories"]
    rows = {"items": items, "tasks": tasks_of(steps), "presence": told["presence"]}
    arrays = {name: arrays_of(rows[name], SCHEMAS[name], categories) for name in SCHEMAS}
    provenance = Provenance(**told["provenance"])
    return make_log(arrays["items"], arrays["tasks"], arrays["presence"], categories, provenance)


@dataclass(frozen=True)
class Clock:
    """Between milliseconds from an origin and stamps in UTC."""

    origin: datetime

    @classmethod
    def of(cls, provenance: Provenance) -> Clock:
        """The clock of a log."""
        return cls(provenance.moment.astimezone(UTC))

    def stamp(self, at: int) -> str:
        """ISO 8601 to the millisecond."""
        moment = self.origin + timedelta(milliseconds=at)
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def at(self, stamp: str) -> int:
        """ValueError where it is no stamp."""
        return (datetime.fromisoformat(stamp) - self.origin) // timedelta(milliseconds=1)


def is_moment(name: str) -> bool:
    """Whether a column holds moments."""
    return name.endswith("_at")


def kind_of(name: str, value: Cell) -> str:
    """XES' word for the type of a value of a column."""
    if is_moment(name):
        return "date"
    return "boolean" if isinstance(value, bool) else "int" if isinstance(value, int) else "string"
