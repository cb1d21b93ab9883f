"""What a line's work asks of its people: tasks and times, on average."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..line import Line, Pool, Segment, Stage
from . import times
from .network import Floats
from .people import WEEK_S, Staff, pace, staff
from .times import count_moments, scv
from .way import Shares, Way, way

FLEXIBLE = ("prefer", "shortest", "skill")
"""Routes without shares of their own."""


@dataclass(frozen=True, eq=False)
class Part:
    """A segment on the line. per_week: items that keep coming, of those that are labelled.  sampled: share of all that
    is labelled.  shares: of the pools at each stage.  mean, square: float64[stages, pools], elapsed seconds of a task
    in the hands of a median person, and of its square."""

    segment: Segment
    per_week: float
    sampled: float
    way: Way
    shares: Shares
    mean: Floats
    square: Floats

    def tasks(self, line: Line) -> Floats:
        """float64[steps, pools]: tasks that one item makes."""
        by = by_pool(line, self.shares)
        return np.repeat(by, 2, axis=0) * (self.way.visits * self.way.labels)[:, None]


@dataclass(frozen=True, eq=False)
class Load:
    """A line's load in its regular week. weights: of the parts among the items, summing to one: among those that keep
    coming, or among those that are there where none do.  tasks: float64[steps, pools], a week.
    mean, services: float64[pools], of a task's elapsed time in seconds as the tasks are shared.  slowness: that mean by
    the mean of a median person.  capacity: tasks a week when all are always busy."""

    parts: tuple[Part, ...]
    weights: Floats
    staff: tuple[Staff, ...]
    tasks: Floats
    mean: Floats
    services: Floats
    slowness: Floats
    capacity: Floats

    @property
    def wrong(self) -> float:
        """Share of the delivered items whose label is wrong, by typical people; NaN where none is delivered."""
        both = sum(weight * part.way.delivered for weight, part in zip(self.weights, self.parts, strict=True))
        total = float(np.sum(both))
        return float(np.ravel(both)[0]) / total if total > 0.0 else math.nan

    @property
    def per_week(self) -> float:
        """Items that come in a week and are labelled."""
        return sum(part.per_week for part in self.parts)


def load(line: Line) -> Load:
    """The load of a line as it is at its start."""
    calendars = {calendar.name: calendar for calendar in line.calendars}
    there = tuple(staff(pool, calendars[pool.calendar]) for pool in line.pools)
    sampled = _sampled(line)
    parts = tuple(_part(line, segment, there, sampled) for segment in line.segments)
    n, pools = len(line.stages), len(line.pools)
    tasks, work, square = np.zeros((2 * n, pools)), np.zeros(pools), np.zeros(pools)
    for part in parts:
        some = part.per_week * part.tasks(line)
        tasks += some
        work += (some * np.repeat(part.mean, 2, axis=0)).sum(axis=0)
        square += (some * np.repeat(part.square, 2, axis=0)).sum(axis=0)
    count = np.maximum(tasks.sum(axis=0), 1e-300)
    middle = np.where(work > 0.0, work / count, 1.0)
    spread = np.maximum(0.0, square / count / middle**2 - 1.0)
    paces = [
        pace(one.people, one.spread, rate / max(one.open_s, 1.0) if rate else math.inf, time, services)
        for one, rate, time, services in zip(there, tasks.sum(axis=0), middle, spread, strict=True)
    ]
    mean = np.array([one.mean for one in paces])
    return Load(
        parts=parts,
        weights=_weights(line, parts),
        staff=there,
        tasks=tasks,
        mean=np.where(work > 0.0, mean, 0.0),
        services=np.array([one.services for one in paces]),
        slowness=mean / middle,
        capacity=np.array([one.capacity * of.open_s for one, of in zip(paces, there, strict=True)]),
    )


def _weights(line: Line, parts: tuple[Part, ...]) -> Floats:
    weights = np.array([part.per_week for part in parts])
    if not weights.any():
        weights = np.array([part.sampled * items(part.segment, line.horizon_s) for part in parts])
    return weights / weights.sum() if weights.any() else np.full(len(parts), 1.0 / len(parts))


def by_pool(line: Line, shares: Shares) -> Floats:
    """float64[stages, pools]: the share of a stage's tasks that each pool gets; zeros for machines."""
    found = np.zeros((len(line.stages), len(line.pools)))
    places = {pool.name: place for place, pool in enumerate(line.pools)}
    for s, stage in enumerate(line.stages):
        for pool, share in shares[stage.name]:
            found[s, places[pool.name]] = share
    return found


def _part(line: Line, segment: Segment, there: tuple[Staff, ...], sampled: float) -> Part:
    shares = _shares(line, segment, there)
    found = way(line, segment, shares)
    mean, square = np.zeros((2, len(line.stages), len(line.pools)))
    objects, objects_scv = count_moments(segment.objects)
    for s, stage in enumerate(line.stages):
        for p, pool in enumerate(line.pools):
            if dict(stage.pools).get(pool.name) is not None:
                mean[s, p] = objects * _seconds(stage, pool, segment, float(found.kept[s]))
                square[s, p] = mean[s, p] ** 2 * (1.0 + scv(stage.time)) * (1.0 + objects_scv)
    stream = segment.arrivals
    share = segment.sample * sampled
    return Part(segment, 0.0 if stream is None else stream.per_week * share, share, found, shares, mean, square)


def _seconds(stage: Stage, pool: Pool, segment: Segment, kept: float) -> float:
    """Mean elapsed time of a task on an item with one object, by a median person of the pool, with the set-up of a full
    batch and the test questions before it."""
    active = times.mean(stage.time) * pool.speed * pool.hurry * pool.segment_times.get(segment.name, 1.0)
    active *= float((1.0 + min(pool.learning.experience, pool.learning.tasks)) ** -pool.learning.exponent)
    if stage.kind == "annotate":
        active *= segment.time_factor
        if kept > 0.0:
            active *= kept * stage.suggestion.accept_time + (1.0 - kept) * stage.suggestion.fix_time
    active = active * (1.0 + stage.gold.share) + stage.batch.setup_s / stage.batch.size
    return active / (1.0 - pool.shrinkage)


def _shares(line: Line, segment: Segment, there: tuple[Staff, ...]) -> Shares:
    """What each pool gets at each stage: of a sensitive segment only those that may see it; where the route has no
    shares, by how many hours of people each has."""
    staffed = {pool.name: (pool, one) for pool, one in zip(line.pools, there, strict=True)}
    found = {}
    for stage in line.stages:
        parts = []
        for name, share in stage.pools:
            pool, one = staffed[name]
            weight = share if stage.route not in FLEXIBLE or pool.sessions else one.people * one.open_s
            if pool.cleared or not segment.sensitive:
                parts.append((pool, weight))
        total = sum(weight for _, weight in parts)
        found[stage.name] = tuple((pool, weight / total) for pool, weight in parts) if total > 0.0 else ()
    return found


def _sampled(line: Line) -> float:
    """Share of the items that the line's own sample takes."""
    if line.sampling is None:
        return 1.0
    total = sum(items(segment, line.horizon_s) * segment.sample for segment in line.segments)
    return min(1.0, float(line.sampling.items) / total) if total > 0.0 else 1.0


def items(segment: Segment, horizon_s: float) -> float:
    """Items that come within the horizon, on average, were the stream as at the start."""
    count = float(segment.backlog) + sum(release.items for release in segment.releases if release.at_s < horizon_s)
    stream = segment.arrivals
    if stream is None:
        return count
    coming = stream.per_week * min(horizon_s, stream.until_s or horizon_s) / WEEK_S
    return count + (coming if stream.items is None else min(coming, float(stream.items)))
