"""Small ledgers and budgets that tests share."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from labelcast.scenarios.load import load
from labelcast.sim.line import Line

PLAN = """
labelcast: 1
name: plan
start: 2027-01-18T09:00
timezone: Europe/Paris
currency: EUR
horizon: 20 weeks
exchange: {USD: {dates: {2027-01-01: 0.9, 2027-02-01: 0.95}}}
contracts:
  acme:
    per_label: 0.5 USD
    minimum: {amount: 300 USD, per: month}
    set_up: 100 USD
work:
  street: {backlog: 300 items, arrivals: {rate: 100 items/week, until: 2027-03-20}, classes: {car: 70%, bus: 30%}}
  night: {backlog: 60 items, classes: {car: 60%, bus: 40%}, error_costs: {bus: {car: 5}}}
calendars:
  office: {days: Mon-Fri, hours: "09:00-17:00"}
pools:
  vendor: {headcount: 3, calendar: office, pay: acme}
  team: {headcount: 4, calendar: office, pay: {hourly: 20 EUR}}
stages:
  annotate: {pools: {vendor: 70%, team: 30%}, time: {lognormal: {median: 60 s, p95: 200 s}}}
  review: {pools: [team], fraction: 20%, time: 20 s, on_reject: {to: annotate, rounds: 2, then: deliver}}
goals: {budget: 8_000 EUR}
"""


def plan(folder: Path, text: str = PLAN) -> Path:
    """The plan as a file."""
    path = folder / "plan.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def line(folder: Path, text: str = PLAN) -> Line:
    """A line with a vendor paid in dollars under a minimum, and a team paid by the hour."""
    return load(plan(folder, text))


def stack(rows: Sequence[tuple[int, str, str, str, str, float, str, int]]) -> pd.DataFrame:
    """A stack of ledgers: replication, month, activity, segment, pool, quantity, unit, amount in micro-EUR."""
    names = ["replication", "month", "activity", "segment", "pool", "quantity", "unit", "amount"]
    table = pd.DataFrame(rows, columns=names)
    return table.astype({"replication": np.int64, "quantity": np.float64, "amount": np.int64}).assign(
        currency="EUR", billed=table["amount"].astype(np.int64)
    )
