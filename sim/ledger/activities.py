"""What the time and the labels of a log were spent on: the activities of the ledger, a closed set."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..log import ATTEMPTS, Log
from ..tables import NULL, Ints, codes, ints, names

ABSENCE, GOLD, IDLE, REWORK, TOOLING, TRAINING = "absence", "gold", "idle", "rework", "tooling", "training"

ACTIVITIES = (ABSENCE, "adjudicate", "annotate", GOLD, IDLE, "review", REWORK, TOOLING, TRAINING, "work")
"""absence: paid days off.  adjudicate, annotate, work: tasks of stages of that kind.  gold: tasks on test questions,
whatever the stage.  idle: on shift without a task.  review: tasks of review and of inspect stages; both judge a label.
rework: to annotate in a later round.  tooling: costs that fall due once, and tasks of machine stages, where someone is
paid for them.  training: paid time in which nobody takes tasks. In the order of the ledger's rows."""

_OF_KIND = {"inspect": "review", "prelabel": TOOLING, "dedup": TOOLING}
"""Activity of a kind of stage where it goes by another name."""


@dataclass(frozen=True, eq=False)
class Work:
    """The tasks of a log, as columns.

    worked: they ended with a result, or are under way; what is broken off without one is time, but no label.
    line: number of each task's (activity, segment) among `lines`, all pairs in order; segment "" where not recorded.
    """

    pool: NDArray[np.integer]
    started: Ints
    finished: Ints
    worked: NDArray[np.bool_]
    line: Ints
    lines: list[tuple[str, str]]

    @cached_property
    def rework(self) -> NDArray[np.bool_]:
        """Which tasks are rework."""
        return np.array([activity == REWORK for activity, _ in self.lines])[self.line]


def work(log: Log) -> Work:
    """The tasks of a log with their activities and segments."""
    tasks, items = log.tasks, log.items
    kinds = [log.provenance.roles[stage] for stage in names(tasks["stage"])]
    of_stage = np.array([ACTIVITIES.index(_OF_KIND.get(kind, kind)) for kind in kinds], np.int64)
    activity = of_stage[codes(tasks["stage"])]
    again = (activity == ACTIVITIES.index("annotate")) & (ints(tasks["round"]) > 0)
    activity = np.where(again, ACTIVITIES.index(REWORK), activity)
    row = np.searchsorted(ints(items["item"]), ints(tasks["item"]))
    questions = _test_questions(log)
    if questions.any():
        activity = np.where(questions[row], ACTIVITIES.index(GOLD), activity)
    of_item = names(items["segment"])
    segments = ["", *sorted(of_item)]
    place = np.array([*map(segments.index, of_item), 0], np.int64)  # the last for code -1: not recorded
    attempt = np.array([name in ATTEMPTS for name in names(tasks["outcome"])] + [False])
    return Work(
        pool=codes(tasks["pool"]),
        started=ints(tasks["started_at"]),
        finished=ints(tasks["finished_at"]),
        worked=~attempt[codes(tasks["outcome"])],
        line=activity * len(segments) + place[codes(items["segment"])[row]],
        lines=[(activity, segment) for activity in ACTIVITIES for segment in segments],
    )


def _test_questions(log: Log) -> NDArray[np.bool_]:
    """Which items are there only to test people: their truth is known, and they are not delivered. In a real log gold
    items may be delivered like any; then they are the work itself."""
    gold = log.items["gold"].to_numpy(dtype=np.bool_, na_value=False)
    return np.asarray(gold & (ints(log.items["delivered_at"]) == NULL))
