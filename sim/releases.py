"""Which items there are: when each arrives, and what it truly is."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .calendars import NEVER, Shifts, moment_of
from .draws import Purpose, subject, uniform, where
from .jit import jit
from .labels import draw_items
from .plan import ARRIVING, OPEN, Plan
from .quantiles import quantile

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Releases(NamedTuple):
    """The items of one replication in order of arrival (ties: segment, then serial). Arrays of one length.

    arrived: milliseconds; items under way at time zero come first.  segment: position.  key: of the item's draws.
    truth: true class.  difficulty: logits.
    """

    arrived: Ints
    segment: Ints
    serial: Ints
    key: Ints
    truth: Ints
    difficulty: Floats


def releases(plan: Plan, stream: int) -> Releases:
    """All items that arrive before the horizon."""
    parts = []
    for number, segment in enumerate(plan.segments):
        opened = {task.item: round(task.arrived_s * 1000) for task in plan.initial if task.segment == segment.name}
        arrived = np.concatenate(
            [
                np.array([opened[item] for item in sorted(opened)], np.int64),
                np.zeros(segment.backlog, np.int64),
                _arrivals(plan, number, stream),
            ]
        )
        first_arrival = len(opened) + segment.backlog
        serial = np.concatenate(
            [
                OPEN + np.array(sorted(opened), np.int64),
                np.arange(segment.backlog, dtype=np.int64),
                ARRIVING + np.arange(arrived.size - first_arrival, dtype=np.int64),
            ]
        )
        key = _keys(segment.key, serial)
        truth, difficulty = draw_items(
            stream,
            key,
            where(Purpose.TRUTH),
            where(Purpose.DIFFICULTY),
            segment.shares,
            segment.spread,
            plan.normal,
        )
        parts.append((arrived, np.full(arrived.size, number, np.int64), serial, key, truth, difficulty))
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    order = np.lexsort((columns[2] % OPEN, columns[1], columns[0] * 2 + (columns[2] < OPEN)))
    return Releases(*(column[order] for column in columns))


def _arrivals(plan: Plan, number: int, stream: int) -> Ints:
    segment = plan.segments[number]
    if segment.arrival_shifts is None:
        return np.zeros(0, np.int64)
    return _poisson(
        stream,
        segment.key,
        where(Purpose.ARRIVAL),
        segment.gap,
        *_fields(segment.arrival_shifts),
        segment.arrival_limit,
        segment.arrival_until,
        plan.tick,
        plan.exponential,
    )


def _fields(shifts: Shifts) -> tuple[Ints, Ints, Ints]:
    return shifts.starts, shifts.ends, shifts.before


@jit
def _keys(segment_key: int, serials: Ints) -> Ints:
    keys = np.empty(serials.size, np.int64)
    for i in range(serials.size):
        keys[i] = subject(segment_key, serials[i])
    return keys


@jit
def _poisson(
    stream: int,
    segment_key: int,
    purpose: int,
    gap: float,
    starts: Ints,
    ends: Ints,
    before: Ints,
    limit: int,
    until: int,
    tick: int,
    exponential: Floats,
) -> Ints:
    """Arrival times. The stream is a Poisson process in open time; gap: mean open milliseconds between two."""
    times = np.empty(1024, np.int64)
    count = 0
    clock = 0.0
    while count < limit:
        draw = uniform(stream, subject(segment_key, ARRIVING + count), purpose)
        clock += gap * quantile(exponential, draw)
        at = moment_of(starts, ends, before, int(clock)) if clock < NEVER else NEVER
        if at >= until:
            break
        if count == times.size:
            times = np.concatenate((times, np.empty(times.size, np.int64)))
        times[count] = at // tick * tick
        count += 1
    return times[:count].copy()
