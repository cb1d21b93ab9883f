"""The sums of a tally: whole numbers, one array for each thing that they are told by."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..tables import NULL
from .bins import BINS
from .columns import ITEM_WIDTH, LOGGED_FIELDS
from .shape import Ints, Shape

UNITS = 64
"""Room for this many first labels of an item at the start."""

# By segment; the last row is of items whose segment is not recorded.
(
    ITEMS,
    QUESTIONS,  # test questions: gold, and not delivered
    DELIVERED,
    DROPPED,
    OPEN,
    UNSAMPLED,
    REPEATS_DROPPED,
    FALSE_DROPS,
    TIMED,  # delivered, and known when it arrived
    CYCLE_MS,
    DUE,  # with a due date, and delivered, or open when it is past
    ON_TIME,
    KNOWN,  # delivered, and of known truth
    RIGHT,
    JUDGED,  # known, and no duplicates
    JUDGED_RIGHT,
    IN_LOTS,  # judged, and with a lot
    WRONG_IN_LOTS,
    REWORKED,  # delivered, with rework
    FIRST_PASS,  # delivered, with neither rework nor adjudication
    REVIEWED,  # delivered, and judged by a stage
    WAITS,  # tasks that started, and all that is known of their wait
    WAIT_MS,
    SYNC_MS,  # consensus, of items that are delivered
    SPENT_MS,  # active time
    ROUTED,  # items at a stage that are routed by difficulty, and of a tier
    MISROUTED,  # of them, those that went to a pool of another tier
    RELABELLED,  # that a rollback sent back
    LABELS,  # finished, of items that are no questions
) = range(29)
SEGMENT_SUMS = 29

# By stage.
(
    STARTED,  # tasks that started, and all that is known of their wait
    TOTAL_MS,
    CONTENTION_MS,
    OFF_SHIFT_MS,
    BATCHING_MS,
    CONSENSUS_MS,
    HANDOFF_MS,
    QUEUE_MS,
    STARVED,
    ATTEMPTS,
    CAME,  # items with a task
    ESCALATED,  # items with a task taken from the queue
    BREACHES,
    ACTIVE_MS,
    JUDGEMENTS,
    REJECTIONS,
    JUDGED_ITEMS,
    ACCEPTED_AT_FIRST,
    JUDGED_DELIVERED,
    MISSED,
    TIERED,  # items that are routed by difficulty, and of a tier
    MISTIERED,  # of them, those that went to a pool of another tier
    LOST_MS,  # active time that came to nothing
    CAUGHT,  # rejections of a label that was wrong
    SEEKING_MS,  # active time on items of known truth, at stages that judge
    SKIPS,
    SKIP_MS,  # active time of looks at what was skipped
    ASKED,  # questions
    ANSWERED,  # questions whose answer came
    ANSWER_MS,  # from question to answer
) = range(30)
STAGE_SUMS = 30

# By pool; the last row is of tasks whose pool is not recorded.
MADE, KNOWN_LABELS, RIGHT_LABELS = range(3)
POOL_SUMS = 3

# Of all.
(
    TASK_ROWS,
    FINISHED_TASKS,
    REWORK_LABELS,
    SURPLUS_LABELS,
    GOLD_LABELS,
    GOLD_KNOWN,
    GOLD_RIGHT,
    GOLD_MS,
    SUGGESTED,  # by a model, where the truth is known
    SUGGESTED_RIGHT,
    ON_SUGGESTION,  # labels
    KEPT,
    ON_WRONG,
    WRONG_KEPT,
    SPLIT,  # items at a stage whose first labels are not all equal
    RELABEL_MS,  # active time on items after a rollback
    CHECKED_MS,  # active time of checks of one's own labels, and of mending them
    CAUGHT_LABELS,
    CAUGHT_KNOWN,  # of known truth
    CAUGHT_RIGHT,  # of them, mended to it
) = range(20)
WHOLE_SUMS = 20


class Sums(NamedTuple):
    """int64 arrays.

    by_segment, by_stage, by_pool, whole: in the columns above.  last_delivery: one, NULL before any.
    waits: by stage and bin of bins.py.  ages: by bin, items by how old they were when they were seen in progress for
    the last time, less those by how old when for the first.
    confusion: judged items by segment, truth and final label, the last none.
    units, equal: items at a stage with n first labels, n from two, and their ordered pairs of equal ones, by n.
    first_labels: these labels by class.
    delivered, queue: by how many there are more at each whole hour than at the one before; queue by stage.
    worked: likewise, people's active milliseconds on items that are over, delivered or dropped.
    progress: likewise, items that are in progress.
    seen: 1 for each column of a log in which something is not null, items first.
    """

    by_segment: Ints
    by_stage: Ints
    by_pool: Ints
    whole: Ints
    last_delivery: Ints
    waits: Ints
    ages: Ints
    confusion: Ints
    units: Ints
    equal: Ints
    first_labels: Ints
    delivered: Ints
    worked: Ints
    progress: Ints
    queue: Ints
    seen: Ints


def no_sums(shape: Shape) -> Sums:
    """The sums of no rows. What is never touched of the longer ones costs no memory: the system gives it when it is."""
    segments, stages, classes = len(shape.segments), len(shape.stages), len(shape.classes)
    return Sums(
        by_segment=np.zeros((segments + 1, SEGMENT_SUMS), np.int64),
        by_stage=np.zeros((stages, STAGE_SUMS), np.int64),
        by_pool=np.zeros((len(shape.pools) + 1, POOL_SUMS), np.int64),
        whole=np.zeros(WHOLE_SUMS, np.int64),
        last_delivery=np.full(1, NULL, np.int64),
        waits=np.zeros((stages, BINS), np.int64),
        ages=np.zeros(BINS, np.int64),
        confusion=np.zeros((segments, classes, classes + 1), np.int64),
        units=np.zeros(UNITS, np.int64),
        equal=np.zeros(UNITS, np.int64),
        first_labels=np.zeros(classes, np.int64),
        delivered=np.zeros(shape.hours + 1, np.int64),
        worked=np.zeros(shape.hours + 1, np.int64),
        progress=np.zeros(shape.hours + 1, np.int64),
        queue=np.zeros((stages, shape.hours + 1), np.int64),
        seen=np.zeros(ITEM_WIDTH + LOGGED_FIELDS, np.int64),
    )


def roomier(sums: Sums, units: int) -> Sums:
    """Sums with room for so many first labels of an item, and for twice as many as before."""
    more = np.zeros(max(units + 1 - len(sums.units), len(sums.units)), np.int64)
    return sums._replace(units=np.append(sums.units, more), equal=np.append(sums.equal, more))
