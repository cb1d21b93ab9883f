"""Templates made into one self-contained page, with everything that users wrote escaped."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
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


def page(template: str, title: str, context: Mapping[str, Any], scripts: Sequence[str] = ()) -> str:
    """The page as text, its style inside it. scripts: ours, of which each may run and nothing else; none by default."""
    fixed = {
        "title": title,
        "version": version("labelcast"),
        "light": Markup(palette.declarations(palette.LIGHT)),
        "dark": Markup(palette.declarations(palette.DARK)),
        "policy": policy(scripts),
        "scripts": [Markup(script) for script in scripts],
        "css": Markup((TEMPLATES / "page.css").read_text(encoding="utf-8")),
    }
    return _environment().get_template(template).render({**fixed, **context})


def policy(scripts: Sequence[str] = ()) -> str:
    """What a page may do, as a Content-Security-Policy: its own style, and just these scripts, byte by byte.

    Raises ValueError for a script that would end before its end, or that a browser would read otherwise than we do.
    """
    for script in scripts:
        if "</script" in script.lower() or "<!--" in script or "\r" in script:
            raise ValueError("a script of a page must hold neither </script nor <!-- nor carriage returns")
    digests = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts)
    hashes = " ".join(f"'sha256-{each}'" for each in digests)
    allowed = f" script-src {hashes};" if hashes else ""
    return f"default-src 'none'; style-src 'unsafe-inline';{allowed} base-uri 'none'; form-action 'none'"


@cache
def _environment() -> Environment:
    loader = FileSystemLoader(TEMPLATES)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
