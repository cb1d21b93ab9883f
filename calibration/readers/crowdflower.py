"""CrowdFlower (Figure Eight, Appen) full reports: one row a judgement.

Read, and how sure we are (two jobs of two years looked at, 2012 and 2015):
_unit_id -> item; _worker_id -> worker; _id -> judgement (seen: unique over files); _created_at -> submitted_at and
_started_at -> started_at (seen: M/D/YYYY HH:MM:SS, no zone; read as UTC, which no document confirmed; one pair of
stamps for all units of a page); _golden -> golden; _missed -> correct (seen: "true" when the worker failed the test
question, otherwise empty or "false"); _tainted -> outcome (the platform dropped the worker).
Answers: columns X; X_gold holds the accepted answers, one a line; `answers.choose` says which X is the label. Where a
label and its gold are both there, they decide whether it is right; else _missed does, which covers all questions of
the unit together.
Missing in the export: when units were posted, job number (the file's name stands for it), pay, pages not handed in,
and the time allowed for a page, which is a setting of the job. Some exports lack
_golden and _missed: then nothing is known of accuracy, unless X_gold is filled.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from .answers import MOST_CLASSES, Choice, choose
from .judgements import Reading, Refusals, column, typed, without
from .sheet import Sheet, plain
from .stamps import moments

NAME = "crowdflower"
TITLE = "CrowdFlower full report"
REQUIRED = ("_unit_id", "_worker_id", "_started_at", "_created_at")
SIGNS = (*REQUIRED, "_id", "_golden", "_missed", "_tainted", "_trust", "_channel")
"""Columns that tell this format from others."""


def missing(sheet: Sheet) -> list[str]:
    """Columns that are needed and are not there."""
    return [name for name in REQUIRED if name not in sheet.header]


def read(sheets: Sequence[Sheet], sources: Sequence[int], label: str | None, refusals: Refusals) -> Reading:
    """Judgements of CrowdFlower reports. sources: number of each sheet among all files.

    Raises ScenarioRefused when no sheet has the column `label`.
    """
    choices = choose(sheets, _candidates, label)
    frames = [
        _read(sheet, source, choice, refusals) for sheet, source, choice in zip(sheets, sources, choices, strict=True)
    ]
    answer = {sheet.name: choice.why for sheet, choice in zip(sheets, choices, strict=True)}
    notes = ["CrowdFlower stamps name no time zone; they are read as UTC."]
    if all("_missed" not in sheet.header and "_golden" not in sheet.header for sheet in sheets):
        notes.append(
            "The CrowdFlower reports have neither _golden nor _missed: test questions are known by X_gold only."
        )
    return Reading(pd.concat(frames, ignore_index=True), answer, tuple(notes))


def _candidates(sheets: Sequence[Sheet]) -> list[tuple[str, int]]:
    header = sheets[0].header
    paired = [name for name in header if not name.startswith("_") and f"{name}_gold" in header]
    known = {
        name: sum(int(((s.columns[name] != "") & (s.columns[f"{name}_gold"] != "")).sum()) for s in sheets)
        for name in paired
    }
    usable = [name for name in paired if any((sheet.columns[name] != "").any() for sheet in sheets)]
    if usable:
        return [(name, known[name]) for name in dict.fromkeys(usable)]
    inputs = [name for name in header if name.startswith(("_", "orig_")) or "_gold" in name]
    return [(name, 0) for name in dict.fromkeys(header) if name not in inputs and _varies(sheets, name)]


def _varies(sheets: Sequence[Sheet], name: str) -> bool:
    """Whether rows of one unit differ: then the column is an answer and no input."""
    pairs = pd.concat([sheet.columns[["_unit_id", name]] for sheet in sheets])
    if not 2 <= pairs[name].nunique() <= MOST_CLASSES:
        return False
    return bool((pairs.drop_duplicates()["_unit_id"].value_counts() > 1).any())


def _read(sheet: Sheet, source: int, choice: Choice, refusals: Refusals) -> pd.DataFrame:
    started, start_why = moments(column(sheet, "_started_at"))
    submitted, submit_why = moments(column(sheet, "_created_at"))
    golden, label, gold, correct = _test_questions(sheet, choice)
    tainted = column(sheet, "_tainted").str.lower() == "true"
    frame = pd.DataFrame(
        {
            "judgement": column(sheet, "_id").replace("", None),
            "project": sheet.name,
            "item": column(sheet, "_unit_id"),
            "worker": column(sheet, "_worker_id"),
            "started_at": started,
            "submitted_at": submitted,
            "label": label,
            "gold": gold,
            "golden": golden,
            "correct": correct,
            "outcome": tainted.map({True: "rejected", False: "accepted"}),
            "source": source,
            "row": sheet.row,
        }
    )
    frame = without(frame, frame["item"] == "", "no unit id", source, refusals)
    frame = without(frame, frame["worker"] == "", "no worker id", source, refusals)
    for name, why in (("_started_at", start_why), ("_created_at", submit_why)):
        for reason in why.dropna().unique():
            bad = (why == reason).reindex(frame.index)
            words = f"{name} is empty" if reason == "none" else f"{name} {reason}"
            frame = without(frame, bad, words, source, refusals)
    return typed(frame)


def _test_questions(
    sheet: Sheet, choice: Choice
) -> tuple[pd.Series[bool], pd.Series[str], pd.Series[str], pd.Series[bool]]:
    """(golden, label, gold, correct) of each row."""
    blank = pd.Series(pd.NA, index=sheet.columns.index).astype("str")
    raw_label = column(sheet, choice.column) if choice.column else blank
    label = plain(raw_label)
    raw_gold = column(sheet, f"{choice.column}_gold") if choice.column else blank
    raw_gold = raw_gold.where(plain(raw_gold).notna())
    golden = column(sheet, "_golden").str.lower() == "true"
    if not golden.any() and "_golden" not in sheet.header:
        golden = raw_gold.notna()
    raw_gold = raw_gold.where(golden)
    missed = column(sheet, "_missed").str.lower() == "true"
    failed = (~missed).astype("boolean").where(golden & ("_missed" in sheet.header))
    if not raw_gold.notna().any():
        return golden, label, blank, failed
    accepted = {text: _accepted(text) for text in raw_gold.dropna().unique()}
    single = ~raw_label.fillna("").str.contains("\n", regex=False)
    key = label.str.casefold()
    right = pd.Series(
        [pd.notna(k) and pd.notna(g) and k in accepted[g] for k, g in zip(key, raw_gold, strict=True)],
        index=label.index,
    )
    comparable = label.notna() & raw_gold.notna() & (single | right)
    correct = right.astype("boolean").where(comparable, failed.where(raw_gold.notna()))
    return golden, label, _truth(sheet, label, raw_gold, accepted), correct


def _accepted(gold: str) -> tuple[str, ...]:
    """Accepted answers of a gold text, folded: each line of it, and all of it as one answer."""
    lines = plain(pd.Series(gold.splitlines() or [gold], dtype="str")).dropna()
    whole = plain(pd.Series([gold], dtype="str")).dropna()
    return tuple(dict.fromkeys([*lines.str.casefold(), *whole.str.casefold()]))


def _truth(
    sheet: Sheet, label: pd.Series[str], raw_gold: pd.Series[str], accepted: dict[str, tuple[str, ...]]
) -> pd.Series[str]:
    """The one truth of each test question: its accepted answer; of several, the one most often given, or the first."""
    truth = {}
    rows = pd.DataFrame({"gold": raw_gold, "label": label.str.casefold()}).dropna()
    given = rows.value_counts()
    for text, answers in accepted.items():
        counts = [int(given.get((text, answer), 0)) for answer in answers]
        truth[text] = answers[counts.index(max(counts))]
    return raw_gold.map(truth).astype("str")
