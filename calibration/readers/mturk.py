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

from collections.abc import Sequence

import pandas as pd

from .answers import Choice, choose
from .judgements import Reading, Refusals, column, typed, without
from .sheet import Sheet, plain
from .stamps import moments

NAME = "mturk"
TITLE = "MTurk batch results"
REQUIRED = ("HITId", "WorkerId", "AcceptTime", "SubmitTime")
SIGNS = (*REQUIRED, "HITTypeId", "AssignmentId", "AssignmentStatus", "CreationTime", "WorkTimeInSeconds", "Reward")
"""Columns that tell this format from others."""


def missing(sheet: Sheet) -> list[str]:
    """Columns that are needed and are not there."""
    return [name for name in REQUIRED if name not in sheet.header]


def read(sheets: Sequence[Sheet], sources: Sequence[int], label: str | None, refusals: Refusals) -> Reading:
    """Judgements of MTurk batches. sources: number of each sheet among all files.

    Raises ScenarioRefused when no sheet has the column `label`.
    """
    choices = choose(sheets, _candidates, label)
    frames = [
        _read(sheet, source, choice, refusals) for sheet, source, choice in zip(sheets, sources, choices, strict=True)
    ]
    answer = {sheet.name: choice.why for sheet, choice in zip(sheets, choices, strict=True)}
    return Reading(pd.concat(frames, ignore_index=True), answer, ("MTurk batch results hold no test questions.",))


def _candidates(sheets: Sequence[Sheet]) -> list[tuple[str, int]]:
    return [(name, 0) for name in dict.fromkeys(sheets[0].header) if name.startswith("Answer.")]


def _read(sheet: Sheet, source: int, choice: Choice, refusals: Refusals) -> pd.DataFrame:
    started, start_why = moments(column(sheet, "AcceptTime"))
    submitted, submit_why = moments(column(sheet, "SubmitTime"))
    posted, _ = moments(column(sheet, "CreationTime"))
    reward = pd.to_numeric(column(sheet, "Reward").str.replace(r"[^\d.]", "", regex=True), errors="coerce")
    project = column(sheet, "HITTypeId")
    status = column(sheet, "AssignmentStatus").str.lower()
    frame = pd.DataFrame(
        {
            "judgement": column(sheet, "AssignmentId").replace("", None),
            "project": project.where(project != "", sheet.name),
            "item": column(sheet, "HITId"),
            "worker": column(sheet, "WorkerId"),
            "started_at": started,
            "submitted_at": submitted,
            "posted_at": posted,
            "label": plain(sheet.columns[choice.column]) if choice.column else None,
            "outcome": (status == "rejected").map({True: "rejected", False: "accepted"}),
            "reward": reward,
            "source": source,
            "row": sheet.row,
        }
    )
    frame = without(frame, frame["item"] == "", "no HITId", source, refusals)
    frame = without(frame, frame["worker"] == "", "no WorkerId", source, refusals)
    for name, why in (("AcceptTime", start_why), ("SubmitTime", submit_why)):
        for reason in why.dropna().unique():
            bad = (why == reason).reindex(frame.index)
            words = f"{name} is empty" if reason == "none" else f"{name} {reason}"
            frame = without(frame, bad, words, source, refusals)
    return typed(frame)
