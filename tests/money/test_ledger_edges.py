"""The ledger where calendars, roundings and numbers are at their worst, worked out by hand."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from books import book_log, clock

from labelcast.sim.ledger import decimal_amount, ledger
from labelcast.sim.line import Contract, Tier

HOUR = 3_600_000


def rows(table: pd.DataFrame) -> list[tuple[str, str, str, str, float, str, int]]:
    return list(table.iloc[:, :7].itertuples(index=False, name=None))


def test_a_month_end_and_the_start_of_summer_time() -> None:
    """A night shift over the change to summer time lasts an hour less than the wall clock says; at the end of a month a
    shift and its task are cut at local midnight. 31 EUR an hour: March has 7 + 4 hours, of which 1 + 0.5 are busy."""
    origin, zone = "2027-03-27T09:00:00+01:00", "Europe/Paris"
    at = clock(origin, zone)
    tasks = [
        (0, "annotate", 0, "team", 0, at("2027-03-28 01:30"), at("2027-03-28 03:30")),
        (1, "annotate", 0, "team", 0, at("2027-03-31 23:30"), at("2027-04-01 00:45")),
    ]
    shifts = [("2027-03-27 22:00", "2027-03-28 06:00"), ("2027-03-31 20:00", "2027-04-01 04:00")]
    presence = [("team", 0, at(begin), at(end)) for begin, end in shifts]
    log = book_log(["street", "street"], tasks, presence, at("2027-04-01 04:00"), origin, zone)
    assert rows(ledger(log, {"team": Contract(hourly=31_000_000)})) == [
        ("2027-03", "annotate", "street", "team", 1.5, "h", 46_500_000),
        ("2027-03", "idle", "", "team", 9.5, "h", 294_500_000),
        ("2027-04", "annotate", "street", "team", 0.75, "h", 23_250_000),
        ("2027-04", "idle", "", "team", 3.25, "h", 100_750_000),
    ]


def test_a_month_whose_first_midnight_does_not_exist() -> None:
    """In Paraguay the 1st of October 2023 began at 1:00: a shift from 22:00 to 3:00 lasts four hours, two a month."""
    origin, zone = "2023-09-30T12:00:00-04:00", "America/Asuncion"
    at = clock(origin, zone)
    presence = [("team", 0, at("2023-09-30 22:00"), at("2023-10-01 03:00"))]
    found = ledger(
        book_log(["street"], [], presence, at("2023-10-01 03:00"), origin, zone), {"team": Contract(hourly=1)}
    )
    assert [(row[0], row[4]) for row in rows(found)] == [("2023-09", 2.0), ("2023-10", 2.0)]


def test_a_year_of_months() -> None:
    """One person always there from the 1st of January 2027 is paid for the hours that each month of New York has."""
    year = 365 * 24 * HOUR
    log = book_log(["street"], [], [("team", 0, 0, year)], year, "2027-01-01T00:00:00-05:00", "America/New_York")
    found = ledger(log, {"team": Contract(hourly=1_000_000)})
    days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    change = {3: -1, 11: 1}
    assert found["quantity"].tolist() == [24 * n + change.get(month, 0) for month, n in enumerate(days, 1)]
    assert found["month"].tolist() == [f"2027-{month:02d}" for month in range(1, 13)]


def test_labels_of_one_millisecond_count_by_row_and_belong_to_the_month_that_begins() -> None:
    """Labels that finish together take their tiers in the order of rows; one that finishes at midnight is of the new
    month, one a millisecond before of the old."""
    at = clock("2027-01-04T09:00:00+01:00", "Europe/Paris")
    early, same, midnight = at("2027-01-10 10:00"), at("2027-01-31 23:00"), at("2027-02-01 00:00")
    ends = [midnight, early, same, same, midnight - 1]
    tasks = [(n, "annotate", 0, "vendor", n, 0, end) for n, end in enumerate(ends)]
    log = book_log(["night", "street", "night", "street", "night"], tasks, [], midnight)
    contract = Contract(per_label=(Tier(2, 1_000_000), Tier(3, 500_000), Tier(None, 100_000)))
    assert rows(ledger(log, {"vendor": contract})) == [
        ("2027-01", "annotate", "night", "vendor", 2.0, "labels", 1_100_000),
        ("2027-01", "annotate", "street", "vendor", 2.0, "labels", 1_500_000),
        ("2027-02", "annotate", "night", "vendor", 1.0, "labels", 100_000),
    ]


def test_activities_are_roles_and_both_parts_of_a_contract_add_up() -> None:
    """Review and adjudication of any round keep their name; a contract by hour and by label gives lines of both."""
    kinds = [("annotate", 0, 0), ("review", 0, 1), ("annotate", 1, 0), ("review", 1, 1), ("adjudicate", 1, 2)]
    tasks = [(0, kind, turn, "team", who, n * HOUR, (n + 1) * HOUR) for n, (kind, turn, who) in enumerate(kinds)]
    log = book_log(["night"], tasks, [("team", n, 0, 5 * HOUR) for n in range(3)], 5 * HOUR)
    contract = Contract(hourly=10_000_000, per_label=(Tier(None, 1_000_000),), rework_paid=True)
    found = ledger(log, {"team": contract})
    hours = {"adjudicate": 1.0, "annotate": 1.0, "idle": 10.0, "review": 2.0, "rework": 1.0}
    labels = {"adjudicate": 1.0, "annotate": 1.0, "review": 2.0, "rework": 1.0}
    assert [(row[1], row[4]) for row in rows(found) if row[5] == "h"] == list(hours.items())
    assert [(row[1], row[4]) for row in rows(found) if row[5] == "labels"] == list(labels.items())
    assert int(found["amount"].sum()) == 150_000_000 + 5_000_000
    assert set(found["segment"][found["activity"] == "idle"]) == {""}


def test_lines_rounded_by_themselves_would_not_sum() -> None:
    """100 minutes at 10 EUR an hour are 16.67 EUR, where four lines rounded by themselves would be 16.68; 10 EUR over
    three equal lines leave a micro-unit, which goes to the earliest row."""
    part = 25 * 60_000
    kinds = [("adjudicate", 0), ("annotate", 0), ("review", 0), ("annotate", 1)]
    tasks = [(0, kind, turn, "team", 0, n * part, (n + 1) * part) for n, (kind, turn) in enumerate(kinds)]
    log = book_log(["street"], tasks, [("team", 0, 0, 4 * part)], 4 * part)
    assert ledger(log, {"team": Contract(hourly=10_000_000)})["amount"].tolist() == [4_167_500] * 4
    thirds = book_log(["street"], tasks[:3], [("team", 0, 0, 3 * part)], 3 * part)
    assert ledger(thirds, {"team": Contract(hourly=8_000_000)})["amount"].tolist() == [3_333_334, 3_333_333, 3_333_333]


def test_empty_ledgers_can_be_stacked() -> None:
    """Without contracts, or without a log, there are no rows, and still the columns and types of a ledger."""
    log = book_log(["street"], [(0, "annotate", 0, "team", 0, 0, HOUR)], [("team", 0, 0, HOUR)], HOUR)
    empty = ledger(log, {"vendor": Contract(hourly=1), "team": Contract()})
    full = ledger(log, {"team": Contract(hourly=1_000_000)})
    assert len(empty) == 0
    assert empty.dtypes.tolist() == full.dtypes.tolist()
    pd.testing.assert_frame_equal(pd.concat([empty, full], ignore_index=True), full)
    contract = Contract(hourly=1_000_000, per_label=(Tier(None, 1),))
    assert len(ledger(book_log([], [], [], 0), {"team": contract, "vendor": contract})) == 0


def test_prices_may_be_as_large_as_the_ledger_holds() -> None:
    """Products beyond int64 on the way do no harm; a cost that the ledger cannot hold never wraps around."""
    log = book_log(["street"], [], [("team", 0, 0, 1000 * HOUR)], 1000 * HOUR)
    price = 9 * 10**15
    assert sum(ledger(log, {"team": Contract(hourly=price)})["amount"].tolist()) == 1000 * price
    with pytest.raises(AssertionError, match="beyond"):
        ledger(log, {"team": Contract(hourly=2 * price)})
    tasks = [(n, "annotate", 0, "vendor", 0, 0, n + 1) for n in range(3)]
    labels = book_log(["street"] * 3, tasks, [], 3)
    assert ledger(labels, {"vendor": Contract(per_label=(Tier(None, 3 * 10**18),))})["amount"].tolist() == [9 * 10**18]
    with pytest.raises(AssertionError, match="beyond"):
        ledger(labels, {"vendor": Contract(per_label=(Tier(None, 4 * 10**18),))})


def test_amounts_are_exact_at_the_edge() -> None:
    """A decimal of micro-units keeps every digit, of numpy's integers too."""
    assert decimal_amount(1_234_560_000) == Decimal("1234.56")
    assert decimal_amount(np.int64(9_007_199_254_740_993)) == Decimal("9007199254.740993")
