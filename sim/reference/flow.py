"""The way of an item: from stage to stage, until it is delivered or dropped."""

from __future__ import annotations

import numpy as np
from simpy.events import Event

from ..draws import Purpose, uniform, where
from ..plan import DELIVERED, StagePlan
from ..quantiles import quantile
from . import verdicts
from .clock import HANDOFF
from .gathering import Gathering
from .lots import Lots
from .machines import Machines
from .record import Item, Task
from .results import Results
from .routing import route, tier
from .selection import Selection
from .state import State


class Flow:
    """Where items go. Results of tasks come in by `results`; tasks go out to the floor and to the machines."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.results = Results(state, self)
        self.machines = Machines(state, self.results.finished)
        self._selection = Selection(state)
        self.gathering = Gathering(state, self.ready)
        self.lots = Lots(state, self._inspect, self.results.judged)
        self._outside: list[Item] = []  # items before a line that is full, in order
        self._next_outside = 0
        self._inside = 0
        self._patient: dict[int, list[Task]] = {}  # item -> its tasks that wait for so long at most
        state.floor.waits = self._be_patient

    # Into the line and out of it

    def admit(self, item: Item) -> None:
        """An item arrives: it enters, or waits before a line that is full, or is not to be labelled at all."""
        if not item.sampled:
            self.drop(item, "unsampled")
        elif 0 <= self.state.plan.wip <= self._inside:
            self._outside.append(item)
        else:
            self._inside += 1
            self.enter(item, self.state.plan.first)

    def inside(self, items: int) -> None:
        """So many items are in the line from the start."""
        self._inside += items

    def leave(self) -> None:
        """An item has left; the next one that waits outside comes in."""
        self._inside -= 1
        if self._next_outside < len(self._outside) and self._inside < self.state.plan.wip:
            item = self._outside[self._next_outside]
            self._next_outside += 1
            self._inside += 1
            self.enter(item, self.state.plan.first)

    def drop(self, item: Item, why: str) -> None:
        item.dropped, item.dropped_as = self.state.clock.now, why
        self.state.settled()

    def relabel(self, item: Item, stage: int) -> None:
        """A delivered item comes back, in a round of its own."""
        item.delivered = None
        item.round += 1
        item.rollbacks += 1
        item.base = item.round
        item.been, item.asked, item.synced, item.sent_back = None, None, 0, None
        self.state.left += 1
        self._inside += 1
        self.enter(item, stage)

    # From stage to stage

    def go(self, item: Item, number: int, outcome: str) -> None:
        """An item goes on after an outcome at a stage."""
        stage = self.state.stand.stages[number]
        ways, chances = stage.next[outcome]
        target = ways[0]
        if len(ways) > 1:
            visit = 0 if item.been is None else item.been[number] - 1
            assert visit < verdicts.VISIT
            at = where(Purpose.NEXT, stage.key, item.round, verdicts.VISIT * visit)
            u = uniform(self.state.stream, item.key, at)
            target = ways[int(np.searchsorted(chances[:-1], u, side="right"))]
        if target != DELIVERED:
            self.enter(item, target)
            return
        item.delivered = self.state.clock.now
        self.leave()
        self.state.settled()

    def enter(self, item: Item, number: int) -> None:
        """An item comes to a stage."""
        stage, now = self.state.stand.stages[number], self.state.clock.now
        asked, item.asked = now if item.asked is None else item.asked, None
        item.entry += 1
        item.issues = 0
        item.skipped.clear()
        if self.state.plan.loops:
            item.been = item.been or {}
            item.been[number] = item.been.get(number, 0) + 1
        if stage.kind == "annotate":
            self._ask_for_labels(item, number, stage, asked)
        elif stage.kind == "review" and not self._selection.of(item, number, stage):
            item.asked = asked
            self.go(item, number, "accepted")
        elif stage.kind == "inspect":
            item.asked = asked
            self.lots.put(item, number)
        else:
            self.issue(item, number, 0, asked)

    def _ask_for_labels(self, item: Item, number: int, stage: StagePlan, asked: int) -> None:
        again = item.round > item.base
        wanted = self._author(item) if again and stage.to_author else None
        item.votes.clear()
        item.tenures.clear()
        item.labellers.clear()
        item.voted = number
        item.pending = 1 if again else self._at_once(stage)
        synced, item.synced = item.synced, 0
        for replica in range(item.pending):
            item.synced = synced
            self.issue(item, number, replica, asked, wanted)

    def _at_once(self, stage: StagePlan) -> int:
        return stage.consensus.lead if stage.consensus.rule == "lead" else stage.labels

    def _inspect(self, item: Item, number: int) -> None:
        """An item of a lot is to be inspected; it waits since it came."""
        assert item.asked is not None
        self.issue(item, number, 0, item.asked)
        item.asked = None

    def issue(self, item: Item, number: int, replica: int, asked: int, wanted: int | None = None) -> None:
        """A task is asked for; it is ready after its hand-off, and when its batch is full."""
        state = self.state
        stage = state.stand.stages[number]
        task = state.make(item, number, replica, asked)
        task.ready = None
        task.consensus, item.synced = item.synced, 0
        task.wanted = wanted
        if not stage.machine:
            task.pools = self.pools(item, number) if wanted is None else (state.workers.pool[wanted],)
            task.pool = task.pools[0]
            if wanted is None and stage.route == "difficulty":
                task.tier = tier(state.plan, item, stage, state.segment(item), state.stand.pools)
        if stage.handoff is not None:
            place = verdicts.place(Purpose.HANDOFF, stage, task)
            ms = 1000.0 * quantile(stage.handoff, uniform(state.stream, item.key, place))
            task.handoff = max(0, int(ms / state.plan.tick + 0.5)) * state.plan.tick
        if not stage.machine and item.last >= 0:
            task.handoff += min(int(state.stand.pools[pool].delays[item.last]) for pool in task.pools)
        if task.handoff:
            state.clock.at(state.clock.now + task.handoff, HANDOFF, task.number, self._handed, task)
        else:
            self.gathering.put(task)

    def pools(self, item: Item, number: int) -> tuple[int, ...]:
        """The pools whose people may do an item's tasks at a stage."""
        state = self.state
        stage, segment = state.stand.stages[number], state.segment(item)
        if len(stage.pools) == 1 and not segment.sensitive:
            return stage.pools
        return route(state.plan, state.stream, item, stage, segment, state.stand.pools, state.floor.crowding)

    def _handed(self, event: Event) -> None:
        self.gathering.put(event._value)

    def ready(self, task: Task) -> None:
        """A task is ready: it waits for its machine, or for someone."""
        state = self.state
        if task.entry != task.item.entry:  # its item has gone elsewhere meanwhile
            task.void = True
            state.floor.load[task.stage] -= 1
            return
        task.ready = state.clock.now
        state.clock.ask()
        if state.stand.stages[task.stage].machine:
            self.machines.put(task)
            return
        if task.wanted is not None and state.workers.lost(task.wanted):
            task.wanted = None
        state.floor.enqueue(task)

    def _be_patient(self, task: Task) -> None:
        """A task waits, for so long at most; one that was in someone's hand may have waited longer before."""
        escalate = self.state.stand.stages[task.stage].escalate
        assert escalate is not None
        self._patient.setdefault(task.item.number, []).append(task)
        assert task.ready is not None
        left = max(0, task.ready + escalate[0] - self.state.clock.now)
        self.state.clock.after(-(-left // self.state.plan.tick) * self.state.plan.tick, self._escalate, task)

    def _escalate(self, task: Task) -> None:
        """A task has waited too long: what its item still asks for here is taken back, and the item goes elsewhere."""
        state, item = self.state, task.item
        stage = state.stand.stages[task.stage]
        if task.taken or task.entry != item.entry or stage.escalate is None:
            return
        for one in self._patient.pop(item.number):
            if one.entry == item.entry and not one.taken:
                state.floor.take(one)
                state.floor.load[one.stage] -= 1
                one.finished, one.outcome = state.clock.now, "escalated"
        item.asked, item.synced = None, 0
        self.enter(item, stage.escalate[1])
        if stage.kind == "inspect":
            self.lots.withdraw(item, task.stage)

    def _author(self, item: Item) -> int | None:
        """Of those who gave the rejected label, the one with the lowest replica, if on shift now."""
        author = next((worker for _, worker, label in sorted(item.votes) if label == item.label), None)
        if author is None or not self.state.workers.on_shift(author):
            return None
        return author
