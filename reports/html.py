"""Templates made into one self-contained page, with everything that users wrote escaped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from . import palette, style
from .inline import inline

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Picture:
    """A figure drawn twice, for a desk and for a phone, with its caption."""

    wide: Markup
    narrow: Markup
    caption: str


def picture(draw: Callable[[int], str], label: str, caption: str, place: str = "") -> Picture:
    """A figure at both widths. draw: width in pixels -> SVG text.  label: what it shows, read aloud in its place.
    place: put before its identifiers, for a page that has one picture twice."""
    # Our own SVG: every name in it was escaped when the SVG was written, and again when it was parsed and written anew.
    wide, narrow = (Markup(inline(draw(width), label, role, place)) for width, role in SIZES)
    return Picture(wide, narrow, caption)


SIZES = ((style.WIDE, "wide"), (style.NARROW, "narrow"))


def fragment(template: str, context: Mapping[str, Any]) -> str:
    """A part of a page, for one that is not ours."""
    return _environment().get_template(template).render(context)


def page(template: str, title: str, context: Mapping[str, Any]) -> str:
    """The page as text, its style inside it."""
    fixed = {
        "title": title,
        "version": version("labelcast"),
        "light": Markup(palette.declarations(palette.LIGHT)),
        "dark": Markup(palette.declarations(palette.DARK)),
        "css": Markup((TEMPLATES / "page.css").read_text(encoding="utf-8")),
    }
    return _environment().get_template(template).render({**fixed, **context})


@cache
def _environment() -> Environment:
    loader = FileSystemLoader(TEMPLATES)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
