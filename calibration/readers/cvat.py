"""CVAT's events as CSV (Export events): one row an event; the work of each person on each job is put together.

Read, and how sure we are (the vendor's table of columns, its page on analytics and the source that writes the events,
VERIFIED-DOC; no real file could be had): job_id -> item; user_id -> worker; timestamp (UTC) -> the first and the last
event of a person on a job are started_at and submitted_at; project_id -> project; of the server's events create:job
-> posted_at, and update:job whose obj_name is stage -> the job's stage from then on (obj_val; before the first change
old_value in payload). A change of stage begins a new row, so that rework is told apart; attempt counts a person's
rows of a job and stage. active_seconds is worked out as CVAT does: gaps of at most 100 s between a person's
consecutive client events, each given to the job of the earlier one, and what a change:frame (duration, ms) outlasts
them.
Missing in the export: labels, verdicts of reviewers, known truths, any limit of time, and whether a job is done: no
event begins or ends work, so that a person's last event of a job is its end whether or not more is to come, and no job
is told to be under way. stage is blank where no change of it is in the
file.
A person's events of a job without any working time are counted and left out.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from .canonical import Told
from .judgements import column
from .sheet import Sheet
from .stamps import moments

NAME = "cvat"
TITLE = "CVAT events"
REQUIRED = ("scope", "timestamp", "job_id", "user_id")
SIGNS = ("scope", "obj_name", "obj_id", "obj_val", "job_id", "user_email", "org_slug", "payload")
"""Columns that tell this format from others."""

WORDS = {"item": "job_id", "worker": "user_id", "submitted_at": "timestamp", "started_at": "timestamp"}
OLD = r"old_value['\"]?\s*[:=]\s*['\"]([^'\"]+)"
"""In the payload of a change, what was there before."""

GAP_MS = 100_000
"""Pauses up to it are work."""


def missing(sheet: Sheet) -> list[str]:
    """Columns that are needed and are not there."""
    return [name for name in REQUIRED if name not in sheet.columns]


def told(sheet: Sheet) -> Told:
    """The work of each person on each job, in each stage that it went through, in our names."""
    when, why = moments(column(sheet, "timestamp"))
    lost = {
        "timestamp is empty" if reason == "none" else f"timestamp {reason}": sheet.row[(why == reason).to_numpy(bool)]
        for reason in why.dropna().unique()
    }
    frame = pd.DataFrame({name: column(sheet, name) for name in (*REQUIRED, "obj_name", "obj_val", "payload")})
    frame = frame.assign(
        project=column(sheet, "project_id"),
        client=column(sheet, "source").str.lower(),
        ms=when.astype("datetime64[ms]").astype("int64"),
        lasted=_milliseconds(column(sheet, "duration")),
        row=sheet.row,
    )
    frame = frame[when.notna()].sort_values(["ms", "row"], ignore_index=True)
    frame["stage"], frame["round"] = _stages(frame)
    work = _work(frame)
    posted = frame[frame["scope"] == "create:job"].drop_duplicates("job_id").set_index("job_id")["timestamp"]
    none = (work["active"] <= 0).to_numpy(bool)
    lost["no working time of the person on the job"] = work["row"].to_numpy(np.int64)[none]
    work = work[~none].sort_values("row", ignore_index=True)
    columns = pd.DataFrame(
        {
            "item": work["job_id"],
            "worker": work["user_id"],
            "project": work["project"],
            "stage": work["stage"],
            "started_at": work["first"],
            "submitted_at": work["last"],
            "posted_at": work["job_id"].map(posted).astype("str").fillna(""),
            "active_seconds": (work["active"] / 1000).astype(str),
            "attempt": (work.groupby(["job_id", "user_id", "stage"]).cumcount() + 1).astype(str),
        }
    ).astype("str")
    out = replace(
        sheet, columns=columns, header=tuple(columns.columns), row=work["row"].to_numpy(np.int64),
        lost={reason: rows for reason, rows in lost.items() if len(rows)},
    )  # fmt: skip
    return Told(out, WORDS, (), {}, ("Work in CVAT is put together from events; pauses above 100 s are not work.",))


def _milliseconds(text: pd.Series[str]) -> npt.NDArray[np.int64]:
    """Durations as whole ms, 0 where there is none, at most a day."""
    number = pd.to_numeric(text, errors="coerce").fillna(0).clip(0, 86_400_000)
    return np.asarray(number.round(), dtype=np.int64)


def _stages(frame: pd.DataFrame) -> tuple[pd.Series[str], pd.Series[int]]:
    """(stage, changes of stage before) of each event, in the order of time; a change belongs to the old stage."""
    change = (frame["scope"] == "update:job") & (frame["obj_name"] == "stage") & (frame["job_id"] != "")
    if not change.any():
        return pd.Series("", index=frame.index, dtype="str"), pd.Series(0, index=frame.index)
    by_job = frame["job_id"]
    rounds = change.astype(int).groupby(by_job).cumsum() - change.astype(int)
    after = frame["obj_val"].where(change).groupby(by_job).ffill().groupby(by_job).shift()
    old = frame["payload"].str.extract(OLD)[0]
    first = old.where(change).groupby(by_job).transform("first")
    return after.fillna(first).fillna("").astype("str"), rounds


def _work(frame: pd.DataFrame) -> pd.DataFrame:
    """One row a person, job and round: first, last (stamps), active (ms), row (of the last event)."""
    client = frame["client"] == "client"
    if not client.any():
        client = ~client
    mine = frame[client & (frame["scope"] != "send:working_time") & (frame["user_id"] != "")]
    mine = mine.sort_values(["user_id", "ms", "row"], ignore_index=True)
    begin = mine["ms"]
    end = begin + mine["lasted"].where(mine["scope"] == "change:frame", 0)
    reached = end.groupby(mine["user_id"]).cummax().groupby(mine["user_id"]).shift()
    gap = begin - reached
    pause = gap.where((gap > 0) & (gap <= GAP_MS), 0)
    beyond = (end - pd.concat([reached.fillna(0), begin], axis=1).max(axis=1)).clip(lower=0)
    before = pause.groupby(mine["user_id"]).shift(-1).fillna(0)  # a gap is of the job of the earlier event
    mine = mine.assign(active=before + beyond)
    mine = mine[mine["job_id"] != ""]
    grouped = mine.groupby(["job_id", "round", "user_id"], sort=False)
    return grouped.agg(
        first=("timestamp", "first"), last=("timestamp", "last"), active=("active", "sum"), row=("row", "last"),
        project=("project", "last"), stage=("stage", "first"),
    ).reset_index()  # fmt: skip
