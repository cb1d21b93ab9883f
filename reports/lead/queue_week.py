"""When in the week work waits: mean queues of each stage by local hour, as a picture and in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from ...sim.line import Line
from .. import numbers, palette, style
from ..days import WEEKDAYS
from ..reading import Reading

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..drawing import Drawing

Floats = npt.NDArray[np.float64]

HOURS = 168
"""Of a week, from Monday's midnight."""

SHADES = 8
"""Steps of colour; cells of one step are one path, which keeps the picture small."""

LEAST = 0.1
"""Tasks that wait in a stage's worst hour: of one where fewer do, nothing is shown."""

HEAD, CELL, GAP, LEFT, RIGHT = 20, 26, 12, 12, 12
"""Pixels above a stage's strip, of the strip, below it, and beside all strips."""


@dataclass(frozen=True, eq=False)
class QueueWeek:
    """mean: by stage float64[168], tasks that wait in each local hour of the week, over all replications and the whole
    weeks that they touch; NaN where nothing is known of any.  hours: float64[168], hours behind each.  overall: by
    stage the KPI of its mean queue, which counts every moment from the first to the last.  timezone: whose
    hours they are."""

    mean: dict[str, Floats]
    hours: Floats
    overall: dict[str, float]
    timezone: str

    def peak(self, stage: str) -> tuple[float, str]:
        """The most of any hour of the week, and when: (312.0, "Mon 09:00")."""
        mean = np.nan_to_num(self.mean[stage])
        hour = int(np.argmax(mean))
        return float(mean[hour]), f"{WEEKDAYS[hour // 24]} {hour % 24:02}:00"


def queue_week(reading: Reading) -> QueueWeek:
    """Queues by local hour of the week, of whole weeks: nothing waits before a run begins, nor after the last item is
    delivered; of what is left at a horizon nothing is known afterwards.

    An hour's queue is the mean of those at its two ends, and belongs to the local hour in which its middle lies.
    """
    curves, line = reading.runs.curves, reading.line
    hours = curves[0].hours
    ends = _ends(reading)
    at = hours_of_week(line, (hours[:-1] + hours[1:]) / 2.0)
    before = np.arange(HOURS) < at[0]  # of the week in which the runs begin
    whole = len(curves) * before.astype(np.float64)
    sums = {stage: np.zeros(HOURS) for stage in reading.stages}
    done = np.isfinite(reading.runs.kpis["finish_days"].to_numpy(np.float64))
    for curve, end, finished in zip(curves, ends, done, strict=True):
        weight = np.clip(end - hours[:-1], 0.0, np.diff(hours)).astype(np.float64)
        whole += np.bincount(at, weight, HOURS)
        if finished:
            whole += _rest_of_week(at, hours.astype(np.float64), float(end))
        for stage, total in sums.items():
            queue = curve.waiting[stage].astype(np.float64)
            total += np.bincount(at, weight * (queue[:-1] + queue[1:]) / 2.0, HOURS)
    with np.errstate(divide="ignore", invalid="ignore"):
        means = {stage: np.where(whole > 0, total / whole, math.nan) for stage, total in sums.items()}
    overall = {stage: summary.mean for stage in means if (summary := reading.kpi(f"queue.{stage}")) is not None}
    return QueueWeek(means, whole, overall, line.timezone)


def _rest_of_week(at: npt.NDArray[np.int64], hours: Floats, end: float) -> Floats:
    """Hours from the end of a run to the end of its week, by local hour of the week: what is left of the hour in which
    it ends, and all after that."""
    last = min(int(np.searchsorted(hours, end, side="right")) - 1, len(at) - 1)
    rest: Floats = (np.arange(HOURS) > at[last]).astype(np.float64)
    rest[at[last]] = max(0.0, float(hours[last + 1]) - end)
    return rest


def _ends(reading: Reading) -> Floats:
    """Hours from the start to the end of each run: its finish, or the horizon where it has none."""
    last = float(reading.runs.curves[0].hours[-1])
    days = reading.runs.kpis["finish_days"].to_numpy(np.float64)
    return np.minimum(np.where(np.isfinite(days), 24.0 * days, reading.line.horizon_s / 3_600), last)


def hours_of_week(line: Line, hours: Sequence[float] | Floats) -> npt.NDArray[np.int64]:
    """The local hour of the week, 0 for Monday from midnight to one, of moments in hours from the line's start."""
    start = pd.Timestamp(line.origin).tz_convert("UTC")
    local = (start + pd.to_timedelta(np.asarray(hours, np.float64), unit="h")).tz_convert(line.timezone)
    return np.asarray(24 * local.day_of_week + local.hour, np.int64)


def draw_queue_week(reading: Reading, width: int = style.WIDE) -> Drawing:
    """A strip of the week's hours for each stage with a queue, each as full of colour as its share of that stage's
    peak."""
    found = queue_week(reading)
    stages = shown(found)
    block = HEAD + CELL + GAP
    with style.canvas("queue-week", width, block * len(stages) + 34) as figure:
        for row, stage in enumerate(stages):
            top = row * block + HEAD
            axes = style.frame(figure, LEFT, top, RIGHT, block * len(stages) + 34 - top - CELL)
            _strip(axes, found, stage, palette.series(reading.index), width, last=row == len(stages) - 1)
    return figure


def queue_week_words(reading: Reading) -> str:
    """What the picture shows, read aloud in its place."""
    found = queue_week(reading)
    told = (
        f"{style.name(stage)}: {numbers.significant(found.overall.get(stage, math.nan))} on average, most on "
        f"{found.peak(stage)[1]} ({numbers.significant(found.peak(stage)[0])})"
        for stage in shown(found)
    )
    return f"Tasks waiting by local hour of the week ({style.name(found.timezone)}). {'; '.join(told)}."


def shown(found: QueueWeek) -> list[str]:
    """Stages with a queue to speak of, or the one with the most."""
    most = {stage: found.peak(stage)[0] for stage in found.mean}
    return [stage for stage, peak in most.items() if peak >= LEAST] or sorted(most, key=lambda stage: -most[stage])[:1]


def _strip(axes: Axes, found: QueueWeek, stage: str, colour: str, width: int, *, last: bool) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    mean = found.mean[stage]
    most, when = found.peak(stage)
    for step, spans in shades(mean).items():
        corners = [((a, 0.0), (a, 1.0), (b, 1.0), (b, 0.0), (a, 0.0)) for a, b in spans]
        whole = Path.make_compound_path(*(Path(each, closed=True) for each in corners))
        axes.add_patch(PathPatch(whole, facecolor=colour, alpha=round(step / SHADES, 3), linewidth=0))
    for begin, end in runs_of(np.isnan(mean)):
        axes.plot([begin, end], [0.5, 0.5], color=palette.RULE, linewidth=1)
    axes.set_xlim(0, HOURS)
    axes.set_ylim(0, 1)
    axes.set_yticks([])
    axes.set_xticks(range(0, HOURS + 1, 24), [""] * 8)
    axes.tick_params(length=3 if last else 0)
    axes.spines["left"].set_visible(False)
    for day in range(0, HOURS + 1, 24):
        axes.axvline(day, color=palette.RULE, linewidth=0.8)
    longest = 40 if width >= 600 else 17
    axes.annotate(
        style.name(stage, longest), (0, 1), xycoords="axes fraction", xytext=(0, 4), textcoords="offset points",
        color=palette.INK, weight="bold",
    )  # fmt: skip
    size = f"mean {numbers.significant(found.overall.get(stage, math.nan))}, peak {numbers.significant(most)} {when}"
    axes.annotate(
        size if most > 0 else "nothing waits", (1, 1), xycoords="axes fraction", xytext=(0, 4),
        textcoords="offset points", ha="right", color=palette.MUTED, size=style.SMALL,
    )  # fmt: skip
    if last:
        for day, text in enumerate(WEEKDAYS):
            axes.text(24 * day + 12, -0.18, text, ha="center", va="top", color=palette.MUTED, size=style.SMALL)
        axes.set_xlabel(f"local hour of the week ({style.name(found.timezone)})", labelpad=14)


def shades(mean: Floats) -> dict[int, list[tuple[int, int]]]:
    """Stretches of hours (from, to) by step of colour, 1 to SHADES for the peak; what is empty or unknown has none."""
    filled = np.nan_to_num(mean)
    most = filled.max(initial=0.0)
    if most <= 0:
        return {}
    steps = np.ceil(SHADES * filled / most - 1e-9).astype(np.int64)
    return {step: runs_of(steps == step) for step in range(1, SHADES + 1) if (steps == step).any()}


def runs_of(there: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Stretches (from, to) in which `there` holds, `to` exclusive."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], there, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]
