"""Agreement of a log, as its KPIs have it and as its rows say."""

from __future__ import annotations

import math
from typing import Any

import anyline
import pytest
from hypothesis import given, settings

from labelcast.sim import kernel
from labelcast.sim.agreement import agreement_of
from labelcast.sim.errors import DataRefused
from labelcast.sim.kpis import kpis
from labelcast.sim.line import Line
from labelcast.sim.plan import Plan


@settings(max_examples=15, deadline=None)
@given(anyline.lines())
def test_the_kpis_of_any_run(line: Line) -> None:
    """The share of equal pairs and alpha are the KPIs of the same log, NaN there where there is none here."""
    log = kernel.run(Plan.of(line), 1, 0)
    found, told = agreement_of(log), kpis(log, None)
    for one, kpi in ((found.percent, told["agreement"]), (found.alpha, told["alpha"])):
        assert math.isnan(kpi) if one.value is None else kpi == pytest.approx(one.value, abs=1e-12)


def test_ten_items_by_hand(trace: Any) -> None:
    """Three items with two labels by t0 and t1: car car, car truck, car truck. A third of the pairs is equal; t0 says
    car always, so that chance agrees in a third too, and kappa is 0."""
    found = agreement_of(trace.log())
    assert found.percent.value == pytest.approx(1 / 3)
    assert (found.percent.units, found.percent.labels) == (3, 6)
    assert found.cohen.value == pytest.approx(0)
    assert (found.cohen.units, found.cohen.labels) == (3, 6)


def test_nobody_is_no_worker(trace: Any) -> None:
    """Labels whose worker is not recorded are compared, but not by pairs of workers."""
    for task in trace.tasks:
        if task["item"] == 0:
            task["worker"] = None
    found = agreement_of(trace.log())
    assert found.percent.units == 3
    assert found.cohen.units == 2


def test_the_same_number_in_two_pools_is_two_people(trace: Any) -> None:
    """Worker 0 of one pool and worker 0 of another can disagree."""
    for task in trace.tasks:
        if task["worker"] == 1 and task["stage"] == "annotate":
            task["pool"], task["worker"] = "experts", 0
    assert agreement_of(trace.log()).cohen.units == 3


def test_an_order_and_values_are_of_labels_by_name(trace: Any) -> None:
    """With two labels any order gives nominal alpha; an order or values that lack one, or both at once, are refused."""
    log = trace.log()
    nominal = agreement_of(log).alpha.value
    assert agreement_of(log).alpha_ordinal.note == "the labels have no order"
    assert agreement_of(log, order=["truck", "car"]).alpha_ordinal.value == pytest.approx(nominal)
    assert agreement_of(log, values={"truck": 9, "car": 1, "bus": 4}).alpha_interval.value == pytest.approx(nominal)
    with pytest.raises(DataRefused, match="missing: truck"):
        agreement_of(log, order=["car"])
    with pytest.raises(DataRefused, match="one of the two"):
        agreement_of(log, order=["car", "truck"], values={"car": 1, "truck": 2})
