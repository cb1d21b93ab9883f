"""Pictures of a fit: does its family of times hold, when are people there, and how much do workers differ.

Each function returns SVG text of `width` CSS pixels; none writes a file.
"""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ..calibration.fit import Fit
from ..sim.statistics import wilson
from . import numbers, palette, style
from .days import WEEKDAYS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from .drawing import Drawing

DATA, MODEL = palette.series(0), palette.series(1)


def draw_service_time(fit: Fit, width: int = style.WIDE) -> Drawing:
    """Histogram of seconds a unit with the fitted model, and a QQ plot of log seconds within workers."""
    wide = width >= 600
    with style.canvas("service-time", width, 290 if wide else 560) as figure:
        if wide:
            left, right = style.frame(figure, 24, 40, 350, 44), style.frame(figure, 474, 40, 16, 44)
        else:
            left, right = style.frame(figure, 16, 40, 16, 324), style.frame(figure, 56, 310, 16, 44)
        _histogram(left, fit)
        _qq(right, fit)
    return figure


def service_time(fit: Fit, width: int = style.WIDE) -> str:
    """The picture of service times, as SVG text."""
    return style.svg(draw_service_time(fit, width))


def availability(fit: Fit, width: int = style.WIDE) -> str:
    """Workers by local hour of the week: seen in the log, and on shift in the profile."""
    wide = width >= 600
    with style.canvas("availability", width, 222 if wide else 380) as figure:
        if wide:
            boxes = [style.frame(figure, 42, 34, 396, 42), style.frame(figure, 404, 34, 34, 42)]
        else:
            boxes = [style.frame(figure, 42, 34, 10, 228), style.frame(figure, 42, 208, 10, 54)]
        _week(boxes[0], fit.evidence.concurrent, "seen: workers in session", True)
        if fit.evidence.on_shift is not None:
            _week(boxes[1], fit.evidence.on_shift.astype(np.float64), "profile: slots on shift", not wide)
        elif fit.evidence.coming is not None:
            _week(boxes[1], np.tile(fit.evidence.coming, (7, 1)), "profile: visits, by the mean hour", not wide)
        boxes[-1].set_xlabel(f"local hour ({style.name(fit.timezone)}); full colour: the peak")
        return style.svg(figure)


def workers(fit: Fit, width: int = style.WIDE) -> str:
    """Seconds a unit of each worker and, with test questions, the share that each got right; in order, unnamed."""
    wide, gold = width >= 600, len(fit.evidence.worker_accuracy) > 0
    with style.canvas("workers", width, 260 if wide or not gold else 500) as figure:
        if not gold:
            _speeds(style.frame(figure, 56, 30, 14, 42), fit)
            return style.svg(figure)
        if wide:
            left, right = style.frame(figure, 56, 30, 408, 42), style.frame(figure, 424, 30, 16, 42)
        else:
            left, right = style.frame(figure, 56, 30, 14, 282), style.frame(figure, 56, 274, 14, 42)
        _speeds(left, fit)
        _accuracies(right, fit)
        return style.svg(figure)


def arrivals(fit: Fit, width: int = style.WIDE) -> str:
    """Items first seen on each local day."""
    table = fit.evidence.items_per_day
    dates = [date.fromisoformat(str(day)[:10]) for day in table["day"]]
    places = np.array([(each - dates[0]).days for each in dates])
    with style.canvas("arrivals", width, 190) as figure:
        axes = style.frame(figure, 56, 14, 30, 42)
        axes.bar(places, table["items"].to_numpy(), width=0.9, color=DATA, linewidth=0)
        axes.yaxis.set_major_formatter(lambda value, _: numbers.plain(value))
        axes.locator_params(axis="y", nbins=4, integer=True)
        axes.set_ylabel("new items a day")
        shown = sorted({0, int(places[-1])})
        axes.set_xticks(shown, [str(dates[0] + timedelta(days=place)) for place in shown])
        axes.set_xlabel(f"local date ({style.name(fit.timezone)})")
        axes.set_xlim(-0.6, max(int(places[-1]), 6) + 0.6)
        axes.grid(axis="y")
        axes.set_axisbelow(True)
        return style.svg(figure)


def family(fit: Fit) -> str:
    """The scenario's word for the family of service times; lognormal where nothing was fitted."""
    start = f"stages.{fit.stage}.time."
    found = (one.path.removeprefix(start).split(".")[0] for one in fit.parameters if one.path.startswith(start))
    return next(found, "lognormal")


PLAIN = {
    "lognormal": "lognormal",
    "gamma": "gamma",
    "weibull": "Weibull",
    "loglogistic": "log-logistic",
    "shifted": "shifted lognormal",
    "mixture": "two lognormals'",
    "quantiles": "the curve's",
}
"""Families as an adjective of times."""


def _histogram(axes: Axes, fit: Fit) -> None:
    logs = fit.evidence.log_seconds
    low, high = np.quantile(logs, [0.002, 0.998])
    edges = np.linspace(low - 0.1, high + 0.1, max(12, min(48, int(math.sqrt(len(logs))))) + 1)
    counts, _ = np.histogram(logs, edges)
    step = edges[1] - edges[0]
    axes.bar(edges[:-1], counts / (len(logs) * step), width=step, align="edge", color=DATA, alpha=0.35, linewidth=0)
    axes.plot(*fit.evidence.curve.T, color=MODEL)
    ticks = [s for s in (1, 3, 10, 30, 60, 300, 600, 1_800, 3_600, 10_800) if edges[0] <= math.log(s) <= edges[-1]]
    axes.set_xticks([math.log(s) for s in ticks], [numbers.duration(s) for s in ticks])
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_xlabel("time a unit (logarithmic)")
    _heading(axes, "bars: pages of the log", DATA, 20)
    _heading(axes, f"line: fitted model ({family(fit)}), workers alike", MODEL, 5)


def _qq(axes: Axes, fit: Fit) -> None:
    points = fit.evidence.qq
    axes.plot([-3, 3], [-3, 3], color=MODEL, linewidth=1.2)
    if len(points):
        axes.plot(points[:, 0], points[:, 1], "o", color=DATA, markersize=3, markeredgewidth=0)
        reach = 1.08 * float(np.abs(points).max())
        axes.set_xlim(-3, 3)
        axes.set_ylim(-max(3, reach), max(3, reach))
    axes.set_xlabel("share of pages, as normal deviate")
    axes.set_ylabel("share by the fit, as normal deviate")
    axes.grid()
    axes.set_axisbelow(True)
    _heading(axes, "dots: times within workers", DATA, 20)
    _heading(axes, f"line: where {PLAIN[family(fit)]} times lie", MODEL, 5)


def _week(axes: Axes, table: npt.NDArray[np.float64], words: str, days: bool) -> None:
    """A week of hours, each as full of colour as its share of the peak; a dash where the table has NaN."""
    from matplotlib.patches import Rectangle

    peak = float(np.nanmax(table, initial=0))

    for (day, hour), value in np.ndenumerate(table):
        if math.isnan(value):
            axes.plot([hour + 0.3, hour + 0.7], [day + 0.5] * 2, color=palette.RULE, linewidth=1)
        elif value > 0:
            share = 0.06 + 0.94 * value / peak
            corner = (hour + 0.04, day + 0.06)
            axes.add_patch(Rectangle(corner, 0.92, 0.88, facecolor=DATA, alpha=round(share, 3), linewidth=0))
    axes.set_xlim(0, 24)
    axes.set_ylim(7, 0)
    axes.set_xticks([0, 6, 12, 18, 24])
    axes.set_yticks([day + 0.5 for day in range(7)], WEEKDAYS if days else [""] * 7)
    axes.tick_params(length=0)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)
    if peak > 0:
        day, hour = (int(i[0]) for i in np.nonzero(table == peak))
        words = f"{words} (peak {numbers.significant(peak)}, {WEEKDAYS[day]} {hour:02}:00)"
    _heading(axes, words, palette.INK, 6)


def _speeds(axes: Axes, fit: Fit) -> None:
    seconds = np.sort(fit.evidence.worker_seconds["seconds"].to_numpy(dtype=np.float64))
    axes.plot(np.arange(1, len(seconds) + 1), seconds, "o", color=DATA, markersize=3, markeredgewidth=0)
    axes.set_yscale("log")
    low, high = seconds[0] / 1.6, seconds[-1] * 1.6
    ticks = [s for s in (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_800, 3_600) if low <= s <= high]
    axes.set_yticks(ticks, [numbers.duration(s) for s in ticks])
    axes.set_yticks([], minor=True)
    axes.set_xlabel("workers, fastest first")
    _ranks(axes, len(seconds))
    _heading(axes, "mean time a unit of each worker", palette.INK, 6)


def _accuracies(axes: Axes, fit: Fit) -> None:
    table = fit.evidence.worker_accuracy
    table = table.assign(share=table["correct"] / table["gold"])
    table = table.sort_values(["share", "gold", "worker"], ascending=False)
    right, asked = (table[name].to_numpy(dtype=np.int64) for name in ("correct", "gold"))
    x = np.arange(1, len(table) + 1)
    ends = np.array([wilson(int(r), int(n)) for r, n in zip(right, asked, strict=True)])
    thin = max(0.6, min(2.0, 200 / len(x)))
    axes.vlines(x, 100 * ends[:, 0], 100 * ends[:, 1], color=DATA, alpha=0.35, linewidth=thin)
    axes.plot(x, 100 * right / asked, "o", color=DATA, markersize=3, markeredgewidth=0)
    axes.set_ylim(min(50.0, 100 * float(ends[:, 0].min())), 101)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0f}%")
    axes.set_xlabel("workers, most accurate first")
    _ranks(axes, len(x))
    _heading(axes, "test questions right, with Wilson 95% interval", palette.INK, 6)


def _ranks(axes: Axes, count: int) -> None:
    axes.set_xlim(0, count + 1)
    axes.set_xticks(sorted({1, count}), [numbers.plain(n) for n in sorted({1, count})])
    axes.grid(axis="y")
    axes.set_axisbelow(True)


def _heading(axes: Axes, words: str, colour: str, above: int) -> None:
    axes.annotate(
        words, (0, 1), xycoords="axes fraction", xytext=(0, above), textcoords="offset points", va="bottom",
        color=colour, size=style.SMALL,
    )  # fmt: skip
