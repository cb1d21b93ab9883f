"""A backtest as a picture: what the calibrated line told of each day and each batch ahead, and what came."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from ..calibration.backtest.backtest import Backtest
from ..scenarios.when import short
from . import numbers, palette, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from .drawing import Drawing

Floats = npt.NDArray[np.float64]

TOLD, CAME, OUTSIDE = palette.series(0), palette.INK, palette.series(1)

LOGARITHMIC = 30.0
"""Makespans of which the longest is so many times the shortest are shown on a logarithmic axis."""


def draw_backtest(found: Backtest, width: int = style.WIDE) -> Drawing:
    """Labels of each local day and hours of each batch: bars the 80% band of the line's forecast with its median, dots
    what came, hollow where it lay outside."""
    wide = width >= 600
    with style.canvas("backtest", width, 300 if wide else 540) as figure:
        if wide:
            left, right = style.frame(figure, 62, 58, 380, 46), style.frame(figure, 440, 58, 16, 46)
        else:
            left, right = style.frame(figure, 62, 58, 14, 300), style.frame(figure, 62, 314, 14, 46)
        _days(left, found)
        _batches(right, found)
    return figure


def _days(axes: Axes, found: Backtest) -> None:
    at = np.arange(len(found.truth.labels), dtype=np.float64)
    line = found.line
    _bands(axes, at, line.days_low, line.days_middle, line.days_high, found.truth.labels, line.days_within[0.8])
    axes.set_ylim(0, 1.06 * float(max(line.days_high.max(), found.truth.labels.max(), 1.0)))
    axes.yaxis.set_major_formatter(lambda value, _: numbers.plain(value))
    days = pd.to_datetime(found.truth.starts, unit="ms", utc=True).tz_convert(found.timezone)
    shown = sorted({0, len(days) // 2, len(days) - 1}) if len(days) > 4 else [0]
    axes.set_xticks(shown, [short(days[place].date(), year=True) for place in shown])
    axes.set_xlabel(f"local days with open work ({style.name(found.timezone)})")
    _head(axes, "labels a day", 38)
    _head(axes, "bar: 80% band of the forecast; mark: its median", 23, TOLD)
    _head(axes, "dot: what came; ring: outside the bar", 8, OUTSIDE)


def _batches(axes: Axes, found: Backtest) -> None:
    """In the order in which they were posted; a forecast that never ends goes to the top."""
    order = np.argsort([one.posted for one in found.truth.batches], kind="stable")
    came = np.array([one.makespan_ms / 3_600_000 for one in found.truth.batches])[order]
    line = found.line
    low, middle, high = (one[order] for one in (line.low, line.middle, line.high))
    ends = np.concatenate([came, high[np.isfinite(high)], middle[np.isfinite(middle)]])
    top = 1.15 * float(ends.max())
    least = float(min(came.min(), low.min()))
    low, middle, high = (np.minimum(one, top) for one in (low, middle, high))
    _bands(axes, np.arange(len(came), dtype=np.float64), low, middle, high, came, line.within[0.8][order])
    if least > 0 and top / least > LOGARITHMIC:
        style.by_factors(axes, "y", least / 1.3, top)
        axes.set_ylim(least / 1.3, top)
    else:
        axes.set_ylim(0, top)
    axes.yaxis.set_major_formatter(lambda value, _: numbers.plain(value, 0 if value >= 1 else 2))
    axes.set_xticks(sorted({0, len(came) - 1}), [numbers.plain(n + 1) for n in sorted({0, len(came) - 1})])
    axes.set_xlabel("batches, the first posted first")
    _head(axes, "makespan of a batch, hours", 8)


def _bands(
    axes: Axes, at: Floats, low: Floats, middle: Floats, high: Floats, came: Floats, inside: npt.NDArray[np.bool_]
) -> None:
    room = axes.bbox.width / max(len(at), 1)
    broad, dot = max(1.0, min(12.0, 0.6 * room)), max(2.0, min(5.0, 0.5 * room))
    axes.vlines(at, low, high, color=TOLD, alpha=0.3, linewidth=broad)
    axes.plot(at, middle, "_", color=TOLD, markersize=broad, markeredgewidth=1.6)
    axes.plot(at[inside], came[inside], "o", color=CAME, markersize=dot, markeredgewidth=0)
    axes.plot(at[~inside], came[~inside], "o", color=OUTSIDE, markersize=dot + 1, fillstyle="none", markeredgewidth=1.4)
    axes.set_xlim(-0.6, len(at) - 0.4)
    axes.grid(axis="y")
    axes.set_axisbelow(True)


def _head(axes: Axes, text: str, up: int, colour: str = palette.INK) -> None:
    axes.annotate(
        text, (0, 1), (0, up), xycoords="axes fraction", textcoords="offset points", color=colour, size=style.SMALL
    )
