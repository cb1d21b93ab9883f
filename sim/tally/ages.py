"""When items were in progress, and how old they were then: from when somebody first took one up until it was over."""

from __future__ import annotations

from ..tables import NULL
from .bins import bin_of
from .columns import DELIVERED_AT, DROPPED_AT, FINISHED_AT, OUTCOME, ROLLBACKS, STARTED_AT
from .inlined import inlined
from .shape import LATE, Ints, Marks
from .sums import Sums
from .waits import hour_after


@inlined
def fold_age(sums: Sums, marks: Marks, items: Ints, i: int, tasks: Ints, first: int, last: int, ended: int) -> None:
    """Adds when an item was in progress, and the ages between which it was seen; its tasks are rows first to last - 1.

    What began before the origin is seen from there on. What a rollback sent back was over with its last task before,
    and is of age 0 when somebody takes it up again.
    """
    most = 0
    for t in range(first, last):
        most = max(most, tasks[t, ROLLBACKS])
    for turn in range(most + 1):
        begun, over = NULL, NULL
        for t in range(first, last):
            if max(tasks[t, ROLLBACKS], 0) != turn:
                continue
            at = tasks[t, STARTED_AT]
            if at != NULL and (begun == NULL or at < begun):
                begun = at
            if not marks.outcome[tasks[t, OUTCOME]] & LATE:
                over = max(over, tasks[t, FINISHED_AT])
        if turn == most:
            over = items[i, DELIVERED_AT]
            if over == NULL:
                over = items[i, DROPPED_AT]
            if over == NULL:
                over = ended
        if begun != NULL and over > max(begun, 0):
            sums.ages[bin_of(over - begun)] += 1
            if begun < 0:
                sums.ages[bin_of(-begun)] -= 1
            if hour_after(begun) < len(sums.progress):
                sums.progress[hour_after(begun)] += 1
            if hour_after(over) < len(sums.progress):
                sums.progress[hour_after(over)] -= 1
