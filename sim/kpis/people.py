"""How people spent their time, how many there were, and how they learned."""

from __future__ import annotations

import numpy as np

from ..log import ATTEMPTS
from ..staff import People, of_kind, people, staff_time
from ..tables import NULL, codes
from .facts import HOUR_MS, NAN, WEEK_MS, Facts, Found, over

PROFICIENT = 0.9
"""The share of the speed reached in the end that counts as proficient."""

LEAST_WEEKS = 8
"""Weeks of work without which nothing is said of learning; the last four tell the speed reached in the end."""


def of_people(facts: Facts) -> Found:
    """KPIs of each pool's people."""
    found = {}
    who = people(facts.log)
    comes = set(codes(facts.log.presence["pool"])[of_kind(facts.log, "session")].tolist())
    for code, (pool, time) in enumerate(staff_time(facts.log, who).items()):
        found[f"utilisation.{pool}"] = over(time.busy, time.on_shift)
        for name, spent in (
            ("idle_h", time.idle),
            ("busy_h", time.busy),
            ("training_h", time.training),
            ("absent_h", time.absent),
            ("paid_h", time.paid),
        ):
            found[f"{name}.{pool}"] = spent / HOUR_MS
        found[f"off_h.{pool}"] = NAN if code in comes else time.off / HOUR_MS  # a crowd is nobody's staff
    return found | _crowd(facts, who) | _ramps(facts, who)


def _crowd(facts: Facts, who: People) -> Found:
    """How many people worked, and how unevenly."""
    done = facts.finished & ~facts.came_to(*ATTEMPTS) & (who.of_task >= 0)
    tasks = np.bincount(who.of_task[done], minlength=len(who.pool))
    found = {}
    for code, pool in enumerate(facts.pools):
        mine = np.sort(tasks[(who.pool == code) & (tasks > 0)])[::-1]
        found[f"people_seen.{pool}"] = float(len(mine))
        found[f"top_tenth_share.{pool}"] = over(int(mine[: -(-len(mine) // 10)].sum()), int(mine.sum()))
    return found


def _ramps(facts: Facts, who: People) -> Found:
    """Weeks until the people of a pool are proficient, by the mean active time of their labels in each week of work."""
    started, active = facts.task("started_at"), facts.task("active_ms")
    rows = np.flatnonzero(facts.made & (who.of_task >= 0) & (started != NULL) & (active != NULL))
    worker, at = who.of_task[rows], started[rows]
    first = np.full(len(who.pool), 2**62)
    np.minimum.at(first, worker, at)
    week = (at - first[worker]) // WEEK_MS
    weeks = int(week.max(initial=-1)) + 1
    if weeks < LEAST_WEEKS:
        return {f"ramp_weeks.{pool}": NAN for pool in facts.pools}
    key = who.pool[worker] * weeks + week
    size = len(facts.pools) * weeks
    spent = np.zeros(size, np.int64)
    np.add.at(spent, key, active[rows])
    many = np.bincount(key, minlength=size)
    found = {}
    for code, pool in enumerate(facts.pools):
        here = slice(code * weeks, (code + 1) * weeks)
        found[f"ramp_weeks.{pool}"] = _ramp(spent[here], many[here])
    return found


def _ramp(spent: np.ndarray, many: np.ndarray) -> float:
    """The first week in which the mean time is no longer than that of the last four weeks, by PROFICIENT."""
    worked = np.flatnonzero(many)
    if len(worked) < LEAST_WEEKS:
        return NAN
    last = worked[-4:]
    level = spent[last].sum() / many[last].sum()
    quick = spent[worked] * PROFICIENT <= level * many[worked]
    return float(worked[int(np.argmax(quick))])
