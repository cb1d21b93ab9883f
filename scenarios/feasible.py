"""Whether a line can finish at all: what is checked when everything else is right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..sim.line import DELIVER, Line, Stage, targets
from .distinct import ever_on_shift, onward, order, too_few
from .problems import listed
from .routing import Broken

MOST_ITEMS = 10_000_000
"""Of a run; each is a row of its log."""


def infeasible(line: Line) -> list[Broken]:
    """Why the line can never finish; empty when it can."""
    stages = {stage.name: stage for stage in line.stages}
    broken = [*_work(line), *_people(line), *_ways(line, stages)]
    return broken or list(too_few(line))


def _work(line: Line) -> Iterator[Broken]:
    total = 0.0
    for segment in line.segments:
        stream, count = segment.arrivals, float(segment.backlog)
        if stream is not None:
            until = line.horizon_s if stream.until_s is None else min(stream.until_s, line.horizon_s)
            expected = stream.per_week * until / (7 * 86_400)
            count += expected if stream.items is None else min(expected, stream.items)
        if count <= 0:
            yield ("work", segment.name), "has no items. Write `backlog: 40_000 items`, or `arrivals`."
        total += count
    if total > MOST_ITEMS:
        yield ("work",), f"a run holds at most {MOST_ITEMS:,} items, but {total:,.0f} are expected. Ask for fewer."


def _people(line: Line) -> Iterator[Broken]:
    calendars = {calendar.name: calendar for calendar in line.calendars}
    for pool in line.pools:
        at = ("pools", pool.name)
        if pool.headcount == 0:
            names = listed(stage.name for stage in line.stages if pool.name in dict(stage.pools))
            yield (*at, "headcount"), f"must be at least 1, because {names} needs this pool, but got 0."
        elif not ever_on_shift(pool, calendars[pool.calendar]):
            yield (*at, "calendar"), f"{pool.calendar} is never open for any of {pool.headcount} people."


def _ways(line: Line, stages: Mapping[str, Stage]) -> Iterator[Broken]:
    """Every stage is reached, and every way back is a rejection, which rounds limit; then every item is delivered."""
    reached, todo = {line.first}, [line.first]
    while todo:
        ahead = [target for ways in stages[todo.pop()].next.values() for target, _ in targets(ways)]
        for target in ahead:
            if target != DELIVER and target not in reached:
                reached.add(target)
                todo.append(target)
    for name in stages:
        if name not in reached:
            yield ("stages", name), f"no item comes here from {line.first}, where they enter. Lead one here by `next`."
    circle = _circle(stages)
    if circle:
        way = " -> ".join([*circle, circle[0]])
        rule = "items may go back only when a review rejects them, which `rounds` limits"
        yield ("stages", circle[0]), f"{rule}, but {way} goes round without end. Lead one of them on to {DELIVER}."


def _circle(stages: Mapping[str, Stage]) -> list[str]:
    """Stages that lead to one another without a rejection, in order; empty when there are none."""
    left = [name for name in stages if name not in order(stages)]
    if not left:
        return []
    way = [left[0]]  # backwards: each of those that are left follows another of them
    while way[-1] not in way[:-1]:
        way.append(next(name for name in left if way[-1] in onward(stages[name])))
    return way[way.index(way[-1]) : -1][::-1]
