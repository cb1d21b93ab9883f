"""A figure that keeps the house style: matplotlib reads a part of it only when a figure is drawn, whoever draws it."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import matplotlib
from matplotlib.figure import Figure

from . import palette
from .inline import FONTS

_SIZE = re.compile(r'width="([0-9.]+)pt" height="([0-9.]+)pt"')

METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}
"""Of SVG: its bytes hang on the data alone."""


class Drawing(Figure):
    """A figure under `rules`, matplotlib's parameters, whenever it is drawn or saved; notebooks show it as SVG."""

    def __init__(self, rules: Mapping[str, Any], **how: Any) -> None:
        super().__init__(**how)
        self.rules: dict[Any, Any] = dict(rules)

    @contextmanager
    def styled(self) -> Iterator[None]:
        """matplotlib's parameters are the figure's own."""
        with warnings.catch_warnings(), matplotlib.rc_context(self.rules):
            # Layout is measured in DejaVu Sans; a name in another script is drawn by the reader's own fonts.
            warnings.filterwarnings("ignore", message=r"Glyph .* missing from font")
            yield

    def draw(self, renderer: Any) -> None:
        """Draws it on a renderer."""
        with self.styled():
            super().draw(renderer)

    def savefig(self, fname: Any, **how: Any) -> None:
        """Saves it, as every figure of matplotlib."""
        with self.styled():
            super().savefig(fname, **how)

    def svg(self) -> str:
        """As SVG text, without date or creator."""
        text = io.StringIO()
        self.savefig(text, format="svg", metadata=METADATA)
        return text.getvalue()

    def on_paper(self) -> Drawing:
        """Itself, on white paper: on the dark page of a notebook dark ink could not be read."""
        self.set_facecolor(palette.LIGHT["paper"])
        self.rules["savefig.facecolor"] = "auto"
        return self

    def _repr_svg_(self) -> str:
        """For notebooks: without the lines that are for files alone, as wide as it was made and no wider than the page,
        and in fonts that a reader has."""
        text = self.svg()
        sized = _SIZE.sub(r'width="\1" height="\2" style="max-width: 100%; height: auto"', text, count=1)
        return sized[sized.index("<svg") :].replace("'DejaVu Sans'", f"'DejaVu Sans', {FONTS}")
