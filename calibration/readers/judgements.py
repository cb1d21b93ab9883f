"""The one table that every reader makes of an export, and the book of rows that it could not use."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..fit import Refusal
from .sheet import Sheet

Progress = Callable[[float], None]
"""Told the share that is done."""

COLUMNS: dict[str, str] = {
    "judgement": "str",  # the platform's id of the judgement; null where it gives none
    "project": "str",  # job or batch
    "item": "str",
    "worker": "str",
    "started_at": "datetime64[ms]",  # UTC, without zone: page opened, or assignment accepted
    "submitted_at": "datetime64[ms]",  # UTC, without zone
    "posted_at": "datetime64[ms]",  # when the item was offered; NaT where the export does not tell
    "label": "str",  # the answer; null: blank, or not modelled
    "gold": "str",  # the true answer of a test question; null: unknown, or several were accepted and none was given
    "golden": "bool",  # a test question
    "correct": "boolean",  # the judgement was right; null where unknown
    "stage": "str",  # step of the line, in the platform's word; null: it knows one only
    "role": "str",  # what the worker was there for, in the platform's word
    "assigned_at": "datetime64[ms]",  # when the worker was given the item, if that is not when work began
    "active_seconds": "Float64",  # time worked, as the platform measured it; null where it did not
    "limit_seconds": "Float64",  # longest that the platform allowed from start to submit; null where it is not told
    "outcome": "str",  # accepted, rejected (thrown out by platform or requester), fixed, or one of NO_LABEL
    "reviewer": "str",
    "reviewed_at": "datetime64[ms]",
    "automatic": "bool",  # the platform itself gave the verdict, because nobody had in time
    "attempt": "Int64",  # 1 for the first time that the worker had the item
    "reward": "Float64",  # in the platform's currency, per assignment
    "units_on_page": "int64",  # judgements that share worker, start and submit; filled by cleaning
    "source": "int64",  # which of the files, from 0
    "row": "int64",  # row in it, the header being row 1
}
"""Columns of judgements and their dtypes."""

NO_LABEL = ("skipped", "expired", "returned", "timed_out")
"""Outcomes of work that ended without a label."""

OUTCOMES = ("accepted", "rejected", "fixed", *NO_LABEL)


@dataclass
class Refusals:
    """Rows by reason, in the order found. `names`: of the sources.  `units`: what a row of each is called.  `within`:
    of a source whose rows are files, the name of each, from row 1 on."""

    names: Sequence[str]
    book: dict[str, list[tuple[int, npt.NDArray[np.int64]]]] = field(default_factory=dict)
    units: Sequence[str] = ()
    within: Mapping[int, Sequence[str]] = field(default_factory=dict)

    def add(self, reason: str, source: int, rows: npt.NDArray[np.int64]) -> None:
        """Counts `rows` of file number `source` under `reason`."""
        if len(rows):
            self.book.setdefault(reason, []).append((source, np.asarray(rows, dtype=np.int64)))

    def add_frame(self, reason: str, judgements: pd.DataFrame) -> None:
        """Counts judgements of any files under `reason`."""
        for source, rows in judgements.groupby("source")["row"]:
            self.add(reason, int(str(source)), rows.to_numpy())

    def summary(self) -> tuple[Refusal, ...]:
        """One entry per reason, with the number of rows and the first of them."""
        return tuple(
            Refusal(reason, sum(len(rows) for _, rows in found), self._first(found))
            for reason, found in self.book.items()
        )

    def of(self, source: int) -> list[Refusal]:
        """As `summary`, of one file."""
        only = {reason: [one for one in found if one[0] == source] for reason, found in self.book.items()}
        return [Refusal(why, sum(len(rows) for _, rows in f), self._first(f)) for why, f in only.items() if f]

    def _first(self, found: Sequence[tuple[int, npt.NDArray[np.int64]]]) -> str:
        source, rows = min(((source, int(rows.min())) for source, rows in found))
        if source in self.within:
            return f"{self.names[source]}/{self.within[source][rows - 1]}"
        return f"{self.names[source]}, {self.units[source] if self.units else 'row'} {rows}"


@dataclass(frozen=True, eq=False)
class Reading:
    """judgements: COLUMNS, in the order of files and rows.  answer: for each file, which column is the label and why.
    notes: what the reader wants the planner to know.  under_way: COLUMNS, work begun and not ended, `submitted_at`
    being the last moment that its file knows; counted as refused too, since it is no judgement."""

    judgements: pd.DataFrame
    answer: dict[str, str]
    notes: tuple[str, ...]
    under_way: pd.DataFrame = field(default_factory=lambda: typed(pd.DataFrame()))


def without(frame: pd.DataFrame, bad: pd.Series[bool], reason: str, source: int, refusals: Refusals) -> pd.DataFrame:
    """`frame` without the rows where `bad`, which are counted under `reason`."""
    if not bad.any():
        return frame
    refusals.add(reason, source, frame.loc[bad, "row"].to_numpy())
    return frame[~bad]


def typed(frame: pd.DataFrame) -> pd.DataFrame:
    """`frame` with exactly COLUMNS, absent ones null, in their dtypes."""
    out = {}
    for name, dtype in COLUMNS.items():
        if name in frame:
            out[name] = frame[name].astype(dtype)  # type: ignore[call-overload]
        elif dtype == "bool":
            out[name] = pd.Series(False, index=frame.index)
        elif dtype == "int64":
            out[name] = pd.Series(1, index=frame.index, dtype="int64")
        else:
            out[name] = pd.Series(pd.NA if dtype != "datetime64[ms]" else pd.NaT, index=frame.index).astype(dtype)  # type: ignore[call-overload]
    return pd.DataFrame(out)


def column(sheet: Sheet, name: str) -> pd.Series[str]:
    """A column with blanks around values taken off; all blank where the sheet has none of that name."""
    if name in sheet.columns:
        return sheet.columns[name].str.strip()
    return pd.Series("", index=sheet.columns.index, dtype="str")
