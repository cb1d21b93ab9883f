"""What is traded for what: cost against finish and against accuracy, a cross for each scenario. SVG text."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Literal

from ...sim.statistics import Summary
from .. import numbers, palette, style
from ..days import time_axis, until, weekday
from ..figures import time_span
from ..reading import Reading
from .ellipse import joint_means

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..drawing import Drawing

TOP, RIGHT, BELOW = 16, 22, 44
GAP = 30
"""Pixels between two panels, besides what numbers and names need."""

CAPTION = (
    "Thin lines: P5 to P95 over replications (risk). Thick bars: intervals of means (error). Ellipses: where the "
    "means of cost and accuracy lie together. Finish: median. Hollow: dominated by another plan. Dashed: goals that "
    "all share."
)


def draw_trade_offs(readings: Sequence[Reading], width: int = style.WIDE, dominated: Collection[str] = ()) -> Drawing:
    """Cost against finish, and against accuracy where it is known: P5 to P95 both ways, intervals of means as thick
    bars, or, of cost and accuracy together, as an ellipse. The panels share the axis of cost, and stand one below the
    other on a phone.

    dominated: scenarios that another beats in everything; their dots are hollow.  Goals that all share are dashed
    lines, where they lie within the picture.
    """
    wide = width >= 600
    rated = all(_known(reading, "accuracy") for reading in readings)
    left = style.margin(numbers.plain(_costs(readings)[1]))
    height = 330 if wide else 280
    with style.canvas("trade-offs", width, height if wide or not rated else 2 * height) as figure:
        if not rated:
            first = style.frame(figure, left, TOP, RIGHT, BELOW)
        elif wide:
            panel = (width - left - RIGHT - GAP) // 2
            first = style.frame(figure, left, TOP, RIGHT + panel + GAP, BELOW)
            second = style.frame(figure, left + panel + GAP, TOP, RIGHT, BELOW)
        else:
            first = style.frame(figure, left, TOP, RIGHT, height + BELOW)
            second = style.frame(figure, left, height + TOP, RIGHT, BELOW)
        _against_finish(first, readings, dominated, wide and not rated)
        if rated:
            _against_accuracy(second, readings, dominated, named=not wide)
    return figure


def trade_offs(readings: Sequence[Reading], width: int = style.WIDE, dominated: Collection[str] = ()) -> str:
    """The picture of what is traded for what, as SVG text."""
    return style.svg(draw_trade_offs(readings, width, dominated))


def _known(reading: Reading, kpi: str) -> bool:
    summary = reading.kpi(kpi)
    return summary is not None and math.isfinite(summary.mean)


def _costs(readings: Sequence[Reading]) -> tuple[float, float]:
    """Ends of the axis of cost."""
    costs = [reading.kpis["cost"] for reading in readings]
    low, high = min(cost.p5 for cost in costs), max(cost.p95 for cost in costs)
    pad = 0.18 * (high - low) or 0.05 * high or 1.0
    bottom = max(0.0, low - pad)
    return (0.0 if bottom < 0.35 * high else bottom), high + pad


def _cost_axis(axes: Axes, readings: Sequence[Reading], named: bool) -> None:
    axes.set_ylim(*_costs(readings))
    axes.grid(axis="y")
    axes.set_axisbelow(True)
    if named:
        axes.yaxis.set_major_formatter(lambda value, _: numbers.plain(value))
        axes.set_ylabel(f"cost, {style.name(readings[0].line.currency)}")
    else:
        axes.set_yticklabels([])


def _against_finish(axes: Axes, readings: Sequence[Reading], dominated: Collection[str], wide: bool) -> None:
    last = time_span(readings)
    places = []
    for reading in readings:
        finish = reading.kpis["finish_days"]
        middle, ends = min(finish.p50, last), (min(finish.p5, last), min(finish.p95, last))
        marker = ">" if math.isinf(finish.p50) else "o"
        _cross(axes, reading, middle, ends, marker, hollow=reading.name in dominated)
        cost = reading.kpis["cost"]
        axes.plot([middle, middle], [cost.low, cost.high], color=palette.series(reading.index), linewidth=5,
                  solid_capstyle="butt")  # fmt: skip
        places.append((reading, middle))
    _cost_axis(axes, readings, named=True)
    early = min(min(reading.kpis["finish_days"].p5, last) for reading in readings)
    first = max(0.0, 1.6 * early - 0.6 * last)
    time_axis(axes, [reading.line for reading in readings], last, 9 if wide else 4, first_day=first)
    axes.set_xlabel(f"finish: {axes.get_xlabel()}")
    if (day := shared_goal(readings, "finish_days")) is not None:
        _goal_line(axes, "x", day, until(readings[0].line, day))
    if (budget := shared_goal(readings, "cost")) is not None:
        _goal_line(axes, "y", budget, f"budget {numbers.plain(budget)}")
    _name(axes, places, dominated, first, last)


def _against_accuracy(axes: Axes, readings: Sequence[Reading], dominated: Collection[str], named: bool) -> None:
    """With the ellipse of both means, and beside each name when eight runs of ten are finished."""
    places = []
    rated = [(reading, reading.kpis["accuracy"]) for reading in readings]
    for reading, found in rated:
        _means(axes, reading, found)
        _cross(axes, reading, found.mean, (found.p5, found.p95), "o", hollow=reading.name in dominated)
        places.append((reading, found.mean))
    low, high = min(found.p5 for _, found in rated), max(found.p95 for _, found in rated)
    pad = 0.12 * (high - low) or 0.01
    axes.set_xlim(low - pad, min(high + pad, 1.0 + pad / 4))
    axes.locator_params(axis="x", nbins=4)
    places_after = max(0, math.ceil(-math.log10(25 * max(high - low, 0.001))))
    axes.xaxis.set_major_formatter(lambda value, _: f"{numbers.plain(100 * value, places_after)}%")
    axes.xaxis.set_tick_params(length=3)
    axes.set_xlabel("accuracy")
    if (least := shared_goal(readings, "accuracy")) is not None:
        _goal_line(axes, "x", least, f"goal {numbers.number(least, numbers.SHARE)}")
    _cost_axis(axes, readings, named)
    if (budget := shared_goal(readings, "cost")) is not None:
        _goal_line(axes, "y", budget, "")
    _name(axes, places, dominated, *axes.get_xlim(), dated=True)


def shared_goal(readings: Sequence[Reading], kpi: str) -> float | None:
    """The value of a goal that all scenarios have alike; None where some have none, or another."""
    goals = {None if (goal := reading.goal(kpi)) is None else goal.value for reading in readings}
    alone = kpi == "finish_days" and len({reading.line.origin for reading in readings}) > 1
    value = goals.pop() if len(goals) == 1 and not alone else None
    return value if value is not None and math.isfinite(value) else None


def _goal_line(axes: Axes, which: Literal["x", "y"], value: float, text: str) -> None:
    """A dashed line at a goal with its name, where it lies within the axes."""
    low, high = axes.get_xlim() if which == "x" else axes.get_ylim()
    if not low <= value <= high:
        return
    late = value - low > (0.6 if which == "x" else 0.9) * (high - low)
    dashes = (0, (4, 2))
    if which == "x":
        axes.axvline(value, color=palette.ALARM, linewidth=1, linestyle=dashes, zorder=1)
        axes.annotate(
            text, (value, 0), (-4 if late else 4, 4), xycoords=("data", "axes fraction"), textcoords="offset points",
            ha="right" if late else "left", va="bottom", color=palette.ALARM, size=style.SMALL,
        )  # fmt: skip
    else:
        axes.axhline(value, color=palette.ALARM, linewidth=1, linestyle=dashes, zorder=1)
        axes.annotate(
            text, (0, value), (4, -3 if late else 3), xycoords=("axes fraction", "data"), textcoords="offset points",
            ha="left", va="top" if late else "bottom", color=palette.ALARM, size=style.SMALL,
        )  # fmt: skip


def _cross(axes: Axes, reading: Reading, middle: float, ends: tuple[float, float], marker: str, hollow: bool) -> None:
    colour, cost = palette.series(reading.index), reading.kpis["cost"]
    axes.plot(ends, [cost.mean] * 2, color=colour, linewidth=1.2)
    axes.plot([middle, middle], [cost.p5, cost.p95], color=colour, linewidth=1.2)
    face = palette.LIGHT["paper"] if hollow else colour
    axes.plot([middle], [cost.mean], marker, color=colour, markerfacecolor=face, markersize=7, clip_on=False, zorder=4)


def _means(axes: Axes, reading: Reading, found: Summary) -> None:
    """Where the means of accuracy and cost lie together; where too few runs tell, their own intervals."""
    colour, cost = palette.series(reading.index), reading.kpis["cost"]
    ellipse = joint_means(reading, "accuracy", "cost", reading.runs.level)
    if ellipse is not None:
        axes.fill(*ellipse.edge.T, facecolor=colour, alpha=0.25, edgecolor="none")
        axes.fill(*ellipse.edge.T, facecolor="none", edgecolor=colour, linewidth=1.4)
    else:
        axes.plot([found.low, found.high], [cost.mean] * 2, color=colour, linewidth=5, solid_capstyle="butt")
        axes.plot([found.mean] * 2, [cost.low, cost.high], color=colour, linewidth=5, solid_capstyle="butt")


def _name(
    axes: Axes, places: Sequence[tuple[Reading, float]], dominated: Collection[str], first: float, last: float,
    *, dated: bool = False,
) -> None:  # fmt: skip
    """Writes each name beside its cross, moved up where two would touch. dated: with the P80 of its finish below."""
    bottom, top = axes.get_ylim()
    line, width = (0.12 if dated else 0.06) * (top - bottom), last - first
    taken: list[tuple[float, float]] = []
    for reading, x in sorted(places, key=lambda each: each[0].kpis["cost"].mean):
        cost = reading.kpis["cost"]
        height = cost.mean + 0.021 * (top - bottom)
        if dated and math.isfinite(cost.high):
            height = cost.high + 0.09 * (top - bottom)  # clear of the ellipse
        while any(abs(height - other) < line and abs(x - at) < 0.6 * width for at, other in taken):
            height += 0.5 * line
        taken.append((x, height))
        left = x - first < 0.6 * width
        paper = {"facecolor": palette.LIGHT["paper"], "edgecolor": "none", "pad": 0.5, "alpha": 0.85}
        room = (last - x if left else x - first) / width * axes.bbox.width - 12
        longest = max(6, min(22, int(room / 7.6) - (12 if reading.name in dominated else 0)))
        text = style.name(reading.name, longest) + (" (dominated)" if reading.name in dominated else "")
        axes.annotate(
            text, (x, height), xytext=(8 if left else -8, 0), textcoords="offset points",
            ha="left" if left else "right", color=palette.series(reading.index), weight="bold", bbox=paper,
        )  # fmt: skip
        if dated:
            axes.annotate(
                late_words(reading), (x, height), xytext=(8 if left else -8, -14), textcoords="offset points",
                ha="left" if left else "right", color=palette.MUTED, size=style.SMALL, bbox=paper,
            )  # fmt: skip


def late_words(reading: Reading) -> str:
    """When eight runs of ten are finished: done 14 Jan (P80)."""
    late = reading.kpis["finish_days"].p80
    if math.isnan(late):
        return "nothing to finish"
    return "P80: not finished" if math.isinf(late) else f"done {weekday(reading.line, late)} (P80)"
