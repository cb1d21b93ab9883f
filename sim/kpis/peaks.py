"""The greatest number of stretches of time that hold at once."""

from __future__ import annotations

import numpy as np

from ..tables import Ints

BUCKETS = 1 << 15


def most_at_once(start: Ints, end: Ints) -> int:
    """The greatest number of stretches [start, end) that hold at one moment; empty ones hold never.

    Time is cut into buckets. What holds at the end of each is counted; only buckets in which more might have held for
    a moment are looked into, event by event.
    """
    if not len(start):
        return 0
    low = int(start.min())
    width = (int(end.max()) - low) // BUCKETS + 1
    of_start, of_end = (start - low) // width, (end - low) // width
    begun, over_ = (np.bincount(of, minlength=BUCKETS + 1) for of in (of_start, of_end))
    after = np.cumsum(begun - over_)
    before = after - begun + over_
    best = int(after.max())
    open_to = before + begun > best
    if not open_to.any():
        return best
    looked, closed = open_to[of_start], open_to[of_end]
    bucket = np.concatenate([of_start[looked], of_end[closed]])
    at = np.concatenate([start[looked] * 2 + 1, end[closed] * 2])  # in one millisecond, ends before starts
    order = np.argsort(at, kind="stable")
    bucket, change = bucket[order], np.where(at[order] % 2, 1, -1)
    level = np.cumsum(change)
    first = np.flatnonzero(np.concatenate([[True], bucket[1:] != bucket[:-1]]))
    base = before[bucket[first]] - level[first] + change[first]
    return max(best, int((level + np.repeat(base, np.diff(np.append(first, len(bucket))))).max()))
