"""Exports that are known and not read: what they lack, or what to give instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

AS_TABLE = (
    "labelcast does not read it yet. Give it as a table, CSV or Parquet: item, worker, started_at, submitted_at, label"
)

RECORDS: dict[str, tuple[tuple[str, ...], str]] = {
    "Argilla records": (
        ("fields", "responses"),
        "their responses have no time. Log each response's time yourself and give it as a table: item, worker, "
        "submitted_at, label",
    ),
    "Label Studio JSON_MIN": (
        ("annotation_id", "annotator"),
        "it leaves out skips, reviews and, in older versions, times. Export as JSON",
    ),
    "a Label Studio snapshot of ids": (("task", "was_cancelled"), "it has no tasks. Export as JSON, with annotations"),
    "a V7 annotation file": (
        ("annotations", "item", "schema_ref"),
        "it has neither worker nor times. V7 gives times per item through its API only: make a table of them",
    ),
    "Doccano JSONL": (
        ("text", "label"),
        "it has neither worker nor time. Take user and created_at from Doccano's own database (its table of labels), "
        "as a table: item, worker, submitted_at, label",
    ),
    "Labelbox NDJSON": (("data_row", "projects"), AS_TABLE),
    "an OCEL 2.0 log": (("objectTypes", "eventTypes"), AS_TABLE),
    "a SageMaker Ground Truth response": (("answers.acceptanceTime",), AS_TABLE),
    "a Sama delivery": (
        ("submitter_ids_by_step",),
        "it names a submitter by step, but no time of a step. Give what times you have as a table: item, worker, "
        "submitted_at, label",
    ),
}
"""By title the keys that tell, and what is missing, with what to do. The first that fits is named. list.key: a key of
the first object in a list."""

DOCCANO = ({"text", "label"}, {"data", "label"}, {"text", "entities"}, {"text", "Comments"})

SHEETS: dict[str, tuple[tuple[str, ...], str]] = {
    "CVAT events file": (("scope", "obj_name", "job_id", "user_id"), AS_TABLE),
    "V7 report": (
        ("dataset_slug", "actor_id", "time_per_item"),
        "its rows are sums by person and day, not items. V7 gives times per item through its API only",
    ),
    "Label Studio CSV": (
        ("annotation_id", "annotator", "lead_time"),
        "it leaves out skips, reviews and, in older versions, times. Export as JSON",
    ),
}


def of_record(record: Mapping[str, Any]) -> str | None:
    """What to tell of a file whose first record this is, None where it is not known to lack anything."""
    there = {*record} | {
        f"{name}.{key}" for name, value in record.items() if isinstance(value, list) for key in _keys(value)
    }
    for title, (keys, why) in RECORDS.items():
        doccano = title.startswith("Doccano") and any(keys <= record.keys() for keys in DOCCANO)
        if doccano or all(key in there for key in keys):
            return f"this is {title}: {why}."
    return None


def _keys(values: Sequence[Any]) -> Sequence[str]:
    return [*values[0]] if values and isinstance(values[0], dict) else []


def of_header(header: tuple[str, ...]) -> str | None:
    """The same, by the names of columns."""
    for title, (names, why) in SHEETS.items():
        if all(name in header for name in names):
            return f"this is a {title}: {why}."
    return None


def of_xml(start: str) -> str:
    """What to tell of a file of XML, by its beginning in lower case."""
    if "<annotations" in start and "<html" not in start:
        return (
            "this is CVAT's annotation XML: it has neither workers nor times of objects. Export the project's events "
            "(Analytics, Export events)."
        )
    if "<log" in start and "xes" in start:
        return f"this is an XES event log: {AS_TABLE}."
    return "row 1 is HTML or XML, not CSV. Was a log-in page saved instead of the report?"
