"""What comes after today, date by date: as a frame, and as values over runs."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ...scenarios.forecast import Forecast, band
from ...sim.curves import Curves
from ..days import moment

STEPS = (1, 3, 7, 14, 28, 56, 84)
"""Days ahead that are told, as long as work goes on."""


def days_ahead(found: Forecast) -> list[float]:
    """Days from the line's start that are told: some steps from today, until all runs have ended."""
    last = max(float(one.hours[-1]) for one in found.runs.curves) / 24.0
    steps = [found.day + step for step in STEPS]
    return [day for number, day in enumerate(steps) if number == 0 or steps[number - 1] < last]


def ahead_frame(found: Forecast) -> pd.DataFrame:
    """date, and for delivered and each waiting.STAGE three columns: .low, .median, .high."""
    rows = []
    for day in days_ahead(found):
        row: dict[str, object] = {"date": pd.Timestamp(moment(found.line, day))}
        for name, values in values_at(found, day).items():
            row |= {f"{name}.{end}": value for end, value in zip(("low", "median", "high"), band(values), strict=True)}
        rows.append(row)
    return pd.DataFrame(rows)


def values_at(found: Forecast, day: float) -> dict[str, list[int]]:
    """By name, of each run how many items are delivered on a day, and how many tasks wait at each stage."""
    curves = found.runs.curves
    places = [_place(one, day) for one in curves]
    told = {"delivered": [int(one.delivered[at]) for one, at in zip(curves, places, strict=True)]}
    for stage in curves[0].waiting:
        told[f"waiting.{stage}"] = [int(one.waiting[stage][at]) for one, at in zip(curves, places, strict=True)]
    return told


def _place(curves: Curves, day: float) -> int:
    """The place in curves of a moment."""
    return int(np.clip(np.searchsorted(curves.hours, day * 24.0, side="right") - 1, 0, len(curves.hours) - 1))
