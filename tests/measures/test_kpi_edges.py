"""What is just in and what is just out of a KPI, one row moved at a time."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from flows import annotate, line_of, people, simulate
from rows import Row, Rows, item_row, task_row

from labelcast.sim.kpis import kpis, missing
from labelcast.sim.line import Relabel, Window

BOOK = pd.DataFrame({"segment": ["street"], "pool": ["team"], "amount": [1]})
WEEK = 7 * 24 * 60


def measured(rows: Rows, name: str) -> float:
    """One KPI of these rows."""
    return kpis(rows.log(), BOOK)[name]


def judgement(rows: Rows, item: int, round_: int) -> Row:
    """The inspection of an item in a round."""
    return next(task for task in rows.tasks if (task["item"], task["stage"], task["round"]) == (item, "lots", round_))


def test_false_drops(programme: Rows) -> None:
    """A drop of what repeats an item is found, a drop of what repeats none is false; the two are told apart."""
    programme.items[3] |= {"duplicate_of": 1, "segment": "street"}
    assert (measured(programme, "duplicates_dropped"), measured(programme, "false_drops")) == (2, 0)
    for number in (2, 3):
        programme.items[number]["duplicate_of"] = None
    assert (measured(programme, "duplicates_dropped"), measured(programme, "false_drops")) == (0, 2)


def test_people_without_a_task(programme: Rows) -> None:
    """Who is there and does nothing is paid, but neither seen among those who worked nor of the top tenth."""
    idle = {"pool": "team", "from": 0, "to": 60, "kind": "working"}
    programme.presence += [idle | {"worker": worker} for worker in range(2, 22)]
    found = kpis(programme.log(), BOOK)
    assert (found["people_seen.team"], found["top_tenth_share.team"]) == (2, 1 / 2)
    assert found["idle_h.team"] == pytest.approx(349 / 60 + 20)
    assert found["off_h.team"] == pytest.approx((22 * 600 - 680) / 60 - 20)  # each of the 22 counts for the whole run


def test_what_comes_back_counts_by_its_last_delivery() -> None:
    """Three items, due at 150 s, are delivered at 60, 120 and 180 s; the second and the third go back at 200 s and are
    delivered again at 260 and 320 s. So only the first is on time, and two are ready at 260 s, of which 120 s was."""
    windows = [Window("two", items=2, at_s=120.0)]
    line = line_of(3, (annotate(),), people("annotators"))
    line = replace(line, segments=tuple(replace(each, due_s=150.0) for each in line.segments))
    once, again = (
        kpis(simulate(replace(line, relabels=relabels)), BOOK, windows)
        for relabels in ((), (Relabel(200.0, "annotate", since_s=120.0),))
    )
    assert (once["on_time"], once["ready_days.two"], once["slack_days.two"]) == (2 / 3, 120 / 86_400, 0)
    assert (again["on_time"], again["ready_days.two"]) == (1 / 3, 260 / 86_400)
    assert again["slack_days.two"] == pytest.approx(-140 / 86_400)
    assert (again["items_delivered"], again["finish_days"]) == (3, 320 / 86_400)


def test_what_is_broken_off_is_not_done(programme: Rows) -> None:
    """A person whose only task was broken off has finished none."""
    programme.tasks = [task for task in programme.tasks if task["pool"] != "crowd" or task["outcome"] == "escalated"]
    programme.tasks.append(
        task_row(6, "annotate", 0, 0, ("crowd", 0), (5, 5, 40, 50), 10, None, "returned") | {"handoff_ms": 0}
    )
    assert measured(programme, "people_seen.crowd") == 0
    assert math.isnan(measured(programme, "top_tenth_share.crowd"))
    assert measured(programme, "cost_per_label") == 1e-6 / 10  # nor is it a label


@pytest.mark.parametrize(("due", "on_time"), [(599, 1 / 2), (600, 1.0), (601, 1.0)])
def test_due_at_the_end(programme: Rows, due: int, on_time: float) -> None:
    """An open item is late once its date is past, and not yet at the date."""
    programme.items[10]["due_at"] = due
    assert measured(programme, "on_time") == on_time


@pytest.mark.parametrize(("due", "starved"), [(504, 0), (505, 1), (599, 1), (600, 0)])
def test_starved_by_the_date(programme: Rows, due: int, starved: int) -> None:
    """A task starves if it is ready and not started when its item falls due: from 505 to the end, exclusive."""
    programme.items[10]["due_at"] = due
    assert measured(programme, "starved.annotate") == starved


@pytest.mark.parametrize(("wait", "starved"), [(0, 0), (WEEK, 0), (WEEK + 1, 1)])
def test_starved_for_a_week(rows: Callable[..., Rows], wait: int, starved: int) -> None:
    """A task starves if it waits for more than seven days, whenever that is."""
    at = 5 * WEEK
    times = (at, at, at + wait, at + wait + 10)
    tasks = [task_row(0, "annotate", 0, 0, ("team", 0), times, 10, "car")]
    items = [item_row(0, at, None, at + wait + 10, "car", "car")]
    presence = [{"pool": "team", "worker": 0, "from": at, "to": at + 3 * WEEK, "kind": "working"}]
    assert measured(rows(items, tasks, presence, at + 3 * WEEK), "starved.annotate") == starved


def test_promises_by_task(programme: Rows) -> None:
    """Promised 60 minutes at annotate: late are the escalated label of item 6, taken after 100, and that of item 10,
    open since 505. The label that came too late, the test question and what took exactly 60 are not."""
    programme.promises = {"annotate": 60}
    assert measured(programme, "sla_breaches.annotate") == 2
    programme.promises = {"annotate": 59}
    assert measured(programme, "sla_breaches.annotate") == 3  # item 8, from 5 to 65
    assert missing(programme.log(), "sla_breaches.annotate") == ""


def test_promises_of_what_is_broken_off_twice(programme: Rows) -> None:
    """The promise runs from the first of three tries; a try that was broken off is no task of its own."""
    broken = next(task for task in programme.tasks if task["item"] == 4 and task["outcome"] == "returned")
    programme.tasks.append(broken | {"enqueued_at": 90, "ready_at": 90, "started_at": 90, "finished_at": 94})
    broken |= {"started_at": 60, "finished_at": 90}
    again = next(t for t in programme.tasks if (t["item"], t["outcome"]) == (4, "accepted"))
    again |= {"enqueued_at": 94, "ready_at": 94}
    for promise, late in ((80, 0), (79, 1), (1, 4)):  # from 40 to 120; with one minute, 1 and both of 5 are late too
        programme.promises = {"review": promise}
        assert measured(programme, "sla_breaches.review") == late


def test_errors_missed_at_the_last_look(programme: Rows) -> None:
    """A wrong label that a gate accepted when it saw the item last was missed; one that it rejected was not."""
    programme.items[8]["truth"] = "truck"
    assert measured(programme, "errors_missed.lots") == 2
    judgement(programme, 8, 1)["outcome"] = "rejected"
    assert measured(programme, "errors_missed.lots") == 1
    assert measured(programme, "reject_rate.lots") == 2 / 3


def test_a_lot_is_no_more_for_an_inspection_begun_again(programme: Rows) -> None:
    """An inspection that is broken off, and begun again at another time, is of the same lot; a lot of which one is open
    is not judged yet."""
    first = judgement(programme, 7, 0)
    programme.tasks.append(first | {"started_at": 66, "finished_at": 69, "active_ms": 3, "outcome": "returned"})
    first |= {"enqueued_at": 69, "ready_at": 69}
    assert (measured(programme, "lots_inspected.lots"), measured(programme, "lots_rejected.lots")) == (2, 1)
    first |= {"finished_at": None, "active_ms": None, "outcome": None}
    assert (measured(programme, "lots_inspected.lots"), measured(programme, "lots_rejected.lots")) == (1, 0)


def test_learning_is_of_labels(rows: Callable[..., Rows]) -> None:
    """Reviews by the same people, ever slower, do not hide that labels became quicker."""
    items: list[Row] = []
    tasks: list[Row] = []
    for week, length in enumerate([20, 15, 12, 11, 10, 10, 10, 10, 10]):
        at = week * WEEK
        items.append(item_row(week, 0, None, at + 900, "car", "car"))
        tasks.append(task_row(week, "annotate", 0, 0, ("team", 0), (0, 0, at, at + length), length, "car"))
        times = (at + 100, at + 100, at + 100, at + 900)
        tasks.append(task_row(week, "review", 0, 0, ("team", 0), times, 10 + 90 * week, None, "accepted"))
    log: Any = rows(items, tasks, [], 10 * WEEK).log()
    assert kpis(log, BOOK)["ramp_weeks.team"] == 3
    tasks = [task for task in tasks if task["item"] < 7]
    assert math.isnan(kpis(rows(items[:7], tasks, [], 10 * WEEK).log(), BOOK)["ramp_weeks.team"])
