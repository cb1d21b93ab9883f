"""Costs of `changes` that run by the month, in the ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pandas as pd
import pytest
from books import book_log, clock
from lines import constant, queue
from twins import run

from labelcast.sim.ledger import Period, Terms, ledger
from labelcast.sim.line import Contract, Line, Running
from labelcast.sim.plan import Plan
from labelcast.sim.replicate import replicate

HOUR = 3_600_000
PARIS = "2027-01-01T00:00:00+01:00", "Europe/Paris"
WEEK = 7 * 86_400.0


def project(*running: Running, fee: int = 0) -> Line:
    """2,000 items of an hour each, by ten people who are always there: eight days from 25 January on."""
    line = queue(10, 100.0, 10, constant(3600.0))
    segment = replace(line.segments[0], arrivals=None, backlog=2_000)
    pool = replace(line.pools[0], contract=Contract(hourly=9_000_000, monthly=fee))
    return replace(line, start=datetime(2027, 1, 25), segments=(segment,), pools=(pool,), running=running)


def test_each_month_begun_costs_the_whole() -> None:
    """From the 31st on: January, February, and of March nothing, as the log ends at its first midnight; a second one
    later is in the same row, and the row is tooling of no pool."""
    at = clock(*PARIS)
    end = at("2027-03-01 00:00")
    log = book_log(["street"], [], [], end, *PARIS)
    running = ((at("2027-01-31 23:59"), 300_000_000), (at("2027-02-10 00:00"), 20_000_000), (end, 7_000_000))
    table = ledger(log, Terms((Period(0, {}),), running=running))
    columns = table[["month", "activity", "segment", "pool", "quantity", "unit", "amount"]]
    assert [*columns.itertuples(index=False, name=None)] == [
        ("2027-01", "tooling", "", "", 1.0, "running", 300_000_000),
        ("2027-02", "tooling", "", "", 2.0, "running", 320_000_000),
    ]


def test_a_run_that_ends_at_once_has_begun() -> None:
    """As a monthly fee is due of a run without any work, so is what runs from its start."""
    log = book_log(["street"], [], [], 0, *PARIS)
    table = ledger(log, Terms((Period(0, {}),), running=((0, 5_000_000), (1, 70_000_000))))
    assert table["amount"].tolist() == [5_000_000]


@pytest.mark.parametrize("replication", [0, 1])
def test_from_the_start_on_it_is_a_monthly_fee(replication: int) -> None:
    """A licence from the start costs what the same monthly fee of a contract costs, in every month."""
    sums = []
    for line in (project(Running(0.0, 300_000_000, "licence")), project(fee=300_000_000)):
        log = run(Plan.of(line), 1, replication)
        table = ledger(log, Terms.of(line))
        assert table["month"].nunique() == 2
        sums.append(table.groupby("month")["amount"].sum())
    pd.testing.assert_series_equal(*sums)


def test_both_engines_have_one_ledger() -> None:
    """Row by row to the micro-unit, without a log and from one, and in the KPI of cost."""
    line = project(Running(WEEK / 2, 310_000_000, "licence"), Running(WEEK, 12_345_678, "support"))
    fast, reference = (replicate(line, 2, 1, 1, engine=name) for name in ("fast", "reference"))
    pd.testing.assert_frame_equal(fast.ledger, reference.ledger)
    assert fast.kpis["cost"].tolist() == reference.kpis["cost"].tolist()
    rows = fast.ledger[fast.ledger["unit"] == "running"]
    assert rows["month"].tolist() == ["2027-01", "2027-02"] * 2
    assert rows["amount"].tolist() == [310_000_000, 322_350_000] * 2


def test_what_would_run_from_the_horizon_on_is_not_due() -> None:
    """The horizon is exclusive; a line on which nobody else is paid still has costs."""
    line = project()
    late = Running(line.horizon_s, 5_000_000, "late")
    assert Terms.of(replace(line, running=(late,))).running == ()
    unpaid = replace(line, pools=(replace(line.pools[0], contract=Contract()),))
    assert not Terms.of(unpaid).pays
    assert not Terms.of(replace(unpaid, running=(late,))).pays
    assert Terms.of(replace(unpaid, running=(Running(0.0, 1, "licence"),))).pays
