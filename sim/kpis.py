"""The values of the KPIs of a log. Real and simulated logs are measured alike; names and meaning: registry.py."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from . import agreement
from .line import MICRO, Window
from .log import Log
from .registry import REGISTRY, Kpi, kpi_of, unit_of
from .staff import staff_time
from .tables import NULL, codes, ints, names
from .waits import queues, wait_hours

__all__ = ["REGISTRY", "Kpi", "kpi_of", "kpis", "missing", "unit_of"]

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
WEEK_MS = 7 * DAY_MS


def missing(log: Log, name: str) -> str:
    """Which column a KPI lacks, in words; "" when the log records all that it needs."""
    lacks = [column for column in kpi_of(name).columns if not _recorded(log, column)]
    return f"{name} needs {' and '.join(lacks)}, which this log does not record" if lacks else ""


def kpis(log: Log, ledger: pd.DataFrame, windows: Sequence[Window] = ()) -> dict[str, float]:
    """Every KPI of one run, by name, in the order of the registry.

    ledger: of sim.ledger; without rows there are no costs.  NaN: cannot be computed, or withheld; see `missing`.
    inf: never finished.
    """
    found = _items(log) | _labels(log) | wait_hours(log) | queues(log) | _people(log)
    found |= _costs(log, ledger)
    lacking = {kpi.name for kpi in REGISTRY if not all(_recorded(log, column) for column in kpi.columns)}
    order = {kpi.name: place for place, kpi in enumerate(REGISTRY)}
    of = {name: kpi_of(name).name for name in found}
    names_in_order = sorted(found, key=lambda name: order[of[name]])
    return {name: float("nan") if of[name] in lacking else found[name] for name in names_in_order}


def _items(log: Log) -> dict[str, float]:
    items, ended = log.items, log.provenance.ended_at
    delivered_at, arrived, due = (ints(items[name]) for name in ("delivered_at", "arrived_at", "due_at"))
    delivered = delivered_at != NULL
    count, total = int(delivered.sum()), len(items)
    cycle = delivered_at[delivered & (arrived != NULL)] - arrived[delivered & (arrived != NULL)]
    judged = (due != NULL) & (delivered | (due < ended))
    known, right = _truths(log)
    kept = known & items["duplicate_of"].isna().to_numpy()
    reworked, adjudicated = _touched(log)
    return {
        "finish_days": _finish(delivered_at, total) / DAY_MS,
        "cycle_time_h": _over(int(cycle.sum()), len(cycle)) / HOUR_MS,
        "accuracy": _over(int((kept & right).sum()), int(kept.sum())),
        "on_time": _over(int((judged & delivered & (delivered_at <= due)).sum()), int(judged.sum())),
        "rework_rate": _over(int((delivered & reworked).sum()), count),
        "first_pass_yield": _over(int((delivered & ~reworked & ~adjudicated).sum()), count),
        "throughput_per_week": _over(count * WEEK_MS, ended),
        "items_delivered": float(count),
        "unfinished_share": _over(total - count, total),
    }


def _finish(delivered_at: np.ndarray, total: int) -> float:
    if not total:
        return float("nan")
    return math.inf if bool((delivered_at == NULL).any()) else float(delivered_at.max())


def _truths(log: Log) -> tuple[np.ndarray, np.ndarray]:
    """Of each item: whether it is delivered and its truth known; whether its final label is that truth."""
    truth, final = codes(log.items["truth"]), codes(log.items["final_label"])
    known = (ints(log.items["delivered_at"]) != NULL) & (truth >= 0)
    return known, known & (final == truth)


def _touched(log: Log) -> tuple[np.ndarray, np.ndarray]:
    """Of each item: whether it had a round of rework, an adjudication."""
    tasks, items = log.tasks, ints(log.items["item"])
    place = np.searchsorted(items, ints(tasks["item"]))
    adjudicates = _stages(log, "adjudicate")[codes(tasks["stage"])]
    reworked, adjudicated = (np.zeros(len(items), np.bool_) for _ in range(2))
    reworked[place[ints(tasks["round"]) > 0]] = True
    adjudicated[place[adjudicates]] = True
    return reworked, adjudicated


def _labels(log: Log) -> dict[str, float]:
    counts = agreement.label_counts(log)
    made = _made(log)
    again = made & (ints(log.tasks["round"]) > 0)
    return {
        "agreement": agreement.pairwise(counts),
        "alpha": agreement.krippendorff_alpha(counts),
        "rework_per_touch": _over(int(again.sum()), int(made.sum())),
    }


def _made(log: Log) -> np.ndarray:
    """Which tasks are labels: finished ones of stages of kind annotate."""
    made = _stages(log, "annotate")[codes(log.tasks["stage"])] & (ints(log.tasks["finished_at"]) != NULL)
    return np.asarray(made)


def _people(log: Log) -> dict[str, float]:
    found = {}
    for pool, time in staff_time(log).items():
        found[f"utilisation.{pool}"] = _over(time.busy, time.on_shift)
        found[f"idle_h.{pool}"] = time.idle / HOUR_MS
        found[f"busy_h.{pool}"] = time.busy / HOUR_MS
        found[f"off_h.{pool}"] = time.off / HOUR_MS
    return found


def _costs(log: Log, ledger: pd.DataFrame) -> dict[str, float]:
    cost = int(ledger["amount"].sum()) / MICRO if len(ledger) else float("nan")
    accepted = int((ints(log.items["delivered_at"]) != NULL).sum())
    known, right = _truths(log)
    correct = int(right.sum()) if int(known.sum()) == accepted else 0
    return {
        "cost": cost,
        "cost_per_label": _over(cost, int(_made(log).sum())),
        "cost_per_accepted_label": _over(cost, accepted),
        "cost_per_correct_label": _over(cost, correct),
    }


def _stages(log: Log, kind: str) -> np.ndarray:
    """By code of a stage, whether it is of this kind."""
    return np.array([log.provenance.roles[stage] == kind for stage in names(log.tasks["stage"])] + [False])


def _over(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")


def _recorded(log: Log, column: str) -> bool:
    """Whether a log records a column. Null can be a record too: not delivered, started, finished. So a column of only
    nulls counts as not recorded where later work contradicts it."""
    table, name = column.split(".")
    if table == "ledger":
        return True
    frame: pd.DataFrame = getattr(log, table)
    if bool(frame[name].notna().any()):
        return True
    delivered = bool(log.items["delivered_at"].notna().any())
    finished = bool(log.tasks["finished_at"].notna().any())
    match column:
        case "items.delivered_at":  # finished work of which nothing was delivered, and nothing is under way
            return bool(log.tasks["finished_at"].isna().any()) or not len(log.tasks)
        case "items.final_label" | "tasks.finished_at":
            return not delivered
        case "tasks.started_at" | "tasks.worker":
            return not finished
    return table != "presence" and not len(frame)
