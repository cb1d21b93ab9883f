"""What the plan that was found gives and takes, against today's: KPIs in pairs on the same luck."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ...sim.paired import Claim, family
from ...sim.registry import kpi_of
from .beside import Beside
from .way import Way

Turn = Literal["worse", "open", "better", "other", "same"]
"""other: it has changed, and neither more nor less of it is better.  open: it may have changed or not."""

TURNS: tuple[Turn, ...] = ("worse", "other", "open", "better", "same")


@dataclass(frozen=True)
class Traded:
    """A KPI. today, found: means.  claim: found less today, among all that are compared."""

    kpi: str
    today: float
    found: float
    claim: Claim

    @property
    def turn(self) -> Turn:
        """What has become of it."""
        if self.claim.difference.low == self.claim.difference.high == 0.0:
            return "same"
        better = kpi_of(self.kpi).better
        if not self.claim.differs:
            return "open"
        if better == "none":
            return "other"
        return "better" if (self.claim.difference.mean > 0.0) == (better == "high") else "worse"


def traded(along: Way, beside: Beside) -> Sequence[Traded]:
    """KPIs that have a mean in both plans, those that are surely worse first, by how many standard errors they are."""
    pairs = {}
    for kpi in beside.kpis:
        found, today = beside.column(along.end, kpi), beside.column(along.today, kpi)
        if np.isfinite(found).all() and np.isfinite(today).all():
            pairs[kpi] = (found, today)
    claims = family(pairs)
    rows = [Traded(kpi, float(pairs[kpi][1].mean()), float(pairs[kpi][0].mean()), one) for kpi, one in claims.items()]
    return sorted(rows, key=lambda one: (TURNS.index(one.turn), -_far(one)))


def _far(one: Traded) -> float:
    found = one.claim.difference
    half = (found.high - found.low) / 2.0
    return abs(found.mean) / half if half > 0.0 else math.inf
