"""What a page reads from one scenario's runs, worked out once: summaries, fans over time, cost by activity."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ..sim.ledger import IDLE
from ..sim.line import MICRO, Goal, Line
from ..sim.replicate import Runs, summaries
from ..sim.statistics import Summary, summarise

Floats = npt.NDArray[np.float64]

POINTS = 240
"""At most so many points of a curve are drawn: about as many as a screen resolves."""


@dataclass(frozen=True)
class Fan:
    """Percentiles over replications at moments in days from the start; `step_h`: hours between moments."""

    days: Floats
    p5: Floats
    p20: Floats
    p50: Floats
    p80: Floats
    p95: Floats
    step_h: int


@dataclass(frozen=True)
class Reading:
    """One scenario: its place among those compared (0 is the baseline) and its runs."""

    index: int
    runs: Runs

    @property
    def line(self) -> Line:
        """The scenario's line."""
        return self.runs.line

    @property
    def name(self) -> str:
        """What the planner called it."""
        return self.runs.line.name

    @property
    def replications(self) -> int:
        """Number of replications behind every number."""
        return len(self.runs.kpis)

    @cached_property
    def kpis(self) -> dict[str, Summary]:
        """Summary of each KPI over the replications."""
        return dict(summaries(self.runs))

    def kpi(self, name: str) -> Summary | None:
        """Summary of one KPI, None where the line has no such KPI."""
        return self.kpis.get(name)

    def occurs(self, name: str) -> bool:
        """Whether a KPI is there, and above zero on average."""
        summary = self.kpis.get(name)
        return summary is not None and summary.mean > 0

    def goal(self, name: str) -> Goal | None:
        """The first goal on a KPI, None where there is none."""
        return next((goal for goal in self.line.goals if goal.kpi == name), None)

    def days_to_deliver(self, share: float) -> float:
        """Days from the start until this share of what is delivered at all is delivered, in the median over
        replications, to the hour; NaN where nothing is."""
        hours = self.runs.curves[0].hours
        found = [
            hours[int(np.searchsorted(curve.delivered, share * curve.delivered[-1]))]
            for curve in self.runs.curves
            if curve.delivered[-1] > 0
        ]
        return float(np.median(found)) / 24.0 if found else math.nan

    @property
    def stages(self) -> tuple[str, ...]:
        """Names of the stages, in the line's order."""
        return tuple(stage.name for stage in self.line.stages)

    @cached_property
    def total_items(self) -> int | None:
        """Items to deliver where the plan fixes them, None where some arrive, or drop out, by chance."""
        segments = self.line.segments
        if any(segment.arrivals for segment in segments) or self.occurs("items_dropped"):
            return None
        started = {(task.segment, task.item) for task in self.line.initial}
        released = sum(one.items for s in segments for one in s.releases if one.at_s < self.line.horizon_s)
        return sum(segment.backlog for segment in segments) + released + len(started)

    @cached_property
    def last_day(self) -> float:
        """Days from the start until the last replication ended, or the whole curve."""
        hours = self.runs.curves[0].hours
        busy = np.max([last_change(curve.delivered) for curve in self.runs.curves])
        return float(hours[min(int(busy) + 1, len(hours) - 1)]) / 24.0

    def delivered(self, until_day: float) -> Fan:
        """Items delivered by each moment."""
        stack = np.array([curve.delivered for curve in self.runs.curves], dtype=np.float64)
        return fan(stack, self.runs.curves[0].hours, until_day, POINTS, average=False)

    def waiting(self, stage: str, until_day: float) -> Fan:
        """Tasks that wait at a stage, averaged over each step of time; drawn small, so with half the points."""
        stack = np.array([curve.waiting[stage] for curve in self.runs.curves], dtype=np.float64)
        return fan(stack, self.runs.curves[0].hours, until_day, POINTS // 2, average=True)

    @property
    def paid(self) -> bool:
        """Whether anybody is paid by the plan, so that there is a cost, be it 0."""
        return math.isfinite(self.kpis["cost"].mean)

    @cached_property
    def costs(self) -> dict[str, Summary]:
        """Cost by activity in currency units, dearest first, idle last; empty where nothing was spent on any."""
        if self.runs.ledger.empty:
            return {}
        sums = self.runs.ledger.groupby(["replication", "activity"], observed=True)["amount"].sum()
        table = sums.unstack(fill_value=0)
        table = table.reindex(self.runs.kpis.index, fill_value=0).astype("float64") / MICRO
        order = sorted(table.columns, key=lambda activity: (activity == IDLE, -table[activity].mean(), str(activity)))
        return {str(a): summarise(table[a].to_numpy(dtype=np.float64), self.runs.level) for a in order}


def read(runs: Sequence[Runs]) -> tuple[Reading, ...]:
    """A reading of each scenario, in the order given."""
    return tuple(Reading(index, each) for index, each in enumerate(runs))


def last_change(values: npt.NDArray[np.int64]) -> int:
    """Position of the last element that differs from the one before it, 0 when all are equal."""
    changes = np.flatnonzero(np.diff(values))
    return int(changes[-1]) + 1 if len(changes) else 0


def fan(stack: Floats, hours: npt.NDArray[np.int64], until_day: float, points: int, *, average: bool) -> Fan:
    """Percentiles of each column of `stack` (replications x hours), thinned to at most `points` moments.

    average: each moment stands for the mean of the step that ends there, instead of the state at it.
    """
    count = int(np.searchsorted(hours, until_day * 24.0, side="right"))
    step = next((n for n in (1, 2, 3, 4, 6, 8, 12, 24) if count <= points * n), 24 * -(-count // (points * 24)))
    at = np.arange(0, max(count, 1), step)
    if average and step > 1:
        sums = np.concatenate([np.zeros((len(stack), 1)), np.cumsum(stack, axis=1)], axis=1)
        begin = np.maximum(at - step + 1, 0)
        chosen = (sums[:, at + 1] - sums[:, begin]) / (at + 1 - begin)
    else:
        chosen = stack[:, at]
    p5, p20, p50, p80, p95 = np.quantile(chosen, [0.05, 0.20, 0.50, 0.80, 0.95], axis=0, method="inverted_cdf")
    spacing = int(hours[1] - hours[0]) if len(hours) > 1 else 1
    return Fan(hours[at] / 24.0, p5, p20, p50, p80, p95, step * spacing)
