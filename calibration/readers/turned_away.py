"""Exports that are known and not read: what they lack, or what to give instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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
    "an OCEL 1.0 log": (("ocel:events",), "it is of the standard before. Convert it to OCEL 2.0 JSON"),
    "a SageMaker Ground Truth output manifest": (
        ("source-ref",),
        "it has neither workers nor times. Give the folder annotations/worker-response of the job",
    ),
    "a Scale task": (
        ("task_id", "params"),
        "it has neither annotator nor start of work, only when a task was made and done. Give what your own log has as "
        "a table: item, worker, submitted_at, label",
    ),
    "a Scale task (v2)": (
        ("task_id", "threads"),
        "it has neither annotator nor start of work, only when a task was made and done. Give what your own log has as "
        "a table: item, worker, submitted_at, label",
    ),
    "an Encord editor log": (
        ("dataUnitId", "sessionId", "actionCategory"),
        "it has neither worker nor label of an item. Give times by task as a table: item, worker, started_at, "
        "submitted_at",
    ),
    "a Sama delivery": (
        ("submitter_ids_by_step",),
        "it names a submitter by step, but no time of a step. Give what times you have as a table: item, worker, "
        "submitted_at, label",
    ),
}
"""By title the keys that tell, and what is missing, with what to do. The first that fits is named."""

DOCCANO = ({"text", "label"}, {"data", "label"}, {"text", "entities"}, {"text", "Comments"})

SHEETS: dict[str, tuple[tuple[str, ...], str]] = {
    "V7 report": (
        ("dataset_slug", "actor_id", "time_per_item"),
        "its rows are sums by person and day, not items. V7 gives times per item through its API only",
    ),
    "Labelbox export v1": (
        ("DataRow ID", "Labeled Data", "Seconds to Label"),
        "it is of the version that Labelbox has replaced. Export again as NDJSON (v2)",
    ),
    "Encord editor log": (
        ("dataUnitId", "sessionId", "actionCategory"),
        "it has neither worker nor label of an item. Give times by task as a table: item, worker, started_at, "
        "submitted_at",
    ),
    "Label Studio CSV": (
        ("annotation_id", "annotator", "lead_time"),
        "it leaves out skips, reviews and, in older versions, times. Export as JSON",
    ),
}


def of_record(record: Mapping[str, Any]) -> str | None:
    """What to tell of a file whose first record this is, None where it is not known to lack anything."""
    for title, (keys, why) in RECORDS.items():
        doccano = title.startswith("Doccano") and any(keys <= record.keys() for keys in DOCCANO)
        if doccano or all(key in record for key in keys):
            return f"this is {title}: {why}."
    return None


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
    return "row 1 is HTML or XML, not CSV. Was a log-in page saved instead of the report?"
