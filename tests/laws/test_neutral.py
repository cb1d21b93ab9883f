"""A mechanism at its neutral setting changes no row: a line that has it so and one that has it not give one log."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
import twins
from comparison import differences
from laws.neutral import ITSELF, NEUTRAL, OPTIONAL, SAME, Neutral, Place
from lines import ALWAYS, Line, exponential, full, queue, whole
from rewritten import rewrite
from twins import run

from labelcast.sim import line as line_parts
from labelcast.sim.line import Arrivals, Segment
from labelcast.sim.log import Log
from labelcast.sim.plan import Plan
from labelcast.sim.reference import bench


def one(items: int) -> Line:
    """One stage, one pool, two segments."""
    segments = (
        Segment("street", backlog=items, priority=2),
        Segment("night", arrivals=Arrivals(3000.0, "always", items=items), difficulty_sd=1.0),
    )
    return queue(3, 0, 0, exponential(300), segments=segments)


def with_always(line: Line) -> Line:
    """The line with a calendar called always, for what is put in."""
    there = any(calendar.name == "always" for calendar in line.calendars)
    return line if there else dataclasses.replace(line, calendars=(*line.calendars, ALWAYS))


BASES = {"full": with_always(full(25)), "whole": whole(25), "one": one(25)}


def with_fields(line: Line, fields: dict[Place, Any]) -> Line:
    """The line with these fields so, wherever their class stands; a function is called with the field's value."""

    def change(owner: str, field: str, value: Any) -> Any:
        new = fields.get((owner, field), SAME)
        if new is SAME:
            return value
        return new(value) if callable(new) else new

    return rewrite(line, change)  # type: ignore[no-any-return]


KEPT: dict[str, Log] = {}


def log(line: Line) -> Log:
    """Of a plain line kept, since most fields are neutral on the same ones."""
    name = repr(line)
    if name not in KEPT:
        KEPT[name] = run(Plan.of(line), 1, 0)
    return KEPT[name]


def broken(place: Place, neutral: Neutral) -> list[str]:
    """Where a neutral setting differs from the plain line."""
    found = []
    for base in neutral.bases:
        plain = with_fields(BASES[base], {**neutral.given, place: neutral.plain})
        before = log(plain)
        for setting in neutral.settings:
            told = differences(before, log(with_fields(plain, {place: setting})), neutral.without)
            found += [f"{base}, {setting}: {one}" for one in told]
    return found


@pytest.mark.parametrize("place", NEUTRAL, ids=".".join)
def test_a_neutral_setting_changes_no_row(place: Place) -> None:
    """Of every field, on a small line and on one with all mechanisms."""
    assert broken(place, NEUTRAL[place]) == []


def test_no_field_is_forgotten() -> None:
    """Every field of every part of the line has a neutral setting here, or is what the line is."""
    parts = [part for part in vars(line_parts).values() if isinstance(part, type) and dataclasses.is_dataclass(part)]
    fields = {(part.__name__, field.name) for part in parts for field in dataclasses.fields(part)}
    itself = {(owner, field) for owner, names in ITSELF.items() for field in names.split()}
    optional = {(owner, field) for owner, field in fields if owner in OPTIONAL}
    assert len(parts) > 25
    assert fields == set(NEUTRAL) | itself | optional
    assert not set(NEUTRAL) & (itself | optional)


def test_epochs_that_say_the_same_again_change_no_row() -> None:
    """An epoch whose parts are those before it."""
    for line in BASES.values():
        line = dataclasses.replace(line, epochs=())
        parts = {name: getattr(line, name) for name in ("segments", "calendars", "pools", "stages")}
        for given in (*({name: part} for name, part in parts.items()), parts):
            again = dataclasses.replace(line, epochs=(line_parts.Epoch(86_400.0, **given),))
            assert differences(log(line), log(again)) == [], list(given)


def test_the_law_sees_a_mechanism_that_costs_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: where work may be stretched by a pool's segment times it takes a millisecond more."""
    twins.alone(monkeypatch)
    monkeypatch.setitem(globals(), "KEPT", {})
    place = ("Pool", "segment_times")
    assert broken(place, NEUTRAL[place]) == []
    true = bench.Bench._active

    def active(self: Any, task: Any, stage: Any, pace: float) -> int:
        stretched = self.state.plan.line.pools[self.state.workers.pool[task.worker]].segment_times
        return true(self, task, stage, pace) + (1 if stretched else 0)

    monkeypatch.setattr(bench.Bench, "_active", active)
    KEPT.clear()
    assert broken(place, NEUTRAL[place]) != []
