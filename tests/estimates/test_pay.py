"""What a week of people's pay comes to is what the ledger bills for weeks that are full of work."""

from __future__ import annotations

from pathlib import Path

import pytest

import labelcast as lc
from labelcast.scenarios.load import load
from labelcast.sim.estimates.pay import weekly_pay

WEEKS = 4

PLAN = """labelcast: 1
start: 2027-01-04T00:00
timezone: Europe/Paris
currency: EUR
horizon: 4 weeks
exchange: {USD: {dates: {2027-01-01: 0.9, 2028-01-01: 0.5}}}
work: {items: {backlog: 1_000_000 items}}
calendars:
  office: {days: Mon-Fri, hours: "08:00-12:00, 13:00-17:00"}
  shares: {availability: {Mon: [HOURS]}}
pools:
  team: TEAM
stages:
  annotate: {pools: [team], time: 600 s}
"""

PLAN = PLAN.replace("HOURS", ", ".join(["0%", "60%", "100%", *["0%"] * 21]))

OFFICE_WEEK = 3 * 40 * 20


@pytest.mark.parametrize(
    ("team", "week"),
    [
        ("{headcount: 3, calendar: office, pay: {hourly: 20 EUR}}", OFFICE_WEEK),
        ("{headcount: 3, calendar: office, shrinkage: 20%, pay: {hourly: 20 USD}}", 0.9 * OFFICE_WEEK),
        ("{headcount: 3, calendar: office, pay: {hourly: 20 EUR, tax: 10%}}", 1.1 * OFFICE_WEEK),
        (
            "{headcount: 3, calendar: office, overtime: 1 h, overtime_cap: 4 h/week, "
            "pay: {hourly: 20 EUR, overtime: 1.5}}",
            OFFICE_WEEK + 3 * 4 * 30,
        ),
        ("{headcount: 3, calendar: office, absence: {share: 30%, paid: true}, pay: {hourly: 20 EUR}}", OFFICE_WEEK),
        ("{headcount: 4, calendar: shares, pay: {hourly: 20 EUR}}", (2 + 4) * 20),
        ("{headcount: 4, calendar: office, pay: {per_label: 0.1 EUR}}", None),
    ],
    ids=["hourly", "dollars", "tax", "overtime", "absent", "shares", "labels"],
)
def test_a_week_is_billed_as_it_is_told(team: str, week: float | None, tmp_path: Path) -> None:
    """Four weeks from a Monday in which everybody always has work cost four times as much; labels are no part of it."""
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN.replace("TEAM", team), encoding="utf-8")
    told = weekly_pay(load(path))
    if week is None:
        assert told == 0
        return
    assert told == pytest.approx(week, rel=1e-12)
    cost = lc.run(path, replications=1).runs.kpis["cost"]
    assert cost.to_list() == pytest.approx([WEEKS * told], rel=1e-9)


def test_missed_days_that_are_not_paid(tmp_path: Path) -> None:
    """What is planned for them is not owed: on average 30% less."""
    path = tmp_path / "plan.yaml"
    team = "{headcount: 3, calendar: office, absence: {share: 30%, paid: false}, pay: {hourly: 20 EUR}}"
    path.write_text(PLAN.replace("TEAM", team), encoding="utf-8")
    assert weekly_pay(load(path)) == pytest.approx(0.7 * OFFICE_WEEK)


def test_salaries_of_a_year(tmp_path: Path) -> None:
    """Twelve months a year are owed, whatever the hours."""
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN.replace("TEAM", "{headcount: 3, calendar: office, pay: {salary: 2_000 EUR}}"))
    assert weekly_pay(load(path)) * 365.25 / 7 == pytest.approx(3 * 12 * 2_000)
