"""The registry of KPIs: their names, units, direction, meaning, and the columns of a log that each one needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MONEY = "money"
"""Stands for the currency in a KPI's unit."""


@dataclass(frozen=True)
class Kpi:
    """A KPI, or a family of them whose name holds <stage> or <pool>.

    unit: share is a number in [0, 1]; MONEY stands for the currency.  better: which way is good, "none" where neither.
    columns: table.column that it cannot do without; ledger.amount stands for the ledger, nothing for what is made over
    replications.
    """

    name: str
    unit: str
    better: Literal["low", "high", "none"]
    sentence: str
    columns: tuple[str, ...]


_DELIVERED = "items.delivered_at"
_HELD = ("tasks.pool", "tasks.worker", "tasks.started_at", "tasks.finished_at", "presence.from")
_WAIT = ("tasks.pool", "tasks.enqueued_at", "tasks.ready_at", "tasks.started_at")

REGISTRY: tuple[Kpi, ...] = (
    Kpi("cost", MONEY, "low", "All that the ledger holds.", ("ledger.amount",)),
    Kpi(
        "cost_per_label",
        f"{MONEY}/label",
        "low",
        "Cost by label: by finished annotate task, rework included.",
        ("ledger.amount", "tasks.finished_at"),
    ),
    Kpi("cost_per_accepted_label", f"{MONEY}/label", "low", "Cost by delivered item.", ("ledger.amount", _DELIVERED)),
    Kpi(
        "cost_per_correct_label",
        f"{MONEY}/label",
        "low",
        "Cost by delivered item whose final label is its truth; withheld unless the truth of all of them is known.",
        ("ledger.amount", _DELIVERED, "items.final_label", "items.truth"),
    ),
    Kpi(
        "finish_days",
        "days",
        "low",
        "Calendar days from the origin to the last delivery; infinite when an item was not delivered.",
        (_DELIVERED,),
    ),
    Kpi(
        "cycle_time_h",
        "h",
        "low",
        "Mean time of delivered items from arrival to delivery.",
        ("items.arrived_at", _DELIVERED),
    ),
    Kpi(
        "accuracy",
        "share",
        "high",
        "Share of delivered items whose final label is their truth; items of unknown truth and duplicates left out.",
        (_DELIVERED, "items.final_label", "items.truth"),
    ),
    Kpi(
        "agreement",
        "share",
        "high",
        "Mean over items of the share of pairs of their first labels that are equal; items with one label left out.",
        ("tasks.label",),
    ),
    Kpi(
        "alpha",
        "",
        "high",
        "Krippendorff's alpha (nominal) of the first labels of each item: 1 is perfect, 0 is chance.",
        ("tasks.label",),
    ),
    Kpi(
        "on_time",
        "share",
        "high",
        "Share delivered by the due date, of items with one that are delivered or whose due date is past.",
        ("items.due_at", _DELIVERED),
    ),
    Kpi("rework_rate", "share", "low", "Share of delivered items with at least one round of rework.", (_DELIVERED,)),
    Kpi(
        "rework_per_touch",
        "share",
        "low",
        "Share of labels (finished annotate tasks) that are rework.",
        ("tasks.finished_at",),
    ),
    Kpi(
        "first_pass_yield",
        "share",
        "high",
        "Share of delivered items that had neither rework nor adjudication.",
        (_DELIVERED,),
    ),
    Kpi(
        "throughput_per_week",
        "items/week",
        "high",
        "Items delivered by week of seven days from the origin to the end of the run.",
        (_DELIVERED,),
    ),
    Kpi("items_delivered", "items", "high", "Items delivered.", (_DELIVERED,)),
    Kpi("unfinished_share", "share", "low", "Share of items that were not delivered.", (_DELIVERED,)),
    Kpi(
        "wait_h.<stage>",
        "h",
        "low",
        "Mean wait of the stage's started tasks from being asked for to start: the sum of its five parts.",
        _WAIT,
    ),
    Kpi(
        "wait_h.<stage>.contention",
        "h",
        "low",
        "Part of the wait in which people of the task's pool were on shift, but not free for it.",
        (*_WAIT, "presence.from"),
    ),
    Kpi(
        "wait_h.<stage>.off_shift",
        "h",
        "low",
        "Part of the wait in which nobody of the task's pool was on shift; before the origin nobody is.",
        (*_WAIT, "presence.from"),
    ),
    Kpi(
        "wait_h.<stage>.batching",
        "h",
        "low",
        "Part of the wait for other tasks to be ready with, or for a lot to be judged.",
        _WAIT,
    ),
    Kpi("wait_h.<stage>.handoff", "h", "low", "Part of the wait that the hand-off between stages takes.", _WAIT),
    Kpi("wait_h.<stage>.consensus", "h", "low", "Part of the wait for the other labels of the item.", _WAIT),
    Kpi(
        "queue.<stage>",
        "tasks",
        "low",
        "Mean number of the stage's tasks that were ready and not started, over the run.",
        ("tasks.ready_at", "tasks.started_at"),
    ),
    Kpi("utilisation.<pool>", "share", "none", "Busy time by on-shift time of the pool's people.", _HELD),
    Kpi("idle_h.<pool>", "h", "none", "On-shift time without a task, of all people of the pool together.", _HELD),
    Kpi("busy_h.<pool>", "h", "none", "On-shift time with a task, of all people of the pool together.", _HELD),
    Kpi("off_h.<pool>", "h", "none", "Headcount times length of the run, less on-shift time.", ("presence.from",)),
    Kpi("p_deadline", "share", "high", "Chance that the line finishes by its deadline.", ()),
    Kpi("p_budget", "share", "high", "Chance that the cost stays within the budget.", ()),
    Kpi("p_accuracy", "share", "high", "Chance that the accuracy goal is met.", ()),
    Kpi("p_on_time", "share", "high", "Chance that the on-time goal is met.", ()),
)
"""Every KPI. Those that start with p_ are made over replications, from the goals; kpis() gives all others."""


def kpi_of(name: str) -> Kpi:
    """The registry's entry for a KPI's name, such as wait_h.review.off_shift. KeyError when there is none."""
    if name in _BY_NAME:
        return _BY_NAME[name]
    head, _, rest = name.partition(".")
    part = rest.rpartition(".")[2]
    patterns = [f"{head}.<stage>.{part}"] if part != rest else []
    for pattern in (*patterns, f"{head}.<stage>", f"{head}.<pool>"):
        if rest and pattern in _BY_NAME:
            return _BY_NAME[pattern]
    raise KeyError(name)


def unit_of(name: str, currency: str) -> str:
    """Unit of a KPI, with the currency in place: "EUR", "EUR/label", "share", "h"; "" for a bare number."""
    return kpi_of(name).unit.replace(MONEY, currency)


def registry_page() -> str:
    """The page docs/kpis.md."""
    rows = [
        f"| `{kpi.name}` | {kpi.unit.replace(MONEY, 'currency') or '-'} | {kpi.better} | {kpi.sentence} | "
        f"{', '.join(f'`{column}`' for column in kpi.columns) or 'all replications'} |"
        for kpi in REGISTRY
    ]
    return "\n".join([_PAGE_HEAD, *rows, ""])


_BY_NAME = {kpi.name: kpi for kpi in REGISTRY}

_PAGE_HEAD = """# KPIs

Written by `registry_page()` of `sim/registry.py`; a test holds the two together.

A value is NaN (`null` in JSON) when it cannot be computed: a column is not recorded, or there is nothing to average.
Times are in the log's own clock, from its origin. `<stage>` and `<pool>` stand for names of the line.

| name | unit | better | meaning | needs |
|---|---|---|---|---|"""

if __name__ == "__main__":
    print(registry_page(), end="")
