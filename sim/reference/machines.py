"""Stages without people: a model that suggests labels, and the removal of duplicates."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from simpy.events import Event

from ..draws import Purpose, uniform, where
from ..plan import NOBODY, StagePlan
from ..service import service_ms, whole_ms
from . import verdicts
from .clock import MACHINE
from .record import Item, Task
from .state import State


class Machines:
    """Batches of tasks under way. finished: called with each task that has a result, in order."""

    def __init__(self, state: State, finished: Callable[[Task], None]) -> None:
        self.state, self._finished = state, finished
        self._waiting: list[deque[Task]] = [deque() for _ in state.plan.stages]
        self._busy = [0] * len(state.plan.stages)
        self._numbers = [number for number, stage in enumerate(state.plan.stages) if stage.machine]

    def put(self, task: Task) -> None:
        """A task waits for its machine."""
        self._waiting[task.stage].append(task)

    def dispatch(self) -> None:
        """Every machine that is free takes a batch, in order of the stages."""
        for number in self._numbers:
            waiting, stage = self._waiting[number], self.state.stand.stages[number]
            while waiting and (stage.servers == NOBODY or self._busy[number] < stage.servers):
                self._start(number, stage, [waiting.popleft() for _ in range(min(stage.batch.size, len(waiting)))])

    def _start(self, number: int, stage: StagePlan, batch: list[Task]) -> None:
        """Starts a batch; its time is drawn by its first task."""
        state = self.state
        now, tick = state.clock.now, state.plan.tick
        state.batches += 1
        at = verdicts.place(Purpose.TIME, stage, batch[0])
        active = service_ms(state.stream, batch[0].item.key, at, stage.time, 1.0, tick)
        if stage.batch.setup_s > 0.0:
            active += whole_ms(stage.batch.setup_s, tick)
        for task in batch:
            task.taken, task.started, task.active, task.batch = True, now, active, state.batches
        self._busy[number] += 1
        if now + active < state.plan.horizon:
            state.clock.at(now + active, MACHINE, state.batches, self._complete, batch)

    def _complete(self, event: Event) -> None:
        batch: list[Task] = event._value
        self._busy[batch[0].stage] -= 1
        for task in batch:
            task.finished = self.state.clock.now
            self.state.floor.load[task.stage] -= 1
            self._finished(task)
        self.state.clock.ask()


def drops(state: State, item: Item, stage: StagePlan) -> bool:
    """Whether dedup takes an item for a duplicate."""
    u = uniform(state.stream, item.key, where(Purpose.DEDUP, stage.key))
    return u < float((stage.found if item.original >= 0 else stage.mistaken)[item.segment])
