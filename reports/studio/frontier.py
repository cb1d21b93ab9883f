"""The frontier of a search as a picture: every plan tried by cost and finish, those that no other beats joined."""

from __future__ import annotations

from html import escape

import numpy as np

from ...sim.statistics import Floats
from .. import numbers, palette
from .flow import document, text
from .seeking import Seeking

WIDTH, HEIGHT = 640, 320

LEFT, TOP, RIGHT, BOTTOM = 66, 12, 24, 44
"""Pixels around the axes."""

ANCHORS = {0.0: "start", 0.5: "middle", 1.0: "end"}
"""Where along the axis numbers stand, and by which end."""


def frontier_svg(seeking: Seeking, currency: str, colours: str) -> str:
    """An SVG document; "" as long as no plan that was tried has a mean. colours: as `flow` takes them."""
    points, best = seeking.points.copy(), set(seeking.frontier)
    finite = points[np.isfinite(points).all(axis=1)]
    if not len(finite):
        return ""
    low, high = finite.min(axis=0), finite.max(axis=0)
    span = np.where(high > low, high - low, 1.0)

    def at(point: Floats) -> tuple[float, float]:
        x, y = (float(one) for one in (point - low) / span)
        return LEFT + x * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - y * (HEIGHT - TOP - BOTTOM)

    muted, good = palette.variable(palette.MUTED), palette.variable(palette.series(0))
    rest = [point for number, point in enumerate(points) if number not in best and np.isfinite(point).all()]
    marks = [_dot(*at(point), 3.5, f"fill:none;stroke:{muted}") for point in rest]
    way = [at(points[number]) for number in seeking.frontier]
    joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in way)
    marks.append(f'<polyline points="{joined}" style="fill:none;stroke:{good};stroke-width:2"/>')
    marks += [_dot(x, y, 5.5, f"fill:{good}") for x, y in way]
    for share, anchor in ANCHORS.items():
        here = low + share * span
        cost, days = (numbers.significant(float(one)) for one in here)
        x, y = at(here)
        marks.append(text(x, HEIGHT - 26, cost, "", palette.MUTED, anchor, 12))
        marks.append(text(LEFT - 6, y + 4, days, "", palette.MUTED, "end", 12))
    return document(WIDTH, HEIGHT, colours, _axes(currency) + "".join(marks))


def _dot(x: float, y: float, radius: float, how: str) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" style="{how}"/>'


def _axes(currency: str) -> str:
    low, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    how = f"fill:none;stroke:{palette.variable(palette.MUTED)}"
    name = text((LEFT + WIDTH) / 2, HEIGHT - 8, f"cost, {currency}", anchor="middle", size=12)
    turned = f'transform="rotate(-90 14 {HEIGHT / 2:g})" text-anchor="middle"'
    side = f'style="fill:{palette.variable(palette.INK)};font-size:12px"'
    days = f'<text x="14" y="{HEIGHT / 2:g}" {turned} {side}>{escape("finish, days")}</text>'
    return f'<path d="M{LEFT} {TOP} V{low} H{right}" style="{how}"/>{name}{days}'
