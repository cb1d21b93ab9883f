"""Moments of a scenario as seconds from its start, and the rules that dates break with one another."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from ..dates import Moment
from ..routing import Broken
from ..spec import Scenario


def until(scenario: Scenario, moment: Moment) -> float:
    """Real seconds from the start to a moment, across changes of the clocks; a bare date means its end."""
    return (moment.in_zone(ZoneInfo(scenario.timezone)) - beginning(scenario)).total_seconds()


def since(scenario: Scenario, moment: Moment) -> float:
    """As `until`, but a bare date means its midnight."""
    return (moment.begins(ZoneInfo(scenario.timezone)) - beginning(scenario)).total_seconds()


def beginning(scenario: Scenario) -> datetime:
    """The start in UTC."""
    return scenario.start.local.replace(tzinfo=ZoneInfo(scenario.timezone)).astimezone(UTC)


def dated(scenario: Scenario) -> Iterator[Broken]:
    """Rules that dates break with one another."""
    zone, local = ZoneInfo(scenario.timezone), scenario.start.local
    again = beginning(scenario).astimezone(zone).replace(tzinfo=None)
    if again != local:
        rule = f"there is no {local:%H:%M} on that day in {scenario.timezone}, because clocks go forward"
        yield ("start",), f"{rule}. Write {again:%Y-%m-%dT%H:%M}."
    for loc, moment, ends in _moments(scenario):
        seconds = until(scenario, moment) if ends else since(scenario, moment)
        yield from _within(scenario, loc, seconds)
    yield from _ramps(scenario)
    for number, change in enumerate(scenario.changes):
        from_when = change.relabel.since if change.relabel is not None else None
        if from_when is not None and since(scenario, from_when) >= since(scenario, change.on):
            yield ("changes", number, "relabel", "since"), "must be earlier than `on`, but is not."
    for name, segment in scenario.work.items():
        stream = segment.arrivals
        if stream is not None and stream.until is not None and until(scenario, stream.until) <= 0:
            yield ("work", name, "arrivals", "until"), _late(scenario)
        if segment.due is not None and segment.due.on is not None and until(scenario, segment.due.on) <= 0:
            yield ("work", name, "due", "on"), _late(scenario)


def _moments(scenario: Scenario) -> Iterator[tuple[tuple[str | int, ...], Moment, bool]]:
    """Places of the dates that must lie within the run; and whether a bare date means its end."""
    for name, segment in scenario.work.items():
        listed = segment.releases.list if segment.releases is not None else None
        for number, release in enumerate(listed or ()):
            yield ("work", name, "releases", "list", number, "on"), release.on, False
    for number, change in enumerate(scenario.changes):
        yield ("changes", number, "on"), change.on, False
    for name, chart in scenario.charts.items():
        if chart.since is not None:
            yield ("charts", name, "since"), chart.since, False
    if scenario.goals.deadline is not None:
        assert scenario.goals.deadline.when is not None
        yield ("goals", "deadline"), scenario.goals.deadline.when, True
    for name, window in scenario.goals.windows.items():
        yield ("goals", "windows", name, "on"), window.on, True


def _ramps(scenario: Scenario) -> Iterator[Broken]:
    """Ramps of which nothing comes about."""
    for name, pool in scenario.pools.items():
        if pool.headcount is not None and pool.headcount.ramp is not None:
            begins = min(since(scenario, moment) for moment in pool.headcount.ramp)
            if begins >= scenario.horizon:
                days = math.floor(begins / 86_400) + 1
                rule = f"must begin within the horizon, but begins on day {days}, and before that nobody is there"
                yield ("pools", name, "headcount", "ramp"), f"{rule}. Write `horizon: {days} days`, or an earlier date."


def _within(scenario: Scenario, loc: tuple[str | int, ...], seconds: float) -> Iterator[Broken]:
    if seconds <= 0:
        more = " What is there at the start is `backlog`." if "releases" in loc else ""
        yield loc, f"{_late(scenario)}{more}"
    elif seconds > scenario.horizon:
        days = math.ceil(seconds / 86_400)
        yield loc, f"must lie within the horizon, but is day {days}. Write `horizon: {days} days`."


def _late(scenario: Scenario) -> str:
    return f"must be later than the start, {scenario.start.local:%Y-%m-%dT%H:%M}, but is not."
