"""Rules of consensus as a picture: what more labels buy, and what independent errors would promise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..sim.estimates.consensus import Lead, Majority
from ..sim.estimates.rules import Answer, Answers
from . import palette, style

if TYPE_CHECKING:
    from .drawing import Drawing

Point = tuple[float, float]


def consensus_points(found: Answers) -> dict[str, list[Point]]:
    """(labels an item, share of items whose label is right) by kind of rule, in the order asked: odd majorities as
    forecast and as with independent errors, leads, and rules that go on until they are sure."""
    kinds: dict[str, list[Point]] = {"majority": [], "independent": [], "lead": [], "sure": []}
    for one in found.rules:
        kind = _kind(one)
        kinds[kind].append((one.expected.labels, 1.0 - one.expected.error))
        if kind == "majority":
            kinds["independent"].append((one.independent.labels, 1.0 - one.independent.error))
    return kinds


def _kind(one: Answer) -> str:
    if isinstance(one.rule, Majority):
        return "majority"
    return "lead" if isinstance(one.rule, Lead) else "sure"


def draw_consensus(found: Answers, width: int = style.WIDE) -> Drawing:
    """Items with the right label against labels an item."""
    points, wide = consensus_points(found), width >= 600
    model, alone, lead, sure = (palette.series(k) for k in (0, 1, 2, 3))
    with style.canvas("consensus", width, 320) as figure:
        axes = style.frame(figure, 58, 74, 16, 44)
        axes.plot(*_xy(points["independent"]), color=alone, dashes=(4, 3), linewidth=1.6)
        axes.plot(*_xy(points["majority"]), "o-", color=model, markersize=4.5)
        axes.plot(*_xy(points["lead"]), "D", color=lead, markersize=5, markeredgewidth=0)
        axes.plot(*_xy(points["sure"]), "^", color=sure, markersize=6, markeredgewidth=0)
        low = min(y for _, y in _xys(points))
        axes.set_ylim(100 * (low - 0.1 * (1 - low)), 100 * (1 + 0.04 * (1 - low)))
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:.4g}%")
        axes.locator_params(axis="x", integer=True)
        axes.set_xlabel("labels an item, on average")
        axes.set_ylabel("items with the right label")
        axes.grid(axis="y")
        axes.set_axisbelow(True)
        heads = (
            ("broken line: were errors independent", alone),
            (f"line: majority; errors correlate with {found.question.correlation:.3g}", model),
            ("diamonds: until one label leads by so many" if wide else "diamonds: until one label leads", lead),
            ("triangles: until so sure", sure),
        )
        for place, (text, colour) in enumerate(heads):
            axes.annotate(text, (0, 1), (0, 58 - 16 * place), xycoords="axes fraction", textcoords="offset points",
                          color=colour, size=style.SMALL)  # fmt: skip
    return figure


def _xy(points: list[Point]) -> tuple[list[float], list[float]]:
    return [x for x, _ in points], [100 * y for _, y in points]


def _xys(points: dict[str, list[Point]]) -> list[Point]:
    return [each for kind in points.values() for each in kind]
