"""A budget by activity: planned, spent, still to come."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from ...sim.ledger import IDLE
from .whole import Budget


@dataclass(frozen=True)
class Activity:
    """Means in micro-units. plan: of all months.  actual: spent so far.  to_come: planned for later months."""

    name: str
    plan: int
    actual: int
    to_come: int

    @property
    def outlook(self) -> int:
        """What is spent and what is to come."""
        return self.actual + self.to_come


def by_activity(found: Budget) -> list[Activity]:
    """Every activity of the plan and of the actuals, the dearest first, idle last."""
    plan = _sums(found.ledger)
    coming = _sums(found.ledger[found.ledger["month"] > found.cut])
    spent = _sums(found.asked.actuals.rows) if found.asked.actuals is not None else {}
    parts = [
        Activity(name, plan.get(name, 0), spent.get(name, 0), coming.get(name, 0))
        for name in dict.fromkeys([*plan, *spent])
    ]
    return sorted(parts, key=lambda one: (one.name == IDLE, -one.outlook, one.name))


def _sums(rows: pd.DataFrame) -> dict[str, int]:
    sums = rows.groupby("activity", observed=True)["amount"].sum()
    return {str(name): int(amount) for name, amount in sums.items()}
