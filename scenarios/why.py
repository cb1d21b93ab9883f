"""Why one scenario comes to another result than a second one: the difference in parts that add up exactly."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from ..sim.line import Line
from ..sim.replicate import Runs
from ..sim.statistics import Floats, Summary, summarise
from ..sim.swapped import differ, shapley, swapped

KPIS = ("finish_days", "throughput_per_week", "cost", "accuracy")


@dataclass(frozen=True, eq=False)
class Why:
    """Of one KPI. begin, end: means of the first and of the second.  parts: of each kind that differs, over
    replications on the same luck: float[replications], whose sum is the difference, replication by replication."""

    kpi: str
    begin: float
    end: float
    parts: dict[str, Floats]

    def told(self, level: float) -> dict[str, Summary]:
        """Mean of each part with its interval."""
        return {kind: summarise(values, level) for kind, values in self.parts.items()}


def subsets(kinds: Sequence[str]) -> Iterator[frozenset[str]]:
    """All sets of kinds, the empty one first."""
    for many in range(len(kinds) + 1):
        yield from map(frozenset, combinations(kinds, many))


def why(one: Line, other: Line, simulated: Callable[[Line], Runs]) -> tuple[list[str], list[Why], list[str]]:
    """(kinds in which they differ, each KPI in parts, KPIs that cannot be told, as a run never came to one).

    simulated: replications of a line, of the same seed and number always; asked for 2 ^ kinds lines.
    """
    kinds = differ(one, other)
    runs = {taken: simulated(swapped(one, other, taken)) for taken in subsets(kinds)}
    found, untold = [], []
    for kpi in KPIS:
        if not all(kpi in each.kpis for each in runs.values()):
            continue
        values = {taken: each.kpis[kpi].to_numpy(np.float64) for taken, each in runs.items()}
        if not all(np.isfinite(each).all() for each in values.values()):
            untold.append(kpi)
            continue
        ends = values[frozenset()], values[frozenset(kinds)]
        found.append(Why(kpi, float(ends[0].mean()), float(ends[1].mean()), shapley(values, kinds)))
    return kinds, found, untold
