"""Toloka's assignments as TSV: one row a task; the tasks of an assignment, a page, share its stamps.

Read, and how sure we are (the source of Toloka's own client; no real file could be had): ASSIGNMENT:task_id -> item,
:worker_id -> worker, :started -> started_at, :submitted -> submitted_at, :accepted or :rejected -> reviewed_at,
:reward; :status SUBMITTED or APPROVED -> accepted, REJECTED -> rejected, SKIPPED -> skipped, EXPIRED -> expired,
ACTIVE: under way at the last moment that the file tells; OUTPUT:x -> answers, GOLDEN:x -> the known truth of the same
name. Stamps name no zone and are read as UTC.
Missing in the export: the reviewer, when tasks were posted, and the time allowed, which is a setting of the pool. The
default download holds approved assignments only, without the time of submit: ask for all columns and all statuses.
"""

from __future__ import annotations

from .canonical import Told
from .judgements import column
from .sheet import Sheet, renamed

NAME = "toloka"
TITLE = "Toloka assignments"
REQUIRED = (
    "ASSIGNMENT:task_id",
    "ASSIGNMENT:worker_id",
    "ASSIGNMENT:status",
    "ASSIGNMENT:started",
    "ASSIGNMENT:submitted",
)
SIGNS = (*REQUIRED, "ASSIGNMENT:assignment_id", "ASSIGNMENT:task_suite_id", "ASSIGNMENT:link", "ASSIGNMENT:reward")

NAMES = {
    "item": "ASSIGNMENT:task_id", "worker": "ASSIGNMENT:worker_id", "outcome": "ASSIGNMENT:status",
    "started_at": "ASSIGNMENT:started", "submitted_at": "ASSIGNMENT:submitted", "reward": "ASSIGNMENT:reward",
}  # fmt: skip
WORDS = {"submitted": "accepted", "approved": "accepted", "accepted": "accepted"}


def missing(sheet: Sheet) -> list[str]:
    """Columns that are needed and are not there."""
    return [name for name in REQUIRED if name not in sheet.columns]


def told(sheet: Sheet) -> Told:
    """The assignments in our names."""
    out = renamed(sheet, NAMES)
    status = column(out, "outcome").str.lower()
    out.columns["outcome"] = status.map({one: WORDS.get(one, one) for one in status.unique()})
    accepted = column(sheet, "ASSIGNMENT:accepted")
    out.columns["reviewed_at"] = accepted.where(accepted != "", column(sheet, "ASSIGNMENT:rejected"))
    answers = tuple(name for name in sheet.header if name.startswith("OUTPUT:"))
    golds = {name: name.replace("OUTPUT:", "GOLDEN:", 1) for name in answers}
    return Told(out, NAMES, answers, golds, ("Toloka names no time zone; its stamps are read as UTC.",))
