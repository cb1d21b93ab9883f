"""CVAT's table of analytics (its paid editions): a row is a person's work on a job as it stood.

Read, and how sure we are (the vendor's page on analytics, VERIFIED-DOC; no real file could be had): Job ID -> item;
User -> worker; Task ID -> project; Stage -> stage (annotation, validation, acceptance: UNVERIFIED); Type -> role;
Start UTC time -> started_at; End UTC time -> submitted_at; Working time (ms) -> active_seconds.
Missing in the export: labels, when a job was posted, and the verdict on a single piece of work: State tells that a
job was rejected, which shows as the job coming back to the stage annotation. Rows without working time are left out.
A row without an end is refused: the table is made row by row when something changes, and no document tells what an
open row means.
"""

from __future__ import annotations

import pandas as pd

from .canonical import Told
from .judgements import column
from .sheet import Sheet, renamed

NAME = "cvat-table"
TITLE = "CVAT analytics table"
REQUIRED = ("Job ID", "User", "Start UTC time", "End UTC time", "Working time (ms)")
SIGNS = (*REQUIRED, "Task ID", "Assignee", "Frame Count", "Created objects", "Updated objects", "Deleted objects")
"""Columns that tell this format from others."""

NAMES = {
    "item": "Job ID", "worker": "User", "project": "Task ID", "stage": "Stage", "role": "Type",
    "started_at": "Start UTC time", "submitted_at": "End UTC time",
}  # fmt: skip


def missing(sheet: Sheet) -> list[str]:
    """Columns that are needed and are not there."""
    return [name for name in REQUIRED if name not in sheet.columns]


def told(sheet: Sheet) -> Told:
    """The work in our names."""
    spent = pd.to_numeric(column(sheet, "Working time (ms)"), errors="coerce") / 1000
    idle = (spent <= 0).to_numpy(bool)
    lost = {"no working time in the row": sheet.row[idle]} if idle.any() else {}
    out = renamed(sheet.only(~idle), NAMES, lost)
    out.columns["active_seconds"] = spent[~idle].reset_index(drop=True).astype("str").replace("nan", "").fillna("")
    return Told(out.with_header(), NAMES)
