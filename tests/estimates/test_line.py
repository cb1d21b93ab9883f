"""The estimates of a line: numbers that can be worked out by hand, and words for what cannot be said."""

from __future__ import annotations

import dataclasses
import math

import anyline
import pytest
from hypothesis import given, settings
from lines import ALWAYS, OFFICE, WEEK, constant, exponential, full, queue, whole
from theory.oracles import single

from labelcast.reports.estimates import estimate_text
from labelcast.sim.estimates import estimate
from labelcast.sim.line import Absence, Arrivals, Calendar, Line, Pool, Release, Segment, Stage

from .grid import Point

DAY = 86_400.0
HALF = {"done": (("annotate", 0.5), ("deliver", 0.5))}


def office(line: Line, **more: object) -> Line:
    """The line with its people and arrivals in the office: 40 hours a week."""
    pools = tuple(dataclasses.replace(pool, calendar="office", **more) for pool in line.pools)
    segments = tuple(
        dataclasses.replace(s, arrivals=s.arrivals and dataclasses.replace(s.arrivals, calendar="office"))
        for s in line.segments
    )
    return dataclasses.replace(line, pools=pools, segments=segments, calendars=(ALWAYS, OFFICE))


def test_load_counts_open_hours_shrinkage_and_absence() -> None:
    """2400 tasks a week of 45 active minutes, a quarter of the time off tasks, in 40 open hours: 60 people busy. Of 80
    a tenth is away: 72 are there."""
    line = office(queue(80, 2400.0, 100, exponential(2700.0)), shrinkage=0.25, absence=Absence(0.1))
    (pool,) = estimate(line).pools
    assert pool.open_h == 40.0
    assert pool.offered_load == pytest.approx(60.0)
    assert pool.people == pytest.approx(72.0)
    assert pool.utilisation == pytest.approx(60.0 / 72.0)
    assert 60.0 / 0.9 < pool.people_wanted <= 60.0 / 0.9 + 2.0 * math.sqrt(60.0) / 0.9


def test_one_stage_is_erlang_c_in_time_on_shift() -> None:
    """The wait and the time in the line of M/M/3 whose clock stands still at night."""
    line = office(queue(3, 40 * 12.0, 100, exponential(720.0)))
    found = estimate(line)
    wait = single.mmc_wait(3, 12 / 3600, 720.0)
    assert found.pools[0].wait_s == pytest.approx(wait, rel=1e-3)
    assert found.time_in_line_s == pytest.approx(wait + 720.0, rel=1e-3)
    assert not found.warnings


def test_overload_is_told_by_how_much_the_queue_grows() -> None:
    """2 people for 3 people's work: a third of 300 items a week stays; no waits are told."""
    line = queue(2, 300.0, 10_000, constant(WEEK * 3 / 300))
    found = estimate(line)
    assert found.warnings == ("overloaded: annotators cannot keep up; its queue grows by 100 items a week.",)
    assert math.isnan(found.pools[0].wait_s)
    assert math.isnan(found.time_in_line_s)
    assert found.pools[0].utilisation == pytest.approx(1.5)


def test_a_backlog_drains_on_the_calendar() -> None:
    """100 items of an hour, 4 people, 8 hours a day from Monday 9:00: after 25 hours, on Thursday at 10:00."""
    line = office(queue(4, 1.0, 1, constant(3600.0)))
    line = dataclasses.replace(line, segments=(Segment("items", 100),))
    found = estimate(line)
    assert found.drained_s == pytest.approx(3 * DAY + 10 * 3600.0)
    assert found.pools[0].work_h == pytest.approx(100.0)
    assert "done by 7 Jan 2027 10:00" in estimate_text(line, found)
    assert "No work keeps coming" in estimate_text(line, found)


def test_a_backlog_rests_on_a_holiday() -> None:
    """The same with Wednesday closed: a day later."""
    line = office(queue(4, 1.0, 1, constant(3600.0)))
    closed = (ALWAYS, dataclasses.replace(OFFICE, closed=("2027-01-06",)))
    found = estimate(dataclasses.replace(line, segments=(Segment("items", 100),), calendars=closed))
    assert found.drained_s == pytest.approx(4 * DAY + 10 * 3600.0)


def test_idle_time_before_a_release_is_lost() -> None:
    """One item now, two on the third day, an hour each for one person: done two hours after they came."""
    line = queue(1, 1.0, 1, constant(3600.0))
    segment = Segment("items", 1, releases=(Release(3 * DAY, 2),))
    found = estimate(dataclasses.replace(line, segments=(segment,)))
    assert found.drained_s == pytest.approx(3 * DAY + 2 * 3600.0)


def test_the_last_rework_may_take_another_day() -> None:
    """Labels are given until 16:00 and judged from then on; half go back once, and are judged again on Tuesday from
    16:00 on, so that they are packed on Wednesday morning."""
    line = Point((4, 4, 4), (0.5, 0.5, 0.5), 1.0).line(10)
    day = tuple((d, 9 * 3600, 16 * 3600) for d in range(5))
    late = tuple((d, 16 * 3600, 17 * 3600) for d in range(5))
    calendars = (Calendar("day", "UTC", day), Calendar("late", "UTC", late))
    half = {"sensitivity": 0.5, "false_alarm": 0.5}
    stages = tuple(dataclasses.replace(stage, rounds=1, time=constant(60.0)) for stage in line.stages)
    pools = (Pool("annotators", 4, "day"), Pool("reviewers", 4, "late", **half), Pool("packers", 4, "day"))
    line = dataclasses.replace(line, calendars=calendars, pools=pools, stages=stages, segments=(Segment("items", 100),))
    assert 2 * DAY + 9 * 3600.0 < estimate(line).drained_s < 2 * DAY + 9.1 * 3600.0


def test_a_backlog_beyond_the_horizon_is_not_done() -> None:
    """Infinity, and a sentence."""
    line = dataclasses.replace(queue(1, 1.0, 1, constant(3600.0)), segments=(Segment("items", 10_000),), horizon_s=WEEK)
    found = estimate(line)
    assert found.drained_s == math.inf
    assert "not done by the horizon" in estimate_text(line, found)


def test_what_keeps_coming_delays_the_backlog() -> None:
    """100 hours of backlog, and half an hour of work an hour for one person: gone after 200 hours."""
    line = queue(1, 84.0, 1, constant(3600.0))
    stream = dataclasses.replace(line.segments[0], backlog=100, arrivals=Arrivals(84.0, "always"))
    found = estimate(dataclasses.replace(line, segments=(stream,)))
    assert found.drained_s == pytest.approx(200 * 3600.0)


def test_twice_the_people_and_twice_the_work_wait_less() -> None:
    """Economies of scale."""
    small, large = (estimate(queue(c, 50.0 * c, 100, exponential(0.9 * WEEK / 50.0))) for c in (2, 4))
    assert small.pools[0].utilisation == pytest.approx(large.pools[0].utilisation)
    assert large.time_in_line_s < small.time_in_line_s


def test_labels_of_an_item_come_together() -> None:
    """Three labels at once make waits longer than three items would, and the longest of them counts."""
    line = queue(8, 500.0, 100, exponential(0.7 * 8 * WEEK / 1500.0))
    (stage,) = line.stages
    three = dataclasses.replace(line, stages=(dataclasses.replace(stage, labels_per_item=3),))
    single_labels = estimate(queue(8, 1500.0, 100, stage.time))
    found = estimate(three)
    assert found.pools[0].offered_load == pytest.approx(single_labels.pools[0].offered_load)
    assert found.pools[0].wait_s > 1.5 * single_labels.pools[0].wait_s
    assert found.time_in_line_s > found.pools[0].wait_s + 1.8 * found.stages[0].time_s


def test_labels_come_together_from_a_stage_too() -> None:
    """What leaves M/M/c is Poisson, and so is a half of it: the labels after a work stage wait as those of items that
    come from outside."""
    line = queue(8, 500.0, 100, exponential(0.7 * 8 * WEEK / 1500.0))
    label = dataclasses.replace(line.stages[0], labels_per_item=3)
    before = Stage("work", "work", (("others", 1.0),), exponential(0.5 * WEEK / 1000.0), HALF)
    alone = dataclasses.replace(line, stages=(label,))
    after = dataclasses.replace(
        line,
        segments=(Segment("items", arrivals=Arrivals(1000.0, "always")),),
        stages=(before, label),
        first="work",
        pools=(*line.pools, Pool("others", 1, "always")),
    )
    assert estimate(after).pools[0].wait_s == pytest.approx(estimate(alone).pools[0].wait_s, rel=1e-3)


def test_what_is_not_estimated_is_told() -> None:
    """A crowd's waits are unknown and so is the time in the line; each mechanism that is left out has its sentence."""
    found = estimate(whole())
    assert math.isnan(found.time_in_line_s)
    told = " ".join(found.left_out)
    for word in ("crowd", "practice", "Tiring", "leave", "batch", "machine", "Lots", "held too long", "elsewhere"):
        assert word in told, word
    assert "not estimated" in estimate_text(whole(), found)


def test_a_plain_line_leaves_nothing_out() -> None:
    """No sentence without a reason."""
    assert estimate(queue(3, 100.0, 100, exponential(60.0))).left_out == ()


def test_names_cannot_steer_the_terminal() -> None:
    """Control characters in names do not reach it."""
    line = queue(3, 100.0, 100, exponential(60.0))
    stage = Stage("an\x1bnotate", "annotate", (("annotators", 1.0),), exponential(60.0), line.stages[0].next)
    line = dataclasses.replace(line, stages=(stage,), first=stage.name)
    assert "\x1b" not in estimate_text(line, estimate(line))


@settings(max_examples=25, deadline=None)
@given(anyline.lines())
def test_any_line_has_an_estimate(line: Line) -> None:
    """Whatever mechanisms a line has: numbers or words."""
    assert "nan" not in estimate_text(line, estimate(line))


def test_every_line_has_an_estimate() -> None:
    """Nobody there, nothing to do, all mechanisms: numbers or words, never an error."""
    nobody = dataclasses.replace(full(), pools=(Pool("team", 0, "office"), *full().pools[1:]))
    nothing = dataclasses.replace(full(), segments=(Segment("none"),))
    for line in (full(), whole(), nobody, nothing):
        assert "nan" not in estimate_text(line, estimate(line))
