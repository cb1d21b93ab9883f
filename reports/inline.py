"""SVG of a figure made part of a page: no metadata, no addresses, colours that follow light and dark screens."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from . import palette

FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
"""Narrower than the face that layouts are measured in, so that what fitted still fits."""

_COLOUR = re.compile(r"#[0-9a-f]{6}\b")
_NUMBER = re.compile(r"-?\d+\.\d{2,}")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")


def inline(svg: str, label: str, role: str, place: str = "") -> str:
    """The SVG as an element of an HTML page.

    label: what the picture shows, read aloud in its place.  role: class of the element ("wide", "narrow").
    place: put before identifiers, for a page that has one picture twice.
    Namespaces, metadata and unused identifiers are dropped, coordinates cut to a tenth of a pixel, colours of the
    palette become CSS variables with the colour itself as a fallback.
    """
    root = ElementTree.fromstring(svg.encode())
    parents = {child: parent for parent in root.iter() for child in parent}
    for element in list(root.iter()):
        element.tag = element.tag.rpartition("}")[2]
        if element.tag in ("metadata", "style"):
            parents[element].remove(element)
            continue
        element.attrib = {key.rpartition("}")[2]: value for key, value in element.attrib.items()}
    used = _references(root)
    for element in root.iter():
        if element.get("id") not in used:
            element.attrib.pop("id", None)
        elif place:
            element.set("id", place + element.attrib["id"])
        if "style" in element.attrib:
            element.set("style", _style(element.attrib["style"]))
        for key in ("d", "transform", "x", "y", "points"):
            if key in element.attrib:
                element.set(key, _short(element.attrib[key]))
    if place:
        _refer(root, place)
    for key in ("version", "width", "height"):
        root.attrib.pop(key, None)
    root.set("class", role)
    root.set("role", "img")
    root.set("aria-label", label)
    return ElementTree.tostring(root, encoding="unicode", short_empty_elements=True)


def _references(root: ElementTree.Element) -> set[str]:
    used = {element.get("href", "").removeprefix("#") for element in root.iter()}
    for element in root.iter():
        for value in element.attrib.values():
            used.update(_REFERENCE.findall(value))
    return used


def _refer(root: ElementTree.Element, place: str) -> None:
    """Puts `place` before the identifiers that are referred to."""
    for element in root.iter():
        for key, value in element.attrib.items():
            if key == "href" and value.startswith("#"):
                element.set(key, f"#{place}{value[1:]}")
            elif "url(#" in value:
                element.set(key, _REFERENCE.sub(lambda found: f"url(#{place}{found[1]})", value))


def _short(coordinates: str) -> str:
    tenths = _NUMBER.sub(lambda found: f"{float(found[0]):.1f}".removesuffix(".0"), coordinates)
    return tenths.replace("\n", "").replace("L ", "L").replace("M ", "M").replace(" L", "L").replace(" z", "z").strip()


def _style(declarations: str) -> str:
    fonts = declarations.replace("'DejaVu Sans'", FONTS)
    return _COLOUR.sub(lambda found: palette.variable(found[0]), fonts)
