"""Stamps into work: pages divided among their units, hoarded starts moved, idle time set apart; every step counted."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from .readers.judgements import NO_LABEL, Refusals

IDLE_S = 8 * 3600.0
"""A page open longer than this was left open: nobody labels one page for more than a working day."""

IDLE_SD = 3.5
"""Robust standard deviations of log duration beyond which a page is taken as left open. Of lognormal service times
this cuts 1 in 4,000, so that the fit is hardly biased."""

IDLE_TIMES = 5.0
"""A page is never called idle within so many times the usual: a worker's first pages take up to 3.4 times the later."""

OWN_MEDIAN = 10
"""Pages from which on a worker is measured against their own median; below it, against everyone's."""


@dataclass(frozen=True, eq=False)
class Cleaned:
    """judgements: those of the export, in the order of worker and time, `units_on_page` filled, and

    page (int64, pages numbered from 0), begin_ms, end_ms (int64 since 1970: this unit's share of the corrected page),
    seconds (float, the same), timed (bool: usable as a service time), counts (bool: usable as a label: not thrown out
    by the platform, and the worker's first judgement of the item).
    set_apart: rows that are used, though not for everything, or with a corrected start.
    pages: page, worker, begin_ms, end_ms, units, seconds (a unit, page average), timed; one row a page.
    hoarded: starts moved.  idle_cut_s: seconds a unit at which an average worker's page counts as idle, at most
    IDLE_S a page.
    """

    judgements: pd.DataFrame
    pages: pd.DataFrame
    set_apart: Refusals
    hoarded: int
    idle_cut_s: float


def clean(judgements: pd.DataFrame, refusals: Refusals) -> Cleaned:
    """What the judgements say about work. Rows that finish before they start, or ended without a label, are added to
    `refusals` and left out."""
    set_apart = Refusals(refusals.names, units=refusals.units)
    unlabelled = judgements["outcome"].isin(NO_LABEL)
    for outcome in NO_LABEL:
        ended = judgements[judgements["outcome"] == outcome]
        refusals.add_frame(f"{outcome.replace('_', ' ')}: ended without a label", ended)
    backward = (judgements["submitted_at"] < judgements["started_at"]) & ~unlabelled
    refusals.add_frame("finish before start", judgements[backward])
    frame = judgements[~backward & ~unlabelled].sort_values(["worker", "submitted_at", "started_at", "source", "row"])
    frame = frame.reset_index(drop=True)
    frame["page"] = _page(frame)
    frame["units_on_page"] = frame.groupby("page")["page"].transform("size").astype("int64")

    begin = _ms(frame["started_at"])
    end = _ms(frame["submitted_at"])
    begin, paused = _worked(frame, begin, end)
    set_apart.add_frame("worked less than the page was open: its work is put at the end", frame[paused])
    moved = _unhoarded(frame["worker"], frame["page"], begin, end)
    hoarded = moved > begin
    set_apart.add_frame("started before the worker's previous submit: start moved to it", frame[hoarded])
    pages = _pages(frame, moved, end)
    instant = (pages["seconds"] <= 0).to_numpy()
    cut, idle = _idle(pages)
    pages["timed"] = ~instant & ~idle
    here = frame["page"].to_numpy()
    set_apart.add_frame("no time between start and submit: not a service time", frame[instant[here]])
    set_apart.add_frame("left open (idle): not a service time", frame[idle[here]])

    frame["begin_ms"], frame["end_ms"] = _shared(frame, pages)
    frame["seconds"] = pages["seconds"].to_numpy()[here]
    frame["timed"] = pages["timed"].to_numpy()[here]
    fixed = frame["outcome"] == "fixed"
    frame["label"] = frame["label"].where(~fixed)
    frame["correct"] = frame["correct"].where(~fixed)
    set_apart.add_frame("mended by a reviewer: its time counts, its label is not the worker's own", frame[fixed])
    rejected = frame["outcome"] == "rejected"
    again = frame.sort_values(["end_ms", "source", "row"]).duplicated(["item", "worker"]).sort_index()
    set_apart.add_frame("thrown out by the platform or requester: not used for labels and accuracy", frame[rejected])
    set_apart.add_frame(
        "the same worker judged the item before: not used for labels and accuracy", frame[again & ~rejected]
    )
    frame["counts"] = ~rejected & ~again
    return Cleaned(frame, pages, set_apart, int(hoarded.sum()), cut)


def _page(frame: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Page numbers from 0 of a frame sorted by worker, submit and start."""
    keys = frame[["worker", "submitted_at", "started_at"]]
    changed = (keys != keys.shift()).any(axis=1).astype("int64")
    return np.asarray(changed.cumsum() - 1, dtype=np.int64)


def _ms(stamps: pd.Series[pd.Timestamp]) -> npt.NDArray[np.int64]:
    return np.asarray(stamps.astype("datetime64[ms]").astype("int64"), dtype=np.int64)


def _worked(
    frame: pd.DataFrame, begin: npt.NDArray[np.int64], end: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """(starts, whether moved): later by the time that a page was open and not worked on, by the platform's clock."""
    active = frame.groupby("page")["active_seconds"].transform("max").to_numpy(np.float64, na_value=np.nan)
    spent = np.where(active > 0, np.minimum(active * 1000, end - begin), end - begin).round().astype(np.int64)
    moved = np.maximum(begin, end - spent)
    return moved, moved > begin


def _unhoarded(
    worker: pd.Series[str], page: pd.Series[int], begin: npt.NDArray[np.int64], end: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Starts, moved to the submit of the same worker's previous page where they lie before it."""
    first = ~page.duplicated()
    one = pd.DataFrame({"worker": worker[first], "end": end[first.to_numpy()]})
    previous = one.groupby("worker")["end"].shift().fillna(np.iinfo(np.int64).min // 2).astype("int64").to_numpy()
    return np.maximum(begin, previous[page.to_numpy()])


def _pages(frame: pd.DataFrame, begin: npt.NDArray[np.int64], end: npt.NDArray[np.int64]) -> pd.DataFrame:
    first = ~frame["page"].duplicated().to_numpy()
    units = frame["units_on_page"].to_numpy()[first]
    return pd.DataFrame(
        {
            "page": frame["page"].to_numpy()[first],
            "worker": frame["worker"].to_numpy()[first],
            "begin_ms": begin[first],
            "end_ms": end[first],
            "units": units,
            "seconds": (end - begin)[first] / 1000.0 / units,
        }
    )


def _idle(pages: pd.DataFrame) -> tuple[float, npt.NDArray[np.bool_]]:
    """(cut in seconds a unit for an average worker, whether each page is idle)."""
    seconds = pages["seconds"].to_numpy()
    whole = seconds * pages["units"].to_numpy()
    positive = (seconds > 0) & (whole <= IDLE_S)
    if not positive.any():
        return IDLE_S, whole > IDLE_S
    log = np.full(len(seconds), np.nan)
    log[positive] = np.log(seconds[positive])
    series = pd.Series(log)
    everyone = float(np.nanmedian(log))
    by_worker = series.groupby(pages["worker"].to_numpy())
    own = by_worker.transform("count") >= OWN_MEDIAN
    centre = by_worker.transform("median").where(own, everyone)
    distance = (series - centre).to_numpy()
    within, across = _robust_sd(distance[own.to_numpy()]), _robust_sd(log - everyone)
    sd = np.where(own, within or across, across)
    late = positive & (distance > np.maximum(IDLE_SD * sd, math.log(IDLE_TIMES)))
    cut = math.exp(everyone + max(IDLE_SD * (within or across), math.log(IDLE_TIMES)))
    return min(cut, IDLE_S), late | (whole > IDLE_S)


def _robust_sd(deviations: npt.NDArray[np.float64]) -> float:
    """1.4826 times the median absolute deviation; the plain sd where more than half of the values are equal."""
    known = deviations[~np.isnan(deviations)]
    if len(known) < 2:
        return 0.0
    mad = 1.4826 * float(np.median(np.abs(known - np.median(known))))
    return mad if mad > 0 else float(known.std())


def _shared(frame: pd.DataFrame, pages: pd.DataFrame) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Begin and end of each unit: the page's time in equal parts, in the order of the rows."""
    here = frame["page"].to_numpy()
    place = frame.groupby("page").cumcount().to_numpy().astype(np.int64)
    begin, end, units = (pages[name].to_numpy()[here] for name in ("begin_ms", "end_ms", "units"))
    length = end - begin
    return begin + place * length // units, begin + (place + 1) * length // units
