"""The line as a picture: stages from left to right (or downwards), what flows between them, who works and what waits.

SVG text that follows the page's colours; what is told by colour is told in words, too, and all of it in the label that
is read aloud.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from ...sim.engines import ENGINES
from ...sim.line import DELIVER, Line, Stage, Target, targets
from ...sim.replication import Job
from ...sim.streaming import run
from ...sim.tally.sums import CAME, REJECTIONS
from .. import numbers, palette, style
from .quick import SEED, Answer

BOX, GAP, ROOM = 190, 54, 84
"""Pixels of a box, between two, and above them for what goes back."""

TALL = 116
"""Height of a box."""

BAR = 88
"""Length of the bar of the longest queue."""


@dataclass(frozen=True)
class Volumes:
    """Of the first replication. came: items that came to each stage.  rejected: judgements that sent an item back."""

    came: Mapping[str, int]
    rejected: Mapping[str, int]
    delivered: int


def volumes(line: Line) -> Volumes:
    """How much goes where, from the first replication."""
    setting = Job(line, SEED, ENGINES[0]).setting
    tally = run(setting, SEED, 0).tally
    by_stage = dict(zip(setting.shape.stages, tally.sums.by_stage, strict=True))
    came = {name: int(row[CAME]) for name, row in by_stage.items()}
    rejected = {name: int(row[REJECTIONS]) for name, row in by_stage.items()}
    return Volumes(came, rejected, int(tally.sums.delivered.sum()))


def alt(answer: Answer, found: Volumes) -> str:
    """The picture in words."""
    told = [f"The line of {answer.line.name}, stage by stage."]
    for stage in answer.line.stages:
        waits = numbers.plain(answer.queues.get(stage.name, 0.0))
        heads = f"{stage.name}: {found.came.get(stage.name, 0):,} items, {waits} tasks waiting on average"
        pools = [_pool(answer, name, share) for name, share in stage.pools]
        ways = [f"{outcome} to {_target(to)}" for outcome, to in stage.next.items()]
        told.append(f"{'; '.join([heads, *pools, *ways])}.")
    told.append(f"{found.delivered:,} items delivered.")
    if answer.bottleneck:
        told.append(f"The bottleneck is {answer.bottleneck}.")
    return " ".join(told)


def flow(answer: Answer, found: Volumes, width: int = style.WIDE) -> str:
    """The picture as an SVG element. width: of the page in pixels; on a narrow one the line runs downwards."""
    down = width < 600
    stages = answer.line.stages
    places = {stage.name: _place(number, down) for number, stage in enumerate(stages)}
    across = BOX if down else len(stages) * (BOX + GAP) - GAP
    end = (len(stages) * (TALL + GAP)) if down else 0
    size = (BOX + 2 * ROOM - 24, end + 34) if down else (across + 150, TALL + ROOM + 46)
    parts = [f'<g class="ways">{"".join(_ways(answer.line, found, places, down))}</g>']
    longest = max((*answer.queues.values(), 1.0))
    for stage in stages:
        parts.append(_box(answer, stage, places[stage.name], longest))
    parts.append(_end(found, len(stages), down))
    label = escape(alt(answer, found), quote=True)
    kind = "flow-down" if down else "flow-across"
    view = f'viewBox="0 0 {size[0]} {size[1]}"'
    frame = f'<svg class="flow {kind}" role="img" aria-label="{label}" {view} width="{size[0]}" height="{size[1]}"'
    return f'{frame} xmlns="http://www.w3.org/2000/svg">{_MARKERS}{"".join(parts)}</svg>'


_MARKERS = (
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
    f'<path d="M0 0 L8 4 L0 8 z" style="fill:{palette.variable(palette.MUTED)}"/></marker></defs>'
)


def _place(number: int, down: bool) -> tuple[int, int]:
    """Left and top of a box."""
    return (ROOM - 12, 6 + number * (TALL + GAP)) if down else (6 + number * (BOX + GAP), ROOM)


def _box(answer: Answer, stage: Stage, at: tuple[int, int], longest: float) -> str:
    x, y = at
    held = stage.name == answer.bottleneck
    rim = palette.variable(palette.ALARM if held else palette.MUTED)
    fill = palette.variable(palette.WASH)
    out = [
        f'<rect x="{x}" y="{y}" width="{BOX}" height="{TALL}" rx="6" '
        f'style="fill:{fill};stroke:{rim};stroke-width:{3 if held else 1}"/>',
        _text(x + 10, y + 20, style.name(stage.name, 18), "bold"),
    ]
    if held:
        out.append(_text(x + BOX - 8, y + 20, "bottleneck", "", palette.ALARM, "end", 11))
    lines = [_pool(answer, name, share) for name, share in stage.pools] or ["machine"]
    shown = lines if len(lines) <= 3 else [*lines[:2], f"and {len(lines) - 2} pools more"]
    out += [_text(x + 10, y + 38 + 15 * row, style.name(text, 31), "", palette.MUTED, size=11) for row, text in enumerate(shown)]
    waits = answer.queues.get(stage.name, 0.0)
    length = max(BAR * waits / longest, 1.0 if waits > 0 else 0.0)
    colour = palette.variable(palette.series(1))
    out.append(_text(x + 10, y + TALL - 10, "queue", "", palette.MUTED, size=11))
    out.append(f'<rect x="{x + 48}" y="{y + TALL - 20}" width="{length:.1f}" height="11" style="fill:{colour}"/>')
    out.append(_text(x + 52 + length, y + TALL - 10, numbers.significant(waits), "", palette.INK, size=11))
    return "".join(out)


def _pool(answer: Answer, name: str, share: float) -> str:
    """Who works here: heads and how busy they are."""
    pool = next((one for one in answer.line.pools if one.name == name), None)
    if pool is None:
        return name
    heads = "crowd" if pool.sessions is not None else f"{pool.headcount}"
    busy = answer.summaries.get(f"utilisation.{name}")
    told = f", {100 * busy.mean:.0f}% busy" if busy is not None and busy.mean == busy.mean else ""
    part = f" ({100 * share:.0f}%)" if share < 1 else ""
    return f"{style.name(name, 14)}{part}: {heads}{told}"


def _ways(line: Line, found: Volumes, places: Mapping[str, tuple[int, int]], down: bool) -> list[str]:
    """Arrows: to the next box straight on, past others and back in bows."""
    order = {stage.name: number for number, stage in enumerate(line.stages)} | {DELIVER: len(line.stages)}
    ways: dict[tuple[int, int], list[tuple[str, str]]] = {}
    for stage in line.stages:
        for outcome, to in stage.next.items():
            for name in _names(to):
                ways.setdefault((order[stage.name], order[name]), []).append((stage.name, outcome))
    return [_way(line, found, pair, told, down) for pair, told in ways.items()]


def _way(line: Line, found: Volumes, pair: tuple[int, int], told: list[tuple[str, str]], down: bool) -> str:
    first, last = pair
    (x0, y0), (x1, y1) = _place(first, down), _place(last, down)
    back = last <= first
    names = [stage.name for stage in line.stages]
    came = found.delivered if last == len(names) else found.came.get(names[last], 0)
    rejected = sum(found.rejected.get(name, 0) for name, outcome in told if outcome == "rejected")
    text = f"{rejected:,} back" if back else (f"{came:,}" if last == first + 1 else "")
    stroke = palette.variable(palette.series(1) if back else palette.MUTED)
    dash = ";stroke-dasharray:5 3" if back else ""
    if last == first + 1:
        if down:
            path, spot = f"M{x0 + BOX / 2} {y0 + TALL} V{y1 - 3}", (x0 + BOX / 2 + 8, y0 + TALL + 30, "start")
        else:
            path, spot = f"M{x0 + BOX} {y0 + TALL / 2} H{x1 - 3}", ((x0 + BOX + x1) / 2, y0 + TALL / 2 - 7, "middle")
    elif down:
        side = x0 + BOX if back else x0
        bow = side + (48 if back else -44) + (4 if back else -4) * (abs(last - first) - 1)
        path = f"M{side} {y0 + TALL / 2 + 12} C{bow} {y0 + TALL / 2} {bow} {y1 + TALL / 2} {side} {y1 + TALL / 2 - 12}"
        spot = (side + 6 if back else side - 6, (y0 + y1) / 2 + TALL / 2 + (0 if back else 14), "start" if back else "end")
    else:
        low = y0 + TALL
        level = y0 - 30 - 14 * (abs(last - first) - 1) if back else low + 10 + 10 * (abs(last - first) - 1)
        from_y, to_y = (y0, y0) if back else (low, low)
        end = x1 + BOX / 2 + (14 if back else -14) if last < len(names) else x1 + 30
        path = f"M{x0 + BOX / 2} {from_y} C{x0 + BOX / 2} {level} {end} {level} {end} {to_y + (-3 if back else 3)}"
        spot = ((x0 + end) / 2 + BOX / 4, level - 1 if back else level + 14, "middle")
    thick = 1.2 + 2.2 * min(1.0, (rejected if back else came) / max(max(found.came.values(), default=1), 1))
    drawn = f'<path d="{path}" style="fill:none;stroke:{stroke};stroke-width:{thick:.1f}{dash}" marker-end="url(#tip)"/>'
    return drawn + (_text(spot[0], spot[1], text, "", palette.MUTED, spot[2], 11) if text else "")


def _end(found: Volumes, count: int, down: bool) -> str:
    x, y = _place(count, down)
    if down:
        return _text(x + BOX / 2, y + 16, f"delivered {found.delivered:,}", "bold", anchor="middle")
    return _text(x + 4, y + TALL / 2 + 5, f"delivered {found.delivered:,}", "bold", size=12)


def _names(to: Target) -> list[str]:
    return [name for name, _ in targets(to)]


def _target(to: Target) -> str:
    return " or ".join(_names(to))


def _text(
    x: float, y: float, text: str, weight: str = "", colour: str = palette.INK, anchor: str = "start", size: int = 13
) -> str:
    bold = ";font-weight:600" if weight else ""
    how = f"fill:{palette.variable(colour)};font-size:{size}px{bold}"
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" style="{how}">{escape(text)}</text>'
