"""How quick people are and how they learn, as a picture in which nobody is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .. import numbers, palette, style
from .speed import Speed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..drawing import Drawing


def draw_speed(found: Speed, width: int = style.WIDE) -> Drawing:
    """Seconds of a unit by worker, the quickest first, and by how many tasks they had done. Pools are told apart
    by their marks; nobody is named."""
    wide = width >= 600
    with style.canvas("speed", width, 270 if wide else 500) as figure:
        if wide:
            left, right = style.frame(figure, 62, 40, 404, 44), style.frame(figure, 430, 40, 20, 44)
        else:
            left, right = style.frame(figure, 62, 40, 14, 296), style.frame(figure, 62, 276, 14, 44)
        _workers(left, found)
        _steps(right, found)
    return figure


def speed_words(found: Speed) -> str:
    """What the picture shows, read aloud in its place."""
    seconds = found.workers["seconds"].to_numpy(np.float64)
    if not len(seconds):
        return f"Nobody has done enough tasks at {style.name(found.stage)} to say how quick they are."
    least, low, high, most = (numbers.duration(float(np.quantile(seconds, q))) for q in (0, 0.25, 0.75, 1))
    told = (
        f"Mean time a unit at {style.name(found.stage)}: {len(seconds)} workers, from {least} to {most}, half of them "
        f"within {low} to {high}."
    )
    if not found.steps:
        return told
    (_, _, first), (start, last, end) = found.steps[0], found.steps[-1]
    return (
        f"{told} {found.learners} workers did {last:,} tasks and more: the first took {numbers.duration(first.mean)} "
        f"on average, numbers {start:,} to {last:,} took {numbers.duration(end.mean)}."
    )


MARKS = "osD^vP"


def _workers(axes: Axes, found: Speed) -> None:
    table = found.workers
    seconds = table["seconds"].to_numpy(np.float64)
    x = np.arange(1, len(seconds) + 1)
    pools = sorted(set(table["pool"]))
    for place, pool in enumerate(pools):
        mine = (table["pool"] == pool).to_numpy()
        mark, colour = MARKS[place % len(MARKS)], palette.series(place)
        axes.plot(x[mine], seconds[mine], mark, color=colour, markersize=4.5, markeredgewidth=0)
    _names(axes, pools)
    _scale(axes, float(seconds.max(initial=0.0)))
    axes.set_xlim(0, len(seconds) + 1)
    ends = sorted({1, max(1, len(seconds))})
    axes.set_xticks(ends, [numbers.plain(n) for n in ends])
    axes.set_xlabel("workers, quickest first")
    axes.annotate(
        f"{style.name(found.stage, 20)}: mean time a unit", (0, 1), xycoords="axes fraction", xytext=(0, 22),
        textcoords="offset points", color=palette.INK, size=style.SMALL,
    )  # fmt: skip


def _names(axes: Axes, pools: list[str]) -> None:
    """Names of the pools in their colours, each after its mark, as many as there is room for."""
    room, at = axes.bbox.width, 0.0
    for place, pool in enumerate(pools):
        text = style.name(pool, 16)
        if at + 14 + 6.8 * len(text) > room:
            axes.annotate("…", (0, 1), (at, 7), xycoords="axes fraction", textcoords="offset points",
                          color=palette.MUTED)  # fmt: skip
            return
        colour = palette.series(place)
        axes.plot([(at + 4) / room], [1 + 11 / axes.bbox.height], MARKS[place % len(MARKS)], color=colour,
                  markersize=4.5, markeredgewidth=0, transform=axes.transAxes, clip_on=False)  # fmt: skip
        axes.annotate(text, (0, 1), (at + 12, 7), xycoords="axes fraction", textcoords="offset points", color=colour,
                      size=style.SMALL)  # fmt: skip
        at += 26 + 6.8 * len(text)


def _steps(axes: Axes, found: Speed) -> None:
    if not found.steps:
        axes.axis("off")
        axes.text(0, 1, "too few people with enough tasks to see them learn", color=palette.MUTED, size=style.SMALL)
        return
    x = [(first * last) ** 0.5 for first, last, _ in found.steps]
    summaries = [one for _, _, one in found.steps]
    colour = palette.series(0)
    axes.fill_between(
        x, [one.low for one in summaries], [one.high for one in summaries], color=colour, alpha=0.18, lw=0
    )
    axes.plot(x, [one.mean for one in summaries], "o-", color=colour, markersize=4.5)
    axes.set_xscale("log")
    axes.minorticks_off()
    every = -(-len(x) // (5 if axes.bbox.width > 200 else 4))
    axes.set_xticks(x[::every], [numbers.plain(first) for first, _, _ in found.steps][::every])
    axes.set_xlabel("task number")
    _scale(axes, max(one.high for one in summaries))
    axes.annotate(
        f"as they go on, the same {found.learners} workers", (0, 1), xycoords="axes fraction", xytext=(0, 22),
        textcoords="offset points", color=palette.INK, size=style.SMALL,
    )  # fmt: skip
    axes.annotate(
        "line: mean; band: its 95% interval", (0, 1), xycoords="axes fraction", xytext=(0, 7),
        textcoords="offset points", color=colour, size=style.SMALL,
    )  # fmt: skip


def _scale(axes: Axes, most: float) -> None:
    """Seconds from 0, with marks that are round in the unit in which they are told."""
    from matplotlib.ticker import MaxNLocator

    top = 1.12 * most or 1.0
    size, unit = next((one for one in ((3_600, "h"), (60, "min")) if most >= 1.5 * one[0]), (1, "s"))
    marks = [float(one) for one in MaxNLocator(5).tick_values(0, top / size) if one * size <= top]
    axes.set_ylim(0, top)
    axes.set_yticks(
        [one * size for one in marks], [f"{numbers.significant(one)} {unit}" if one else "0" for one in marks]
    )
    axes.grid(axis="y")
    axes.set_axisbelow(True)
