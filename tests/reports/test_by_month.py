"""Activities by month are the ledger's entries, and add up to the cost."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from labelcast.reports import style
from labelcast.reports.budget.by_month import Months, draw_months, every_month, months_of, months_words
from labelcast.reports.reading import read
from labelcast.scenarios.load import load
from labelcast.sim.replicate import Runs, replicate

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def months() -> tuple[Runs, Months]:
    """An example of six months, three replications."""
    runs = replicate(load(EXAMPLES / "changes.yaml"), replications=3, processes=1)
    return runs, months_of(runs.ledger, 3, "EUR")


def test_months_and_activities_add_up_to_the_cost(months: tuple[Runs, Months]) -> None:
    """All cells sum to the KPI of the cost, rows to the costs of activities, columns to the ledger's months."""
    runs, found = months
    reading = read([runs])[0]
    assert found.amounts.sum() == pytest.approx(runs.kpis["cost"].mean(), rel=1e-9)
    for activity, whole in zip(found.activities, found.of_activity, strict=True):
        assert whole == pytest.approx(reading.costs[activity].mean, rel=1e-9)
    assert set(found.activities) == set(reading.costs)
    for month, whole in zip(found.months, found.of_month, strict=True):
        mine = runs.ledger[runs.ledger["month"] == month]
        assert whole == pytest.approx(mine["amount"].sum() / 3e6, rel=1e-9)
    row, column = found.activities.index("rework"), found.months.index("2027-03")
    mine = runs.ledger[(runs.ledger["month"] == "2027-03") & (runs.ledger["activity"] == "rework")]
    assert found.amounts[row, column] == pytest.approx(mine["amount"].sum() / 3e6, rel=1e-9)


def test_no_month_is_left_out_and_idle_is_last(one: Runs) -> None:
    """A month between two without an entry is there and empty; a year ends with December."""
    more = one.ledger.assign(month=np.where(one.ledger["activity"] == "review", "2027-03", "2026-12"))
    found = months_of(more, len(one.kpis), "EUR")
    assert found.months == every_month("2026-12", "2027-03") == ("2026-12", "2027-01", "2027-02", "2027-03")
    assert found.activities == ("annotate", "review", "idle")
    assert found.of_month[1] == found.of_month[2] == 0


@pytest.mark.parametrize("width", [style.WIDE, style.NARROW])
@pytest.mark.parametrize("count", [1, 6, 40])
def test_it_is_drawn_for_few_and_many_months(width: int, count: int) -> None:
    """Equal bytes; amounts stand in cells where there is room; the sum always; names are no markup; credits count."""
    names = ("annotate", "<img src=x> $_$", "sla_credit", "idle")
    amounts = np.outer([9e5, 4e5, -2e3, 1e5], np.linspace(1, 2, count)) / count
    found = Months(every_month("2027-01", "2099-12")[:count], names, amounts, "EUR")
    svg = style.svg(draw_months(found, width))
    assert svg == style.svg(draw_months(found, width))
    ElementTree.fromstring(svg.encode())
    assert "<img" not in svg
    assert "mean cost, thousand EUR" in svg
    assert f"{amounts.sum() / 1_000:,.0f}" in svg
    assert "sla credit \N{MINUS SIGN}" in months_words(found)


def test_nothing_spent_is_said(one: Runs) -> None:
    """A line without prices has no months."""
    empty = pd.DataFrame(columns=one.ledger.columns)
    found = months_of(empty, 1, "EUR")
    assert months_words(found) == "Nothing is spent."
    assert style.svg(draw_months(found))
