"""Work of one worker that overlaps: hoarded starts, pages left and opened again, measured times that were doubled."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

TWICE = 0.02
"""Share by which a doubled time may miss the double."""

MANY = 0.1
"""Share of a file's measured times that must be doubled before any is taken so."""


def previous_end(worker: pd.Series[str], page: pd.Series[int], end: Ints) -> Ints:
    """Submit of the same worker's page before; long ago for the first. Rows in the order of worker and submit."""
    first = ~page.duplicated()
    one = pd.DataFrame({"worker": worker[first], "end": end[first.to_numpy()]})
    previous = one.groupby("worker")["end"].shift().fillna(np.iinfo(np.int64).min // 2).astype("int64").to_numpy()
    return np.asarray(previous[page.to_numpy()])


def doubled(source: Ints, active: Floats, begin: Ints, end: Ints, previous: Ints) -> Mask:
    """Rows whose measured time is twice the time since the worker's submit before, and overlaps it.

    Where stamps of the start were made from the measured time, a doubled time begins within the page before. Once in
    fifty that is chance: none counts unless MANY of the file's rows are so.
    """
    since = (end - previous) / 1000.0
    overlaps = (active > 0) & (begin < previous) & (since > 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        twice = overlaps & (np.abs(active / (2 * since) - 1) < TWICE)
    out = np.zeros(len(active), bool)
    for one in np.unique(source):
        here = source == one
        if twice[here].sum() >= max(MANY * (active[here] > 0).sum(), 5):
            out |= here & twice
    return out


def reopened(worker: Ints, begin: Ints, end: Ints, usual: Floats) -> Mask:
    """Pages during which the same worker opened and ended another, at least `usual` milliseconds after opening them.

    One row a page, in the order of worker and end.  usual: of each page's worker.  A hoarder opens several at once and
    works them one by one, whatever their order; who began to work, left, did another page and came back has put two
    stretches of work under one pair of stamps.
    """
    out = np.zeros(len(begin), bool)
    for back in (1, 2, 3):
        if len(begin) <= back:
            break
        inner, outer = slice(0, -back), slice(back, None)
        same = worker[inner] == worker[outer]
        out[outer] |= same & (begin[inner] - begin[outer] >= usual[outer]) & (end[inner] < end[outer])
    return out
