"""The checklist as Markdown, and as a page."""

from __future__ import annotations

import html as escaping
import re
from collections.abc import Iterator

from ...scenarios.saved import Saved
from .. import html
from ..tables import plain_text
from .item import SECTIONS, Block, Code, Item, Table
from .whole import stress

SOURCE = (
    "STRESS-DES, the checklist of Monks et al., Strengthening the reporting of empirical simulation studies (2019), "
    "filled from the run's folder. What only its author knows is said to be missing."
)


def stress_markdown(saved: Saved) -> str:
    """The checklist as Markdown, headings by section and item."""
    lines = [f"# {_inline(_title(saved))}", "", SOURCE]
    for section, items in _sections(stress(saved)):
        lines += ["", f"## {section}"]
        for item in items:
            lines += ["", f"### {item.number} {item.title}"]
            for block in item.blocks:
                lines += ["", *_markdown(block)]
    return plain_text("\n".join(lines)) + "\n"


def stress_html(saved: Saved) -> str:
    """The checklist as one page."""
    sections = [
        (name, [(item.number, item.title, [_told(block) for block in item.blocks]) for item in items])
        for name, items in _sections(stress(saved))
    ]
    return html.page("stress.html", _title(saved), {"heading": _title(saved), "source": SOURCE, "sections": sections})


def _title(saved: Saved) -> str:
    return f"{saved.manifest.name}: STRESS-DES checklist"


def _sections(items: tuple[Item, ...]) -> Iterator[tuple[str, list[Item]]]:
    for number, name in enumerate(SECTIONS, 1):
        yield f"{number}. {name}", [item for item in items if item.number.startswith(f"{number}.")]


def _markdown(block: Block) -> list[str]:
    if isinstance(block, Code):
        return [f"```{block.language}", block.text, "```"]
    if isinstance(block, Table):
        rows = [f"| {' | '.join(map(_cell, row))} |" for row in block.rows]
        return [f"| {' | '.join(block.head)} |", f"|{'---|' * len(block.head)}", *rows]
    return [_inline(block)]


def _cell(text: str) -> str:
    return _inline(text).replace("|", "\\|")


def _inline(text: str) -> str:
    """A sentence as Markdown: what names of users would do to it is escaped, on one line."""
    parts = " ".join(text.split()).split("`")
    plain = [escaping.escape(part, quote=False) for part in parts]
    plain[::2] = [re.sub(r"([\\*_\[\]])", r"\\\1", part) for part in plain[::2]]
    return "`".join(plain)


def _told(block: Block) -> tuple[str, object]:
    """A block with its kind, for the template; marks of code are taken out of sentences."""
    if isinstance(block, Code):
        return "code", block.text
    if isinstance(block, Table):
        return "table", block
    return "text", block.replace("`", "")
