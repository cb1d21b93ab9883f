"""The bench: a worker's work in hand, from taking a task to its end."""

from __future__ import annotations

from collections.abc import Callable

from simpy.events import Event

from ..calendars import NEVER, open_before, working_end
from ..draws import Purpose
from ..learning import tired_pace
from ..plan import NOBODY, StagePlan
from ..service import elapsed_ms, service_ms, whole_ms
from . import checking, gold, skipping, verdicts
from .breaks import Breaks
from .clock import COMPLETE
from .record import Task
from .state import State

Finished = Callable[[Task], None]


class Bench:
    """Starts and ends tasks; what breaks them off stands in breaks.py.

    finished: called with each task that has a result, in order.  rests: called with a worker of a crowd who has no task
    in hand.  ready: called with each task whose question is answered.
    """

    def __init__(
        self, state: State, finished: Finished, rests: Callable[[int], None], ready: Callable[[Task], None]
    ) -> None:
        self.state = state
        self._finished = finished
        self.rests = rests
        self._ready = ready
        self._held_back: dict[int, list[Task]] = {}  # batch -> tasks whose results go on together
        self.breaks = Breaks(state, self)

    def answered(self, event: Event) -> None:
        """The answer to a question has come: its task waits again, if anybody needs it still."""
        if not event._value.void:
            self._ready(event._value)

    def start(self, worker: int, task: Task) -> None:
        """A worker takes a task from the floor, with as many more as the stage's batch holds, and begins."""
        state = self.state
        hand = state.workers.hand[worker]
        if not hand:
            stage = state.stand.stages[task.stage]
            self._grab(worker, task)
            size = 1 if task.left is not None else stage.batch.size
            if state.workers.allowance[worker] > 0:
                size = min(size, state.workers.allowance[worker])
            task.setup = stage.batch.setup_s > 0.0 and task.left is None
            more = (
                state.floor.batch(worker, task, max(0, min(size - 1, state.floor.room(task.stage)))) if size > 1 else []
            )
            for one in more:
                self._grab(worker, one)
            if size > 1:
                state.batches += 1
                for one in (task, *more):
                    one.batch = state.batches
            hand += [task, *more]
        self._next(worker)

    def _grab(self, worker: int, task: Task) -> None:
        self.state.floor.take(task)
        self.state.floor.charge(worker, task)
        self.state.floor.running[task.stage] += 1
        if self.state.stand.stages[task.stage].kind == "annotate":
            task.item.labellers.append(worker)

    def _next(self, worker: int) -> None:
        """The worker begins the first task in hand, or a test question before it."""
        state = self.state
        hand = state.workers.hand[worker]
        self.tidy(worker)
        if not hand:
            state.floor.free(worker)
            state.clock.ask()
            return
        task = hand[0]
        stage = state.stand.stages[task.stage]
        if stage.gold.share > 0.0 and not task.tested and gold.due(state, task, stage):
            hand.insert(0, gold.question(state, worker, task))
        self._begin(worker, hand.pop(0))

    def tidy(self, worker: int) -> None:
        """Lets go of what is in hand and not needed any more."""
        floor, hand = self.state.floor, self.state.workers.hand[worker]
        for task in [one for one in hand if one.stale]:
            hand.remove(task)
            self.let_go(worker, task)
            floor.sharing.gives_back(self.state.workers.pool[worker], task)
            floor.load[task.stage] -= 1
            task.void = True
        self.hand_on_rest(worker)

    def _begin(self, worker: int, task: Task) -> None:
        state = self.state
        now, workers = state.clock.now, state.workers
        stage = state.stand.stages[task.stage]
        task.worker, task.pool, task.started = worker, workers.pool[worker], now
        task.leaves = skipping.leaves(state, task, stage)
        if task.leaves:
            if stage.answer is None:
                task.item.skipped.append(worker)
            task.active = skipping.look_ms(state, task, stage)
        else:
            self._give(worker, task, stage)
        assert task.active is not None
        self._work(worker, task, task.active)
        if stage.lock != NOBODY and not task.item.gold:
            state.clock.after(stage.lock, self.breaks.unlock, (task, task.begun))

    def _give(self, worker: int, task: Task, stage: StagePlan) -> None:
        """What a worker gives on a task that they do, and how long it takes."""
        labels, pace = stage.kind == "annotate", 1.0
        if labels:
            task.label = verdicts.label(self.state, worker, task, stage)
            task.suggestion = task.item.suggestion
            task.tenure = self.state.workers.practice[worker][task.stage]
        if task.left is None:
            pace = self._pace(worker, task, stage)
        if labels:
            checking.look_over(self.state, worker, task, stage)
        task.active = self._active(task, stage, pace) if task.left is None else task.left
        if labels and task.left is not None:  # what is left of it; the look comes last
            task.check = min(task.check or 0, task.left)

    def _pace(self, worker: int, task: Task, stage: StagePlan) -> float:
        """By how much a worker's task takes longer than its service time."""
        state, item = self.state, task.item
        workers, pool = state.workers, state.pool(worker)
        pace = workers.pace[worker] * item.objects * pool.segment_times[item.segment]
        pace *= verdicts.practised(workers.practice[worker][task.stage], pool.time_factors)
        if stage.kind == "annotate":
            pace *= state.segment(item).time_factor
            if item.suggestion is not None:
                kept = task.label == item.suggestion
                pace *= stage.suggestion.accept_time if kept else stage.suggestion.fix_time
        if pool.slower > 0.0:
            pace *= tired_pace(pool.slower, verdicts.on_shift_ms(state, worker))
        return float(pace)

    def _active(self, task: Task, stage: StagePlan, pace: float) -> int:
        """Active time of a task, in milliseconds: service time, a look over the label, and set-up before a batch."""
        state, plan = self.state, self.state.plan
        at = verdicts.place(Purpose.TIME, stage, task)
        active = service_ms(state.stream, task.item.key, at, stage.time, pace, plan.tick)
        if stage.kind == "annotate":
            task.check = checking.check_ms(state, task, stage, pace, active)
            active += task.check
        if task.setup:
            active += whole_ms(stage.batch.setup_s, plan.tick)
        return active

    def resume(self, worker: int, task: Task, active: int) -> None:
        """A worker is on a task already when the run begins, with `active` milliseconds to go; where tasks go back at
        the end of a shift, that of somebody who is not there goes back now."""
        stage = self.state.stand.stages[task.stage]
        self.state.floor.running[task.stage] += 1
        if stage.kind == "annotate":
            task.item.labellers.append(worker)
            task.label = verdicts.label(self.state, worker, task, stage)
            task.tenure = self.state.workers.practice[worker][task.stage]
            task.check = 0
            checking.look_over(self.state, worker, task, stage)
        self._work(worker, task, active)
        if stage.shift_end == "return" and not self.state.workers.on_shift(worker):
            self.breaks.interrupt(worker, carry=False)

    def _work(self, worker: int, task: Task, active: int) -> None:
        """Keeps the worker on the task for `active` milliseconds from now, as the stage says past the shift."""
        state = self.state
        now, workers, plan = state.clock.now, state.workers, state.plan
        state.floor.occupy(worker)
        workers.task[worker] = task
        task.begun += 1
        shift = workers.shift_of[worker]
        elapsed = elapsed_ms(active, state.pool(worker).pace, plan.tick)
        end = now + elapsed
        if end > workers.open_until[shift]:
            end = self._past_shift(worker, task, now, elapsed)
        if end < plan.horizon:
            state.clock.at(end, COMPLETE, worker, self._complete, (task, task.begun))

    def _past_shift(self, worker: int, task: Task, now: int, elapsed: int) -> int:
        """When a task ends that the shift does not hold, NEVER if not by this worker."""
        workers = self.state.workers
        shift, stage = workers.shift_of[worker], self.state.stand.stages[task.stage]
        last = workers.finishing[worker] and workers.open_until[shift] == workers.leaves[worker]
        if last or stage.shift_end == "finish":
            task.over = True
            return now + elapsed
        if stage.shift_end == "return":
            self.breaks.returning.setdefault(shift, set()).add(worker)
            return NEVER
        spans = workers.shifts(worker)
        assert spans is not None, "a session ends by itself"
        end = working_end(*spans, now, elapsed)
        if end == NEVER and workers.finishing[worker]:
            task.over = True
            done = open_before(*spans, workers.leaves[worker]) - open_before(*spans, now)
            return workers.leaves[worker] + elapsed - done
        return end

    def _complete(self, event: Event) -> None:
        """A worker finishes a task: the worker goes on with what is in hand, or is free; the result goes on."""
        task, begun = event._value
        state, worker = self.state, task.worker
        if worker is None or state.workers.task[worker] is not task or task.begun != begun:
            return  # it was interrupted
        now, workers = state.clock.now, state.workers
        if task.leaves:
            self.breaks.skip(worker, task)
            self.go_on(worker)
            return
        task.finished, task.item.last = now, workers.pool[worker]
        self.put_down(worker, task)
        self.tidy(worker)
        state.floor.load[task.stage] -= 1
        if workers.allowance[worker] > 0 and not task.item.gold:
            workers.allowance[worker] -= 1
        gain = state.pool(worker).gain if now < workers.mentored_until[worker] else 1.0
        workers.practice[worker][task.stage] += gain
        if not task.item.gold:
            self._result(task)
        elif gold.answered(state, worker, task):
            gold.act(state, self, worker, state.stand.stages[task.stage])
        self.go_on(worker)

    def put_down(self, worker: int, task: Task) -> None:
        state = self.state
        state.workers.task[worker] = None
        state.workers.idle_since[worker] = state.clock.now

    def go_on(self, worker: int) -> None:
        """The next task in hand at once, if the worker is there; else the worker is free."""
        state = self.state
        workers = state.workers
        state.clock.ask()
        if workers.idle_since[worker] is None or workers.gone[worker]:
            return
        if workers.hand[worker] and workers.open_until[workers.shift_of[worker]] > state.clock.now:
            self._next(worker)
        else:
            if workers.hand[worker] and state.stand.stages[workers.hand[worker][0].stage].shift_end == "return":
                self.breaks.empty(worker)
            state.floor.free(worker)
            if workers.allowance[worker] >= 0:
                self.rests(worker)

    def _result(self, task: Task) -> None:
        """Hands a result on; with the others of its batch, where they go on together, if it counts still."""
        batch = task.batch
        if task.stale or batch is None or not self.state.stand.stages[task.stage].batch.together:
            self._hand_on(task)
            return
        done = self._held_back.setdefault(batch, [])
        done.append(task)
        assert task.worker is not None
        if not any(one.batch == batch for one in self.state.workers.hand[task.worker]):
            for one in self._held_back.pop(batch):
                self._hand_on(one)

    def _hand_on(self, task: Task) -> None:
        self.state.floor.running[task.stage] -= 1
        self._finished(task)

    def let_go(self, worker: int, task: Task) -> None:
        """A worker does a task no longer, and has given no label."""
        self.state.floor.running[task.stage] -= 1
        if task.entry == task.item.entry and worker in task.item.labellers:
            task.item.labellers.remove(worker)
            self.state.floor.forget(worker)

    def hand_on_rest(self, worker: int) -> None:
        """Results that waited for what the worker no longer has in hand go on."""
        if self.state.workers.task[worker] is None and not self.state.workers.hand[worker]:
            for batch in [number for number, done in self._held_back.items() if done[0].worker == worker]:
                for one in self._held_back.pop(batch):
                    self._hand_on(one)
