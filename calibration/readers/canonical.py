"""A table of text with our own column names, as judgements: where all formats but the two oldest come together.

A reader names the columns (`Told`); what a stamp, an outcome or a missing start means is decided here, alike for all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from .answers import Choice, choose
from .judgements import NO_LABEL, OUTCOMES, Reading, Refusals, column, typed, without
from .sheet import Sheet, plain
from .stamps import EARLIEST, moments

GAP_S = 1800.0
"""Where a format has no start, work on an item began with the worker's submit before it, if that is not longer ago."""

YES = frozenset({"true", "1", "1.0", "yes", "t"})
NO = frozenset({"false", "0", "0.0", "no", "f"})

Stamps = tuple["pd.Series[pd.Timestamp]", "pd.Series[str]"]
"""As `moments` gives them."""


@dataclass(frozen=True, eq=False)
class Told:
    """What a reader made of one file.

    sheet: text in columns of our names (item, worker, started_at, submitted_at, assigned_at, posted_at, reviewed_at,
    active_seconds, limit_seconds, outcome in our words or "active" for work not ended yet, judgement, project, stage,
    role, reviewer, attempt, automatic, reward, golden, correct, gold; truth: the row itself is the known truth of its
    item, and no test of its worker).
    words: what the file calls these columns.  answers: columns that may be the label.  golds: of an answer column the
    one that holds its known truth.  timezone: of stamps that name none.  earliest: what lies before it is no stamp.
    """

    sheet: Sheet
    words: Mapping[str, str] = field(default_factory=dict)
    answers: tuple[str, ...] = ()
    golds: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    timezone: str = "UTC"
    earliest: pd.Timestamp = EARLIEST

    def word(self, name: str) -> str:
        """What the file calls our column `name`."""
        return self.words.get(name, name)


LONGEST_S = 1e10
"""Seconds, three centuries: a longer time is counted as so long, which no page is open."""


def read(told: Sequence[Told], sources: Sequence[int], label: str | None, refusals: Refusals) -> Reading:
    """Judgements of files of one format. sources: number of each among all files.

    Raises ScenarioRefused when no file has the column `label`.
    """
    by_sheet = {id(one.sheet): one for one in told}

    def known_truths(sheets: Sequence[Sheet]) -> list[tuple[str, int]]:
        """Of answer columns how many rows have a known truth."""
        one = by_sheet[id(sheets[0])]
        return [
            (name, sum(int((column(sheet, one.golds.get(name, "gold")) != "").sum()) for sheet in sheets))
            for name in one.answers
            if name in sheets[0].header
        ]

    choices = choose([one.sheet for one in told], known_truths, label)
    notes: dict[str, None] = {}
    frames, begun = [], []
    for one, source, choice in zip(told, sources, choices, strict=True):
        frame, going, said = _judged(one, source, choice, refusals)
        frames.append(frame)
        begun.append(going)
        notes |= dict.fromkeys([*one.notes, *said])
    answer = {one.sheet.name: choice.why for one, choice in zip(told, choices, strict=True)}
    under_way = pd.concat(begun, ignore_index=True)
    return Reading(pd.concat(frames, ignore_index=True), answer, tuple(notes), under_way)


def _judged(
    told: Told, source: int, choice: Choice, refusals: Refusals
) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    """(judgements, work under way, notes) of one file."""
    sheet = told.sheet
    text = {
        name: column(sheet, name) for name in ("judgement", "stage", "role", "reviewer", "project", "worker", "item")
    }
    outcome = column(sheet, "outcome").str.lower().replace("", "accepted")
    stamps = {name: _stamps(told, name) for name in STAMPS}
    active = _seconds(sheet, "active_seconds")
    limit = _seconds(sheet, "limit_seconds")
    started, submitted = stamps["started_at"][0], stamps["submitted_at"][0]
    spent = pd.to_timedelta((active * 1000).round(), unit="ms")
    derived = started.where(column(sheet, "started_at") != "", submitted - spent)
    derived = derived.astype("datetime64[ms]")
    label = plain(sheet.columns[choice.column]) if choice.column else pd.Series(pd.NA, sheet.columns.index, dtype="str")
    frame = pd.DataFrame(
        {
            **{name: values.where(values != "", None) for name, values in text.items()},
            "project": text["project"].where(text["project"] != "", sheet.name),
            **{name: stamps[name][0] for name in STAMPS},
            "started_at": derived,
            "active_seconds": active.astype("Float64"),
            "limit_seconds": limit.where(limit > 0).astype("Float64"),
            "label": label,
            "outcome": outcome,
            "attempt": _whole(column(sheet, "attempt")),
            "automatic": column(sheet, "automatic").str.lower().isin(YES),
            "reward": pd.to_numeric(column(sheet, "reward").str.replace(r"[^\d.]", "", regex=True), errors="coerce"),
            "source": source,
            "row": sheet.row,
        }
    )
    frame = frame.assign(**_truths(told, choice, frame))
    going = typed(_under_way(frame, stamps))
    frame, notes = _sound(told, frame, {name: why for name, (_, why) in stamps.items()}, source, refusals)
    return typed(frame), going, notes


def _seconds(sheet: Sheet, name: str) -> pd.Series[float]:
    number = pd.to_numeric(column(sheet, name), errors="coerce")
    return number.where((number >= 0) & np.isfinite(number)).clip(upper=LONGEST_S)


def _under_way(
    frame: pd.DataFrame, stamps: Mapping[str, tuple[pd.Series[pd.Timestamp], pd.Series[str]]]
) -> pd.DataFrame:
    """Rows of work that was begun and had not ended at the last moment that the file tells of anything."""
    rows = frame[(frame["outcome"] == "active") & frame[["item", "worker"]].notna().all(axis=1)]
    rows = rows[stamps["started_at"][0].reindex(rows.index).notna()]
    if rows.empty:
        return rows
    last = pd.concat([moment for moment, _ in stamps.values()]).max()
    return rows.assign(submitted_at=last)


STAMPS = ("started_at", "submitted_at", "assigned_at", "posted_at", "reviewed_at")


def _stamps(told: Told, name: str) -> Stamps:
    """`moments` of a column, of one that is not there without looking."""
    if name in told.sheet.columns:
        return moments(column(told.sheet, name), told.timezone, told.earliest)
    index = told.sheet.columns.index
    return pd.Series(pd.NaT, index, dtype="datetime64[ms]"), pd.Series("none", index, dtype="str")


def _sound(
    told: Told, frame: pd.DataFrame, whys: Mapping[str, pd.Series[str]], source: int, refusals: Refusals
) -> tuple[pd.DataFrame, list[str]]:
    """`frame` without the rows that cannot be used, and what to say of those that remain."""
    frame = without(frame, frame["item"].isna(), f"no {told.word('item')}", source, refusals)
    frame = without(frame, frame["worker"].isna(), f"no {told.word('worker')}", source, refusals)
    for one in sorted({*frame["outcome"].dropna()} - {*OUTCOMES, "active"}):
        words = f"{told.word('outcome')} is {one[:20]!r}, which is no outcome that we know"
        frame = without(frame, frame["outcome"] == one, words, source, refusals)
    frame = without(frame, frame["outcome"] == "active", "still being worked on", source, refusals)
    for name in ("submitted_at", "started_at"):
        why = whys[name].reindex(frame.index)
        ended = frame["outcome"].isin(NO_LABEL)
        for reason in why.dropna().unique():
            bad = (why == reason).reindex(frame.index, fill_value=False)
            if reason == "none" and name == "started_at":
                continue
            if reason == "none":
                bad &= ~ended.reindex(frame.index)
            words = f"{told.word(name)} {'is empty' if reason == 'none' else reason}"
            frame = without(frame, bad, words, source, refusals)
    return _begun(told, frame, source, refusals)


def _begun(told: Told, frame: pd.DataFrame, source: int, refusals: Refusals) -> tuple[pd.DataFrame, list[str]]:
    """Rows with a start: their own, or, where the whole file has none, the same worker's submit before."""
    labelled = ~frame["outcome"].isin(NO_LABEL)
    unknown = frame["started_at"].isna() & labelled
    if not unknown.any():
        return frame, []
    if frame.loc[labelled, "started_at"].notna().any():
        return without(frame, unknown, f"{told.word('started_at')} is empty", source, refusals), []
    ordered = frame[labelled].sort_values(["worker", "submitted_at", "row"])
    before = ordered.groupby("worker")["submitted_at"].shift()
    near = (ordered["submitted_at"] - before).dt.total_seconds() <= GAP_S
    start = before.where(near, ordered["submitted_at"]).reindex(frame.index)
    note = (
        f"{told.sheet.name} tells no start: work is taken to begin with the same worker's submit before it, within "
        f"{GAP_S / 60:.0f} minutes. The first of each run has no service time ({int((~near).sum())} of {len(ordered)})."
    )
    return frame.assign(started_at=frame["started_at"].fillna(start).astype("datetime64[ms]")), [note]


def _truths(told: Told, choice: Choice, frame: pd.DataFrame) -> dict[str, Any]:
    """golden, gold and correct of each row: by rows that are truths, by a column of known truths, or by verdicts."""
    sheet = told.sheet
    golden = column(sheet, "golden").str.lower().isin(YES)
    gold = plain(column(sheet, told.golds.get(choice.column or "", "gold")))
    verdict = column(sheet, "correct").str.lower()
    known = verdict.isin(YES).astype("boolean").where(verdict.isin(YES | NO))
    if "golden" not in sheet.header:
        golden = gold.notna() | known.notna()
    truth = column(sheet, "truth").str.lower().isin(YES)
    if truth.any():
        rows = frame[truth & frame["label"].notna()].drop_duplicates("item")
        found = frame["item"].map(dict(zip(rows["item"], rows["label"], strict=True))).astype("str")
        gold = gold.where(gold.notna(), found)
        golden = (golden | found.notna()) & ~truth
    gold = gold.where(golden)
    both = gold.notna() & frame["label"].notna()
    correct = (frame["label"].str.casefold() == gold.str.casefold()).astype("boolean").where(both, known.where(golden))
    return {"golden": golden, "gold": gold, "correct": correct}


def _whole(text: pd.Series[str]) -> pd.Series[int]:
    number = pd.to_numeric(text, errors="coerce")
    return number.where((number % 1 == 0) & number.between(1, 1e6)).astype("Int64")
