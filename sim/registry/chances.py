"""KPIs that are made over replications."""

from __future__ import annotations

from .kpi import FINANCE, PROGRAM_MANAGER, QUALITY_LEAD, Kpi

KPIS = (
    Kpi("p_deadline", "share", "high", PROGRAM_MANAGER, "Chance that the line finishes by its deadline.", ()),
    Kpi("p_budget", "share", "high", FINANCE, "Chance that the cost stays within the budget.", ()),
    Kpi("p_accuracy", "share", "high", QUALITY_LEAD, "Chance that the accuracy goal is met.", ()),
    Kpi("p_on_time", "share", "high", PROGRAM_MANAGER, "Chance that the on-time goal is met.", ()),
    Kpi(
        "p_ready.<window>",
        "share",
        "high",
        PROGRAM_MANAGER,
        "Chance that the window's items are ready by its date.",
        (),
    ),
)
"""Chances that goals and training windows are met."""
