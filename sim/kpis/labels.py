"""What was labelled: agreement, rework, test questions, and the errors that were delivered."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from .. import agreement
from ..log import Log
from ..tables import NULL, names
from .facts import HOUR_MS, Facts, Found, count, over, total

ErrorCosts = Mapping[str, Mapping[str, Mapping[str, float]]]
"""By segment, true class and label, the harm of one delivered error; 1 where absent."""


def of_labels(facts: Facts) -> Found:
    """KPIs of labels as they were given."""
    counts = agreement.label_counts(facts.log)
    made = facts.made
    again = made & (facts.task("round") > 0)
    several = counts.sum(axis=1) > 1
    split = several & (counts.max(axis=1, initial=0) < counts.sum(axis=1))
    surplus = facts.came_to("surplus")
    return {
        "agreement": agreement.pairwise(counts),
        "alpha": agreement.krippendorff_alpha(counts),
        "disagreement": over(int(split.sum()), int(several.sum())),
        "rework_per_touch": over(int(again.sum()), int(made.sum())),
        "surplus_labels": float((made & surplus).sum()),
        **_by_whom(facts),
        **_suggested(facts),
        **_active(facts),
    }


def _by_whom(facts: Facts) -> Found:
    """Whose labels are right; test questions apart, and of those that are gold."""
    truth, label = facts.item("truth")[facts.place], facts.task("label")
    known = facts.made & (truth >= 0) & (label >= 0)
    right = known & (truth == label)
    pools = len(facts.pools)
    of, good = count(facts.pool[known], pools), count(facts.pool[right], pools)
    found = {f"label_accuracy.{pool}": over(good[code], of[code]) for code, pool in enumerate(facts.pools)}
    known_before = facts.gold
    rows = np.flatnonzero(known_before[facts.place]) if known_before.any() else np.zeros(0, np.int64)
    active = facts.task("active_ms")[rows]
    found["gold_labels"] = float(facts.made[rows].sum())
    found["gold_accuracy"] = over(int(right[rows].sum()), int(known[rows].sum()))
    found["gold_h"] = int(active[active != NULL].sum()) / HOUR_MS
    return found


def _suggested(facts: Facts) -> Found:
    """How good a model's suggestions are, and what people make of them."""
    truth, suggestion = facts.item("truth")[facts.place], facts.task("suggestion")
    by_model = facts.of_kind("prelabel") & facts.finished & (suggestion >= 0) & (truth >= 0)
    seen = facts.made & (suggestion >= 0) & (facts.task("label") >= 0)
    kept = seen & (facts.task("label") == suggestion)
    wrong = seen & (truth >= 0) & (suggestion != truth)
    return {
        "suggestion_accuracy": over(int((by_model & (suggestion == truth)).sum()), int(by_model.sum())),
        "suggestion_kept": over(int(kept.sum()), int(seen.sum())),
        "suggestion_kept_wrong": over(int((kept & wrong).sum()), int(wrong.sum())),
    }


def _active(facts: Facts) -> Found:
    """Active hours, by stage and by segment."""
    active = facts.task("active_ms")
    spent = np.where(active == NULL, 0, active)
    found = {"active_h": int(spent.sum()) / HOUR_MS}
    for name, part in zip(facts.stages, total(facts.stage, spent, len(facts.stages)), strict=True):
        found[f"active_h.{name}"] = part / HOUR_MS
    segments = total(facts.segment[facts.place], spent, len(facts.segments))
    return found | {f"active_h.segment.{s}": part / HOUR_MS for s, part in zip(facts.segments, segments, strict=True)}


def of_errors(facts: Facts, costs: ErrorCosts) -> Found:
    """Expected harm of 1,000 delivered items, in the unit of the costs."""
    harm, items = dict.fromkeys(facts.segments, 0.0), dict.fromkeys(facts.segments, 0)
    for segment, truth, label, many in _confused(facts):
        items[segment] += many
        if truth != label:
            harm[segment] += many * costs.get(segment, {}).get(truth, {}).get(label, 1.0)
    found = {"error_cost_per_1k": 1000.0 * over(sum(harm.values()), sum(items.values()))}
    return found | {f"error_cost_per_1k.segment.{s}": 1000.0 * over(harm[s], items[s]) for s in facts.segments}


def confusion(log: Log) -> pd.DataFrame:
    """How many delivered items of each truth got each final label: columns segment, truth, label, items, in the order
    of the log's categories; duplicates and unknown truths left out, "" for a label that is missing."""
    return pd.DataFrame(_confused(Facts(log)), columns=["segment", "truth", "label", "items"])


def _confused(facts: Facts) -> list[tuple[str, str, str, int]]:
    which = facts.judged & (facts.segment < len(facts.segments))
    classes = names(facts.log.items["truth"])
    truth, label = (facts.item(name).astype(np.int64)[which] for name in ("truth", "final_label"))
    wide = len(classes) + 1
    key = (facts.segment[which] * wide + truth) * wide + np.where(label < 0, len(classes), label)
    many = np.bincount(key)
    words = [*classes, ""]
    return [
        (facts.segments[int(k) // wide // wide], words[int(k) // wide % wide], words[int(k) % wide], int(many[k]))
        for k in np.flatnonzero(many)
    ]
