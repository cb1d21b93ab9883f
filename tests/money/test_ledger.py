"""The ledger's rules one by one, on accounts worked out by hand."""

from __future__ import annotations

import pandas as pd
import pytest
from books import book_log

from labelcast.sim.ledger import ledger, minor_unit, spread
from labelcast.sim.line import Contract, Tier

HOUR = 3_600_000
TIERS = (Tier(3, 420_000), Tier(None, 350_000))


def rows(table: pd.DataFrame) -> list[tuple[str, str, str, str, float, str, int]]:
    return list(table.iloc[:, :7].itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("count", "owed"), [(1, 420_000), (2, 840_000), (3, 1_260_000), (4, 1_610_000), (5, 1_960_000)]
)
def test_a_tier_ends_with_the_label_that_it_names(count: int, owed: int) -> None:
    """Three labels at 0.42, every further one at 0.35: the third is still at the first price, the fourth is not."""
    tasks = [(n, "annotate", 0, "vendor", 0, n * HOUR, (n + 1) * HOUR) for n in range(count)]
    log = book_log(["street"] * count, tasks, [], count * HOUR)
    assert rows(ledger(log, {"vendor": Contract(per_label=TIERS)})) == [
        ("2027-01", "annotate", "street", "vendor", float(count), "labels", owed)
    ]


def test_a_last_bounded_tier_prices_all_further_labels() -> None:
    """Where no tier is without bound, labels beyond the last one cost its price."""
    tasks = [(n, "annotate", 0, "vendor", 0, n * HOUR, (n + 1) * HOUR) for n in range(5)]
    log = book_log(["street"] * 5, tasks, [], 5 * HOUR)
    bounded = Contract(per_label=(Tier(1, 1_000_000), Tier(2, 100_000)))
    assert ledger(log, {"vendor": bounded})["amount"].tolist() == [1_400_000]


@pytest.mark.parametrize(("paid", "first", "rework"), [(False, 1_260_000, 0), (True, 1_190_000, 420_000)])
def test_rework_is_paid_and_counted_only_if_the_contract_says_so(paid: bool, first: int, rework: int) -> None:
    """The rework finishes second: unpaid it costs nothing and moves no tier; paid, it takes a place in the first. What
    is not finished is not paid."""
    tasks = [
        (0, "annotate", 0, "vendor", 0, 0, 1 * HOUR),
        (0, "annotate", 1, "vendor", 0, 1 * HOUR, 2 * HOUR),
        (1, "annotate", 0, "vendor", 0, 2 * HOUR, 3 * HOUR),
        (2, "annotate", 0, "vendor", 0, 3 * HOUR, 4 * HOUR),
        (3, "annotate", 0, "vendor", 0, 4 * HOUR, None),
    ]
    log = book_log(["street"] * 4, tasks, [], 5 * HOUR)
    assert rows(ledger(log, {"vendor": Contract(per_label=TIERS, rework_paid=paid)})) == [
        ("2027-01", "annotate", "street", "vendor", 3.0, "labels", first),
        ("2027-01", "rework", "street", "vendor", 1.0, "labels", rework),
    ]


def test_work_off_shift_and_time_after_the_end_are_not_paid() -> None:
    """Paid is presence up to the end of the log; a task in progress is busy to the end; a break inside one is not."""
    tasks = [(0, "annotate", 0, "team", 0, HOUR, 4 * HOUR), (1, "annotate", 0, "team", 0, 5 * HOUR, None)]
    presence = [("team", 0, 0, 2 * HOUR), ("team", 0, 3 * HOUR, 9 * HOUR)]
    log = book_log(["street"] * 2, tasks, presence, 6 * HOUR)
    assert [(row[1], row[4]) for row in rows(ledger(log, {"team": Contract(hourly=1_000_000)}))] == [
        ("annotate", 3.0),
        ("idle", 2.0),
    ]


def test_no_hour_is_paid_twice() -> None:
    """Where recorded tasks of one person overlap, the time belongs to the one started first; those of two people do
    not meet."""
    tasks = [
        (0, "annotate", 0, "team", 0, 0, 3 * HOUR),
        (1, "review", 0, "team", 0, 1 * HOUR, 2 * HOUR),  # wholly inside the first
        (2, "adjudicate", 0, "team", 0, 2 * HOUR, 4 * HOUR),
        (3, "review", 0, "team", 1, 0, 1 * HOUR),
    ]
    log = book_log(["street"] * 4, tasks, [("team", 0, 0, 5 * HOUR), ("team", 1, 0, HOUR)], 5 * HOUR)
    assert [(row[1], row[4]) for row in rows(ledger(log, {"team": Contract(hourly=1_000_000)}))] == [
        ("adjudicate", 1.0),
        ("annotate", 3.0),
        ("idle", 1.0),
        ("review", 1.0),
    ]


@pytest.mark.parametrize(
    ("currency", "hourly", "invoice"),
    [
        ("EUR", 10_000, 10_000),  # half a cent goes up
        ("EUR", 9_999, 0),
        ("EUR", 50_000, 30_000),  # 2.5 cents: up, where half-even goes down
        ("JPY", 1_000_000, 1_000_000),
        ("JPY", 999_999, 0),
        ("KWD", 1_000, 1_000),
        ("KWD", 999, 0),
    ],
)
def test_invoices_are_rounded_half_up_to_the_minor_unit(currency: str, hourly: int, invoice: int) -> None:
    """Half an hour: a cent, a yen and a fils are the smallest that is paid, and a half of one goes up."""
    log = book_log(["street"], [], [("team", 0, 0, HOUR // 2)], HOUR // 2)
    assert ledger(log, {"team": Contract(hourly=hourly)}, currency)["amount"].tolist() == [invoice]
    assert invoice % minor_unit(currency) == 0


def test_each_pool_month_and_part_is_an_invoice() -> None:
    """Half a cent each: two pools, two months and two parts of a contract round up by themselves, six times."""
    month = 31 * 24 * HOUR
    half = HOUR // 2
    shifts = [(pool, 0, begin, begin + half) for pool in ("team", "vendor") for begin in (0, month)]
    tasks = [(n, "annotate", 0, "team", 0, begin, begin + half) for n, begin in enumerate((0, month))]
    log = book_log(["street"] * 2, tasks, shifts, 2 * month, "2027-01-01T00:00:00+01:00")
    hourly = Contract(hourly=10_000)
    found = ledger(log, {"team": Contract(hourly=10_000, per_label=(Tier(None, 5_000),)), "vendor": hourly})
    assert found["amount"].tolist() == [10_000] * 6
    order = [("team", "h"), ("team", "labels"), ("vendor", "h")]
    keys = [(month, *key) for month in ("2027-01", "2027-02") for key in order]
    assert [(row[0], row[3], row[5]) for row in rows(found)] == keys


def test_a_remainder_goes_to_the_earlier_row() -> None:
    """0.01 EUR over three equal lines leaves a micro-unit: to night, that comes before street in the ledger, whatever
    the order of segments in the log."""
    tasks = [(n, "annotate", 0, "team", 0, n * HOUR, (n + 1) * HOUR) for n in range(2)]
    tasks.append((0, "annotate", 1, "team", 0, 2 * HOUR, 3 * HOUR))
    log = book_log(["street", "night"], tasks, [("team", 0, 0, 3 * HOUR)], 3 * HOUR)
    found = ledger(log, {"team": Contract(hourly=3_333)})
    assert [(row[1], row[2], row[6]) for row in rows(found)] == [
        ("annotate", "night", 3_334),
        ("annotate", "street", 3_333),
        ("rework", "street", 3_333),
    ]


def test_remainders_go_to_the_largest_and_ties_to_the_earlier_part() -> None:
    """10 over 1, 1, 1 is 4, 3, 3; nothing goes to a weight of zero."""
    assert spread(10, [1, 1, 1]) == [4, 3, 3]
    assert spread(11, [1, 0, 1, 1]) == [4, 0, 4, 3]
    assert spread(7, [3, 1]) == [5, 2]
    assert spread(0, [0, 0]) == [0, 0]
