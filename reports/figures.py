"""When the items are delivered, of one scenario or several, as a picture.

It returns SVG text of `width` CSS pixels and writes no file. `style.NARROW` is for a phone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..sim.line import Window
from . import numbers, palette, style
from .days import time_axis, until, weekday
from .reading import Reading

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from .drawing import Drawing

ROW = 37
"""Height of one scenario's row of finish dates, in pixels."""

DASHES: tuple[str | tuple[int, tuple[float, ...]], ...] = ("solid", (0, (6, 2)), (0, (2, 1.6)), (0, (8, 2, 2, 2)))


def draw_burn_up(readings: Sequence[Reading], width: int = style.WIDE) -> Drawing:
    """Items delivered over time, median and bands by scenario, beneath a strip of finish dates with their risk."""
    wide = width >= 600
    strip, plot = ROW * len(readings), 270 if wide else 220
    last = time_span(readings)
    with style.canvas("burn-up", width, strip + plot + 84) as figure:
        below = figure.get_figheight() * style.PIXELS_PER_INCH
        left = style.margin(numbers.plain(_most_items(readings, last)))
        upper = style.frame(figure, left, 22, 22, below - 22 - strip)
        lower = style.frame(figure, left, 34 + strip, 22, 42)
        _finish_strip(upper, readings, last)
        _delivered(lower, readings, last, wide)
        time_axis(lower, [reading.line for reading in readings], last, 10 if wide else 4)
        _deadlines(upper, lower, readings, last)
        _windows(lower, readings, last)
    return figure


def burn_up(readings: Sequence[Reading], width: int = style.WIDE) -> str:
    """The picture of what is delivered, as SVG text."""
    return style.svg(draw_burn_up(readings, width))


def time_span(readings: Sequence[Reading]) -> float:
    """Days that a time axis must show: until everything ended, and deadlines and windows that are not far beyond."""
    ends = [min(reading.last_day, reading.line.horizon_s / 86_400) for reading in readings]
    last = max(*ends, 1 / 24) if ends else 1.0
    goals = [goal.value for reading in readings if (goal := reading.goal("finish_days"))]
    goals += [window.at_s / 86_400 for reading in readings for window in reading.line.windows]
    return 1.04 * max([last, *(value for value in goals if math.isfinite(value) and value < 1.6 * last)])


def _finish_strip(axes: Axes, readings: Sequence[Reading], last: float) -> None:
    """A row for each scenario: its name and dates in words, and below them P5 to P95 with P20 to P80 thick."""
    axes.set_xlim(0, last)
    axes.set_ylim(len(readings), 0)
    axes.axis("off")
    axes.text(0, -0.16, "finish: dot P50, bar P20 to P80, line P5 to P95", color=palette.MUTED, size=style.SMALL)
    for row, reading in enumerate(readings):
        colour = palette.series(reading.index)
        finish = reading.kpis["finish_days"]
        axes.text(0, row + 0.44, style.name(reading.name), color=colour, weight="bold")
        words = {"facecolor": palette.LIGHT["paper"], "edgecolor": "none", "pad": 1.5}
        axes.text(last, row + 0.44, _finish_words(reading), color=palette.INK, ha="right", bbox=words)
        axes.plot([0, last], [row + 0.74] * 2, color=palette.RULE, linewidth=0.6)
        ends = [min(value, last) if not math.isnan(value) else last for value in (finish.p5, finish.p95)]
        axes.plot(ends, [row + 0.74] * 2, color=colour, linewidth=1.4)
        values = np.minimum(reading.runs.kpis["finish_days"].to_numpy(dtype=float), last)
        low, high = np.quantile(values, [0.2, 0.8], method="inverted_cdf")
        axes.plot([low, high], [row + 0.74] * 2, color=colour, linewidth=5, solid_capstyle="butt")
        if math.isfinite(finish.p50):
            rim = palette.LIGHT["paper"]
            axes.plot([finish.p50], [row + 0.74], "o", color=colour, markersize=7, markeredgecolor=rim)
        if math.isinf(finish.p95):
            axes.plot([last], [row + 0.74], ">", color=colour, markersize=7, clip_on=False)


def _finish_words(reading: Reading) -> str:
    finish = reading.kpis["finish_days"]
    if math.isinf(finish.p50):
        return "not finished by the horizon"
    if math.isnan(finish.p50):
        return "nothing to finish"
    late = "not finished" if math.isinf(finish.p80) else weekday(reading.line, finish.p80)
    return f"{weekday(reading.line, finish.p50)}, P80 {late}"


def _most_items(readings: Sequence[Reading], last: float) -> float:
    """The largest number of items that is drawn: delivered, or all that there are."""
    delivered = (float(reading.delivered(last).p95[-1]) for reading in readings)
    return max(*delivered, *(reading.total_items or 0 for reading in readings))


def _delivered(axes: Axes, readings: Sequence[Reading], last: float, wide: bool) -> None:
    for reading in readings:
        colour = palette.series(reading.index)
        fan = reading.delivered(last)
        axes.fill_between(fan.days, fan.p5, fan.p95, color=colour, alpha=0.16, linewidth=0)
        axes.fill_between(fan.days, fan.p20, fan.p80, color=colour, alpha=0.22, linewidth=0)
        axes.plot(fan.days, fan.p50, color=colour, linestyle=DASHES[reading.index // 6 % len(DASHES)])
    totals = {reading.total_items for reading in readings}
    for total in sorted(total for total in totals if total):
        axes.axhline(total, color=palette.MUTED, linewidth=0.8, linestyle=(0, (1, 2)))
        words = f"all {numbers.plain(total)} items"
        axes.text(0.006 * last, total, words, color=palette.MUTED, size=style.SMALL, va="bottom")
    axes.set_ylim(0, 1.12 * _most_items(readings, last) or 1)
    axes.yaxis.set_major_formatter(lambda value, _: numbers.plain(value))
    axes.locator_params(axis="y", nbins=6, integer=True)
    axes.set_ylabel("items delivered")
    axes.grid(axis="y")
    axes.set_axisbelow(True)


def _deadlines(upper: Axes, lower: Axes, readings: Sequence[Reading], last: float) -> None:
    days = {goal.value for reading in readings if (goal := reading.goal("finish_days"))}
    for day in sorted(day for day in days if day <= last):
        for axes in (upper, lower):
            axes.axvline(day, color=palette.ALARM, linewidth=1.2, linestyle=(0, (4, 2)))
        right = day > last * (1 - 170 / lower.bbox.width)
        lower.annotate(
            f"deadline: {until(readings[0].line, day)}", (day, 0.04), xycoords=("data", "axes fraction"),
            xytext=(-5 if right else 5, 0), textcoords="offset points", ha="right" if right else "left",
            color=palette.ALARM, size=style.SMALL,
        )  # fmt: skip


def drawn(window: Window, last: float) -> bool:
    """Whether a window has its place in the burn-up: it counts all items, and its date is on the axis."""
    return window.segment is None and window.at_s / 86_400 <= last


def _windows(axes: Axes, readings: Sequence[Reading], last: float) -> None:
    """A diamond for each training window of all segments together, at its date and its number of items."""
    windows = dict.fromkeys(window for reading in readings for window in reading.line.windows)
    for window in windows:
        day = window.at_s / 86_400
        if not drawn(window, last):
            continue
        axes.set_ylim(0, max(axes.get_ylim()[1], 1.12 * window.items))
        axes.plot([day], [window.items], "D", color=palette.ALARM, markersize=6, markeredgecolor=palette.LIGHT["paper"])
        right = day > 0.7 * last
        axes.annotate(
            f"{style.name(window.name, 18)}: {window.items:,} wanted", (day, window.items), va="top",
            xytext=(-8 if right else 8, -4), textcoords="offset points", ha="right" if right else "left",
            color=palette.ALARM, size=style.SMALL,
        )  # fmt: skip
