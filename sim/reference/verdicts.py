"""What a worker or a model gives on an item, and how several labels become one."""

from __future__ import annotations

import numpy as np

from .. import labels
from ..draws import Purpose, uniform, where
from ..learning import tired_logits
from ..plan import PoolPlan, SegmentPlan, StagePlan
from .record import Item, Task
from .state import State

VISIT = 256
"""By which the replica's place in a draw's key grows when an item comes to a stage again."""


def place(purpose: Purpose, stage: StagePlan, task: Task) -> int:
    """Where in the space of draws a task's number stands."""
    assert task.visit < VISIT
    return where(purpose, stage.key, task.round, task.luck + VISIT * task.visit)


def on_shift_ms(state: State, worker: int) -> int:
    """Milliseconds since the worker's shift began."""
    return state.clock.now - state.workers.open_since[state.workers.shift_of[worker]]


def label(state: State, worker: int, task: Task, stage: StagePlan) -> int:
    """The label that a worker gives: the suggested one if anchored by it, else their own."""
    item = task.item
    if item.suggestion is not None and stage.kind == "annotate":
        anchoring = stage.suggestion.anchoring
        if uniform(state.stream, item.key, place(Purpose.ANCHOR, stage, task)) < anchoring:
            return item.suggestion
    workers, segment = state.workers, state.segment(item)
    if workers.spams[worker]:
        return labels.guess(unseen(state, worker, task, stage), segment.choices)
    return drawn(state, item, _logit(state, worker, task), segment, stage, task)


def anew(state: State, worker: int, task: Task, stage: StagePlan) -> int:
    """The label that a worker gives who has found their own one wrong: as good as any of theirs."""
    logit = _logit(state, worker, task)
    return drawn(state, task.item, logit, state.segment(task.item), stage, task, Purpose.MEND, Purpose.MEND_WRONG)


def _logit(state: State, worker: int, task: Task) -> float:
    """Logits of a worker's label being right."""
    item, workers, pool = task.item, state.workers, state.pool(worker)
    segment = state.segment(item)
    logit = workers.skill[worker] + segment.effects[item.truth] - item.difficulty
    logit += pool.effects[item.truth]
    logit += pool.segment_effects[item.segment]
    logit += practised(workers.practice[worker][task.stage], pool.practice)
    if pool.tiring > 0.0:
        logit -= tired_logits(pool.tiring, on_shift_ms(state, worker))
    if pool.walk > 0.0:
        logit += workers.drift(worker, pool, state.clock.now)
    if workers.fades[worker] > 0:
        logit -= workers.lost_since(worker, state.clock.now)
    return float(logit)


def before(state: State, worker: int, item: Item, stage: int, replica: int) -> int:
    """A label that a worker gave before the start, and that is not known: as they would give it."""
    workers, pool, segment = state.workers, state.pool(worker), state.segment(item)
    right, wrong = where(Purpose.BEFORE, replica=replica), where(Purpose.BEFORE_WRONG, replica=replica)
    if workers.spams[worker]:
        whose = workers.key[worker] if pool.same else item.key
        at = where(Purpose.SAME) if pool.same else right
        return labels.guess(uniform(state.stream, whose, at), segment.choices)
    logit = workers.skill[worker] + segment.effects[item.truth] - item.difficulty
    logit += pool.effects[item.truth]
    logit += pool.segment_effects[item.segment]
    logit += practised(workers.practice[worker][stage], pool.practice)
    if labels.is_right(state.stream, item.key, right, logit):
        return item.truth
    odds, shapes = segment.odds[item.truth], segment.shapes[item.truth]
    return labels.wrong_label(state.stream, item.key, item.nature, wrong, odds, shapes, state.plan.gammas)


def unseen(state: State, worker: int, task: Task, stage: StagePlan) -> float:
    """The number by which a worker gives a label who does not look: the worker's, or the task's."""
    if state.pool(worker).same:
        return uniform(state.stream, state.workers.key[worker], where(Purpose.SAME))
    return uniform(state.stream, task.item.key, place(Purpose.GUESS, stage, task))


def suggested(state: State, task: Task, stage: StagePlan) -> int:
    """The label that a model suggests."""
    item = task.item
    segment = state.segment(item)
    logit = stage.skill + stage.effects[item.truth] + segment.effects[item.truth] - item.difficulty
    return drawn(state, item, float(logit), segment, stage, task)


def drawn(
    state: State,
    item: Item,
    logit: float,
    segment: SegmentPlan,
    stage: StagePlan,
    task: Task,
    right: Purpose = Purpose.RIGHT,
    wrong: Purpose = Purpose.WRONG,
) -> int:
    """The truth with chance expit(logit), else a wrong label. right, wrong: what the two numbers are drawn for."""
    if labels.is_right(state.stream, item.key, place(right, stage, task), logit):
        return item.truth
    odds, shapes = segment.odds[item.truth], segment.shapes[item.truth]
    at = place(wrong, stage, task)
    return labels.wrong_label(state.stream, item.key, item.nature, at, odds, shapes, state.plan.gammas)


def rejects(state: State, worker: int, task: Task, stage: StagePlan) -> bool:
    """Whether a judge rejects the label that an item has."""
    item, deviation = task.item, state.workers.deviation[worker]
    pool: PoolPlan = state.pool(worker)
    if pool.walk > 0.0:
        deviation += state.workers.drift(worker, pool, state.clock.now)
    if state.workers.fades[worker] > 0:
        deviation -= state.workers.lost_since(worker, state.clock.now)
    if state.workers.spams[worker]:
        if pool.same:
            return False
        logit = pool.right
    elif item.label == item.truth:
        logit = pool.right - deviation + item.difficulty + state.workers.alarms[worker]
    else:
        logit = pool.wrong + deviation - item.difficulty + state.workers.finds[worker]
    return labels.rejects(state.stream, item.key, place(Purpose.REJECT, stage, task), logit)


def practised(done: float, table: np.ndarray) -> float:
    """What a table of practice says after so many tasks."""
    return float(table[min(int(done), len(table) - 1)])


def consensus(state: State, item: Item, stage: StagePlan) -> tuple[int | None, bool]:
    """(label, tied) when the labels of an item suffice, (None, False) when one more is to be asked for."""
    votes = sorted(item.votes)
    given = np.array([one for _, _, one in votes], np.int64)
    rule, count = stage.consensus, len(state.plan.classes)
    if item.round > item.base or (len(votes) == 1 and rule.rule in ("majority", "weighted")):
        return votes[0][2], False
    skills = np.array([state.workers.skill[author] for _, author, _ in votes])
    more = len(votes) < rule.most
    match rule.rule:
        case "weighted":
            return labels.heaviest(given, skills, count), False
        case "lead":
            if more and labels.lead(given, count) < rule.lead:
                return None, False
        case "posterior":
            shares = np.diff(state.segment(item).shares, prepend=0.0)
            best, chance = labels.posterior(given, skills, shares)
            return (None, False) if more and chance < rule.threshold else (best, False)
    best = labels.majority(given, count)
    return (best, False) if best != labels.TIE else (labels.weighted(given, skills, count), True)
