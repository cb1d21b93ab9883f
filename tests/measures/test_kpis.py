"""KPIs of ten items against values worked out by hand, and what is withheld when a column is not recorded."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest
from binned import told_h

from labelcast.sim.kpis import kpi_of, kpis, missing, unit_of
from labelcast.sim.ledger import ledger
from labelcast.sim.line import Contract
from labelcast.sim.registry import names_of

LEDGER = pd.DataFrame(  # 26 units of the currency
    {"segment": ["street", ""], "pool": ["team", "reviewers"], "amount": [20_000_000, 6_000_000]}
)

AGES = [told_h(minutes) for minutes in (70, 80, 220, 20, 30, 20, 90, 90, 45, 100)]
"""Hours that items 0 to 9 were in progress, as the bins tell them."""

BY_HAND = {
    "cost": 26.0,
    "cost.segment.street": 20.0,
    "cost_shared": 6.0,
    "cost.team": 20.0,
    "cost.reviewers": 6.0,
    "cost.experts": 0.0,
    "cost_per_label.team": 20 / 13,
    "cost_per_label.reviewers": math.nan,  # they give no labels
    "cost_per_label.experts": math.nan,
    # 13 finished annotate tasks: 2 + 3 + 2 for items 0-2, one each for items 3-8, none yet for item 9.
    "cost_per_label": 26 / 13,
    "cost_per_accepted_label": 26 / 9,  # nine delivered
    "cost_per_correct_label": 26 / 7,  # items 2 and 5 are wrong
    "finish_days": math.inf,  # item 9 is not delivered
    # 70, 100, 260, 70, 90, 100, 170, 180, 135 minutes from arrival to delivery: 1175 together.
    "cycle_time_h": 1175 / 9 / 60,
    "accuracy": 6 / 8,  # of the nine, without item 7, a duplicate: items 2 and 5 are wrong
    "agreement": 1 / 3,  # item 0 agrees, 1 and 2 do not; rework does not count
    # Counts (car, truck): (2,0), (1,1), (1,1). n = 6, n_c = 4 and 2, o_cc together 2: 1 - 5 x (6 - 2) / (36 - 20).
    "alpha": -0.25,
    # Due are 0, 1, 2, 4, 6 and 9. In time: 0, 1 (at the very minute), 6. Item 9 is not delivered and its date is past.
    "on_time": 3 / 6,
    "rework_rate": 1 / 9,  # item 1
    "rework_per_touch": 1 / 13,
    "first_pass_yield": 7 / 9,  # all but 1 (rework) and 2 (adjudication)
    "throughput_per_week": 9 * 7 * 24 * 60 / 300,
    "items_arrived": 10.0,
    "items_delivered": 9.0,
    "items_dropped": 0.0,
    "items_open": 1.0,
    "unfinished_share": 0.1,
    "coverage": 1.0,
    "labels_saved": 0.0,
    "cost_saved": 0.0,
    "duplicates_dropped": 0.0,
    "false_drops": 0.0,
    "error_cost_per_1k": 250.0,  # two of eight, at 1 each
    "disagreement": 2 / 3,
    # Of 13 labels, one of item 1, one of item 2 and that of item 5 are wrong.
    "label_accuracy.team": 10 / 13,
    "label_accuracy.reviewers": math.nan,
    "label_accuracy.experts": math.nan,
    "surplus_labels": 0.0,
    "lost_h": 0.0,  # nothing was broken off, and no label came too late
    "skips": 0.0,
    "skip_h": 0.0,
    **dict.fromkeys(("check_h", "labels_caught", "caught_right"), math.nan),  # checks are not recorded
    # From its first start to its delivery, item 9 to the end: each counts as the middle of its bin.
    "wip_age_h": sum(age * age for age in AGES) / (2 * sum(AGES)),
    "wip_age_h_p95": 0.95 * sum(AGES) - sum(sorted(AGES)[:-1]),  # about 182 minutes: beyond 100 only item 2 is so old
    "wip_max": 4.0,  # at minute 60: items 0 to 3, of which the last is begun then
    **dict.fromkeys(("items_relabelled", "relabel_h", "relabel_cost"), math.nan),  # no rollbacks are recorded
    **dict.fromkeys(("mistier_rate", "mistier_rate.segment.street"), math.nan),
    **{f"mistier_rate.{stage}": math.nan for stage in ("annotate", "review", "adjudicate")},
    **dict.fromkeys(("suggestion_accuracy", "suggestion_kept", "suggestion_kept_wrong"), math.nan),
    "gold_labels": math.nan,
    "gold_accuracy": math.nan,
    "gold_h": math.nan,
    "active_h": 6.0,
    "active_min_per_item": 360 / 9,
    "active_h.annotate": 5.0,
    "active_h.review": 40 / 60,
    "active_h.adjudicate": 20 / 60,
    "active_h.segment.street": 6.0,
    # Items 0, 1 and 8 are reviewed; 1 is rejected at first, and accepted then.
    "first_pass_yield.review": 2 / 3,
    "rolled_yield": 2 / 3,
    "reject_rate.review": 1 / 4,
    "reviewed_share": 3 / 9,
    "reviewed_share.review": 3 / 9,
    "errors_caught.review": 1.0,  # of item 1: a label each, and the first is wrong
    "errors_caught_by_hour.review": 1 / (40 / 60),
    "errors_missed.review": 0.0,
    "aoq": math.nan,
    # In order: 0, 0, 0, 0, 20, 30, 40, 50, 50, 60, 80, 80, 90, 90; the seventh and the fourteenth.
    "wait_h_p50.annotate": told_h(40),
    "wait_h_p95.annotate": told_h(90),
    "wait_h_p50.review": told_h(5),
    "wait_h_p95.review": told_h(40),
    "wait_h_p50.adjudicate": told_h(180),
    "wait_h_p95.adjudicate": told_h(180),
    "wait_h.segment.street": (590 + 75 + 180) / 19 / 60,
    "handoff_share": 0.0,
    "sync_delay_h": 30 / 9 / 60,
    "queue_max.annotate": 8.0,  # at minute 20: 4 of items 0-2, 3 of items 3-5, 2 of items 6 and 7, less the one begun
    "queue_max.review": 2.0,  # from 50 to 60
    "queue_max.adjudicate": 1.0,
    "starved.annotate": 1.0,  # item 9's second task when the item falls due
    "starved.review": 0.0,
    "starved.adjudicate": 1.0,  # item 2, due at 200
    "questions": 0.0,
    "answer_h": math.nan,
    **{f"answer_h.{stage}": math.nan for stage in ("annotate", "review", "adjudicate")},
    **{f"sla_breaches.{stage}": math.nan for stage in ("annotate", "review", "adjudicate")},
    **{
        f"{name}.{stage}": 0.0
        for name in ("attempts", "escalation_rate", "lost_h", "skips", "skip_h", "questions")
        for stage in ("annotate", "review", "adjudicate")
    },
    **{
        f"{name}.{pool}": 0.0
        for name in ("training_h", "absent_h", "hires", "leavers")  # of a day, nobody can tell
        for pool in ("team", "reviewers", "experts")
    },
    "paid_h.team": 8.0,
    "paid_h.reviewers": 4.0,
    "paid_h.experts": 1.0,
    "people_seen.team": 2.0,
    "people_seen.reviewers": 1.0,
    "people_seen.experts": 1.0,
    "top_tenth_share.team": 7 / 13,
    "top_tenth_share.reviewers": 1.0,
    "top_tenth_share.experts": 1.0,
    **{f"ramp_weeks.{pool}": math.nan for pool in ("team", "reviewers", "experts")},  # five hours are no eight weeks
    **{f"over_cap_{of}.{pool}": math.nan for of in ("h", "weeks") for pool in ("team", "reviewers", "experts")},
    # 14 started annotate tasks wait 0, 0, 20, 30, 0, 40, 50, 50, 60, 80, 80, 90, 90, 0 minutes: 590 together.
    "wait_h.annotate": 590 / 14 / 60,
    "wait_h.annotate.contention": 530 / 14 / 60,
    "wait_h.annotate.off_shift": 60 / 14 / 60,  # item 8, over lunch
    "wait_h.annotate.consensus": 0.0,
    "wait_h.annotate.batching": 0.0,
    "wait_h.annotate.handoff": 0.0,
    # Reviews wait 40 (10 for the second label, 30 before the reviewer comes), 30 (10, 10, 10 in a queue), 0, 5 (queue).
    "wait_h.review": 75 / 4 / 60,
    "wait_h.review.contention": 15 / 4 / 60,
    "wait_h.review.off_shift": 40 / 4 / 60,
    "wait_h.review.consensus": 20 / 4 / 60,
    "wait_h.review.batching": 0.0,
    "wait_h.review.handoff": 0.0,
    "wait_h.adjudicate": 180 / 60,
    "wait_h.adjudicate.contention": 0.0,
    "wait_h.adjudicate.off_shift": 170 / 60,  # the expert comes at minute 240
    "wait_h.adjudicate.consensus": 10 / 60,
    "wait_h.adjudicate.batching": 0.0,
    "wait_h.adjudicate.handoff": 0.0,
    "queue.annotate": (590 + 100) / 300,  # item 9's second task waits from 200 to the end
    "queue.review": 55 / 300,
    "queue.adjudicate": 170 / 300,
    # team 0 is busy in all its 240 minutes (item 9 to the end; 7 for 10 + 20 around lunch); team 1 for 160 of 240.
    "utilisation.team": 400 / 480,
    "utilisation.reviewers": 40 / 240,
    "utilisation.experts": 20 / 60,
    "idle_h.team": 80 / 60,
    "idle_h.reviewers": 200 / 60,
    "idle_h.experts": 40 / 60,
    "busy_h.team": 400 / 60,
    "busy_h.reviewers": 40 / 60,
    "busy_h.experts": 20 / 60,
    "off_h.team": 120 / 60,  # two people, lunch
    "off_h.reviewers": 60 / 60,
    "off_h.experts": 240 / 60,
}

BY_HAND |= {  # there is one segment
    f"{name}.segment.street": BY_HAND[name]
    for name in (
        "accuracy",
        "cost_saved",
        "coverage",
        "cycle_time_h",
        "error_cost_per_1k",
        "items_arrived",
        "items_delivered",
        "items_dropped",
        "items_open",
        "labels_saved",
        "on_time",
        "throughput_per_week",
    )
}


def test_by_hand(trace: Any) -> None:
    """Every KPI of the ten items is what a pencil gives, and there is no other."""
    found = kpis(trace.log(), LEDGER)
    assert found == pytest.approx(BY_HAND, rel=1e-12, nan_ok=True)
    named = names_of(trace.roles, trace.categories["pool"], trace.categories["segment"])
    assert set(found) == {name for name in named if not name.startswith("p_")}


def test_finish_is_the_last_delivery(trace: Any) -> None:
    """finish_days counts calendar days from the origin, once every item is delivered."""
    trace.items, trace.tasks = trace.items[:9], trace.tasks[:18]
    assert kpis(trace.log(), LEDGER)["finish_days"] == 260 / (24 * 60)


def test_no_ledger_no_cost(trace: Any) -> None:
    """Without a ledger, costs are NaN and never zero."""
    found = kpis(trace.log(), None)
    assert all(math.isnan(found[name]) for name in found if name.startswith("cost"))
    assert found["accuracy"] == BY_HAND["accuracy"]


def test_a_ledger_without_rows_costs_nothing(trace: Any) -> None:
    """Who has a contract, and did nothing that it pays, costs 0: in all, by segment, by pool and by label."""
    log = trace.log()
    empty = ledger(log, {"nobody": Contract(hourly=30_000_000)})
    found = {name: value for name, value in kpis(log, empty).items() if name.startswith("cost")}
    labels = {f"cost_per_label.{pool}" for pool in ("reviewers", "experts")}  # who label nothing
    assert len(empty) == 0
    assert {"cost", "cost_shared", "cost.team", "cost_per_label.team"} < set(found)
    assert {name for name, value in found.items() if math.isnan(value)} == labels
    assert all(value == 0 for name, value in found.items() if name not in labels)


def test_cost_per_correct_label_needs_every_truth(trace: Any) -> None:
    """Where truth is known of gold items only, cost per correct label is withheld and accuracy is that of the gold."""
    for item in trace.items:
        item["truth"] = item["truth"] if item["item"] in (0, 2) else None
    found = kpis(trace.log(), LEDGER)
    assert math.isnan(found["cost_per_correct_label"])
    assert found["accuracy"] == 0.5


WAITS = {"wait_h", "wait_h_p50", "wait_h_p95", "handoff_share", "sync_delay_h"}
QUEUES = {"queue", "queue_max", "starved"}
HELD = {"utilisation", "idle_h", "busy_h", "over_cap_h", "over_cap_weeks"}
SEEN = {"people_seen", "top_tenth_share", "ramp_weeks"}
CAUGHT = {"errors_caught", "errors_caught_by_hour"}
MADE = {
    "cost_per_label",
    "rework_per_touch",
    "label_accuracy",
    "gold_labels",
    "gold_accuracy",
    "surplus_labels",
    "labels_saved",
}
GATES = {"first_pass_yield.", "rolled_yield", "reject_rate", "reviewed_share", "errors_missed"} | CAUGHT
LOST = {"lost_h", "skip_h"}
ENDED = {"surplus_labels", "attempts", "escalation_rate", "skips", "questions", "answer_h"}
RIGHT = {"accuracy", "error_cost_per_1k", "errors_missed", "cost_per_correct_label", "aoq"}

UNRECORDED = {"gold_labels", "gold_accuracy", "gold_h", "aoq", "sla_breaches.annotate", "sla_breaches.review"}
UNRECORDED |= {"sla_breaches.adjudicate", "suggestion_accuracy", "suggestion_kept", "suggestion_kept_wrong"}
UNRECORDED |= {"items_relabelled", "relabel_h", "relabel_cost", "mistier_rate", "mistier_rate.segment.street"}
UNRECORDED |= {"check_h", "labels_caught", "caught_right"}
UNRECORDED |= {f"mistier_rate.{stage}" for stage in ("annotate", "review", "adjudicate")}
"""What the trace itself does not record: gold, lots, promises, suggestions, rollbacks, tiers, checks."""


@pytest.mark.parametrize(
    ("table", "column", "withheld"),
    [
        ("tasks", "ready_at", WAITS | QUEUES | {"answer_h"}),
        ("tasks", "started_at", WAITS | QUEUES | HELD | {"ramp_weeks", "wip_age_h", "wip_age_h_p95", "wip_max"}),
        ("tasks", "enqueued_at", WAITS | {"answer_h", "sla_breaches"}),
        ("tasks", "worker", HELD | SEEN),
        ("tasks", "pool", WAITS | HELD | SEEN | {"label_accuracy", "cost_per_label.", "mistier_rate"}),
        ("tasks", "label", {"agreement", "alpha", "disagreement", "label_accuracy", "gold_accuracy"} | CAUGHT),
        ("tasks", "finished_at", MADE | CAUGHT | HELD | SEEN - {"ramp_weeks"} | {"answer_h", "sla_breaches"}),
        (
            "tasks",
            "active_ms",
            {"active_h", "active_min_per_item", "errors_caught_by_hour", "relabel_h", "gold_h", "ramp_weeks"} | LOST,
        ),
        (
            "tasks",
            "outcome",
            GATES | {"surplus_labels", "attempts", "escalation_rate", "skips", "questions", "answer_h"} | LOST,
        ),
        ("items", "arrived_at", {"cycle_time_h"}),
        ("items", "due_at", {"on_time"}),
        ("items", "truth", RIGHT | CAUGHT | {"label_accuracy", "gold_accuracy"}),
        ("items", "final_label", RIGHT),
    ],
)
def test_what_is_not_recorded(trace: Any, table: str, column: str, withheld: set[str]) -> None:
    """A KPI whose column is not recorded is NaN and says which column is missing; the others keep their values, but
    that without due dates nobody starves for them."""
    for row in getattr(trace, table):
        row[column] = None
    log = trace.log()
    found = kpis(log, LEDGER)
    for name, value in found.items():
        told = missing(log, name)
        if any(name == one or name.startswith(one if one.endswith(".") else f"{one}.") for one in withheld):
            assert math.isnan(value), name
            assert f"{table}.{column}" in told
        elif column != "due_at" or not name.startswith("starved."):
            assert value == pytest.approx(BY_HAND[name], nan_ok=True), name
            assert (told == "") == (name not in UNRECORDED), name


def test_presence_not_recorded(trace: Any) -> None:
    """Without presence there is neither utilisation nor a split of waits into shift and queue; waits stay."""
    trace.presence = []
    found = kpis(trace.log(), LEDGER)
    for name, value in found.items():
        lost = name.partition(".")[0] in (*HELD, "training_h", "absent_h", "paid_h", "off_h", "hires", "leavers")
        lost |= name.endswith((".contention", ".off_shift"))
        assert math.isnan(value) == (lost or math.isnan(BY_HAND[name])), name
        assert ("presence.from" in missing(trace.log(), name)) == lost


def test_deliveries_not_recorded(trace: Any) -> None:
    """All work finished and nothing delivered means that deliveries are not recorded: then no item is unfinished."""
    trace.tasks = trace.tasks[:18]
    for item in trace.items:
        item["delivered_at"] = item["final_label"] = None
    log = trace.log()
    found = kpis(log, LEDGER)
    for name in ("items_delivered", "finish_days", "unfinished_share", "rework_rate", "on_time"):
        assert math.isnan(found[name])
        assert "items.delivered_at" in missing(log, name)


def test_nothing_delivered_yet(trace: Any) -> None:
    """While work is under way, no delivery is a fact and not a gap: zero delivered, finish infinite."""
    trace.items, trace.tasks, trace.ended = trace.items[:1], trace.tasks[:2], 15
    trace.items[0] |= {"delivered_at": None, "final_label": None}
    for task in trace.tasks:
        task |= {"finished_at": None, "active_ms": None, "label": None, "outcome": None}
    found = kpis(trace.log(), LEDGER)
    assert (found["items_delivered"], found["finish_days"], found["unfinished_share"]) == (0, math.inf, 1)
    assert found["cost"] == 26
    assert math.isnan(found["cost_per_accepted_label"])
    assert math.isnan(found["accuracy"])
    assert found["busy_h.team"] == 0.5  # two people for 15 minutes: tasks in progress count to the end


def test_an_empty_log(rows: Any) -> None:
    """A run without items and people computes, and claims nothing but that there was nothing."""
    found = kpis(rows([], [], [], 0).log(), None)
    counted = {name for name, value in found.items() if value == 0}
    assert {"items_arrived", "items_delivered", "items_open", "active_h", "queue_max.review"} <= counted
    assert not {"accuracy", "cost", "finish_days", "wait_h.review", "coverage", "paid_h.team"} & counted
    assert all(math.isnan(value) for name, value in found.items() if name not in counted)


def test_units() -> None:
    """Every KPI has a unit, with the currency in place; a name that is none is a fault."""
    assert unit_of("cost", "EUR") == "EUR"
    assert unit_of("cost_per_label", "USD") == "USD/label"
    assert unit_of("wait_h.review", "EUR") == unit_of("wait_h.review.off_shift", "EUR") == "h"
    assert unit_of("utilisation.vendor-b", "EUR") == unit_of("p_deadline", "EUR") == "share"
    assert kpi_of("queue.second.look").name == "queue.<stage>"
    assert kpi_of("wait_h.second.look.consensus").name == "wait_h.<stage>.consensus"
    assert kpi_of("wait_h.consensus").name == "wait_h.<stage>"
    assert kpi_of("accuracy.segment.night.street").name == "accuracy.segment.<segment>"
    assert kpi_of("wait_h.segment.street").name == "wait_h.segment.<segment>"
    assert unit_of("cost.segment.street", "EUR") == unit_of("cost.team", "EUR") == "EUR"
    assert unit_of("ready_days.pilot", "EUR") == "days"
    for name in ("speed", "queue", "queue.", "accuracy.team", "alpha.segment.street", "accuracy.segment."):
        with pytest.raises(KeyError):
            unit_of(name, "EUR")


def test_absence_is_not_on_shift(trace: Any) -> None:
    """People who are absent, paid or not, are neither on shift nor there to end a wait."""
    trace.presence.append({"pool": "experts", "worker": 1, "from": 0, "to": 300, "kind": "absent_paid"})
    found = kpis(trace.log(), LEDGER)
    assert found["wait_h.adjudicate.off_shift"] == BY_HAND["wait_h.adjudicate.off_shift"]
    assert found["utilisation.experts"] == BY_HAND["utilisation.experts"]
    assert found["absent_h.experts"] == 5  # but they are paid
    assert found["paid_h.experts"] == 6
    assert found["off_h.experts"] == 4


def test_time_before_the_origin(trace: Any) -> None:
    """Work in progress at the origin counts from the origin on: busy time and queues see nothing before it."""
    trace.tasks[0] |= {"enqueued_at": -30, "ready_at": -20, "started_at": -10}
    trace.items[0]["arrived_at"] = -30
    found = kpis(trace.log(), LEDGER)
    assert found["busy_h.team"] == BY_HAND["busy_h.team"]
    assert found["queue.annotate"] == pytest.approx(BY_HAND["queue.annotate"])
    assert found["wait_h.annotate"] == pytest.approx((590 + 20) / 14 / 60)
    assert found["wait_h.annotate.off_shift"] == pytest.approx((60 + 10) / 14 / 60)
    assert found["cycle_time_h"] == pytest.approx((1175 + 30) / 9 / 60)
