"""Do 95% intervals of the mean hold the truth in 95% of the cases? Many experiments, each with replications of its own.

The quantities are of a terminating run and their means are known exactly, so that no bias is mistaken for a narrow
interval: the first ITEMS customers of M/M/2 from empty, and labels that are right with a known chance. The t interval
also asks that the mean over replications be nearly normal (decision 026).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from lines import exponential, queue

from labelcast.sim import kernel
from labelcast.sim.line import Line, Pool
from labelcast.sim.plan import Plan
from labelcast.sim.processes import in_order
from labelcast.sim.statistics import Summary, coverage, summarise

from .cases.labels import accuracy
from .cases.parts import PER_WEEK, RATE
from .measures import time_in_line
from .oracles.single import first_waits

ITEMS, SERVERS, MEAN_S, RIGHT = 300, 2, 48.0, 0.8
REPLICATIONS = 30
"""Of one experiment."""

TARGET, LEVEL = 0.95, 0.95
LOW, HIGH = 0.93, 0.97
"""Between which the coverage must lie."""

QUANTITIES = (
    (
        "mean time in line of M/M/2 at load 0.4, seconds",
        first_waits(SERVERS, RATE, MEAN_S, ITEMS) + MEAN_S,
        time_in_line(),
    ),
    ("accuracy of labels that are right with chance 0.8", RIGHT, accuracy),
)


@dataclass(frozen=True)
class Covered:
    """share: of the intervals that hold the truth, with the exact 99% interval of that chance.  halved: the same of
    intervals half as wide, which must be seen to fail."""

    name: str
    truth: float
    share: Summary
    halved: Summary


def holds(found: Summary) -> bool:
    """Whether the coverage is what was promised."""
    return LOW <= found.mean <= HIGH and found.low <= TARGET <= found.high


def line() -> Line:
    pools = (Pool("annotators", SERVERS, "always", skill_mean=math.log(RIGHT / (1 - RIGHT))),)
    return queue(SERVERS, PER_WEEK, ITEMS, exponential(MEAN_S), pools=pools)


def experiment(plan: Plan, number: int) -> list[tuple[float, float]]:
    """(middle, half-width) of the interval of each quantity; every experiment has a seed of its own."""
    logs = [kernel.run(plan, 1000 + number, replication) for replication in range(REPLICATIONS)]
    found = [summarise(np.array([measure(log) for log in logs]), LEVEL) for _, _, measure in QUANTITIES]
    return [(one.mean, one.high - one.mean) for one in found]


def covered(experiments: int, processes: int) -> list[Covered]:
    """The coverage of each quantity."""
    intervals = np.array(list(in_order(experiment, Plan.of(line()), experiments, processes)))
    result = []
    for place, (name, truth, _) in enumerate(QUANTITIES):
        off, half = np.abs(intervals[:, place, 0] - truth), intervals[:, place, 1]
        shares = [coverage(int((off <= half * width).sum()), experiments) for width in (1.0, 0.5)]
        result.append(Covered(name, truth, *shares))
    return result
