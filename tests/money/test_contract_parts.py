"""Prices by the item and object, rush, quality and audits, on books worked out by hand."""

from __future__ import annotations

import pandas as pd
import pytest
from books import book_log, with_refusals

from labelcast.sim.ledger import ledger
from labelcast.sim.line import Audit, Contract, Refund, Steps, Tier
from labelcast.sim.log import Log

HOUR = 3_600_000
ONE = (Tier(None, 1_000_000),)


def book(count: int = 4, pool: str = "vendor") -> Log:
    """So many items with one label each, an hour apart, from Monday 4 January 2027 on."""
    tasks = [(n, "annotate", 0, pool, 0, n * HOUR, (n + 1) * HOUR) for n in range(count)]
    return book_log(["street"] * count, tasks, [], count * HOUR)


def with_items(log: Log, **columns: list[object]) -> Log:
    """The log with other columns of its items."""
    items = log.items.assign(**{
        name: pd.array(values, dtype=log.items[name].dtype) for name, values in columns.items()
    })  # fmt: skip
    return Log(items, log.tasks, log.presence, log.provenance)


def with_tasks(log: Log, **columns: list[object]) -> Log:
    """The log with other columns of its tasks."""
    tasks = log.tasks.assign(**{
        name: pd.array(values, dtype=log.tasks[name].dtype) for name, values in columns.items()
    })  # fmt: skip
    return Log(log.items, tasks, log.presence, log.provenance)


def billed(log: Log, contract: Contract) -> dict[tuple[str, str], tuple[float, int]]:
    """Quantity and amount by activity and unit."""
    found = ledger(log, {"vendor": contract})
    return {
        (row.activity, row.unit): (row.quantity, row.amount) for row in found.itertuples(index=False)
    }  # fmt: skip


def test_an_item_is_paid_once() -> None:
    """Of three labels of each item only the first one is a piece; the others cost nothing and take no number."""
    tasks = [(n // 3, "annotate", 0, "vendor", n % 3, n * HOUR, (n + 1) * HOUR) for n in range(6)]
    log = with_tasks(book_log(["street"] * 2, tasks, [], 6 * HOUR), replica=[0, 1, 2] * 2)
    tiers = (Tier(1, 1_000_000), Tier(None, 600_000))
    assert billed(log, Contract(per_label=tiers, unit="item")) == {("annotate", "items"): (2.0, 1_600_000)}
    assert billed(log, Contract(per_label=tiers)) == {("annotate", "labels"): (6.0, 4_000_000)}


def test_rework_of_an_item_is_no_new_item() -> None:
    """A second round costs nothing by the item, even where rework is paid."""
    tasks = [(0, "annotate", turn, "vendor", 0, turn * HOUR, (turn + 1) * HOUR) for turn in range(2)]
    log = with_tasks(book_log(["street"], tasks, [], 2 * HOUR), replica=[0, 0])
    contract = Contract(per_label=ONE, unit="item", rework_paid=True)
    assert billed(log, contract) == {("annotate", "items"): (1.0, 1_000_000)}


@pytest.mark.parametrize(("edge", "owed"), [(3, 7_500_000), (4, 8_000_000), (5, 8_500_000), (9, 10_500_000)])
def test_a_tier_may_end_within_an_items_objects(edge: int, owed: int) -> None:
    """3 + 5 + 3 objects in order of finish, and one of an item of which nothing is told: the first `edge` cost 1.00,
    all further ones 0.50, also where the tier ends in the middle of an item: 4 x 1.00 + 8 x 0.50 = 8.00."""
    log = with_items(book(), objects=[3, 5, 3, None])
    tiers = (Tier(edge, 1_000_000), Tier(None, 500_000))
    assert billed(log, Contract(per_label=tiers, unit="object")) == {("annotate", "objects"): (12.0, owed)}


def test_the_shortest_time_that_an_item_keeps_counts() -> None:
    """Due 24, 25, 48 and 49 hours after they came, at 1.5 times within 24 hours and 1.25 times within 48: 1.50 + 1.25 +
    1.25 + 1.00; an item without a due date is none in a hurry."""
    day = 24 * HOUR
    contract = Contract(per_label=ONE, rush=((86_400.0, 1.5), (172_800.0, 1.25)))
    log = with_items(book(), arrived_at=[0, 0, 0, 0], due_at=[day, day + HOUR, 2 * day, 2 * day + 1])
    assert billed(log, contract)["annotate", "labels"] == (4.0, 5_000_000)
    log = with_items(book(), arrived_at=[0, 0, 0, 0], due_at=[None, None, day, None])
    assert billed(log, contract)["annotate", "labels"] == (4.0, 4_500_000)


def judged(right: int, of: int) -> Log:
    """A book of ten labels, of which so many have a known truth and so many are right."""
    log = book(10)
    truth = ["yes"] * of + [None] * (10 - of)
    label = ["yes"] * right + ["no"] * (10 - right)
    return with_tasks(with_items(log, truth=truth), label=label)


@pytest.mark.parametrize(
    ("right", "of", "change"),
    [(10, 10, 200_000), (9, 10, 0), (8, 10, -1_000_000), (9, 9, 200_000), (0, 0, None)],
)
def test_bonus_and_malus_by_the_share_that_is_right(right: int, of: int, change: int | None) -> None:
    """10 labels at 1.00: from 98% on 2% more, from 90% on nothing, below 10% less. Only known truths count, and where
    there is none nothing changes."""
    quality = Contract(per_label=ONE, accuracy=Steps(((0.0, -0.1), (0.9, 0.0), (0.98, 0.02))))
    found = billed(judged(right, of), quality)
    assert found.pop(("annotate", "labels")) == (10.0, 10_000_000)
    expected = {("bonus" if change > 0 else "malus", "periods"): (1.0, change)} if change else {}
    assert found == expected


def test_late_labels_bring_a_credit_at_the_end_of_the_run() -> None:
    """Four labels after 1, 2, 3 and 4 hours, due after 3: three of four in time, which is below 90%: 15% of 4.00."""
    log = with_items(book(), due_at=[3 * HOUR] * 4)
    contract = Contract(per_label=ONE, on_time=Steps(((0.0, -0.15), (0.9, 0.0)), "all"))
    assert billed(log, contract)["late_credit", "periods"] == (1.0, -600_000)
    assert billed(with_items(log, due_at=[4 * HOUR] * 4), contract).keys() == {("annotate", "labels")}
    assert billed(book(), contract).keys() == {("annotate", "labels")}, "nothing is due"


def test_quality_is_measured_by_its_period() -> None:
    """A label in January, right, and one in February, wrong: by the month a bonus of 2% and a malus of 10%, by the run
    a malus on both, booked in February."""
    begin = 40 * 24 * HOUR
    tasks = [(0, "annotate", 0, "vendor", 0, 0, HOUR), (1, "annotate", 0, "vendor", 0, begin, begin + HOUR)]
    log = book_log(["street"] * 2, tasks, [], begin + HOUR)
    log = with_tasks(with_items(log, truth=["yes", "yes"]), label=["yes", "no"])
    steps = ((0.0, -0.1), (0.9, 0.02))
    rows = ledger(log, {"vendor": Contract(per_label=ONE, accuracy=Steps(steps))})
    changes = rows[rows["unit"] == "periods"]
    assert list(zip(changes["month"], changes["activity"], changes["amount"], strict=True)) == [
        ("2027-01", "bonus", 20_000),
        ("2027-02", "malus", -100_000),
    ]
    rows = ledger(log, {"vendor": Contract(per_label=ONE, accuracy=Steps(steps, "all"))})
    changes = rows[rows["unit"] == "periods"]
    assert list(zip(changes["month"], changes["amount"], strict=True)) == [("2027-02", -200_000)]


def test_audits_are_a_share_of_what_is_paid() -> None:
    """12.5% of 4 labels at 0.30: half a label, 0.15; labels that are not paid are not looked at."""
    contract = Contract(per_label=ONE, audit=Audit(0.125, 300_000))
    assert billed(book(), contract)["review", "audits"] == (0.5, 150_000)
    tasks = [(0, "annotate", turn, "vendor", 0, turn * HOUR, (turn + 1) * HOUR) for turn in range(2)]
    assert billed(book_log(["street"], tasks, [], 2 * HOUR), contract)["review", "audits"] == (0.125, 40_000)


def test_quantities_of_what_comes_off_for_lots() -> None:
    """Of four labels at 1.00 three are of lots that were refused, one of them before it was finished: two lots at 0.30
    and half of two labels."""
    log = with_refusals(book(), {0: HOUR, 1: 4 * HOUR, 2: 2 * HOUR})
    found = billed(log, Contract(per_label=ONE, lots=Refund(0.5, 300_000)))
    assert found["lot_credit", "labels"] == (2.0, -1_000_000)
    assert found["lot_credit", "lots"] == (2.0, -600_000)


def test_people_who_come_and_go_are_told_by_number() -> None:
    """One comes on the tenth day and leaves on the twelfth, of forty; they are paid for two hours in three days."""
    day = 24 * HOUR
    there = [("vendor", 0, 9 * day, 9 * day + HOUR), ("vendor", 0, 11 * day, 11 * day + HOUR)]
    log = book_log(["street"], [], there, 40 * day)
    found = billed(log, Contract(hourly=3_000_000, hiring=7, leaving=20_000_000, notice_days=6))
    assert found["hiring", "people"] == (1.0, 0)
    assert found["leaving", "people"] == (1.0, 20_000_000)
    assert found["notice", "h"] == (4.0, 12_000_000)


def test_a_reversal_cancels_its_charge() -> None:
    """Halves of a cent go away from zero on both sides."""
    log = book(1)
    bonus = Contract(per_label=(Tier(None, 50_000),), on_time=Steps(((0.0, 0.1),)))
    malus = Contract(per_label=(Tier(None, 50_000),), on_time=Steps(((0.0, -0.1),)))
    due = with_items(log, due_at=[HOUR])
    up, down = (billed(due, one) for one in (bonus, malus))
    assert up["bonus", "periods"][1] == 10_000
    assert down["late_credit", "periods"][1] == -10_000
