"""Bridges: the parts add up to the micro-unit whatever the ledgers, and each factor alone is found alone."""

from __future__ import annotations

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from labelcast.reports.budget.bridge import FACTORS, REST, Bridge, bridge
from labelcast.reports.budget.whole import Asked, budget_of
from labelcast.sim.ledger import ACTIVITIES
from labelcast.sim.ledger.activities import BILLED
from labelcast.sim.replicate import Runs

Row = tuple[str, str, str, str, float, int]

ROWS = st.tuples(
    st.sampled_from([*ACTIVITIES, *BILLED]),
    st.sampled_from(["", "street", "night"]),
    st.sampled_from(["", "team", "vendor"]),
    st.sampled_from(["h", "labels", "months", "once", "periods", ""]),
    st.one_of(st.just(0.0), st.just(float("nan")), st.floats(1e-3, 1e6)),
    st.integers(-(10**13), 10**13),
)


def table(rows: list[Row]) -> pd.DataFrame:
    """activity, segment, pool, unit, quantity, amount."""
    found = pd.DataFrame(rows, columns=["activity", "segment", "pool", "unit", "quantity", "amount"])
    return found.astype({"quantity": "float64", "amount": "int64"})


BASE: list[Row] = [
    ("annotate", "street", "team", "h", 100.0, 2_000_000_000),
    ("review", "street", "team", "h", 20.0, 400_000_000),
    ("rework", "street", "team", "h", 12.0, 240_000_000),
    ("idle", "", "team", "h", 8.0, 160_000_000),
    ("annotate", "street", "vendor", "labels", 1000.0, 300_000_000),
    ("rework", "street", "vendor", "labels", 50.0, 15_000_000),
    ("fee", "", "vendor", "months", 1.0, 500_000_000),
]


def parts(one: Bridge) -> dict[str, int]:
    """The parts that are not 0."""
    assert one.begin + sum(part for _, part in one.parts) == one.end
    return {name: part for name, part in one.parts if part}


def scaled(times: float, pay: float, *activities: str) -> list[Row]:
    """BASE with quantities and amounts of these activities so many times as large."""
    return [(*row[:4], row[4] * times, round(row[5] * pay)) if row[0] in activities else row for row in BASE]


@given(st.lists(ROWS, max_size=12), st.lists(ROWS, max_size=12), st.none() | st.tuples(*[st.floats(1, 1e7)] * 2))
def test_the_parts_add_up_exactly(first: list[Row], second: list[Row], items: tuple[float, float] | None) -> None:
    """Any two ledgers, gaps and credits among them: begin plus all parts is the end, in whole micro-units."""
    found = bridge(table(first), table(second), items)
    assert [name for name, _ in found.parts] == [*FACTORS, REST]
    assert found.begin == sum(row[5] for row in first)
    assert found.end == sum(row[5] for row in second)
    assert found.begin + sum(part for _, part in found.parts) == found.end
    assert all(isinstance(part, int) for _, part in found.parts)


@settings(max_examples=40)
@given(st.lists(ROWS, max_size=12), st.tuples(*[st.floats(1, 1e7)] * 2))
def test_a_ledger_is_itself(rows: list[Row], items: tuple[float, float]) -> None:
    """From a ledger to itself nothing changes, and back and forth the parts are each other's opposite."""
    assert parts(bridge(table(rows), table(rows), (items[0], items[0]))) == {}


@settings(max_examples=40)
@given(st.lists(ROWS, max_size=8), st.lists(ROWS, max_size=8))
def test_no_side_is_preferred(first: list[Row], second: list[Row]) -> None:
    """Backwards each part is its opposite, but for what rounding gives to one of them."""
    there, back = bridge(table(first), table(second)), bridge(table(second), table(first))
    scale = sum(abs(part) for _, part in there.parts)
    for (name, one), (_, other) in zip(there.parts, back.parts, strict=True):
        assert abs(one + other) <= len(FACTORS) + 1e-9 * scale, name


def test_twice_the_volume_is_volume() -> None:
    """Twice the items with twice the work: all of it volume; idle time and fees do not come with it."""
    twice = scaled(2, 2, "annotate", "review", "rework")
    assert parts(bridge(table(BASE), table(twice), (500.0, 1000.0))) == {"volume": 2_955_000_000}


def test_dearer_hours_are_price() -> None:
    """Every price a tenth higher, quantities as they were."""
    dearer = scaled(1, 1.1, "annotate", "review", "rework", "idle")
    assert parts(bridge(table(BASE), table(dearer), (500.0, 500.0))) == {"price": 311_500_000}


def test_slower_people_are_speed_and_more_labels_are_labels_per_item() -> None:
    """Half as many hours more for each item is speed; twice the labels is labels per item; rework goes with both."""
    slower = [(*row[:4], row[4] * 1.5, row[5] * 3 // 2) if row[3] == "h" and row[0] != "idle" else row for row in BASE]
    assert parts(bridge(table(BASE), table(slower), (500.0, 500.0))) == {"speed": 1_320_000_000}
    more = [(*row[:4], row[4] * 2, row[5] * 2) if row[3] == "labels" else row for row in BASE]
    assert parts(bridge(table(BASE), table(more), (500.0, 500.0))) == {"labels per item": 315_000_000}


def test_rework_idle_time_and_fees_are_themselves() -> None:
    """Each alone, to the micro-unit."""
    assert parts(bridge(table(BASE), table(scaled(2, 2, "rework")))) == {"rework": 255_000_000}
    assert parts(bridge(table(BASE), table(scaled(2, 2, "idle")))) == {"idle, absence, training": 160_000_000}
    assert parts(bridge(table(BASE), table(scaled(1, 2, "fee")))) == {REST: 500_000_000}


def test_work_that_goes_to_dearer_people_is_mix() -> None:
    """As many hours, half of them by a pool at twice the price."""
    rows: list[Row] = [
        ("annotate", "street", "team", "h", 50.0, 1_000_000_000),
        ("annotate", "street", "experts", "h", 50.0, 2_000_000_000),
    ]
    first: list[Row] = [
        ("annotate", "street", "team", "h", 90.0, 1_800_000_000),
        ("annotate", "street", "experts", "h", 10.0, 400_000_000),
    ]
    assert parts(bridge(table(first), table(rows), (7.0, 7.0))) == {"mix": 800_000_000}


def test_staff_who_do_more_in_the_same_hours_cost_nothing_more() -> None:
    """What speed adds to a fixed staff, idle time gives back: together 0."""
    busier: list[Row] = [
        ("annotate", "street", "team", "h", 120.0, 2_400_000_000),
        ("idle", "", "team", "h", 80.0, 1_600_000_000),
    ]
    before: list[Row] = [
        ("annotate", "street", "team", "h", 100.0, 2_000_000_000),
        ("idle", "", "team", "h", 100.0, 2_000_000_000),
    ]
    found = parts(bridge(table(before), table(busier), (500.0, 500.0)))
    assert found == {"speed": 400_000_000, "idle, absence, training": -400_000_000}


def test_work_that_moves_from_hours_to_labels_is_mix() -> None:
    """Where a unit of pay is new there is no price to compare with: what the move saves is one part."""
    hours: list[Row] = [("annotate", "street", "team", "h", 100.0, 2_000_000_000)]
    labels: list[Row] = [("annotate", "street", "vendor", "labels", 4000.0, 1_600_000_000)]
    assert parts(bridge(table(hours), table(labels), (500.0, 500.0))) == {"mix": -400_000_000}


def test_without_the_volume_it_is_in_the_pace() -> None:
    """Where nobody tells the items, twice the work cannot be told from half the speed."""
    twice = scaled(2, 2, "annotate", "review", "rework")
    found = parts(bridge(table(BASE), table(twice)))
    assert found == {"speed": 2_640_000_000, "labels per item": 315_000_000}


def test_between_scenarios_it_leads_from_one_mean_to_the_other(runs: Runs) -> None:
    """The bridge to another plan ends at that plan's estimate; to the plan itself there is nothing to tell."""
    title, found = budget_of(runs, Asked(), against=runs).bridges[0]
    assert "plan" in title
    assert found.begin == found.end == budget_of(runs, Asked()).estimate.mean
    assert parts(found) == {}
