"""How the times of a log stand to those of its scenario, stage by stage."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ...scenarios.forecast import Forecast
from ...sim.known import residual


@dataclass(frozen=True)
class StagePace:
    """factor: times by which the log's tasks take longer than the scenario says, as geometric means.  tasks: timed."""

    stage: str
    factor: float
    tasks: int


def paces(found: Forecast) -> list[StagePace]:
    """Of each stage with timed tasks of people who are there."""
    pools = {pool.name: pool for pool in found.line.pools}
    sums: dict[str, tuple[float, int]] = {}
    for person in found.today.standing.people:
        for one in person.pace:
            beyond, _ = residual(found.line, pools[person.pool], one)
            if math.isfinite(beyond):
                total, tasks = sums.get(one.stage, (0.0, 0))
                sums[one.stage] = total + beyond * one.tasks, tasks + one.tasks
    return [StagePace(stage, math.exp(total / tasks), tasks) for stage, (total, tasks) in sums.items()]
