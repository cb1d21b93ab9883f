"""What a lead can move: each lever changes what it says, at all times, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lines import OFFICE, WEEK, constant, full, queue

from labelcast.sim.levers import (
    Lever,
    fewer_labels,
    fewer_reviews,
    levers,
    longer_shift,
    more_days,
    more_people,
    more_visits,
    volume,
)
from labelcast.sim.line import Arrivals, Calendar, Epoch, Line, Pool, Release, Segment, Sessions
from labelcast.sim.plan import Plan


def _line() -> Line:
    """The full line, in the middle of which a pool grows and a stage is reviewed less."""
    line = full()
    pools = tuple(replace(one, headcount=one.headcount + 2) for one in line.pools)
    stages = tuple(replace(one, fraction=one.fraction / 2) for one in line.stages)
    return replace(line, epochs=(Epoch(WEEK, pools=pools), Epoch(2 * WEEK, stages=stages, calendars=line.calendars)))


def test_one_more_person_is_there_all_the_time() -> None:
    """In the pool alone, before and after each epoch; fewer people never leave a pool empty."""
    line = _line()
    more = more_people(line, "team")
    for before, after in [(line.pools, more.pools), (line.epochs[0].pools, more.epochs[0].pools)]:
        assert before is not None
        assert after is not None
        assert [b.headcount - a.headcount for a, b in zip(before, after, strict=True)] == [1, 0, 0]
    assert replace(more, pools=line.pools, epochs=line.epochs) == line
    assert more_people(line, "team", -99).pools[0].headcount == 1


def test_an_hour_more_is_of_one_pool() -> None:
    """The pool gets a calendar of its own, each day an hour longer; who shares the old one keeps it."""
    line = _line()
    line = replace(line, pools=tuple(replace(one, calendar="office") for one in line.pools), epochs=line.epochs[1:])
    longer = longer_shift(line, "team")
    calendars = {one.name: one for one in longer.calendars}
    own = calendars[longer.pools[0].calendar]
    assert [one.calendar for one in longer.pools[1:]] == ["office", "office"]
    assert calendars["office"] == line.calendars[0]
    assert sum(b - a for _, a, b in own.intervals) == sum(b - a for _, a, b in OFFICE.intervals) + 5 * 3600
    assert {one.name for one in longer.epochs[0].calendars or ()} == set(calendars)
    Plan.of(longer)


@pytest.mark.parametrize(
    ("intervals", "longer"),
    [
        (((0, 9 * 3600, 17 * 3600),), ((0, 9 * 3600, 18 * 3600),)),
        (((0, 9 * 3600, 12 * 3600), (0, 22 * 3600, 86_400)), ((0, 8 * 3600, 12 * 3600), (0, 22 * 3600, 86_400))),
        (((0, 1800, 86_400), (1, 0, 3600)), ((0, 1800, 86_400), (1, 0, 7200))),
    ],
)
def test_a_day_is_longer_where_it_has_an_hour_to_give(
    intervals: tuple[tuple[int, int, int], ...], longer: tuple[tuple[int, int, int], ...]
) -> None:
    """At its end; before its begin where midnight is near; not where the day is full."""
    line = full()
    calendar = Calendar("office", "UTC", intervals)
    line = replace(line, calendars=(calendar, *line.calendars[1:]))
    changed = longer_shift(line, "team")
    assert next(one for one in changed.calendars if one.name == changed.pools[0].calendar).intervals == longer


@pytest.mark.parametrize(
    ("intervals", "new"),
    [
        (((0, 0, 3600), (1, 7200, 9000), (1, 9900, 10_800)), ((2, 7200, 9000), (2, 9900, 10_800))),
        (((0, 0, 3600), (2, 0, 7200)), ((1, 0, 3600),)),
        (((6, 0, 3600),), ((0, 0, 3600),)),
    ],
)
def test_a_week_has_a_day_more(
    intervals: tuple[tuple[int, int, int], ...], new: tuple[tuple[int, int, int], ...]
) -> None:
    """The first that is free, with the hours of the day before it, round the week; other pools keep their week, and a
    week of seven days has none to give."""
    line = full()
    calendar = Calendar("office", "UTC", intervals)
    line = replace(line, calendars=(calendar, *line.calendars[1:]))
    changed = more_days(line, "team")
    assert next(one for one in changed.calendars if one.name == changed.pools[0].calendar).intervals == tuple(
        sorted((*intervals, *new))
    )
    assert changed.calendars[0] == calendar
    assert [one.calendar for one in changed.pools[1:]] == [one.calendar for one in line.pools[1:]]
    whole = replace(calendar, intervals=tuple((day, 0, 3600) for day in range(7)))
    line = replace(line, calendars=(whole, *line.calendars[1:]))
    assert ("day", "team") not in {(one.kind, one.target) for one in levers(line)}


def test_fewer_reviews_and_labels() -> None:
    """Ten points less wherever as many are reviewed, at least none; a label less, at least one."""
    line = _line()
    review = next(one for one in line.stages if one.kind == "review")
    less = next(one for one in fewer_reviews(line, review.name).stages if one.name == review.name)
    assert less.fraction == pytest.approx(max(review.fraction - 0.1, 0))
    assert replace(less, fraction=review.fraction) == review
    annotate = next(one for one in line.stages if one.kind == "annotate")
    fewer = next(one for one in fewer_labels(line, annotate.name).stages if one.name == annotate.name)
    assert fewer.labels_per_item == annotate.labels_per_item - 1
    assert replace(fewer, labels_per_item=annotate.labels_per_item) == annotate


def test_volume_is_of_all_work() -> None:
    """Backlog, releases and arrivals, in epochs too."""
    segment = Segment("items", backlog=7, releases=(Release(5.0, 4),), arrivals=Arrivals(10.0, "office", items=9))
    line = replace(full(), segments=(segment,), epochs=(Epoch(WEEK, segments=(segment,)),))
    twice = volume(line, 2.0)
    for segments in (twice.segments, twice.epochs[0].segments):
        assert segments is not None
        (one,) = segments
        assert (one.backlog, one.releases[0].items) == (14, 8)
        assert one.arrivals is not None
        assert (one.arrivals.per_week, one.arrivals.items) == (20.0, 18)
    assert volume(line, 1.0) == line


def test_levers_are_those_that_move_something() -> None:
    """One of each kind that the line has; none that would leave it as it is."""
    line = _line()
    found = levers(line)
    assert {(one.kind, one.target) for one in found} >= {
        ("person", "team"),
        ("person", "reviewers"),
        ("hour", "team"),
        ("day", "team"),
    }
    assert ("hour", "vendor") not in {(one.kind, one.target) for one in found}  # whose hours are shares of slots
    assert all(isinstance(one, Lever) and one.apply(line) != line for one in found)


def test_a_crowd_is_visited_more() -> None:
    """A tenth more often, and nothing else."""
    pool = Pool("crowd", 0, "always", sessions=Sessions(100.0, "always", tasks=constant(5.0)))
    line = queue(1, 100.0, 10, constant(60.0))
    line = replace(line, pools=(pool,), stages=(replace(line.stages[0], pools=(("crowd", 1.0),)),))
    more = next(one for one in more_visits(line, pool.name).pools if one.name == pool.name)
    assert more.sessions is not None
    assert pool.sessions is not None
    assert more.sessions.per_week == pytest.approx(1.1 * pool.sessions.per_week)
    assert replace(more, sessions=pool.sessions) == pool
    assert ("visits", pool.name) in {(one.kind, one.target) for one in levers(line)}
