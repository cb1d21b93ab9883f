"""What stands first in a line must not matter where nothing says that it does: calendars, segments, stages of different
kinds, releases."""

from __future__ import annotations

import dataclasses

import anyline
import pandas as pd
import pytest
import twins
from comparison import differences
from hypothesis import given, settings
from hypothesis import strategies as st
from lines import full, whole
from twins import run

from labelcast.sim.line import Arrivals, Line, Release, Segment, Stage
from labelcast.sim.log import ORDER, Log
from labelcast.sim.plan import Plan, SegmentPlan
from labelcast.sim.plan import whole as whole_plan


def in_one_order(log: Log) -> Log:
    """The log with its rows in an order that hangs on no category's place."""

    def of(table: str) -> pd.DataFrame:
        frame: pd.DataFrame = getattr(log, table)
        plain = frame.assign(**{name: frame[name].astype(str) for name in ("stage", "pool") if name in frame.columns})
        return plain.sort_values(ORDER[table], ignore_index=True)

    return Log(log.items, of("tasks"), of("presence"), log.provenance)


def broken(line: Line, turned: Line) -> list[str]:
    """Where the logs differ, but for the order of stages and pools."""
    return differences(in_one_order(run(Plan.of(line), 1, 0)), in_one_order(run(Plan.of(turned), 1, 0)))


@settings(deadline=None, max_examples=25, derandomize=True)
@given(anyline.lines(), st.randoms(use_true_random=False))
def test_the_order_of_calendars_changes_no_row(line: Line, chance: object) -> None:
    """Calendars are asked for by name."""

    calendars = tuple(chance.sample(list(line.calendars), len(line.calendars)))  # type: ignore[attr-defined]
    # An epoch's parts take the place of those before by position, so that a calendar of an epoch keeps the order.
    line = dataclasses.replace(line, epochs=tuple(dataclasses.replace(one, calendars=None) for one in line.epochs))
    assert broken(line, dataclasses.replace(line, calendars=calendars)) == []


def by_kind(stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
    """The stages the other way round, those of one kind in their order: luck hangs on the place among a kind."""
    kinds = list(dict.fromkeys(stage.kind for stage in stages))[::-1]
    return tuple(stage for kind in kinds for stage in stages if stage.kind == kind)


def test_the_order_of_stages_of_different_kinds_changes_no_row() -> None:
    """Items go where `next` says; a stage's luck hangs on its place among those of its kind."""
    for line in (full(40), dataclasses.replace(whole(40), epochs=())):
        turned = dataclasses.replace(line, stages=by_kind(line.stages))
        assert [stage.name for stage in turned.stages] != [stage.name for stage in line.stages]
        assert broken(line, turned) == []


def streams() -> Line:
    """Two segments whose items all come at moments of their own."""
    segments = tuple(
        Segment(
            name,
            releases=(Release(100.0 + offset, 1), Release(5000.0 + offset, 1), Release(7000.5 + offset, 1)),
            arrivals=Arrivals(900.0, "office", items=30),
            classes={"car": 0.6, "truck": 0.4},
            difficulty_sd=0.8,
            attractor=3.0,
            priority=priority,
        )
        for name, offset, priority in (("street", 0.0, 2), ("night", 0.25, 1))
    )
    return dataclasses.replace(full(1), segments=segments)


def test_the_order_of_segments_changes_no_row() -> None:
    """An item's luck hangs on its segment's name and its number in it; items are numbered as they come."""
    line = streams()
    assert broken(line, dataclasses.replace(line, segments=line.segments[::-1])) == []


def test_the_law_sees_luck_that_hangs_on_a_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: items draw by the place of their segment."""
    twins.alone(monkeypatch)
    true = whole_plan.segment_plan

    def by_place(line: Line, segment: Segment, *rest: object) -> SegmentPlan:
        plan = true(line, segment, *rest)  # type: ignore[arg-type]
        return dataclasses.replace(plan, key=1000 + line.segments.index(segment))

    monkeypatch.setattr(whole_plan, "segment_plan", by_place)
    line = streams()
    assert broken(line, dataclasses.replace(line, segments=line.segments[::-1])) != []
