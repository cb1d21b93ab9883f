"""A stack of ledgers as amounts by replication and month, their fan, and one ledger that stands for all.

Amounts are whole micro-units, so that months, quarters and activities sum to the total exactly. A percentile is an
order statistic (inverted distribution function); that of a sum is taken of each replication's sum, for percentiles do
not add.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...sim.ledger import minor_unit
from ...sim.ledger.activities import BILLED
from ...sim.statistics import percentile_interval, summarise

Ints = npt.NDArray[np.int64]

RISKS = (50, 80, 95)
"""Percentiles that a budget tells."""

GROUP = ("month", "activity", "segment", "pool", "unit", "currency")
"""What tells rows of the mean ledger apart."""


@dataclass(frozen=True)
class Fan:
    """Micro-units of one sum over replications. mean: rounded to whole minor units of the currency."""

    mean: int
    p50: int
    p80: int
    p95: int


def percentile(values: Ints, percent: int) -> int:
    """The least value that at least `percent` of 100 replications do not exceed. values: int64[R], R at least 1."""
    return int(np.sort(values)[max(0, -(-percent * len(values) // 100) - 1)])


def fan(values: Ints, minor: int, mean: int | None = None) -> Fan:
    """The fan of int64[R]. mean: where it is told already, as part of a sum that must add up."""
    told = means([int(values.sum())], len(values), minor)[0] if mean is None else mean
    return Fan(told, *(percentile(values, percent) for percent in RISKS))


@dataclass(frozen=True)
class Known:
    """How well replications tell a sum, micro-units. half: half-width of the mean's interval.  p80: the interval of its
    80th percentile, between order statistics."""

    half: int
    p80: tuple[int, int]


def known(values: Ints, level: float) -> Known | None:
    """The error of what int64[R] say; None where they are too few for an interval of P80."""
    low, high = percentile_interval(values, 0.8, level)
    if not math.isfinite(high - low):
        return None
    told = summarise(values, level)
    return Known(round((told.high - told.low) / 2), (round(low), round(high)))


def means(sums: Sequence[int], replications: int, minor: int) -> list[int]:
    """Each sum over the replications divided by their number, in whole minor units, by largest remainder: together
    they are the mean of the whole, rounded half up. Each is less than a minor unit off."""
    step = replications * minor
    return [part * minor for part in _apart((2 * sum(sums) + step) // (2 * step), sums, step)]


def _apart(whole: int, sums: Sequence[int], step: int) -> list[int]:
    """Each sum by the step, down or up to a whole number, so that together they are `whole`."""
    parts = [one // step for one in sums]
    order = sorted(range(len(sums)), key=lambda i: (-(sums[i] % step), i))
    for i in order[: whole - sum(parts)]:
        parts[i] += 1
    return parts


def means_within(sums: Sequence[int], groups: Sequence[tuple[str, ...]], replications: int, minor: int) -> list[int]:
    """As `means`, and so for each month, and in it for each kind of invoice: what every replication bills alike in
    whole minor units comes out as it is billed. groups: of each sum, the month and what else tells invoices apart."""
    step = replications * minor
    wholes: dict[tuple[str, ...], int] = {(): (2 * sum(sums) + step) // (2 * step)}
    for depth in range(1, len(groups[0]) + 1 if groups else 0):
        of: dict[tuple[str, ...], dict[tuple[str, ...], int]] = {}
        for one, group in zip(sums, groups, strict=True):
            inner = of.setdefault(group[: depth - 1], {})
            inner[group[:depth]] = inner.get(group[:depth], 0) + one
        wholes = {
            name: part
            for above, inner in of.items()
            for name, part in zip(inner, _apart(wholes[above], [*inner.values()], step), strict=True)
        }
    found = [0] * len(sums)
    for name, whole in wholes.items():
        mine = [place for place, group in enumerate(groups) if group == name]
        for place, part in zip(mine, _apart(whole, [sums[place] for place in mine], step), strict=True):
            found[place] = part * minor
    return found


def by_month(ledger: pd.DataFrame, replications: int, months: Sequence[str]) -> Ints:
    """Micro-units of the line's currency: int64[replication, month]. Months without rows are 0."""
    place = {month: at for at, month in enumerate(months)}
    found = np.zeros((replications, len(months)), np.int64)
    at = ledger["month"].map(place)
    inside = at.notna().to_numpy(np.bool_)
    rows = ledger["replication"].to_numpy(np.int64)[inside], at[inside].to_numpy(np.int64)
    np.add.at(found, rows, ledger["amount"].to_numpy(np.int64)[inside])
    return found


def beyond(ledger: pd.DataFrame, replications: int, months: Sequence[str]) -> Ints:
    """What falls due after the last of these months: int64[replication]."""
    found = np.zeros(replications, np.int64)
    late = (ledger["month"] > months[-1]).to_numpy(np.bool_)
    rows = ledger["replication"].to_numpy(np.int64)[late]
    np.add.at(found, rows, ledger["amount"].to_numpy(np.int64)[late])
    return found


def mean_ledger(ledger: pd.DataFrame, replications: int, months: Sequence[str], home: str) -> pd.DataFrame:
    """The ledger of these months that stands for all replications, in its order.

    Columns: GROUP, quantity (mean), amount and billed (means in whole minor units, see `means_within`), price
    (micro-units by unit of quantity, not rounded), p50, p80, p95 (micro-units, of that row alone: these do not add up).
    """
    inside = ledger[ledger["month"].isin(list(months))]
    grouped = inside.groupby([*GROUP, "replication"], observed=True, as_index=False)
    each = grouped[["quantity", "amount", "billed"]].sum()
    keys = list(GROUP)
    rows = each.groupby(keys, observed=True, as_index=False)[["quantity", "amount", "billed"]].sum()
    rows["price"] = rows["amount"] / rows["quantity"].where(rows["quantity"] != 0)
    rows["quantity"] = rows["quantity"] / replications
    apart = rows["activity"].where(rows["activity"].isin(BILLED), "")
    groups = list(zip(rows["month"], rows["unit"] + " " + rows["currency"] + " " + apart, strict=True))
    rows["amount"] = _column(means_within(rows["amount"].tolist(), groups, replications, minor_unit(home)))
    billed = rows["amount"].to_numpy(np.int64).copy()
    for currency in sorted(set(rows["currency"].tolist()) - {home}):
        mine = (rows["currency"] == currency).to_numpy(np.bool_)
        sums, within = rows["billed"][mine].tolist(), [group for group, own in zip(groups, mine, strict=True) if own]
        billed[mine] = means_within(sums, within, replications, minor_unit(str(currency)))
    rows["billed"] = billed
    values = dict(each.groupby(keys, observed=True)["amount"].apply(lambda one: one.to_numpy(np.int64)))
    for percent in RISKS:
        rows[f"p{percent}"] = _column(
            [percentile(_padded(values[key], replications), percent) for key in rows[keys].itertuples(index=False)]
        )
    return rows.sort_values(["month", "pool", "unit", "activity", "segment"], kind="stable", ignore_index=True)


def _padded(values: Ints, replications: int) -> Ints:
    """With the zeros of replications that have no such row."""
    return np.append(values, np.zeros(replications - len(values), np.int64))


def _column(values: Sequence[int]) -> Ints:
    return np.array(values, np.int64)
