"""Prices that change on a date, and costs that fall due on one, in months worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from books import book_log, clock
from lines import constant, queue

from labelcast.sim.ledger import Period, Terms, ledger
from labelcast.sim.line import Contract, Epoch, Line, OneOff, Tier
from labelcast.sim.replicate import replicate

HOUR = 3_600_000
PARIS = "2027-01-04T09:00:00+01:00", "Europe/Paris"


def rows(table: pd.DataFrame) -> list[tuple[str, str, str, str, float, str, int]]:
    return list(table.iloc[:, :7].itertuples(index=False, name=None))


def by_date(*prices: tuple[int, Contract], pool: str = "team") -> Terms:
    """Terms of one pool whose contract changes."""
    return Terms(tuple(Period(at, {pool: contract}) for at, contract in prices))


def per_label(*tiers: tuple[int | None, int]) -> Contract:
    return Contract(per_label=tuple(Tier(up_to, price) for up_to, price in tiers))


def test_an_hour_costs_what_the_contract_of_its_moment_says() -> None:
    """A night shift of eight hours, 30 EUR an hour before midnight of the 16th and 33 EUR after: 4 x 30 + 4 x 33. The
    task from 22:00 to 2:00 costs 2 x 30 + 2 x 33, and so does idling. It stays one invoice with two lines."""
    at = clock(*PARIS)
    tasks = [(0, "annotate", 0, "team", 0, at("2027-01-15 22:00"), at("2027-01-16 02:00"))]
    shift = [("team", 0, at("2027-01-15 20:00"), at("2027-01-16 04:00"))]
    log = book_log(["street"], tasks, shift, at("2027-01-16 04:00"))
    terms = by_date((0, Contract(hourly=30_000_000)), (at("2027-01-16 00:00"), Contract(hourly=33_000_000)))
    assert rows(ledger(log, terms)) == [
        ("2027-01", "annotate", "street", "team", 4.0, "h", 126_000_000),
        ("2027-01", "idle", "", "team", 4.0, "h", 126_000_000),
    ]


def test_two_prices_of_a_month_are_rounded_once() -> None:
    """Half an hour at 0.008 EUR and half an hour at 0.009 EUR an hour are 0.0085 EUR together, a cent; each by itself
    would be none. The lines share it as they owe it, 8 to 9."""
    half = HOUR // 2
    tasks = [(0, "annotate", 0, "team", 0, 0, half), (0, "review", 0, "team", 0, half, HOUR)]
    log = book_log(["street"], tasks, [("team", 0, 0, HOUR)], HOUR)
    found = ledger(log, by_date((0, Contract(hourly=8_000)), (half, Contract(hourly=9_000))))
    assert [(row[1], row[4], row[6]) for row in rows(found)] == [("annotate", 0.5, 4_706), ("review", 0.5, 5_294)]


def test_the_month_in_which_summer_time_ends() -> None:
    """One person who is always there has 745 hours in October 2027 in Paris: 720 up to the 31st at 10 EUR, then a day
    of 25 hours at 11 EUR; in a November of a day, 24 at 11 EUR."""
    origin, zone = "2027-10-01T00:00:00+02:00", "Europe/Paris"
    at = clock(origin, zone)
    end = at("2027-11-02 00:00")
    log = book_log(["street"], [], [("team", 0, 0, end)], end, origin, zone)
    terms = by_date((0, Contract(hourly=10_000_000)), (at("2027-10-31 00:00"), Contract(hourly=11_000_000)))
    assert [(row[0], row[4], row[6]) for row in rows(ledger(log, terms))] == [
        ("2027-10", 745.0, 7_475_000_000),
        ("2027-11", 24.0, 264_000_000),
    ]


def test_a_pool_may_begin_and_cease_to_be_paid_by_the_hour() -> None:
    """Of six hours only the third and fourth are under an hourly contract: two hours are paid, and two are told."""
    tasks = [(0, "annotate", 0, "team", 0, HOUR, 3 * HOUR)]
    log = book_log(["street"], tasks, [("team", 0, 0, 6 * HOUR)], 6 * HOUR)
    terms = by_date((0, Contract()), (2 * HOUR, Contract(hourly=5_000_000)), (4 * HOUR, Contract()))
    assert [(row[1], row[4], row[6]) for row in rows(ledger(log, terms))] == [
        ("annotate", 1.0, 5_000_000),
        ("idle", 1.0, 5_000_000),
    ]


def test_a_new_price_list_goes_on_counting_where_the_old_one_stood() -> None:
    """Eight labels, one an hour. Old list: three at 0.42, then 0.35; new list, from the moment the fifth finishes: up
    to the sixth 0.40, then 0.30. So 3 x 0.42 + 0.35 + 2 x 0.40 + 2 x 0.30 = 3.01 EUR."""
    tasks = [(n, "annotate", 0, "vendor", 0, n * HOUR, (n + 1) * HOUR) for n in range(8)]
    log = book_log(["street"] * 8, tasks, [], 8 * HOUR)
    old, new = per_label((3, 420_000), (None, 350_000)), per_label((6, 400_000), (None, 300_000))
    found = ledger(log, by_date((0, old), (5 * HOUR, new), pool="vendor"))
    assert rows(found) == [("2027-01", "annotate", "street", "vendor", 8.0, "labels", 3_010_000)]


def test_labels_of_a_time_without_a_price_are_neither_told_nor_counted() -> None:
    """Of five labels the second and third finish while the pool has no price per label; so the fourth is the second
    that counts, the last at 1 EUR."""
    tasks = [(n, "annotate", 0, "vendor", 0, n * HOUR, (n + 1) * HOUR) for n in range(5)]
    log = book_log(["street"] * 5, tasks, [], 5 * HOUR)
    listed = per_label((2, 1_000_000), (None, 100_000))
    found = ledger(log, by_date((0, listed), (2 * HOUR, Contract()), (4 * HOUR, listed), pool="vendor"))
    assert rows(found) == [("2027-01", "annotate", "street", "vendor", 3.0, "labels", 2_100_000)]


def test_rework_is_paid_as_the_contract_of_its_finish_says() -> None:
    """Rework before the change is free and not counted; after it, it is paid and takes a place in the tiers."""
    tasks = [
        (0, "annotate", 0, "vendor", 0, 0, HOUR),
        (0, "annotate", 1, "vendor", 0, HOUR, 2 * HOUR),
        (0, "annotate", 2, "vendor", 0, 2 * HOUR, 3 * HOUR),
        (1, "annotate", 0, "vendor", 0, 3 * HOUR, 4 * HOUR),
    ]
    log = book_log(["street"] * 2, tasks, [], 4 * HOUR)
    free = per_label((2, 1_000_000), (None, 100_000))
    found = ledger(log, by_date((0, free), (3 * HOUR, replace(free, rework_paid=True)), pool="vendor"))
    assert [(row[1], row[4], row[6]) for row in rows(found)] == [
        ("annotate", 2.0, 1_100_000),
        ("rework", 2.0, 1_000_000),
    ]


def test_what_was_before_the_first_date_has_the_first_price() -> None:
    """In a recorded log work may lie before the origin; it is paid by the first contract."""
    log = book_log(["street"], [(0, "annotate", 0, "team", 0, -HOUR, HOUR)], [("team", 0, -HOUR, HOUR)], HOUR)
    both = Contract(hourly=6_000_000)
    terms = by_date((0, both), (HOUR // 2, replace(both, hourly=12_000_000)))
    assert rows(ledger(log, terms)) == [("2027-01", "annotate", "street", "team", 2.0, "h", 15_000_000)]


def test_months_before_the_origin_have_their_own_rows() -> None:
    """A shift in a December before the origin, and a cost that fell due in the November before, are of those months."""
    at = clock(*PARIS)
    shift = [("team", 0, at("2026-12-31 22:00"), at("2027-01-01 02:00"))]
    log, contracts = book_log(["street"], [], shift, HOUR), {"team": Contract(hourly=1_000_000)}
    assert ledger(log, contracts)["month"].tolist() == ["2026-12", "2027-01"]
    terms = Terms((Period(0, contracts),), ((at("2026-11-30 12:00"), 5_000_000),))
    assert [(row[0], row[1], row[4]) for row in rows(ledger(log, terms))] == [
        ("2026-11", "tooling", 1.0),
        ("2026-12", "idle", 2.0),
        ("2027-01", "idle", 2.0),
    ]


def test_hours_at_a_price_of_nothing_are_told() -> None:
    """A contract by the hour that costs nothing for a while still has its hours in the ledger."""
    log = book_log(["street"], [], [("team", 0, 0, 3 * HOUR)], 3 * HOUR)
    terms = by_date((0, Contract(hourly=0)), (2 * HOUR, Contract(hourly=5_000_000)))
    assert [(row[4], row[6]) for row in rows(ledger(log, terms))] == [(3.0, 5_000_000)]


def test_costs_that_fall_due_once_are_tooling_of_their_month() -> None:
    """Two in January, of which the cents are rounded together, one at the first midnight of February, and one after the
    end of the log, that is never spent; they belong to no pool and no segment."""
    at = clock(*PARIS)
    dues = [(0, 4_000_004_000), (at("2027-01-31 23:00"), 1_000_003_000), (at("2027-02-01 00:00"), 70_000_000)]
    end = at("2027-02-01 00:00")
    terms = Terms((Period(0, {}),), (*dues, (end + 1, 5_000_000)))
    assert rows(ledger(book_log(["street"], [], [], end), terms)) == [
        ("2027-01", "tooling", "", "", 2.0, "once", 5_000_010_000),
        ("2027-02", "tooling", "", "", 1.0, "once", 70_000_000),
    ]


def changing() -> Line:
    """Ten items of an hour each, by one person; the price doubles after five hours, then granularity does."""
    line = queue(1, 100.0, 10, constant(3600.0))
    segment = replace(line.segments[0], arrivals=None, backlog=10)
    pool = replace(line.pools[0], contract=per_label((None, 1_000_000)))
    dearer = replace(pool, contract=per_label((None, 2_000_000)))
    finer = replace(segment, price_factor=2.0)
    return replace(
        line,
        segments=(segment,),
        pools=(pool,),
        epochs=(Epoch(3600.0), Epoch(5 * 3600.0, pools=(dearer,)), Epoch(8 * 3600.0, segments=(finer,))),
        one_offs=(OneOff(3600.0, 100_000_000, "a new tool"), OneOff(line.horizon_s, 7_000_000, "too late")),
    )


def test_terms_follow_the_epochs_of_a_line() -> None:
    """An epoch that changes no price adds nothing; one that gives only segments keeps the contracts, and one that gives
    only pools the factors; what falls due at the horizon does not fall due."""
    line = changing()
    first, second, third = Terms.of(line).periods
    assert (first.from_ms, second.from_ms, third.from_ms) == (0, 5 * HOUR, 8 * HOUR)
    prices = [period.contracts["annotators"].per_label[0].price for period in (first, second, third)]
    assert prices == [1_000_000, 2_000_000, 2_000_000]
    assert [period.price_factors["items"] for period in (first, second, third)] == [1.0, 1.0, 2.0]
    assert Terms.of(line).one_offs == ((HOUR, 100_000_000),)


def test_a_replication_is_paid_by_the_terms_of_its_line() -> None:
    """Labels finish on the hour: four at 1 EUR, the fifth to the seventh at 2 EUR, the other three at 4 EUR, and a tool
    of 100 EUR: 122 EUR."""
    runs = replicate(changing(), 1, processes=1)
    assert runs.kpis["cost"].tolist() == [122.0]
    assert runs.ledger.groupby("activity")["amount"].sum().to_dict() == {"annotate": 22_000_000, "tooling": 100_000_000}
