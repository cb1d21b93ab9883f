"""Batches: items that were posted together, and the visits of people who worked on them."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Ints = npt.NDArray[np.int64]

VISIT_GAP_MS = 30 * 60_000
"""A visit is a run of a worker's tasks of a batch with less than this between a submit and the next start."""

TOGETHER_MS = 60_000
"""Items posted within a minute of the one before are of one batch, if they are of one project."""

MOST_RELEASES = 200
"""Releases from which on work is taken to come all the time."""


@dataclass(frozen=True, eq=False)
class Batch:
    """Items that were posted together. All times are milliseconds since 1970.

    posted: when; recorded: as the log tells, else the first start stands for it.  items: how many; labels: how many
    labels were wanted of them in all.  begins, ends: when work on each label that is known of began and ended, each
    sorted.  visits: when each visit began, sorted; done: labels given in it; who: whose it was, numbers; left: when it
    ended.  workers: how many people.
    whole: when each item that is known of had the last of its known labels, sorted.
    over: all labels that were wanted are there.
    """

    name: str
    posted: int
    recorded: bool
    items: int
    labels: int
    begins: Ints
    ends: Ints
    visits: Ints
    done: Ints
    who: Ints
    left: Ints
    workers: int
    whole: Ints
    over: bool = True

    @property
    def last(self) -> int:
        """When the last label came that is known of."""
        return int(self.ends[-1])

    @property
    def makespan_ms(self) -> int:
        """From posting, or the first start, to the last label."""
        return self.last - self.posted

    @property
    def labels_per_item(self) -> int:
        """How many labels an item gets, rounded."""
        return max(1, round(self.labels / self.items))


@dataclass(frozen=True, eq=False)
class Naming:
    """Which judgements are of one batch: those of one project, and in it those of items posted together; else days.

    A project may be posted to again and again, as a HIT type is: where postings are told, each is a batch.
    questions: test questions are no work, as there is other.  projects: projects are told.  releases: by the moment of
    posting; days: by item; None where neither tells batches apart. A part of a log is named by the whole of it.
    """

    questions: bool
    projects: bool
    releases: pd.Series[str] | None
    days: pd.Series[str] | None

    def work(self, judgements: pd.DataFrame) -> pd.DataFrame:
        """The judgements that are work, with `batch`, the name of theirs."""
        rows = judgements[~judgements["golden"]] if self.questions else judgements
        name = rows["project"].astype("str") if self.projects else pd.Series("", index=rows.index, dtype="str")
        if self.releases is not None:
            name = name + " " + rows["posted_at"].astype("datetime64[ms]").map(self.releases).astype("str")
        if self.days is not None:
            name = name + " " + rows["item"].map(self.days).astype("str")
        return rows.assign(batch=name.str.strip().replace("", "all"))


def naming(judgements: pd.DataFrame, timezone: str | None = None) -> Naming:
    """How the batches of cleaned judgements (see Cleaned) are told apart. timezone: of the days that stand for batches
    where the log tells neither projects nor few postings, None for one batch of all."""
    questions = not bool(judgements["golden"].all())
    work = judgements[~judgements["golden"]] if questions else judgements
    projects = bool(work["project"].notna().all())
    begun = pd.to_datetime(work.groupby("item")["begin_ms"].min(), unit="ms")
    if work["posted_at"].notna().all():
        moments = work["posted_at"].astype("datetime64[ms]")
        posted = moments.drop_duplicates().sort_values()
        release = (posted.diff() > pd.Timedelta(TOGETHER_MS, "ms")).cumsum()
        if release.iloc[-1] < MOST_RELEASES:
            return Naming(questions, projects, release.map("{:06d}".format).set_axis(posted), None)
        begun = moments.groupby(work["item"]).min()
    if projects or timezone is None:
        return Naming(questions, projects, None, None)
    local = begun.dt.tz_localize("UTC").dt.tz_convert(timezone)
    return Naming(questions, projects, None, local.dt.strftime("%Y-%m-%d").astype("str"))


def batches(judgements: pd.DataFrame, named: Naming | None = None) -> list[Batch]:
    """The batches of cleaned judgements (see Cleaned), in the order of posting. named: how the log tells them apart, of
    which these may be a part; None: as they do themselves, with one batch of all that they do not tell apart."""
    work = (named or naming(judgements)).work(judgements)
    found = [_batch(str(name), rows) for name, rows in work.groupby("batch", sort=True)]
    return sorted(found, key=lambda one: (one.posted, one.name))


def _batch(name: str, rows: pd.DataFrame) -> Batch:
    begins, ends = (np.sort(rows[column].to_numpy(dtype=np.int64)) for column in ("begin_ms", "end_ms"))
    recorded = bool(rows["posted_at"].notna().all())
    posted = int(begins[0])
    if recorded:
        posted = min(posted, int(rows["posted_at"].astype("datetime64[ms]").astype("int64").min()))
    visits, done, who, left = _visits(rows)
    whole = np.sort(rows.groupby("item")["end_ms"].max().to_numpy(dtype=np.int64))
    people = int(rows["worker"].nunique())
    return Batch(name, posted, recorded, len(whole), len(rows), begins, ends, visits, done, who, left, people, whole)


def _visits(rows: pd.DataFrame) -> tuple[Ints, Ints, Ints, Ints]:
    """(begins, labels given, people, ends) of the visits."""
    frame = rows[["worker", "begin_ms", "end_ms"]].sort_values(["worker", "begin_ms", "end_ms"])
    begin, end = frame["begin_ms"].to_numpy(dtype=np.int64), frame["end_ms"].to_numpy(dtype=np.int64)
    worker = pd.factorize(frame["worker"])[0]
    new = np.ones(len(frame), dtype=bool)
    new[1:] = (worker[1:] != worker[:-1]) | (begin[1:] - end[:-1] >= VISIT_GAP_MS)
    first = np.flatnonzero(new)
    done = np.diff(np.append(first, len(frame)))
    order = np.argsort(begin[first], kind="stable")
    left = end[np.append(first[1:], len(frame)) - 1]
    return begin[first][order], done[order].astype(np.int64), worker[first][order].astype(np.int64), left[order]


def promised(known: list[Batch], whole: list[Batch]) -> list[Batch]:
    """The batches of a log that was cut off, with the items and labels that were really wanted of each."""
    by_name = {one.name: one for one in whole}
    out = []
    for one in known:
        all_of_it = by_name[one.name]
        over = len(one.ends) >= all_of_it.labels
        out.append(
            dataclasses.replace(one, posted=all_of_it.posted, items=all_of_it.items, labels=all_of_it.labels, over=over)
        )
    return out
