"""Why one ledger comes to another sum than a second one: a bridge whose parts add up exactly.

Work of a unit u (hours, labels, months of people) costs V k_u (first + r_u rework): V items delivered, k_u first-time
quantity per item, r_u rework per first-time quantity; first and rework are sums over rows of share x price, the share
of a row in its part. Paid time without work costs its quantity times such a sum. Each factor is exchanged for that of
the second ledger, one after the other, in every order; what it changes on average is its part (the Shapley value), so
that no order is preferred and nothing is left over. What has no quantity, or is no work (fees, shortfalls, credits,
tax, costs that fall due once), is the rest.
Source: Shapley, A value for n-person games, 1953; Shorrocks, Decomposition procedures for distributional analysis,
Journal of Economic Inequality 2013.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from ...sim.ledger import IDLE
from ...sim.ledger.activities import ABSENCE, AGAIN, TRAINING

FACTORS = ("volume", "mix", "price", "speed", "labels per item", "rework", "idle, absence, training")
"""volume: items delivered. mix: whose work it is: pool, segment and activity; and work that moved between hours and
labels. price: by unit. speed: first-time hours, or months of people, per item, reviews included. labels per item:
first-time pieces, whatever is paid as one. rework: how much of it comes with the first-time work. idle, absence,
training: paid time without work, so that staff who have more to do in the same hours cost nothing more: what speed
adds, this takes off."""

REST = "rest"

PIECES = ("labels", "items", "objects", "audits")
"""Units of work that is paid by the piece."""

UNITS = ("h", *PIECES, "months")
"""Units of work."""

UNWORKED = (ABSENCE, IDLE, TRAINING)
FIRST = ("adjudicate", "annotate", "gold", "review", "tooling", "work")

_KEYS = ("unit", "activity", "segment", "pool")


@dataclass(frozen=True)
class Bridge:
    """Micro-units. parts: of FACTORS and REST, in order; begin + the sum of all parts = end, exactly. items: delivered
    in each, None where one is not known; then volume is 0, and what it would be stands in speed and labels per item."""

    begin: int
    end: int
    parts: tuple[tuple[str, int], ...]
    items: tuple[float, float] | None


@dataclass(frozen=True)
class _Row:
    """Work of one kind in both ledgers."""

    unit: str
    activity: str
    quantity: list[float]
    amount: list[int]


@dataclass(frozen=True, eq=False)
class _Part:
    """Rows of both ledgers that are one sum. quantity: of all, by ledger.  costs: of a unit of it, by the ledgers that
    the mix and the prices are from."""

    quantity: list[float]
    costs: list[list[float]]

    def unit_cost(self, chosen: Mapping[str, int]) -> float:
        """Of a unit of the whole, with mix and prices from the ledgers that are chosen for them."""
        return self.costs[chosen["mix"]][chosen["price"]]


@dataclass(frozen=True)
class _Work:
    """First-time work of a unit and its rework; items: by ledger."""

    unit: str
    first: _Part
    rework: _Part
    items: tuple[float, float]

    def amount(self, chosen: Mapping[str, int]) -> float:
        """What it costs with each factor from the ledger that is chosen for it."""
        pace, again = chosen["labels per item" if self.unit in PIECES else "speed"], chosen["rework"]
        per_item = self.first.quantity[pace] / self.items[pace]
        ratio = self.rework.quantity[again] / self.first.quantity[again]
        each = self.first.unit_cost(chosen) + ratio * self.rework.unit_cost(chosen)
        return self.items[chosen["volume"]] * per_item * each


@dataclass(frozen=True)
class _Unworked:
    """Paid time without work."""

    part: _Part

    def amount(self, chosen: Mapping[str, int]) -> float:
        """What it costs with each factor from the ledger that is chosen for it."""
        return self.part.quantity[chosen["idle, absence, training"]] * self.part.unit_cost(chosen)


def bridge(first: pd.DataFrame, second: pd.DataFrame, items: tuple[float, float] | None = None) -> Bridge:
    """The bridge from one ledger to another. Columns: unit, activity, segment, pool, quantity, amount (micro-units).

    items: delivered in each, above zero both; None where that is not known.
    """
    rows = _rows(first, second)
    models: list[_Work | _Unworked] = []
    outright, shared = dict.fromkeys(FACTORS, 0), 0
    for unit in UNITS:
        for idle, factor in ((False, "mix"), (True, "idle, absence, training")):
            mine = [row for row in rows if row.unit == unit and (row.activity in UNWORKED) == idle]
            difference = sum(row.amount[1] - row.amount[0] for row in mine)
            worked = _part([row for row in mine if row.activity not in AGAIN])
            again = _part([row for row in mine if row.activity in AGAIN])
            if min(worked.quantity) <= 0:  # only one of the ledgers has any
                outright[factor] += difference
                continue
            known = items if items is not None else (1.0, 1.0)
            models.append(_Unworked(worked) if idle else _Work(unit, worked, again, known))
            shared += difference
    parts = _whole(_shapley(models), shared)
    parts = {name: part + outright[name] for name, part in parts.items()}
    begin, end = int(first["amount"].sum()), int(second["amount"].sum())
    parts[REST] = end - begin - sum(parts.values())
    return Bridge(begin, end, tuple(parts.items()), items)


def _rows(first: pd.DataFrame, second: pd.DataFrame) -> list[_Row]:
    """Work with a quantity, a row for each unit, activity, segment and pool; 0 where a ledger has no such row."""
    found: dict[tuple[str, ...], _Row] = {}
    for side, ledger in enumerate((first, second)):
        columns = (ledger[name].tolist() for name in (*_KEYS, "quantity", "amount"))
        for unit, activity, segment, pool, quantity, amount in zip(*columns, strict=True):
            if unit in UNITS and activity in (*FIRST, *AGAIN, *UNWORKED) and quantity > 0:
                key = unit, activity, segment, pool
                row = found.setdefault(key, _Row(unit, activity, [0.0, 0.0], [0, 0]))
                row.quantity[side] += quantity
                row.amount[side] += amount
    return [found[key] for key in sorted(found)]


def _part(rows: Sequence[_Row]) -> _Part:
    """A row that only one ledger has is priced there alone, so that its price changes nothing; a part that only one has
    is mixed as there."""
    quantity = np.array([row.quantity for row in rows], np.float64).reshape(-1, 2)
    amount = np.array([row.amount for row in rows], np.float64).reshape(-1, 2)
    there, whole = quantity > 0, quantity.sum(axis=0)
    price = np.divide(amount, quantity, out=np.zeros_like(amount), where=there)
    share = np.divide(quantity, whole, out=np.zeros_like(quantity), where=there)
    share, price = np.where(whole > 0, share, share[:, ::-1]), np.where(there, price, price[:, ::-1])
    return _Part(whole.tolist(), (share.T @ price).tolist())


def _shapley(models: Sequence[_Work | _Unworked]) -> dict[str, float]:
    """What each factor changes, on average over all orders."""
    n = len(FACTORS)
    worth = {}
    for size in range(n + 1):
        for taken in combinations(FACTORS, size):
            chosen = {name: int(name in taken) for name in FACTORS}
            worth[frozenset(taken)] = math.fsum(one.amount(chosen) for one in models)
    weight = [math.factorial(k) * math.factorial(n - 1 - k) / math.factorial(n) for k in range(n)]
    return {
        name: math.fsum(
            weight[len(taken)] * (worth[taken | {name}] - value) for taken, value in worth.items() if name not in taken
        )
        for name in FACTORS
    }


def _whole(parts: Mapping[str, float], total: int) -> dict[str, int]:
    """The parts in whole micro-units; what rounding leaves of their total goes to the largest."""
    found = {name: round(part) for name, part in parts.items()}
    left = total - sum(found.values())
    scale = math.fsum(map(abs, parts.values())) + abs(total)
    assert abs(left) <= len(FACTORS) + 1e-9 * scale, "the factors of a bridge do not make its amount"
    found[max(found, key=lambda name: abs(found[name]))] += left
    return found
