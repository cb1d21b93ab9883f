"""The table of segments: what became of the items of each, how right they are and what they cost."""

from __future__ import annotations

import math
from collections.abc import Sequence

from . import numbers
from .cells import NOTHING, Cell, Group, Row, Table
from .reading import Reading

COLUMNS: tuple[tuple[str, str], ...] = (
    ("items_arrived", "items in"),
    ("items_delivered", "delivered"),
    ("items_dropped", "dropped"),
    ("items_open", "unfinished"),
    ("accuracy", "accuracy"),
    ("on_time", "on time"),
    ("cycle_time_h", "cycle time, h"),
    ("cost", "cost"),
)
"""KPIs by segment, and their columns."""

SUMS = frozenset({"items_arrived", "items_delivered", "items_dropped", "items_open", "cost"})
"""Those whose segments sum to the whole; of the cost, with what belongs to no segment."""

SHARED = "shared"


def segments(readings: Sequence[Reading]) -> Table:
    """A row for each segment and one for all of them, by scenario; no groups where no scenario has several segments.

    What is summed is printed so that the rows add up to the total, by largest remainder.
    """
    if all(len(reading.line.segments) < 2 for reading in readings):
        return Table((), ())
    shown = [(kpi, title) for kpi, title in COLUMNS if any(_there(reading, kpi) for reading in readings)]
    groups = tuple(Group(reading.name, _rows(reading, [kpi for kpi, _ in shown])) for reading in readings)
    currencies = {reading.line.currency for reading in readings}
    cost = f"cost, {currencies.pop()}" if len(currencies) == 1 else "cost"
    return Table(tuple(cost if kpi == "cost" else title for kpi, title in shown), groups)


def _there(reading: Reading, kpi: str) -> bool:
    if kpi in ("items_dropped", "items_open"):
        return reading.occurs(kpi)
    summary = reading.kpi(kpi)
    return summary is not None and math.isfinite(summary.mean)


def _rows(reading: Reading, shown: Sequence[str]) -> tuple[Row, ...]:
    names = [segment.name for segment in reading.line.segments]
    columns = [_summed(reading, kpi, names) if kpi in SUMS else _means(reading, kpi, names) for kpi in shown]
    titles = [*names, SHARED, "all"]
    rows = [Row(title, tuple(column[i] for column in columns)) for i, title in enumerate(titles)]
    rows[-1] = Row("all", rows[-1].cells, total=True)
    if "cost" not in shown or not reading.paid:
        del rows[-2]
    return tuple(rows)


def _summed(reading: Reading, kpi: str, names: Sequence[str]) -> list[Cell]:
    """Cells of the segments, of what belongs to none, and of all."""
    parts = [_mean(reading, f"{kpi}.segment.{name}") for name in names]
    shared = [_mean(reading, "cost_shared")] if kpi == "cost" else []
    whole = _mean(reading, kpi)
    if not all(math.isfinite(value) for value in (*parts, *shared, whole)):
        return [NOTHING] * (len(names) + 2)
    texts = numbers.adding_up([*parts, *shared], places := _places(reading, kpi, [*parts, whole]), whole)
    cells = [Cell(text) for text in texts] + [NOTHING] * (not shared)
    return [*cells, Cell(numbers.plain(whole, places))]


def _places(reading: Reading, kpi: str, values: Sequence[float]) -> int:
    if max(values) >= 1_000 or all(value == round(value) for value in values):
        return 0
    return numbers.coins(reading.line.currency) if kpi == "cost" else 1


def _means(reading: Reading, kpi: str, names: Sequence[str]) -> list[Cell]:
    unit = "" if kpi == "cycle_time_h" else numbers.SHARE
    found = [_cell(reading, f"{kpi}.segment.{name}", unit) for name in names]
    return [*found, NOTHING, _cell(reading, kpi, unit)]


def _cell(reading: Reading, kpi: str, unit: str) -> Cell:
    summary = reading.kpi(kpi)
    if summary is None or math.isnan(summary.mean):
        return NOTHING
    return Cell(numbers.mean_half_width(summary.mean, summary.low, summary.high, unit, 0.01 if unit else 0.5))


def _mean(reading: Reading, kpi: str) -> float:
    summary = reading.kpi(kpi)
    return math.nan if summary is None else summary.mean
