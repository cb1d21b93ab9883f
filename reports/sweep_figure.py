"""The curves of a sweep: a panel for each KPI over the values of the key. SVG text."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..scenarios.sweep import Sweep
from ..sim.replicate import Runs
from . import numbers, palette, style, words
from .comparison.words import titled
from .reading import Reading, read

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ACROSS, TALL, TOP, RIGHT, BELOW = 2, 210, 26, 14, 40
"""Panels in a row; the height of one, and what stands around its axes, in pixels."""

LEFT = 66

_NUMBER = re.compile(r"([\d_]+(?:\.\d+)?)\s*(.*)")


def sweep_figure(runs: Sequence[Runs], sweep: Sweep, kpis: Sequence[str], width: int = style.WIDE) -> str:
    """Means with their intervals (error), in the band of P5 to P95 (risk). kpis: a panel each; what no value has is
    left out."""
    readings = read(runs)
    shown = [kpi for kpi in kpis if sum(_known(reading, kpi) for reading in readings) > 1]
    down = max(1, -(-len(shown) // ACROSS))
    at, text = positions(sweep)
    with style.canvas("sweep", width, TALL * down) as figure:
        for place, kpi in enumerate(shown):
            row, column = divmod(place, ACROSS)
            left, wide = column * width // ACROSS, width // ACROSS
            axes = style.frame(
                figure, left + LEFT, row * TALL + TOP, width - left - wide + RIGHT, (down - 1 - row) * TALL + BELOW
            )
            _panel(axes, readings, kpi, at)
            axes.set_xlabel(f"{sweep.path}{', ' + text if text else ''}")
            _values(axes, sweep, at)
        return style.svg(figure)


def positions(sweep: Sweep) -> tuple[list[float], str]:
    """Where each value stands on the axis, and the unit that all have: at its number, if all are numbers of one unit;
    else side by side."""
    found = [_NUMBER.fullmatch(value) for value in sweep.values]
    told = [(float(one[1].replace("_", "")), one[2].rstrip("s")) for one in found if one is not None]
    if len(told) < len(found) or len({unit for _, unit in told}) > 1:
        return [float(place) for place in range(len(found))], ""
    unit = max((one[2] for one in found if one is not None), key=len)
    return [number for number, _ in told], unit


def _known(reading: Reading, kpi: str) -> bool:
    summary = reading.kpi(kpi)
    return summary is not None and math.isfinite(summary.mean)


def _panel(axes: Axes, readings: Sequence[Reading], kpi: str, at: Sequence[float]) -> None:
    unit = words.unit(kpi, readings[0])
    scale = 100.0 if unit == numbers.SHARE else 1.0
    known = sorted((x, one.kpis[kpi]) for x, one in zip(at, readings, strict=True) if _known(one, kpi))
    xs, found = [x for x, _ in known], [summary for _, summary in known]
    colour = palette.series(0)
    axes.fill_between(xs, [scale * one.p5 for one in found], [scale * one.p95 for one in found], color=colour,
                      alpha=0.15, lw=0)  # fmt: skip
    axes.plot(xs, [scale * one.mean for one in found], color=colour, marker="o", markersize=3.5)
    sure = [(x, one) for x, one in known if math.isfinite(one.low) and math.isfinite(one.high)]
    axes.vlines([x for x, _ in sure], [scale * one.low for _, one in sure], [scale * one.high for _, one in sure],
                color=colour, lw=2.5)  # fmt: skip
    axes.set_title(titled(kpi, unit).replace("points", "%"), loc="left")
    axes.locator_params(axis="y", nbins=5)
    axes.yaxis.set_major_formatter(lambda value, _: numbers.significant(value, 4))
    axes.grid(axis="y")
    axes.set_axisbelow(True)


def _values(axes: Axes, sweep: Sweep, at: Sequence[float]) -> None:
    """The axis of the key: by factors where its ends are far apart, and each value at its place."""
    if min(at) > 0 and max(at) / min(at) > 10:
        axes.set_xscale("log")
    numbered = positions(sweep)[1] or all(_NUMBER.fullmatch(value) for value in sweep.values)
    axes.set_xticks(list(at), [numbers.significant(x) for x in at] if numbered else [*sweep.values])
    axes.minorticks_off()
