"""Work as a fluid: what comes to a pool over time, what its people may do of it, and when nothing is left."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ..calendars import NEVER
from ..line import Calendar, Line, Pool, Segment
from ..presence import capped_ends
from ..workdays import workdays
from .load import Load
from .network import Floats
from .people import open_hours, pace, staff

ENOUGH = 1e-6
"""Less work than so many seconds is none."""


class Hours(NamedTuple):
    """Sums over time of one pool, straight between the moments (milliseconds): its open time, and the work that it may
    have done, in seconds of a median person."""

    moments: Floats
    open_s: Floats
    power: Floats


class Inflow(NamedTuple):
    """Work that comes: `sums` at `moments`, straight between them, and `jumps` at once at the moments `at`."""

    moments: Floats
    sums: Floats
    at: Floats
    jumps: Floats


def hours(line: Line, place: int, horizon: float) -> Hours:
    """The open time and the power of a pool, its headcount and calendar as the dated changes make them."""
    pools, all_calendars, since = line.pools, line.calendars, 0.0
    moments, open_s, power = [np.zeros(1)], [np.zeros(1)], [np.zeros(1)]
    for epoch in (*line.epochs, None):
        until = horizon if epoch is None else min(horizon, epoch.at_s * 1000.0)
        if until > since:
            at, there = _open(line, pools[place], all_calendars, since, until)
            rate = _power(pools[place], all_calendars)
            moments.append(at)
            open_s.append(open_s[-1][-1] + there)
            power.append(power[-1][-1] + there * rate)
            since = until
        if epoch is not None:
            pools, all_calendars = epoch.pools or pools, epoch.calendars or all_calendars
    return Hours(np.concatenate(moments), np.concatenate(open_s), np.concatenate(power))


def _open(
    line: Line, pool: Pool, all_calendars: tuple[Calendar, ...], since: float, until: float
) -> tuple[Floats, Floats]:
    """Moments of a stretch of time, and the open seconds of a pool in it so far."""
    calendar = _named(all_calendars, pool.calendar)
    weekly, overtime_ms = open_hours(pool, calendar), round(pool.overtime_s * 1000)
    days = workdays(weekly, calendar.timezone, calendar.closed, overtime_ms, line.origin, round(until))
    cap = NEVER if pool.overtime_cap_s is None else round(pool.overtime_cap_s * 1000)
    until_cap = capped_ends(days.starts, days.ends, days.overtime, days.dates, np.full(days.starts.size, cap))
    starts, ends = np.maximum(days.starts, since), np.maximum(until_cap, since)
    moments = np.concatenate([[since], np.column_stack([starts, ends]).ravel(), [until]])
    sums = np.cumsum(np.column_stack([np.zeros(starts.size), ends - starts]).ravel())
    return moments, np.concatenate([[0.0], sums, sums[-1:] if sums.size else [0.0]]) / 1000.0


def _power(pool: Pool, all_calendars: tuple[Calendar, ...]) -> float:
    """Seconds of a median person's work that a pool does in a second while it is open."""
    there = staff(pool, _named(all_calendars, pool.calendar))
    return pace(there.people, there.spread, math.inf, 1.0, 0.0).capacity


def _named(all_calendars: tuple[Calendar, ...], name: str) -> Calendar:
    return next(calendar for calendar in all_calendars if calendar.name == name)


def inflow(line: Line, found: Load, place: int, begun: float, horizon: float) -> Inflow:
    """The work of a pool as its items come, the first of them at `begun`."""
    at, jumps = [0.0], [0.0]
    knots, sums = np.array([0.0, horizon]), np.zeros(2)
    for part in found.parts:
        each = float((part.tasks(line)[:, place] * np.repeat(part.mean[:, place], 2)).sum())
        under_way = sum(task.segment == part.segment.name for task in line.initial)
        at += [begun, *(release.at_s * 1000.0 + begun for release in part.segment.releases)]
        counts = [part.segment.backlog + under_way, *(release.items for release in part.segment.releases)]
        jumps += [each * part.sampled * count for count in counts]
        moments, coming = _stream(line, part.segment, horizon)
        both = np.union1d(knots, moments)
        sums = np.interp(both, knots, sums) + np.interp(both, moments, coming) * each * part.sampled
        knots = both
    return Inflow(knots, sums, np.array(at), np.array(jumps))


def _stream(line: Line, segment: Segment, horizon: float) -> tuple[Floats, Floats]:
    """Items of a segment's stream that have come by each moment, evenly over its calendar's open time."""
    stream = segment.arrivals
    if stream is None:
        return np.array([0.0, horizon]), np.zeros(2)
    calendar = _named(line.calendars, stream.calendar)
    until = min(horizon, horizon if stream.until_s is None else stream.until_s * 1000.0)
    person = Pool("one", 1, stream.calendar)
    moments, open_s = _open(line, person, line.calendars, 0.0, max(until, 1.0))
    count = open_s * stream.per_week / max(1.0, float(sum(end - start for _, start, end in calendar.intervals)))
    if stream.items is not None and count[-1] > stream.items:
        full = float(np.interp(stream.items, count, moments))
        moments = np.append(moments[moments < full], full)
        count = np.append(count[: moments.size - 1], stream.items)
    return moments, count


def all_ends(line: Line) -> bool:
    """Whether all work has an end."""
    streams = [segment.arrivals for segment in line.segments if segment.arrivals is not None]
    return all(stream.items is not None or stream.until_s is not None for stream in streams)


def last_coming(line: Line, horizon: float) -> float:
    """When the last item comes of which there is a last one; 0 where a stream never ends: then the first moment counts
    at which nothing is left of the rest."""
    latest = 0.0
    if not all_ends(line):
        return latest
    for segment in line.segments:
        stream = segment.arrivals
        latest = max(latest, *(release.at_s * 1000.0 for release in segment.releases), 0.0)
        if stream is not None:
            latest = max(latest, float(_stream(line, segment, horizon)[0][-1]))
    return latest


def emptied(work: Inflow, there: Hours, last: float) -> float:
    """The first moment (milliseconds), at `last` or later, at which all work that came has been done; infinity if none.

    Source: the workload of a fluid queue by reflection; Newell, Applications of Queueing Theory, chapter 2.
    """
    moments = np.unique(np.concatenate([work.moments, work.at, there.moments, [last]]))
    net = np.interp(moments, work.moments, work.sums) - np.interp(moments, there.moments, there.power)
    order = np.argsort(work.at, kind="stable")
    jumped = np.append(0.0, np.cumsum(work.jumps[order]))
    sides = [jumped[np.searchsorted(work.at[order], moments, side)] for side in ("left", "right")]
    both = np.column_stack([net + sides[0], net + sides[1]]).ravel()  # just before and just after each moment
    least = np.minimum.accumulate(np.minimum(both, 0.0))
    waiting = both - least
    begin = max(last, float(work.at[work.jumps > 0.0].max(initial=0.0)))
    for k in np.flatnonzero(moments >= begin).tolist():
        left = waiting[2 * k - 1] if k and moments[k - 1] >= begin else 0.0
        if left > ENOUGH and waiting[2 * k] <= ENOUGH:
            fall = left - (both[2 * k] - least[2 * k - 1])
            return float(moments[k - 1] + (moments[k] - moments[k - 1]) * left / fall)
        if waiting[2 * k + 1] <= ENOUGH:
            return float(moments[k])
    return math.inf
