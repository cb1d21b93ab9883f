"""The stages that an item came to, and whether its tasks were finished in the promised time."""

from __future__ import annotations

from ..tables import NULL
from . import sums as n
from .columns import (
    CONSENSUS_MS,
    ENQUEUED_AT,
    FINISHED_AT,
    HANDOFF_MS,
    OUTCOME,
    POOL,
    READY_AT,
    REPLICA,
    ROLLBACKS,
    ROUND,
    STAGE,
    TIER,
)
from .inlined import inlined
from .items import HAD_ADJUDICATION, HAD_REWORK, HAD_ROLLBACK
from .shape import ADJUDICATES, ATTEMPT, LATE, LEFT, PUT_AWAY, TAKEN, Ints, Marks
from .sums import Sums

WAS_THERE, WAS_TAKEN, WAS_OF_A_TIER, WAS_ELSEWHERE = 1, 2, 4, 8


@inlined
def _fold_question(sums: Sums, tasks: Ints, first: int, last: int, t: int) -> None:
    """Adds a question, row t, and how long its answer took: what was put away waits anew from then on."""
    row = sums.by_stage[tasks[t, STAGE]]
    row[n.ASKED] += 1
    for u in range(first, last):
        again = tasks[u, ENQUEUED_AT] == tasks[t, FINISHED_AT] and tasks[u, READY_AT] != NULL
        same = tasks[u, STAGE] == tasks[t, STAGE] and tasks[u, ROUND] == tasks[t, ROUND]
        if again and same and tasks[u, REPLICA] == tasks[t, REPLICA] and tasks[u, HANDOFF_MS] > 0:
            row[n.ANSWERED] += 1
            row[n.ANSWER_MS] += tasks[u, HANDOFF_MS]
            return


@inlined
def fold_way(sums: Sums, marks: Marks, tasks: Ints, first: int, last: int, segment: int, state: Ints) -> int:
    """Adds the stages that an item came to, by its tasks, rows first to last - 1, and whether it went to the pool of
    its tier; what they tell of it, see items.py.

    state: by stage; zero, and left so.
    """
    had = 0
    for t in range(first, last):
        stage, outcome = tasks[t, STAGE], marks.outcome[tasks[t, OUTCOME]]
        if tasks[t, ROUND] > 0:
            had |= HAD_REWORK
        if marks.stage[stage] & ADJUDICATES:
            had |= HAD_ADJUDICATION
        if tasks[t, ROLLBACKS] > 0:
            had |= HAD_ROLLBACK
        state[stage] |= WAS_THERE
        if tasks[t, TIER] >= 0 and tasks[t, POOL] >= 0:
            state[stage] |= WAS_OF_A_TIER
            if tasks[t, POOL] != tasks[t, TIER]:
                state[stage] |= WAS_ELSEWHERE
        if outcome & ATTEMPT:
            sums.by_stage[stage, n.ATTEMPTS] += 1
            sums.by_stage[stage, n.SKIPS] += outcome & LEFT != 0
            if outcome & PUT_AWAY:
                _fold_question(sums, tasks, first, last, t)
            if outcome & TAKEN:
                state[stage] |= WAS_TAKEN
    for t in range(first, last):
        stage = tasks[t, STAGE]
        if state[stage]:
            row, mine = sums.by_stage[stage], sums.by_segment[segment]
            row[n.CAME] += 1
            row[n.ESCALATED] += state[stage] & WAS_TAKEN != 0
            row[n.TIERED] += state[stage] & WAS_OF_A_TIER != 0
            row[n.MISTIERED] += state[stage] & WAS_ELSEWHERE != 0
            mine[n.ROUTED] += state[stage] & WAS_OF_A_TIER != 0
            mine[n.MISROUTED] += state[stage] & WAS_ELSEWHERE != 0
            state[stage] = 0
    return had


@inlined
def fold_promises(sums: Sums, marks: Marks, tasks: Ints, order: Ints, many: int, ended: int, begun: Ints) -> None:
    """Adds the tasks of an item that were not finished in the promised time; they are `many`, in canonical order.

    The promise runs from when the item came with what a task is for. What came too late to count has none. A task that
    was broken off is taken up by the next one for its replica: the promise runs from the first to the end of the last.
    begun: room for each task.
    """
    for k in range(many):
        t = order[k]
        begun[k] = NULL
        if marks.promise[tasks[t, STAGE]] == NULL or not is_promised(marks, tasks, t):
            continue
        begun[k] = tasks[t, ENQUEUED_AT]
        if tasks[t, CONSENSUS_MS] != NULL:
            begun[k] += max(tasks[t, CONSENSUS_MS], 0)
        row = sums.by_stage[tasks[t, STAGE]]
        before = try_before(tasks, order, k, begun)
        if before >= 0 and marks.outcome[tasks[order[before], OUTCOME]] & ATTEMPT:
            row[n.BREACHES] -= is_late(marks, tasks, order[before], begun[before], ended)
            begun[k] = begun[before]
        row[n.BREACHES] += is_late(marks, tasks, t, begun[k], ended)


@inlined
def is_promised(marks: Marks, tasks: Ints, t: int) -> bool:
    """Whether a task's promise can be told: it is known when it was asked for, and it did not come too late."""
    return tasks[t, ENQUEUED_AT] != NULL and not marks.outcome[tasks[t, OUTCOME]] & LATE


@inlined
def try_before(tasks: Ints, order: Ints, k: int, begun: Ints) -> int:
    """The place in the order of the task before this one for the same replica, -1 where there is none."""
    t = order[k]
    for at in range(k - 1, -1, -1):
        other = order[at]
        if begun[at] == NULL or tasks[other, STAGE] != tasks[t, STAGE]:
            continue
        if tasks[other, ROUND] == tasks[t, ROUND] and tasks[other, REPLICA] == tasks[t, REPLICA]:
            return at
    return -1


@inlined
def is_late(marks: Marks, tasks: Ints, t: int, begun: int, ended: int) -> bool:
    """Whether a task, promised from a moment on, is or was not finished in time."""
    finished = tasks[t, FINISHED_AT]
    return bool((ended if finished == NULL else finished) - begun > marks.promise[tasks[t, STAGE]])
