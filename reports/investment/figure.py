"""The picture of investments: what each has paid back so far, discounted, month by month."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from ...sim.line import MICRO
from .. import numbers, palette, style
from .whole import Outcome

if TYPE_CHECKING:
    from ..drawing import Drawing

MOST_TICKS = 12
DASHES = ("-", "--", "-.", ":")


def draw_investments(whole: Outcome, width: int = style.WIDE) -> Drawing:
    """Means of the discounted sums so far in the band of P10 to P90, of the months that the runs cover."""
    shown = max(1, whole.covered)
    sums = [one.so_far(whole.asked.rate)[:, :shown] / MICRO for one in whole.found]
    bands = [np.quantile(one, [0.1, 0.9], axis=0, method="inverted_cdf") for one in sums]
    low, high = min(float(one.min()) for one in bands), max(float(one.max()) for one in bands)
    with style.canvas("investment", width, 330) as figure:
        longest = max((numbers.plain(low), numbers.plain(high)), key=len)
        axes = style.frame(figure, style.margin(longest), 24, 150, 60)
        at = np.arange(shown)
        ends = _apart([float(one[:, -1].mean()) for one in sums], (high - low or 1.0) / 14)
        for which, (one, band, end) in enumerate(zip(sums, bands, ends, strict=True)):
            colour, dash = palette.series(which), DASHES[which // len(palette.SERIES) % len(DASHES)]
            axes.fill_between(at, band[0], band[1], color=colour, alpha=0.15, lw=0)
            axes.plot(at, one.mean(axis=0), color=colour, ls=dash, marker="o", markersize=3)
            axes.annotate(
                style.name(whole.found[which].name, 20), (shown - 1, end), (8, 0),
                textcoords="offset points", va="center", color=colour, annotation_clip=False,
            )  # fmt: skip
        axes.axhline(0, color=palette.MUTED, lw=1)
        step = -(-shown // MOST_TICKS)
        axes.set_xticks(at[::step], [whole.months[month] for month in at[::step]], rotation=45, ha="right")
        axes.yaxis.set_major_formatter(lambda value, _: numbers.plain(value))
        axes.set_ylabel(f"sum so far, discounted, {whole.line.currency}")
        axes.grid(axis="y")
        axes.set_axisbelow(True)
    return figure


def _apart(values: list[float], least: float) -> list[float]:
    """Where names stand beside the ends of their lines: at them, but so far apart that none hides another."""
    order = sorted(range(len(values)), key=lambda i: values[i])
    found = list(values)
    for below, above in pairwise(order):
        found[above] = max(found[above], found[below] + least)
    return found
