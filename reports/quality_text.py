"""The quality of labels for a terminal, and as JSON."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from ..calibration.fit import Refusal
from ..calibration.workers.quality import Accuracy, Quality
from . import numbers
from . import quality_rows as rows
from .columns import columns
from .consensus import rule_words

MOST = 15
"""Rows of a long table that a terminal shows."""


def quality_text(
    found: Quality, left_out: Sequence[Refusal], notes: Sequence[str], price: tuple[float, str] | None
) -> str:
    """What there is, the verdict, each table, and what a reader should know. price: of a label, and its currency."""
    told = [rows.counts(found)]
    told += [f"  left out: {one.rows} x {one.reason} (first: {one.first})" for one in left_out]
    told += ["", *rows.verdict(found), "", *columns([rows.AGREEMENT_HEAD, *rows.agreement_rows(found)])]
    if found.accuracy is not None:
        told += _accuracy(found, found.accuracy, price)
    told += _listed("Where labels differ:", list(rows.pocket_sentences(found)))
    if found.accuracy is not None:
        told += _listed("Changes over time:", list(rows.change_sentences(found, found.accuracy)))
    told += _listed("To know:", [*notes, *found.notes])
    return "\n".join(told).replace(numbers.MINUS, "-")


def _accuracy(found: Quality, accuracy: Accuracy, price: tuple[float, str] | None) -> list[str]:
    paid, currency = price or (None, "")
    told = ["", *columns([rows.forecast_head(paid, currency), *rows.forecast_rows(accuracy, paid)])]
    workers = list(rows.worker_rows(accuracy))
    told += ["", *columns([rows.WORKER_HEAD, *workers[:MOST]])]
    if len(workers) > MOST:
        told.append(f"... and {len(workers) - MOST} more; --json has all of them.")
    if len(found.data.classes) <= MOST:
        told += ["", *columns(rows.confusion_rows(found, accuracy))]
    return [*told, "", *columns([rows.NUMBER_HEAD, *rows.number_rows(accuracy)])]


def _listed(title: str, sentences: Sequence[str]) -> list[str]:
    return ["", title, *(f"- {one}" for one in sentences)] if sentences else []


def quality_json(
    found: Quality, left_out: Sequence[Refusal], notes: Sequence[str], price: tuple[float, str] | None
) -> dict[str, Any]:
    """The same, unrounded; null for what is not known."""
    data, accuracy = found.data, found.accuracy
    told: dict[str, Any] = {
        "labels": len(data.label),
        "items": len(data.items),
        "workers": len(data.workers),
        "classes": list(data.classes),
        "items_of_known_truth": int((data.truth >= 0).sum()),
        "left_out": [asdict(one) for one in left_out],
        "notes": [*notes, *found.notes],
        "agreement": {name: asdict(one) for name, one in found.agreement},
        "pockets": [
            asdict(one)
            | {"classes": [data.classes[c] for c in one.classes]}
            | {"worker": None if one.worker is None else data.workers[one.worker]}
            for one in found.pockets
        ],
        "accuracy": None,
    }
    if accuracy is not None:
        told["accuracy"] = _accuracy_json(accuracy, price)
    return told


def _accuracy_json(accuracy: Accuracy, price: tuple[float, str] | None) -> dict[str, Any]:
    paid = None if price is None else price[0]
    forecasts = []
    for one in accuracy.forecasts:
        cost: dict[str, float | None] = {} if paid is None else {"cost": paid * one.labels}
        if paid is not None:
            cost["cost_per_correct"] = paid * one.labels / one.accuracy if one.accuracy > 0 else None
        forecasts.append(asdict(one) | {"rule": rule_words(one.rule)} | cost)
    workers = accuracy.workers.to_dict("records")
    changed = None
    if accuracy.changes is not None:
        changed = [asdict(one) | {"worker": accuracy.model.workers[one.worker]} for one in accuracy.changes]
    return {
        "forecasts": forecasts,
        "numbers": [asdict(one) for one in accuracy.numbers],
        "error_correlation": _known(accuracy.correlation),
        "workers": [{str(name): _known(value) for name, value in one.items()} for one in workers],
        "confusion": accuracy.confusion.tolist(),
        "changes": changed,
        "currency": None if price is None else price[1],
        "intervals_widened": accuracy.widened,
    }


def _known(value: Any) -> Any:
    return None if isinstance(value, float) and math.isnan(value) else value
