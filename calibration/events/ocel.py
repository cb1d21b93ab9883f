"""OCEL 2.0 as JSON: items and people are objects, an event a step of a task."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ...sim.errors import DataRefused
from ...sim.files import write_text
from ...sim.log import Log, Provenance
from ...sim.tables import SCHEMAS
from .cells import Cell, Row, rows_of
from .steps import OURS, Clock, Step, about, is_moment, kind_of, log_of, steps_of

TYPES = {"date": "time", "int": "integer", "boolean": "boolean", "string": "string"}
"""OCEL's word for a type of XES."""

BEGINNING = "1970-01-01T00:00:00Z"
"""Since when an attribute that never changes has its value, as the standard has it."""

LIFECYCLE = "lifecycle"


def write_ocel(path: Path, log: Log) -> None:
    """Writes a log, all of it or nothing. Equal logs give equal bytes."""
    clock = Clock.of(log.provenance)
    items = rows_of(log.items, SCHEMAS["items"])
    steps = list(steps_of(log))
    events = [_event(number, step, clock) for number, step in enumerate(steps)]
    people = {step.resource: step.pool for step in steps if step.resource is not None}
    objects = [_object("log", "log", [(f"{OURS}log", "string", about(log))])]
    objects += [_object(f"item {row['item']}", "item", _cells(row, clock)) for row in items]
    objects += [_object(name, "worker", [("pool", "string", pool)]) for name, pool in people.items()]
    stages = dict.fromkeys(step.stage for step in steps)
    told = {
        "objectTypes": [_type(kind, (one for one in objects if one["type"] == kind)) for kind in _kinds(objects)],
        "eventTypes": [_type(stage, (one for one in events if one["type"] == stage)) for stage in stages],
        "objects": [_plain(one) for one in objects],
        "events": [_plain(one) for one in events],
    }
    write_text(path, json.dumps(told, ensure_ascii=False, allow_nan=False, indent=0) + "\n")


def _kinds(objects: Iterable[Mapping[str, Any]]) -> dict[str, None]:
    return dict.fromkeys(str(one["type"]) for one in objects)


def _cells(row: Row, clock: Clock) -> list[tuple[str, str, Cell]]:
    """Name, type and value of each column."""
    found: list[tuple[str, str, Cell]] = []
    for name, value in row.items():
        kind = kind_of(name, value)
        found.append((f"{OURS}{name}", TYPES[kind], clock.stamp(int(value)) if kind == "date" else value))
    return found


def _object(name: str, kind: str, cells: list[tuple[str, str, Any]]) -> dict[str, Any]:
    told = [{"name": key, "time": BEGINNING, "value": value} for key, _, value in cells]
    return {"id": name, "type": kind, "attributes": told, "types": {key: of for key, of, _ in cells}}


def _event(number: int, step: Step, clock: Clock) -> dict[str, Any]:
    cells: list[tuple[str, str, Any]] = [(LIFECYCLE, "string", step.transition)]
    if step.pool is not None:
        cells.append(("role", "string", step.pool))
    cells += [(f"{OURS}task", "integer", step.task), (f"{OURS}phase", "string", step.phase)]
    if step.worker is not None:
        cells.append((f"{OURS}worker", "integer", step.worker))
    cells += _cells(step.more, clock)
    related = [{"objectId": f"item {step.item}", "qualifier": "item"}]
    if step.resource is not None:
        related.append({"objectId": step.resource, "qualifier": "worker"})
    return {
        "id": f"event {number}",
        "type": step.stage,
        "time": clock.stamp(step.at),
        "attributes": [{"name": key, "value": value} for key, _, value in cells],
        "relationships": related,
        "types": {key: of for key, of, _ in cells},
    }


def _type(name: str, of: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """A type with the attributes that its objects or events have."""
    found: dict[str, str] = {}
    for one in of:
        found |= one["types"]
    return {"name": name, "attributes": [{"name": key, "type": kind} for key, kind in found.items()]}


def _plain(one: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in one.items() if key != "types"}


def read_ocel(path: Path) -> Log:
    """The log that was written. Raises DataRefused where a file is another's, cut off, or no JSON."""
    try:
        told = json.loads(path.read_bytes())
        objects = {one["id"]: _values(one) for one in told["objects"]}
        if f"{OURS}log" not in objects.get("log", {}):
            raise DataRefused(
                f"{path}: an OCEL log, but not one that labelcast wrote: it has no {OURS}log. `labelcast calibrate` "
                "reads such."
            )
        known = json.loads(objects["log"][f"{OURS}log"])
        clock = Clock.of(Provenance(**known["provenance"]))
        items = [_ours(objects[one["id"]], clock) for one in told["objects"] if one["type"] == "item"]
        return log_of(known, items, [_step(event, clock) for event in told["events"]])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataRefused(f"{path}: no log that labelcast wrote, or damaged ({error}). Write it again.") from error


def _values(one: Mapping[str, Any]) -> dict[str, Any]:
    return {cell["name"]: cell["value"] for cell in one["attributes"]}


def _ours(values: Mapping[str, Any], clock: Clock) -> Row:
    ours = {key.removeprefix(OURS): value for key, value in values.items() if key.startswith(OURS)}
    return {name: clock.at(value) if is_moment(name) else value for name, value in ours.items()}


def _step(event: Mapping[str, Any], clock: Clock) -> Step:
    values = _values(event)
    more = _ours(values, clock)
    task, phase, worker = int(more.pop("task")), str(more.pop("phase")), more.pop("worker", None)
    item = next(one["objectId"] for one in event["relationships"] if one["qualifier"] == "item")
    return Step(
        clock.at(event["time"]),
        int(item.removeprefix("item ")),
        task,
        phase,
        event["type"],
        values[LIFECYCLE],
        values.get("role"),
        None if worker is None else int(worker),
        more,
    )
