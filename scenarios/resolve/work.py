"""Segments, their arrivals and the sample."""

from __future__ import annotations

from collections.abc import Mapping

from ...sim import line as sim
from ..spec import Scenario, Segment
from ..weeks import WeekShape
from .distributions import distribution
from .moments import since, until

WEEK_S = 7 * 86_400.0

FromFile = Mapping[str, tuple[tuple[float, int], ...]]
"""By segment, (seconds from the start, items) of the releases that a file names."""


def segment(
    name: str, part: Segment, scenario: Scenario, from_file: FromFile, order: tuple[str, ...] = ()
) -> sim.Segment:
    """A kind of item. order: of the classes, where it is not that of the scenario."""
    granularity = scenario.granularities[part.granularity] if part.granularity is not None else None
    due, hard = part.due, part.difficulty.hard
    return sim.Segment(
        name=name,
        backlog=part.backlog,
        releases=_releases(name, part, scenario, from_file),
        arrivals=_arrivals(part, scenario),
        classes={one: float(part.classes[one]) for one in order or part.classes},
        class_effects=dict(part.class_effects),
        confusions={one: {wrong: float(q) for wrong, q in row.items()} for one, row in part.confusions.items()},
        difficulty_sd=part.difficulty.spread,
        attractor=part.difficulty.attractor,
        priority=part.priority,
        due_s=None if due is None else due.after,
        due_at_s=None if due is None or due.on is None else until(scenario, due.on),
        sample=part.sample,
        doubt=part.doubt,
        duplicates=part.duplicates,
        time_factor=1.0 if granularity is None else granularity.time,
        price_factor=1.0 if granularity is None else granularity.price,
        objects=None if part.objects is None else distribution(part.objects),
        sensitive=part.sensitive,
        error_costs={one: dict(row) for one, row in part.error_costs.items()},
        hard=sim.Hard() if hard is None else sim.Hard(hard.share, hard.harder, hard.spread),
    )


def _releases(name: str, part: Segment, scenario: Scenario, from_file: FromFile) -> tuple[sim.Release, ...]:
    if part.releases is None:
        return ()
    rows = from_file.get(name, ())
    if part.releases.list is not None:
        rows = tuple((since(scenario, one.on), one.items) for one in part.releases.list)
    return tuple(sim.Release(at, items) for at, items in sorted(rows, key=lambda row: row[0]))


def _arrivals(part: Segment, scenario: Scenario) -> sim.Arrivals | None:
    stream = part.arrivals
    if stream is None:
        return None
    return sim.Arrivals(
        per_week=stream.rate,
        calendar=stream.calendar,
        items=stream.items,
        until_s=None if stream.until is None else until(scenario, stream.until),
        shape=weights(stream.shape),
        growth_per_week=stream.growth,
    )


def weights(shape: WeekShape | None) -> tuple[float, ...] | None:
    """168 weights, Monday 00:00 first."""
    return None if shape is None else shape.weights


def hardness(segment: sim.Segment) -> tuple[tuple[float, float, float], ...]:
    """(share, mean, sd) of the difficulties of the ordinary items, and of the hard ones if there are some."""
    hard = segment.hard
    if hard.share == 0.0:
        return ((1.0, 0.0, segment.difficulty_sd),)
    return (1.0 - hard.share, 0.0, segment.difficulty_sd), (hard.share, hard.harder, hard.sd)


def sampling(scenario: Scenario) -> sim.Sampling | None:
    """How many items are labelled, of all segments together."""
    part = scenario.sampling
    return None if part is None else sim.Sampling(part.items, part.allocate, dict(part.spreads))


def expected_items(segment: sim.Segment, horizon_s: float) -> float:
    """Items that come within the horizon, on average, before any sampling."""
    count = float(segment.backlog) + sum(release.items for release in segment.releases if release.at_s < horizon_s)
    stream = segment.arrivals
    if stream is not None:
        open_s = horizon_s if stream.until_s is None else max(0.0, min(stream.until_s, horizon_s))
        weeks, growth = open_s / WEEK_S, stream.growth_per_week
        if growth == 0.0:
            expected = stream.per_week * weeks
        else:  # hours of a steady week, the rate growing hour by hour
            hours, step = weeks * 168, (1.0 + growth) ** (1 / 168)
            expected = stream.per_week / 168 * (step**hours - 1.0) / (step - 1.0)
        count += expected if stream.items is None else min(expected, float(stream.items))
    return count
