"""KPIs of a programme with every mechanism, read row by row with a pencil."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest
from binned import told_h
from rows import item_row, task_row

from labelcast.sim.kpis import confusion, kpis
from labelcast.sim.laws import check
from labelcast.sim.line import Window
from labelcast.sim.registry import names_of

WEEK = 7 * 24 * 60
LEDGER = pd.DataFrame(
    {
        "segment": ["street", "night", "night", ""],
        "pool": ["team", "team", "reviewers", "crowd"],
        "amount": [10_000_001, 7_000_000, 2_000_000, 3_333_333],
    }
)
COSTS = {"night": {"truck": {"car": 5.0}}}
WINDOWS = (
    Window("pilot", 120 * 60.0, 3),
    Window("dark", 150 * 60.0, 4, "night"),
    Window("all", 600 * 60.0, 7),
    Window("elsewhere", 600 * 60.0, 1, "sea"),
)

ITEMS = {
    # All but the test question came in: 0, 1, 2, 4 and 10 of the street, 3, 5, 6, 7 and 8 of the night.
    "items_arrived": (10, 5, 5),
    "items_delivered": (6, 2, 4),
    "items_dropped": (3, 2, 1),  # 0 and 2; 3
    "items_open": (1, 1, 0),
    "coverage": (9 / 10, 4 / 5, 1),
    # 0 was not sampled; 1, 4 and 2, which dedup dropped, took three labels; 9 is a question and 10 is open.
    "labels_saved": (1, 1, 0),
    "cost_saved": (10.000001 / 3, 10.000001 / 3, 0),
    # Delivered at 88 and 120; 100, 140, 130 and 130; all arrived at 0.
    "cycle_time_h": (708 / 6 / 60, 208 / 2 / 60, 500 / 4 / 60),
    "throughput_per_week": (6 * WEEK / 600, 2 * WEEK / 600, 4 * WEEK / 600),
    "accuracy": (4 / 5, 1, 3 / 4),  # 7 is wrong; 4 is wrong too, but a duplicate
    "error_cost_per_1k": (1000 * 5 / 5, 0, 1000 * 5 / 4),  # 7, a truck called a car
    "on_time": (1 / 2, 1 / 2, math.nan),  # 1 at the very minute; 10 is open past its date; 0 was dropped
    "active_h": (
        (16 + 5 + 10 + 216 + 43 + 5 + 25 + 35) / 60,
        (6 + 5 + 10 + 66 + 23) / 60,
        (10 + 150 + 20 + 5 + 60) / 60,
    ),
}

BY_HAND = {
    "finish_days": math.inf,
    "unfinished_share": 1 / 7,  # of those not dropped
    "rework_rate": 3 / 6,  # 5, 7 and 8
    "first_pass_yield": 2 / 6,  # 1 and 4; 6 was adjudicated
    "duplicates_dropped": 1.0,
    "false_drops": 1.0,
    # Third delivery at 120; the night's fourth at 140; six items were delivered, none of the sea.
    "ready_days.pilot": 120 / 1440,
    "slack_days.pilot": 0.0,
    "ready_days.dark": 140 / 1440,
    "slack_days.dark": 10 / 1440,
    "ready_days.all": math.inf,
    "slack_days.all": -math.inf,
    "ready_days.elsewhere": math.inf,
    "slack_days.elsewhere": -math.inf,
}
LABELS = {
    # First labels: 1 has two, both car; the late truck of 6 does not count, so 6 has one.
    "agreement": 1.0,
    "alpha": math.nan,
    "disagreement": 0.0,
    # 12 labels: 2 of 1, 1 of 4, 2 of 5, 2 of 6, 2 of 7, 2 of 8, 1 of 9. Three are of round 1.
    "rework_per_touch": 3 / 12,
    "surplus_labels": 1.0,
    "suggestion_accuracy": 1.0,  # car, car
    "suggestion_kept": 2 / 3,  # both of 1, not that of 4
    "suggestion_kept_wrong": math.nan,
    "gold_labels": 1.0,
    "gold_accuracy": 0.0,
    "gold_h": 20 / 60,
    "label_accuracy.team": 4 / 10,  # both of 1, the second of 5 and of 8
    "label_accuracy.crowd": 1 / 2,
    "label_accuracy.reviewers": math.nan,
    "label_accuracy.experts": math.nan,
}
GATES = {
    # Seen first: 1 accepted, 4 accepted (what was broken off is no judgement), 5 rejected; then 5 accepted.
    "first_pass_yield.review": 2 / 3,
    "reject_rate.review": 1 / 4,
    "first_pass_yield.check": 1.0,
    "reject_rate.check": 0.0,
    "first_pass_yield.lots": 1 / 2,  # 7 accepted, 8 rejected
    "reject_rate.lots": 1 / 3,
    "rolled_yield": 1 / 3,
    "reviewed_share": 5 / 6,  # all but 6
    "reviewed_share.review": 3 / 6,
    "reviewed_share.check": 1 / 6,
    "reviewed_share.lots": 2 / 6,
    "errors_caught.review": 1.0,  # 5
    "errors_caught.check": 0.0,
    "errors_caught.lots": 1.0,  # 8
    "errors_caught_by_hour.review": 1 / ((8 + 5 + 10 + 10 + 10) / 60),
    "errors_caught_by_hour.check": 0.0,
    "errors_caught_by_hour.lots": 1 / ((10 + 5 + 10) / 60),
    "errors_missed.review": 1.0,  # 4
    "errors_missed.check": 0.0,
    "errors_missed.lots": 1.0,  # 7
    "lots_inspected.lots": 2.0,
    "lots_rejected.lots": 1.0,  # 7 was accepted itself, and went back with 8
    "aoq": 1 / 2,  # 7 is wrong, 8 is right
}
# By stage: tasks started; contention, off shift, batching, consensus and hand-off in minutes.
WAITS = {
    "dedup": (9, 8, 0, 16, 0, 0),  # eight tasks: two minutes to gather, one to wait; 10 at once
    "model": (2, 0, 0, 0, 0, 0),
    # 1: 2 + 2 handed; 4: 2 handed, 8; 5: 25; 6: 25 before the crowd comes, 10; and 25, 25; 7: 35; 8: 45;
    # 7 again: 25 for the lot's verdict, 5.
    "annotate": (12, 153, 50, 25, 0, 6),
    # 1: 10 for the second label, 30 before reviewers come, 20; 4: 20 and 35, then 10; 5: 10 before they come.
    "review": (5, 65, 60, 0, 10, 0),
    "check": (1, 0, 0, 0, 0, 5),
    "lots": (3, 40, 0, 10, 0, 0),  # 7: 5 to fill the lot, 5; 8: 35; 8 again: 5 to fill
    "adjudicate": (1, 0, 0, 0, 0, 0),
}
FLOW = {
    "wait_h_p50.annotate": told_h(10),  # 0, 0, 0, 2, 2, 10, 25, 30, 35, 35, 45, 50
    "wait_h_p95.annotate": told_h(50),
    "wait_h_p50.review": told_h(10),  # 0, 10, 10, 55, 60
    "wait_h_p95.review": told_h(60),
    "wait_h.segment.street": 148 / 13 / 60,
    "wait_h.segment.night": 300 / 20 / 60,
    "handoff_share": 11 / 448,
    "sync_delay_h": 10 / 6 / 60,
    # 8 + 25 + 35 + 100 + 50 + 35 + 45 + 5 + 95, the escalated task until it was taken, the last to the end.
    "queue.annotate": 398 / 600,
    "queue_max.annotate": 7.0,  # from 12 to 20: 4, 5, three of 6, 7, 8
    "queue_max.dedup": 8.0,
    "queue_max.adjudicate": 0.0,
    "starved.annotate": 1.0,  # 10, when it falls due
    "starved.review": 0.0,
    "sla_breaches.review": 1.0,  # 4: from 40 to 120, broken off between; 1: 58 from the second label on
    "sla_breaches.adjudicate": 1.0,  # 35 minutes
    "sla_breaches.annotate": math.nan,  # nothing was promised
    "attempts.annotate": 1.0,  # 6 was escalated
    "attempts.review": 1.0,  # 4, broken off
    "escalation_rate.annotate": 1 / 8,  # of 1, 4, 5, 6, 7, 8, 9 and 10
    "escalation_rate.review": 0.0,
}
PEOPLE = {
    "busy_h.team": (78 + 73) / 60,
    "idle_h.team": (500 - 151) / 60,  # overtime is time on shift
    "training_h.team": 1.0,
    "absent_h.team": 2.0,
    "paid_h.team": 680 / 60,
    "off_h.team": (1200 - 680) / 60,
    "busy_h.crowd": 65 / 60,
    "paid_h.crowd": 145 / 60,
    "off_h.crowd": math.nan,  # who come in sessions are no headcount
    "off_h.reviewers": 2 * 60 / 60,  # both until minute 60
    "hires.team": 0.0,
    "leavers.crowd": math.nan,
    "people_seen.team": 2.0,
    "people_seen.crowd": 2.0,
    "top_tenth_share.team": 5 / 10,
    "top_tenth_share.reviewers": 4 / 8,
    "ramp_weeks.team": math.nan,
}
MONEY = {
    "cost": 22.333334,
    "cost.segment.street": 10.000001,
    "cost.segment.night": 9.0,
    "cost_shared": 3.333333,
    "cost.team": 17.000001,
    "cost.experts": 0.0,
    "cost_per_label": 22.333334 / 12,
    "cost_per_label.team": 17.000001 / 10,
    "cost_per_label.crowd": 3.333333 / 2,
    "cost_per_label.reviewers": math.nan,
    "cost_per_accepted_label": 22.333334 / 6,
    "cost_per_correct_label": 22.333334 / 4,
}


@pytest.fixture
def found(programme: Any) -> dict[str, float]:
    """The KPIs of the programme."""
    return kpis(programme.log(), LEDGER, WINDOWS, COSTS)


def test_the_programme_is_lawful(programme: Any) -> None:
    """What every mechanism leaves in a log breaks no law."""
    assert check(programme.log()) == []


def test_items(found: dict[str, float]) -> None:
    """What became of the items, of all and by segment: counts and hours sum."""
    for name, values in ITEMS.items():
        told = [found[name], found[f"{name}.segment.street"], found[f"{name}.segment.night"]]
        assert told == pytest.approx(values, rel=1e-12, nan_ok=True), name
    assert {name: found[name] for name in BY_HAND} == pytest.approx(BY_HAND, rel=1e-12)


@pytest.mark.parametrize(
    "group", [LABELS, GATES, FLOW, PEOPLE, MONEY], ids=["labels", "gates", "flow", "people", "money"]
)
def test_groups(found: dict[str, float], group: dict[str, float]) -> None:
    """Each group of KPIs, as the pencil gives them."""
    assert {name: found[name] for name in group} == pytest.approx(group, rel=1e-12, nan_ok=True)


@pytest.mark.parametrize("stage", WAITS)
def test_waits(found: dict[str, float], stage: str) -> None:
    """The parts of a stage's wait, and their sum."""
    started, *parts = WAITS[stage]
    assert found[f"wait_h.{stage}"] == pytest.approx(sum(parts) / started / 60)
    for part, minutes in zip(("contention", "off_shift", "batching", "consensus", "handoff"), parts, strict=True):
        assert found[f"wait_h.{stage}.{part}"] == pytest.approx(minutes / started / 60), part


def test_names(programme: Any, found: dict[str, float]) -> None:
    """A line's stages, pools, segments and windows say the names of all its KPIs beforehand."""
    named = names_of(
        programme.roles,
        programme.categories["pool"],
        programme.categories["segment"],
        [window.name for window in WINDOWS],
    )
    assert list(found) == [name for name in named if name in found]
    assert {name for name in named if name not in found} == {
        *("p_deadline", "p_budget", "p_accuracy", "p_on_time"),
        *(f"p_ready.{window.name}" for window in WINDOWS),
    }


def test_confusion(programme: Any) -> None:
    """Errors by class: what was delivered as what, duplicates left out."""
    rows = list(confusion(programme.log()).itertuples(index=False, name=None))
    assert rows == [
        ("street", "car", "car", 1),
        ("night", "car", "car", 2),
        ("night", "truck", "car", 1),
        ("night", "truck", "truck", 1),
    ]


def test_one_weight_moves_one_term(programme: Any) -> None:
    """Doubling the cost of one error doubles its segment's term, and nothing else."""
    log = programme.log()
    once, twice = (kpis(log, LEDGER, (), {"night": {"truck": {"car": cost}}}) for cost in (5.0, 10.0))
    changed = {name for name in once if once[name] != twice[name] and not math.isnan(once[name])}
    assert changed == {"error_cost_per_1k", "error_cost_per_1k.segment.night"}
    assert twice["error_cost_per_1k.segment.night"] == 2 * once["error_cost_per_1k.segment.night"]


def test_suggestions_that_are_wrong(programme: Any) -> None:
    """With trucks as items 1 and 4 the model's two cars are wrong; both labels of 1 keep it, that of 4 does not."""
    for item in programme.items:
        item["truth"] = "truck" if item["item"] in (1, 4) else item["truth"]
    found = kpis(programme.log(), LEDGER)
    assert found["suggestion_accuracy"] == 0.0
    assert found["suggestion_kept_wrong"] == pytest.approx(2 / 3)


def test_a_lot_of_which_all_is_rejected(programme: Any) -> None:
    """Where nothing of the sample is accepted, the lot is rejected; where what was accepted goes on, it is not."""
    for row in programme.tasks:
        if row["item"] == 7 and row["stage"] == "lots":
            row["outcome"] = "rejected"
    assert kpis(programme.log(), LEDGER)["lots_rejected.lots"] == 1
    programme.tasks = [row for row in programme.tasks if not (row["item"] in (7, 8) and row["round"] == 1)]
    assert kpis(programme.log(), LEDGER)["lots_rejected.lots"] == 1
    for row in programme.tasks:
        if row["item"] == 7 and row["stage"] == "lots":
            row["outcome"] = "accepted"
    assert kpis(programme.log(), LEDGER)["lots_rejected.lots"] == 0


def test_a_rollback_is_no_rejected_lot(programme: Any) -> None:
    """An item that comes back long after the lot's verdict does not make the lot a rejected one."""
    again = next(
        row for row in programme.tasks if row["item"] == 7 and row["stage"] == "annotate" and row["round"] == 1
    )
    again |= {"enqueued_at": 106, "ready_at": 106}
    assert kpis(programme.log(), LEDGER)["lots_rejected.lots"] == 0
    again |= {"enqueued_at": 105}
    assert kpis(programme.log(), LEDGER)["lots_rejected.lots"] == 1


def test_learning(rows: Any) -> None:
    """Ramp: a person whose labels take 20, 15, 12, 11, 10, 10, .. minutes in weeks 0, 1, .. is proficient, at no more
    than 10 / 90%, in week 3; one who came a week later counts from their own first day."""
    minutes = [20, 15, 12, 11, 10, 10, 10, 10, 10]
    items, tasks, presence = [], [], []
    for worker in (0, 1):
        for week, length in enumerate(minutes):
            number, at = len(items), (week + worker) * WEEK
            items.append(item_row(number, 0, None, at + length, "car", "car"))
            times = (0, 0, at, at + length)
            tasks.append(task_row(number, "annotate", 0, 0, ("team", worker), times, length, "car"))
            presence.append({"pool": "team", "worker": worker, "from": at, "to": at + 60, "kind": "working"})
    found = kpis(rows(items, tasks, presence, 10 * WEEK).log(), LEDGER)
    assert found["ramp_weeks.team"] == 3.0
    assert math.isnan(found["ramp_weeks.reviewers"])
    assert found["starved.annotate"] == 15.0  # all but the three that began by the end of the first week
