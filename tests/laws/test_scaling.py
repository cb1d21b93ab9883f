"""Where everything takes n times as long, everything happens n times as late, to the tick."""

from __future__ import annotations

import dataclasses

import anyline
import pytest
import twins
from comparison import differences, with_times
from hypothesis import given, settings
from hypothesis import strategies as st
from lines import ALWAYS, exponential, queue, whole
from rewritten import rewrite, slower
from twins import run

from labelcast.sim.line import Absence, Batch, Drift, Line, Mentoring
from labelcast.sim.plan import Plan
from labelcast.sim.reference import bench

HOURS = {
    "absence": Absence(),  # by whole days
    "drift": Drift(),  # by dates
    "mentoring": Mentoring(),  # by weeks
    "overtime_s": 0.0,  # of the last shift of a day
    "overtime_cap_s": None,  # of a week
    "shape": None,  # by hour of the week
    "growth_per_week": 0.0,
    "fade": 0.0,  # by hours since posting
}
"""What hangs on the calendar or on hours, at its neutral setting."""


def timeless(line: Line) -> Line:
    """The line with everybody there always, and nothing that hangs on days or weeks."""
    always = rewrite(line, lambda _, field, value: HOURS.get(field, value))
    open_ = tuple(dataclasses.replace(ALWAYS, name=calendar.name) for calendar in line.calendars)
    epochs = tuple(dataclasses.replace(epoch, calendars=None) for epoch in always.epochs)
    return dataclasses.replace(always, calendars=open_, epochs=epochs, timezone="UTC")  # type: ignore[no-any-return]


def broken(line: Line, n: int) -> list[str]:
    """Where the log of the slower line differs from the log with times n times as long."""
    return differences(with_times(run(Plan.of(line), 1, 0), n), run(Plan.of(slower(line, n)), 1, 0))


@settings(deadline=None, max_examples=40, derandomize=True)
@given(anyline.lines().map(timeless), st.sampled_from((2, 3, 10)))
def test_every_tick_scales(line: Line, n: int) -> None:
    """Every time of the log of any small line is n times as long, and nothing else is changed."""
    assert broken(line, n) == []


def test_every_tick_scales_when_everything_happens() -> None:
    """The same on a line with all mechanisms that know no calendar."""
    assert broken(timeless(whole(30)), 4) == []


def test_the_law_sees_a_time_that_does_not_scale(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: a batch's set-up is a second, whatever the stage says."""
    twins.alone(monkeypatch)
    line = queue(1, 0, 0, exponential(60), segments=whole(30).segments[:1])
    stages = (dataclasses.replace(line.stages[0], batch=Batch(3, 2.0)),)
    line = timeless(dataclasses.replace(line, stages=stages))
    assert broken(line, 2) == []
    true = bench.Bench._active
    monkeypatch.setattr(bench.Bench, "_active", lambda self, task, stage, pace: true(self, task, stage, pace) + 1000)
    assert broken(line, 2) != []
