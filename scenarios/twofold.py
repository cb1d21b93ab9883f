"""Plans under what their profiles do not know: what the spread of draws, and of runs of each, is of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..sim.line import Line
from ..sim.replicate import Runs
from ..sim.statistics import Floats
from ..sim.twofold import Part, Twofold, parts, twofold

HEADLINES = ("cost", "finish_days", "accuracy")
"""KPIs that are told where all plans have them."""


@dataclass(frozen=True, eq=False)
class Plan:
    """A plan and its runs: replication r is run r % inner of draw r // inner.

    deviates: of each draw, by how many standard deviations each variable was off; () where nothing is drawn, as all of
    it is known.  days: that the log of its profile covers, None where none is told.
    """

    runs: Runs
    deviates: Sequence[Mapping[str, float]]
    days: float | None

    @property
    def line(self) -> Line:
        """As fitted."""
        return self.runs.line


@dataclass(frozen=True, eq=False)
class Sources:
    """What one KPI's variance is of. plans: of each.  by: of each, the variables that data's part goes with.
    policy: standard deviation of the plans' means, None of one plan.  means: float[plans]."""

    kpi: str
    plans: tuple[Twofold, ...]
    by: tuple[tuple[Part, ...], ...]
    policy: float | None
    means: Floats

    @property
    def largest(self) -> str:
        """Which source is the largest: chance, data or policy; "" where nothing varies or is known."""
        data, chance = (
            float(np.sqrt(np.mean([getattr(one, kind) ** 2 for one in self.plans]))) for kind in ("data", "chance")
        )
        found = {"data": data, "chance": chance, "policy": self.policy or 0.0}
        best = max(found, key=lambda name: found[name])
        return best if found[best] > 0 else ""


def sources(plans: Sequence[Plan], inner: int, kpis: Sequence[str] = HEADLINES) -> list[Sources]:
    """Of each KPI that all plans have. inner: runs of each draw."""
    found = []
    for kpi in kpis:
        if not all(kpi in plan.runs.kpis for plan in plans):
            continue
        values = [plan.runs.kpis[kpi].to_numpy(np.float64).reshape(-1, inner) for plan in plans]
        means = np.array([each.mean() for each in values])
        of_plans = tuple(twofold(each) for each in values)
        by = tuple(
            tuple(parts(each.mean(axis=1), plan.deviates)) if plan.deviates and np.isfinite(each).all() else ()
            for plan, each in zip(plans, values, strict=True)
        )
        policy = float(means.std(ddof=1)) if len(plans) > 1 else None
        found.append(Sources(kpi, of_plans, by, policy, means))
    return found


def longer_log(of: Twofold, days: float, more: float) -> float:
    """The spread of a run from a log longer by so many days: the variance that the data do not tell falls as one over
    their length."""
    return float(np.hypot(of.chance, of.data * np.sqrt(days / (days + more))))
