"""A log up to a moment, in the words of a line: who did what on which item, from when to when."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...sim.errors import DataRefused
from ...sim.line import Line, Pool
from ..cleaning import clean
from ..readers.judgements import Refusals, typed
from ..readers.names import bare
from ..readers.recognise import Export
from .words import Words

Ints = npt.NDArray[np.int64]

GONE = 100_000
"""Numbers of people who have no slot any more begin here."""


@dataclass(frozen=True, eq=False)
class Seen:
    """The log of a line up to a moment. Times are milliseconds from the line's start.

    now_ms: the moment.  items: of the log, in the order of numbers from 0: name, segment, came_ms, test; each answer to
    a test question is an item of its own, as in a log of the line.
    rows: finished work in the order of items and ends: item, stage, pool, number, begin_ms, end_ms, seconds (NaN where
    that is no service time), practised (log of 1 + tasks that the person had done at the stage before), rejected.
    open: work in hand: item, stage, pool, number, begin_ms; one row a person.
    people: (pool, number), the worker's name, and tasks done; numbers below the headcount are slots.
    left_out: rows that tell nothing, by reason.
    """

    now_ms: int
    items: pd.DataFrame
    rows: pd.DataFrame
    open: pd.DataFrame
    people: pd.DataFrame
    left_out: Refusals


def moment_of(export: Export) -> int:
    """The last moment that a log tells of, milliseconds since 1970."""
    frames = [export.judgements, export.under_way]
    last = [_ms(one[name]).max() for one in frames for name in ("started_at", "submitted_at") if len(one)]
    return int(max(last))


def seen(line: Line, export: Export, words: Words, now: int) -> Seen:
    """The log of a line as it stood at `now`, milliseconds since 1970.

    Raises DataRefused where nothing had been done by then, or the log begins before the line does.
    """
    origin = round(line.origin.timestamp() * 1000)
    told = export.judgements
    done = told[_ms(told["submitted_at"]) <= now]
    begun = _begun(export, now)
    when = pd.Timestamp(now, unit="ms", tz="UTC").tz_convert(line.timezone).strftime("%Y-%m-%d %H:%M")
    ended = _ms(done["submitted_at"].dropna())  # some platforms tell no end of work that was skipped or ran out
    if ended.empty:
        rule = f"--log: nothing in it was done by {when}, the moment of the forecast"
        raise DataRefused(f"{rule}. Give a later one: --now DATE.")
    _after_the_start(line, int(ended.min()))
    refusals = Refusals(export.refusals.names, units=export.refusals.units)
    cleaned = clean(done, refusals, begun=begun)
    rows = cleaned.judgements
    frame = _in_words(
        rows,
        words,
        begin_ms=np.minimum(rows["begin_ms"], rows["end_ms"]),
        end_ms=rows["end_ms"],
        seconds=rows["seconds"].where(rows["timed"]),
        rejected=(rows["outcome"] == "rejected").to_numpy(),
        open=False,
    )
    begun = begun[~begun["golden"].to_numpy(np.bool_)]
    going = _in_words(
        begun, words, begin_ms=_ms(begun["started_at"]), end_ms=now, seconds=np.nan, rejected=False, open=True
    )
    both = pd.concat([frame, going], ignore_index=True)
    if (tests := both["test"].to_numpy(np.bool_)).any():
        both.loc[tests, "name"] += [f"\0{number}" for number in range(int(tests.sum()))]
    both["pool"] = _pools(line, both)
    items = _items(both, origin)
    both["item"] = pd.MultiIndex.from_frame(items[["segment", "name"]]).get_indexer(
        pd.MultiIndex.from_frame(both[["segment", "name"]])
    )
    people = _people(line, both, now)
    both["number"] = _numbers(both, people)
    for name in ("begin_ms", "end_ms"):
        both[name] -= origin
    both = both.sort_values(["item", "end_ms", "begin_ms"], kind="stable", ignore_index=True)
    both["practised"] = np.log1p(both.groupby(["pool", "worker", "stage"])["end_ms"].rank("first") - 1.0)
    kept = ["item", "stage", "pool", "number", "begin_ms"]
    finished = both.loc[~both["open"], [*kept, "end_ms", "seconds", "practised", "rejected"]]
    opened = both.loc[both["open"], kept].sort_values("begin_ms", kind="stable")
    opened = opened.drop_duplicates(["pool", "number"], keep="last").sort_values("item", kind="stable")
    return Seen(
        now - origin,
        items,
        finished.reset_index(drop=True),
        opened.reset_index(drop=True),
        people,
        refusals,
    )


def _after_the_start(line: Line, first: int) -> None:
    """Refuses a log whose first work, milliseconds since 1970, was done before its line began."""
    if first < round(line.origin.timestamp() * 1000):
        local = pd.Timestamp(first, unit="ms", tz="UTC").tz_convert(line.timezone)
        form = "%Y-%m-%d" if local.date() < line.start.date() else "%Y-%m-%dT%H:%M"
        began = local.strftime(form)
        rule = f"--log: work was done on {began}, before the scenario's start on {line.start.strftime(form)}"
        raise DataRefused(f"{rule}. Write the project's own start into the scenario: start: {began}.")


def _in_words(rows: pd.DataFrame, words: Words, **columns: pd.Series | npt.NDArray[np.bool_] | float) -> pd.DataFrame:
    """Judgements in the words of a line, with these columns as they are given."""
    return pd.DataFrame(
        {
            "name": rows["item"].astype("str"),
            "segment": rows["project"].fillna("").map(words.segments).astype("str"),
            "stage": rows["stage"].fillna("").map(words.stages).astype("str"),
            "worker": rows["worker"].astype("str"),
            "role": rows["role"].fillna("").astype("str"),
            "posted_ms": _ms(rows["posted_at"]).where(rows["posted_at"].notna(), np.iinfo(np.int64).max),
            "test": rows["golden"],
        }
    ).assign(**columns)


def _begun(export: Export, now: int) -> pd.DataFrame:
    """What was in hand at a moment: what the export says of its own last one, and what ended later."""
    still = export.under_way
    still = still[_ms(still["started_at"]) <= now]
    told = export.judgements
    later = told[(_ms(told["started_at"]) <= now) & (_ms(told["submitted_at"]) > now)]
    found = typed(pd.concat([still, later], ignore_index=True))
    return found.assign(submitted_at=pd.Timestamp(now, unit="ms"), label=pd.Series(pd.NA, found.index, dtype="str"))


def _pools(line: Line, rows: pd.DataFrame) -> pd.Series[str]:
    """The pool of each row: the stage's own; of several, the one by whose name the worker or their role goes, or where
    the worker is at other stages too, or else the largest."""
    pools = {pool.name: pool for pool in line.pools}
    options = {stage.name: [name for name, _ in stage.pools] for stage in line.stages}
    triples = [*zip(rows["worker"].tolist(), rows["role"].tolist(), rows["stage"].tolist(), strict=True)]
    stages: dict[str, set[str]] = {}
    for worker, _, stage in triples:
        stages.setdefault(worker, set()).add(stage)
    known = {
        (worker, role, stage): _pool((role, worker), options[stage], stages[worker], options, pools)
        for worker, role, stage in set(triples)
    }
    return pd.Series([known[one] for one in triples], index=rows.index, dtype="str")


def _pool(
    words: tuple[str, str],
    here: list[str],
    stages: Collection[str],
    options: Mapping[str, list[str]],
    pools: Mapping[str, Pool],
) -> str:
    """words: a worker's role and name."""
    if len(here) == 1:
        return here[0]
    for said in words:
        named = [name for name in here if bare(name) and bare(said).startswith(bare(name))]
        if named:
            return max(named, key=len)
    shared = [name for name in here if all(name in options[stage] for stage in stages)] or here
    return max(shared, key=lambda name: pools[name].headcount)


def _items(rows: pd.DataFrame, origin: int) -> pd.DataFrame:
    """Items in the order of coming: when they were posted, or else when somebody first began. One name in two segments
    is two items."""
    found = rows.groupby(["segment", "name"], sort=False, as_index=False).agg(
        posted=("posted_ms", "min"), begun=("begin_ms", "min"), test=("test", "first")
    )
    came = np.maximum(found["begun"].where(found["test"], np.minimum(found["posted"], found["begun"])), origin) - origin
    found = found.assign(came_ms=came.astype("int64"))
    return found.sort_values(["came_ms", "name", "segment"], ignore_index=True)[["name", "segment", "came_ms", "test"]]


def _people(line: Line, rows: pd.DataFrame, now: int) -> pd.DataFrame:
    """Everyone by pool, with the numbers of slots for those who are there: who has work in hand first, then who was
    there last, as many as there are slots, in the order in which they first came."""
    headcounts = {pool.name: 0 if pool.sessions is not None else pool.headcount for pool in line.pools}
    seen_at = rows["end_ms"].where(~rows["open"], rows["begin_ms"])
    found = (
        rows.assign(seen_at=seen_at)
        .groupby(["pool", "worker"], as_index=False)
        .agg(first=("begin_ms", "min"), last=("seen_at", "max"), busy=("open", "max"))
    )
    tasks = rows[~rows["open"]].groupby(["pool", "worker"]).size()
    found["tasks"] = [int(tasks.get((one.pool, one.worker), 0)) for one in found.itertuples(index=False)]
    parts = []
    for pool, part in found.groupby("pool"):
        ranked = part.sort_values(["busy", "last"], ascending=False, kind="stable")
        there = ranked.head(headcounts[str(pool)]).sort_values(["first", "worker"])
        gone = ranked.iloc[headcounts[str(pool)] :]
        numbers = [*range(len(there)), *range(GONE, GONE + len(gone))]
        parts.append(pd.concat([there, gone]).assign(number=np.array(numbers, np.int64)))
    return pd.concat(parts, ignore_index=True)[["pool", "number", "worker", "tasks", "busy"]]


def _numbers(rows: pd.DataFrame, people: pd.DataFrame) -> Ints:
    known = people.set_index(["pool", "worker"])["number"]
    return known.reindex(pd.MultiIndex.from_frame(rows[["pool", "worker"]])).to_numpy(np.int64)


def _ms(stamps: pd.Series[pd.Timestamp]) -> pd.Series[int]:
    """Milliseconds since 1970; of none, the least number there is."""
    return stamps.astype("datetime64[ms]").astype("int64")
