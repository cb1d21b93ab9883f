"""Each law of what a programme's mechanisms leave in a log, broken once and seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rows import Row, Rows, task_row

from labelcast.sim.laws import check


def row(rows: Rows, item: int, stage: str, round_: int = 0, replica: int = 0, outcome: str | None = None) -> Row:
    """The first task of an item at a stage, in a round, for a replica, with an outcome if one is given."""
    for task in rows.tasks:
        key = (task["item"], task["stage"], task["round"], task["replica"])
        if key == (item, stage, round_, replica) and outcome in (None, task["outcome"]):
            return task
    raise KeyError((item, stage, round_, replica, outcome))


def without_lots(rows: Rows) -> None:
    """Takes the lots out of the programme, so that no item may wait for one."""
    rows.tasks = [task for task in rows.tasks if task["item"] not in (7, 8)]
    rows.items = [item for item in rows.items if item["item"] not in (7, 8)]
    rows.categories = rows.categories | {"stage": [stage for stage in rows.categories["stage"] if stage != "lots"]}
    del rows.roles["lots"]


def lose(rows: Rows) -> None:
    """Item 6 is nowhere."""
    without_lots(rows)
    rows.items[6].update(delivered_at=None, final_label=None)


def skip_the_line(rows: Rows) -> None:
    """Item 10 was let in while item 5, that came before, waits without a task."""
    without_lots(rows)
    rows.tasks = [task for task in rows.tasks if task["item"] != 5]
    rows.items[5].update(delivered_at=None, final_label=None)


def second_visit(rows: Rows, begun: int) -> None:
    """The second label of item 1 by the worker of its first."""
    row(rows, 1, "annotate", replica=1).update(worker=0, started_at=begun, finished_at=begun + 5, active_ms=5)


PLANTED: dict[str, tuple[Callable[[Rows], Any], str]] = {
    "waits beyond the wait": (
        lambda r: row(r, 1, "annotate").update(handoff_ms=3),
        "consensus_ms and handoff_ms must fit into the wait before a task is ready: row 2: item 1, annotate round 0 "
        "replica 0: 180000 > 120000",
    ),
    "a negative wait for labels": (
        lambda r: row(r, 1, "review").update(consensus_ms=-1),
        "consensus_ms must not be negative: row 4: item 1, review round 0 replica 0",
    ),
    "a negative hand-off": (
        lambda r: row(r, 1, "review").update(handoff_ms=-1),
        "handoff_ms must not be negative: row 4: item 1, review round 0 replica 0",
    ),
    "delivered and dropped": (
        lambda r: r.items[1].update(dropped_at=88, dropped_as="duplicate"),
        "an item must not be both delivered and dropped: row 1: item 1",
    ),
    "dropped before arrival": (
        lambda r: r.items[2].update(arrived_at=6),
        "an item must not be dropped before it arrives: row 2: item 2: 300000 < 360000",
    ),
    "dropped after the end": (
        lambda r: r.items[9].update(dropped_at=601),
        "no item may arrive or be delivered after the end of the run: row 9: item 9: 36060000 > 36000000",
    ),
    "dropped with an open task": (
        lambda r: r.items[10].update(dropped_at=505, dropped_as="duplicate"),
        "a dropped item must have no open task: row 34: item 10, annotate round 0 replica 0",
    ),
    "worked on after it was dropped": (
        lambda r: r.items[2].update(dropped_at=4),
        "no task of an item may finish after it was dropped: row 5: item 2, dedup round 0 replica 0: 300000 > 240000",
    ),
    "dropped for no reason": (
        lambda r: r.items[3].update(dropped_as=None),
        "dropped_at and dropped_as must be given together: row 3: item 3",
    ),
    "refused and nobody knows when": (
        lambda r: r.items[7].update(refused_lot=2),
        "refused_lot and refused_at must be given together: row 7: item 7",
    ),
    "refused before it came": (
        lambda r: r.items[10].update(refused_lot=2, refused_at=499),
        "a lot must be refused between its items' arrival and the end of the run: row 10: item 10",
    ),
    "a reason and no drop": (
        lambda r: r.items[10].update(dropped_as="duplicate"),
        "dropped_at and dropped_as must be given together: row 10: item 10",
    ),
    "dropped as gold that it is not": (
        lambda r: r.items[2].update(dropped_as="gold"),
        "an item dropped as gold must be gold: row 2: item 2",
    ),
    "work on what is not sampled": (
        lambda r: r.items[3].update(dropped_as="unsampled"),
        "an item that is not sampled must have no task: row 3: item 3",
    ),
    "a label of what was dropped": (
        lambda r: r.items[3].update(final_label="car"),
        "an item must not have a final label before it is delivered: row 3: item 3",
    ),
    "a duplicate of what came later": (
        lambda r: r.items[2].update(duplicate_of=4),
        "a duplicate must repeat an earlier item of its segment: row 2: item 2 of 4",
    ),
    "a duplicate of nothing": (
        lambda r: r.items[4].update(duplicate_of=-3),
        "a duplicate must repeat an earlier item of its segment: row 4: item 4 of -3",
    ),
    "a duplicate of another segment": (
        lambda r: r.items[4].update(duplicate_of=3),
        "a duplicate must repeat an earlier item of its segment: row 4: item 4 of 3",
    ),
    "a lost item": (lose, "an item must be delivered or have an open task: row 6: item 6"),
    "an item that waits outside while later ones are let in": (
        skip_the_line,
        "an item must be delivered or have an open task: row 5: item 5",
    ),
    "a label from who broke off": (
        lambda r: row(r, 4, "review", outcome="returned").update(label="car"),
        "a task without a result must have no label: row 10: item 4, review round 0 replica 0",
    ),
    "too late for nothing": (
        lambda r: row(r, 8, "annotate", 1).update(outcome="surplus"),
        "a surplus label must stand beside one that counts: row 30: item 8, annotate round 1 replica 0",
    ),
    "too late and not there": (
        lambda r: row(r, 6, "annotate", 0, 2).update(finished_at=None, active_ms=None, label=None),
        "a surplus task must be finished: row 21: item 6, annotate round 0 replica 2",
    ),
    "an escalated task that was started": (
        lambda r: row(r, 6, "annotate", 0, 1).update(started_at=90, worker=3),
        "an escalated task must have a finish and no start: row 20: item 6, annotate round 0 replica 1",
    ),
    "an escalated task that nobody took": (
        lambda r: row(r, 6, "annotate", 0, 1).update(finished_at=None),
        "an escalated task must have a finish and no start: row 20: item 6, annotate round 0 replica 1",
    ),
    "done and never started": (
        lambda r: row(r, 6, "annotate", 0, 1).update(outcome="done"),
        "a finished task must have been started: row 20: item 6, annotate round 0 replica 1",
    ),
    "a machine of a pool": (
        lambda r: row(r, 1, "model").update(pool="team"),
        "a machine's task must have no pool and no worker: row 1: item 1, model round 0 replica 0",
    ),
    "nobody's review": (
        lambda r: row(r, 1, "review").update(pool=None, worker=None),
        "a started task must have a worker: row 4: item 1, review round 0 replica 0",
    ),
    "a second review by the first reviewer": (
        lambda r: row(r, 5, "check", 1).update(worker=0),
        "nobody may review an item at two stages: row 17: worker 0 of reviewers in item 5, check round 1 replica 0",
    ),
    "an inspection of one's own label": (
        lambda r: row(r, 8, "lots", 1).update(pool="team", worker=1),
        "nobody may review their own label: row 31: worker 1 of team in item 8, lots round 1 replica 0",
    ),
    "a review of one's own late label": (
        lambda r: r.tasks.append(
            row(r, 8, "lots", 1)
            | {"item": 6, "round": 0, "pool": "crowd", "worker": 1, "enqueued_at": 111, "ready_at": 111}
        ),
        "nobody may review their own label: row 23: worker 1 of crowd in item 6, lots round 0 replica 0",
    ),
    "an adjudication of what one inspected": (
        lambda r: r.tasks.append(
            row(r, 6, "adjudicate")
            | {"item": 8, "pool": "reviewers", "worker": 1, "started_at": 120, "finished_at": 125}
        ),
        "nobody may adjudicate what they labelled or reviewed: row 31: worker 1 of reviewers in item 8, adjudicate",
    ),
    "two labels by one worker": (
        lambda r: second_visit(r, 210),
        "replicas of an item in one stage and round must have distinct workers: row 3: worker 0 of team in item 1",
    ),
    "a third label by one who gave the first": (
        lambda r: (
            r.tasks.append(
                row(r, 1, "annotate")
                | {"replica": 2, "enqueued_at": 30, "ready_at": 32, "started_at": 40, "finished_at": 41, "active_ms": 1}
                | {"worker": 1}
            )
            or row(r, 5, "annotate").update(started_at=41)
        ),
        "replicas of an item in one stage and round must have distinct workers: row 5: worker 1 of team in item 1, "
        "annotate round 0 replica 2",
    ),
    "a reissue that still waits when all is done": (
        lambda r: r.tasks.append(
            task_row(4, "review", 0, 0, ("reviewers", None), (101, 101, None, None), None, None, None)
        ),
        "a delivered item must have no open task: row 12: item 4, review round 0 replica 0",
    ),
    "the first of two comes back": (
        lambda r: row(r, 4, "review", outcome="returned").update(outcome="rejected", finished_at=105),
        "of the tasks for one replica only one may count: row 11: item 4, review round 0 replica 0",
    ),
    "a promise of a stage that is none": (
        lambda r: r.promises.update(translate=5),
        "the provenance must say the kind of each stage, but not of translate",
    ),
    "a task begun in training": (
        lambda r: (
            row(r, 9, "annotate").update(started_at=310, finished_at=320, active_ms=5)
            or r.items[9].update(dropped_at=320)
        ),
        "a task must start while its worker is on shift: row 32: worker 0 of team in item 9, annotate",
    ),
    "trained and working": (
        lambda r: r.presence.append({"pool": "team", "worker": 0, "from": 250, "to": 320, "kind": "training"}),
        "presence of a worker must not overlap: row 2: worker 0 of team from 15000000 to 19200000",
    ),
}


def wait_outside(rows: Rows) -> None:
    """Item 11 waits before a full line."""
    without_lots(rows)
    rows.items.append(rows.items[-1] | {"item": 11, "arrived_at": 550, "due_at": None})


def late_under_way(rows: Rows) -> None:
    """The review of item 4 was held beyond its lock and issued again; the first reviewer is on it to the end."""
    held = {"worker": 7, "finished_at": None, "active_ms": None, "outcome": None}
    row(rows, 4, "review", outcome="returned").update(held)
    rows.presence.append({"pool": "reviewers", "worker": 7, "from": 0, "to": 600, "kind": "working"})


def label_under_way(rows: Rows) -> None:
    """Item 6 was escalated and delivered while a label of it is under way to the end."""
    row(rows, 6, "annotate", 0, 2).update(finished_at=None, active_ms=None, label=None, outcome=None)


def come_back(rows: Rows) -> None:
    """Item 1 comes to annotate again in the same round, from its review, and meets the same two people, swapped."""
    for worker, replica in ((1, 0), (0, 1)):
        times = {"enqueued_at": 88, "ready_at": 90, "started_at": 130, "finished_at": 135, "active_ms": 5}
        rows.tasks.append(row(rows, 1, "annotate", replica=replica) | times | {"worker": worker})
    rows.items[1].update(delivered_at=135, due_at=None)


def held_back(rows: Rows) -> None:
    """The label of item 10 waits for the others of its batch to be handed on."""
    without_lots(rows)
    done = {"worker": 0, "started_at": 510, "finished_at": 515, "active_ms": 5, "batch": 1, "label": "car"}
    row(rows, 10, "annotate").update(done)
    rows.presence.append({"pool": "team", "worker": 0, "from": 505, "to": 600, "kind": "working"})


def seen_again(rows: Rows) -> None:
    """The first reviewer of item 4 rejects it, and it is reviewed at the same stage again: by one of both."""
    row(rows, 4, "review", outcome="returned").update(outcome="rejected")


def seen_again_some_time(rows: Rows) -> None:
    """The same, where nobody recorded when reviews were ready."""
    seen_again(rows)
    for task in rows.tasks:
        if task["stage"] == "review":
            task["ready_at"] = None


LAWFUL = [wait_outside, late_under_way, label_under_way, come_back, held_back, seen_again, seen_again_some_time]


@pytest.mark.parametrize("change", LAWFUL)
def test_lawful(programme: Rows, change: Callable[[Rows], None]) -> None:
    """What may happen breaks no law."""
    change(programme)
    assert check(programme.log()) == []


@pytest.mark.parametrize("name", PLANTED)
def test_planted_break_is_seen(programme: Rows, name: str) -> None:
    """Each law is broken by one planted change, and the sentence names the row and the values."""
    plant, expected = PLANTED[name]
    plant(programme)
    broken = check(programme.log())
    assert [sentence for sentence in broken if expected in sentence], broken
