"""What a run's variance is of, as a picture: chance and data, a bar a scenario and KPI."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..scenarios.twofold import Plan, Sources
from . import palette, style, words

if TYPE_CHECKING:
    from .drawing import Drawing


def draw_parts(plans: Sequence[Plan], found: Sequence[Sources]) -> Drawing:
    """Share of the variance that is the data's, with its 95% interval, and the rest, which is chance; KPIs whose runs
    never came to one, or are all the same, are left out."""
    bars = [
        (f"{style.name(plan.line.name, 24)}: {words.title(one.kpi)}", each)
        for one in found
        for plan, each in zip(plans, one.plans, strict=True)
        if math.isfinite(each.share) and each.spread > 0
    ][::-1]
    with style.canvas("parts", style.WIDE, 76 + 26 * max(len(bars), 1)) as figure:
        axes = style.frame(figure, 220, 26, 22, 44)
        for place, (_, each) in enumerate(bars):
            axes.barh([place], [100 * each.share], 0.6, color=palette.series(0), alpha=0.75)
            axes.barh([place], [100 * (1 - each.share)], 0.6, 100 * each.share, color=palette.series(1), alpha=0.35)
            axes.plot([100 * each.low, 100 * each.high], [place, place], color=palette.INK, lw=1.2)
        for at, text, colour in ((0.0, "what the log does not tell", 0), (1.0, "chance", 1)):
            axes.annotate(
                text, (at, 1), (0, 6), xycoords="axes fraction", textcoords="offset points",
                ha="left" if at == 0 else "right", color=palette.series(colour),
            )  # fmt: skip
        axes.set_xlim(0, 100)
        axes.set_ylim(-0.6, max(len(bars), 1) - 0.4)
        axes.set_yticks(range(len(bars)), [text for text, _ in bars])
        axes.set_xlabel("% of a run's variance; lines: 95% intervals of the data's share")
    return figure
