"""The rows behind a number: what each replication gave, and for money the entries of the ledger that it is a sum of."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...sim.ledger.activities import RELABELLING
from ...sim.line import MICRO
from ...sim.registry import kpi_of
from ...sim.replicate import GOAL_KPIS, P_READY, Runs, made_of
from ...sim.statistics import Floats

PER = {
    "cost_per_label": "labels",
    "cost_per_accepted_label": "delivered items",
    "cost_per_correct_label": "right items",
}
"""What a cost is divided by."""

NOT_SPENT = "cost_saved"
"""Money of which no entry tells, because it was not spent."""


@dataclass(frozen=True, eq=False)
class Rows:
    """of: the KPI whose values these are, of a chance the one that it is made of.  gave: a value a replication.

    met: of a chance, whether the replication met the goal.  bound: the goal, such as `<= 11.5`.
    ledger: entries of all replications that the KPI is made of, None where it is not made of money.
    which: the entries in words.  divisor: of a cost by something, by replication; None for a plain cost.
    per: what that something is.
    """

    of: str
    gave: Floats
    met: np.ndarray | None = None
    bound: str = ""
    ledger: pd.DataFrame | None = None
    which: str = ""
    divisor: Floats | None = None
    per: str = ""

    @property
    def amounts(self) -> Floats:
        """Currency units of the entries, by replication: whole micro-units are summed first."""
        assert self.ledger is not None
        sums = self.ledger.groupby("replication")["amount"].sum().reindex(range(self.gave.size), fill_value=0)
        return sums.to_numpy(np.int64) / MICRO


def rows_of(runs: Runs, kpi: str) -> Rows:
    """The rows behind a KPI of the run: one of its `summaries`."""
    of = made_of(kpi) or kpi
    values = runs.kpis[of].to_numpy(np.float64)
    met, bound = _met(runs, kpi, values) if of != kpi else (None, "")
    if "ledger.amount" not in kpi_of(of).columns or of.split(".")[0] == NOT_SPENT:
        return Rows(of, values, met, bound)
    ledger, which = _entries(runs, of)
    rows = Rows(of, values, met, bound, ledger, which)
    head = of.split(".")[0]
    if head not in PER:
        return rows
    with np.errstate(divide="ignore", invalid="ignore"):
        divisor = np.round(rows.amounts / values)
    return Rows(of, values, met, bound, ledger, which, divisor, PER[head])


def _met(runs: Runs, kpi: str, values: Floats) -> tuple[np.ndarray, str]:
    """Which replications met the goal that a chance is of, and the goal."""
    if kpi.startswith(P_READY):
        window = next(one for one in runs.line.windows if P_READY + one.name == kpi)
        days = round(window.at_s * 1000) / 86_400_000
        return values <= days, f"<= {days:.6g}"
    goals = [goal for goal in runs.line.goals if GOAL_KPIS.get(goal.kpi) == kpi]
    goal = goals[-1]  # as summaries() has it
    met = values >= goal.value if goal.relation == ">=" else values <= goal.value
    return met, f"{goal.relation} {goal.value:.6g}"


def _entries(runs: Runs, kpi: str) -> tuple[pd.DataFrame, str]:
    """Entries of the ledger that a KPI of money is made of, and which these are."""
    book, pattern, name = runs.ledger, kpi_of(kpi).name, kpi.partition(".")[2]
    if pattern == "cost_shared":
        return book[book["segment"] == ""], 'with segment ""'
    if pattern == "relabel_cost":
        return book[book["activity"] == RELABELLING], f'with activity "{RELABELLING}"'
    if "<segment>" in pattern:
        name = name.removeprefix("segment.")
        return book[book["segment"] == name], f'with segment "{name}"'
    if "<pool>" in pattern:
        return book[book["pool"] == name], f'with pool "{name}"'
    return book, "all of them"


def withheld(rows: Rows) -> str:
    """Why there is no mean, in words; "" where there is one."""
    lacks, never = int(np.isnan(rows.gave).sum()), int(np.isinf(rows.gave).sum())
    many = rows.gave.size
    if lacks:
        return f"withheld: {lacks} of {many} replications give no number"
    if never and rows.met is None:
        return f"no mean: {never} of {many} replications never got there"
    return ""


def finite(value: float) -> float | None:
    """For JSON, which has no infinity."""
    return value if math.isfinite(value) else None
