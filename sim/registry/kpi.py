"""What the registry says of a KPI."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MONEY = "money"
"""Stands for the currency in a KPI's unit."""

DELIVERED = "items.delivered_at"


@dataclass(frozen=True)
class Kpi:
    """A KPI, or a family of them whose name holds <stage>, <pool>, <segment> or <window>.

    unit: share is a number in [0, 1]; MONEY stands for the currency.  better: which way is good, "none" where neither.
    columns: table.column that it cannot do without; ledger.amount stands for the ledger, nothing for what is made over
    replications.  kinds: of the stages that it is given for; () for all.
    """

    name: str
    unit: str
    better: Literal["low", "high", "none"]
    sentence: str
    columns: tuple[str, ...]
    kinds: tuple[str, ...] = ()


def by_segment(kpi: Kpi, sentence: str) -> Kpi:
    """The family of a KPI by segment: one grammar for all, `<kpi>.segment.<segment>`."""
    return Kpi(f"{kpi.name}.segment.<segment>", kpi.unit, kpi.better, sentence, (*kpi.columns, "items.segment"))
