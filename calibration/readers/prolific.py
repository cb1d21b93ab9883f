"""Prolific's export of a study's submissions: one row a submission, which is an item of its own.

Read, and how sure we are: the layout of 2020 (seen): session_id, participant_id, status, started_datetime,
completed_date_time, time_taken (s), reviewed_at_datetime; the one in use now (from general knowledge, no file seen):
Submission id, Participant id, Status, Started at, Completed at, Reviewed at, Time taken. Status APPROVED or AWAITING
REVIEW -> accepted, REJECTED -> rejected, RETURNED -> returned, TIMED-OUT -> timed_out, ACTIVE: under way at the last
moment that the file tells. Stamps name no zone and are read as UTC. time_taken of submissions that did not end runs
until the export, and is not read.
Missing in the export: what was labelled (answers are in the tool that the study led to), who reviewed, and the
longest that a submission may take, which is a setting of the study.
"""

from __future__ import annotations

from .canonical import Told
from .judgements import column
from .sheet import Sheet, renamed

NAME = "prolific"
TITLE = "Prolific submissions"

OLD = {
    "item": "session_id", "worker": "participant_id", "outcome": "status", "started_at": "started_datetime",
    "submitted_at": "completed_date_time", "reviewed_at": "reviewed_at_datetime",
}  # fmt: skip
NOW = {
    "item": "Submission id", "worker": "Participant id", "outcome": "Status", "started_at": "Started at",
    "submitted_at": "Completed at", "reviewed_at": "Reviewed at",
}  # fmt: skip
SIGNS = ("started_datetime", "completed_date_time", "reviewed_at_datetime", "num_approvals", "prolific_score",
         "Submission id", "Participant id", "Started at", "Completed at", "Completion code")  # fmt: skip
WORDS = {
    "approved": "accepted", "awaiting review": "accepted", "rejected": "rejected", "returned": "returned",
    "timed-out": "timed_out", "active": "active",
}  # fmt: skip


def missing(sheet: Sheet) -> list[str]:
    """Columns that are needed and are not there."""
    layout = _layout(sheet)
    return [
        layout[one]
        for one in ("item", "worker", "outcome", "started_at", "submitted_at")
        if layout[one] not in sheet.columns
    ]


def told(sheet: Sheet) -> Told:
    """The submissions in our names."""
    layout = _layout(sheet)
    out = renamed(sheet, layout)
    status = column(out, "outcome").str.lower().str.replace("_", "-")
    out.columns["outcome"] = status.map({one: WORDS.get(one, one or "active") for one in status.unique()})
    return Told(out, layout, (), {}, ("Prolific names no time zone; its stamps are read as UTC.",))


def _layout(sheet: Sheet) -> dict[str, str]:
    layout = NOW if sum(one in sheet.columns for one in NOW.values()) >= 3 else OLD
    if layout["worker"] not in sheet.columns:
        other = next((one for one in ("worker_id", "worker") if one in sheet.columns), layout["worker"])
        return layout | {"worker": other}
    return layout
