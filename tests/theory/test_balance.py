"""Little's law and the conservation of flow: exact on every log, as whole numbers. `make verify`."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from lines import full
from theory.case import CASES
from theory.cases import networks
from theory.faults import FAULTS

from labelcast.sim import reference
from labelcast.sim.kpis import kpis
from labelcast.sim.ledger import ledger
from labelcast.sim.line import Line
from labelcast.sim.log import Log
from labelcast.sim.plan import Plan
from labelcast.sim.reference import flow

pytestmark = pytest.mark.verify

assert networks


def rework_line() -> Line:
    """Two stages with breaks, rework and priorities, one label an item."""
    line = full(400)
    stages = (dataclasses.replace(line.stages[0], labels_per_item=1), *line.stages[1:])
    return dataclasses.replace(line, stages=stages)


def of_case(name: str) -> Line:
    line = CASES[name]().line
    assert isinstance(line, Line)
    return line


LINES = {
    "rework": rework_line(),
    "Jackson": of_case("networks: Jackson, three stages with ways back"),
    "hand-off": of_case("networks: M/G/infinity, a hand-off before a station"),
}


def in_line(log: Log, since: str) -> int:
    """The integral of the number of items in the line, in item-milliseconds, counted event by event from the tasks
    alone: an item is in the line while one of its tasks has come (`since`) and is not finished."""
    steps = [(int(t), 1) for t in log.tasks[since]] + [(int(t), -1) for t in log.tasks["finished_at"]]
    area = inside = before = 0
    for now, step in sorted(steps):
        area += inside * (now - before)
        inside, before = inside + step, now
    return area


def times_in_line(log: Log) -> int:
    """The sum of the items' cycle times, in item-milliseconds, from the items alone."""
    return int((log.items["delivered_at"] - log.items["arrived_at"]).sum())


def gaps(log: Log) -> int:
    """Moments at which an item is nowhere, or at two places: an item's next task comes when the one before is finished,
    its first when it arrives; it is delivered when its last is finished."""
    tasks = log.tasks.sort_values(["item", "enqueued_at", "finished_at"])
    before = tasks.groupby("item")["finished_at"].shift()
    arrived = tasks["item"].map(log.items.set_index("item")["arrived_at"])
    last = tasks.groupby("item")["finished_at"].last()
    delivered = log.items.set_index("item")["delivered_at"]
    assert len(last) == len(delivered)
    return int((tasks["enqueued_at"] != before.fillna(arrived)).sum() + (last != delivered).sum())


@pytest.mark.parametrize("name", LINES)
def test_littles_law_holds_exactly(name: str) -> None:
    """L T = sum of W, as integers: the number of items in the line, integrated, is the sum of their cycle times, since
    no item is lost or idle between stages; and by stage, the mean queue times the run is the sum of waits."""
    log = reference.run(Plan.of(LINES[name]), 1, 0)
    assert in_line(log, "enqueued_at") == times_in_line(log)
    measured = kpis(log, ledger(log, {}))
    for stage, tasks in log.tasks.groupby("stage", observed=True):
        waited = (tasks["started_at"] - tasks["ready_at"]).sum()
        assert measured[f"queue.{stage}"] * log.provenance.ended_at == pytest.approx(int(waited), rel=1e-9)


@pytest.mark.parametrize("name", LINES)
def test_no_item_is_nowhere(name: str) -> None:
    """What flows out of a stage flows into the next one, in the same millisecond."""
    assert gaps(reference.run(Plan.of(LINES[name]), 1, 0)) == 0


def test_littles_law_sees_an_item_that_is_late_at_a_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: an item's task becomes ready a second after the item came."""
    FAULTS["a task is ready a second after its item came"](monkeypatch)
    log = reference.run(Plan.of(LINES["rework"]), 1, 0)
    assert in_line(log, "ready_at") != times_in_line(log)


def test_conservation_sees_an_item_that_is_asked_for_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted fault: an item's task is asked for a millisecond after the item came."""
    true = flow.Flow.issue

    def issue(self: Any, item: Any, number: int, replica: int, asked: int, *rest: Any) -> None:
        true(self, item, number, replica, asked + 1, *rest)

    monkeypatch.setattr(flow.Flow, "issue", issue)
    log = reference.run(Plan.of(LINES["Jackson"]), 1, 0)
    assert gaps(log) > 0
    assert in_line(log, "enqueued_at") != times_in_line(log)
