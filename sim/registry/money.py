"""KPIs of money."""

from __future__ import annotations

from .kpi import DELIVERED, FINANCE, MONEY, Kpi, by_segment

_COST = Kpi(
    "cost",
    MONEY,
    "low",
    FINANCE,
    "All that the ledger holds, 0 if it is empty; withheld where there is no contract and no cost that falls due once.",
    ("ledger.amount",),
)
_SAVED = Kpi(
    "cost_saved",
    MONEY,
    "none",
    FINANCE,
    "What items not sampled would have cost at what the ledger holds for their segment, by item of it that is through: "
    "delivered, or dropped as a duplicate. What belongs to no segment is not saved.",
    ("ledger.amount", DELIVERED),
)

KPIS = (
    _COST,
    by_segment(_COST, "What the ledger holds for the segment; with cost_shared, segments sum to cost."),
    _SAVED,
    by_segment(_SAVED, "The same of the segment; segments sum to the whole."),
    Kpi(
        "cost_shared",
        MONEY,
        "low",
        FINANCE,
        "What belongs to no segment: idle time, training, paid absence, tools, costs that fall due once.",
        ("ledger.amount",),
    ),
    Kpi(
        "relabel_cost",
        MONEY,
        "low",
        FINANCE,
        "What it costs to label anew what rollbacks sent back, apart from other rework: activity relabelling of the "
        "ledger. What judges these labels is review.",
        ("ledger.amount", "tasks.rollbacks"),
    ),
    Kpi("cost.<pool>", MONEY, "low", FINANCE, "What the ledger holds for the pool.", ("ledger.amount",)),
    Kpi(
        "cost_per_label",
        f"{MONEY}/label",
        "low",
        FINANCE,
        "Cost by label: by annotate task finished with a result; rework, late labels and test questions included.",
        ("ledger.amount", "tasks.finished_at"),
    ),
    Kpi(
        "cost_per_label.<pool>",
        f"{MONEY}/label",
        "low",
        FINANCE,
        "The pool's cost by label of its people.",
        ("ledger.amount", "tasks.finished_at", "tasks.pool"),
    ),
    Kpi(
        "cost_per_accepted_label",
        f"{MONEY}/label",
        "low",
        FINANCE,
        "Cost by delivered item.",
        ("ledger.amount", DELIVERED),
    ),
    Kpi(
        "cost_per_correct_label",
        f"{MONEY}/label",
        "low",
        FINANCE,
        "Cost by delivered item whose final label is its truth; withheld unless the truth of all of them is known.",
        ("ledger.amount", DELIVERED, "items.final_label", "items.truth"),
    ),
)
