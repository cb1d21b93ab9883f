"""When things come at random: Poisson streams whose rate changes by hour of the week, by growth and by epoch.

The rate is constant between some moments. Arrivals are those of a stream of rate one, each gap an exponential keyed by
the number of the arrival, carried over to real time by the inverse of the expected number: so a rate that changes at
some date moves no arrival before it.
Source: Cinlar, Introduction to Stochastic Processes, 1975, chapter 4.7 (time change of a Poisson process).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from . import calendars
from .calendars import HOURS_PER_WEEK
from .draws import subject, uniform
from .jit import jit
from .line import Calendar
from .quantiles import quantile

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_HOUR = 3_600_000
_DAY = 24 * _HOUR


class Intensity(NamedTuple):
    """A piecewise constant rate: `weight / gap` items a millisecond from starts (int64 ms, sorted) to ends (disjoint).

    before: float64, weighted milliseconds before each start.  gap: weighted milliseconds of one expected item.
    The weight is 1 for a plain stream, whose arithmetic is then exact in whole milliseconds of open time.
    """

    starts: Ints
    ends: Ints
    before: Floats
    weight: Floats
    gap: float


def intensity(
    per_week: float,
    calendar: Calendar,
    shape: tuple[float, ...] | None,
    growth_per_week: float,
    origin: datetime,
    horizon_ms: int,
) -> Intensity:
    """The intensity of a stream that brings `per_week` items in a regular week, in the open time of its calendar.

    shape: None, or 168 weights by local hour of the week, Monday 00:00 first; the rate at a moment follows the hour
    that a clock on the wall shows.  growth_per_week: the rate is multiplied by (1 + growth)^(h / 168) in the hour h
    after the origin.
    """
    if per_week <= 0.0:
        return NOTHING
    assert calendar.availability is None, "arrivals follow a calendar of hours, not of availability"
    spans = calendars.shifts(calendar, origin, horizon_ms)
    gap = calendars.open_ms_per_week(calendar) / per_week
    if growth_per_week == 0.0 and (shape is None or len(set(shape)) == 1):  # a level shape is no shape
        return _pieces(spans.starts, spans.ends, np.ones(spans.starts.size), gap)
    zone = ZoneInfo(calendar.timezone)
    edges = [spans.starts, spans.ends, np.arange(0, horizon_ms, _HOUR)]
    if shape is not None:
        offsets = _offsets(zone, origin, horizon_ms)
        edges.append(_clock_hours(origin, *offsets, horizon_ms))
    cuts = np.unique(np.concatenate(edges))
    starts, ends = cuts[:-1], cuts[1:]
    at = np.searchsorted(spans.starts, starts, side="right") - 1
    is_open = starts < np.append(spans.ends, 0)[at]  # the 0 is for those before the first, whose place is -1
    starts, ends = starts[is_open], ends[is_open]
    weight = np.ones(starts.size)
    if shape is not None:
        level = _level(shape, calendar)
        weight = np.array(shape)[_hour_of_week(starts, origin, *offsets)] / level
    if growth_per_week:
        weight = weight * np.power(1.0 + growth_per_week, starts // _HOUR / HOURS_PER_WEEK)
    return _pieces(starts, ends, weight, gap)


EARLY_H = 0.05
"""Hours after posting in which interest in work does not fade yet."""


def faded(rate: Intensity, posted: Sequence[int], exponent: float) -> Intensity:
    """The rate times ((t + EARLY_H) / (1 + EARLY_H))^-exponent, t hours since the last posting: 1 an hour after it.

    posted: moments (ms, rising), the first no later than the rate begins. In pieces that grow as t does, by a fifth of
    an octave, each with the mean of the factor over it.
    """
    if exponent == 0.0 or not rate.starts.size:
        return rate
    last = int(rate.ends[-1])
    steps = EARLY_H * _HOUR * np.expm1(math.log(2.0) / 5.0 * np.arange(1, 200))
    edges = [np.array(posted, np.float64), *(moment + steps for moment in posted)]
    inner = np.unique(np.concatenate(edges).astype(np.int64))
    cuts = np.unique(np.concatenate([rate.starts, rate.ends, inner[(inner > rate.starts[0]) & (inner < last)]]))
    begin, end = cuts[:-1], cuts[1:]
    place = np.searchsorted(rate.starts, begin, side="right") - 1
    inside = begin < rate.ends[place]
    begin, end, place = begin[inside], end[inside], place[inside]
    since = np.array(posted, np.int64)[np.searchsorted(posted, begin, side="right") - 1]
    return _pieces(begin, end, rate.weight[place] * _fading(begin - since, end - since, exponent), rate.gap)


def _fading(begin: Ints, end: Ints, exponent: float) -> Floats:
    """The mean of the factor from one moment to another, milliseconds since posting."""
    low, high = begin / _HOUR + EARLY_H, end / _HOUR + EARLY_H
    power = 1.0 - exponent
    area = np.log(high / low) if power == 0.0 else (high**power - low**power) / power
    return np.asarray((1.0 + EARLY_H) ** exponent * area / (high - low), np.float64)


def ended(rate: Intensity, at: int) -> Intensity:
    """The same intensity until a moment (ms), and nothing after it."""
    return joined(((0, rate), (at, NOTHING)))


def joined(parts: Sequence[tuple[int, Intensity]]) -> Intensity:
    """One intensity of several, each of which holds from its moment (ms, rising) until that of the next."""
    gap = next((part.gap for _, part in parts if part.starts.size), NOTHING.gap)
    pieces = []
    for (begin, part), end in itertools.zip_longest(parts, [at for at, _ in parts[1:]]):
        starts = np.maximum(part.starts, begin)
        ends = part.ends if end is None else np.minimum(part.ends, end)
        weight = part.weight if part.gap == gap else part.weight * (gap / part.gap)
        pieces.append((starts, ends, np.where(starts < ends, weight, 0.0)))
    starts, ends, weight = (np.concatenate(column) for column in zip(*pieces, strict=True))
    return _pieces(starts, ends, weight, gap)


@jit
def moments(
    stream: int,
    key: int,
    purpose: int,
    first_serial: int,
    starts: Ints,
    ends: Ints,
    before: Floats,
    weight: Floats,
    gap: float,
    limit: int,
    until: int,
    tick: int,
    exponential: Floats,
) -> Ints:
    """Times of the arrivals before `until`, at most `limit`, in whole ticks: int64 milliseconds, rising.

    The gap before arrival n is drawn by subject(key, first_serial + n) at the place `purpose`.
    """
    always, most = np.zeros(1, np.int64), np.full(1, limit, np.int64)
    return limited_moments(
        stream, key, purpose, first_serial, starts, ends, before, weight, gap, always, most, until, tick, exponential
    )


@jit
def limited_moments(
    stream: int,
    key: int,
    purpose: int,
    first_serial: int,
    starts: Ints,
    ends: Ints,
    before: Floats,
    weight: Floats,
    gap: float,
    limited_from: Ints,
    limits: Ints,
    until: int,
    tick: int,
    exponential: Floats,
) -> Ints:
    """As moments, with a limit that changes: from limited_from[i] on (the first is 0), an arrival comes only if fewer
    than limits[i] have come since the start. A stream that is full begins anew where its limit allows it."""
    times = np.empty(1024, np.int64)
    stood, clock = np.zeros(3, np.int64), np.zeros(1)
    filled = 0
    while True:
        filled += further_moments(
            stream,
            key,
            purpose,
            first_serial,
            starts,
            ends,
            before,
            weight,
            gap,
            limited_from,
            limits,
            until,
            tick,
            exponential,
            stood,
            clock,
            times[filled:],
        )
        if filled < times.size:
            return times[:filled].copy()
        times = np.concatenate((times, np.empty(times.size, np.int64)))


@jit
def further_moments(
    stream: int,
    key: int,
    purpose: int,
    first_serial: int,
    starts: Ints,
    ends: Ints,
    before: Floats,
    weight: Floats,
    gap: float,
    limited_from: Ints,
    limits: Ints,
    until: int,
    tick: int,
    exponential: Floats,
    stood: Ints,
    clock: Floats,
    times: Ints,
) -> int:
    """Writes the next of limited_moments into `times`, as many as fit, and says how many: fewer than fit, and there are
    no more. stood: int64[3], and clock: float64[1], are where the stream stands, zeros at first; they go on."""
    count, part, piece = stood
    now, first = clock[0], count
    total = before[-1] + weight[-1] * (ends[-1] - starts[-1]) if starts.size else 0.0
    while count - first < times.size:
        while part < limits.size and count >= limits[part]:
            part += 1
            if part < limits.size:
                now = max(now, _weighted_before(starts, ends, before, weight, limited_from[part]))
        if part == limits.size:
            break
        now += gap * quantile(exponential, uniform(stream, subject(key, first_serial + count), purpose))
        if not now < total:
            break
        while piece + 1 < starts.size and now >= before[piece + 1]:
            piece += 1
        at = min(starts[piece] + int((now - before[piece]) / weight[piece]), ends[piece] - 1)
        if at >= until:
            break
        while part + 1 < limits.size and at >= limited_from[part + 1]:
            part += 1
        if count >= limits[part]:
            continue
        times[count - first] = at // tick * tick
        count += 1
    stood[:], clock[0] = (count, part, piece), now
    return count - first  # type: ignore[no-any-return]


@jit
def _weighted_before(starts: Ints, ends: Ints, before: Floats, weight: Floats, at: int) -> float:
    """Weighted milliseconds in [0, at)."""
    k = np.searchsorted(starts, at, side="right") - 1
    return before[k] + weight[k] * (min(at, ends[k]) - starts[k]) if k >= 0 else 0.0


def _pieces(starts: Ints, ends: Ints, weight: Floats, gap: float) -> Intensity:
    """The intensity of these pieces, in order: without empty ones, and with neighbours of one weight made one, so that
    a cut changes no sum."""
    some = weight > 0.0
    starts, ends, weight = starts[some], ends[some], weight[some]
    new = np.ones(starts.size, np.bool_)
    new[1:] = (starts[1:] != ends[:-1]) | (weight[1:] != weight[:-1])
    last = np.append(new[1:], True)[: starts.size]
    starts, ends, weight = starts[new], ends[last], weight[new]
    size = weight * (ends - starts)
    return Intensity(starts, ends, np.concatenate([np.zeros(1), np.cumsum(size)])[:-1], weight, gap)


NOTHING = Intensity(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0), np.zeros(0), 1.0)
"""The intensity of no arrivals at all."""


def _level(shape: tuple[float, ...], calendar: Calendar) -> float:
    """Mean weight over the open time of a regular week."""
    open_ms = np.zeros(HOURS_PER_WEEK)
    for weekday, start, end in calendar.intervals:
        for hour in range(start // 3600, -(-end // 3600)):
            open_ms[weekday * 24 + hour] += 1000 * (min(end, (hour + 1) * 3600) - max(start, hour * 3600))
    level = float(np.dot(shape, open_ms) / open_ms.sum())
    assert level > 0.0, f"all weight of the shape lies in hours in which {calendar.name} is closed"
    return level


def _offsets(zone: ZoneInfo, origin: datetime, horizon_ms: int) -> tuple[Ints, Ints]:
    """From which moment (ms) on each offset of the zone from UTC holds, and the offsets (ms)."""

    def offset(at: int) -> int:
        moment = (origin.astimezone(UTC) + timedelta(milliseconds=at)).astimezone(zone)
        return round((moment.utcoffset() or timedelta()) / timedelta(milliseconds=1))

    since, offsets = [-1], [offset(0)]
    for day in range(0, horizon_ms + 1, _DAY):
        if offset(day + _DAY) != offsets[-1]:
            low, high = day, day + _DAY
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if offset(middle) == offsets[-1] else (low, middle)
            since.append(high)
            offsets.append(offset(high))
    return np.array(since, np.int64), np.array(offsets, np.int64)


def _clock_hours(origin: datetime, since: Ints, offsets: Ints, horizon_ms: int) -> Ints:
    """Moments in [0, horizon) at which the clock on the wall may show a new hour: full hours, and changes of offset."""
    epoch = _epoch_ms(origin)
    phases = {int(-(epoch + offset) % _HOUR) for offset in offsets}
    hours = [np.arange(phase, horizon_ms, _HOUR, dtype=np.int64) for phase in sorted(phases)]
    return np.concatenate([*hours, since[(since > 0) & (since < horizon_ms)]])


def _hour_of_week(at: Ints, origin: datetime, since: Ints, offsets: Ints) -> Ints:
    """Local hour of the week of moments, 0 to 167."""
    local = at + _epoch_ms(origin) + offsets[np.searchsorted(since, at, side="right") - 1]
    monday = 4 * _DAY  # 1 January 1970 was a Thursday
    return (local - monday) // _HOUR % HOURS_PER_WEEK


def _epoch_ms(origin: datetime) -> int:
    return (origin - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
