"""What became of the items: delivered, dropped, late, right; of all, and by segment."""

from __future__ import annotations

import math
from collections.abc import Mapping

from ..tally import Shape, Tally
from ..tally import sums as n
from .facts import DAY_MS, HOUR_MS, WEEK_MS, Found, over

Rows = Mapping[str, list[int]]
"""Sums of items by what names end in: "" for all, .segment.<segment> for each."""


def of_items(tally: Tally, shape: Shape, ended: int) -> Found:
    """KPIs of the items; segments sum to the whole."""
    by_segment = tally.sums.by_segment
    whole: list[int] = by_segment.sum(axis=0).tolist()
    rows = {"": whole} | {
        f".segment.{name}": row for name, row in zip(shape.segments, by_segment[:-1].tolist(), strict=True)
    }
    done, wanted = whole[n.DELIVERED], _arrived(whole) - whole[n.DROPPED]
    found: Found = {
        "finish_days": _finish(whole, wanted, int(tally.sums.last_delivery[0])) / DAY_MS,
        "rework_rate": over(whole[n.REWORKED], done),
        "first_pass_yield": over(whole[n.FIRST_PASS], done),
        "unfinished_share": over(wanted - done, wanted),
        "items_relabelled": float(whole[n.RELABELLED]),
        "duplicates_dropped": float(whole[n.REPEATS_DROPPED]),
        "false_drops": float(whole[n.FALSE_DROPS]),
    }
    for suffix, row in rows.items():
        found[f"items_arrived{suffix}"] = float(_arrived(row))
        found[f"coverage{suffix}"] = over(_arrived(row) - row[n.UNSAMPLED], _arrived(row))
        found[f"throughput_per_week{suffix}"] = over(row[n.DELIVERED] * WEEK_MS, ended)
        found[f"mistier_rate{suffix}"] = over(row[n.MISROUTED], row[n.ROUTED])
        found[f"cycle_time_h{suffix}"] = over(row[n.CYCLE_MS], row[n.TIMED]) / HOUR_MS
        for name, sum_ in (("items_delivered", n.DELIVERED), ("items_dropped", n.DROPPED), ("items_open", n.OPEN)):
            found[f"{name}{suffix}"] = float(row[sum_])
        for name, part, of in (("on_time", n.ON_TIME, n.DUE), ("accuracy", n.JUDGED_RIGHT, n.JUDGED)):
            found[f"{name}{suffix}"] = over(row[part], row[of])
    spared = {name: saved(row, row[n.LABELS]) for name, row in rows.items() if name}
    found["labels_saved"] = math.fsum(spared.values())
    return found | {f"labels_saved{suffix}": many for suffix, many in spared.items()}


def saved(row: list[int], spent: float) -> float:
    """What items that are not sampled would have taken, were each like one of those that are through: delivered, or
    dropped as a duplicate. row: sums of a segment.  spent: on its items.  NaN where none is through."""
    through = row[n.DELIVERED] + row[n.REPEATS_DROPPED] + row[n.FALSE_DROPS]
    return row[n.UNSAMPLED] * over(spent, through) if row[n.UNSAMPLED] else 0.0


def _arrived(row: list[int]) -> int:
    return row[n.ITEMS] - row[n.QUESTIONS]


def _finish(whole: list[int], wanted: int, last: int) -> float:
    if not wanted:
        return math.nan
    return math.inf if whole[n.OPEN] else float(last)
