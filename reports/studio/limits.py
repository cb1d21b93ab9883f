"""How large a plan the studio takes: it answers while one waits, in the memory of one page's server."""

from __future__ import annotations

from ...sim.errors import ScenarioRefused
from ...sim.line import Line, Segment

WEEK_S = 604_800.0

LABELS, PEOPLE, WEEKS = 2_000_000, 5_000, 520
"""Labels of the first round, people of all pools together, and weeks of the horizon."""


def check_size(line: Line, what: str) -> None:
    """Raises ScenarioRefused where a plan is larger than the studio takes. what: it is called."""
    weeks = line.horizon_s / WEEK_S
    each = max((stage.labels_per_item for stage in line.stages if stage.kind == "annotate"), default=1)
    labels = each * sum(items_of(segment, weeks) for segment in line.segments)
    people = sum(pool.headcount for pool in line.pools)
    found = ((labels, LABELS, "labels"), (people, PEOPLE, "people"), (weeks, WEEKS, "weeks"))
    problems = [
        f"{what}: the studio takes at most {most:,} {unit}, but this plan has up to {count:,.0f}. Use `labelcast run`."
        for count, most, unit in found
        if count > most
    ]
    if problems:
        raise ScenarioRefused(problems)


def items_of(segment: Segment, weeks: float) -> float:
    """Items of a segment that are expected within so many weeks, at most."""
    there = segment.backlog + sum(release.items for release in segment.releases)
    arrivals = segment.arrivals
    if arrivals is None:
        return there
    open_for = weeks if arrivals.until_s is None else min(weeks, arrivals.until_s / WEEK_S)
    growth = max(arrivals.growth_per_week, 0.0)
    coming: float = arrivals.per_week * max(open_for, 0.0) * min((1.0 + growth) ** min(open_for, 1_000.0), 1e9)
    return there + (coming if arrivals.items is None else min(coming, arrivals.items))
