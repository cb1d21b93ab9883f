"""The labels of a task, and the agreement of an item's first labels."""

from __future__ import annotations

from ..tables import NULL
from . import sums as n
from .columns import (
    ACTIVE_MS,
    CAUGHT,
    CHECK_MS,
    FINISHED_AT,
    LABEL,
    OUTCOME,
    POOL,
    ROLLBACKS,
    ROUND,
    STAGE,
    SUGGESTION,
)
from .inlined import inlined
from .items import IS_GOLD, IS_QUESTION
from .shape import ANNOTATES, ATTEMPT, BY_MACHINE, IN_VAIN, LATE, LEFT, SUGGESTS, Ints, Marks
from .sums import Sums
from .waits import hour_after


@inlined
def fold_work(sums: Sums, marks: Marks, tasks: Ints, t: int, segment: int, is_: int, truth: int) -> None:
    """Adds a task's active time, and its label or suggestion. is_, truth: of its item."""
    whole, stage = sums.whole, tasks[t, STAGE]
    active = tasks[t, ACTIVE_MS]
    if active != NULL:
        sums.by_stage[stage, n.ACTIVE_MS] += active
        sums.by_segment[segment, n.SPENT_MS] += active
        if marks.outcome[tasks[t, OUTCOME]] & IN_VAIN:
            sums.by_stage[stage, n.LOST_MS] += active
        if marks.outcome[tasks[t, OUTCOME]] & LEFT:
            sums.by_stage[stage, n.SKIP_MS] += active
        if tasks[t, ROLLBACKS] > 0:
            whole[n.RELABEL_MS] += active
        if is_ & IS_GOLD:
            whole[n.GOLD_MS] += active
    whole[n.TASK_ROWS] += 1
    if tasks[t, FINISHED_AT] == NULL:
        return
    whole[n.FINISHED_TASKS] += 1
    does = marks.stage[stage]
    suggestion = tasks[t, SUGGESTION]
    if does & SUGGESTS and suggestion >= 0 and truth >= 0:
        whole[n.SUGGESTED] += 1
        whole[n.SUGGESTED_RIGHT] += suggestion == truth
    if does & ANNOTATES and not marks.outcome[tasks[t, OUTCOME]] & ATTEMPT:
        fold_label(sums, marks, tasks, t, is_ & IS_GOLD != 0, truth)
        sums.by_segment[segment, n.LABELS] += is_ & IS_QUESTION == 0


@inlined
def fold_worked(sums: Sums, marks: Marks, tasks: Ints, first: int, last: int, delivered: int, dropped: int) -> None:
    """Adds people's active time on an item, rows first to last - 1, to the hour in which it was over, if it was."""
    over = delivered if delivered != NULL else dropped
    if over == NULL:
        return
    at = hour_after(over)
    if at >= len(sums.worked):
        return
    for t in range(first, last):
        if tasks[t, ACTIVE_MS] != NULL and not marks.stage[tasks[t, STAGE]] & BY_MACHINE:
            sums.worked[at] += tasks[t, ACTIVE_MS]


@inlined
def fold_label(sums: Sums, marks: Marks, tasks: Ints, t: int, gold: bool, truth: int) -> None:
    """Adds a finished label."""
    whole, label, suggestion = sums.whole, tasks[t, LABEL], tasks[t, SUGGESTION]
    pool = tasks[t, POOL]
    mine = sums.by_pool[pool if pool >= 0 else len(sums.by_pool) - 1]
    mine[n.MADE] += 1
    whole[n.REWORK_LABELS] += tasks[t, ROUND] > 0
    whole[n.SURPLUS_LABELS] += marks.outcome[tasks[t, OUTCOME]] & LATE != 0
    whole[n.GOLD_LABELS] += gold
    whole[n.CHECKED_MS] += max(tasks[t, CHECK_MS], 0)
    caught = tasks[t, CAUGHT] > 0
    whole[n.CAUGHT_LABELS] += caught
    if label < 0:
        return
    if caught and truth >= 0:
        whole[n.CAUGHT_KNOWN] += 1
        whole[n.CAUGHT_RIGHT] += label == truth
    if truth >= 0:
        mine[n.KNOWN_LABELS] += 1
        mine[n.RIGHT_LABELS] += label == truth
        if gold:
            whole[n.GOLD_KNOWN] += 1
            whole[n.GOLD_RIGHT] += label == truth
    if suggestion >= 0:
        whole[n.ON_SUGGESTION] += 1
        whole[n.KEPT] += label == suggestion
        if truth >= 0 and suggestion != truth:
            whole[n.ON_WRONG] += 1
            whole[n.WRONG_KEPT] += label == suggestion


@inlined
def is_first_label(marks: Marks, tasks: Ints, t: int) -> bool:
    """Whether a task gave one of the first labels of its item, in time."""
    if tasks[t, LABEL] < 0 or tasks[t, ROUND] != 0 or not marks.stage[tasks[t, STAGE]] & ANNOTATES:
        return False
    return not marks.outcome[tasks[t, OUTCOME]] & LATE


@inlined
def fold_agreement(sums: Sums, marks: Marks, tasks: Ints, first: int, last: int, votes: Ints, many: Ints) -> None:
    """Adds the first labels of an item, rows first to last - 1, at each stage that gave it several.

    votes: by stage and class, many: by stage, labels and ordered pairs of equal ones; both zero, and left so.
    """
    for t in range(first, last):
        if is_first_label(marks, tasks, t):
            stage, label = tasks[t, STAGE], tasks[t, LABEL]
            many[stage, 0] += 1
            many[stage, 1] += 2 * votes[stage, label]
            votes[stage, label] += 1
    for t in range(first, last):
        if is_first_label(marks, tasks, t):
            stage, label = tasks[t, STAGE], tasks[t, LABEL]
            votes[stage, label] = 0
            if many[stage, 0] > 1:
                sums.first_labels[label] += 1
    for t in range(first, last):
        stage = tasks[t, STAGE]
        units, equal = many[stage]
        if units > 1:
            sums.units[units] += 1
            sums.equal[units] += equal
            sums.whole[n.SPLIT] += equal < units * (units - 1)
        many[stage, 0] = many[stage, 1] = 0
