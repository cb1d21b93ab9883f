"""Test questions: items whose truth is known, put before a task to see how well its worker does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import labels
from ..calendars import NEVER, working_end
from ..draws import Purpose, subject, uniform
from ..learning import half_of
from ..line import Gold
from ..plan import StagePlan
from ..service import whole_ms
from ..tables import NULL
from . import verdicts
from .record import Item, Task
from .state import State

if TYPE_CHECKING:
    from .bench import Bench

QUESTION = 1 << 42
"""Serial of a worker's first test question, in the draws keyed by the worker."""


def due(state: State, task: Task, stage: StagePlan) -> bool:
    """Whether a test question comes before a task: drawn once."""
    task.tested = True
    return uniform(state.stream, task.item.key, verdicts.place(Purpose.GOLD, stage, task)) < stage.gold.share


def question(state: State, worker: int, task: Task) -> Task:
    """A test question for a worker: a new item of the task's segment, at its stage, taken at once.

    Its luck hangs on the worker and on how many the worker had before.
    """
    workers, segment = state.workers, state.segment(task.item)
    now = state.clock.now
    key = subject(workers.key[worker], QUESTION + workers.golds[worker])
    workers.golds[worker] += 1
    truth = int(labels.true_class(state.stream, key, segment.shares))
    hardness = segment.spread, segment.hard, segment.harder, segment.hard_spread
    difficulty = float(labels.difficulty(state.stream, key, *hardness, state.plan.normal))
    item = Item(len(state.items), now, task.item.segment, -1, key, key, truth, difficulty, 1, -1, True, NULL)
    item.gold = True
    state.items.append(item)
    asked = state.make(item, task.stage, 0, now)
    asked.pools, asked.pool, asked.tested, asked.taken = (workers.pool[worker],), workers.pool[worker], True, True
    asked.ranks = (task.rank(asked.pool),)
    return asked


def answered(state: State, worker: int, task: Task) -> bool:
    """Counts an answer; whether the worker has fallen below what the stage asks for."""
    workers, rule = state.workers, state.stand.stages[task.stage].gold
    task.outcome = "done"
    withdraw(task, state.clock.now)
    right = task.label == task.item.truth
    workers.gold_seen[worker] += 1
    workers.gold_right[worker] += right
    workers.seen[worker] += 1
    workers.right[worker] += right
    seen = workers.gold_seen[worker]
    return rule.ban_below is not None and seen >= rule.after and workers.gold_right[worker] < rule.ban_below * seen


def withdraw(task: Task, now: int) -> None:
    """The item of a test question leaves the line."""
    task.item.dropped, task.item.dropped_as = now, "gold"


def act(state: State, bench: Bench, worker: int, stage: StagePlan) -> None:
    """What happens to a worker who has fallen below: sent home for good, or trained."""
    workers, rule = state.workers, stage.gold
    if rule.retrain_s <= 0.0:
        bench.breaks.leave(worker)
        state.cuts[worker] = state.clock.now
        return
    bench.breaks.empty(worker)
    workers.gold_seen[worker] = workers.gold_right[worker] = 0
    workers.idle_since[worker] = None
    now, spans = state.clock.now, workers.shifts(worker)
    work = whole_ms(rule.retrain_s, state.plan.tick)
    end = now + work if spans is None else working_end(*spans, now, work)
    state.retrained.append((worker, now, end))
    if end != NEVER:
        state.clock.after(end - now, lambda who: _back(state, bench, who, rule), worker)


def _back(state: State, bench: Bench, worker: int, rule: Gold) -> None:
    """A worker has been trained."""
    workers = state.workers
    workers.gain(worker, rule.retrain_gain, half_of(rule), state.clock.now)
    workers.settle(state.stand.pools, worker, worker + 1)
    workers.idle_since[worker] = state.clock.now
    bench.go_on(worker)
