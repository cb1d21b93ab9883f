"""Time on shift: when people with a slot are there, as planned."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...sim.calendars import Shifts
from ...sim.line import Line
from ...sim.plan import Plan
from ...sim.rosters import roster

Hours = Mapping[tuple[str, int], Shifts]
"""By pool and slot."""


def hours_of(line: Line) -> Hours:
    """When each slot of the staff is on shift, as planned."""
    people = roster(Plan.of(line), 0)
    names = [pool.name for pool in line.pools]
    rows = zip(people.pool.tolist(), people.slot.tolist(), people.hired.tolist(), people.shift_of, strict=True)
    return {(names[pool], slot): people.shift_sets[shift] for pool, slot, hired, shift in rows if hired == 0}


def on_shift(rows: pd.DataFrame, hours: Hours) -> NDArray[np.float64]:
    """float64[rows]: milliseconds from begin to end that lie on the person's shift; NaN for people without a slot.
    rows: pool, number, begin_ms, end_ms."""
    found = np.full(len(rows), np.nan)
    pool, number = rows["pool"].to_numpy(), rows["number"].to_numpy(np.int64)
    begin, end = (rows[name].to_numpy(np.int64) for name in ("begin_ms", "end_ms"))
    for (name, slot), shifts in hours.items():
        mine = (pool == name) & (number == slot)
        found[mine] = open_until(shifts, end[mine]) - open_until(shifts, begin[mine])
    return found


def open_until(shifts: Shifts, moments: NDArray[np.int64]) -> NDArray[np.float64]:
    """Milliseconds of a shift set that are open before each moment."""
    place = np.searchsorted(shifts.starts, moments, side="right") - 1
    known = np.maximum(place, 0)
    if not shifts.starts.size:
        return np.zeros(len(moments))
    inside = np.minimum(moments, shifts.ends[known]) - shifts.starts[known]
    return np.where(place < 0, 0.0, shifts.before[known] + inside)
