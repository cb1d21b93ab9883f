"""MTurk batch results: one row an assignment.

Read, and how sure we are (twelve batches of 2017 looked at): HITId -> item; WorkerId -> worker; AssignmentId ->
judgement (seen: unique over files); AcceptTime -> started_at and SubmitTime -> submitted_at (seen: "Wed Oct 25
06:27:55 PDT 2017"; WorkTimeInSeconds is their difference); CreationTime -> posted_at; Reward ("$0.15") -> reward;
AssignmentStatus -> outcome (Rejected, else accepted); HITTypeId -> project.
Answers: columns Answer.X; `answers.choose` says which is the label. A HIT is one unit, whatever it asks.
Missing in the export: gold, pauses, and when work really began: an assignment may be accepted long before, while the
worker is busy with another (cleaning.py moves such starts). Batches exported early lack the assignments still out.
"""

from __future__ import annotations

from .canonical import Told
from .judgements import column
from .sheet import Sheet, renamed

NAME = "mturk"
TITLE = "MTurk batch results"
REQUIRED = ("HITId", "WorkerId", "AcceptTime", "SubmitTime")
SIGNS = (*REQUIRED, "HITTypeId", "AssignmentId", "AssignmentStatus", "CreationTime", "WorkTimeInSeconds", "Reward")
"""Columns that tell this format from others."""

NAMES = {
    "judgement": "AssignmentId", "project": "HITTypeId", "item": "HITId", "worker": "WorkerId",
    "started_at": "AcceptTime", "submitted_at": "SubmitTime", "posted_at": "CreationTime",
    "outcome": "AssignmentStatus", "reward": "Reward",
}  # fmt: skip


def missing(sheet: Sheet) -> list[str]:
    """Columns that are needed and are not there."""
    return [name for name in REQUIRED if name not in sheet.columns]


def told(sheet: Sheet) -> Told:
    """The assignments in our names."""
    out = renamed(sheet, NAMES)
    rejected = column(out, "outcome").str.lower() == "rejected"
    out.columns["outcome"] = rejected.map({True: "rejected", False: "accepted"}).astype("str")
    answers = tuple(name for name in out.header if name.startswith("Answer."))
    return Told(out, NAMES, answers, {}, ("MTurk batch results hold no test questions.",))
