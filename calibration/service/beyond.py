"""How much of a fitted time lies beyond all that the log could show: a limit that most work ran into tells no tail."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .families import Family
from .marginal import Sample

Floats = npt.NDArray[np.float64]

MOST = 2.0
"""Times that the mean may be of what it is with longer times cut at the limit: at most half of it is extrapolated."""

GRID = np.arange(-20.0, 20.0, 0.01)
"""Of log time about the location."""


def in_sight(family: Family, location: float, free: Floats, sample: Sample) -> bool:
    """Whether no more than half of a typical worker's mean time lies beyond the limit of most pages, or, where most had
    none, beyond the longest time seen. True of times that were neither cut short nor open.

    Times that pile up at a limit, or many open tasks, are likeliest under families that end nowhere: their mean is no
    longer told by the log.
    """
    if sample.limit is None and sample.open is None:
        return True
    limit = np.inf if sample.limit is None else float(np.median(sample.limit))
    z = min(limit, float(sample.y.max())) - location
    with np.errstate(all="ignore"):
        lasts = 1 - family.cdf(GRID, free)
    area = lasts * np.exp(GRID) * (GRID[1] - GRID[0])
    return bool(area.sum() <= MOST * area[z >= GRID].sum())
