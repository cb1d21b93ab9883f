"""What was labelled: agreement, rework, test questions, and the errors that were delivered."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from .. import agreement
from ..tally import Shape, Tally
from ..tally import sums as n
from .facts import HOUR_MS, MINUTE_MS, Found, over

ErrorCosts = Mapping[str, Mapping[str, Mapping[str, float]]]
"""By segment, true class and label, the harm of one delivered error; 1 where absent."""


def of_labels(tally: Tally, shape: Shape) -> Found:
    """KPIs of labels as they were given."""
    whole: list[int] = tally.sums.whole.tolist()
    units, equal = tally.sums.units, tally.sums.equal
    return {
        "agreement": agreement.pairwise_of(units, equal),
        "alpha": agreement.alpha_of(units, equal, tally.sums.first_labels),
        "disagreement": over(whole[n.SPLIT], int(units.sum())),
        "rework_per_touch": over(whole[n.REWORK_LABELS], int(tally.sums.by_pool[:, n.MADE].sum())),
        "surplus_labels": float(whole[n.SURPLUS_LABELS]),
        **_by_whom(tally, shape),
        "gold_labels": float(whole[n.GOLD_LABELS]),
        "gold_accuracy": over(whole[n.GOLD_RIGHT], whole[n.GOLD_KNOWN]),
        "gold_h": whole[n.GOLD_MS] / HOUR_MS,
        "check_h": whole[n.CHECKED_MS] / HOUR_MS,
        "labels_caught": float(whole[n.CAUGHT_LABELS]),
        "caught_right": over(whole[n.CAUGHT_RIGHT], whole[n.CAUGHT_KNOWN]),
        "suggestion_accuracy": over(whole[n.SUGGESTED_RIGHT], whole[n.SUGGESTED]),
        "suggestion_kept": over(whole[n.KEPT], whole[n.ON_SUGGESTION]),
        "suggestion_kept_wrong": over(whole[n.WRONG_KEPT], whole[n.ON_WRONG]),
        **_active(tally, shape),
    }


def _by_whom(tally: Tally, shape: Shape) -> Found:
    """Whose labels are right."""
    rows = zip(shape.pools, tally.sums.by_pool[:-1].tolist(), strict=True)
    return {f"label_accuracy.{pool}": over(row[n.RIGHT_LABELS], row[n.KNOWN_LABELS]) for pool, row in rows}


def _active(tally: Tally, shape: Shape) -> Found:
    """Active hours, by stage and by segment."""
    stages: list[int] = tally.sums.by_stage[:, n.ACTIVE_MS].tolist()
    segments: list[int] = tally.sums.by_segment[:-1, n.SPENT_MS].tolist()
    delivered = int(tally.sums.by_segment[:, n.DELIVERED].sum())
    found = {
        "active_h": sum(stages) / HOUR_MS,
        "active_min_per_item": over(sum(stages), delivered) / MINUTE_MS,
        "relabel_h": int(tally.sums.whole[n.RELABEL_MS]) / HOUR_MS,
    }
    found |= {f"active_h.{name}": part / HOUR_MS for name, part in zip(shape.stages, stages, strict=True)}
    return found | {
        f"active_h.segment.{name}": part / HOUR_MS for name, part in zip(shape.segments, segments, strict=True)
    }


def of_errors(tally: Tally, shape: Shape, costs: ErrorCosts) -> Found:
    """Expected harm of 1,000 delivered items, in the unit of the costs."""
    harm, items = dict.fromkeys(shape.segments, 0.0), dict.fromkeys(shape.segments, 0)
    for segment, truth, label, many in _confused(tally, shape):
        items[segment] += many
        if truth != label:
            harm[segment] += many * costs.get(segment, {}).get(truth, {}).get(label, 1.0)
    found = {"error_cost_per_1k": 1000.0 * over(sum(harm.values()), sum(items.values()))}
    return found | {f"error_cost_per_1k.segment.{s}": 1000.0 * over(harm[s], items[s]) for s in shape.segments}


def confusion_of(tally: Tally, shape: Shape) -> pd.DataFrame:
    """How many delivered items of each truth got each final label: columns segment, truth, label, items, in the order
    of the categories; duplicates and unknown truths left out, "" for a label that is missing."""
    return pd.DataFrame(_confused(tally, shape), columns=["segment", "truth", "label", "items"])


def _confused(tally: Tally, shape: Shape) -> list[tuple[str, str, str, int]]:
    words, counts = [*shape.classes, ""], tally.sums.confusion
    return [
        (shape.segments[segment], words[truth], words[label], int(counts[segment, truth, label]))
        for segment, truth, label in np.argwhere(counts).tolist()
    ]
