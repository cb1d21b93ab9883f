"""Each law of a log, broken once and seen."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from labelcast.sim.laws import check
from labelcast.sim.log import Log


def test_all_hold(trace: Any, many: Log) -> None:
    """A lawful log breaks no law: ten items by hand, ten thousand by machine, and none at all."""
    assert check(trace.log()) == []
    assert check(many) == []
    trace.items, trace.tasks, trace.presence = [], [], []
    assert check(trace.log()) == []


def test_what_is_not_recorded_breaks_nothing(trace: Any) -> None:
    """Null, "not recorded", breaks no law: a log that keeps only items, stages and rounds is lawful."""
    for row in trace.tasks:
        for name in ("worker", "enqueued_at", "ready_at", "started_at", "active_ms", "label", "outcome", "pool"):
            row[name] = None
    for row in trace.items:
        for name in ("arrived_at", "due_at", "delivered_at", "final_label", "truth"):
            row[name] = None
    trace.presence = []
    assert check(trace.log()) == []


def test_labels_may_tie(trace: Any) -> None:
    """A delivered item may lack a final label where its labels tie, as item 2's do before adjudication."""
    trace.tasks[10]["label"] = None
    trace.items[2]["final_label"] = None
    assert check(trace.log()) == []


# Rows of the trace's tasks: 0-2 item 0; 3-7 item 1 (annotate, annotate, review, rework, review); 8-10 item 2.
PLANTED: dict[str, tuple[Callable[[Any], None], str]] = {
    "a task of an unknown item": (
        lambda t: t.tasks.append(t.tasks[0] | {"item": 77, "worker": None, "started_at": None, "finished_at": None}),
        "the item of every task must be among the items: row 20: item 77, annotate round 0 replica 0",
    ),
    "enqueued before arrival": (
        lambda t: t.items[8].update(arrived_at=101),
        "enqueued_at must not be earlier than what comes before it: row 16: item 8, annotate round 0 replica 0: "
        "enqueued_at 6000000 < arrived_at 6060000",
    ),
    "ready before enqueued": (
        lambda t: t.tasks[2].update(ready_at=19),
        "ready_at must not be earlier than what comes before it: row 2: item 0, review round 0 replica 0: "
        "ready_at 1140000 < enqueued_at 1200000",
    ),
    "started before ready": (
        lambda t: t.tasks[16].update(ready_at=191),
        "started_at must not be earlier than what comes before it: row 16: item 8, annotate round 0 replica 0: "
        "started_at 11400000 < ready_at 11460000",
    ),
    "started before enqueued, readiness not recorded": (
        lambda t: t.tasks[16].update(ready_at=None, enqueued_at=191),
        "started_at 11400000 < enqueued_at 11460000",
    ),
    "finished before started": (
        lambda t: t.tasks[10].update(finished_at=239, active_ms=None),
        "finished_at 14340000 < started_at 14400000",
    ),
    "finished and never started": (
        lambda t: t.tasks[10].update(started_at=None),
        "a finished task must have been started: row 10: item 2, adjudicate round 0 replica 0",
    ),
    "started by nobody": (
        lambda t: t.tasks[10].update(worker=None),
        "a started task must have a worker: row 10: item 2, adjudicate round 0 replica 0",
    ),
    "after the end": (
        lambda t: setattr(t, "ended", 299) or t.items[8].update(delivered_at=300),
        "no item may arrive or be delivered after the end of the run: row 8: item 8: 18000000 > 17940000",
    ),
    "work after the end": (
        lambda t: t.tasks[19].update(enqueued_at=301, ready_at=302),
        "nothing may happen after the end of the run: row 19: item 9, annotate round 0 replica 1: 18120000 > 18000000",
    ),
    "delivered before arrival": (
        lambda t: t.items[0].update(arrived_at=71),
        "an item must not be delivered before it arrives: row 0: item 0: 4200000 < 4260000",
    ),
    "two tasks at a time": (
        lambda t: t.tasks[3].update(started_at=19),
        "a worker must hold one task at a time: row 3: worker 0 of team starts item 1, annotate round 0 replica 0 at "
        "1140000, holding item 0, annotate round 0 replica 0 until 1200000",
    ),
    "a task while another is paused": (
        lambda t: t.tasks[16].update(started_at=181, active_ms=None),
        "holding item 6, annotate round 0 replica 0 until 11400000",
    ),
    "a task while another is in progress": (
        lambda t: t.tasks[0].update(finished_at=None, active_ms=None),
        "a worker must hold one task at a time: row 3: worker 0 of team starts item 1, annotate round 0 replica 0 at "
        "1200000, holding item 0, annotate round 0 replica 0 in progress",
    ),
    "a review of one's own label": (
        lambda t: t.tasks[2].update(pool="team", worker=1),
        "nobody may review their own label: row 2: worker 1 of team in item 0, review round 0 replica 0",
    ),
    "a review of one's own label of an earlier round": (
        lambda t: t.tasks[7].update(pool="team", worker=1),
        "nobody may review their own label: row 7: worker 1 of team in item 1, review round 1 replica 0",
    ),
    "an adjudication of one's own label": (
        lambda t: t.tasks[10].update(pool="team", worker=0),
        "nobody may adjudicate what they labelled or reviewed: row 10: worker 0 of team in item 2, adjudicate",
    ),
    "an adjudication of what one reviewed": (
        lambda t: (
            t.tasks.append(t.tasks[10] | {"stage": "review", "started_at": 270, "finished_at": 280, "label": None})
            or t.items[2].update(delivered_at=280)
            or t.tasks[10].update(worker=0, started_at=290, finished_at=300)
            or t.items[2].update(delivered_at=300)
        ),
        "nobody may adjudicate what they labelled or reviewed: row 11: worker 0 of experts in item 2, adjudicate",
    ),
    "two labels by one worker": (
        lambda t: t.tasks[4].update(worker=0, started_at=210, finished_at=220),
        "replicas of an item in one stage and round must have distinct workers: row 4: worker 0 of team in item 1, "
        "annotate round 0 replica 1",
    ),
    "a lost item": (
        lambda t: t.items[3].update(delivered_at=None, final_label=None),
        "an item must be delivered or have an open task: row 3: item 3",
    ),
    "delivered with an open task": (
        lambda t: t.items[9].update(delivered_at=299, final_label="car"),
        "a delivered item must have no open task: row 18: item 9, annotate round 0 replica 0; row 19: item 9",
    ),
    "finished after delivery": (
        lambda t: t.items[8].update(delivered_at=234),
        "no task of an item may finish after its delivery: row 17: item 8, review round 0 replica 0: "
        "14100000 > 14040000",
    ),
    "delivered without a label": (
        lambda t: t.items[4].update(final_label=None),
        "a delivered item must have a final label, unless its labels tie: row 4: item 4",
    ),
    "a label before delivery": (
        lambda t: t.items[9].update(final_label="car"),
        "an item must not have a final label before it is delivered: row 9: item 9",
    ),
    "more active than present": (
        lambda t: t.tasks[14].update(active_ms=30.001),
        "active_ms must fit into the worker's time on shift from start to finish: row 14: item 6, annotate round 0 "
        "replica 0: 1800060 > 1800000",
    ),
    "negative activity": (
        lambda t: t.tasks[14].update(active_ms=-1),
        "active_ms must not be negative: row 14: item 6, annotate round 0 replica 0",
    ),
    "started off shift": (
        lambda t: t.tasks[2].update(started_at=59, active_ms=5),
        "a task must start while its worker is on shift: row 2: worker 0 of reviewers in item 0, review round 0 "
        "replica 0 at 3540000",
    ),
    "started as the shift ends": (
        lambda t: (
            t.tasks[7].update(started_at=120, finished_at=190, active_ms=5)
            or t.items[1].update(delivered_at=190)
            or t.presence.append({"pool": "reviewers", "worker": 0, "from": 60, "to": 120, "kind": "working"})
            or t.presence.append({"pool": "reviewers", "worker": 0, "from": 180, "to": 300, "kind": "working"})
            or t.presence.pop(4)
        ),
        "a task must start while its worker is on shift: row 7: worker 0 of reviewers in item 1, review round 1",
    ),
    "presence twice": (
        lambda t: t.presence.append({"pool": "team", "worker": 0, "from": 119, "to": 125, "kind": "absent_paid"}),
        "presence of a worker must not overlap: row 1: worker 0 of team from 7140000 to 7500000",
    ),
    "presence backwards": (
        lambda t: t.presence.append({"pool": "team", "worker": 0, "from": 130, "to": 130, "kind": "working"}),
        "presence must end after it begins: row 1: 7800000 to 7800000",
    ),
    "one key twice": (
        lambda t: t.tasks.append(t.tasks[19] | {}),
        "tasks must be unique by item, enqueued_at, stage, round, replica: row 20: comes twice",
    ),
    "one item twice": (
        lambda t: t.items.append(t.items[3] | {}),
        "items must be unique by item: row 4: comes twice",
    ),
    "a stage of no kind": (
        lambda t: t.roles.pop("review"),
        "the provenance must say the kind of each stage, but not of review",
    ),
}


@pytest.mark.parametrize("name", PLANTED)
def test_planted_break_is_seen(trace: Any, name: str) -> None:
    """Each law is broken by one planted change, and the sentence names the row and the values."""
    plant, expected = PLANTED[name]
    plant(trace)
    broken = check(trace.log())
    assert [sentence for sentence in broken if expected in sentence], broken


def test_a_task_left_idle(trace: Any) -> None:
    """A finished task whose active time is not recorded was left idle: it may begin off shift. One in progress may
    not."""
    trace.tasks[2] |= {"started_at": 59, "active_ms": None}
    assert check(trace.log()) == []
    trace.presence = [
        row | {"from": 201} if row["from"] == 180 and row["worker"] == 0 else row for row in trace.presence
    ]
    law = "a task must start while its worker is on shift: row 18: worker 0 of team in item 9"
    assert any(sentence.startswith(law) for sentence in check(trace.log()))


def test_own_labels_by_round(trace: Any) -> None:
    """Where no start is recorded, rounds tell what came before: the label of the same round did, a later one did not,
    in whatever order the rows stand."""
    trace.categories["stage"] = ["review", "annotate", "adjudicate"]
    for row in trace.tasks:
        row["enqueued_at"] = row["started_at"] = row["active_ms"] = None
    for row in trace.tasks[2], trace.tasks[5]:
        row |= {"pool": "team", "worker": 0}
    trace.tasks[3]["worker"] = 2  # item 1: worker 0 reviews round 0 and labels round 1
    broken = [sentence for sentence in check(trace.log()) if sentence.startswith("nobody")]
    assert broken == ["nobody may review their own label: row 0: worker 0 of team in item 0, review round 0 replica 0"]


def test_columns_and_types(trace: Any) -> None:
    """Columns, their order, dtypes and shared categories are law; nothing else is judged until they hold."""
    log = trace.log()

    def broken(**tables: pd.DataFrame) -> list[str]:
        return check(dataclasses.replace(log, **tables))

    assert broken(items=log.items.drop(columns="lot"))[0].startswith("items must have the columns item, segment, ")
    assert broken(items=log.items[[*log.items.columns[1:], "item"]])[0].startswith("items must have the columns")
    floats = log.tasks.assign(started_at=log.tasks["started_at"].astype("Float64"))
    assert broken(tasks=floats) == ["tasks.started_at must be Int64, but is Float64"]
    other = log.tasks.assign(label=log.tasks["label"].cat.reorder_categories(["truck", "car"]))
    assert broken(tasks=other)[0].startswith("tasks.label must have the categories of every other column of labels")


def test_order_of_rows(trace: Any) -> None:
    """Rows out of canonical order are seen, by the first that is out of place."""
    log = trace.log()
    turned = log.tasks.iloc[[0, 2, 1, *range(3, 20)]].reset_index(drop=True)
    expected = ["tasks must be in the order of item, enqueued_at, stage, round, replica: row 1: is out of place"]
    assert check(dataclasses.replace(log, tasks=turned)) == expected
    late = log.items.iloc[::-1].reset_index(drop=True)
    assert check(dataclasses.replace(log, items=late)) == ["items must be in the order of item: row 0: is out of place"]


def test_few_rows_are_told(trace: Any) -> None:
    """A sentence names three rows and counts the others."""
    for row in trace.items[:9]:
        row["final_label"] = None
    told = next(sentence for sentence in check(trace.log()) if "must have a final label" in sentence)
    assert told.count("row ") == 3
    assert told.endswith("(+6 more)")
