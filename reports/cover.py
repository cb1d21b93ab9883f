"""Who is on shift when, by stage: sentences, maps by hour of the week, a picture, and plain data."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np

from ..sim.cover import Cover, covered, hourly, longest_gap
from ..sim.line import Line
from . import numbers, palette, style
from .days import WEEKDAYS
from .tables import plain_text, table

if TYPE_CHECKING:
    from .drawing import Drawing

Rows = list[list[str]]

DARK = 0.78
"""Shades beyond it need light numbers: there they contrast more than dark ones."""


def cover_sentences(found: Cover) -> list[str]:
    """Of each stage for how much of the week somebody is on shift, and the longest time without anybody."""
    return [_sentence(found, stage) for stage in found.stages]


def _sentence(found: Cover, stage: str) -> str:
    minutes, crowds = found.stages[stage], found.crowds[stage]
    besides = f" People of {' and '.join(crowds)} come as they like, and are not counted." if crowds else ""
    if not found.serves[stage]:
        return f"{stage}: nobody has hours here.{besides}"
    gap = longest_gap(minutes)
    there = covered(minutes)
    if not gap.minutes:
        return f"{stage}: somebody is on shift at every hour of the week.{besides}"
    if not there:
        return f"{stage}: nobody is ever on shift.{besides}"
    longest = f"{numbers.duration(60 * gap.minutes)}, from {_moment(gap.start)}"
    told = f"{stage}: somebody is on shift in {there:,.4g} of 168 hours; without anybody at the longest {longest}."
    return told + besides


def _moment(minute: int) -> str:
    day, rest = divmod(minute, 24 * 60)
    return f"{WEEKDAYS[day]} {rest // 60:02}:{rest % 60:02}"


def pool_rows(found: Cover) -> Rows:
    """A row a pool, under their header: hours of the week with somebody, and people's hours."""
    rows = [["pool", "hours with somebody", "people's hours", "people at most"]]
    for name, minutes in found.people.items():
        told = (covered(minutes), float(minutes.sum() / 60), float(minutes.max()))
        rows.append([name, *(f"{value:,.4g}" for value in told)])
    return rows


def shared_rows(line: Line, found: Cover) -> Rows:
    """A row a pair of pools, under their header: hours of the week in which both are on shift, and for how long what
    one hands on is on its way to the other."""
    delays = {pool.name: pool.delays for pool in line.pools}
    rows = [["pools", "hours together", "on the way there", "and back"]]
    for one, other in combinations(found.people, 2):
        ways = (delays[other].get(one, 0.0), delays[one].get(other, 0.0))
        told = [numbers.duration(way) if way else "none" for way in ways]
        rows.append([f"{one}, {other}", f"{found.shared(one, other):,.4g}", *told])
    return rows


def map_rows(minutes: Any) -> Rows:
    """People on shift by day and hour, under their header; a dot for nobody."""
    hours = hourly(minutes).reshape(7, 24)
    rows = [["", *(f"{hour:02}" for hour in range(24))]]
    rows += [
        [day, *("." if not one else f"{one:.3g}" for one in of_day)]
        for day, of_day in zip(WEEKDAYS, hours, strict=True)
    ]
    return rows


def cover_text(line: Line, found: Cover) -> str:
    """For a terminal; stages with the same people have one map."""
    alike: dict[bytes, list[str]] = {}
    for stage, minutes in found.stages.items():
        if found.serves[stage]:
            alike.setdefault(minutes.tobytes(), []).append(stage)
    told = [*cover_sentences(found), ""]
    for names in alike.values():
        told += [f"People on shift, {', '.join(names)}:", table(map_rows(found.stages[names[0]])), ""]
    told += [table(pool_rows(found)), ""]
    if len(found.people) > 1:
        told += [table(shared_rows(line, found)), ""]
    week = found.monday.astimezone(ZoneInfo(line.timezone)).date().isoformat()
    told.append(f"A regular week, as that of {week}, in {line.timezone}: as planned at the start, overtime counted;")
    told.append("without closed dates, absences, people who leave, and what `changes` bring later.")
    return plain_text("\n".join([*told, ""]))


def cover_json(line: Line, found: Cover) -> dict[str, Any]:
    """All of it as plain data; hours of the week from Monday's first."""
    return {
        "scenario": line.name,
        "timezone": line.timezone,
        "week_of": found.monday.astimezone(ZoneInfo(line.timezone)).date().isoformat(),
        "stages": {
            stage: {
                "hours_covered": covered(minutes),
                "longest_gap": {"from": _moment(gap.start), "minutes": gap.minutes},
                "people": hourly(minutes).tolist(),
                "crowds": list(found.crowds[stage]),
            }
            for stage, minutes in found.stages.items()
            for gap in [longest_gap(minutes)]
        },
        "pools": {name: hourly(minutes).tolist() for name, minutes in found.people.items()},
        "hours_together": [
            {"pools": [one, other], "hours": found.shared(one, other)} for one, other in combinations(found.people, 2)
        ],
    }


def draw_cover(line: Line, found: Cover) -> Drawing:
    """A map a stage: days down, hours across, darker where more are on shift, crossed where nobody is."""
    stages = {stage: minutes for stage, minutes in found.stages.items() if found.serves[stage]}
    block, left, right = 190, 60, 20
    most = max([1.0, *(float(hourly(minutes).max()) for minutes in stages.values())])
    with style.canvas("cover", style.WIDE, block * max(1, len(stages))) as figure:
        for place, (stage, minutes) in enumerate(stages.items()):
            below = block * (len(stages) - 1 - place)
            axes = style.frame(figure, left, block * place + 28, right, below + 26)
            hours = hourly(minutes).reshape(7, 24)
            for day, hour in np.ndindex(7, 24):
                there = hours[day, hour]
                if there:
                    shade = 0.15 + 0.7 * there / most
                    axes.barh([day], [1], 1, hour, color=palette.series(0), alpha=shade, lw=0.6, ec=palette.RULE)
                    ink = palette.LIGHT["paper"] if shade > DARK else palette.INK
                    axes.text(hour + 0.5, day, f"{there:.3g}", ha="center", va="center", color=ink, size=style.SMALL)
                else:
                    axes.barh([day], [1], 1, hour, color=palette.WASH, hatch="xx", lw=0.6, ec=palette.RULE)
            axes.set_xlim(0, 24)
            axes.set_ylim(6.5, -0.5)
            axes.set_yticks(range(7), WEEKDAYS)
            axes.set_xticks(range(0, 25, 3), [f"{hour:02}:00" for hour in range(0, 25, 3)])
            axes.set_title(f"{style.name(stage)}: people on shift, {line.timezone}", loc="left", color=palette.INK)
    return figure
