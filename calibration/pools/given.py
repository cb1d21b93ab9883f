"""Which pool each worker is of, by a column of the export: a vendor, a site, a channel of a crowd."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from ...sim.errors import ScenarioRefused
from ..readers.names import bare
from ..readers.sheet import Sheet

MOST = 30
"""Pools that a column may tell: one of more values names people or items."""

SHOWN = 40
"""Columns that an error lists."""


@dataclass(frozen=True, eq=False)
class Given:
    """column: as it was asked for.  pools: of each worker, in the order of workers.  values: the column's value by
    pool; "" of the pool of those without any.  notes: what a planner should know of it."""

    column: str
    pools: pd.Series[str]
    values: Mapping[str, str]
    notes: tuple[str, ...]

    @property
    def of_worker(self) -> dict[str, str]:
        """Pool by worker."""
        return {str(worker): pool for worker, pool in self.pools.items()}

    def roles(self, worker: pd.Series[str]) -> pd.Series[str]:
        """The column's value of each worker's pool, null for those without any: as the role of a log of several
        steps."""
        return worker.map(self.pools.map(self.values).replace("", None).to_dict()).astype("str")


@dataclass(eq=False)
class Column:
    """A column of files, kept while they are read. told: of each file that has it, row, worker (where the file says
    it in our name) and value.  headers: names of each file's columns."""

    name: str
    told: dict[int, pd.DataFrame] = field(default_factory=dict)
    headers: dict[str, list[str]] = field(default_factory=dict)

    def look(self, sheets: Sequence[Sheet]) -> None:
        """Takes the column out of the sheets, which are in the order of the export's sources."""
        for number, sheet in enumerate(sheets):
            self.headers[sheet.name] = [str(one) for one in sheet.columns]
            header = self.headers[sheet.name]
            found = [one for one in header if one == self.name]
            found = found or [one for one in header if bare(one) == bare(self.name) != ""]
            if len(found) == 1:
                who = sheet.columns["worker"].str.strip() if "worker" in sheet.columns else ""
                value = sheet.columns[found[0]].str.split().str.join(" ")
                self.told[number] = pd.DataFrame({"row": sheet.row, "worker": who, "value": value.to_numpy()})

    def values(self, judgements: pd.DataFrame) -> pd.Series[str]:
        """The column's value of each judgement, "" where it has none. Raises ScenarioRefused where no file has it."""
        if not self.told:
            raise ScenarioRefused([self._absent(*one) for one in self.headers.items()])
        out = pd.Series("", index=judgements.index, dtype="str")
        for number, frame in self.told.items():
            # A record may hold judgements of several workers, which its number does not tell apart.
            by = ["row"] if frame["row"].is_unique else ["row", "worker"]
            mine = judgements.loc[judgements["source"] == number, by]
            known = frame.drop_duplicates(by).set_index(by)["value"]
            out[mine.index] = known.reindex(mine.set_index(by).index).fillna("").to_numpy()
        return out

    def _absent(self, file: str, header: Sequence[str]) -> str:
        near = difflib.get_close_matches(self.name, header, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        more = f", and {len(header) - SHOWN} more" if len(header) > SHOWN else ""
        there = ", ".join(one[:40] for one in header[:SHOWN])
        return f"--pools: {file} has no column {self.name!r}.{hint} There are: {there}{more}."


def given(column: Column, judgements: pd.DataFrame, rest: str) -> Given:
    """The pools that the column tells. rest: name of the pool of those without a value.

    A worker with several values is of that of most rows. Raises ScenarioRefused where no file has the column, it is
    blank everywhere, or it has more than MOST values.
    """
    value = column.values(judgements)
    known = value != ""
    if not known.any():
        raise ScenarioRefused(f"--pools: the column {column.name!r} is blank in all rows that can be used.")
    rows = pd.DataFrame({"worker": judgements["worker"], "key": value.str.casefold(), "value": value})
    counts = rows[known].groupby(["worker", "key"]).size().reset_index(name="rows")
    counts = counts.sort_values(["worker", "rows", "key"], ascending=[True, False, True])
    of_worker = counts.drop_duplicates("worker").set_index("worker")["key"]
    spelt = rows[known].drop_duplicates("key").set_index("key")["value"]
    if of_worker.nunique() > MOST:
        raise ScenarioRefused(
            f"--pools: the column {column.name!r} has {of_worker.nunique()} values for {len(of_worker)} workers; pools "
            f"can be {MOST} at most. Name a column that says which team people belong to."
        )
    names = _names({str(key): str(spelt[key]) for key in sorted(of_worker.unique())}, rest)
    workers = pd.Index(sorted(judgements["worker"].unique()))
    pools = of_worker.map(names).reindex(workers).fillna(rest).astype("str")
    values = {name: str(spelt[key]) for key, name in names.items()}
    if (pools == rest).any():
        values[rest] = ""
    told = _notes(column.name, rows, counts, pools, rest, values)
    return Given(column.name, pools, values, told)


def _names(values: Mapping[str, str], rest: str) -> dict[str, str]:
    """Names that a scenario takes, by value, none of them twice and none that of the rest."""
    out: dict[str, str] = {}
    for key, value in values.items():
        name = re.sub(r"[^a-z0-9]+", "-", value.casefold()).strip("-")[:40]
        if not name or not name[0].isalpha():
            name = f"team-{name}".strip("-")
        free, number = name, 1
        while free in (*out.values(), rest):
            number += 1
            free = f"{name}-{number}"
        out[key] = free
    return out


def _notes(
    column: str,
    rows: pd.DataFrame,
    counts: pd.DataFrame,
    pools: pd.Series[str],
    rest: str,
    values: Mapping[str, str],
) -> tuple[str, ...]:
    size = pools.value_counts()
    shown = ", ".join(
        f"{name} ({f'{value!r}, ' if value else ''}{size[name]} worker{'s' if size[name] > 1 else ''})"
        for name, value in values.items()
    )
    out = [f"Pools are what the column {column!r} says: {shown}."]
    if len(values) == 1:
        out = [f"The column {column!r} tells one pool only: {shown}; it is fitted as a line of one pool."]
    without = pools.index[pools == rest]
    if len(without):
        lost = int(rows["worker"].isin(without).sum())
        out.append(
            f"{len(without)} workers, with {lost} rows, have no value in {column!r}: they are a pool of their own, "
            f"{rest}."
        )
    blank = int(((rows["value"] == "") & ~rows["worker"].isin(without)).sum())
    if blank:
        out.append(f"{blank} rows have no value in {column!r}, and their workers have one in others: that is taken.")
    several = counts["worker"][counts["worker"].duplicated()].nunique()
    if several:
        least = counts.groupby("worker")["rows"].sum() - counts.groupby("worker")["rows"].max()
        out.append(
            f"{several} workers have several values in {column!r}: each is of the pool of most of their rows, the "
            f"{int(least.sum())} others with them."
        )
    return tuple(out)
