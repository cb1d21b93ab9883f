"""Workers who are no people: at the speed of a machine, or always in the same time. Conservative, with the reason."""

from __future__ import annotations

import numpy as np
import pandas as pd

LEAST = 20
"""Pages that a worker needs before being doubted."""

FASTER = 8.0
"""So many times quicker than a typical worker, ..."""

MACHINE_S = 2.0
"""... and below so many seconds a unit: nobody reads that fast what takes others as long."""

CONSTANT = 0.9
"""Share of a worker's pages that take the same time to the second, or to 1% ..."""

CONSTANT_S = 5.0
"""... at no less than so many seconds a page: below that, whole seconds are often equal by chance."""


def bots(pages: pd.DataFrame) -> tuple[set[str], set[str]]:
    """(workers at machine speed, workers with constant times) of pages with worker, seconds (a unit), units, timed."""
    timed = pages[pages["timed"]]
    by = timed.groupby("worker")["seconds"]
    median, size = by.median(), by.size()
    typical = float(median.median()) if len(median) else 0.0
    fast = (size >= LEAST) & (median < MACHINE_S) & (median * FASTER < typical)
    whole = timed["seconds"] * timed["units"]
    middle = whole.groupby(timed["worker"]).transform("median")
    alike = (whole - middle).abs() <= np.maximum(0.5, 0.01 * middle)
    same = alike.groupby(timed["worker"]).mean()
    slow = whole.groupby(timed["worker"]).median()
    constant = (size >= LEAST) & (same >= CONSTANT) & (slow >= CONSTANT_S) & ~fast
    return {str(one) for one in median.index[fast]}, {str(one) for one in median.index[constant]}
