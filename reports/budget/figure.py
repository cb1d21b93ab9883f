"""A budget as a picture: what is spent so far, month by month, with its risk and what may be spent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...sim.line import MICRO
from .. import numbers, palette, style
from .text import idle_months
from .whole import Budget

if TYPE_CHECKING:
    from ..drawing import Drawing


def draw_budget(found: Budget, width: int = style.WIDE) -> Drawing:
    """Means as bars, spent months full; P50 to P80 to P95 as marks; the budget as a line. Months at the end in which
    nothing is spent are left out."""
    months, unit = found.outlook[: len(found.outlook) - idle_months(found.outlook)], style.name(found.line.currency)
    largest = max(*(one.so_far.p95 / MICRO for one in months), found.risk.budget / MICRO if found.risk else 0.0, 1.0)
    with style.canvas("budget", width, 300) as figure:
        axes = style.frame(figure, style.margin(numbers.plain(largest)), 22, 22, 44)
        for place, one in enumerate(months):
            p50, p80, p95 = (value / MICRO for value in (one.so_far.p50, one.so_far.p80, one.so_far.p95))
            shade = 0.85 if one.actual else 0.35
            axes.bar([place], [one.so_far.mean / MICRO], 0.7, color=palette.series(0), alpha=shade)
            axes.plot([place, place], [p50, p95], color=palette.INK, lw=1.2)
            axes.plot([place, place], [p50, p80], color=palette.INK, lw=4, solid_capstyle="butt")
        if found.risk is not None:
            axes.axhline(found.risk.budget / MICRO, color=palette.ALARM, lw=1.2, linestyle=(0, (4, 2)))
            axes.annotate(
                f"dashed: budget of {numbers.plain(found.risk.budget / MICRO)} {unit}", (1, 1), (0, 4),
                xycoords="axes fraction", textcoords="offset points", ha="right", color=palette.ALARM,
                size=style.SMALL,
            )  # fmt: skip
        step = -(-len(months) // (12 if width >= 600 else 4))
        axes.set_xticks(range(0, len(months), step), [one.name for one in months][::step])
        axes.set_ylim(0, 1.08 * largest)
        axes.yaxis.set_major_formatter(lambda value, _: numbers.plain(value))
        axes.set_ylabel(f"cost so far, {unit}")
        axes.set_xlabel("bars: means; thick: P50 to P80, thin: to P95")
        axes.grid(axis="y")
        axes.set_axisbelow(True)
    return figure
