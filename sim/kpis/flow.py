"""How tasks waited: means, percentiles and parts of waits, queues, and what was promised."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..log import ATTEMPTS
from ..tables import NULL, Ints
from ..waits import PARTS, left_queue
from .facts import HOUR_MS, NAN, WEEK_MS, Facts, Found, count, over, total

STARVED_MS = WEEK_MS
"""A task that waits longer is counted as starved."""

BUCKETS = 1 << 15


def of_waits(facts: Facts) -> Found:
    """Waits of started tasks and their parts, by stage and by segment."""
    found, waits = {}, facts.waits
    stages, segments = len(facts.stages), len(facts.segments)
    started = count(waits.stage, stages)
    sums = {"": total(waits.stage, waits.total, stages)}
    sums |= {f".{part}": total(waits.stage, getattr(waits, part), stages) for part in PARTS}
    for code, stage in enumerate(facts.stages):
        for suffix, values in sums.items():
            found[f"wait_h.{stage}{suffix}"] = over(values[code], started[code]) / HOUR_MS
        here = waits.total[waits.stage == code]
        for percent in (50, 95):
            found[f"wait_h_p{percent}.{stage}"] = smallest(here, percent) / HOUR_MS
    place = facts.place if len(waits.row) == len(facts.place) else facts.place[waits.row]
    group = facts.segment[place]
    mine, many = total(group, waits.total, segments), count(group, segments)
    for name, part, tasks in zip(facts.segments, mine, many, strict=True):
        found[f"wait_h.segment.{name}"] = over(part, tasks) / HOUR_MS
    whole = sum(sums[""])
    found["handoff_share"] = over(sum(sums[".handoff"]), whole)
    delivered = int(facts.delivered.sum())
    synced = int(waits.consensus[facts.delivered[place]].sum()) if waits.consensus.any() else 0
    found["sync_delay_h"] = over(synced, delivered) / HOUR_MS
    return found


def of_queues(facts: Facts) -> Found:
    """Mean and greatest number of tasks that were ready and not started, from the origin to the end of the run, and how
    many of them starved."""
    ended, stages = facts.ended, len(facts.stages)
    ready, left = facts.task("ready_at"), left_queue(facts.log, ended)
    rows = np.flatnonzero((ready != NULL) & (left > ready))
    stage, begin, end = facts.stage[rows], ready[rows], left[rows]
    starved = end - begin > STARVED_MS
    due = facts.item("due_at")
    if (due != NULL).any():
        date = due[facts.place[rows]]
        starved |= (date != NULL) & (begin <= date) & (date < end)
    hungry = count(stage[starved], stages)
    begin, end = np.clip(begin, 0, ended), np.clip(end, 0, ended)
    area = total(stage, end - begin, stages)
    found = {}
    for code, name in enumerate(facts.stages):
        here = stage == code
        found[f"queue.{name}"] = area[code] / ended if ended > 0 else NAN
        found[f"queue_max.{name}"] = float(most_at_once(begin[here], end[here]))
        found[f"starved.{name}"] = float(hungry[code])
    return found


def of_promises(facts: Facts) -> Found:
    """By stage: tasks that were not finished in the promised time, or given up; share of items that were escalated."""
    promises = facts.log.provenance.promises
    asked = _asked(facts) if promises else None
    taken, vain = facts.came_to("escalated"), facts.came_to(*ATTEMPTS)
    found = {}
    for code, stage in enumerate(facts.stages):
        here = facts.stage == code
        came = int(np.count_nonzero(np.bincount(facts.place[here])))
        found[f"attempts.{stage}"] = float(np.count_nonzero(here & vain))
        found[f"escalation_rate.{stage}"] = over(len(np.unique(facts.place[here & taken])), came)
        found[f"sla_breaches.{stage}"] = NAN
        if asked is not None and stage in promises:
            mine = here & (asked != NULL)
            done = np.where(facts.finished, facts.task("finished_at"), facts.ended)
            found[f"sla_breaches.{stage}"] = float((mine & (done - asked > promises[stage])).sum())
    return found


def smallest(values: Ints, percent: int) -> float:
    """The smallest value that at least so many percent of the values do not exceed; NaN of none."""
    if not len(values):
        return NAN
    rank = -(-len(values) * percent // 100) - 1
    return float(np.partition(values, rank)[rank])


def most_at_once(start: Ints, end: Ints) -> int:
    """The greatest number of stretches [start, end) that hold at one moment; empty ones hold never.

    Time is cut into buckets. What holds at the end of each is counted; only buckets in which more might have held for
    a moment are looked into, event by event.
    """
    if not len(start):
        return 0
    low = int(start.min())
    width = (int(end.max()) - low) // BUCKETS + 1
    of_start, of_end = (start - low) // width, (end - low) // width
    begun, over_ = (np.bincount(of, minlength=BUCKETS + 1) for of in (of_start, of_end))
    after = np.cumsum(begun - over_)
    before = after - begun + over_
    best = int(after.max())
    open_to = before + begun > best
    if not open_to.any():
        return best
    looked, closed = open_to[of_start], open_to[of_end]
    bucket = np.concatenate([of_start[looked], of_end[closed]])
    at = np.concatenate([start[looked] * 2 + 1, end[closed] * 2])  # in one millisecond, ends before starts
    order = np.argsort(at, kind="stable")
    bucket, change = bucket[order], np.where(at[order] % 2, 1, -1)
    level = np.cumsum(change)
    first = np.flatnonzero(np.concatenate([[True], bucket[1:] != bucket[:-1]]))
    base = before[bucket[first]] - level[first] + change[first]
    return max(best, int((level + np.repeat(base, np.diff(np.append(first, len(bucket))))).max()))


def _asked(facts: Facts) -> Ints:
    """When the item came with what each task is for, NULL for tasks that another has taken up, or that came too late.

    A task that was broken off is taken up by the next one for its replica: the promise runs from the first.
    """
    enqueued, consensus = facts.task("enqueued_at"), facts.task("consensus_ms")
    asked = np.where(consensus == NULL, enqueued, enqueued + np.maximum(consensus, 0))
    asked = np.where(facts.came_to("surplus") | facts.question[facts.place] | (enqueued == NULL), NULL, asked)
    broken = facts.came_to(*ATTEMPTS)
    if not broken.any():
        return asked
    some = np.zeros(len(facts.delivered), np.bool_)
    some[facts.place[broken]] = True
    rows: NDArray[np.intp] = np.flatnonzero(some[facts.place] & (asked != NULL))
    keys = [facts.place, facts.stage, facts.task("round"), facts.task("replica")]
    rows = rows[np.lexsort((enqueued[rows], *(key[rows] for key in reversed(keys))))]
    same = np.logical_and.reduce([key[rows][1:] == key[rows][:-1] for key in keys])
    goes_on = np.zeros(len(rows), np.bool_)
    goes_on[1:] = same & broken[rows][:-1]
    first = np.maximum.accumulate(np.where(goes_on, 0, np.arange(len(rows))))
    begun = asked[rows][first]
    asked[rows] = begun
    asked[rows[:-1][goes_on[1:]]] = NULL
    return asked
