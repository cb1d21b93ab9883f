"""Months, percentiles and means: on stacks worked out by hand, and exact on any."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledgers import stack

from labelcast.reports.budget.amounts import beyond, by_month, fan, mean_ledger, means, means_within, percentile
from labelcast.reports.budget.calendar import fiscal_quarter, fiscal_year, months_from, paid_in
from labelcast.reports.budget.whole import Asked, budget_of
from labelcast.sim.replicate import Runs

MONTHS = ("2027-01", "2027-02", "2027-03")


def test_what_is_billed_alike_everywhere_comes_out_as_billed() -> None:
    """Tax of 90.25 in each of three replications, on two rows of 45.125, beside hours of which thirds of a cent are
    left: the tax stays 90.25, and all rows come to the whole, cut once."""
    sums = [3 * 45_125_000, 3 * 45_125_000, 10_010_000, 10_010_000]
    groups = [("2028-01", "tax"), ("2028-01", "tax"), ("2028-01", "h"), ("2028-02", "h")]
    found = means_within(sums, groups, 3, 10_000)
    assert found[:2] == [45_130_000, 45_120_000]
    assert sum(found) == sum(means(sums, 3, 10_000))
    assert means_within([], [], 3, 10_000) == []


def test_percentiles_by_hand() -> None:
    """Of ten replications, P50 is the fifth, P80 the eighth, P95 the tenth; of one, all are it."""
    values = np.array([70, 10, 90, 30, 50, 20, 100, 40, 60, 80], np.int64)
    assert [percentile(values, p) for p in (50, 80, 95)] == [50, 80, 100]
    assert [percentile(np.array([7], np.int64), p) for p in (50, 80, 95)] == [7, 7, 7]


def test_percentiles_of_a_sum_are_of_each_replications_sum() -> None:
    """Two months that swing against each other come to the same sum in both replications: their P95 do not add up."""
    rows = [
        (n, month, "annotate", "s", "p", 1.0, "h", micro)
        for n, month, micro in ((0, "2027-01", 30), (0, "2027-02", 10), (1, "2027-01", 10), (1, "2027-02", 30))
    ]
    table = by_month(stack(rows), 2, MONTHS)
    assert table.tolist() == [[30, 10, 0], [10, 30, 0]]
    assert [fan(table[:, n], 1).p95 for n in range(3)] == [30, 30, 0]
    assert fan(table.sum(axis=1), 1).p95 == 40


def test_what_is_due_after_the_last_month_is_told_apart() -> None:
    """An amount of a later month is in no month, and in what comes later."""
    rows = stack([(0, "2027-03", "fee", "", "p", 1.0, "months", 5), (1, "2027-04", "fee", "", "p", 1.0, "months", 7)])
    assert by_month(rows, 2, MONTHS).sum() == 5
    assert beyond(rows, 2, MONTHS).tolist() == [0, 7]


@given(
    st.lists(st.integers(-(10**15), 10**15), min_size=1, max_size=40),
    st.integers(1, 200),
    st.sampled_from([1, 10_000, 1_000_000]),
)
def test_means_add_up_to_the_mean_of_the_whole(sums: list[int], replications: int, minor: int) -> None:
    """Whatever the sums: each mean is whole minor units and at most one off, and together they are the rounded mean."""
    found = means(sums, replications, minor)
    assert all(one % minor == 0 for one in found)
    assert all(abs(one * replications - total) <= replications * minor for one, total in zip(found, sums, strict=True))
    assert abs(2 * (sum(found) * replications - sum(sums))) <= replications * minor


def test_the_mean_ledger_by_hand() -> None:
    """A row that one of two replications lacks counts as nothing there; its price is that of what there is."""
    rows = stack(
        [
            (0, "2027-01", "annotate", "s", "p", 2.0, "h", 40_010_000),
            (1, "2027-01", "annotate", "s", "p", 1.0, "h", 20_000_000),
            (1, "2027-01", "rework", "s", "p", 1.0, "h", 20_000_000),
        ]
    )
    found = mean_ledger(rows, 2, MONTHS, "EUR")
    assert found["activity"].tolist() == ["annotate", "rework"]
    assert found["amount"].tolist() == [30_010_000, 10_000_000]  # 30.005 and 10 are 40.005, rounded half up 40.01
    assert found["billed"].tolist() == found["amount"].tolist()
    assert found["quantity"].tolist() == [1.5, 0.5]
    assert found["price"].tolist() == [pytest.approx(60_010_000 / 3), 20_000_000]
    assert found["p50"].tolist() == [20_000_000, 0]
    assert found["p95"].tolist() == [40_010_000, 20_000_000]


def test_months_sum_to_the_total_exactly(runs: Runs) -> None:
    """In each replication, and of the means: months, quarters, years and rows all come to the whole, and the whole to
    the mean cost within half a cent."""
    found = budget_of(runs, Asked(fiscal_from=2))
    whole = by_month(runs.ledger, len(runs.kpis), found.months).sum(axis=1) + beyond(
        runs.ledger, len(runs.kpis), found.months
    )
    assert (whole / 1e6 == runs.kpis["cost"].to_numpy()).all()
    for parts in (found.outlook, found.quarters, found.years):
        assert sum(one.sum.mean for one in parts) == found.estimate.mean == parts[-1].so_far.mean
        assert (parts[-1].so_far.p50, parts[-1].so_far.p95) == (found.estimate.p50, found.estimate.p95)
    assert found.ledger["amount"].sum() == found.estimate.mean
    assert abs(found.estimate.mean - 1e6 * runs.kpis["cost"].mean()) <= 5_000
    assert found.outlook[-1].sum.p95 == 0  # the plan is done by then
    assert found.later.p95 == 0


def test_a_shorter_budget_leaves_the_rest_to_later(runs: Runs) -> None:
    """One month and what comes later are the whole."""
    short, long = budget_of(runs, Asked(months=1)), budget_of(runs, Asked())
    assert short.later.mean > 0
    assert abs(short.estimate.mean + short.later.mean - long.estimate.mean) <= 10_000
    assert short.estimate.p80 == long.outlook[0].sum.p80


@pytest.mark.parametrize(
    ("month", "first", "year", "quarter"),
    [
        ("2027-01", 1, "FY2027", "FY2027 Q1"),
        ("2027-12", 1, "FY2027", "FY2027 Q4"),
        ("2027-03", 4, "FY2026/27", "FY2026/27 Q4"),
        ("2027-04", 4, "FY2027/28", "FY2027/28 Q1"),
        ("1999-12", 7, "FY1999/00", "FY1999/00 Q2"),
        ("2027-11", 12, "FY2026/27", "FY2026/27 Q4"),
    ],
)
def test_fiscal_calendars(month: str, first: int, year: str, quarter: str) -> None:
    """A year begins with its month, and is named by both calendar years unless that is January."""
    assert fiscal_year(month, first) == year
    assert fiscal_quarter(month, first) == quarter


@pytest.mark.parametrize(
    ("month", "days", "paid"),
    [
        ("2027-01", 0, "2027-01"),
        ("2027-01", 28, "2027-02"),
        ("2027-01", 29, "2027-03"),
        ("2028-01", 29, "2028-02"),
        ("2027-12", 1, "2028-01"),
    ],
)
def test_terms_of_payment(month: str, days: int, paid: str) -> None:
    """Days count from the last of the month, over the ends of months and years."""
    assert paid_in(month, days) == paid
    assert months_from("2027-11", 3) == ("2027-11", "2027-12", "2028-01")


def test_cash_is_what_is_owed_later(runs: Runs) -> None:
    """All paid at once, cash is the accrual view; by pool, only what that pool is billed moves; nothing is lost."""
    at_once = budget_of(runs, Asked(paid_after={"": 0}))
    assert at_once.cash == at_once.outlook
    found = budget_of(runs, Asked(months=4, paid_after={"vendor": 45, "": 0}))
    assert found.cash_later is not None
    assert found.cash[-1].so_far.mean + found.cash_later.mean == found.estimate.mean
    vendor = found.ledger[(found.ledger["pool"] == "vendor") & (found.ledger["month"] == "2027-01")]["amount"].sum()
    assert vendor > 0
    assert found.outlook[0].sum.mean - found.cash[0].sum.mean == vendor
