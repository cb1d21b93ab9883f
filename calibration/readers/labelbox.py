"""Labelbox's export (v2), NDJSON or an array: one data row a record, with the labels that each project gave it.

Read, and how sure we are (the vendor's notebooks and tests, VERIFIED-DOC; no real export could be had): data_row.id
-> item, with the project's id before it; data_row.details.created_at -> posted_at; projects{} -> a project each, and
of its labels[] a judgement each: id -> judgement; label_details.created_by -> worker, created_at -> submitted_at
(moment of the first submit); performance_details.seconds_to_create -> active_seconds (CODE-SEEN: a client takes
seconds_to_review from it, so it may include review: where both are there the difference is taken if it is positive),
skipped -> skipped, benchmark_reference_label -> that label is its row's known truth; annotations.classifications[] ->
an answer by name (one choice, several, or text); objects, which are drawings, are no answers. The start is submit
less active time.
Reviews: label_details.reviews[] (UNVERIFIED), else project_details.workflow_history[], newest first (CODE-SEEN): the
last approval or rejection gives reviewer, reviewed_at and outcome; a label mended in review is not told apart.
Missing in the export: who was given a row and when, so work under way too, the worker's own later edits, the times of
single reviews, and any limit of time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .canonical import Told
from .documents import Documents, text_of
from .judgements import Progress
from .sheet import gathered

NAME = "labelbox"
TITLE = "Labelbox export"
WORDS = {
    "item": "data_row.id",
    "worker": "label_details.created_by",
    "submitted_at": "label_details.created_at",
    "started_at": "performance_details.seconds_to_create",
}
VERDICTS = {"approve": "accepted", "approved": "accepted", "accept": "accepted", "reject": "rejected",
            "rejected": "rejected"}  # fmt: skip


def shows(record: Mapping[str, Any]) -> bool:
    """Whether a record is a data row of Labelbox."""
    return isinstance(record.get("data_row"), dict) and "projects" in record


def told(documents: Documents, tell: Progress) -> Told:
    """The labels in our names."""
    lost: dict[str, list[int]] = {}
    sheet = gathered(documents.name, documents.sha256, _rows(documents, tell, lost), documents.broken, NAME, lost)
    answers = tuple(name for name in sheet.header if name.startswith("Answer."))
    return Told(sheet, WORDS, answers)


def _rows(documents: Documents, tell: Progress, lost: dict[str, list[int]]) -> Iterator[tuple[int, dict[str, str]]]:
    for number, record in documents.records(tell):
        projects = record.get("projects")
        labelled = False
        for key, project in projects.items() if isinstance(projects, dict) else ():
            labels = _map(project).get("labels")
            known = _references(labels)
            for label in labels if isinstance(labels, list) else ():
                labelled = True
                if isinstance(label, dict):
                    yield number, _row(record, text_of(key), _map(project), label, known)
                else:
                    lost.setdefault("a label that is no JSON object", []).append(number)
        if not labelled:
            lost.setdefault("nobody has labelled the row", []).append(number)


def _row(
    record: Mapping[str, Any], key: str, project: Mapping[str, Any], label: Mapping[str, Any], known: set[str]
) -> dict[str, str]:
    data_row, details = _map(record.get("data_row")), _map(label.get("label_details"))
    performance = _map(label.get("performance_details"))
    own = text_of(data_row.get("id"))
    row = {
        "judgement": text_of(label.get("id")),
        "project": text_of(project.get("name")) or key,
        "item": f"{key}-{own}" if own else "",
        "worker": text_of(details.get("created_by")),
        "posted_at": text_of(_map(data_row.get("details")).get("created_at")),
        "submitted_at": text_of(details.get("created_at")),
        "active_seconds": _seconds(performance),
        "outcome": "skipped" if performance.get("skipped") is True else "accepted",
        "truth": text_of(text_of(label.get("id")) in known),
    }
    if row["outcome"] == "accepted":
        row |= _review(details.get("reviews"), _map(project.get("project_details")).get("workflow_history"))
    return row | _answers(_map(label.get("annotations")).get("classifications"))


def _map(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _references(labels: object) -> set[str]:
    """Ids of the labels that others are held against."""
    told = [_map(_map(one).get("performance_details")) for one in labels] if isinstance(labels, list) else []
    return {text_of(one.get("benchmark_reference_label")) for one in told} - {""}


def _seconds(performance: Mapping[str, Any]) -> str:
    """Active time of the labeller as text, blank where it is not told."""
    create, review = (performance.get(name) for name in ("seconds_to_create", "seconds_to_review"))
    if not isinstance(create, int | float):
        return text_of(create)
    return text_of(create - review if isinstance(review, int | float) and 0 < review < create else create)


def _review(reviews: object, history: object) -> dict[str, str]:
    """Reviewer, moment and verdict of the last review, nothing where there was none."""
    steps = reviews if isinstance(reviews, list) and reviews else history
    told = [one for one in steps if isinstance(one, dict)] if isinstance(steps, list) else []
    ruled = [one for one in told if _verdict(one)]
    if not ruled:
        return {}
    last = max(ruled, key=lambda one: text_of(one.get("created_at")))
    return {
        "reviewer": text_of(last.get("created_by")),
        "reviewed_at": text_of(last.get("created_at")),
        "outcome": _verdict(last),
    }


def _verdict(review: Mapping[str, Any]) -> str:
    """In our words, blank where a step of the workflow is no verdict."""
    action = review.get("action")
    if isinstance(action, str):
        return VERDICTS.get(action.strip().lower(), "")
    score = review.get("score")
    if isinstance(score, int | float) and score != 0:
        return "accepted" if score > 0 else "rejected"
    return ""


def _answers(classifications: object) -> dict[str, str]:
    out: dict[str, list[str]] = {}
    for one in classifications if isinstance(classifications, list) else []:
        if not isinstance(one, dict):
            continue
        given = one.get("radio_answer") or one.get("checklist_answers") or one.get("text_answer")
        texts = [_map(each) for each in (given if isinstance(given, list) else [given])]
        found = filter(None, (text_of(each.get("name") or each.get("content")) for each in texts))
        out.setdefault(f"Answer.{text_of(one.get('name')) or 'classification'}", []).extend(found)
    return {name: " | ".join(values) for name, values in out.items()}
