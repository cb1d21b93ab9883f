"""MTurk batch results: one row an assignment.

Read, and how sure we are (twelve batches of 2017 looked at): HITId -> item; WorkerId -> worker; AssignmentId ->
judgement (seen: unique over files); AcceptTime -> started_at and SubmitTime -> submitted_at (seen: "Wed Oct 25
06:27:55 PDT 2017"; WorkTimeInSeconds is their difference); CreationTime -> posted_at; Reward ("$0.15") -> reward;
AssignmentStatus -> outcome (Rejected, else accepted; seen: Approved with a RejectionTime, overturned); HITTypeId ->
project; AssignmentDurationInSeconds (seen: 600, and no assignment took longer) or, where it is called so,
AssignmentDuration (not seen) -> limit_seconds. ApprovalTime or RejectionTime -> reviewed_at; automatic, by the
platform itself, if not before AutoApprovalTime (seen: some seconds after it, and in another layout than the other
stamps).
Answers: columns Answer.X; `answers.choose` says which is the label. A HIT is one unit, whatever it asks.
Missing in the export: gold, pauses, and when work really began: an assignment may be accepted long before, while the
worker is busy with another (cleaning.py moves such starts). Batches exported early lack the assignments still out:
none was seen. Should a row have an AcceptTime, no SubmitTime and a status that is not Submitted, Approved or Rejected,
it is work under way.
"""

from __future__ import annotations

from .canonical import Told
from .judgements import column
from .sheet import Sheet, renamed
from .stamps import moments

NAME = "mturk"
TITLE = "MTurk batch results"
REQUIRED = ("HITId", "WorkerId", "AcceptTime", "SubmitTime")
SIGNS = (*REQUIRED, "HITTypeId", "AssignmentId", "AssignmentStatus", "CreationTime", "WorkTimeInSeconds", "Reward")
"""Columns that tell this format from others."""

NAMES = {
    "judgement": "AssignmentId", "project": "HITTypeId", "item": "HITId", "worker": "WorkerId",
    "started_at": "AcceptTime", "submitted_at": "SubmitTime", "posted_at": "CreationTime",
    "outcome": "AssignmentStatus", "reward": "Reward", "limit_seconds": "AssignmentDurationInSeconds",
}  # fmt: skip

ENDED = frozenset({"submitted", "approved", "rejected"})
"""Statuses of assignments that were handed in."""


def missing(sheet: Sheet) -> list[str]:
    """Columns that are needed and are not there."""
    return [name for name in REQUIRED if name not in sheet.columns]


def told(sheet: Sheet) -> Told:
    """The assignments in our names."""
    out = renamed(sheet, NAMES)
    if "limit_seconds" not in out.columns:
        out.columns["limit_seconds"] = column(sheet, "AssignmentDuration")
    status = column(out, "outcome").str.lower()
    rejected = status == "rejected"
    going = ~status.isin(ENDED) & (column(out, "submitted_at") == "") & (column(out, "started_at") != "")
    out.columns["outcome"] = rejected.map({True: "rejected", False: "accepted"}).astype("str").mask(going, "active")
    approved, turned_down = column(sheet, "ApprovalTime"), column(sheet, "RejectionTime")
    verdict = approved.where(~rejected & (approved != ""), turned_down.where(rejected, ""))
    out.columns["reviewed_at"] = verdict
    late = moments(verdict)[0] >= moments(column(sheet, "AutoApprovalTime"))[0]
    out.columns["automatic"] = (late & ~rejected).map({True: "true", False: ""}).astype("str")
    answers = tuple(name for name in out.header if name.startswith("Answer."))
    return Told(out, NAMES, answers, {}, ("MTurk batch results hold no test questions.",))
