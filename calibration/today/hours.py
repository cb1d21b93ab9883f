"""Time on shift: when people with a slot are there, as planned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ...sim.line import Line
from ...sim.plan import Plan
from ...sim.rosters import roster
from ...sim.spans import Spans, union


@dataclass(frozen=True, eq=False)
class Hours:
    """groups: by pool and slot, whose stretches of `there` are when the person is on shift."""

    groups: Mapping[tuple[str, int], int]
    there: Spans

    @staticmethod
    def of(line: Line) -> Hours:
        """Those of a line."""
        people = roster(Plan.of(line), 0)
        names = [pool.name for pool in line.pools]
        at_start = np.flatnonzero(people.hired == 0).tolist()
        groups = {(names[people.pool[k]], int(people.slot[k])): number for number, k in enumerate(at_start)}
        shifts = [people.shift_sets[people.shift_of[k]] for k in at_start]
        group = np.repeat(np.arange(len(shifts), dtype=np.int64), [one.starts.size for one in shifts])
        nothing = [np.zeros(0, np.int64)]
        starts = np.concatenate([*(one.starts for one in shifts), *nothing])
        return Hours(groups, union(group, starts, np.concatenate([*(one.ends for one in shifts), *nothing])))

    def on_shift(self, rows: pd.DataFrame) -> NDArray[np.float64]:
        """float64[rows]: milliseconds from begin to end that lie on the person's shift; NaN for people without a slot.
        rows: pool, number, begin_ms, end_ms."""
        whose = zip(rows["pool"].tolist(), rows["number"].tolist(), strict=True)
        group = np.array([self.groups.get(one, -1) for one in whose], np.int64)
        begin, end = (rows[name].to_numpy(np.int64) for name in ("begin_ms", "end_ms"))
        return np.where(group < 0, np.nan, self.there.covered(group, begin, end))
