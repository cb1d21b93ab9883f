"""Label Studio's JSON export: an array of tasks, each with its annotations; Community, and Enterprise with reviews.

Read, and how sure we are (the vendor's serializers and format page; the export of a running server, 1.23.2): id ->
item, project -> project, created_at -> posted_at; of annotations[]: id -> judgement; completed_by -> worker (an int,
or an object with id: both seen); created_at -> submitted_at (seen: the moment of submit); draft_created_at ->
started_at where it is there, else the start is submit less lead_time; lead_time -> active_seconds (time the editor
was open; it grows when a task is opened again, the vendor's own sample has four days); was_cancelled -> skipped;
ground_truth -> the annotation is its task's known truth and no test of its author; result[] -> answers by from_name.
reviews[] (Enterprise; read in the API's reference, no real export seen): the last one's created_by -> reviewer,
created_at -> reviewed_at, accepted -> accepted or rejected, and fixed where fixed_annotation_history is filled.
Missing in the export: which draft was left, who was given a task and when, and any limit of time. Tasks that nobody
annotated are no rows. Work under way is not told: drafts[] of a snapshot may be left for good, or handed in since.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .canonical import Told
from .documents import Documents, text_of
from .judgements import Progress
from .sheet import gathered

NAME = "label-studio"
TITLE = "Label Studio JSON export"

WORDS = {
    "item": "task id",
    "worker": "completed_by",
    "submitted_at": "created_at of the annotation",
    "started_at": "draft_created_at or lead_time",
}


def shows(record: Mapping[str, Any]) -> bool:
    """Whether a record is a task of Label Studio."""
    return isinstance(record.get("annotations"), list) and "data" in record and "id" in record


def told(documents: Documents, tell: Progress) -> Told:
    """The export in our names."""
    lost: dict[str, list[int]] = {}
    sheet = gathered(documents.name, documents.sha256, _rows(documents, tell, lost), documents.broken, NAME, lost)
    answers = tuple(name for name in sheet.header if name.startswith("Answer."))
    return Told(sheet, WORDS, answers)


def _rows(documents: Documents, tell: Progress, lost: dict[str, list[int]]) -> Iterator[tuple[int, dict[str, str]]]:
    for number, task in documents.records(tell):
        annotations = task.get("annotations")
        if not isinstance(annotations, list):
            lost.setdefault("no annotations in the task", []).append(number)
            continue
        for annotation in annotations:
            if isinstance(annotation, dict):
                yield number, _row(task, annotation)
            else:
                lost.setdefault("an annotation that is no JSON object (exported by id only)", []).append(number)


def _row(task: Mapping[str, Any], annotation: Mapping[str, Any]) -> dict[str, str]:
    row = {
        "judgement": _joined(task.get("project"), annotation.get("id")),
        "project": text_of(task.get("project")),
        "item": _joined(task.get("project"), task.get("id")),
        "worker": _person(annotation.get("completed_by")),
        "posted_at": text_of(task.get("created_at")),
        "started_at": text_of(annotation.get("draft_created_at")),
        "submitted_at": text_of(annotation.get("created_at")),
        "active_seconds": text_of(annotation.get("lead_time")),
        "outcome": "skipped" if annotation.get("was_cancelled") is True else "accepted",
        "truth": text_of(annotation.get("ground_truth") is True),
    }
    if row["started_at"] > row["submitted_at"] != "":
        row["started_at"] = ""
    if row["outcome"] == "accepted":
        row |= _review(annotation.get("reviews"))
    return row | _answers(annotation.get("result"))


def _joined(project: object, number: object) -> str:
    return f"{text_of(project)}-{text_of(number)}" if number is not None and project is not None else text_of(number)


def _person(who: object) -> str:
    if isinstance(who, dict):
        return text_of(who.get("id") if who.get("id") is not None else who.get("email"))
    return text_of(who)


def _review(reviews: object) -> dict[str, str]:
    last = reviews[-1] if isinstance(reviews, list) and reviews else None
    if not isinstance(last, dict):
        return {}
    verdict = "accepted" if last.get("accepted") is True else "rejected"
    return {
        "reviewer": _person(last.get("created_by")),
        "reviewed_at": text_of(last.get("created_at")),
        "outcome": "fixed" if last.get("fixed_annotation_history") else verdict,
    }


def _answers(result: object) -> dict[str, str]:
    """What was chosen or written, by the name of the control; drawings are no answers."""
    out: dict[str, list[str]] = {}
    for region in result if isinstance(result, list) else []:
        if not isinstance(region, dict) or not isinstance(region.get("value"), dict):
            continue
        chosen = region["value"].get(str(region.get("type")))
        if region.get("type") in ("choices", "rating", "number", "textarea", "text", "taxonomy") and chosen is not None:
            out.setdefault(f"Answer.{text_of(region.get('from_name')) or 'result'}", []).append(text_of(chosen))
    return {name: " | ".join(values) for name, values in out.items()}
