"""Zooniverse's classification export: one row a classification of a subject by a volunteer.

Read, and how sure we are (five rows seen; the project's own field notes): classification_id -> judgement; subject_ids
-> item; user_id -> worker, where empty user_name ("not-logged-in-..." stands for one address, not surely one person);
workflow_id -> project; metadata started_at and finished_at (ISO, with milliseconds) -> started_at and submitted_at,
where finished_at is missing created_at; annotations (a list of task and value) -> an answer by task; gold_standard
true -> the row is its subject's known truth and no test of its author. Rows with live_project false were made in a
test of the project; they are left out where the file has others.
Missing in the export: when subjects were posted, rejects, pauses, and work begun and not ended; nothing limits it.
"""

from __future__ import annotations

import json

import pandas as pd

from .canonical import Told
from .documents import text_of
from .judgements import column
from .sheet import Sheet, renamed

NAME = "zooniverse"
TITLE = "Zooniverse classifications"
REQUIRED = ("classification_id", "user_name", "created_at", "metadata", "annotations", "subject_ids")
SIGNS = (*REQUIRED, "workflow_id", "workflow_version", "gold_standard", "subject_data")
NAMES = {"judgement": "classification_id", "item": "subject_ids", "project": "workflow_id"}
WORDS = {
    **NAMES,
    "worker": "user_name",
    "started_at": "started_at in metadata",
    "submitted_at": "finished_at in metadata",
}


def missing(sheet: Sheet) -> list[str]:
    """Columns that are needed and are not there."""
    return [name for name in REQUIRED if name not in sheet.columns]


def told(sheet: Sheet) -> Told:
    """The classifications in our names."""
    live = column(sheet, "metadata").str.extract(r'"live_project": ?(true|false)')[0]
    tests = (live == "false").to_numpy(bool)
    lost = {}
    notes = ["A volunteer who had not logged in is known by address only; some may be several, or one of several."]
    if tests.any() and not tests.all():
        lost["made in a test of the project (live_project false)"] = sheet.row[tests]
        sheet = sheet.only(~tests)
    elif tests.any():
        notes.append(f"All rows of {sheet.name} were made in a test of the project (live_project false).")
    out = renamed(sheet, NAMES, lost)
    metadata = column(sheet, "metadata")
    for name, key in (("started_at", "started_at"), ("submitted_at", "finished_at")):
        out.columns[name] = metadata.str.extract(rf'"{key}": ?"([^"]*)"')[0].fillna("").astype("str")
    out.columns["submitted_at"] = out.columns["submitted_at"].where(
        out.columns["submitted_at"] != "", column(sheet, "created_at")
    )
    user = column(sheet, "user_id")
    out.columns["worker"] = user.where(user != "", column(sheet, "user_name"))
    out.columns["truth"] = column(sheet, "gold_standard")
    values = [_answers(text) for text in column(sheet, "annotations")]
    names = tuple(dict.fromkeys(name for one in values for name in one))
    for name in names:
        out.columns[name] = pd.Series([one.get(name, "") for one in values], index=out.columns.index, dtype="str")
    return Told(out.with_header(), WORDS, names, {}, tuple(notes))


def _answers(text: str) -> dict[str, str]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    out: dict[str, str] = {}
    for one in found if isinstance(found, list) else []:
        if isinstance(one, dict) and "task" in one:
            value = one.get("value")
            choices = (
                [each.get("choice", each) if isinstance(each, dict) else each for each in value]
                if isinstance(value, list)
                else value
            )
            out[f"Answer.{text_of(one['task'])}"] = text_of(choices)
    return out
