"""What a finished task means for its item: labels become one, judges send it on or back, machines answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..line import JUDGES
from ..plan import StagePlan
from . import machines, verdicts
from .record import Item, Task
from .state import State

if TYPE_CHECKING:
    from .flow import Flow


class Results:
    """Takes the results of tasks, one by one, and lets the flow go on."""

    def __init__(self, state: State, flow: Flow) -> None:
        self.state, self.flow = state, flow

    def finished(self, task: Task) -> None:
        """A task has its result; one that came too late counts no more."""
        if task.stale:
            self._too_late(task)
            return
        task.counted = True
        self._withdraw_twins(task)
        stage = self.state.stand.stages[task.stage]
        item = task.item
        match stage.kind:
            case "annotate":
                self._labelled(task, stage)
            case "review" | "inspect":
                self._judged_by(task, stage)
            case "adjudicate":
                assert task.worker is not None
                task.label, task.outcome = verdicts.label(self.state, task.worker, task, stage), "done"
                item.label = task.label
                self.flow.go(item, task.stage, "decided")
            case "work":
                task.outcome = "done"
                self.flow.go(item, task.stage, "done")
            case "prelabel":
                task.outcome = "done"
                task.suggestion = item.suggestion = verdicts.suggested(self.state, task, stage)
                item.label = item.suggestion if item.label is None else item.label
                self.flow.go(item, task.stage, "suggested")
            case "dedup":
                task.outcome = "done"
                if machines.drops(self.state, item, stage):
                    self.flow.leave()
                    self.flow.drop(item, "duplicate")
                else:
                    self.flow.go(item, task.stage, "kept")

    def _too_late(self, task: Task) -> None:
        """A result counts no more; who gave it has seen the item all the same."""
        task.outcome = "surplus"
        if task.worker is not None and task.label is not None:
            task.item.authors.append(task.worker)
        elif task.worker is not None and self.state.stand.stages[task.stage].kind in JUDGES:
            task.item.judges.append((task.worker, task.stage))

    def _withdraw_twins(self, task: Task) -> None:
        """Of a task that was issued again: what waits still is not needed."""
        for twin in task.twins:
            if twin is not task and twin.waits:
                self.state.floor.withdraw(twin)

    def _labelled(self, task: Task, stage: StagePlan) -> None:
        """The labels of a round become one when they suffice."""
        item, now = task.item, self.state.clock.now
        assert task.worker is not None
        assert task.label is not None
        task.outcome = "done"
        item.authors.append(task.worker)
        item.votes.append((task.replica, task.worker, task.label))
        item.tenures[task.worker] = task.tenure
        if item.asked is None:
            item.asked = now
        item.pending -= 1
        if item.pending:
            return
        label, tied = verdicts.consensus(self.state, item, stage)
        if label is None:
            item.pending = 1
            self.flow.issue(item, task.stage, len(item.votes), now)
            return
        item.label = label
        item.synced = now - item.asked
        self.flow.go(item, task.stage, "tied" if tied else "labelled")

    def _judged_by(self, task: Task, stage: StagePlan) -> None:
        """A judge accepts, or rejects."""
        item, worker = task.item, task.worker
        assert worker is not None
        rejected = verdicts.rejects(self.state, worker, task, stage)
        item.judges.append((worker, task.stage))
        task.outcome = "rejected" if rejected else "accepted"
        for _, author, label in item.votes:
            if label == item.label:
                self.state.workers.seen[author] += 1
                self.state.workers.right[author] += not rejected
        if stage.kind == "inspect":
            item.asked, item.synced = self.state.clock.now, 0
            self.flow.lots.verdict(task, rejected)
        else:
            self.judged(item, task.stage, not rejected)

    def judged(self, item: Item, number: int, accepted: bool) -> None:
        """An item goes on, or back while rounds are left."""
        stage = self.state.stand.stages[number]
        assert stage.kind in JUDGES
        if accepted:
            self.flow.go(item, number, "accepted")
        elif item.round - item.base >= stage.rounds:
            self.flow.go(item, number, "exhausted")
        else:
            item.round += 1
            item.been = None
            if stage.kind == "inspect":
                item.sent_back = number
            self.flow.go(item, number, "rejected")
