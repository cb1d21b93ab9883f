"""What time and labels are called in the ledger, and what of them is paid, on accounts worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pandas as pd
import pytest
from books import Task, book_log, clock
from lines import OFFICE, constant, queue
from twins import run

from labelcast.sim.ledger import ACTIVITIES, Period, Terms, ledger
from labelcast.sim.line import Absence, Contract, Pool, Release, Segment, Tier, Training
from labelcast.sim.log import ATTEMPTS, OUTCOMES
from labelcast.sim.plan import Plan

HOUR = 3_600_000
HOURLY = Contract(hourly=20_000_000)
LABEL = Contract(per_label=(Tier(None, 420_000),))


def rows(table: pd.DataFrame) -> list[tuple[str, str, str, str, float, str, int]]:
    return list(table.iloc[:, :7].itertuples(index=False, name=None))


def told(table: pd.DataFrame) -> dict[tuple[str, str], tuple[float, int]]:
    """Quantity and amount by activity and segment."""
    return {(row[1], row[2]): (row[4], row[6]) for row in rows(table)}


def test_a_week_of_presence() -> None:
    """20 EUR an hour. Monday: eight hours at work, six of them busy, and an hour of overtime on a task. Tuesday: away
    with pay. Wednesday: away without. Thursday: two hours of training, then six idle. A session, too, is on shift."""
    at = clock("2027-01-04T09:00:00+01:00", "Europe/Paris")
    tasks: list[Task] = [
        (0, "annotate", 0, "team", 0, at("2027-01-04 09:00"), at("2027-01-04 15:00")),
        (1, "annotate", 0, "team", 0, at("2027-01-04 17:00"), at("2027-01-04 18:00")),
    ]
    days = [
        ("2027-01-04 09:00", "2027-01-04 17:00", "working"),
        ("2027-01-04 17:00", "2027-01-04 18:00", "overtime"),
        ("2027-01-05 09:00", "2027-01-05 17:00", "absent_paid"),
        ("2027-01-06 09:00", "2027-01-06 17:00", "absent_unpaid"),
        ("2027-01-07 09:00", "2027-01-07 11:00", "training"),
        ("2027-01-07 11:00", "2027-01-07 17:00", "working"),
        ("2027-01-08 20:00", "2027-01-08 21:00", "session"),
    ]
    presence = [("team", 0, at(begin), at(end), kind) for begin, end, kind in days]
    log = book_log(["street", "night"], tasks, presence, at("2027-01-08 21:00"))
    assert rows(ledger(log, {"team": HOURLY})) == [
        ("2027-01", "absence", "", "team", 8.0, "h", 160_000_000),
        ("2027-01", "annotate", "night", "team", 1.0, "h", 20_000_000),
        ("2027-01", "annotate", "street", "team", 6.0, "h", 120_000_000),
        ("2027-01", "idle", "", "team", 9.0, "h", 180_000_000),
        ("2027-01", "training", "", "team", 2.0, "h", 40_000_000),
    ]


def test_absence_and_training_end_with_the_log_and_the_month() -> None:
    """An absence over the end of January is cut at local midnight, a training at the end of the log."""
    at = clock("2027-01-04T09:00:00+01:00", "Europe/Paris")
    presence = [
        ("team", 0, at("2027-01-31 22:00"), at("2027-02-01 06:00"), "absent_paid"),
        ("team", 0, at("2027-02-01 09:00"), at("2027-02-01 17:00"), "training"),
    ]
    log = book_log(["street"], [], presence, at("2027-02-01 10:00"))
    assert [(row[0], row[1], row[4]) for row in rows(ledger(log, {"team": HOURLY}))] == [
        ("2027-01", "absence", 2.0),
        ("2027-02", "absence", 6.0),
        ("2027-02", "training", 1.0),
    ]


def test_presence_that_overlaps_is_paid_once() -> None:
    """Where a recorded person is at work, in training and away with pay at once, work counts before training, and
    training before absence; an unpaid absence takes nothing away. Ten hours in all."""
    presence = [
        ("team", 0, 0, 10 * HOUR, "absent_paid"),
        ("team", 0, HOUR, 5 * HOUR, "training"),
        ("team", 0, 3 * HOUR, 7 * HOUR, "working"),
        ("team", 0, 4 * HOUR, 6 * HOUR, "absent_unpaid"),
    ]
    log = book_log(["street"], [(0, "annotate", 0, "team", 0, 0, 4 * HOUR)], presence, 10 * HOUR)
    hours = {activity: quantity for (activity, _), (quantity, _) in told(ledger(log, {"team": HOURLY})).items()}
    assert hours == {"absence": 4.0, "annotate": 1.0, "idle": 3.0, "training": 2.0}


@pytest.mark.parametrize("outcome", [*OUTCOMES, None])
def test_attempts_are_time_but_no_labels(outcome: str | None) -> None:
    """What is broken off without a result costs its hours and is no label, nor a step towards the next tier; whatever
    has a result is a label, also one that came too late to count, and one whose outcome is not recorded."""
    tasks: list[Task] = [
        (0, "annotate", 0, "team", 0, 0, HOUR, outcome),
        (1, "annotate", 0, "team", 0, HOUR, 2 * HOUR, "done"),
    ]
    log = book_log(["street", "night"], tasks, [("team", 0, 0, 2 * HOUR)], 2 * HOUR)
    contract = Contract(hourly=20_000_000, per_label=(Tier(1, 900_000), Tier(None, 100_000)))
    found = ledger(log, {"team": contract})
    assert found[found["unit"] == "h"]["quantity"].tolist() == [1.0, 1.0]
    labels = [(row[2], row[4], row[6]) for row in rows(found) if row[5] == "labels"]
    if outcome in ATTEMPTS:
        assert labels == [("night", 1.0, 900_000)]
    else:
        assert labels == [("night", 1.0, 100_000), ("street", 1.0, 900_000)]
    assert {"returned", "expired", "escalated", "skipped", "preempted", "asked"} == set(ATTEMPTS)


def test_a_task_that_was_taken_from_its_queue_costs_nothing() -> None:
    """An escalated task was never started: no hour and no label."""
    log = book_log(["street"], [(0, "annotate", 0, "team", None, None, HOUR, "escalated")], [], HOUR)
    assert len(ledger(log, {"team": Contract(hourly=1_000_000, per_label=(Tier(None, 1_000_000),))})) == 0


def test_test_questions_are_gold_as_long_as_nobody_delivers_them() -> None:
    """Items whose truth is known and that are not delivered are there to test people: their tasks, finished or under
    way, rework too, are gold, and are paid like any. A gold item that is delivered is the work itself."""
    tasks: list[Task] = [
        (0, "annotate", 0, "team", 0, 0, HOUR),
        (0, "annotate", 1, "team", 0, HOUR, 2 * HOUR),
        (1, "annotate", 0, "team", 0, 2 * HOUR, 3 * HOUR),
        (2, "annotate", 0, "team", 0, 3 * HOUR, 4 * HOUR),
        (3, "annotate", 0, "team", 0, 4 * HOUR, None),
    ]
    presence = [("team", 0, 0, 5 * HOUR)]
    log = book_log(["street"] * 4, tasks, presence, 5 * HOUR, gold={0, 1, 3}, delivered={1})
    both = Contract(hourly=20_000_000, per_label=LABEL.per_label)
    assert [(row[1], row[4], row[5], row[6]) for row in rows(ledger(log, {"team": both}))] == [
        ("annotate", 2.0, "h", 40_000_000),
        ("gold", 3.0, "h", 60_000_000),
        ("annotate", 2.0, "labels", 840_000),
        ("gold", 2.0, "labels", 840_000),
    ]


def test_kinds_of_stages_are_activities() -> None:
    """To inspect is to review; work of later rounds stays work; a machine's task with a pool that is paid is tooling,
    and one without a pool costs nothing."""
    stages = ["annotate", "clean", "review", "accept", "adjudicate", "suggest"]
    tasks: list[Task] = [(0, stage, 0, "vendor", 0, n * HOUR, (n + 1) * HOUR) for n, stage in enumerate(stages)]
    tasks += [(0, "clean", 1, "vendor", 0, 6 * HOUR, 7 * HOUR), (0, "suggest", 1, None, None, 0, HOUR)]
    log = book_log(["street"], tasks, [], 7 * HOUR)
    assert told(ledger(log, {"vendor": LABEL})) == {
        ("adjudicate", "street"): (1.0, 420_000),
        ("annotate", "street"): (1.0, 420_000),
        ("review", "street"): (2.0, 840_000),
        ("tooling", "street"): (1.0, 420_000),
        ("work", "street"): (2.0, 840_000),
    }
    assert list(ACTIVITIES) == sorted(ACTIVITIES)


def test_granularity_multiplies_prices_by_label_and_no_others() -> None:
    """0.42 EUR a label: two of streets at 1.35 times, reviewed or not, one of the night at half; 1.344 EUR are 1.34 in
    all, of which the street has 1.134 and the night 0.21, each less its share of the rounding. Hours cost what they
    cost."""
    tasks: list[Task] = [
        (0, "annotate", 0, "vendor", 0, 0, HOUR),
        (0, "review", 0, "vendor", 0, HOUR, 2 * HOUR),
        (1, "annotate", 0, "vendor", 0, 2 * HOUR, 3 * HOUR),
    ]
    log = book_log(["street", "night"], tasks, [("vendor", 0, 0, 3 * HOUR)], 3 * HOUR)
    contract = Contract(hourly=20_000_000, per_label=LABEL.per_label)
    found = ledger(log, Terms((Period(0, {"vendor": contract}, {"street": 1.35, "night": 0.5}),)))
    assert [row[6] for row in rows(found) if row[5] == "h"] == [20_000_000] * 3
    assert [(row[1], row[2], row[6]) for row in rows(found) if row[5] == "labels"] == [
        ("annotate", "night", 209_375),
        ("annotate", "street", 565_313),
        ("review", "street", 565_312),
    ]


def test_a_finer_task_costs_more_from_its_date_on() -> None:
    """The factor of a label is that of its finish, of its own segment, to the millionth, and is rounded with the whole
    invoice: 0.01 x (1 + 2.5 + 2.5) EUR; a third of a cent and two thirds are a cent."""
    tasks: list[Task] = [(0, "annotate", 0, "vendor", 0, n * HOUR, (n + 1) * HOUR) for n in range(3)]
    log = book_log(["street"], tasks, [], 3 * HOUR)
    contracts = {"vendor": Contract(per_label=(Tier(None, 10_000),))}

    def invoice(*factors: tuple[int, float]) -> int:
        periods = tuple(Period(at, contracts, {"street": factor, "night": 9.0}) for at, factor in factors)
        return int(ledger(log, Terms(periods))["amount"].sum())

    assert invoice((0, 1.0), (2 * HOUR, 2.5)) == 60_000
    assert invoice((0, 1 / 3)) == 10_000
    assert invoice((0, 0.166_666)) == 0
    assert invoice((0, 0.166_667)) == 10_000


def two_days(**more: Any) -> dict[str, tuple[float, int]]:
    """Hours and cost by activity of a run of two office days of eight hours, by one person at 20 EUR an hour: an item
    of six hours is there at the start, nine o'clock on a Monday, and another comes in the last night."""
    line = queue(1, 1.0, 1, constant(6 * 3600.0))
    segments = (Segment("items", backlog=1), Segment("late", releases=(Release(40 * 3600.0, 1),)))
    pool = Pool("annotators", 1, "office", contract=HOURLY)
    stage = line.stages[0]
    changed = {
        "pools": (replace(pool, **more.pop("pool", {})),),
        "stages": (replace(stage, **more.pop("stage", {})),),
    }
    line = replace(line, start=datetime(2027, 1, 4, 9), calendars=(OFFICE,), segments=segments, horizon_s=48 * 3600.0)
    log = run(Plan.of(replace(line, **changed, **more)), 1, 0)
    table = ledger(log, Terms.of(replace(line, **changed, **more)))
    return {row[1]: (row[4], row[6]) for row in rows(table)}


def test_what_the_engine_says_of_people_is_paid() -> None:
    """Two plain days are 16 paid hours, six of them busy. An item that is finished in overtime over lunch is as long,
    and adds the hour of lunch. Two hours of training and days off with pay are told apart; unpaid days cost nothing."""
    assert two_days() == {"annotate": (6.0, 120_000_000), "idle": (10.0, 200_000_000)}
    assert two_days(stage={"shift_end": "finish"}) == {"annotate": (6.0, 120_000_000), "idle": (11.0, 220_000_000)}
    trained = two_days(trainings=(Training(0.0, "annotators", 2.0),))
    assert trained == {"annotate": (6.0, 120_000_000), "idle": (8.0, 160_000_000), "training": (2.0, 40_000_000)}
    assert two_days(pool={"absence": Absence(1.0, paid=True)}) == {"absence": (16.0, 320_000_000)}
    assert two_days(pool={"absence": Absence(1.0, paid=False)}) == {}
