"""Small multiples, a panel for each scenario: cost by activity, and queues over time.

Each function returns SVG text of `width` CSS pixels; none writes a file.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..sim.ledger import IDLE
from . import numbers, palette, style
from .days import time_axis
from .figures import time_span
from .reading import Reading

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from .drawing import Drawing

BAR = 24
"""Height of one activity's row, in pixels."""

IDLE_WORDS = "idle, paid"

ACTIVITIES = {IDLE: IDLE_WORDS, "gold": "test questions", "work": "other work"}
"""What an activity of the ledger is called, where that is not its name."""


def activity_words(activity: str) -> str:
    """What an activity is called on a page."""
    return ACTIVITIES.get(activity) or activity.replace("_", " ")


def draw_costs(readings: Sequence[Reading], width: int = style.WIDE) -> Drawing:
    """Mean cost of each activity, a panel by scenario on one scale, with P5 to P95 as a line; idle time is hatched."""
    activities = _in_order(readings)
    across = _across(len(readings), width)
    down = -(-len(readings) // across)
    left, gap, head = 108 if width >= 600 else 96, 26, 24
    block = head + BAR * len(activities) + 46
    top = max((cost.p95 for reading in readings for cost in reading.costs.values()), default=1.0) or 1.0
    panel = (width - left - 16 - gap * (across - 1)) / across
    with style.canvas("cost-by-activity", width, block * down) as figure:
        for place, reading in enumerate(readings):
            row, column = divmod(place, across)
            x = left + column * (panel + gap)
            axes = style.frame(figure, x, row * block + head, width - x - panel, block * (down - row) - block + 46)
            axes.set_title(style.name(reading.name, 26), loc="left", color=palette.series(reading.index), weight="bold")
            _bars(axes, reading, activities, top, panel, names=column == 0)
    return figure


def cost_by_activity(readings: Sequence[Reading], width: int = style.WIDE) -> str:
    """The same as SVG text."""
    return style.svg(draw_costs(readings, width))


def draw_queues(readings: Sequence[Reading], width: int = style.WIDE) -> Drawing:
    """Tasks that wait over time, median and bands: a row of panels by stage with a queue, a column by scenario."""
    last = time_span(readings)
    stages = queued(readings, last)
    across = _across(len(readings), width)
    down = -(-len(readings) // across)
    left, gap, head, height = 52, 18, 24, 96
    block = head + (height + 24) * len(stages) + 30
    panel = (width - left - 22 - gap * (across - 1)) / across
    tops = {stage: _highest(readings, stage, last) for stage in stages}
    with style.canvas("queue-over-time", width, block * down) as figure:
        for place, reading in enumerate(readings):
            row, column = divmod(place, across)
            x = left + column * (panel + gap)
            for level, stage in enumerate(stages):
                y = row * block + head + level * (height + 24) + 16
                axes = style.frame(figure, x, y, width - x - panel, block * down - y - height)
                _queue(axes, reading, stage, last, tops[stage], named=column == 0)
                bottom = level == len(stages) - 1
                time_axis(axes, [reading.line], last, max(2, int(panel / 62)), label=bottom and column == 0)
                axes.tick_params(labelbottom=bottom, labelleft=column == 0)
                if level == 0:
                    axes.annotate(
                        style.name(reading.name, 26), (0, 1), xycoords="axes fraction", xytext=(0, 20), va="bottom",
                        textcoords="offset points", color=palette.series(reading.index), weight="bold",
                    )  # fmt: skip
    return figure


def queue_over_time(readings: Sequence[Reading], width: int = style.WIDE) -> str:
    """The same as SVG text."""
    return style.svg(draw_queues(readings, width))


def queued(readings: Sequence[Reading], last: float) -> list[str]:
    """Stages at which tasks wait long enough to be drawn, or the first one."""
    stages = list(dict.fromkeys(stage for reading in readings for stage in reading.stages))
    return [stage for stage in stages if _highest(readings, stage, last) > 0] or stages[:1]


def _in_order(readings: Sequence[Reading]) -> list[str]:
    """Activities of all scenarios, in the order of the first that has them, idle last."""
    found = list(dict.fromkeys(activity for reading in readings for activity in reading.costs))
    return [activity for activity in found if activity != IDLE] + [activity for activity in found if activity == IDLE]


def _across(count: int, width: int) -> int:
    """Panels side by side that stay legible."""
    return max(1, min(count, 3 if width >= 600 else 1))


def _bars(axes: Axes, reading: Reading, activities: list[str], top: float, panel: float, *, names: bool) -> None:
    currency = style.name(reading.line.currency)
    axes.set_xlim(0, top * (1 + 78 / max(panel - 78, 40)))
    axes.set_ylim(len(activities) - 0.4, -0.6)
    axes.set_yticks([])
    axes.spines["left"].set_color(palette.MUTED)
    axes.spines["bottom"].set_visible(False)
    axes.xaxis.set_major_formatter(lambda value, _: numbers.plain(value))
    axes.xaxis.set_tick_params(length=0)
    axes.set_xticks([0, _round_down(top)])
    if names:
        axes.set_xlabel(f"cost, {currency}", loc="left")
    colour, places = palette.series(reading.index), 0 if top >= 100 else numbers.coins(reading.line.currency)
    for row, activity in enumerate(activities):
        if names:
            words = style.name(activity_words(activity), 16)
            axes.annotate(
                words, (0, row), xytext=(-8, 0), textcoords="offset points", ha="right", va="center", color=palette.INK,
                annotation_clip=False,
            )  # fmt: skip
        cost = reading.costs.get(activity)
        if cost is None:
            axes.text(0.01 * top, row, "none", color=palette.MUTED, va="center", size=style.SMALL)
            continue
        if activity == IDLE:
            axes.barh(row, cost.mean, height=0.62, facecolor="none", edgecolor=colour, hatch="////", linewidth=1)
        else:
            axes.barh(row, cost.mean, height=0.62, color=colour, linewidth=0)
        axes.plot([cost.p5, cost.p95], [row, row], color=palette.INK, linewidth=1.2, solid_capstyle="butt")
        axes.annotate(
            numbers.plain(cost.mean, places), (max(cost.mean, cost.p95), row), va="center",
            xytext=(5, 0), textcoords="offset points", color=palette.INK, size=style.SMALL,
        )  # fmt: skip


def _round_down(value: float) -> float:
    """The largest 1, 2 or 5 times a power of ten that is no more than `value`."""
    power: float = 10.0 ** len(str(int(value))[1:]) if value >= 1 else 0.1
    return next(n * power for n in (5, 2, 1) if n * power <= value or n == 1)


def _highest(readings: Sequence[Reading], stage: str, last: float) -> float:
    found = [reading.waiting(stage, last).p95.max() for reading in readings if stage in reading.stages]
    return float(max(found, default=0.0))


def _queue(axes: Axes, reading: Reading, stage: str, last: float, top: float, *, named: bool) -> None:
    axes.set_ylim(0, 1.08 * top or 1.0)
    axes.yaxis.set_major_formatter(lambda value, _: numbers.plain(value, 0 if top >= 3 else 1))
    axes.locator_params(axis="y", nbins=3, integer=top >= 3)
    if top == 0:
        axes.set_yticks([0])
    axes.yaxis.set_tick_params(length=0)
    axes.grid(axis="y")
    axes.set_axisbelow(True)
    if named:
        axes.annotate(
            f"{style.name(stage, 26)}: tasks waiting", (0, 1), xycoords="axes fraction", xytext=(0, 5), va="bottom",
            textcoords="offset points", color=palette.INK, size=style.SMALL,
        )  # fmt: skip
    if stage not in reading.stages:
        axes.text(0.02, 0.5, "no such stage", transform=axes.transAxes, color=palette.MUTED, size=style.SMALL)
        return
    colour = palette.series(reading.index)
    fan = reading.waiting(stage, last)
    axes.fill_between(fan.days, fan.p5, fan.p95, color=colour, alpha=0.16, linewidth=0)
    axes.fill_between(fan.days, fan.p20, fan.p80, color=colour, alpha=0.22, linewidth=0)
    axes.plot(fan.days, fan.p50, color=colour, linewidth=1.4)
