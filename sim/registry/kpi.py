"""What the registry says of a KPI."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MONEY = "money"
"""Stands for the currency in a KPI's unit."""

DELIVERED = "items.delivered_at"

Owner = Literal["program manager", "finance", "team lead", "quality lead"]

OWNERS: tuple[Owner, ...] = ("program manager", "finance", "team lead", "quality lead")
"""Who answers for a KPI. program manager: what is delivered when.  finance: what it costs.  team lead: how work flows
and people's time is used.  quality lead: how right labels are, and what is done for it."""

PROGRAM_MANAGER, FINANCE, TEAM_LEAD, QUALITY_LEAD = OWNERS


@dataclass(frozen=True)
class Kpi:
    """A KPI, or a family of them whose name holds <stage>, <pool>, <segment>, <window> or <chart>.

    unit: share is a number in [0, 1]; MONEY stands for the currency.  better: which way is good, "none" where neither.
    owner: who answers for it.
    columns: table.column that it cannot do without; ledger.amount stands for the ledger, nothing for what is made over
    replications.  kinds: of the stages that it is given for; () for all.
    """

    name: str
    unit: str
    better: Literal["low", "high", "none"]
    owner: Owner
    sentence: str
    columns: tuple[str, ...]
    kinds: tuple[str, ...] = ()


def by_segment(kpi: Kpi, sentence: str) -> Kpi:
    """The family of a KPI by segment: one grammar for all, `<kpi>.segment.<segment>`."""
    columns = (*kpi.columns, "items.segment")
    return Kpi(f"{kpi.name}.segment.<segment>", kpi.unit, kpi.better, kpi.owner, sentence, columns)
