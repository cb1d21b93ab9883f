"""Laws of items: each that came in is delivered, was dropped, or is still in the line; none of them twice."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .evidence import View, say
from .tables import NULL, codes, names

GONE = ("skipped", "expired")
"""Outcomes after which a task may stay unfinished."""


def whereabouts(v: View) -> list[str]:
    """Items in = delivered + dropped + in progress. What is in progress has an open task, unless all that was asked of
    it was skipped or expired, its result waits for those of its batch, it waits with others for a lot to be judged, or
    it has not entered the line yet; where deliveries are not recorded, nothing is said."""
    delivered, dropped = v.items["delivered_at"] != NULL, v.items["dropped_at"] != NULL
    broken = say("an item must not be both delivered and dropped", delivered & dropped, v.item)
    if not delivered.any() and not dropped.any():
        return broken
    gone, is_open = v.came_to(*GONE), v.tasks["finished_at"] == NULL
    known = v.place >= 0
    held = np.zeros(len(delivered), np.bool_)
    in_batch = ~is_open & (v.tasks["outcome"] < 0) & (v.tasks["batch"] != NULL)
    held[v.place[known & (is_open | gone | in_batch)]] = True
    if "inspect" not in v.log.provenance.roles.values():
        lost = ~delivered & ~dropped & ~held & ~_outside(v)
        broken += say("an item must be delivered or have an open task", lost, v.item)
    over = is_open & ~gone & ~_gone_on(v)
    law = "a delivered item must have no open task"
    broken += say(law, over & (v.of_item("delivered_at") != NULL), v.task)
    law = "a dropped item must have no open task"
    return broken + say(law, over & (v.of_item("dropped_at") != NULL), v.task)


def afterwards(v: View) -> list[str]:
    """Nothing of an item that counts is finished after its delivery, or after it was dropped. An item that was taken
    back for relabelling is delivered when that is done."""
    finished = v.tasks["finished_at"]
    counts = ~v.came_to("surplus", *GONE, "returned", "preempted")
    broken = []
    for what, column in (("its delivery", "delivered_at"), ("it was dropped", "dropped_at")):
        after = v.of_item(column)

        def tell(row: int, after: NDArray[np.int64] = after) -> str:
            return f"{v.task(row)}: {finished[row]} > {after[row]}"

        law = f"no task of an item may finish after {what}"
        broken += say(law, (after != NULL) & (finished > after) & counts, tell)
    return broken


def drops(v: View) -> list[str]:
    """Why an item was dropped is given exactly where it was; what is not sampled has no task; what was dropped as gold
    is gold."""
    at, why = v.items["dropped_at"] != NULL, v.items["dropped_as"]
    words = [*names(v.log.items["dropped_as"]), ""]
    as_gold, unsampled = ((why == words.index(name)) if name in words else at & False for name in ("gold", "unsampled"))
    broken = say("dropped_at and dropped_as must be given together", at != (why >= 0), v.item)
    gold = v.log.items["gold"].to_numpy(dtype="bool", na_value=False)
    broken += say("an item dropped as gold must be gold", as_gold & ~gold, v.item)
    worked = np.zeros(len(at), np.bool_)
    worked[v.place[v.place >= 0]] = True
    return broken + say("an item that is not sampled must have no task", unsampled & worked, v.item)


def refusals(v: View) -> list[str]:
    """Which lot was refused and when are given together; no item is refused before it arrives or after the run."""
    lot, at, arrived = (v.items[name] for name in ("refused_lot", "refused_at", "arrived_at"))
    ended = v.log.provenance.ended_at
    broken = say("refused_lot and refused_at must be given together", (lot != NULL) != (at != NULL), v.item)
    outside = (at != NULL) & ((at < arrived) | (at > ended))
    return broken + say("a lot must be refused between its items' arrival and the end of the run", outside, v.item)


def duplicates(v: View) -> list[str]:
    """A duplicate repeats an item that came before it, of the same segment."""
    item, of = v.items["item"], v.items["duplicate_of"]
    rows = np.flatnonzero(of != NULL)
    if not len(rows):
        return []
    order = np.argsort(item, kind="stable")
    place = order[np.minimum(np.searchsorted(item, of[rows], sorter=order), len(item) - 1)]
    segment = codes(v.log.items["segment"])
    right = (item[place] == of[rows]) & (of[rows] < item[rows]) & (segment[place] == segment[rows])
    law = "a duplicate must repeat an earlier item of its segment"
    return say(law, rows[~right], lambda row: f"{v.item(row)} of {of[row]}")


def final(v: View) -> list[str]:
    """Where labels are recorded, a delivered item has a final one, unless its labels tie; others have none."""
    label, delivered = v.items["final_label"], v.items["delivered_at"] != NULL
    law = "an item must not have a final label before it is delivered"
    broken = say(law, (label >= 0) & ~delivered, v.item)
    bare = delivered & (label < 0)
    given = v.tasks["label"]
    if not bare.any() or not (given >= 0).any():
        return broken
    labels = len(names(v.log.tasks["label"]))
    mine = (given >= 0) & (v.place >= 0) & ~v.came_to("surplus")
    votes = np.bincount(v.place[mine] * labels + given[mine], minlength=len(label) * labels).reshape(-1, labels)
    tied = (votes == votes.max(axis=1, keepdims=True)).sum(axis=1) > 1
    return broken + say("a delivered item must have a final label, unless its labels tie", bare & ~tied, v.item)


LAWS = (whereabouts, afterwards, drops, refusals, duplicates, final)


def _outside(v: View) -> NDArray[np.bool_]:
    """Items without a task that came after the last one that has any: they may wait before a line that is full."""
    worked = np.zeros(len(v.items["item"]), np.bool_)
    worked[v.place[v.place >= 0]] = True
    test = v.log.items["gold"].to_numpy(dtype="bool", na_value=False)
    last = v.items["item"][worked & ~test].max(initial=NULL)
    return np.asarray(~worked & (v.items["item"] > last) & (v.items["arrived_at"] != NULL))


def _gone_on(v: View) -> NDArray[np.bool_]:
    """Tasks in progress whose result will be too late: the item has gone on from the stage without it, because another
    did the same work, or another of its tasks was escalated."""
    tasks = v.tasks
    rows = np.flatnonzero((tasks["started_at"] != NULL) & (tasks["finished_at"] == NULL) & (v.place >= 0))
    rows = rows[(v.of_item("delivered_at")[rows] != NULL) | (v.of_item("dropped_at")[rows] != NULL)]
    found = np.zeros(len(v.place), np.bool_)
    if not len(rows):
        return found
    closed = np.flatnonzero(np.isin(tasks["item"], tasks["item"][rows]) & (tasks["finished_at"] != NULL))
    replicas: set[tuple[int, ...]] = set()
    stages: set[tuple[int, ...]] = set()
    escalated, counts = v.came_to("escalated"), ~v.came_to("returned", "preempted", "surplus", *GONE)
    for row in closed.tolist():
        key = (tasks["item"][row], tasks["stage"][row], tasks["round"][row])
        if escalated[row]:
            stages.add(key)
        elif counts[row]:
            replicas.add((*key, tasks["replica"][row]))
    for row in rows.tolist():
        key = (tasks["item"][row], tasks["stage"][row], tasks["round"][row])
        found[row] = key in stages or (*key, tasks["replica"][row]) in replicas
    return found
