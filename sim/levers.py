"""What a lead can move: one more person, an hour or a day more of shift, fewer reviews, a label less; other work.

Each is the line with one thing changed, for the whole run; everything else keeps its luck.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

from .line import Arrivals, Calendar, Line, Pool, Segment, Stage

Kind = Literal["person", "visits", "hour", "day", "review", "label"]

HOUR_S = 3_600
DAY_S = 86_400
DAYS = 7

POINTS = 0.10
"""Of the share that is reviewed."""

MORE_VISITS = 1.1
"""Factor on how often people of a crowd come."""


@dataclass(frozen=True)
class Lever:
    """kind and target (a pool or a stage) say what is moved; apply gives the line with it.  day: of a day more a week
    which, 0 for Monday."""

    kind: Kind
    target: str
    apply: Callable[[Line], Line]
    day: int | None = None


def levers(line: Line) -> list[Lever]:
    """All that can be moved on this line, people first, in the order of the scenario."""
    return [*_people(line), *_hours(line), *_stages(line)]


def _people(line: Line) -> Iterator[Lever]:
    for pool in _working(line):
        if pool.sessions is None:
            yield Lever("person", pool.name, partial(more_people, pool=pool.name))
        else:
            yield Lever("visits", pool.name, partial(more_visits, pool=pool.name))


def _hours(line: Line) -> Iterator[Lever]:
    calendars = {one.name: one for one in line.calendars}
    for pool in _working(line):
        own = calendars[pool.calendar]
        if pool.sessions is None and _longer(own) != own:
            yield Lever("hour", pool.name, partial(longer_shift, pool=pool.name))
        if pool.sessions is None and _one_day_more(own) != own:
            (new,) = _days(_one_day_more(own)) - _days(own)
            yield Lever("day", pool.name, partial(more_days, pool=pool.name), new)


def _stages(line: Line) -> Iterator[Lever]:
    for stage in line.stages:
        if stage.kind == "review" and _reviewed(stage) != stage:
            yield Lever("review", stage.name, partial(fewer_reviews, stage=stage.name))
        if stage.kind == "annotate" and stage.labels_per_item > 1:
            yield Lever("label", stage.name, partial(fewer_labels, stage=stage.name))


def _working(line: Line) -> list[Pool]:
    """Pools that a stage gives work to at some time."""
    stages = [*line.stages, *(stage for epoch in line.epochs for stage in epoch.stages or ())]
    used = {name for stage in stages for name, share in stage.pools if share > 0}
    return [pool for pool in line.pools if pool.name in used]


def more_people(line: Line, pool: str, by: int = 1) -> Line:
    """With so many people more in a pool at all times; with fewer where `by` is below zero, but nobody less than one
    where there is one."""

    def change(one: Pool) -> Pool:
        return replace(one, headcount=max(one.headcount + by, min(one.headcount, 1)))

    return _with_pools(line, pool, change)


def more_visits(line: Line, pool: str, factor: float = MORE_VISITS) -> Line:
    """With people of a crowd who come so many times as often."""

    def change(one: Pool) -> Pool:
        assert one.sessions is not None, "staff has no visits"
        return replace(one, sessions=replace(one.sessions, per_week=one.sessions.per_week * factor))

    return _with_pools(line, pool, change)


def longer_shift(line: Line, pool: str) -> Line:
    """With an hour more on each day of a pool's calendar, at its end, or before its begin where midnight is near.

    Other pools keep theirs: the pool gets calendars of its own.
    """
    return _with_calendars(line, pool, _longer, "an hour more")


def more_days(line: Line, pool: str) -> Line:
    """With one more day of the week on a pool's calendar: the first that has no shift, with the hours of the day before
    it that has one. Other pools keep theirs."""
    return _with_calendars(line, pool, _one_day_more, "a day more")


def _with_calendars(line: Line, pool: str, change: Callable[[Calendar], Calendar], what: str) -> Line:
    pools = [*line.pools, *(one for epoch in line.epochs for one in epoch.pools or ())]
    used = {one.calendar for one in pools if one.name == pool}

    def extended(calendars: tuple[Calendar, ...]) -> tuple[Calendar, ...]:
        own = (replace(change(one), name=f"{one.name}, {what}") for one in calendars if one.name in used)
        return (*calendars, *own)

    changed = _with_pools(line, pool, lambda one: replace(one, calendar=f"{one.calendar}, {what}"))
    epochs = tuple(
        replace(epoch, calendars=None if epoch.calendars is None else extended(epoch.calendars))
        for epoch in changed.epochs
    )
    return replace(changed, calendars=extended(line.calendars), epochs=epochs)


def _longer(calendar: Calendar) -> Calendar:
    """The calendar with an hour more a day where a day has one to give; shares of slots have no shifts to lengthen."""
    if calendar.availability is not None:
        return calendar
    intervals = list(calendar.intervals)
    for day in {one[0] for one in intervals}:
        mine = [place for place, one in enumerate(intervals) if one[0] == day]
        first, last = intervals[mine[0]], intervals[mine[-1]]
        if last[2] + HOUR_S <= DAY_S:
            intervals[mine[-1]] = (day, last[1], last[2] + HOUR_S)
        elif first[1] >= HOUR_S:
            intervals[mine[0]] = (day, first[1] - HOUR_S, intervals[mine[0]][2])
    return replace(calendar, intervals=tuple(intervals))


def _days(calendar: Calendar) -> set[int]:
    return {day for day, _, _ in calendar.intervals}


def _one_day_more(calendar: Calendar) -> Calendar:
    """The calendar with a shift on its first day without, as on the last day before, round the week."""
    worked = _days(calendar)
    if calendar.availability is not None or not worked or len(worked) == DAYS:
        return calendar
    like, new = next((day, (day + 1) % DAYS) for day in sorted(worked) if (day + 1) % DAYS not in worked)
    shift = tuple((new, start, end) for day, start, end in calendar.intervals if day == like)
    return replace(calendar, intervals=tuple(sorted((*calendar.intervals, *shift))))


def fewer_reviews(line: Line, stage: str) -> Line:
    """With ten points less of the items reviewed, wherever as many are."""
    return _with_stages(line, stage, _reviewed)


def _reviewed(stage: Stage) -> Stage:
    return replace(
        stage,
        fraction=_less(stage.fraction),
        segment_fractions={name: _less(one) for name, one in stage.segment_fractions.items()},
        class_fractions={name: _less(one) for name, one in stage.class_fractions.items()},
        tenure_fractions=tuple((tasks, _less(one)) for tasks, one in stage.tenure_fractions),
    )


def _less(share: float) -> float:
    return max(round(share - POINTS, 12), 0.0)


def fewer_labels(line: Line, stage: str) -> Line:
    """With one label of an item less, where there is more than one."""

    def change(one: Stage) -> Stage:
        return replace(one, labels_per_item=max(one.labels_per_item - 1, 1))

    return _with_stages(line, stage, change)


def volume(line: Line, factor: float) -> Line:
    """With so many times the work: backlog, releases and arrivals, each to whole items."""

    def arriving(one: Arrivals | None) -> Arrivals | None:
        if one is None:
            return None
        items = None if one.items is None else round(one.items * factor)
        return replace(one, per_week=one.per_week * factor, items=items)

    def change(one: Segment) -> Segment:
        releases = tuple(replace(release, items=round(release.items * factor)) for release in one.releases)
        return replace(one, backlog=round(one.backlog * factor), releases=releases, arrivals=arriving(one.arrivals))

    segments = tuple(map(change, line.segments))
    epochs = tuple(
        replace(epoch, segments=None if epoch.segments is None else tuple(map(change, epoch.segments)))
        for epoch in line.epochs
    )
    return replace(line, segments=segments, epochs=epochs)


def _with_pools(line: Line, name: str, change: Callable[[Pool], Pool]) -> Line:
    def changed(pools: tuple[Pool, ...]) -> tuple[Pool, ...]:
        return tuple(change(one) if one.name == name else one for one in pools)

    epochs = tuple(replace(epoch, pools=None if epoch.pools is None else changed(epoch.pools)) for epoch in line.epochs)
    return replace(line, pools=changed(line.pools), epochs=epochs)


def _with_stages(line: Line, name: str, change: Callable[[Stage], Stage]) -> Line:
    def changed(stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
        return tuple(change(one) if one.name == name else one for one in stages)

    epochs = tuple(
        replace(epoch, stages=None if epoch.stages is None else changed(epoch.stages)) for epoch in line.epochs
    )
    return replace(line, stages=changed(line.stages), epochs=epochs)
