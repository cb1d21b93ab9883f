"""A forecast from today as JSON."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...scenarios.chances import chances_of
from ...scenarios.forecast import Forecast, band, by_month
from ...sim.line import MICRO
from ...sim.paired import difference
from ..days import moment
from .ahead import days_ahead, values_at
from .pace import paces
from .standing import stands

KPIS = ("finish_days", "cost")


def forecast_json(found: Forecast) -> dict[str, Any]:
    """Dates are ISO 8601 in the line's zone, money in units of its currency, ages in hours; null where there is none,
    and for a date beyond the horizon."""
    runs, line = found.runs, found.line
    finish = runs.kpis["finish_days"].to_numpy(np.float64)
    told: dict[str, Any] = {
        "scenario": line.name,
        "now": moment(line, found.day).isoformat(),
        "currency": line.currency,
        "runs": len(runs.kpis),
        "seed": runs.seed,
        "delivered": sum(found.today.standing.delivered.values()),
        "under_way": len(found.today.standing.waits),
        "finish": None if np.isnan(finish).any() else _band([_date(found, day) for day in band(finish)]),
        "cost": None,
        "spent": None,
        "chances": {
            one.name: {"share": one.share, "low": one.low, "high": one.high}
            for one in chances_of(runs).values()
            if one.met is not None
        },
        "standing": [
            {
                "stage": one.stage or None,
                "waiting": one.waiting,
                "in_hand": one.in_hand,
                "middle_h": _number(one.middle_h),
                "oldest_h": _number(one.oldest_h),
            }
            for one in stands(found)
        ],
        "ahead": [_day(found, day) for day in days_ahead(found)],
        "next_bottleneck": found.next,
        "what_ifs": [
            {"what_if": one.text, **{kpi: _apart(found.runs, one.runs, kpi) for kpi in KPIS if kpi in runs.kpis}}
            for one in found.what_ifs
        ],
        "earlier": None,
        "paces": [{"stage": one.stage, "factor": one.factor, "tasks": one.tasks} for one in paces(found)],
        "drawn": list(found.drawn),
        "left_out": [{"reason": one.reason, "rows": one.rows, "first": one.first} for one in found.left_out],
        "unexpected_rows": found.today.walked.off,
    }
    if found.spent is not None:
        months, costs = by_month(runs)
        told["cost"] = _band([_number(one) for one in band(costs.sum(axis=1))])
        told["spent"] = sum(found.spent.values()) / MICRO
        told["months"] = [
            {
                "month": month,
                "spent": found.spent.get(month, 0) / MICRO,
                **_band([_number(one) for one in band(costs[:, number])]),
            }
            for number, month in enumerate(months)
        ]
    if found.earlier is not None:
        checks = [
            {
                "date": _date(found, one.day),
                "delivered": one.delivered,
                **_band([one.low, one.middle, one.high]),
                "held": one.held,
                "held_up": one.held_up or None,
                "told_up": one.told_up or None,
            }
            for one in found.earlier.checks
        ]
        told["earlier"] = {"dates": len(checks), "held": found.earlier.held, "checks": checks}
        told["earlier"]["stages_right"], told["earlier"]["stages"] = found.earlier.stages
    return told


def _band(ends: list[Any]) -> dict[str, Any]:
    return dict(zip(("low", "median", "high"), ends, strict=True))


def _date(found: Forecast, day: float) -> str | None:
    return moment(found.line, day).isoformat(timespec="minutes") if math.isfinite(day) else None


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _day(found: Forecast, day: float) -> dict[str, Any]:
    delivered, *waiting = (_band([_number(one) for one in band(values)]) for values in values_at(found, day).values())
    stages = [*found.runs.curves[0].waiting]
    return {"date": _date(found, day), "delivered": delivered, "waiting": dict(zip(stages, waiting, strict=True))}


def _apart(ours: Any, theirs: Any, kpi: str) -> dict[str, float | None]:
    found = difference(theirs.kpis[kpi].to_numpy(np.float64), ours.kpis[kpi].to_numpy(np.float64))
    return {name: _number(getattr(found, name)) for name in ("mean", "low", "high")}
