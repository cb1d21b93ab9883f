"""Investments for scripts."""

from __future__ import annotations

import math
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

from ...sim.line import MICRO, digest
from .notes import notes
from .verdict import covers, verdict
from .whole import Found, Outcome, Payback


def investment_json(whole: Outcome) -> dict[str, Any]:
    """All of it as a dict that JSON can hold: units of the currency; null for what is not known, and for never."""
    return {
        "scenario": whole.line.name,
        "version": version("labelcast"),
        "engine": whole.engine,
        "digest": digest(whole.line),
        "seed": whole.seed,
        "replications": whole.replications,
        "level": whole.level,
        "currency": whole.line.currency,
        "rate": whole.asked.rate,
        "months": list(whole.months),
        "months_covered": whole.covered,
        "covers": covers(whole),
        "unfinished_share": whole.unfinished,
        "investments": [_found(one, whole) for one in whole.found],
        "notes": list(notes(whole)),
    }


def _found(one: Found, whole: Outcome) -> dict[str, Any]:
    sums = one.so_far(whole.asked.rate).mean(axis=0) / MICRO
    return {
        "name": one.name,
        "entries": [number + 1 for number in one.entries],
        "verdict": verdict(one, whole),
        "npv": _plain(asdict(one.npv)) | {"stands": one.npv_stands},
        "chance_npv_above_0": _plain(asdict(one.pays)),
        "payback_discounted": _payback(one.discounted, whole),
        "payback_undiscounted": _payback(one.simple, whole),
        "spent": _plain(asdict(one.spent)),
        "saved_elsewhere": _plain(asdict(one.saved)),
        "changes_any_flow": _plain(asdict(one.reached)),
        "after_the_months": _plain(asdict(one.later)),
        "effects": {
            kpi: _plain(asdict(effect.difference)) | {"stands": effect.stands, "never": list(effect.never)}
            for kpi, effect in one.effects.items()
        },
        "by_month": [
            {"month": month, "flow": float(one.flows[:, at].mean()) / MICRO, "so_far_discounted": float(sums[at])}
            for at, month in enumerate(whole.months)
        ],
    }


def _payback(paid: Payback, whole: Outcome) -> dict[str, Any]:
    found: dict[str, Any] = {"within": _plain(asdict(paid.within))}
    for name in ("p10", "p50", "p90"):
        at = getattr(paid, name)
        found[name] = whole.months[int(at)] if math.isfinite(at) else None
    return found


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: None if isinstance(one, float) and not math.isfinite(one) else one for name, one in values.items()}
