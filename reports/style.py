"""How every figure looks: one matplotlib style, and SVG text whose bytes depend on the data alone."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from .palette import INK, MUTED, RULE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from .drawing import Drawing

WIDE, NARROW = 760, 350
"""Widths of a figure in CSS pixels: for a desk and for a phone."""

PIXELS_PER_INCH = 72  # matplotlib's SVG counts 72 units an inch; one unit is one CSS pixel of the page

SIZE, SMALL = 12.0, 11.0
"""Font sizes in CSS pixels."""

RULES: dict[str, Any] = {
    "svg.fonttype": "none",  # text stays text: small, selectable, read aloud
    "text.parse_math": False,  # names may hold dollars and underscores
    "font.family": "DejaVu Sans",  # comes with matplotlib, so the layout is the same on every machine
    "font.size": SIZE,
    "axes.labelsize": SMALL,
    "axes.titlesize": SIZE,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "text.color": INK,
    "axes.labelcolor": MUTED,
    "xtick.labelcolor": MUTED,
    "ytick.labelcolor": MUTED,
    "xtick.color": RULE,
    "ytick.color": RULE,
    "axes.edgecolor": RULE,
    "axes.facecolor": "none",
    "figure.facecolor": "none",
    "savefig.facecolor": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 1.0,
    "grid.color": RULE,
    "grid.linewidth": 0.6,
    "lines.linewidth": 1.8,
    "lines.solid_capstyle": "round",
    "hatch.linewidth": 1.0,
    "axes.unicode_minus": True,
}


@contextmanager
def canvas(name: str, width: int, height: float) -> Iterator[Drawing]:
    """An empty figure of width x height CSS pixels under the house style, which it keeps after the block. name: tells
    the figures of one page apart, so that their SVG identifiers never meet."""
    import matplotlib

    from .drawing import Drawing

    rules: dict[Any, Any] = {k: v for k, v in matplotlib.rcParamsDefault.items() if not k.startswith("backend")}
    rules |= RULES | {"svg.hashsalt": f"labelcast {name} {width}"}
    with matplotlib.rc_context(rules):
        figure = Drawing(rules, figsize=(width / PIXELS_PER_INCH, height / PIXELS_PER_INCH), dpi=PIXELS_PER_INCH)
    with figure.styled():
        yield figure


def svg(figure: Drawing) -> str:
    """The figure as SVG text, without date or creator."""
    return figure.svg()


def frame(figure: Figure, left: float, top: float, right: float, bottom: float) -> Axes:
    """Axes whose box lies so many CSS pixels inside the figure's edges."""
    width, height = (side * PIXELS_PER_INCH for side in figure.get_size_inches())
    box = (left / width, bottom / height, (width - left - right) / width, (height - top - bottom) / height)
    return figure.add_axes(box)


def by_factors(axes: Axes, side: str, low: float, high: float) -> None:
    """Makes an axis logarithmic, with marks at 1, 2 and 5 times the tens between two values above zero; at the values
    where none lies between. side: "x" or "y"."""
    axes.set(**{f"{side}scale": "log"})
    tens = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    marks = [n * 10.0**power for power in tens for n in (1, 2, 5) if low <= n * 10.0**power <= high]
    axis = axes.xaxis if side == "x" else axes.yaxis
    axis.set_ticks(marks or [low, high])
    axis.set_ticks([], minor=True)


def margin(largest: str) -> int:
    """Pixels left of axes whose numbers are at most as long as `largest`, with the axis's name on its side."""
    return 30 + 6 * max(4, len(largest))


def name(text: str, longest: int = 34) -> str:
    """What a user called something, fit for a figure: no control characters, cut in the middle when very long."""
    clean = "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(c) in ("Cc", "Cs") else c for c in text)
    if len(clean) <= longest:
        return clean
    tail = longest // 3
    return f"{clean[: longest - tail - 1]}…{clean[-tail:]}"
