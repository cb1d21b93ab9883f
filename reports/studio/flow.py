"""The line as a picture: stages from left to right (or downwards), what flows between them, who works and what waits.

An SVG document in the page's colours; what is told by colour is told in words, too, and all of it in `alt`,
which is read aloud.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from ...sim.engines import ENGINES
from ...sim.line import DELIVER, Line, Stage, Target, targets
from ...sim.replication import Job
from ...sim.streaming import run
from ...sim.tally.sums import CAME, REJECTIONS
from .. import numbers, palette, style
from ..inline import FONTS
from .quick import SEED, Answer

BOX, TALL, GAP = 214, 116, 44
"""Width and height of a box, and pixels between two."""

ROOM, SIDE = 62, 63
"""Pixels above the boxes for what goes back; beside them where the line runs downwards."""

DONE, END = 92, 40
"""Width and height of the last box, of what is delivered."""

BAR = 90
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


def flow(answer: Answer, found: Volumes, width: int = style.WIDE, colours: str = "") -> str:
    """The picture as an SVG document. width: of the page in pixels; on a narrow one the line runs downwards.  colours:
    CSS that says which colours the page has, see palette.declarations; those of a light page if not said."""
    down = width < 600
    stages = answer.line.stages
    places = [_place(number, down) for number in range(len(stages) + 1)]
    if down:
        size = (BOX + 2 * SIDE, places[-1][1] + END + 6)
    else:
        size = (places[-1][0] + DONE + 6, ROOM + TALL + 42)
    ways = "".join(_ways(answer.line, found, down))
    longest = max((*answer.queues.values(), 1.0))
    boxes = "".join(_box(answer, found, stage, at, longest) for stage, at in zip(stages, places, strict=False))
    return document(*size, colours, f"{_MARKER}{ways}{boxes}{_end(found, places[-1], down)}")


def document(width: int, height: int, colours: str, inside: str) -> str:
    """An SVG document in the page's colours and fonts."""
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    fonts = f"<style>{colours} text {{ font-family: {escape(FONTS)}; }}</style>"
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{fonts}{inside}</svg>'


_MARKER = (
    '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="10" markerHeight="10" orient="auto" '
    f'markerUnits="userSpaceOnUse"><path d="M0 1 L10 5 L0 9 z" style="fill:{palette.variable(palette.MUTED)}"/>'
    "</marker></defs>"
)


def _place(number: int, down: bool) -> tuple[int, int]:
    """Left and top of a box."""
    return (SIDE, 6 + number * (TALL + GAP)) if down else (6 + number * (BOX + GAP), ROOM)


def _box(answer: Answer, found: Volumes, stage: Stage, at: tuple[int, int], longest: float) -> str:
    x, y = at
    stuck = stage.name == answer.bottleneck
    rim = palette.variable(palette.ALARM if stuck else palette.MUTED)
    came = f"{found.came.get(stage.name, 0):,} items"
    out = [
        f'<rect x="{x}" y="{y}" width="{BOX}" height="{TALL}" rx="6" '
        f'style="fill:{palette.variable(palette.WASH)};stroke:{rim};stroke-width:{3 if stuck else 1}"/>',
        text(x + 10, y + 20, style.name(stage.name, 14), "bold"),
        text(x + BOX - 10, y + 20, came, "", palette.MUTED, "end", 12),
    ]
    if stuck:
        out.append(text(x + 10, y + TALL - 30, "bottleneck", "bold", palette.ALARM, size=12))
    lines = [_pool(answer, name, share) for name, share in stage.pools if share > 0] or ["machine"]
    most = 2 if stuck else 3
    shown = lines if len(lines) <= most else [*lines[: most - 1], f"and {len(lines) - most + 1} pools more"]
    out += [
        text(x + 10, y + 39 + 16 * row, style.name(one, 34), "", palette.INK, size=12) for row, one in enumerate(shown)
    ]
    waits = answer.queues.get(stage.name, 0.0)
    length = max(BAR * waits / longest, 1.0 if waits > 0 else 0.0)
    colour = palette.variable(palette.series(1))
    out.append(text(x + 10, y + TALL - 10, "queue", "", palette.MUTED, size=12))
    out.append(f'<rect x="{x + 56}" y="{y + TALL - 20}" width="{length:.1f}" height="11" style="fill:{colour}"/>')
    out.append(text(x + 61 + length, y + TALL - 10, numbers.significant(waits), "", palette.INK, size=12))
    return "".join(out)


def _pool(answer: Answer, name: str, share: float) -> str:
    """Who works here: heads and how busy they are."""
    pool = next((one for one in answer.line.pools if one.name == name), None)
    if pool is None:
        return name
    heads = "crowd" if pool.sessions is not None else f"{pool.headcount}"
    busy = answer.summaries.get(f"utilisation.{name}")
    told = f", {100 * busy.mean:.0f}% busy" if busy is not None and busy.mean == busy.mean else ""
    part = f" {100 * share:.0f}%" if share < 1 else ""
    return f"{style.name(name, 14)}{part}: {heads}{told}"


def _ways(line: Line, found: Volumes, down: bool) -> Iterator[str]:
    """Arrows: to the next box straight on, past others in bows on the one side, back in bows on the other."""
    order = {stage.name: number for number, stage in enumerate(line.stages)} | {DELIVER: len(line.stages)}
    ways: dict[tuple[int, int], list[tuple[str, str]]] = {}
    for stage in line.stages:
        for outcome, to in stage.next.items():
            for name in _names(to):
                ways.setdefault((order[stage.name], order[name]), []).append((stage.name, outcome))
    for (first, last), said in ways.items():
        back = last <= first
        rejected = sum(found.rejected.get(name, 0) for name, outcome in said if outcome == "rejected")
        said_of = f"{rejected:,} back" if back and rejected else ""
        stroke = palette.variable(palette.series(1) if back else palette.MUTED)
        dash = ";stroke-dasharray:5 3" if back else ""
        path, at = _bow(first, last, len(line.stages), down)
        how = f"fill:none;stroke:{stroke};stroke-width:1.5{dash}"
        yield f'<path d="{path}" style="{how}" marker-end="url(#tip)"/>'
        if said_of:
            yield text(at[0], at[1], said_of, "", palette.MUTED, "middle" if not down else "start", 12)


def _bow(first: int, last: int, count: int, down: bool) -> tuple[str, tuple[float, float]]:
    """The path of an arrow between two boxes, and where its text stands."""
    (x0, y0), (x1, y1) = _place(first, down), _place(last, down)
    far, back = abs(last - first), last <= first
    if down:
        if last == first + 1:
            return f"M{x0 + BOX / 2:g} {y0 + TALL} V{y1 - 1}", (x0, y0)
        side = x0 + BOX if back else x0
        out = side + (30 + 8 * far if back else -30 - 8 * far)
        to = y1 + (END if last == count else TALL) / 2
        path = (
            f"M{side} {y0 + TALL / 2 + 14:g} C{out} {y0 + TALL / 2:g} {out} {to:g} {side + (1 if back else -1)} {to:g}"
        )
        return path, (side + 6, y0 + TALL / 2 + 32)
    if last == first + 1:
        return f"M{x0 + BOX} {y0 + TALL / 2:g} H{x1 - 1}", (x0, y0)
    wide = DONE if last == count else BOX
    end = x1 + wide / 2 + (16 if back else -16 if last < count else 0)
    low = y0 + TALL
    if back:
        level = y0 - 26 - 12 * far
        return f"M{x0 + BOX / 2:g} {y0} C{x0 + BOX / 2:g} {level} {end:g} {level} {end:g} {y0 - 1}", (
            (x0 + BOX / 2 + end) / 2,
            y0 - 26 - 5 * far,
        )
    to = low if last < count else y0 + TALL / 2 + END / 2
    level = low + 24 + 12 * far
    return f"M{x0 + BOX / 2:g} {low} C{x0 + BOX / 2:g} {level} {end:g} {level} {end:g} {to + 1:g}", (x0, y0)


def _end(found: Volumes, at: tuple[int, int], down: bool) -> str:
    """The box of what is delivered."""
    wide = BOX if down else DONE
    x, y = at[0], at[1] if down else at[1] + (TALL - END) // 2
    how = f"fill:none;stroke:{palette.variable(palette.MUTED)}"
    return (
        f'<rect x="{x}" y="{y}" width="{wide}" height="{END}" rx="6" style="{how}"/>'
        + text(x + wide / 2, y + 17, "delivered", "bold", anchor="middle", size=12)
        + text(x + wide / 2, y + 33, f"{found.delivered:,}", "", palette.INK, "middle", 12)
    )


def _names(to: Target) -> list[str]:
    return [name for name, _ in targets(to)]


def _target(to: Target) -> str:
    return " or ".join(_names(to))


def text(
    x: float, y: float, said: str, weight: str = "", colour: str = palette.INK, anchor: str = "start", size: int = 13
) -> str:
    bold = ";font-weight:600" if weight else ""
    how = f"fill:{palette.variable(colour)};font-size:{size}px{bold}"
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" style="{how}">{escape(said)}</text>'
