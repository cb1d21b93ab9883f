"""A bar for each row that shows the parts of a whole, each with its own name upon it or below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .. import numbers, palette, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..drawing import Drawing

HEAD, BAR, FOOT = 22, 22, 24
"""Pixels of a row: its name, its bar, and what was too short to be named upon it."""

SIDE, AXIS = 12, 46


@dataclass(frozen=True)
class Look:
    """How a part is drawn: the place of its colour among the series; hatched, or only outlined for a blank."""

    colour: int
    hatch: str = ""


@dataclass(frozen=True)
class Split:
    """title: the row's.  told: its whole in words.  parts: (name, size), in order; the sizes sum to the whole."""

    title: str
    told: str
    parts: tuple[tuple[str, float], ...]

    @property
    def whole(self) -> float:
        """Length of the bar."""
        return sum(size for _, size in self.parts)

    @property
    def sizes(self) -> list[str]:
        """The parts as they are printed: they add up to the printed whole."""
        places = 0 if self.whole >= 100 else 1 if self.whole >= 10 else 2
        return numbers.adding_up([size for _, size in self.parts], places)

    @property
    def words(self) -> str:
        """The parts that are not nothing as printed."""
        told = (f"{name} {text}" for (name, _), text in zip(self.parts, self.sizes, strict=True) if text.strip("0."))
        return ", ".join(told) or "nothing"


def draw_splits(name: str, rows: Sequence[Split], looks: dict[str, Look], axis: str, width: int) -> Drawing:
    """The bars, on one scale. looks: of each part by its name.  axis: what is on it, with its unit."""
    foot = FOOT if width >= 600 else FOOT + 14
    block = HEAD + BAR + foot
    longest = max((row.whole for row in rows), default=0.0) or 1.0
    with style.canvas(name, width, block * len(rows) + AXIS) as figure:
        for at, row in enumerate(rows):
            below = block * (len(rows) - at - 1) + foot + AXIS
            axes = style.frame(figure, SIDE, block * at + HEAD, SIDE + 6, below)
            axes.set_xlim(0, longest)
            axes.set_ylim(0, 1)
            axes.axis("off")
            _bar(axes, row, looks, (width - 2 * SIDE - 6) / longest)
            _texts(axes, row, width)
        last = style.frame(figure, SIDE, block * len(rows), SIDE + 6, AXIS)
        last.set_xlim(0, longest)
        last.set_yticks([])
        last.spines["left"].set_visible(False)
        last.locator_params(axis="x", nbins=6 if width >= 600 else 4)
        last.xaxis.set_major_formatter(lambda value, _: numbers.significant(value))
        last.set_xlabel(axis)
    return figure


def _bar(axes: Axes, row: Split, looks: dict[str, Look], scale: float) -> None:
    at, unnamed, line, room = 0.0, 0, 0, scale * axes.get_xlim()[1]
    for (name, size), text in zip(row.parts, row.sizes, strict=True):
        if size <= 0:
            continue
        look = looks[name]
        colour, told = palette.series(look.colour), f"{name} {text}"
        if look.hatch:
            axes.barh(0.5, size, 1.0, at, facecolor="none", edgecolor=colour, hatch=look.hatch.strip(), linewidth=1)
        else:
            axes.barh(0.5, size, 1.0, at, color=colour, linewidth=0)
        if size * scale >= 7.2 * len(told) + 8:
            paper = {"facecolor": palette.LIGHT["paper"], "edgecolor": "none", "pad": 1.5}
            axes.text(
                at + size / 2, 0.5, told, ha="center", va="center_baseline", size=style.SMALL,
                color=palette.INK if look.hatch else palette.LIGHT["paper"], bbox=paper if look.hatch else None,
            )  # fmt: skip
        elif any(digit in text for digit in "123456789"):
            if 6.6 * (unnamed + len(told)) > room:
                unnamed, line = 0, line + 1
            axes.annotate(
                told, (0, 0), (6.6 * unnamed, -4 - 14 * line), textcoords="offset points", va="top", color=colour,
                size=style.SMALL,
            )  # fmt: skip
            unnamed += len(told) + 2
        at += size


def _texts(axes: Axes, row: Split, width: int) -> None:
    title = style.name(row.title, 40 if width >= 600 else 16)
    for text, x, side, colour, weight in (
        (title, 0, "left", palette.INK, "bold"),
        (row.told, 1, "right", palette.MUTED, "normal"),
    ):
        axes.annotate(
            text, (x, 1), xycoords="axes fraction", xytext=(0, 5), textcoords="offset points", ha=side, color=colour,
            weight=weight, size=style.SIZE if weight == "bold" else style.SMALL,
        )  # fmt: skip
