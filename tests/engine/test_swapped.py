"""Lines taken apart by kind: every field has one, none and all are the two lines, and Shapley's parts add up."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from lines import WEEK, constant, full

from labelcast.sim.line import Contract, Epoch, Line, Pool, Segment, Stage
from labelcast.sim.replicate import replicate
from labelcast.sim.swapped import KINDS, LINE, POOL, SEGMENT, STAGE, differ, mapped, shapley, swapped, unlike

ALIKE = ("name", "start", "timezone", "currency", "assumed", "fitted", "stated", "backtest")
PARTS = ("segments", "calendars", "pools", "stages", "epochs")


def _other(line: Line) -> Line:
    """The line with something of each kind changed, from a date on."""
    pools = tuple(
        replace(one, headcount=one.headcount + 1, skill_mean=one.skill_mean + 0.5, contract=Contract(hourly=9_000_000))
        for one in line.pools
    )
    stages = tuple(replace(one, time=constant(33.0)) if one.kind == "review" else one for one in line.stages)
    first, second = line.segments
    segments = (replace(first, backlog=first.backlog + 10, difficulty_sd=0.1), replace(second, backlog=5))
    return replace(
        line, segments=segments, pools=pools, stages=stages, horizon_s=line.horizon_s + WEEK,
        epochs=(Epoch(WEEK, pools=tuple(replace(one, headcount=one.headcount + 2) for one in pools)),),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "of", "besides"),
    [
        (Pool, POOL, ("name",)),
        (Stage, STAGE, ("name", "kind")),
        (Segment, SEGMENT, ("name", "backlog", "releases", "arrivals")),
        (Line, LINE, (*ALIKE, *PARTS)),
    ],
)
def test_every_field_has_a_kind(kind: type, of: dict[str, str], besides: tuple[str, ...]) -> None:
    """A field that is added to a line must be given one."""
    assert mapped(kind, of, besides)
    assert set(of.values()) <= set(KINDS)


def test_none_and_all_are_the_two_lines() -> None:
    """With nothing from the other the line runs as it did; with everything, as the other does, to the last KPI."""
    one, other = full(20), _other(full(20))
    nothing, everything = swapped(one, other, ()), swapped(one, other, KINDS)
    assert replicate(nothing, 2, 1, 1).kpis.equals(replicate(one, 2, 1, 1).kpis)
    assert replicate(everything, 2, 1, 1).kpis.equals(replicate(other, 2, 1, 1).kpis)


def test_a_kind_takes_its_own_and_nothing_else() -> None:
    """Prices leave who is there as it was; staff leaves prices; how much work leaves its mix, and mix the amount."""
    one, other = full(20), _other(full(20))
    dearer, more = swapped(one, other, ("price",)), swapped(one, other, ("staffing",))
    assert [pool.contract for pool in dearer.pools] == [pool.contract for pool in other.pools]
    assert [pool.headcount for pool in dearer.pools] == [pool.headcount for pool in one.pools]
    assert [pool.headcount for pool in more.epochs[0].pools or ()] == [pool.headcount + 3 for pool in one.pools]
    assert [pool.contract for pool in more.pools] == [pool.contract for pool in one.pools]
    work = swapped(one, other, ("volume",)).segments
    assert sum(segment.backlog for segment in work) == sum(segment.backlog for segment in other.segments)
    assert work[0].difficulty_sd == one.segments[0].difficulty_sd
    mixed = swapped(one, other, ("mix",)).segments
    assert sum(segment.backlog for segment in mixed) == sum(segment.backlog for segment in one.segments)
    assert mixed[1].backlog > 0
    assert differ(one, other) == list(KINDS)
    assert differ(one, dearer) == ["price"]
    assert differ(one, one) == []


def test_what_cannot_be_taken_apart_is_told() -> None:
    """Other pools, stages, segments or currencies."""
    one = full(20)
    other = replace(one, pools=one.pools[:2], currency="USD")
    assert [told.split(" differ")[0] for told in unlike(one, other)] == ["pools", "currency"]
    assert list(unlike(one, _other(one))) == []


def test_shapley_parts_add_up_and_are_fair() -> None:
    """They sum to the difference whatever the values are; what changes nothing has none; of an additive game each part
    is its own effect; the glove game is split as Shapley has it."""
    rng = np.random.default_rng(1)
    kinds = ["a", "b", "c", "d"]
    sets = [frozenset(one) for many in range(5) for one in combinations(kinds, many)]
    values = {one: rng.standard_normal(7) for one in sets}
    parts = shapley(values, kinds)
    assert np.allclose(sum(parts.values()), values[frozenset(kinds)] - values[frozenset()])
    effects = {"a": 3.0, "b": -1.0, "c": 0.0, "d": 0.5}
    additive = {one: sum(effects[kind] for kind in one) for one in sets}
    assert shapley(additive, kinds) == pytest.approx(effects)
    gloves = {one: float("a" in one and ("b" in one or "c" in one)) for one in sets}
    assert shapley(gloves, kinds) == pytest.approx({"a": 2 / 3, "b": 1 / 6, "c": 1 / 6, "d": 0.0})
