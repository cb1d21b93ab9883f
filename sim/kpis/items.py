"""What became of the items: delivered, dropped, late, right; of all, and by segment."""

from __future__ import annotations

import math

import numpy as np

from ..tables import NULL, Ints
from .facts import DAY_MS, HOUR_MS, WEEK_MS, Bools, Facts, Found, count, over, total


def of_items(facts: Facts) -> Found:
    """KPIs of the items of a log; segments sum to the whole."""
    delivered, ended = facts.delivered, facts.ended
    items = len(delivered) - int(facts.question.sum())
    dropped, done = int(facts.dropped.sum()), int(delivered.sum())
    reworked, adjudicated = _touched(facts)
    unsampled = facts.dropped_as.get("unsampled", np.zeros(len(delivered), np.bool_))
    found: dict[str, float] = {
        "finish_days": _finish(facts, items - dropped) / DAY_MS,
        "rework_rate": over(int((delivered & reworked).sum()), done),
        "first_pass_yield": over(int((delivered & ~reworked & ~adjudicated).sum()), done),
        "unfinished_share": over(items - dropped - done, items - dropped),
        **_duplicates(facts),
    }
    for name, which in (
        ("items_arrived", ~facts.question),
        ("items_delivered", delivered),
        ("items_dropped", facts.dropped),
        ("items_open", facts.open),
    ):
        found |= _whole_and_parts(facts, name, int(which.sum()), facts.by_segment(which))
    arrived = facts.by_segment(~facts.question)
    apart = facts.by_segment(unsampled)
    found |= _ratios(facts, "coverage", (items - int(unsampled.sum()), items), _less(arrived, apart), arrived)
    by_segment = facts.by_segment(delivered)
    for name, value in zip(facts.segments, by_segment, strict=True):
        found[f"throughput_per_week.segment.{name}"] = over(value * WEEK_MS, ended)
    return found | {"throughput_per_week": over(done * WEEK_MS, ended)} | _times(facts) | _accuracy(facts)


def _whole_and_parts(facts: Facts, name: str, whole: float, parts: list[int]) -> Found:
    segments = zip(facts.segments, parts, strict=True)
    return {name: float(whole)} | {f"{name}.segment.{segment}": float(part) for segment, part in segments}


def _ratios(facts: Facts, name: str, whole: tuple[float, float], parts: list[int], wholes: list[int]) -> Found:
    segments = zip(facts.segments, parts, wholes, strict=True)
    return {name: over(*whole)} | {f"{name}.segment.{segment}": over(part, of) for segment, part, of in segments}


def _less(whole: list[int], part: list[int]) -> list[int]:
    return [a - b for a, b in zip(whole, part, strict=True)]


def _finish(facts: Facts, wanted: int) -> float:
    if not wanted:
        return math.nan
    return math.inf if bool(facts.open.any()) else float(facts.delivered_at.max())


def _times(facts: Facts) -> Found:
    """Cycle times and what was on time."""
    delivered_at, delivered = facts.delivered_at, facts.delivered
    arrived, due = facts.item("arrived_at"), facts.item("due_at")
    timed = np.flatnonzero(delivered & (arrived != NULL))
    cycle, segment, n = delivered_at[timed] - arrived[timed], facts.segment[timed], len(facts.segments)
    parts, counts = total(segment, cycle, n), count(segment, n)
    found = {"cycle_time_h": over(int(cycle.sum()), len(cycle)) / HOUR_MS}
    for name, part, many in zip(facts.segments, parts, counts, strict=True):
        found[f"cycle_time_h.segment.{name}"] = over(part, many) / HOUR_MS
    asked = (due != NULL) & (delivered | (facts.open & (due < facts.ended)))
    kept = asked & delivered & (delivered_at <= due)
    whole = (int(kept.sum()), int(asked.sum()))
    return found | _ratios(facts, "on_time", whole, facts.by_segment(kept), facts.by_segment(asked))


def _accuracy(facts: Facts) -> Found:
    right = facts.judged & facts.right
    whole = (int(right.sum()), int(facts.judged.sum()))
    return _ratios(facts, "accuracy", whole, facts.by_segment(right), facts.by_segment(facts.judged))


def _duplicates(facts: Facts) -> Found:
    """What was dropped as a duplicate, and which of that was none."""
    dropped = facts.dropped_as.get("duplicate")
    if dropped is None or not dropped.any():
        return {"duplicates_dropped": 0.0, "false_drops": 0.0}
    repeats = facts.item("duplicate_of") != NULL
    return {"duplicates_dropped": float((dropped & repeats).sum()), "false_drops": float((dropped & ~repeats).sum())}


def _touched(facts: Facts) -> tuple[Bools, Bools]:
    """Of each item: whether it had a round of rework, an adjudication."""
    rounds: Ints = facts.task("round")
    reworked, adjudicated = (np.zeros(len(facts.delivered), np.bool_) for _ in range(2))
    reworked[facts.place[rounds > 0]] = True
    adjudicated[facts.place[facts.of_kind("adjudicate")]] = True
    return reworked, adjudicated
