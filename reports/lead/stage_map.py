"""The line as a map of what holds it up: of each stage its queue, how busy its people are, and what one more adds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...scenarios.bottleneck import RANKED, Effects, seen
from .. import numbers, palette, style
from ..bottleneck import lever_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..drawing import Drawing

HEAD, ROW, GAP, TOP = 34, 26, 18, 26
"""Pixels of a stage's own words, of each of its pools, between stages, and above the first."""


ARROW: dict[str, Any] = {
    "arrowstyle": "-|>", "color": palette.MUTED, "linewidth": 1.2, "shrinkA": 0, "shrinkB": 0,
}  # fmt: skip


@dataclass(frozen=True)
class Staffed:
    """A pool at a stage. utilisation: mean share of its time on shift, NaN where not known.  lever: what one more is,
    "" where nobody can be added.  gain, low, high: items a week more with it; NaN where not judged.  seen: the
    interval, which holds with those of all levers at once, leaves zero out."""

    pool: str
    utilisation: float
    lever: str = ""
    gain: float = math.nan
    low: float = math.nan
    high: float = math.nan
    seen: bool = False


@dataclass(frozen=True)
class Mapped:
    """A stage. queue: mean tasks that wait.  held: share of the time with a queue anywhere in which it held the line
    up, alone or with another.  first: no stage did more."""

    stage: str
    queue: float
    held: float
    first: bool
    pools: tuple[Staffed, ...]


def stage_map(found: Effects) -> list[Mapped]:
    """The stages in the order of the line."""
    kpis, most = found.base.kpis, max((one.whole for one in found.held.values()), default=0.0)

    def mean(kpi: str) -> float:
        return float(kpis[kpi].mean()) if kpi in kpis else math.nan

    stages = []
    for stage in found.base.line.stages:
        held = found.held[stage.name].whole
        pools = tuple(_staffed(found, pool, mean(f"utilisation.{pool}")) for pool, _ in stage.pools)
        stages.append(Mapped(stage.name, mean(f"queue.{stage.name}"), held, held == most > 0, pools))
    return stages


def _staffed(found: Effects, pool: str, utilisation: float) -> Staffed:
    for k, lever in enumerate(found.levers):
        if lever.target == pool and lever.kind in ("person", "visits"):
            claim = found.claim(k, RANKED)
            if claim is None:
                return Staffed(pool, utilisation, lever_words(lever))
            gain = claim.difference.mean
            return Staffed(pool, utilisation, lever_words(lever), gain, claim.low, claim.high, seen(claim))
    return Staffed(pool, utilisation)


def draw_stage_map(found: Effects, width: int = style.WIDE) -> Drawing:
    """Stages from top to bottom; beside each its pools with a bar of utilisation, and what one more adds."""
    stages = stage_map(found)
    heights = [HEAD + ROW * max(1, len(one.pools)) for one in stages]
    height = TOP + sum(heights) + GAP * (len(stages) - 1) + 6
    with style.canvas("stage-map", width, height) as figure:
        axes = style.frame(figure, 0, 0, 0, 0)
        axes.set_xlim(0, width)
        axes.set_ylim(height, 0)
        axes.axis("off")
        wide = width >= 600
        bar = (220.0, 420.0) if wide else (116.0, 196.0)
        axes.text(bar[0], 12, "busy" if not wide else "busy, of the time on shift", color=palette.MUTED,
                  size=style.SMALL)  # fmt: skip
        words = "one more: items a week (95%)" if wide else "one more: items/week"
        axes.text(width, 12, words, color=palette.MUTED, size=style.SMALL, ha="right")
        top = float(TOP)
        for place, (one, tall) in enumerate(zip(stages, heights, strict=True)):
            _stage(axes, one, top, tall, bar, width)
            if place + 1 < len(stages):
                axes.annotate(
                    "", (9, top + tall + GAP), (9, top + tall),
                    arrowprops=ARROW,
                )  # fmt: skip
            top += tall + GAP
    return figure


def stage_map_words(found: Effects) -> str:
    """What the map shows, read aloud in its place."""
    told = []
    for one in stage_map(found):
        pools = [
            f"{style.name(each.pool)} busy {busy_words(each)}, {gain_words(each)} items a week with one more"
            for each in one.pools
        ]
        told.append(f"{style.name(one.stage)}: {held_words(one)}; {'; '.join(pools) or 'no people'}")
    return f"The stages in order. {'. '.join(told)}."


def held_words(one: Mapped) -> str:
    """A stage's queue, and how long it held the line up."""
    return f"{numbers.significant(one.queue)} tasks wait; it held the line up in {one.held:.0%} of waiting hours"


def busy_words(one: Staffed) -> str:
    """A pool's utilisation."""
    return numbers.NOT_COMPUTED if math.isnan(one.utilisation) else f"{one.utilisation:.0%}"


def gain_words(one: Staffed) -> str:
    """What one more in the pool adds: +312 (271 to 353); in brackets where nothing could be seen."""
    if not one.lever or math.isnan(one.gain):
        return "not judged"
    if one.gain == one.low == one.high == 0:
        return "0"
    half = (one.high - one.low) / 2
    text = numbers.number(one.gain, "", half)
    text = text if text.startswith(numbers.MINUS) else f"+{text}"
    whole = f"{text} ({numbers.interval(one.low, one.high)})"
    return whole if one.seen else f"nothing seen, {numbers.interval(one.low, one.high)}"


def _stage(axes: Axes, one: Mapped, top: float, tall: float, bar: tuple[float, float], width: int) -> None:
    from matplotlib.patches import Rectangle

    colour = palette.ALARM if one.first else palette.MUTED
    axes.add_patch(Rectangle((1, top), 16, tall, facecolor=colour, alpha=round(0.08 + 0.8 * one.held, 3), linewidth=0))
    axes.add_patch(Rectangle((1, top), 16, tall, facecolor="none", edgecolor=colour, linewidth=2 if one.first else 1))
    wide = width >= 600
    axes.text(28, top + 9, style.name(one.stage, 24 if wide else 16), va="center", color=palette.INK, weight="bold")
    told = held_words(one) if wide else f"{numbers.significant(one.queue)} wait, holds up {one.held:.0%}"
    axes.text(
        width if not wide else bar[0], top + 9, told, ha="left" if wide else "right", va="center",
        color=palette.ALARM if one.first else palette.MUTED, size=style.SMALL,
    )  # fmt: skip
    for place, each in enumerate(one.pools):
        y = top + HEAD + ROW * place
        axes.text(28, y, style.name(each.pool, 30 if wide else 12), va="center", color=palette.MUTED, size=style.SMALL)
        if not math.isnan(each.utilisation):
            share = min(1.0, each.utilisation)
            axes.add_patch(Rectangle((bar[0], y - 7), (bar[1] - bar[0]) * share, 14, facecolor=palette.series(0),
                                     linewidth=0))  # fmt: skip
            axes.add_patch(Rectangle((bar[0], y - 7), bar[1] - bar[0], 14, facecolor="none", edgecolor=palette.RULE,
                                     linewidth=1))  # fmt: skip
            axes.text(bar[1] + 5, y, busy_words(each), va="center", color=palette.INK, size=style.SMALL)
        gain = gain_words(each) if wide else gain_words(each).split(" (")[0].partition(", ")[0]
        axes.text(width, y, gain, ha="right", va="center", color=palette.INK if each.seen else palette.MUTED,
                  size=style.SMALL, weight="bold" if each.seen else "normal")  # fmt: skip
    if not one.pools:
        axes.text(28, top + HEAD, "a machine", va="center", color=palette.MUTED, size=style.SMALL)
