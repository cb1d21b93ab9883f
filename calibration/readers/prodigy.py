"""Prodigy's db-out JSONL: one line an answer.

Read, and how sure we are (five answers and one review seen): _input_hash -> item; _timestamp (s since 1970; older
versions lack it) -> submitted_at; _session_id -> worker ("dataset-name" where people open ?session=name; else a stamp
such as 2024-04-23_14-00-48, which stands for a sitting and no person: a note says so); answer ignore -> skipped;
accept[], where there is one, -> the answer, else answer (accept or reject). Of the review recipe (versions[]) each
version is an answer of its own author, the reviewer's is its known truth, _timestamp and _session_id of the line are
reviewed_at and reviewer.
Missing in the export: starts (work is taken to begin with the session's answer before), so work under way too, and
when items were posted. Nothing limits the time of an answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from .canonical import Told
from .documents import Documents, text_of
from .judgements import Progress
from .sheet import gathered

NAME = "prodigy"
TITLE = "Prodigy JSONL"
WORDS = {"item": "_input_hash", "worker": "_session_id", "submitted_at": "_timestamp", "started_at": "start"}
SITTING = re.compile(r"\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d")


def shows(record: Mapping[str, Any]) -> bool:
    """Whether a record is an answer given in Prodigy."""
    return "_input_hash" in record and "answer" in record


def told(documents: Documents, tell: Progress) -> Told:
    """The answers in our names."""
    sheet = gathered(documents.name, documents.sha256, _rows(documents, tell), documents.broken, NAME)
    notes = []
    if "worker" in sheet.columns and sheet.columns["worker"].str.fullmatch(SITTING.pattern).any():
        notes.append("Some Prodigy sessions have no name: each counts as a worker, though a person may have had many.")
    return Told(sheet, WORDS, ("Answer.accept",), {}, tuple(notes))


def _rows(documents: Documents, tell: Progress) -> Iterator[tuple[int, dict[str, str]]]:
    for number, record in documents.records(tell):
        versions = record.get("versions")
        if not isinstance(versions, list):
            yield number, _row(record)
            continue
        final = _row(record)
        review = {"gold": final["Answer.accept"], "reviewer": final["worker"], "reviewed_at": final["submitted_at"]}
        for version in versions:
            if isinstance(version, dict):
                yield number, _row(version) | review


def _row(record: Mapping[str, Any]) -> dict[str, str]:
    answer = text_of(record.get("answer"))
    session = text_of(record.get("_session_id")) or text_of(record.get("_annotator_id"))
    chosen = text_of(record.get("accept")) if isinstance(record.get("accept"), list) else answer
    return {
        "item": text_of(record.get("_input_hash")),
        "worker": session if SITTING.fullmatch(session) else session.rpartition("-")[2],
        "submitted_at": text_of(record.get("_timestamp")),
        "outcome": "skipped" if answer == "ignore" else "accepted",
        "Answer.accept": chosen,
    }
