"""Work that had begun and not ended when the log ended: how long it had been under way, where that is work at all.

A page that was handed in long after the usual was left open and is no service time (idle.py); a task that has been
open as long tells no more. So it is set apart by the same cut, and only what is within it is censored: it takes longer
than it had taken. Even there some will never be done. The share of pages that are left is told by those that ended and
by those set apart, and the likelihood counts with it (service/marginal.py).
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import numpy.typing as npt
import pandas as pd

from .idle import cut_off
from .readers.judgements import Refusals

Ints = npt.NDArray[np.int64]

NONE = pd.DataFrame({"worker": pd.Series(dtype="str"), "begin_ms": pd.Series(dtype="int64"),
                     "units": pd.Series(dtype="int64"), "seconds": pd.Series(dtype="float64")})  # fmt: skip
"""What is under way where nothing is."""


def under_way(
    begun: pd.DataFrame, pages: pd.DataFrame, robots: Collection[str], shared: bool, set_apart: Refusals
) -> tuple[pd.DataFrame, float]:
    """(pages under way that count: worker, begin_ms, units, seconds (a unit, so far); share of pages that are left).

    begun: Reading.under_way, `submitted_at` the last moment known.  pages: those that ended, as Cleaned has them.
    shared: rows of one worker and start are one page.  Each row of `begun` is counted in `set_apart`, by what it is
    taken for.
    """
    pages_idle = ~pages["timed"] & (pages["seconds"] > 0)
    if begun.empty:
        return NONE, _share(int(pages_idle.sum()), len(pages))
    rows, open_pages = _pages(begun, pages, shared)
    so_far = open_pages["seconds"].to_numpy() * open_pages["units"].to_numpy()
    kind = np.full(len(open_pages), "", dtype=object)
    kind[so_far <= 0] = "begun at the last moment that its file knows: tells nothing"
    limit = open_pages["limit_seconds"].to_numpy(np.float64)
    raw = open_pages["open_seconds"].to_numpy(np.float64)
    kind[raw > limit] = "not handed in within the platform's limit: not a service time"
    kind[open_pages["worker"].isin(robots).to_numpy()] = "under way with a bot: not a service time"
    both = pd.concat([pages[["worker", "seconds", "units"]], open_pages[["worker", "seconds", "units"]]])
    left = cut_off(both.reset_index(drop=True))[1][len(pages) :] & (kind == "")
    kind[left] = "left open when the log ended (idle): not a service time"
    free = kind == ""
    latest = open_pages[free].sort_values(["worker", "begin_ms", "opened_ms"], kind="stable")
    beside = latest.index[latest["worker"].duplicated(keep="last")]
    kind[beside] = "under way beside a later one of the same worker: tells nothing"
    kept = kind == ""
    kind[kept] = "under way when the log ended: counts as taking longer"
    for reason in dict.fromkeys(kind.tolist()):
        set_apart.add_frame(str(reason), begun[kind[rows] == reason])
    counted = len(pages) + int(left.sum())
    share = _share(int(pages_idle.sum()) + int(left.sum()), counted)
    return open_pages.loc[kept, [*NONE.columns]].reset_index(drop=True), share


def _share(left: int, pages: int) -> float:
    return min(left / pages, 0.5) if pages else 0.0


def _pages(begun: pd.DataFrame, pages: pd.DataFrame, shared: bool) -> tuple[Ints, pd.DataFrame]:
    """(page of each row, pages): as of cleaning, work begins when the same worker's submit before it was, and lasted
    no longer than the platform measured."""
    start, last = (begun[name].astype("datetime64[ms]").astype("int64") for name in ("started_at", "submitted_at"))
    one_page = [begun["worker"], start, last] if shared else [pd.Series(np.arange(len(begun)), index=begun.index)]
    page = pd.DataFrame({n: key.to_numpy() for n, key in enumerate(one_page)}).groupby([*range(len(one_page))]).ngroup()
    rows = page.to_numpy(np.int64)
    first = ~page.duplicated().to_numpy()
    order = np.argsort(rows[first])
    frame = pd.DataFrame(
        {
            "worker": begun["worker"].to_numpy()[first][order],
            "opened_ms": start.to_numpy()[first][order],
            "last_ms": last.to_numpy()[first][order],
            "limit_seconds": begun["limit_seconds"].to_numpy(np.float64, na_value=np.nan)[first][order],
            "units": np.bincount(rows),
        }
    )
    active = begun["active_seconds"].to_numpy(np.float64, na_value=np.nan)[first][order]
    submits = pages.groupby("worker")["end_ms"].max()
    before = frame["worker"].map(submits).fillna(np.iinfo(np.int64).min // 2).astype("int64").to_numpy()
    begin = np.minimum(np.maximum(frame["opened_ms"].to_numpy(), before), frame["last_ms"].to_numpy())
    spent = np.fmin(frame["last_ms"].to_numpy() - begin, np.where(active > 0, active * 1000.0, np.nan))
    seconds = spent / 1000.0 / frame["units"].to_numpy()
    so_far = (frame["last_ms"] - frame["opened_ms"]) / 1000.0
    return np.asarray(rows, np.int64), frame.assign(begin_ms=begin, seconds=seconds, open_seconds=so_far)


def limits(
    frame: pd.DataFrame, first: npt.NDArray[np.bool_], moved: Ints, opened: Ints, end: Ints,
    begun: pd.DataFrame, set_apart: Refusals,
) -> npt.NDArray[np.float64]:  # fmt: skip
    """The longest that each page's work could have taken, in seconds; NaN where nothing is known to have ended it.

    The platform's limit runs from the start that it knows: what passed before work began is taken off. A page that took
    longer shows that its limit did not hold; where one in a hundred of a file's pages did, none of its limits is taken.
    Of a file that shows work under way, what was begun within the limit of its last moment was not cut short by it.
    """
    limit = frame["limit_seconds"].to_numpy(np.float64, na_value=np.nan)
    if np.isnan(limit).all():
        return limit[first]
    source = frame["source"].to_numpy(np.int64)
    beyond = (end - opened) / 1000.0 > limit + GRACE_S
    loose = np.zeros(len(limit), bool)
    for one in np.unique(source[beyond]):
        here = (source == one) & ~np.isnan(limit)
        if beyond[here].sum() > LOOSE * here.sum():
            loose |= here
    set_apart.add_frame("took longer than the platform's limit: that limit is not taken", frame[beyond & ~loose])
    set_apart.add_frame("the platform's limit was not kept in this file: none of it is taken", frame[loose])
    last = begun.groupby("source")["submitted_at"].max().astype("datetime64[ms]").astype("int64")
    seen = frame["source"].map(last).fillna(np.iinfo(np.int64).max // 2).to_numpy(np.float64)
    open_to_see = (seen - opened) / 1000.0 < limit
    left = limit - (moved - opened) / 1000.0
    left = np.maximum(left, (end - moved) / 1000.0 + 0.5)  # stamps are cut to seconds
    return np.asarray(np.where(beyond | loose | open_to_see, np.nan, left)[first])


GRACE_S = 2.0
"""Seconds by which stamps may miss the limit."""

LOOSE = 0.01
"""Share of pages beyond their limit from which on a file's limits are none."""
