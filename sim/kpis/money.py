"""What the labels cost: all of it, by label, and by segment."""

from __future__ import annotations

import math

from ..ledger import Books
from ..ledger.activities import RELABELLING
from ..line import MICRO
from ..tally import Shape, Tally
from ..tally import sums as n
from .facts import NAN, Found, over
from .items import saved


def of_money(tally: Tally, shape: Shape, ledger: Books | None) -> Found:
    """KPIs of the columns of a ledger. In whole micro-units, segments and what is shared sum to the cost. A ledger
    without rows costs nothing; without a ledger nobody knows."""
    whole: list[int] = tally.sums.by_segment.sum(axis=0).tolist()
    made: list[int] = tally.sums.by_pool[:, n.MADE].tolist()
    cost = NAN if ledger is None else sum(ledger["amount"]) / MICRO
    accepted = whole[n.DELIVERED]
    correct = whole[n.RIGHT] if whole[n.KNOWN] == accepted else 0
    of_activity = _sums(ledger, "activity")
    found = {
        "cost": cost,
        "relabel_cost": _amount(of_activity, RELABELLING),
        "cost_per_label": over(cost, sum(made)),
        "cost_per_accepted_label": over(cost, accepted),
        "cost_per_correct_label": over(cost, correct),
    }
    of_segment, of_pool = _sums(ledger, "segment"), _sums(ledger, "pool")
    for segment in shape.segments:
        found[f"cost.segment.{segment}"] = _amount(of_segment, segment)
    rows = zip(shape.segments, tally.sums.by_segment[:-1].tolist(), strict=True)
    spared = {name: saved(row, _amount(of_segment, name)) for name, row in rows}
    found["cost_saved"] = NAN if ledger is None else math.fsum(spared.values())
    found |= {f"cost_saved.segment.{name}": NAN if ledger is None else amount for name, amount in spared.items()}
    found["cost_shared"] = _amount(of_segment, "")
    for pool, many in zip(shape.pools, made[:-1], strict=True):
        spent = _amount(of_pool, pool)
        found[f"cost.{pool}"] = spent
        found[f"cost_per_label.{pool}"] = over(spent, many)
    return found


def _amount(sums: dict[str, int] | None, name: str) -> float:
    return NAN if sums is None else sums.get(name, 0) / MICRO


def _sums(ledger: Books | None, column: str) -> dict[str, int] | None:
    """Micro-units by name, None where the ledger does not tell."""
    if ledger is None or column not in ledger:
        return None
    sums: dict[str, int] = {}
    for name, amount in zip(ledger[column], ledger["amount"], strict=True):
        sums[name] = sums.get(name, 0) + amount
    return sums
