"""Stamps of a clock that is wrong by whole quarters of an hour: starts and submits in two zones, or a shifted clock."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from .idle import robust_sd

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

QUARTER_MS = 900_000
"""Offsets of time zones are whole quarters of an hour."""

FARTHEST = 4 * 26
"""Quarters of an hour between two zones, at most."""

LEAST = 10
"""Rows that a file needs before its clock is doubted."""

NARROW, WIDE = 0.1, 0.15
"""Robust sd of log times: below NARROW no real work is, whatever it is; above WIDE all real work is."""


def two_zones(source: Ints, begin: Ints, end: Ints) -> Ints:
    """Milliseconds to add to each start, so that starts of a file are told by the same clock as its submits.

    A file is mended where all but one in fifty of its times lie within the same quarter hours of a whole number of
    them, one hour or more either way, so close together as no work is; less that number, they scatter as work does.
    """
    out = np.zeros(len(begin), np.int64)
    for one in np.unique(source):
        here = source == one
        spent = (end - begin)[here]
        if here.sum() < LEAST:
            continue
        quarters = int(np.quantile(spent, 0.02) // QUARTER_MS)
        if not 4 <= abs(quarters) <= FARTHEST:
            continue
        rest = spent - quarters * QUARTER_MS
        rest = rest[rest > 0]
        tight = robust_sd(np.log(np.maximum(np.abs(spent), 1)))
        if len(rest) >= 0.98 * len(spent) and tight < NARROW and robust_sd(np.log(rest)) > WIDE:
            out[here] = quarters * QUARTER_MS
    return out


def shifted(source: Ints, worker: npt.NDArray[np.int64], begin: Ints, posted: Ints, known: Mask) -> Ints:
    """Milliseconds to add to both stamps, so that work does not begin before its item was posted.

    A file, or else a worker, is mended where nine in ten of its rows with a posting time (LEAST at the least) begin
    before it, by an hour or more: by the fewest whole quarters of an hour after which only one in twenty still does.
    """
    out = np.zeros(len(begin), np.int64)
    for group in (source, worker):
        ahead = (posted - begin - out)[known]
        frame = pd.DataFrame({"group": group[known], "ahead": ahead})
        by = frame.groupby("group")["ahead"]
        early = by.agg(lambda a: float((a >= 4 * QUARTER_MS).mean()))
        for one in early.index[(early >= 0.9) & (by.size() >= LEAST)]:
            most = float(np.quantile(frame.loc[frame["group"] == one, "ahead"], 0.95))
            quarters = int(np.ceil(most / QUARTER_MS))
            if quarters <= FARTHEST:
                out[group == one] += quarters * QUARTER_MS
    return out
