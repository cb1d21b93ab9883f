"""What the stages that judge labels made of an item, and the inspections of its lot."""

from __future__ import annotations

from ..tables import NULL
from . import sums as n
from .columns import (
    ACTIVE_MS,
    ENQUEUED_AT,
    FINISHED_AT,
    HANDOFF_MS,
    LABEL,
    OUTCOME,
    READY_AT,
    ROUND,
    STAGE,
    SUGGESTION,
)
from .inlined import inlined
from .items import HAD_REVIEW, IS_DELIVERED, IS_KNOWN, IS_RIGHT
from .lots import ASKED_AT, BACK_AT, IS_GOOD, IS_OPEN, LATER, SEGMENT_OF, STAGE_OF, VERDICT_AT
from .shape import (
    ACCEPTED,
    ADJUDICATES,
    ANNOTATES,
    ATTEMPT,
    INSPECTS,
    JUDGES_LABELS,
    LATE,
    REJECTED,
    SUGGESTS,
    Ints,
    Marks,
)
from .sums import Sums

ACCEPTED_LAST, REJECTED_LAST = 1, 2


@inlined
def fold_gates(
    sums: Sums, marks: Marks, tasks: Ints, order: Ints, many: int, is_: int, truth: int, verdict: Ints
) -> int:
    """Adds the judgements of an item's tasks, `many` in their canonical order; HAD_REVIEW where there are any.

    truth: of the item, below 0 where it is not known.  verdict: by stage, the last so far; zero, and left so.
    """
    had = 0
    for t in order[:many]:
        stage, outcome = tasks[t, STAGE], marks.outcome[tasks[t, OUTCOME]]
        if not marks.stage[stage] & JUDGES_LABELS:
            continue
        row, bad = sums.by_stage[stage], outcome & REJECTED != 0
        if truth >= 0 and tasks[t, ACTIVE_MS] != NULL:
            row[n.SEEKING_MS] += tasks[t, ACTIVE_MS]
        if not outcome & (ACCEPTED | REJECTED):
            continue
        had = HAD_REVIEW
        if bad and truth >= 0:
            label = judged_label(marks, tasks, order, many, t)
            row[n.CAUGHT] += label >= 0 and label != truth
        row[n.JUDGEMENTS] += 1
        row[n.REJECTIONS] += bad
        if not verdict[stage]:
            row[n.JUDGED_ITEMS] += 1
            row[n.ACCEPTED_AT_FIRST] += not bad
        verdict[stage] = REJECTED_LAST if bad else ACCEPTED_LAST
    if not had:
        return had
    for t in order[:many]:
        stage = tasks[t, STAGE]
        if not verdict[stage]:
            continue
        row = sums.by_stage[stage]
        if is_ & IS_DELIVERED:
            row[n.JUDGED_DELIVERED] += 1
        if verdict[stage] == ACCEPTED_LAST and is_ & IS_KNOWN and not is_ & IS_RIGHT:
            row[n.MISSED] += 1
        verdict[stage] = 0
    return had


@inlined
def judged_label(marks: Marks, tasks: Ints, order: Ints, many: int, judged: int) -> int:
    """The label that an item had when it was judged in a row, NONE where none is recorded: of what was given last
    before, in the latest round, the label that most of the stage's people gave; of equal ones the first.

    Of labels by people that is known which stage, round and outcome; where nobody gave any, the suggestion counts.
    """
    last, ended, turn = -1, tasks[judged, FINISHED_AT], tasks[judged, ROUND]
    for t in order[:many]:
        if given(marks, tasks, t) < 0 or tasks[t, ROUND] > turn or tasks[t, FINISHED_AT] > ended:
            continue
        if last < 0 or (tasks[t, ROUND], tasks[t, FINISHED_AT]) >= (tasks[last, ROUND], tasks[last, FINISHED_AT]):
            last = t
    best, votes = -1, 0
    if last < 0:
        return best
    stage, turn = tasks[last, STAGE], tasks[last, ROUND]
    for t in order[:many]:
        label, some = given(marks, tasks, t), 0
        if label < 0 or tasks[t, STAGE] != stage or tasks[t, ROUND] != turn or tasks[t, FINISHED_AT] > ended:
            continue
        for other in order[:many]:
            if tasks[other, STAGE] == stage and tasks[other, ROUND] == turn and tasks[other, FINISHED_AT] <= ended:
                some += given(marks, tasks, other) == label
        if some > votes:
            best, votes = label, some
    return int(best)


@inlined
def given(marks: Marks, tasks: Ints, t: int) -> int:
    """The label that a finished task gave its item, or a model suggested; NONE for none, and for what came too late."""
    does, outcome = marks.stage[tasks[t, STAGE]], marks.outcome[tasks[t, OUTCOME]]
    if tasks[t, FINISHED_AT] == NULL or outcome & (LATE | ATTEMPT):
        return -1
    if does & (ANNOTATES | ADJUDICATES):
        return int(tasks[t, LABEL])
    return int(tasks[t, SUGGESTION]) if does & SUGGESTS else -1


@inlined
def note_inspections(marks: Marks, tasks: Ints, first: int, last: int, segment: int, records: Ints, to: int) -> int:
    """Writes a record (see lots.py) for each inspection among rows first to last - 1, from row `to` on; the row after
    them. An inspection is all tries of a round at a stage."""
    for t in range(first, last):
        stage, turn = tasks[t, STAGE], tasks[t, ROUND]
        if not marks.stage[stage] & INSPECTS or noted(tasks, first, t):
            continue
        asked, is_open, verdict, good, back = LATER, 0, NULL, 0, LATER
        for other in range(first, last):
            if tasks[other, ROUND] == turn + 1:
                back = min(back, tasks[other, ENQUEUED_AT])
            if tasks[other, ROUND] != turn or tasks[other, STAGE] != stage:
                continue
            asked = min(asked, asked_at(tasks, other))
            if tasks[other, FINISHED_AT] == NULL:
                is_open = 1
            outcome = marks.outcome[tasks[other, OUTCOME]]
            if outcome & (ACCEPTED | REJECTED):
                verdict = max(verdict, tasks[other, FINISHED_AT])
            if outcome & ACCEPTED:
                good = 1
        records[to, STAGE_OF], records[to, SEGMENT_OF], records[to, ASKED_AT] = stage, segment, asked
        records[to, IS_OPEN], records[to, VERDICT_AT], records[to, IS_GOOD] = is_open, verdict, good
        records[to, BACK_AT] = back if good else LATER
        to += 1
    return to


@inlined
def noted(tasks: Ints, first: int, t: int) -> bool:
    """Whether a row from `first` on and before t is of the same inspection."""
    for other in range(first, t):
        if tasks[other, STAGE] == tasks[t, STAGE] and tasks[other, ROUND] == tasks[t, ROUND]:
            return True
    return False


@inlined
def asked_at(tasks: Ints, t: int) -> int:
    """When an inspection was asked for: before its hand-off."""
    ready, handoff = tasks[t, READY_AT], tasks[t, HANDOFF_MS]
    return int(ready if ready == NULL or handoff == NULL else ready - handoff)
