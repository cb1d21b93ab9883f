"""The estimates of a line: what a planner wants to know before any simulation."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from ..line import MACHINE, Line, Stage
from . import dispersion, times
from .answers import Estimate, PoolEstimate, StageEstimate
from .drain import drain
from .erlang import square_root_staffing
from .left_out import APPROXIMATE, WAITS, left_out
from .load import Load, Part, load
from .network import Floats
from .people import Staff, pace
from .streams import network
from .times import count_moments, longest

WAITING = 0.2
"""The share of tasks that waits, for which people are asked."""


def estimate(line: Line) -> Estimate:
    """The estimates of a line as it is at its start."""
    found = load(line)
    waits = _waits(line, found)
    pools = tuple(_pool(line, found, place, waits[place]) for place in range(len(line.pools)))
    return Estimate(
        items_per_week=found.per_week,
        pools=pools,
        stages=tuple(_stage(line, found, place, waits) for place in range(len(line.stages))),
        time_in_line_s=_time_in_line(line, found, waits),
        drained_s=drain(line, found),
        warnings=tuple(_warnings(line, found, pools)),
        left_out=left_out(line),
        assumed=(WAITS, APPROXIMATE) if found.per_week > 0.0 else (APPROXIMATE,),
    )


def _waits(line: Line, found: Load) -> Floats:
    """float64[pools]: mean waits in seconds on shift; NaN for crowds, and for all where nothing keeps coming or some
    pool cannot keep up."""
    tasks = found.tasks.sum(axis=0)
    staffed = np.array([pool.sessions is None for pool in line.pools])
    if found.per_week <= 0.0 or ((tasks >= found.capacity) & staffed & (tasks > 0.0)).any():
        return np.full(len(line.pools), math.nan)
    waits = dispersion.waits(network(line, found))[: len(line.pools)]
    return np.where(staffed & (tasks > 0.0), waits * [one.open_s for one in found.staff], math.nan)


def _pool(line: Line, found: Load, place: int, wait_s: float) -> PoolEstimate:
    pool, there = line.pools[place], found.staff[place]
    tasks = float(found.tasks[:, place].sum())
    if pool.sessions is not None:
        good_for = pool.sessions.per_week * count_moments(pool.sessions.tasks)[0]
        people, offered, busy = math.nan, math.nan, tasks / good_for
    else:
        people, offered = there.people, tasks * float(found.mean[place]) / max(there.open_s, 1.0)
        busy = offered / people if people > 0.0 else math.nan
    wanted = math.nan
    if offered > 0.0 and people > 0.0:
        wanted = float(math.ceil(square_root_staffing(offered, WAITING) * pool.headcount / people - 1e-9))
    return PoolEstimate(
        name=pool.name,
        people=people,
        open_h=there.open_s / 3600.0,
        tasks_per_week=tasks,
        offered_load=offered,
        utilisation=busy,
        wait_s=float(wait_s),
        people_wanted=wanted,
        work_h=work_h(line, found, place),
    )


def work_h(line: Line, found: Load, place: int) -> float:
    """Hours of work that a pool has in what is there and what is released."""
    return sum(_work_s(line, part, place) for part in found.parts) * _saturated(found.staff[place]) / 3600.0


def _work_s(line: Line, part: Part, place: int) -> float:
    """Seconds of it, of a median person."""
    segment = part.segment
    count = part.sampled * (segment.backlog + sum(release.items for release in segment.releases))
    count += sum(task.segment == segment.name for task in line.initial)
    return count * float((part.tasks(line)[:, place] * np.repeat(part.mean[:, place], 2)).sum())


def _saturated(there: Staff) -> float:
    """Mean time of a task by that of a median person, while nobody is ever idle."""
    return pace(1.0, there.spread, math.inf, 1.0, 0.0).mean


def _stage(line: Line, found: Load, place: int, waits: Floats) -> StageEstimate:
    stage, steps = line.stages[place], slice(2 * place, 2 * place + 2)
    visits = labels = rejected = 0.0
    for weight, part in zip(found.weights, found.parts, strict=True):
        visits += weight * part.way.visits[steps].sum()
        labels += weight * (part.way.visits * part.way.labels)[steps].sum()
        rejected += weight * part.way.rejected[place] * part.way.visits[steps].sum()
    some = max(visits, 1e-300)
    time_s, wait_s = _task(line, found, place, waits)
    return StageEstimate(stage.name, float(visits), float(labels / some), float(rejected / some), time_s, wait_s)


def _task(line: Line, found: Load, place: int, waits: Floats) -> tuple[float, float]:
    """(mean time, mean wait) of a task of a stage, in seconds on shift."""
    if line.stages[place].kind in MACHINE:
        return times.mean(line.stages[place].time), 0.0
    time = wait = tasks = 0.0
    for weight, part in zip(found.weights, found.parts, strict=True):
        made = weight * part.tasks(line)[2 * place : 2 * place + 2].sum(axis=0)
        tasks += float(made.sum())
        time += float((made * part.mean[place] * found.slowness).sum())
        wait += float((made * np.where(made > 0.0, waits, 0.0)).sum())
    return (time / tasks, wait / tasks) if tasks > 0.0 else (math.nan, math.nan)


def _time_in_line(line: Line, found: Load, waits: Floats) -> float:
    """Mean seconds on shift from an item's coming to its delivery. The item's labels at a stage begin together, one
    after another where all are busy, and the longest of them counts."""
    total = 0.0
    for place, stage in enumerate(line.stages):
        time_s, wait_s = _task(line, found, place, waits)
        for late in (0, 1):
            visits = labels = 0.0
            for weight, part in zip(found.weights, found.parts, strict=True):
                visits += weight * float(part.way.visits[2 * place + late])
                labels += weight * float((part.way.visits * part.way.labels)[2 * place + late])
            if labels > 0.0:
                total += visits * (wait_s + time_s * _longest(stage, labels / visits) + _handoff_s(stage))
    return total


def _longest(stage: Stage, labels: float) -> float:
    """Mean of the longest time of an item's labels, by the mean time; for a mean number of labels, between those of the
    whole numbers beside it."""
    few = math.floor(labels)
    more = labels - few
    return (1.0 - more) * longest(stage.time, few) + more * longest(stage.time, few + 1)


def _handoff_s(stage: Stage) -> float:
    return 0.0 if stage.handoff is None else times.mean(stage.handoff)


def _warnings(line: Line, found: Load, pools: tuple[PoolEstimate, ...]) -> Iterator[str]:
    for place, pool in enumerate(pools):
        tasks, capacity = pool.tasks_per_week, float(found.capacity[place])
        if line.pools[place].sessions is not None:
            if pool.utilisation >= 1.0:
                yield f"overloaded: {pool.name} gets more tasks than its sessions are good for."
        elif tasks > 0.0 and tasks >= capacity:
            grows = found.per_week * (1.0 - capacity / tasks)
            yield f"overloaded: {pool.name} cannot keep up; its queue grows by {grows:,.0f} items a week."
        elif tasks > 0.0 and pool.utilisation > 0.95:
            yield f"nearly overloaded: {pool.name} is {pool.utilisation:.1%} busy, so its waits are very uncertain."
