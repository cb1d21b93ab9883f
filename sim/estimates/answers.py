"""What an estimate says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PoolEstimate:
    """A pool in a regular week. NaN: cannot be said.

    people: on shift on average while the pool is open, open_h hours a week.  offered_load: people who would be busy all
    of that time with what keeps coming.  utilisation: its share of the people, or of what a crowd's sessions are good
    for; at 1 or above the queue grows.  wait_s: mean wait of a task, on shift.  people_wanted: headcount with which one
    task in five waits, by square-root staffing.  work_h: person-hours in backlog, work under way and releases.
    """

    name: str
    people: float
    open_h: float
    tasks_per_week: float
    offered_load: float
    utilisation: float
    wait_s: float
    people_wanted: float
    work_h: float


@dataclass(frozen=True)
class StageEstimate:
    """A stage. visits: of an item, on average.  tasks: of a visit.  rejected: share of the visits that ends in a
    rejection.  time_s: mean elapsed time of a task, on shift.  wait_s: its mean wait, on shift, NaN if unknown."""

    name: str
    visits: float
    tasks: float
    rejected: float
    time_s: float
    wait_s: float


@dataclass(frozen=True)
class Estimate:
    """Answers without simulation. items_per_week: that keep coming and are labelled.  time_in_line_s: mean time on
    shift from an item's coming to its delivery, NaN without a steady state.  drained_s: seconds from the start until
    the backlog is worked off, NaN without one, infinity when not by the horizon.
    warnings, left_out, assumed: sentences for the planner."""

    items_per_week: float
    pools: tuple[PoolEstimate, ...]
    stages: tuple[StageEstimate, ...]
    time_in_line_s: float
    drained_s: float
    warnings: tuple[str, ...]
    left_out: tuple[str, ...]
    assumed: tuple[str, ...]
