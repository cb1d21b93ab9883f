"""What a budget is made of as a picture: from nothing to its mean, an activity a step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...sim.ledger import IDLE
from ...sim.line import MICRO
from .. import numbers, palette, style
from ..panels import activity_words
from .activities import Activity, by_activity
from .text import coins_of
from .whole import Budget

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..drawing import Drawing

ROW, BELOW = 26, 44
"""Pixels of a step, and below the axes."""


def steps_of(found: Budget) -> list[Activity]:
    """Activities that cost or save anything, the dearest first, idle last."""
    return [one for one in by_activity(found) if one.outlook]


def draw_steps(found: Budget, width: int = style.WIDE) -> Drawing:
    """The mean of each activity from where the one before it ends, and the whole at the foot."""
    steps, coins = steps_of(found), coins_of(found)
    wide = width >= 600
    with style.canvas("budget-steps", width, BELOW + 10 + ROW * (1 + len(steps))) as figure:
        axes = style.frame(figure, 170 if wide else 118, 10, 22, BELOW)
        at = 0.0
        for place, one in enumerate(steps):
            size = one.outlook / MICRO
            idle = one.name == IDLE
            colour = palette.series(1 if idle else 0 if size > 0 else 2)
            axes.barh([place], [size], 0.6, at, color=colour, alpha=0.75, hatch="////" if idle else None)
            _amount(axes, max(at, at + size), place, coins.text(one.outlook))
            axes.plot([at + size] * 2, [place - 0.3, place + 1.3], color=palette.RULE, lw=0.8)
            at += size
        axes.barh([len(steps)], [at], 0.6, color=palette.INK, alpha=0.8)
        _amount(axes, at, len(steps), coins.text(found.estimate.mean))
        axes.set_xlim(min(0.0, at), 1.16 * max(at, 1.0) if wide else 1.34 * max(at, 1.0))
        axes.set_ylim(len(steps) + 0.6, -0.6)
        longest = 26 if wide else 17
        names = [style.name(activity_words(one.name), longest) for one in steps]
        axes.set_yticks(range(len(steps) + 1), [*names, "in all"])
        axes.locator_params(axis="x", nbins=6 if wide else 3)
        axes.xaxis.set_major_formatter(lambda value, _: numbers.plain(value))
        axes.set_xlabel(f"mean cost, {style.name(found.line.currency)}")
        axes.grid(axis="x")
        axes.set_axisbelow(True)
    return figure


def _amount(axes: Axes, at: float, row: int, text: str) -> None:
    axes.annotate(text, (at, row), (4, 0), textcoords="offset points", va="center", color=palette.INK, size=style.SMALL)


def steps_words(found: Budget) -> str:
    """What the picture shows, in words."""
    coins = coins_of(found)
    told = "; ".join(f"{activity_words(one.name)} {coins.text(one.outlook)}" for one in steps_of(found))
    return f"Mean cost by activity, {found.line.currency}. {told}; in all {coins.text(found.estimate.mean)}."
