"""A plain table, CSV or Parquet: one row a judgement, in columns of our names, of names near them, or as a map says.

Needed: item, worker, and submitted_at, with started_at or active_seconds where known. Read as well: judgement,
project, stage, role, posted_at, assigned_at, limit_seconds (longest that was allowed, in seconds), label, gold,
golden, correct, outcome, reviewer, reviewed_at, attempt, reward.
A row with a start, no end, no label and no outcome, or one that says so (active, in progress), is work under way.
An event log is such a table: its case is the item, its activity the stage; where a row is one event of an activity's
life (lifecycle:transition) and no column holds starts, rows are put together as `lifecycle` does.
Names are compared without capitals, blanks and signs, in the order of NAMES; a name that says nothing is never taken.
missed is the opposite of correct; tainted means rejected. Whatever a file lacks is said in the notes of the fit.
Verified: on tables that other code made of CrowdFlower and MTurk exports, against our own reading of the exports.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from ...sim.errors import DataRefused
from .canonical import YES, Told
from .judgements import OUTCOMES, column
from .lifecycle import WORDS as STEPS
from .lifecycle import earliest, paired
from .mapping import Map
from .names import NAMES, bare
from .sheet import Sheet
from .stamps import EARLIEST

NAME = "plain"
TITLE = "table of judgements"

CASES = ("caseid", "case", "caseconceptname")
ACTIVITIES = ("task", "taskname", "activityname", "event")
"""In an event log, which has a case, what a task or an event is: a step of the work, and no item."""

TRANSITIONS = ("lifecycletransition", "lifecycle", "transition")
"""Names of the column that says, in an event log of one row an event, which step of its life an activity takes."""

NEEDED = ("item", "worker", "submitted_at")

WORDS = {
    "approved": "accepted", "submitted": "accepted", "done": "accepted", "completed": "accepted",
    "complete": "accepted", "ok": "accepted", "reject": "rejected", "timeout": "timed_out", "skip": "skipped",
    "cancelled": "skipped", "abandoned": "returned", "active": "active", "inprogress": "active",
}  # fmt: skip
"""Outcomes in the words of platforms, without capitals and signs."""


def proposed(sheet: Sheet) -> dict[str, tuple[str, ...]]:
    """Of our columns those that the sheet has, each with the sheet's columns that may be it, the surest first."""
    known = {name: bare(name) for name in dict.fromkeys(sheet.header)}
    out = {}
    cases = {short for short in known.values() if short in CASES}
    for ours, names in NAMES.items():
        if cases and ours == "item":
            names = (*CASES, *(name for name in names if name not in (*CASES, *ACTIVITIES)))
        if cases and ours == "stage":
            names = (*names, *ACTIVITIES)
        found = [theirs for name in names for theirs, short in known.items() if short == name]
        if found:
            out[ours] = tuple(found)
    return out


def fits(sheet: Sheet) -> bool:
    """Whether the sheet has all that a table of judgements needs."""
    return proposed(sheet).keys() >= {*NEEDED}


def told(sheet: Sheet, by: Map | None = None) -> Told:
    """The sheet in our names, by its map or by the names of its columns.

    Raises DataRefused where the map names a column that is not there, or two columns have a name that is needed.
    """
    if by is None:
        chosen = {ours: theirs[0] for ours, theirs in proposed(sheet).items()}
        by = Map(chosen)
    by.check(sheet, NEEDED)
    named = {ours: sheet.columns[theirs] for ours, theirs in by.columns.items()}
    frame = sheet.columns.copy(deep=False)
    frame = frame.drop(columns=[name for name in frame.columns if name in NAMES or name == "truth"])
    for ours, values in named.items():
        if ours != "label":
            frame[ours] = values
    if "active_seconds" in named:
        frame["active_seconds"] = _seconds(named["active_seconds"], by.seconds)
    if "outcome" in named:
        frame["outcome"] = _outcomes(named["outcome"], by.outcomes)
    frame = _under_way(_verdicts(frame, named), named)
    label = by.columns.get("label")
    if label is not None:
        frame[label] = named["label"]
    clean = replace(sheet, columns=frame, header=tuple(frame.columns))
    told = ", ".join(f"{ours} = {theirs}" for ours, theirs in by.columns.items() if ours != theirs)
    notes = [f"Columns were read as {told}; `--map` says otherwise."] if told and not by.given else []
    steps = next((name for name in dict.fromkeys(sheet.header) if bare(name) in TRANSITIONS), None)
    if steps is not None and "started_at" not in named and sheet.columns[steps].str.lower().isin(STEPS).any():
        columns = frame.rename(columns={"submitted_at": "at"}).assign(transition=sheet.columns[steps])
        clean, said = paired(replace(clean, columns=columns, header=tuple(columns.columns)), by.timezone)
        notes.extend(said)
    answers = () if label is None else (label,)
    first = earliest(named["submitted_at"]) if "stage" in named else EARLIEST
    return Told(clean, by.columns, answers, {}, tuple(notes), by.timezone, first)


def _verdicts(frame: pd.DataFrame, named: Mapping[str, pd.Series[str]]) -> pd.DataFrame:
    """missed and tainted in the words of the others."""
    if "missed" in named and "correct" not in named:
        missed = named["missed"].str.strip().str.lower().isin(YES)
        asked = frame["golden"].str.strip().str.lower().isin(YES) if "golden" in frame else missed
        frame["correct"] = missed.map({True: "false", False: "true"}).astype("str").where(asked, "")
    if "tainted" in named and "outcome" not in named:
        frame["outcome"] = (
            named["tainted"].str.strip().str.lower().isin(YES).map({True: "rejected", False: ""}).astype("str")
        )
    return frame


def _under_way(frame: pd.DataFrame, named: Mapping[str, pd.Series[str]]) -> pd.DataFrame:
    """Rows that only begin marked as active."""
    if "started_at" not in named:
        return frame
    begun = named["started_at"].str.strip() != ""
    for other in ("submitted_at", "label", "outcome", "active_seconds"):
        begun &= named[other].str.strip() == "" if other in named else True
    if begun.any():
        outcome = frame["outcome"] if "outcome" in frame else pd.Series("", index=frame.index, dtype="str")
        frame["outcome"] = outcome.mask(begun, "active")
    return frame


def _seconds(text: pd.Series[str], seconds: float) -> pd.Series[str]:
    if seconds == 1:
        return text
    return (pd.to_numeric(text, errors="coerce") * seconds).astype("str").replace("nan", "").fillna("")


def _outcomes(text: pd.Series[str], said: Mapping[str, str]) -> pd.Series[str]:
    unique = text.unique()
    own = {bare(word): outcome for word, outcome in said.items()}
    ours = {bare(one): one for one in OUTCOMES}
    return text.map({one: own.get(bare(one)) or ours.get(bare(one)) or WORDS.get(bare(one), one) for one in unique})


def refusal(sheet: Sheet) -> DataRefused | None:
    """Why a table that has some of what is needed cannot be calibrated, None where it is no such table."""
    found = proposed(sheet)
    missing = [name for name in NEEDED if name not in found]
    if len(missing) != 1 or (
        "submitted_at" in missing and not found.keys() & {"label", "active_seconds", "started_at"}
    ):
        return None
    if missing == ["worker"] and not (column(sheet, found["submitted_at"][0]) != "").any():
        return None
    shown = ", ".join(name[:30] for name in sheet.header[:12])
    hint = " Labels without times are for `labelcast quality`." if missing == ["submitted_at"] else ""
    return DataRefused(
        f"{sheet.name}: row 1 has no column that is taken as {missing[0]}; it has {shown}.{hint} Name it in a map: "
        "`labelcast map FILE` writes one, `--map` reads it."
    )
