"""Laws of what people may do: one task at a time, never judging one's own work, on shift."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .evidence import View, say
from .line import JUDGES
from .log import ATTEMPTS
from .tables import NULL, Ints

LATER = 2**62
"""The finish of a task in progress: after every moment."""


def one_at_a_time(v: View) -> list[str]:
    """A worker holds a task from its start to its finish, pauses included; tasks may touch."""
    started = v.tasks["started_at"]
    rows = np.flatnonzero((started != NULL) & (v.who.of_task >= 0))
    until = np.where(v.tasks["finished_at"] == NULL, LATER, v.tasks["finished_at"])
    rows = rows[np.lexsort((until[rows], started[rows], v.who.of_task[rows]))]
    before, after = rows[:-1], rows[1:]
    overlap = (v.who.of_task[before] == v.who.of_task[after]) & (started[after] < until[before])
    other = dict(zip(after[overlap].tolist(), before[overlap].tolist(), strict=True))

    def tell(row: int) -> str:
        end = "in progress" if until[other[row]] == LATER else f"until {until[other[row]]}"
        holder = v.person(v.log.tasks, row)
        return f"{holder} starts {v.task(row)} at {started[row]}, holding {v.task(other[row])} {end}"

    return say("a worker must hold one task at a time", after[overlap], tell)


def own_work(v: View) -> list[str]:
    """A reviewer was no author of the item before, and no reviewer of it at another stage; an adjudicator neither
    author nor reviewer. Who broke off is neither; a review that came too late to count is none."""
    result = ~v.came_to(*ATTEMPTS)
    labels, judges, adjudicates = v.of_kind("annotate") & result, v.of_kind(*JUDGES), v.of_kind("adjudicate")
    judged = judges & result & ~v.came_to("surplus")
    broken = [
        *say("nobody may review their own label", _after_own(v, labels, judges), v.did),
        *say(
            "nobody may adjudicate what they labelled or reviewed", _after_own(v, labels | judged, adjudicates), v.did
        ),
    ]
    stage = v.tasks["stage"]
    stages = np.unique(stage[judges])
    if len(stages) > 1:
        again = np.zeros(len(stage), np.bool_)
        for one in stages:
            again |= _after_own(v, judged & (stage != one), judges & (stage == one))
        broken += say("nobody may review an item at two stages", again, v.did)
    return broken


def _after_own(v: View, own: NDArray[np.bool_], judged: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which of the `judged` tasks are by a worker who did an `own` task on the same item before; by start where any
    start is recorded, else by round."""
    moment = v.tasks["started_at"]
    if not (moment != NULL).any():
        moment = v.tasks["round"]
    rows = np.flatnonzero((v.who.of_task >= 0) & (own | judged) & (moment != NULL))
    # Within one worker on one item, by time, own work first: then an earlier own task shows as a count above zero.
    rows = rows[np.lexsort((~own[rows], moment[rows], v.who.of_task[rows], v.tasks["item"][rows]))]
    done = np.cumsum(own[rows])
    fresh = np.ones(len(rows), np.bool_)
    fresh[1:] = (np.diff(v.tasks["item"][rows]) != 0) | (np.diff(v.who.of_task[rows]) != 0)
    base = np.maximum.accumulate(np.where(fresh, done - own[rows], 0))
    broken = np.zeros(len(own), np.bool_)
    broken[rows] = judged[rows] & (done > base)
    return broken


def distinct(v: View) -> list[str]:
    """The labels of one item in one round come from distinct workers; who broke off a task gave none. An item may come
    to a stage a second time in one round, and is new to everyone then."""
    keys = [v.tasks["item"], v.tasks["stage"], v.tasks["round"], v.who.of_task]
    given = v.of_kind("annotate") & ~v.came_to(*ATTEMPTS)
    rows = np.flatnonzero((v.who.of_task >= 0) & given)
    rows = rows[np.lexsort(tuple(key[rows] for key in reversed(keys)))]
    same = np.logical_and.reduce([key[rows][1:] == key[rows][:-1] for key in keys])
    came = v.tasks["enqueued_at"] + np.maximum(v.tasks["consensus_ms"], 0)
    pairs = zip(rows[:-1][same], rows[1:][same], strict=True)
    twice = [after for before, after in pairs if not _back(v, given, came, before, after)]
    law = "replicas of an item in one stage and round must have distinct workers"
    return say(law, np.array(twice, np.int64), v.did)


def _back(v: View, given: NDArray[np.bool_], came: Ints, before: int, after: int) -> bool:
    """Whether an item had left a stage and come back to it between two of its tasks there: it came with its first
    replica anew, after that had been finished."""
    tasks = v.tasks
    low, high = np.searchsorted(tasks["item"], [tasks["item"][after], tasks["item"][after] + 1])
    mine = np.arange(low, high)
    for name in ("stage", "round"):
        mine = mine[tasks[name][mine] == tasks[name][after]]
    mine = mine[tasks["replica"][mine] == 0]
    done = tasks["finished_at"][mine[given[mine]]]
    if not (done != NULL).any():
        return False
    anew = came[mine][came[mine] >= done[done != NULL].min()]
    return bool(((anew > came[before]) & (anew <= came[after])).any())


def once(v: View) -> list[str]:
    """Of the tasks for one replica, one counts: a second is ready after the first is finished, because its item has
    come to the stage again. What was broken off, or came too late, does not count."""
    tasks = v.tasks
    keys = [tasks["item"], tasks["stage"], tasks["round"], tasks["replica"]]
    counts = (tasks["finished_at"] != NULL) & (tasks["ready_at"] != NULL) & (tasks["outcome"] >= 0)
    rows = np.flatnonzero(counts & ~v.came_to(*ATTEMPTS, "surplus"))
    rows = rows[np.lexsort((tasks["ready_at"][rows], *(key[rows] for key in reversed(keys))))]
    same = np.logical_and.reduce([key[rows][1:] == key[rows][:-1] for key in keys])
    early = tasks["ready_at"][rows][1:] < tasks["finished_at"][rows][:-1]
    return say("of the tasks for one replica only one may count", rows[1:][same & early], v.task)


def active(v: View) -> list[str]:
    """Active time fits into the worker's on-shift time from start to finish. Before the origin nobody's is known."""
    started, active = v.tasks["started_at"], v.tasks["active_ms"]
    finished = np.where(v.tasks["finished_at"] == NULL, v.log.provenance.ended_at, v.tasks["finished_at"])
    broken = say("active_ms must not be negative", (active != NULL) & (active < 0), v.task)
    if not len(v.presence["from"]):
        return broken
    seen = (active != NULL) & (started != NULL) & (started >= 0) & (v.who.of_task >= 0)
    there = np.zeros(len(active), np.int64)
    there[seen] = v.shifts.covered(v.who.of_task[seen], started[seen], np.maximum(started, finished)[seen])
    law = "active_ms must fit into the worker's time on shift from start to finish"
    return broken + say(law, seen & (active > there), lambda row: f"{v.task(row)}: {active[row]} > {there[row]}")


def present(v: View) -> list[str]:
    """Tasks start while their worker is on shift; presence of a worker does not overlap and is not empty.

    A finished task without active time is not judged: it was left idle, and nobody knows when work on it began.
    """
    begin, end, person = v.presence["from"], v.presence["to"], v.who.of_presence
    if not len(begin):
        return []
    broken = say("presence must end after it begins", end <= begin, lambda row: f"{begin[row]} to {end[row]}")
    rows = np.lexsort((end, begin, person))
    before, after = rows[:-1], rows[1:]
    overlap = (person[before] == person[after]) & (person[after] >= 0) & (begin[after] < end[before])
    law = "presence of a worker must not overlap"
    broken += say(law, after[overlap], lambda row: f"{v.person(v.log.presence, row)} from {begin[row]} to {end[row]}")
    started = v.tasks["started_at"]
    idle = (v.tasks["finished_at"] != NULL) & (v.tasks["active_ms"] == NULL)
    seen = (started != NULL) & (started >= 0) & (v.who.of_task >= 0) & ~idle
    absent = seen.copy()
    absent[seen] = ~v.shifts.inside(v.who.of_task[seen], started[seen])
    law = "a task must start while its worker is on shift"
    return broken + say(law, absent, lambda row: f"{v.did(row)} at {started[row]}")
