"""What breaks work off: the end of a shift, a task that goes first, who leaves the task or the line, a lock that runs
out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..calendars import NEVER, open_before
from . import gold, verdicts
from .clock import HANDOFF
from .record import Task
from .skipping import answer_ms
from .state import State

if TYPE_CHECKING:
    from .bench import Bench


class Breaks:
    """Takes tasks out of workers' hands, and lets them wait again.

    returning: by shift set, workers whose task goes back at its end.
    """

    def __init__(self, state: State, bench: Bench) -> None:
        self.state, self.bench = state, bench
        self.returning: dict[int, set[int]] = {}

    def interrupt(self, worker: int, carry: bool) -> None:
        """Breaks off a worker's task; it waits again, with its remaining time if `carry`, else from the beginning."""
        state = self.state
        task = state.workers.task[worker]
        assert task is not None
        assert task.started is not None
        assert task.active is not None
        now = state.clock.now
        carry = carry and not task.leaves  # a look is begun anew
        self._stays(worker, task)
        if task.started == now and not task.item.gold:
            self._undo(worker, task)
            return
        spans = state.workers.shifts(worker)
        spent = now - task.started
        if spans is not None and not task.over:
            spent = open_before(*spans, now) - open_before(*spans, task.started)
        tick = state.plan.tick
        done = min(task.active, int(spent / state.pool(worker).pace / tick) * tick)
        self.bench.put_down(worker, task)
        task.finished, task.outcome, task.label = now, "preempted" if carry else "returned", None
        if task.item.gold:
            state.floor.load[task.stage] -= 1
            gold.withdraw(task, now)
        else:
            self._again(worker, task, max(tick, task.active - done) if carry else None)
        task.active, task.check, task.caught = done, None, None
        state.clock.ask()

    def skip(self, worker: int, task: Task) -> None:
        """A worker has looked at a task and leaves it to somebody else; it waits again in its old place. What was asked
        waits for its answer first."""
        stage, pool = self.state.stand.stages[task.stage], self.state.workers.pool[worker]
        self.bench.put_down(worker, task)
        self.bench.tidy(worker)
        task.finished, task.outcome = self.state.clock.now, "skipped" if stage.answer is None else "asked"
        wait = 0 if stage.answer is None else answer_ms(self.state, task, stage, pool)
        task.skips += 1
        self.state.floor.sharing.gives_back(pool, task)
        self._again(worker, task, None, wait)

    def _stays(self, worker: int, task: Task) -> None:
        """Who was about to leave an item may have it again after all: the look was broken off."""
        if task.leaves and task.entry == task.item.entry and worker in task.item.skipped:
            task.item.skipped.remove(worker)

    def _again(self, worker: int, task: Task, left: int | None, wait: int = 0) -> None:
        """What was broken off waits anew, in the place of a reissue that waits; not if nobody needs it any more, or if
        somebody else has just begun it anew. wait: before it does, milliseconds, or NEVER."""
        floor, now = self.state.floor, self.state.clock.now
        self.bench.let_go(worker, task)
        for twin in task.twins:
            if twin.waits:
                floor.withdraw(twin)
        if task.stale or any(twin.enqueued == now and not twin.void for twin in task.twins):
            floor.load[task.stage] -= 1
            return
        again = task.again(now)
        again.left, again.check = left, None if left is None else task.check
        again.ranks, again.order = task.ranks, task.order
        again.twins = task.twins
        task.twins.append(again)
        self.state.keep(again)
        if wait == 0:
            floor.put(again)
            return
        again.ready = None
        if wait != NEVER:
            again.handoff = wait
            self.state.clock.at(now + wait, HANDOFF, again.number, self.bench.answered, again)

    def _undo(self, worker: int, task: Task) -> None:
        """A task that was begun in this tick was not begun."""
        self.bench.put_down(worker, task)
        task.worker = task.started = task.active = task.label = task.caught = None
        self.release(worker, task)
        self.state.clock.ask()

    def release(self, worker: int, task: Task) -> None:
        """A task that a worker had goes back to its queue; the worker may take it again."""
        self.bench.let_go(worker, task)
        self.state.floor.sharing.gives_back(self.state.workers.pool[worker], task)
        task.batch = None
        if task.wanted == worker:
            task.wanted = None
        self.state.floor.put(task)

    def preempt(self, task: Task) -> None:
        """Stops whom a task may stop, and gives it to them."""
        worker = None if self.state.floor.held_back(task.stage) else self.state.floor.victim(task)
        if worker is not None:
            self.interrupt(worker, carry=True)
            self.empty(worker)
            self.bench.start(worker, task)

    def empty(self, worker: int) -> None:
        """What a worker has in hand goes back; results that waited for it go on."""
        self.bench.tidy(worker)
        for one in self.state.workers.hand[worker]:
            if one.item.gold:
                gold.withdraw(one, self.state.clock.now)
            else:
                self.release(worker, one)
        self.state.workers.hand[worker].clear()
        self.bench.hand_on_rest(worker)

    def shift_ends(self, shift: int) -> None:
        """The tasks that go back at the end of a shift do."""
        for worker in sorted(self.returning.pop(shift, ())):
            if self.state.workers.task[worker] is not None:
                self.interrupt(worker, carry=False)
                self.empty(worker)

    def leave(self, worker: int) -> None:
        """A worker leaves for good: what waits for them goes to others; the task goes back, unless they finish it."""
        workers = self.state.workers
        workers.gone[worker] = True
        if workers.task[worker] is not None and not workers.finishing[worker]:
            self.interrupt(worker, carry=False)
        self.empty(worker)
        self.disown(worker)
        if workers.allowance[worker] >= 0:  # with that a session ends
            workers.allowance[worker] = 0
            self.bench.rests(worker)

    def disown(self, worker: int) -> None:
        """What waits for a worker alone waits for anyone of the pool."""
        for task in self.state.floor.own(worker):
            task.wanted = None
            self.state.floor.put(task)
        self.state.clock.ask()

    def unlock(self, held: tuple[Task, int]) -> None:
        """A task that is held beyond its lock is issued again, unless it waits for somebody already."""
        task, begun = held
        if task.begun != begun:  # it was broken off in the tick in which it began
            return
        if (
            task.finished is None
            and task.worker is not None
            and not task.stale
            and not any(t.waits for t in task.twins)
        ):
            state = self.state
            other = task.again(state.clock.now)
            task.item.issues += 1
            other.luck = max(verdicts.VISIT // 2, verdicts.VISIT - task.item.issues)
            other.twins = task.twins
            task.twins.append(other)
            state.keep(other)
            state.floor.load[other.stage] += 1
            state.floor.enqueue(other)
            state.clock.ask()
