"""What a label costs, what poor quality costs, and how much of the money adds value."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ...sim.ledger import IDLE, minor_unit
from ...sim.ledger.activities import AGAIN, RECOVERED, TRAINING
from ...sim.line import Line
from ...sim.replicate import Runs
from ...sim.statistics import Difference, Summary, paired, summarise
from .amounts import Fan, Ints, fan, mean_ledger

BY_LABEL = ("cost_per_label", "cost_per_accepted_label", "cost_per_correct_label")

VALUE = ("annotate", "adjudicate", "work")
"""Activities that make what is delivered; all others are there because of them."""

QUALITY: Mapping[str, tuple[str, ...]] = {
    "prevention": (TRAINING,),
    "appraisal": ("gold", "review"),
    "rework": AGAIN,
    "recovered": RECOVERED,
}
"""What quality costs, by kind, as Feigenbaum tells them apart (Total quality control, 1956): what keeps errors away,
what finds them, what mends them; and what contracts give back for them, which is below zero."""

MORE = 1_000
"""Items of the next thousand."""


@dataclass(frozen=True)
class Worth:
    """Of whole runs, whatever months a budget shows.

    by_label: money by label, accepted and correct, over replications.  quality: micro-units, by kind.  harm: of errors
    delivered, in the unit of the scenario's `error_costs`, each error 1 where it tells none; NaN where nobody knows.
    harm_paid: micro-units, where a price of harm was named.  poor: rework plus that, less what is recovered.  value:
    share of the cost that goes to VALUE; idle: that nobody worked for.
    """

    by_label: Mapping[str, Summary]
    quality: Mapping[str, Fan]
    harm: Summary
    harm_paid: Fan | None
    poor: Fan
    value: Summary
    idle: Summary


@dataclass(frozen=True)
class Marginal:
    """What MORE items on the backlog cost, and how many more are delivered, on the same luck, replication by
    replication. cost: units of the currency."""

    cost: Difference
    delivered: Difference
    unfinished: float


def worth(runs: Runs, harm_price: int | None) -> Worth:
    """harm_price: micro-units of the line's currency that one unit of harm costs, None if nobody says."""
    count, minor = len(runs.kpis), minor_unit(runs.line.currency)
    months = sorted(set(runs.ledger["month"].tolist()))
    rows = mean_ledger(runs.ledger, count, months, runs.line.currency)
    total = _of(runs.ledger, count, None)
    parts = {name: _of(runs.ledger, count, kinds) for name, kinds in QUALITY.items()}
    kpis = runs.kpis
    harm = kpis["error_cost_per_1k"].to_numpy(np.float64) / 1000 * kpis["items_delivered"].to_numpy(np.float64)
    paid = None
    if harm_price is not None and np.isfinite(harm).all():
        paid = np.array([round(one * harm_price) for one in harm.tolist()], np.int64)
    quality = {name: fan(values, minor, _mean(rows, QUALITY[name])) for name, values in parts.items()}
    harmed = None if paid is None else fan(paid, minor)
    failure = parts["rework"] + parts["recovered"]
    poor = failure if paid is None else failure + paid
    poor_mean = quality["rework"].mean + quality["recovered"].mean + (0 if harmed is None else harmed.mean)
    return Worth(
        by_label={name: summarise(kpis[name].to_numpy(), runs.level) for name in BY_LABEL},
        quality=quality,
        harm=summarise(harm, runs.level),
        harm_paid=harmed,
        poor=fan(poor, minor, poor_mean),
        value=_share(_of(runs.ledger, count, VALUE), total, runs.level),
        idle=_share(_of(runs.ledger, count, (IDLE,)), total, runs.level),
    )


def longer(line: Line) -> Line:
    """The line with MORE items on its backlog: each segment has its part of them, by its backlog; where there is none,
    all alike."""
    backlogs = [segment.backlog for segment in line.segments]
    weights = backlogs if sum(backlogs) else [1] * len(backlogs)
    parts = [MORE * weight // sum(weights) for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(MORE * weights[i] % sum(weights)), i))
    for i in order[: MORE - sum(parts)]:
        parts[i] += 1
    segments = tuple(replace(s, backlog=s.backlog + more) for s, more in zip(line.segments, parts, strict=True))
    return replace(line, segments=segments)


def marginal(runs: Runs, more: Runs) -> Marginal:
    """runs: of the line; more: of the line made `longer`, on the same seed."""
    return Marginal(
        cost=paired(more.kpis["cost"], runs.kpis["cost"], runs.level),
        delivered=paired(more.kpis["items_delivered"], runs.kpis["items_delivered"], runs.level),
        unfinished=float((more.kpis["items_open"] > 0).mean()),
    )


def _of(ledger: pd.DataFrame, count: int, activities: tuple[str, ...] | None) -> Ints:
    """Micro-units of these activities, of all where None: int64[replication]."""
    rows = ledger if activities is None else ledger[ledger["activity"].isin(activities)]
    found = np.zeros(count, np.int64)
    np.add.at(found, rows["replication"].to_numpy(np.int64), rows["amount"].to_numpy(np.int64))
    return found


def _mean(rows: pd.DataFrame, activities: tuple[str, ...]) -> int:
    return int(rows.loc[rows["activity"].isin(activities), "amount"].sum())


def _share(part: Ints, whole: Ints, level: float) -> Summary:
    """Percentiles of the replications' own shares; the mean is the share of all money, as a table of activities has
    it."""
    values = [a / b if b > 0 else math.nan for a, b in zip(part.tolist(), whole.tolist(), strict=True)]
    found, money = summarise(values, level), int(whole.sum())
    return replace(found, mean=int(part.sum()) / money if money > 0 else math.nan, low=math.nan, high=math.nan)
