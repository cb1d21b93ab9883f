"""From one scenario to another as a picture: a step a part, a panel a KPI."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..scenarios.why import Why
from ..sim.registry import unit_of
from ..sim.replicate import Runs
from . import numbers, palette, style, words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from .drawing import Drawing

LEFT, TOP, BELOW = 120, 24, 34


def draw_waterfalls(names: tuple[str, str], base: Runs, found: Sequence[Why]) -> Drawing:
    """Of each KPI the first scenario, each part with its 95% interval, and the second."""
    steps = 2 + max((len(one.parts) for one in found), default=0)
    height = TOP + BELOW + 24 * steps
    with style.canvas("waterfalls", style.WIDE, height * max(len(found), 1)) as figure:
        for place, one in enumerate(found):
            below = height * (len(found) - 1 - place)
            axes = style.frame(figure, LEFT, height * place + TOP, 22, below + BELOW)
            _panel(axes, names, base, one)
    return figure


def _panel(axes: Axes, names: tuple[str, str], base: Runs, one: Why) -> None:
    unit = unit_of(one.kpi, base.line.currency)
    scale = 100 if unit == numbers.SHARE else 1
    at = scale * one.begin
    axes.plot([at], [0], "o", color=palette.INK, markersize=6)
    for place, part in enumerate(one.told(base.level).values(), 1):
        mean, low, high = (scale * value for value in (part.mean, part.low, part.high))
        axes.barh([place], [mean], 0.5, at, color=palette.series(1 if mean > 0 else 0), alpha=0.75)
        axes.plot([at + low, at + high], [place, place], color=palette.INK, lw=1)
        axes.plot([at, at], [place - 1, place + 0.25], color=palette.RULE, lw=0.8)
        at += mean
    last = 1 + len(one.parts)
    axes.plot([at, at], [last - 1, last], color=palette.RULE, lw=0.8)
    axes.plot([at], [last], "o", color=palette.INK, markersize=6)
    axes.use_sticky_edges = False  # or the first scenario would stand on the frame
    axes.set_ylim(last + 0.6, -0.6)
    axes.set_yticks(range(last + 1), [style.name(names[0], 16), *one.parts, style.name(names[1], 16)])
    axes.xaxis.set_major_formatter(lambda value, _: numbers.significant(value, 6))
    told = "%" if unit == numbers.SHARE else unit
    axes.set_title(f"{words.title(one.kpi)}{f', {told}' if told else ''}; lines: 95% intervals", loc="left")
