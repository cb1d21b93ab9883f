"""The reference engine: a SimPy model of the line, written to be understood. It is the specification of the kernel.

Time is whole milliseconds. Every event has a unique key (tick, kind, number) with COMPLETE < CALENDAR < RELEASE. In one
tick, first all events in the order of their keys, then one dispatch: each worker that became available takes its best
task; then each task that became ready takes its best available worker. The order of both lists is the order in which
the tick's events made them.

Who takes what stands in floor.py.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Generator
from typing import Any

import numpy as np
import simpy
from simpy.events import Event

from .. import labels
from ..calendars import open_before, working_end
from ..draws import Purpose, stream, uniform, where
from ..line import OpenTask
from ..log import Log
from ..plan import DELIVERED, OPEN, Plan, StagePlan
from ..releases import releases
from ..service import elapsed_ms, service_ms
from .floor import Floor
from .record import Item, Task, record

COMPLETE, CALENDAR, RELEASE = 0, 1, 2
_DISPATCH = 1 << 62  # after every key
_HORIZON = 0  # before every key: the horizon is exclusive


class _At(Event):
    """An event at a tick with the key (kind, number); SimPy orders events of one time by priority.

    Priorities 0 and 1 are SimPy's own, for events without delay: they drain first. In whole numbers
    now + (tick - now) is tick.
    """

    def __init__(
        self,
        env: simpy.Environment,
        tick: int,
        priority: int,
        then: Callable[[Event], None] | None = None,
        value: Any = None,
    ) -> None:
        # As SimPy's Timeout does, the fields are set here and not by Event.__init__: this is the hottest line.
        self.env = env
        self.callbacks = [] if then is None else [then]
        self._value = value
        self._ok = True
        env.schedule(self, priority, tick - env._now)  # type: ignore[arg-type]


def _key(kind: int, number: int) -> int:
    return 2 + (kind << 40) + number


def run(plan: Plan, seed: int, replication: int) -> Log:
    """The log of one replication, until the last delivery or the horizon. Equal plans and seeds give equal logs."""
    # A run makes hundreds of thousands of objects that live to its end, and no cycles: a collector that walks them
    # again and again finds nothing and takes half of the time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _Line(plan, seed, replication).run()
    finally:
        if collecting:
            gc.enable()


class _Line:
    """The state of a line while it runs."""

    def __init__(self, plan: Plan, seed: int, replication: int) -> None:
        self.plan = plan
        self.seed, self.replication = seed, replication
        self.stream = stream(seed, replication)
        self.env = simpy.Environment(initial_time=0)
        self.floor = Floor(plan, self.stream)
        self.done = self.env.event()
        self.items: list[Item] = []
        self.tasks: list[Task] = []
        self.undelivered = 0
        self.dispatching = False

    def run(self) -> Log:
        """Runs to the end and hands the log over."""
        plan, env = self.plan, self.env
        arrivals = releases(plan, self.stream)
        self.items = [Item(*row) for row in zip(range(len(arrivals.key)), *(a.tolist() for a in arrivals), strict=True)]
        self.undelivered = len(self.items)
        for number in range(len(plan.shift_sets)):
            env.process(self._shift(number))
        opened = {(item.segment, item.serial - OPEN): item for item in self.items if item.serial >= OPEN}
        for task in plan.initial:
            self._resume(task, opened)
        env.process(self._release(len(opened)))
        _At(env, plan.horizon, _HORIZON, self._end)
        if self.undelivered:
            env.run(until=self.done)
        ended_at = int(env.now)
        return record(plan, self.seed, self.replication, self.items, self.tasks, ended_at)

    def _end(self, _: Event) -> None:
        if not self.done.triggered:
            self.done.succeed()

    # People

    def _shift(self, number: int) -> Generator[Event, None, None]:
        """Opens and closes a shift set."""
        shifts = self.plan.shift_sets[number]
        for start, end in zip(shifts.starts.tolist(), shifts.ends.tolist(), strict=True):
            yield _At(self.env, start, _key(CALENDAR, number))
            self.floor.open_shift(number, end)
            self._poke()
            if end < self.plan.horizon:
                yield _At(self.env, end, _key(CALENDAR, number))
                self.floor.close_shift(number)

    def _poke(self) -> None:
        """Asks for the tick's dispatch."""
        if not self.dispatching:
            self.dispatching = True
            _At(self.env, self.env._now, _DISPATCH, self._dispatch)  # type: ignore[arg-type]

    def _dispatch(self, _: Event) -> None:
        self.dispatching = False
        for worker, task in self.floor.assignments():
            self._start(worker, task)

    # Tasks

    def _enqueue(self, item: Item, stage: int, replica: int, asked: int, wanted: int | None = None) -> Task:
        """A task that is ready now; it waits since `asked`."""
        task = Task(item, stage, item.round, replica, self._pool(item, stage), asked, int(self.env.now), wanted)
        if wanted is not None:
            task.pool = self.floor.pool_of[wanted]
        self.tasks.append(task)
        self._wait(task)
        return task

    def _wait(self, task: Task) -> None:
        self.floor.wait(task)
        self._poke()

    def _pool(self, item: Item, stage: int) -> int:
        """The pool that an item has at a stage: drawn once, by share."""
        plan = self.plan.stages[stage]
        if len(plan.pools) == 1:
            return plan.pools[0]
        u = uniform(self.stream, item.key, where(Purpose.POOL, plan.key))
        return plan.pools[int(np.searchsorted(plan.shares[:-1], u, side="right"))]

    def _start(self, worker: int, task: Task) -> None:
        now: int = self.env._now  # type: ignore[assignment]
        plan = self.plan
        stage = plan.stages[task.stage]
        place = where(Purpose.TIME, stage.key, task.round, task.replica)
        task.worker, task.started = worker, now
        task.active = service_ms(self.stream, task.item.key, place, stage.time, self.floor.pace[worker], plan.tick)
        self._work(task, now, task.active)

    def _work(self, task: Task, begin: int, active: int) -> None:
        """Keeps the worker on the task for `active` milliseconds from `begin`, pausing while off shift."""
        worker = task.worker
        assert worker is not None
        self.floor.occupy(worker)
        if self.plan.stages[task.stage].kind == "annotate":
            task.item.labellers.append(worker)
        shift = self.floor.shift_of[worker]
        elapsed = elapsed_ms(active, self.plan.pools[task.pool].pace, self.plan.tick)
        end = begin + elapsed
        if end > self.floor.open_until[shift]:
            end = working_end(*self.plan.shift_sets[shift], begin, elapsed)
        if end < self.plan.horizon:
            _At(self.env, end, _key(COMPLETE, worker), self._complete, task)

    def _complete(self, event: Event) -> None:
        """A worker finishes a task: the worker is free, and the item goes on."""
        task: Task = event._value
        now: int = self.env._now  # type: ignore[assignment]
        worker = task.worker
        assert worker is not None
        task.finished = now
        self.floor.free(worker, now)
        self._poke()
        stage = self.plan.stages[task.stage]
        if stage.kind == "annotate":
            self._labelled(task, stage, worker)
        elif stage.kind == "review":
            self._reviewed(task, stage, worker)
        else:
            task.label, task.outcome = self._label(task, stage, worker), "done"
            task.item.label = task.label
            self._go(task.item, stage, "decided")

    # Labels and decisions

    def _label(self, task: Task, stage: StagePlan, worker: int) -> int:
        item = task.item
        segment = self.plan.segments[item.segment]
        logit = self.floor.skill[worker] + segment.effects[item.truth] - item.difficulty
        logit += self.plan.pools[task.pool].effects[item.truth]
        place = where(Purpose.RIGHT, stage.key, task.round, task.replica)
        if labels.is_right(self.stream, item.key, place, logit):
            return item.truth
        place = where(Purpose.WRONG, stage.key, task.round, task.replica)
        odds, shapes = segment.odds[item.truth], segment.shapes[item.truth]
        return labels.wrong_label(self.stream, item.key, place, odds, shapes, self.plan.gammas)

    def _labelled(self, task: Task, stage: StagePlan, worker: int) -> None:
        """The labels of a round become one when all are in."""
        item = task.item
        task.label, task.outcome = self._label(task, stage, worker), "done"
        item.authors.append(worker)
        item.votes.append((task.replica, worker, task.label))
        if item.asked is None:
            item.asked = task.finished
        item.pending -= 1
        if item.pending:
            return
        item.votes.sort()
        outcome = "labelled"
        item.label = item.votes[0][2]
        if len(item.votes) > 1:
            given = np.array([label for _, _, label in item.votes], np.int64)
            item.label = labels.majority(given, len(self.plan.classes))
            if item.label == labels.TIE:
                outcome = "tied"
                skills = np.array([self.floor.skill[author] for _, author, _ in item.votes])
                item.label = labels.weighted(given, skills, len(self.plan.classes))
        self._go(item, stage, outcome)

    def _reviewed(self, task: Task, stage: StagePlan, worker: int) -> None:
        """A reviewer accepts, or sends back while rounds are left."""
        item = task.item
        pool = self.plan.pools[task.pool]
        if item.label == item.truth:
            logit = pool.right - self.floor.deviation[worker] + item.difficulty
        else:
            logit = pool.wrong + self.floor.deviation[worker] - item.difficulty
        item.reviewers.append(worker)
        place = where(Purpose.REJECT, stage.key, task.round, task.replica)
        if not labels.rejects(self.stream, item.key, place, logit):
            task.outcome = "accepted"
            self._go(item, stage, "accepted")
            return
        task.outcome = "rejected"
        if item.round >= stage.rounds:
            self._go(item, stage, "exhausted")
        else:
            item.round += 1
            self._go(item, stage, "rejected")

    # The way of an item

    def _release(self, first: int) -> Generator[Event, None, None]:
        """Lets the items in, from number `first` on."""
        for item in self.items[first:]:
            yield _At(self.env, item.arrived, _key(RELEASE, item.number))
            self._enter(item, self.plan.first)

    def _go(self, item: Item, stage: StagePlan, outcome: str) -> None:
        ways, _ = stage.next[outcome]
        target = ways[0]
        if target != DELIVERED:
            self._enter(item, target)
            return
        item.delivered = int(self.env.now)
        self.undelivered -= 1
        if not self.undelivered:
            self.done.succeed()

    def _enter(self, item: Item, stage: int) -> None:
        plan = self.plan.stages[stage]
        now = int(self.env.now)
        asked, item.asked = now if item.asked is None else item.asked, None
        if plan.kind == "annotate":
            wanted = self._author(item) if item.round and plan.to_author else None
            item.votes.clear()
            item.labellers.clear()
            item.pending = 1 if item.round else plan.labels
            for replica in range(item.pending):
                self._enqueue(item, stage, replica, asked, wanted)
        elif plan.kind == "review" and not self._selected(item, plan):
            item.asked = asked
            self._go(item, plan, "accepted")
        else:
            self._enqueue(item, stage, 0, asked)

    def _selected(self, item: Item, stage: StagePlan) -> bool:
        """Whether an item is reviewed at a stage: drawn once, the same in every round."""
        if stage.fraction >= 1.0:
            return True
        return uniform(self.stream, item.key, where(Purpose.SELECTED, stage.key)) < stage.fraction

    def _author(self, item: Item) -> int | None:
        """Of those who gave the rejected label, the one with the lowest replica, if on shift now."""
        author = next((worker for _, worker, label in item.votes if label == item.label), None)
        if author is None or not self.floor.on_shift(author):
            return None
        return author

    def _resume(self, open_task: OpenTask, opened: dict[tuple[int, int], Item]) -> None:
        """Puts a task of the initial state where it stands at time zero."""
        plan = self.plan
        stage = next(n for n, stage in enumerate(plan.stages) if stage.name == open_task.stage)
        segment = next(n for n, segment in enumerate(plan.segments) if segment.name == open_task.segment)
        pools = {pool.name: n for n, pool in enumerate(plan.pools)}
        item = opened[segment, open_task.item]
        item.round = open_task.round
        if not item.votes:
            for replica, (pool_name, slot, label) in enumerate(open_task.labels):
                worker = plan.pools[pools[pool_name]].workers[slot]
                item.votes.append((replica, worker, plan.classes.index(label)))
                item.authors.append(worker)
                item.labellers.append(worker)
            item.label = item.votes[0][2] if item.votes else None
        item.pending += plan.stages[stage].kind == "annotate"
        pool = self._pool(item, stage) if open_task.pool is None else pools[open_task.pool]
        enqueued = round(open_task.enqueued_s * 1000)
        task = Task(item, stage, item.round, open_task.replica, pool, enqueued, enqueued, None)
        self.tasks.append(task)
        if open_task.slot is None:
            self._wait(task)
            return
        task.worker = plan.pools[pool].workers[open_task.slot]
        task.started = round((open_task.started_s or 0.0) * 1000)
        remaining = max(plan.tick, round((open_task.remaining_s or 0.0) * 1000))
        shifts = plan.shift_sets[self.floor.shift_of[task.worker]]
        worked = open_before(*shifts, 0) - task.started
        task.active = remaining + max(0, round(worked / plan.pools[pool].pace))
        self._work(task, 0, remaining)
