"""Items on their way through the line as bands: what passes at first, what comes again, and from where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from .. import numbers, palette, style
from .flows import Flow

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..drawing import Drawing

Link = tuple[int, int, bool]
Span = tuple[float, float]

TOP, BELOW, ROW, NODE = 48, 34, 74, 9
"""Pixels above the first node, below the last, from node to node, and of a node's own height."""

GAP, LEAST = 9.0, 1.4
"""Pixels between bands that pass a stage and what stands there, and of the thinnest band."""


def draw_flow(flow: Flow, width: int = style.WIDE) -> Drawing:
    """Stages from top to bottom, bands as wide as their items are many: straight on, or past a stage on its left; back
    on the right."""
    nodes = _drawn(flow)
    place = _Places.of(flow, nodes, width)
    height = TOP + ROW * (len(nodes) - 1) + NODE + BELOW
    with style.canvas("flow", width, height) as figure:
        axes = style.frame(figure, 0, 0, 0, 0)
        axes.set_xlim(0, width)
        axes.set_ylim(height, 0)
        axes.axis("off")
        axes.text(0, 14, "band: items, at first", color=palette.series(0), size=style.SMALL)
        axes.text(0, 30, "again: after a rejection, a refused lot or a rollback", color=palette.series(1),
                  size=style.SMALL)  # fmt: skip
        for link, many in place.links.items():
            _band(axes, place, link)
            _count(axes, place, link, many, wide=width >= 600)
        for node in nodes:
            _node(axes, flow, place, node, wide=width >= 600)
    return figure


def flow_words(flow: Flow) -> str:
    """What the picture shows, read aloud in its place: every band."""
    told = []
    for start in range(len(flow.names)):
        for to in range(len(flow.names)):
            first, again = (flow.links.get((start, to, more), 0) for more in (False, True))
            if first or again:
                more = f", {again:,} of them again" if again and first else " again" if again else ""
                told.append(f"{_name(flow, start)} to {_name(flow, to)}: {first + again:,}{more}")
    asked = f" {flow.questions:,} test questions are not counted." if flow.questions else ""
    return f"Items from stage to stage. {'; '.join(told)}.{asked}"


def _name(flow: Flow, node: int) -> str:
    return style.name(flow.names[node], 20)


def _drawn(flow: Flow) -> list[int]:
    """Nodes that an item comes to, what comes in first."""
    return [0, *(node for node in range(1, len(flow.names)) if flow.into(node) or node == flow.delivered)]


@dataclass(frozen=True)
class _Places:
    """Where everything stands, in pixels. row: of each node.  spans: of a node, or of a link that passes a row, from
    left to right.  out, into: of each link where it leaves and arrives.  lanes: of links that go back.
    """

    links: Mapping[Link, int]
    row: Mapping[int, int]
    spans: Mapping[int, Span]
    passing: Mapping[tuple[Link, int], Span]
    out: Mapping[Link, Span]
    into: Mapping[Link, Span]
    lanes: Mapping[Link, Span]

    @staticmethod
    def of(flow: Flow, nodes: Sequence[int], width: int) -> _Places:
        """Of a flow whose nodes stand from top to bottom, in a figure so many pixels wide."""
        row = {node: at for at, node in enumerate(nodes)}
        # The longest way first, on the left; of one way, what comes again on the right.
        order = sorted(flow.links, key=lambda each: (row[each[0]] - row[each[1]], each[2], each))
        ahead = [link for link in order if row[link[1]] > row[link[0]]]
        back = [link for link in order if row[link[1]] <= row[link[0]]][::-1]
        left, right = (196, 110) if width >= 600 else (104, 46)
        most = {node: max(flow.into(node), flow.out_of(node)) for node in nodes}
        over = {node: [one for one in ahead if row[one[0]] < row[node] < row[one[1]]] for node in nodes}
        room = width - left - right - GAP * (max(len({one[:2] for one in each}) for each in over.values()) + len(back))
        widest = max(most[node] + sum(flow.links[one] for one in over[node]) for node in nodes)
        widest += sum(flow.links[one] for one in back)
        scale = max(room, 40.0) / max(widest, 1)

        def size(many: int) -> float:
            return max(LEAST, scale * many)

        spans, passing = {}, {}
        for node in nodes:
            x = float(left)
            for one in over[node]:
                passing[one, node] = (x, x + size(flow.links[one]))
                x = passing[one, node][1] + (0 if (*one[:2], True) in over[node] and not one[2] else GAP)
            spans[node] = (x, x + size(most[node]))
        x = max(span[1] for span in spans.values()) + GAP
        lanes = {}
        for one in reversed(back):  # the shortest way inside
            lanes[one] = (x, x + size(flow.links[one]))
            x = lanes[one][1] + GAP
        out: dict[Link, Span] = {}
        into: dict[Link, Span] = {}
        for node in nodes:
            for found, end in ((out, 0), (into, 1)):
                at = spans[node][0]
                for one in [*ahead, *back]:
                    if one[end] == node:
                        found[one] = (at, at + size(flow.links[one]))
                        at = found[one][1]
        return _Places(flow.links, row, spans, passing, out, into, lanes)

    def top(self, node: int) -> float:
        """Upper edge of a node."""
        return float(TOP + ROW * self.row[node])


def _band(axes: Axes, place: _Places, link: Link) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    points = _back(place, link) if link in place.lanes else _ahead(place, link)
    kinds: list[int] = [kind for kind, _ in points]
    path = Path([point for _, point in points], kinds)
    colour = palette.series(1 if link[2] else 0)
    axes.add_patch(PathPatch(path, facecolor=colour, alpha=0.45 if link[2] else 0.3, linewidth=0))


def _ahead(place: _Places, link: Link) -> list[tuple[int, tuple[float, float]]]:
    """Down its left edge from row to row, and up its right edge."""
    between = sorted((n for one, n in place.passing if one == link), key=lambda n: place.row[n])
    stops = [(place.out[link], place.top(link[0]) + NODE)]
    for node in between:
        stops += [(place.passing[link, node], place.top(node)), (place.passing[link, node], place.top(node) + NODE)]
    stops.append((place.into[link], place.top(link[1])))
    down = [(span[0], y) for span, y in stops]
    up = [(span[1], y) for span, y in reversed(stops)]
    return [(1, down[0]), *_through(down), (2, up[0]), *_through(up), (79, down[0])]


def _through(stops: Sequence[tuple[float, float]]) -> list[tuple[int, tuple[float, float]]]:
    """A line from stop to stop that arrives and leaves upright."""
    found = []
    for (x, y), (to, end) in pairwise(stops):
        middle = (y + end) / 2
        found += [(4, (x, middle)), (4, (to, middle)), (4, (to, end))]
    return found


def _back(place: _Places, link: Link) -> list[tuple[int, tuple[float, float]]]:
    """Out of the bottom of its stage, around and up its lane, and into the top of the other."""
    (a, b), (c, d), (e, f) = place.out[link], place.lanes[link], place.into[link]
    low, high = place.top(link[0]) + NODE, place.top(link[1])
    inner = 14.0
    outer = min(inner + (b - a) / 0.75, ROW - NODE - 10.0)
    return [
        (1, (a, low)), (4, (a, low + outer)), (4, (d, low + outer)), (4, (d, low)),
        (2, (d, high)), (4, (d, high - outer)), (4, (e, high - outer)), (4, (e, high)),
        (2, (f, high)), (4, (f, high - inner)), (4, (c, high - inner)), (4, (c, high)),
        (2, (c, low)), (4, (c, low + inner)), (4, (b, low + inner)), (4, (b, low)), (79, (a, low)),
    ]  # fmt: skip


def _count(axes: Axes, place: _Places, link: Link, many: int, *, wide: bool) -> None:
    """Items of a band: beside it where it goes back, upon it where it is wide enough."""
    text = numbers.plain(many)
    if link in place.lanes:
        x = max(span[1] for span in place.lanes.values())
        here = [one for one in place.lanes if one[0] == link[0]]
        y = place.top(link[0]) - 8 - 14 * here.index(link)
        words = f"{text} back" if wide else text
        axes.annotate(words, (x, y), (6, 0), textcoords="offset points", va="center", color=palette.series(1),
                      size=style.SMALL)  # fmt: skip
        return
    (a, b), (c, d) = place.out[link], place.into[link]
    if min(b - a, d - c) < 7 * len(text) + 4:
        return
    between = sorted((n for one, n in place.passing if one == link), key=lambda n: place.row[n])
    if between:
        span, y = place.passing[link, between[0]], place.top(between[0]) + NODE / 2
        axes.text(sum(span) / 2, y, text, ha="center", va="center", color=palette.INK, size=style.SMALL)
    else:
        y = (place.top(link[0]) + NODE + place.top(link[1])) / 2
        axes.text((a + b + c + d) / 4, y, text, ha="center", va="center", color=palette.INK, size=style.SMALL)


def _node(axes: Axes, flow: Flow, place: _Places, node: int, *, wide: bool) -> None:
    from matplotlib.patches import Rectangle

    (left, right), top = place.spans[node], place.top(node)
    axes.add_patch(Rectangle((left, top), right - left, NODE, facecolor=palette.INK, linewidth=0))
    axes.text(0, top + 4, style.name(flow.names[node], 24 if wide else 13), va="center", color=palette.INK,
              weight="bold")  # fmt: skip
    many = flow.into(node) if node else flow.out_of(node)
    again = flow.into(node, again=True) if node in flow.stages else 0
    told = f"{numbers.plain(many)}{f', {numbers.plain(again)} again' if again else ''}"
    if node == flow.delivered and flow.out_of(node):
        told = f"{numbers.plain(many)}, {numbers.plain(flow.out_of(node))} recalled"
    for line, text in enumerate([told] if wide else told.split(", ")):
        axes.text(0, top + 20 + 13 * line, text, va="center", color=palette.MUTED, size=style.SMALL)
