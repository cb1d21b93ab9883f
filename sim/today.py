"""A line from a moment on: what is past is taken off it, and what stood then is taken up.

What a log shows of the moment is a Standing. `ahead` makes the line that begins there: what is still to come, what
waits and what is in hand, who is known to be quick or slow. What nobody wrote down is drawn: labels that are not known
(see OpenTask), and how long what is in hand will take, of service times at least as long as they have taken.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from .known import at_grid, shown, times_of
from .line import Arrivals, Epoch, Line, OpenTask, Pool, Release, Segment, Stage
from .standing import InHand, Standing

Floats = NDArray[np.float64]


def ahead(line: Line, standing: Standing, rng: np.random.Generator) -> Line:
    """The line from the moment of a standing on, which is its new start. `rng`: of how long tasks in hand will take.

    Costs of the line itself, goals, windows and charts stay what they are on the whole line and are left out here.
    """
    at = standing.at_ms / 1000.0
    assert 0.0 <= at < line.horizon_s, "a moment before the line's horizon"
    held = _as_of(line, at)
    segments = tuple(_left(one, standing, at) for one in held.segments)
    pools = tuple(shown(held, pool, standing) for pool in held.pools)
    start = (line.origin + timedelta(milliseconds=standing.at_ms)).replace(tzinfo=None)
    there = replace(
        held,
        start=start,
        horizon_s=line.horizon_s - at,
        segments=segments,
        pools=pools,
        initial=(),
        goals=(),
        windows=(),
        charts=(),
        one_offs=(),
        running=(),
        epochs=tuple(_later(one, standing, at) for one in line.epochs if one.at_s > at),
        trainings=tuple(replace(one, at_s=one.at_s - at) for one in line.trainings if one.at_s > at),
        relabels=tuple(
            replace(one, at_s=one.at_s - at, since_s=max(0.0, one.since_s - at))
            for one in line.relabels
            if one.at_s > at
        ),
    )
    return replace(there, initial=tuple(_opened(there, standing, rng)))


def _as_of(line: Line, at: float) -> Line:
    """The line as its changes had made it by then."""
    held = line
    for epoch in line.epochs:
        if epoch.at_s <= at:
            parts = {name: getattr(epoch, name) for name in ("segments", "calendars", "pools", "stages")}
            held = replace(held, **{name: part for name, part in parts.items() if part is not None})
    return held


def _left(segment: Segment, standing: Standing, at: float) -> Segment:
    """What of a segment nobody had taken up. Those that came first are taken as begun first; what was posted by then
    waits, the rest comes as planned."""
    rest, begun = _unbegun(segment, standing)
    return replace(
        segment,
        backlog=sum(items for at_s, items in rest if at_s <= at),
        releases=tuple(Release(at_s - at, items) for at_s, items in rest if at_s > at),
        arrivals=None if segment.arrivals is None else _stream(segment.arrivals, begun, at),
        due_at_s=None if segment.due_at_s is None else segment.due_at_s - at,
    )


def unbegun(segment: Segment, standing: Standing) -> list[tuple[float, int]]:
    """(seconds from the line's start, items) of what was posted by then and nobody had taken up."""
    return [(at_s, items) for at_s, items in _unbegun(segment, standing)[0] if at_s * 1000.0 <= standing.at_ms]


def _unbegun(segment: Segment, standing: Standing) -> tuple[list[tuple[float, int]], int]:
    """(seconds from the line's start, items) of what nobody has taken up, and how many were of no release."""
    begun = round(standing.begun.get(segment.name, 0) / segment.sample) if segment.sample > 0.0 else 0
    rest = []
    for at_s, items in [(0.0, segment.backlog), *((one.at_s, one.items) for one in segment.releases)]:
        left = max(0, items - begun)
        begun -= items - left
        if left:
            rest.append((at_s, left))
    return rest, begun


def _stream(arrivals: Arrivals, begun: int, at: float) -> Arrivals:
    """A stream from a moment on. begun: items of it that were taken up; others that came by then are not known."""
    hours = math.floor(at / 3600.0)
    return replace(
        arrivals,
        per_week=arrivals.per_week * (1.0 + arrivals.growth_per_week) ** (hours / 168.0),
        items=None if arrivals.items is None else max(0, arrivals.items - begun),
        until_s=None if arrivals.until_s is None else max(0.0, arrivals.until_s - at),
    )


def _later(epoch: Epoch, standing: Standing, at: float) -> Epoch:
    """A change that is still to come."""
    segments = None
    if epoch.segments is not None:
        segments = tuple(
            replace(
                one,
                backlog=0,
                releases=tuple(Release(each.at_s - at, each.items) for each in one.releases if each.at_s > epoch.at_s),
                arrivals=None if one.arrivals is None else _stream(one.arrivals, 0, at),
                due_at_s=None if one.due_at_s is None else one.due_at_s - at,
            )
            for one in epoch.segments
        )
    return replace(epoch, at_s=epoch.at_s - at, segments=segments)


def _opened(line: Line, standing: Standing, rng: np.random.Generator) -> Iterator[OpenTask]:
    """The tasks that wait or are in hand, in the order of items."""
    now = standing.at_ms
    stages = {stage.name: stage for stage in line.stages}
    pools = {pool.name: pool for pool in line.pools}
    tables = {name: at_grid(stage.time) for name, stage in stages.items()}
    for one in standing.waits:
        plain = OpenTask(
            one.segment,
            one.item,
            one.stage,
            arrived_s=(one.came_ms - now) / 1000.0,
            enqueued_s=(one.since_ms - now) / 1000.0,
            round=one.round,
            labels=_labels(one.given, pools),
        )
        for mine in one.in_hand:
            pool = pools[mine.pool]
            if pool.sessions is not None or mine.slot >= pool.headcount:
                yield replace(plain, replica=mine.replica)
                continue
            yield replace(
                plain,
                replica=mine.replica,
                pool=mine.pool,
                slot=mine.slot,
                started_s=-mine.spent_s / (1.0 - pool.shrinkage),  # as if all of it had been on this shift
                remaining_s=_remaining(stages[one.stage], pool, mine, tables[one.stage], rng),
            )
        for replica in one.wanted:
            yield replace(plain, replica=replica)


def _labels(given: Sequence[tuple[str, int]], pools: Mapping[str, Pool]) -> tuple[tuple[str, int, str], ...]:
    """Labels of people who are still there, as the line knows no others."""
    return tuple(
        (pool, slot, "") for pool, slot in given if pools[pool].sessions is None and slot < pools[pool].headcount
    )


def _remaining(stage: Stage, pool: Pool, mine: InHand, table: Floats, rng: np.random.Generator) -> float:
    """Active seconds still to go: of this person's service times, one of those that are longer than the task has taken;
    where hardly any is, the task is nearly done or left lying, and takes one more."""
    times = times_of(pool, mine.slot, table)
    longer = times[times > mine.spent_s]
    if longer.size == 0:
        return float(rng.choice(times))
    return float(rng.choice(longer) - mine.spent_s)
