"""A day as a part of a page that plays it: its own style, data and controls; the script comes with the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from .. import html, style
from .day import Day
from .told import clock_words, day_json, day_sentence, day_title, hours


def replay_script() -> str:
    """The script that plays every replay of a page: for `html.page(scripts=...)`."""
    return (html.TEMPLATES / "replay.js").read_text(encoding="utf-8")


def replay_fragment(found: Day, caption: str = "") -> Markup:
    """The replay of a day as HTML, which shows its first moment and its hours as a table where scripts do not run."""
    return Markup(html.fragment("replay.html", _context(found, caption)))


def _context(found: Day, caption: str) -> Mapping[str, Any]:
    last = len(found.at_ms) - 1
    return {
        "title": day_title(found),
        "sentence": day_sentence(found),
        "caption": caption,
        "rows": [
            ("come in", "in"),
            *((style.name(stage, 28), "stage") for stage in found.stages),
            ("delivered", "out"),
            *([("dropped", "out")] if any(to == found.delivered + 1 for _, to in found.moves) else []),
        ],
        "frames": len(found.at_ms),
        "first": clock_words(found.clock(0)),
        "last": clock_words(found.clock(last)),
        "names": [style.name(stage, 28) for stage in found.stages],
        "hours": hours(found),
        "css": Markup((html.TEMPLATES / "replay.css").read_text(encoding="utf-8")),
        "data": Markup(day_json(found)),
    }
