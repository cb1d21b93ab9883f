"""What the labels cost: all of it, by label, and by segment."""

from __future__ import annotations

import pandas as pd

from ..line import MICRO
from .facts import NAN, Facts, Found, count, over


def of_money(facts: Facts, ledger: pd.DataFrame) -> Found:
    """KPIs of the ledger. In whole micro-units, segments and what is shared sum to the cost."""
    cost = int(ledger["amount"].sum()) / MICRO if len(ledger) else NAN
    accepted, known = int(facts.delivered.sum()), int(facts.known.sum())
    correct = int(facts.right.sum()) if known == accepted else 0
    found = {
        "cost": cost,
        "cost_per_label": over(cost, int(facts.made.sum())),
        "cost_per_accepted_label": over(cost, accepted),
        "cost_per_correct_label": over(cost, correct),
    }
    of_segment, of_pool = _sums(ledger, "segment"), _sums(ledger, "pool")
    there = len(ledger) > 0 and "segment" in ledger
    for segment in facts.segments:
        found[f"cost.segment.{segment}"] = of_segment.get(segment, 0) / MICRO if there else NAN
    found["cost_shared"] = of_segment.get("", 0) / MICRO if there else NAN
    labels = count(facts.pool[facts.made], len(facts.pools))
    for pool, many in zip(facts.pools, labels, strict=True):
        spent = of_pool.get(pool, 0) / MICRO if len(ledger) and "pool" in ledger else NAN
        found[f"cost.{pool}"] = spent
        found[f"cost_per_label.{pool}"] = over(spent, many)
    return found


def _sums(ledger: pd.DataFrame, column: str) -> dict[str, int]:
    if not len(ledger) or column not in ledger:
        return {}
    return {str(name): int(amount) for name, amount in ledger.groupby(column)["amount"].sum().items()}
