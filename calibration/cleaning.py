"""Stamps into work: clocks mended, pages divided, hoarded starts moved, idle time and bots set apart; all counted."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..sim.errors import ScenarioRefused
from .bots import bots
from .clocks import shifted, two_zones
from .idle import IDLE_S, cut_off
from .overlaps import doubled, previous_end, reopened
from .readers.judgements import NO_LABEL, Refusals, typed
from .underway import limits, under_way

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

STEPS = {
    "zones": "starts and submits of a file that lie a whole number of quarter hours apart are told by one clock",
    "clock": "stamps of a file or worker that begin work before it was posted are moved by whole quarter hours",
    "pages": "judgements with one worker, start and submit are a page, whose time is divided among them",
    "doubled": "measured times that are twice the time since the worker's previous submit are halved",
    "active": "a page takes no longer than the platform measured, and its work is put at its end",
    "hoarding": "work starts no earlier than the same worker's previous submit",
    "reopened": "a page that was left for another and opened again has no known service time",
    "idle": "a page far longer than the worker's usual, or than 8 h, was left open and is no service time",
    "bots": "workers at machine speed, or always in the same time, are no people: no service times, no labels",
}
"""Steps of cleaning in their order, each with its rule. Each can be left out; what is impossible (no time, an
end before its start) is refused whatever is left out."""


@dataclass(frozen=True, eq=False)
class Cleaned:
    """judgements: those of the export, in the order of worker and time, `units_on_page` filled, and

    page (int64, pages numbered from 0), begin_ms, end_ms (int64 since 1970: this unit's share of the corrected page),
    seconds (float, the same), timed (bool: usable as a service time), counts (bool: usable as a label: not thrown out
    by the platform, and the worker's first judgement of the item).
    set_apart: rows that are used, though not for everything, or with a corrected start.
    pages: page, worker, begin_ms, end_ms, units, seconds (a unit, page average), timed, limit_seconds (the longest that
    the work could take before the platform took it away, NaN where that is not known); one row a page.
    under_way: pages begun and not ended that count as censored: worker, begin_ms, units, seconds (a unit, so far).
    left: share of pages that are begun and left open, of which no more work comes.
    hoarded: starts moved.  idle_cut_s: seconds a unit at which an average worker's page counts as idle, at most
    IDLE_S a page.  skipped: steps that were left out.
    """

    judgements: pd.DataFrame
    pages: pd.DataFrame
    set_apart: Refusals
    hoarded: int
    idle_cut_s: float
    under_way: pd.DataFrame
    left: float
    skipped: tuple[str, ...] = ()


def clean(
    judgements: pd.DataFrame, refusals: Refusals, skip: Collection[str] = (), begun: pd.DataFrame | None = None
) -> Cleaned:
    """What the judgements say about work. Rows that finish before they start, or ended without a label, are added to
    `refusals` and left out.

    begun: work under way at the end, as Export.under_way has it.
    skip: names of STEPS that are not done. Raises ScenarioRefused when a name is none of them.
    """
    if unknown := sorted(set(skip) - set(STEPS)):
        raise ScenarioRefused(f"--no-clean: no step is named {', '.join(unknown)} (there are: {', '.join(STEPS)}).")
    done = {name for name in STEPS if name not in skip}
    set_apart = Refusals(refusals.names, units=refusals.units)
    frame = _usable(_one_clock(judgements, done, set_apart), refusals)
    frame["page"] = _page(frame, "pages" in done)
    frame["units_on_page"] = frame.groupby("page")["page"].transform("size").astype("int64")
    opened, end = _ms(frame["started_at"]), _ms(frame["submitted_at"])
    before = previous_end(frame["worker"], frame["page"], end)
    begin = _measured(frame, opened, end, before, done, set_apart)
    moved = np.maximum(begin, before) if "hoarding" in done else begin
    hoarded = moved > begin
    set_apart.add_frame("started before the worker's previous submit: start moved to it", frame[hoarded])
    begun = typed(pd.DataFrame()) if begun is None else begun
    pages = _pages(frame, moved, end, limits(frame, _first(frame), moved, opened, end, begun, set_apart))
    cut = _timed(pages, opened[_first(frame)], frame, done, set_apart)
    frame["begin_ms"], frame["end_ms"] = _shared(frame, pages)
    here = frame["page"].to_numpy()
    frame["seconds"] = pages["seconds"].to_numpy()[here]
    robots = _robots(pages, done)
    pages["timed"] &= ~pages["worker"].isin({*robots[0], *robots[1]})
    frame["timed"] = pages["timed"].to_numpy()[here]
    _counting(frame, robots, set_apart)
    going, left = under_way(begun, pages, robots[0] | robots[1], "pages" in done, set_apart)
    skipped = tuple(one for one in STEPS if one not in done)
    return Cleaned(frame, pages, set_apart, int(hoarded.sum()), cut, going, left, skipped)


def _one_clock(judgements: pd.DataFrame, done: Collection[str], set_apart: Refusals) -> pd.DataFrame:
    """The judgements with starts and submits told by the clock of their postings."""
    frame = judgements.copy()
    source = frame["source"].to_numpy(np.int64)
    if "zones" in done:
        apart = two_zones(source, _ms(frame["started_at"]), _ms(frame["submitted_at"]))
        reason = "start and submit told in two time zones: start moved by whole quarter hours"
        set_apart.add_frame(reason, frame[apart != 0])
        if apart.any():
            frame["started_at"] += pd.to_timedelta(apart, unit="ms").astype("timedelta64[ms]")
    known = frame["posted_at"].notna().to_numpy()
    if "clock" in done and known.any():
        worker = pd.factorize(frame["worker"])[0].astype(np.int64)
        late = shifted(source, worker, _ms(frame["started_at"]), _ms(frame["posted_at"]), known)
        set_apart.add_frame("begun before it was posted: stamps moved by whole quarter hours", frame[late != 0])
        if late.any():
            frame["started_at"] += pd.to_timedelta(late, unit="ms").astype("timedelta64[ms]")
            frame["submitted_at"] += pd.to_timedelta(late, unit="ms").astype("timedelta64[ms]")
    return frame


def _usable(judgements: pd.DataFrame, refusals: Refusals) -> pd.DataFrame:
    """The judgements that ended with a label after they began, in the order of worker and time."""
    unlabelled = judgements["outcome"].isin(NO_LABEL)
    for outcome in NO_LABEL:
        ended = judgements[judgements["outcome"] == outcome]
        refusals.add_frame(f"{outcome.replace('_', ' ')}: ended without a label", ended)
    backward = (judgements["submitted_at"] < judgements["started_at"]) & ~unlabelled
    refusals.add_frame("finish before start", judgements[backward])
    frame = judgements[~backward & ~unlabelled].sort_values(["worker", "submitted_at", "started_at", "source", "row"])
    return frame.reset_index(drop=True)


def _measured(
    frame: pd.DataFrame, begin: Ints, end: Ints, before: Ints, done: Collection[str], set_apart: Refusals
) -> Ints:
    """Starts, later by the time that a page was open and not worked on, by the platform's clock."""
    active = frame.groupby("page")["active_seconds"].transform("max").to_numpy(np.float64, na_value=np.nan)
    if "doubled" in done:
        twice = doubled(frame["source"].to_numpy(np.int64), active, begin, end, before)
        set_apart.add_frame("measured time is twice what it can be: halved", frame[twice])
        active = np.where(twice, active / 2, active)
        begin = np.where(twice, np.maximum(begin, end - np.round(active * 1000)), begin).astype(np.int64)
    if "active" not in done:
        return begin
    spent = np.where(active > 0, np.minimum(active * 1000, end - begin), end - begin).round().astype(np.int64)
    moved = np.maximum(begin, end - spent)
    set_apart.add_frame("worked less than the page was open: its work is put at the end", frame[moved > begin])
    return np.asarray(moved)


def _timed(pages: pd.DataFrame, opened: Ints, frame: pd.DataFrame, done: Collection[str], set_apart: Refusals) -> float:
    """Marks the pages that are usable as service times; the cut beyond which they are idle, in seconds a unit."""
    here = frame["page"].to_numpy()
    instant = (pages["seconds"] <= 0).to_numpy()
    again = np.zeros(len(pages), bool)
    if "reopened" in done:
        worker = pd.factorize(pages["worker"])[0].astype(np.int64)
        whole = pages["end_ms"] - pages["begin_ms"]
        usual = whole.groupby(pages["worker"]).transform("median").to_numpy(np.float64)
        again = reopened(worker, opened, pages["end_ms"].to_numpy(), usual) & ~instant
        set_apart.add_frame("left for another page and opened again: not a service time", frame[again[here]])
    cut, idle = cut_off(pages) if "idle" in done else (IDLE_S, np.zeros(len(pages), bool))
    idle &= ~again
    pages["timed"] = ~instant & ~idle & ~again
    set_apart.add_frame("no time between start and submit: not a service time", frame[instant[here]])
    set_apart.add_frame("left open (idle): not a service time", frame[idle[here]])
    return cut


def _robots(pages: pd.DataFrame, done: Collection[str]) -> tuple[set[str], set[str]]:
    """(Workers at machine speed, workers with constant times); none if they would be most of the workers."""
    found = bots(pages) if "bots" in done else (set(), set())
    return found if 2 * len(found[0] | found[1]) < pages["worker"].nunique() else (set(), set())


def _counting(frame: pd.DataFrame, robots: tuple[set[str], set[str]], set_apart: Refusals) -> None:
    """Marks the judgements that are usable as labels."""
    fast, constant = (frame["worker"].isin(one) for one in robots)
    set_apart.add_frame("worker at machine speed (bot): neither a service time nor a label", frame[fast])
    set_apart.add_frame("worker with constant times (bot): neither a service time nor a label", frame[constant])
    fixed = frame["outcome"] == "fixed"
    frame["label"] = frame["label"].where(~fixed)
    frame["correct"] = frame["correct"].where(~fixed)
    set_apart.add_frame("mended by a reviewer: its time counts, its label is not the worker's own", frame[fixed])
    rejected = frame["outcome"] == "rejected"
    # Work done again after a rejection is the first that counts.
    kept = frame[~rejected].sort_values(["end_ms", "source", "row"])
    again = kept.duplicated(["item", "worker"]).reindex(frame.index, fill_value=False)
    set_apart.add_frame("thrown out by the platform or requester: not used for labels and accuracy", frame[rejected])
    set_apart.add_frame("the same worker judged the item before: not used for labels and accuracy", frame[again])
    frame["counts"] = ~rejected & ~again & ~fast & ~constant


def _page(frame: pd.DataFrame, shared: bool) -> Ints:
    """Page numbers from 0 of a frame sorted by worker, submit and start; not `shared`: each row is a page."""
    if not shared:
        return np.arange(len(frame), dtype=np.int64)
    keys = frame[["worker", "submitted_at", "started_at"]]
    changed = (keys != keys.shift()).any(axis=1).astype("int64")
    return np.asarray(changed.cumsum() - 1, dtype=np.int64)


def _ms(stamps: pd.Series[pd.Timestamp]) -> npt.NDArray[np.int64]:
    return np.asarray(stamps.astype("datetime64[ms]").astype("int64"), dtype=np.int64)


def _first(frame: pd.DataFrame) -> Mask:
    """The first row of each page."""
    return np.asarray(~frame["page"].duplicated())


def _pages(frame: pd.DataFrame, begin: Ints, end: Ints, limit: npt.NDArray[np.float64]) -> pd.DataFrame:
    first = _first(frame)
    units = frame["units_on_page"].to_numpy()[first]
    return pd.DataFrame(
        {
            "page": frame["page"].to_numpy()[first],
            "worker": frame["worker"].to_numpy()[first],
            "begin_ms": begin[first],
            "end_ms": end[first],
            "units": units,
            "seconds": (end - begin)[first] / 1000.0 / units,
            "limit_seconds": limit,
        }
    )


def _shared(frame: pd.DataFrame, pages: pd.DataFrame) -> tuple[Ints, Ints]:
    """Begin and end of each unit: the page's time in equal parts, in the order of the rows."""
    here = frame["page"].to_numpy()
    place = frame.groupby("page").cumcount().to_numpy().astype(np.int64)
    begin, end, units = (pages[name].to_numpy()[here] for name in ("begin_ms", "end_ms", "units"))
    length = end - begin
    return begin + place * length // units, begin + (place + 1) * length // units
