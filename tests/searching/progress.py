"""How far each method is after so many replications, as a picture: docs/images/search-progress.svg."""

from __future__ import annotations

from collections.abc import Sequence

from labelcast.reports import palette, style

from .answers import OURS
from .rivals import CURVE, RIVALS
from .summary import NEAR, Row

HEIGHT, TOP, BOTTOM, LEFT, RIGHT = 250, 34, 44, 46, 84
"""Pixels of the picture, and those around each panel."""

APART = 0.062
"""Least distance of two labels, as a part of a panel's height."""


def draw(problems: dict[str, dict[tuple[str, int], Row]]) -> str:
    """A panel for each problem, as SVG text. problems: rows by method and budget."""
    width = style.WIDE
    each = width / len(problems)
    with style.canvas("search-progress", width, HEIGHT) as figure:
        for place, (problem, rows) in enumerate(problems.items()):
            axes = style.frame(figure, LEFT + place * each, TOP, RIGHT + (len(problems) - 1 - place) * each, BOTTOM)
            names = [name for name in (OURS, *RIVALS) if (name, CURVE[-1]) in rows]
            shares = {name: [100.0 * rows[name, budget].within(NEAR) for budget in CURVE] for name in names}
            for number, (name, share) in enumerate(shares.items()):
                ours = name == OURS
                axes.plot(CURVE, share, color=palette.series(number), lw=2.4 if ours else 1.2, marker="o", ms=3)
            heights = _apart([share[-1] / 100.0 for share in shares.values()])
            for number, (name, height) in enumerate(zip(shares, heights, strict=True)):
                axes.annotate(
                    name,
                    (1.04, height),
                    xycoords="axes fraction",
                    color=palette.series(number),
                    va="center",
                    fontsize=style.SMALL,
                    weight="bold" if name == OURS else "normal",
                )
            axes.set_xscale("log", base=2)
            axes.set_xticks(CURVE, [f"{budget:,}" for budget in CURVE])
            axes.minorticks_off()
            axes.set_ylim(0, 100)
            axes.grid(axis="y")
            axes.set_title(problem, loc="left")
            axes.set_xlabel("replications")
            if not place:
                axes.set_ylabel(f"seeds within {NEAR:.0%} of the best, %")
    return style.svg(figure)


def _apart(wanted: Sequence[float]) -> list[float]:
    """Heights of labels from 0 on, each as near to where it is wanted as the others below let it be."""
    found, least = [0.0] * len(wanted), 0.0
    for place in sorted(range(len(wanted)), key=lambda one: wanted[one]):
        found[place] = max(wanted[place], least)
        least = found[place] + APART
    return found
