"""What a log, or a run without one, comes to before it is priced: time and labels, counted in whole numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..log import ATTEMPTS, Log
from ..paid import busy_table, paid_tables
from ..staff import people, presence_of, work_of
from ..tables import NULL, Ints, codes, ints, names
from .activities import ACTIVITIES, activity_codes
from .labels import Made, fold_made, numbers
from .prices import Prices, prices
from .stretches import Stretches, stretches
from .terms import Terms


@dataclass(frozen=True, eq=False)
class Spent:
    """Tables of int64. Activities are in the order of ACTIVITIES, segments in the order of the log's categories and one
    last for what is not recorded.

    busy: [pool, stretch, activity, segment] milliseconds on shift that tasks took.  on_shift, or_training, or_absent:
    [pool, stretch], see Paid.  labels: [pool, stretch, slot, activity, segment] tasks finished with a result, late ones
    too. Slot 0: not paid; slot j: paid by the j-th tier of the price list of that time. Where a pool has no price per
    label, its labels are not in the table.
    """

    stretches: Stretches
    busy: Ints
    on_shift: Ints
    or_training: Ints
    or_absent: Ints
    labels: Ints


def spent(log: Log, terms: Terms) -> Spent:
    """What the work of a log comes to under the periods of these terms.

    Paid time counts up to the end of the log; a task in progress takes time until then. Work off shift is not on the
    account, and where recorded tasks of one worker overlap, the one started first has the time.
    """
    pools, segments = names(log.tasks["pool"]), names(log.items["segment"])
    parts = _stretches(log, terms)
    who, ended = people(log), log.provenance.ended_at
    activity, segment = _activity(log), _segment(log, len(segments))
    there = presence_of(log, who)
    paid = paid_tables(*there, who.pool, len(pools), parts.edges, ended)
    lines = len(ACTIVITIES), len(segments) + 1
    took = work_of(log, who, activity * lines[1] + segment)
    busy = busy_table(took, there, who.pool, len(pools), lines[0] * lines[1], parts.edges, ended)
    return Spent(
        stretches=parts,
        busy=busy.reshape(*busy.shape[:2], *lines),
        on_shift=paid.on_shift,
        or_training=paid.or_training,
        or_absent=paid.or_absent,
        labels=_labels(log, prices(terms, parts, pools), parts, activity, segment, lines),
    )


def no_labels(price: Prices, segments: int) -> Ints:
    """The table of labels before there is any. segments: how many are named."""
    pools, parts, tiers = price.up_to.shape
    return np.zeros((pools, parts, 1 + tiers, len(ACTIVITIES), segments + 1), np.int64)


def _stretches(log: Log, terms: Terms) -> Stretches:
    """Those that anything on the account of the log touches."""
    columns = (log.tasks["started_at"], log.tasks["finished_at"], log.presence["from"])
    due = [at for at, _ in terms.one_offs]
    times = np.concatenate([*map(ints, columns), np.array([0, log.provenance.ended_at, *due], np.int64)])
    known = times[times != NULL]
    return stretches(terms, log.provenance.moment, int(known.min()), int(known.max()))


def _activity(log: Log) -> Ints:
    """Of each task."""
    of_stage = activity_codes([log.provenance.roles[stage] for stage in names(log.tasks["stage"])])
    gold = log.items["gold"].to_numpy(dtype=np.bool_, na_value=False)
    question = (gold & (ints(log.items["delivered_at"]) == NULL)).astype(np.int64)
    again = (ints(log.tasks["round"]) > 0).astype(np.int64)
    found: Ints = of_stage[codes(log.tasks["stage"]), again, question[_item(log)]]
    return found


def _segment(log: Log, unknown: int) -> Ints:
    """Of each task's item."""
    code = codes(log.items["segment"]).astype(np.int64)
    return np.where(code < 0, unknown, code)[_item(log)]


def _item(log: Log) -> Ints:
    """Row of each task's item."""
    return np.searchsorted(ints(log.items["item"]), ints(log.tasks["item"])).astype(np.int64)


def _labels(log: Log, price: Prices, parts: Stretches, activity: Ints, segment: Ints, lines: tuple[int, int]) -> Ints:
    labels = no_labels(price, lines[1] - 1)
    if not price.up_to.any():
        return labels
    made = _made(log, price, parts, activity, segment)
    fold_made(*made, parts.edges, price.up_to, labels)
    return labels


def _made(log: Log, price: Prices, parts: Stretches, activity: Ints, segment: Ints) -> Made:
    """The labels of a log, numbered. What is broken off without a result is time, but no label."""
    attempt = np.array([name in ATTEMPTS for name in names(log.tasks["outcome"])] + [False])
    finished, pool = ints(log.tasks["finished_at"]), codes(log.tasks["pool"]).astype(np.int64)
    rows = np.flatnonzero((finished != NULL) & (pool >= 0) & ~attempt[codes(log.tasks["outcome"])])
    pool, finished, activity = pool[rows], finished[rows], activity[rows]
    number = numbers(pool, finished, activity, parts.at(finished), price)
    return Made(pool, finished, activity, segment[rows], number)
