"""How KPIs came out over the replications of one scenario: a histogram each, with P50, P80 and the goal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..sim.errors import ScenarioRefused
from . import numbers, palette, style, words
from .days import by_day
from .reading import Floats, Reading

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from .drawing import Drawing

SHOWN = ("finish_days", "cost")
"""Drawn where none is named, if they vary."""

HEIGHT = 230
GAP = 34


def draw_histograms(reading: Reading, kpis: Sequence[str] = ()) -> Drawing:
    """A panel a KPI. Raises ScenarioRefused where there is none of a name, or where one was never computed."""
    named = [*kpis] or [kpi for kpi in SHOWN if _finite(reading, kpi).size] or ["throughput_per_week"]
    values = {kpi: _finite(reading, kpi) for kpi in named}
    if empty := [kpi for kpi, found in values.items() if not found.size]:
        rule = f"{reading.name} has no such KPI, or no run computed it. Name one of its `.kpis` with numbers in it."
        raise ScenarioRefused([f"{kpi}: {rule}" for kpi in empty])
    with style.canvas("histograms", style.WIDE, HEIGHT * len(values)) as figure:
        for place, (kpi, found) in enumerate(values.items()):
            below = HEIGHT * (len(values) - 1 - place)
            axes = style.frame(figure, 60, HEIGHT * place + GAP, 22, below + 46)
            _panel(axes, reading, kpi, found)
    return figure


def _finite(reading: Reading, kpi: str) -> Floats:
    if kpi not in reading.runs.kpis:
        return np.zeros(0)
    found: Floats = reading.runs.kpis[kpi].to_numpy(np.float64)
    return found[np.isfinite(found)]


def _panel(axes: Axes, reading: Reading, kpi: str, found: Floats) -> None:
    unit = words.unit(kpi, reading)
    scale = 100 if unit == numbers.SHARE else 1
    axes.hist(scale * found, bins="auto", color=palette.series(0), alpha=0.55)
    summary = reading.kpis[kpi]
    marks = {"P50": summary.p50, "P80": summary.p80}
    goal = reading.goal(kpi)
    for text, value in marks.items():
        if math.isfinite(value):
            _mark(axes, scale * value, text, palette.INK, 4)
    if goal is not None:
        told = by_day(reading.line, goal.value) if kpi == "finish_days" else numbers.number(goal.value, unit)
        _mark(axes, scale * goal.value, f"goal {told}", palette.ALARM, 18)
    lost = len(reading.runs.kpis) - len(found)
    without = f"; {lost} of them without one" if lost else ""
    axes.set_ylabel("runs")
    axes.locator_params(axis="y", nbins=5, integer=True)
    axes.xaxis.set_major_formatter(lambda value, _: numbers.significant(value, 6))
    told = "%" if unit == numbers.SHARE else unit
    axes.set_xlabel(f"{words.title(kpi)}{f', {told}' if told else ''}: {len(reading.runs.kpis)} runs{without}")


def _mark(axes: Axes, value: float, text: str, colour: str, above: int) -> None:
    """A line at a value, its name above the panel."""
    axes.axvline(value, color=colour, lw=1.2, linestyle=(0, (4, 2)))
    axes.annotate(
        text, (value, 1), (0, above), xycoords=("data", "axes fraction"), textcoords="offset points", ha="center",
        color=colour, size=style.SMALL,
    )  # fmt: skip
