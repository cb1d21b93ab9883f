"""A search in pictures: what each step buys, all plans that were tried, what the objective hangs on. SVG text."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ...scenarios.search.after import Recommended
from ...scenarios.search.history import CHOOSING
from ...scenarios.search.moves import LIKELY
from ...scenarios.search.search import Found
from .. import numbers, palette, style, words
from ..comparison.words import titled
from .names import key, unit
from .words import step_difference

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..drawing import Drawing

ROW = 26
"""Pixels of a bar and what is around it."""

KINDS = ("unlikely", "likely", "refused", "certified")
"""What is known of a plan that was tried: whether a certificate is likely, or was tried, and passed."""

MARKS = {"unlikely": "x", "likely": "o", "refused": "v", "certified": "D"}
COLOURS = {"unlikely": 5, "likely": 0, "refused": 1, "certified": 2}


def _left(width: int) -> int:
    return 230 if width >= 600 else 130


def _axis(axes: Axes, found: Found) -> None:
    kpi = found.question.objectives[0].kpi
    axes.xaxis.set_major_formatter(lambda value, _: numbers.significant(value, 6))
    axes.locator_params(axis="x", nbins=5)
    axes.set_xlabel(titled(kpi, unit(found.question, kpi)).replace("points", "%"))
    axes.grid(axis="x")
    axes.set_axisbelow(True)


def _scale(found: Found) -> float:
    return 100.0 if unit(found.question, found.question.objectives[0].kpi) == numbers.SHARE else 1.0


def draw_steps(found: Found, after: Recommended, width: int = style.WIDE) -> Drawing:
    """The objective of today's plan, what each step does to it with its 95% interval, and that of the plan found."""
    place, scale = after.kpis.index(found.question.objectives[0].kpi), _scale(found)
    at = scale * float(np.mean(after.way.today[:, place]))
    better = found.question.objectives[0].sign
    names = ["today"]
    with style.canvas("search-steps", width, 60 + ROW * (2 + len(after.way.changes))) as figure:
        axes = style.frame(figure, _left(width), 10, 22, 44)
        axes.plot([at], [0], "o", color=palette.INK, ms=6)
        for number, one in enumerate(after.way.changes):
            by = step_difference(found, after, number)
            if not math.isfinite(by.mean):
                continue
            mean, low, high = (scale * value for value in (by.mean, by.low, by.high))
            row = len(names)
            colour = palette.series(2 if better * mean < 0 else 1)
            axes.plot([at, at], [row - 1, row + 0.3], color=palette.MUTED, lw=0.8)
            axes.barh([row], [mean], 0.55, at, color=colour, alpha=0.75)
            axes.plot([at + low, at + high], [row, row], color=palette.INK, lw=1.2)
            at += mean
            names.append(f"{number + 1}. {' + '.join(_short(found, each, width) for each in one.variables)}")
        axes.plot([at, at], [len(names) - 1, len(names)], color=palette.MUTED, lw=0.8)
        axes.plot([at], [len(names)], "o", color=palette.INK, ms=6)
        axes.set_yticks(range(len(names) + 1), [*names, "found"])
        axes.set_ylim(len(names) + 0.6, -0.6)
        axes.use_sticky_edges = False  # a bar's base would else be the frame's edge, and cut today's dot in half
        axes.margins(x=0.08)
        _axis(axes, found)
    return figure


def _short(found: Found, variable: int, width: int) -> str:
    return style.name(key(found.question, variable), 32 if width >= 600 else 17)


def kinds(found: Found) -> list[str]:
    """Of each plan that was tried, which of KINDS it is."""
    chances = found.view.outlook(np.array(found.view.tried, np.int64)).chance
    passed = {step.move.plan: step.passed for step in found.history.certificates}
    told = []
    for plan, chance in zip(found.view.tried, chances, strict=True):
        kind = "likely" if chance >= LIKELY else "unlikely"
        told.append({True: "certified", False: "refused", None: kind}[passed.get(plan)])
    return told


def draw_tried(found: Found, width: int = style.WIDE) -> Drawing:
    """Every plan that was tried: its objective, and how it keeps the goal that it keeps least, or misses most."""
    place, scale = found.question.kpis.index(found.question.objectives[0].kpi), _scale(found)
    rows = []
    for at, (plan, kind) in enumerate(zip(found.view.tried, kinds(found), strict=True)):
        mean = float(found.view.values[plan][:, place].mean())
        worst = max((one[at].value for one in found.view.slacks), default=0.0)
        if math.isfinite(mean):
            rows.append((scale * mean, -worst, kind, plan == found.plan))
    with style.canvas("search-tried", width, 340) as figure:
        axes = style.frame(figure, 40, 34 if width >= 600 else 50, 22, 46)
        axes.axhline(0.0, color=palette.INK, lw=1)
        for kind in KINDS:
            mine = [row for row in rows if row[2] == kind]
            colour = palette.series(COLOURS[kind])
            axes.plot(
                [row[0] for row in mine], [row[1] for row in mine], MARKS[kind], color=colour, ms=6, mfc="none",
                label=f"{kind} ({len(mine)})",
            )  # fmt: skip
        for mean, above, kind, _ in (row for row in rows if row[3]):
            axes.plot([mean], [above], MARKS[kind], color=palette.series(COLOURS[kind]), ms=9)
        axes.legend(
            loc="lower left", bbox_to_anchor=(0, 1), ncols=4 if width >= 600 else 2, frameon=False, borderpad=0.1,
            columnspacing=1.2, handletextpad=0.2, fontsize=style.SMALL if width >= 600 else style.SMALL - 1,
        )  # fmt: skip
        axes.set_ylim(min([-0.5, *(1.1 * row[1] for row in rows)]), max([0.5, *(1.1 * row[1] for row in rows)]))
        for height, text in ((0.02, "goals missed"), (0.98, "goals kept")):
            axes.annotate(
                text, (0, height), (-10, 0), xycoords="axes fraction", textcoords="offset points", rotation=90,
                ha="right", va="bottom" if height < 0.5 else "top", color=palette.MUTED,
            )  # fmt: skip
        axes.set_yticks([])
        _axis(axes, found)
    return figure


def draw_weights(found: Found, after: Recommended, width: int = style.WIDE) -> Drawing:
    """Of each variable how far the objective goes over its values, the rest as found: foretold."""
    scale = _scale(found)
    shown = [one for one in after.weights if not one.idle and one.swing > 0.0]
    with style.canvas("search-weights", width, 60 + ROW * max(len(shown), 1)) as figure:
        axes = style.frame(figure, _left(width), 10, 22, 44)
        for place, one in enumerate(shown):
            low, high = scale * min(one.objective), scale * max(one.objective)
            axes.barh([place], [high - low], 0.55, low, color=palette.series(0), alpha=0.75)
            if after.plan[one.variable] in one.places:
                here = one.objective[one.places.index(after.plan[one.variable])]
                axes.plot([scale * here], [place], "o", color=palette.INK, ms=6)
        axes.set_yticks(range(len(shown)), [_short(found, one.variable, width) for one in shown])
        axes.set_ylim(max(len(shown), 1) - 0.4, -0.6)
        _axis(axes, found)
    return figure


def tried_words(found: Found) -> str:
    """What the picture of plans shows, in words."""
    told = kinds(found)
    counts = [f"{told.count(kind)} {kind}" for kind in KINDS if kind in told]
    name = words.title(found.question.objectives[0].kpi)
    return f"Plans tried, by {name} and by how they keep their goals: {', '.join(counts)}."


def chosen_by(found: Found) -> int:
    """Replications that plans were chosen by."""
    return sum(len(step.values) for step in found.history.steps if step.move.stream == CHOOSING)
