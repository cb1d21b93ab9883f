"""Lines of three stages with rework, all over the range of loads and spreads, for which mean cycle times are estimated
and simulated.

annotate -> review -> pack; a review sends back with chance 0.2, to anybody, whose work then goes first. One item comes
a minute. Simulated means are freed of most of their luck by a control: the same line with exponential times and the
same luck (draws are keyed by item), of which Jackson's theorem knows the mean.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from lines import exponential, queue
from scipy import stats

from labelcast.sim.estimates import estimate
from labelcast.sim.estimates.erlang import mmc_wait
from labelcast.sim.estimates.network import Network, single_items
from labelcast.sim.kernel import run
from labelcast.sim.line import DELIVER, Distribution, Line, Pool, Stage
from labelcast.sim.log import Log
from labelcast.sim.plan import Plan

REWORK = 0.2
SEED = 1
PER_WEEK = 7 * 24 * 60.0
VISITS = np.array([1.0 / (1.0 - REWORK), 1.0 / (1.0 - REWORK), 1.0])
WAYS = np.array([[0.0, 1.0, 0.0], [REWORK, 0.0, 1.0 - REWORK], [0.0, 0.0, 0.0]])
NAMES = ("annotators", "reviewers", "packers")


@dataclass(frozen=True)
class Simulated:
    """Mean cycle time in seconds, and the half-width of its 95% interval."""

    mean_s: float
    half_s: float


@dataclass(frozen=True)
class Point:
    """servers, busy: by stage.  cv: coefficient of variation of all service times."""

    servers: tuple[int, int, int]
    busy: tuple[float, float, float]
    cv: float

    @property
    def means(self) -> np.ndarray:
        """Mean service times in seconds."""
        return 60.0 * np.array(self.busy) * self.servers / VISITS

    def line(self, items: int, cv: float | None = None) -> Line:
        """The line, with `items` items to come."""
        time = [service(float(mean), self.cv if cv is None else cv) for mean in self.means]
        stages = (
            Stage(
                "annotate",
                "annotate",
                (("annotators", 1.0),),
                time[0],
                {"labelled": "review", "tied": "review"},
                rework_by="anyone",
            ),
            Stage(
                "review",
                "review",
                (("reviewers", 1.0),),
                time[1],
                {"accepted": "pack", "rejected": "annotate", "exhausted": "pack"},
                rounds=40,
            ),
            Stage("pack", "work", (("packers", 1.0),), time[2], {"done": DELIVER}),
        )
        pools = tuple(
            Pool(name, count, "always", sensitivity=REWORK, false_alarm=REWORK)
            for name, count in zip(NAMES, self.servers, strict=True)
        )
        return queue(1, PER_WEEK, items, time[0], pools=pools, stages=stages)

    def network(self, cv: float | None = None) -> Network:
        """The same in minutes, as the approximations of networks read it."""
        scv = (self.cv if cv is None else cv) ** 2
        return single_items(
            np.array([1.0, 0.0, 0.0]), WAYS, np.array(self.servers, float), self.means / 60.0, np.full(3, scv)
        )

    def cycle_s(self, waits: np.ndarray) -> float:
        """Mean cycle time in seconds from the mean waits in minutes."""
        return float(VISITS @ (60.0 * waits + self.means))

    def jackson_s(self) -> float:
        """Mean cycle time in seconds with exponential times."""
        loads = np.array(self.busy) * self.servers
        each = zip(self.servers, loads, self.means, strict=True)
        return float(sum(v * (mmc_wait(c, a, m) + m) for v, (c, a, m) in zip(VISITS, each, strict=True)))

    def estimated_s(self) -> float:
        """Mean time in the line that `labelcast check` says."""
        return estimate(self.line(1000)).time_in_line_s


def service(mean: float, cv: float) -> Distribution:
    """Service times of this mean in seconds: exponential for cv 1, else lognormal."""
    if cv == 1.0:
        return exponential(mean)
    sigma = math.sqrt(math.log1p(cv * cv))
    return Distribution("lognormal", {"median": mean * math.exp(-(sigma**2) / 2.0), "sigma": sigma})


def points() -> Iterator[Point]:
    """One to several servers; all stages equally busy, or one of them the busiest."""
    teams = ((1, 1, 1), (2, 1, 1), (4, 2, 2), (12, 6, 3))
    level = [(busy,) * 3 for busy in (0.7, 0.85, 0.95)]
    uneven = [(0.95, 0.7, 0.7), (0.7, 0.95, 0.7), (0.6, 0.8, 0.95)]
    for servers, busy, cv in product(teams, level + uneven, (0.5, 1.0, 1.5)):
        yield Point(servers, busy, cv)  # type: ignore[arg-type]


WARM = 0.2
"""Share of the items, the first to come, that is not counted."""


def cycle_s(log: Log) -> float:
    """Mean cycle time in seconds of the items that came after the warm-up."""
    times = (log.items["delivered_at"] - log.items["arrived_at"]).to_numpy(np.float64)
    return float(times[round(WARM * times.size) :].mean()) / 1000.0


def simulated(points: Sequence[Point], items: int, replications: int) -> list[Simulated]:
    """Mean cycle times of points that differ in cv alone, of as many runs each: the exact mean of their control, times
    the ratio of the sums of both. The interval is the jackknife's.
    Source: Law, Simulation Modeling and Analysis, section on control variates; Efron, Tibshirani, chapter 11."""
    assert len({(point.servers, point.busy) for point in points}) == 1, "points with one control"
    runs = range(replications)
    control = np.array([cycle_s(run(Plan.of(points[0].line(items, 1.0)), SEED, r)) for r in runs])
    found = []
    for point in points:
        own = control
        if point.cv != 1.0:
            own = np.array([cycle_s(run(Plan.of(point.line(items)), SEED, r)) for r in runs])
        ratio = float(own.sum() / control.sum())
        without = (own.sum() - own) / (control.sum() - control)
        error = math.sqrt((replications - 1) / replications * float(((without - without.mean()) ** 2).sum()))
        half = float(stats.t.ppf(0.975, replications - 1)) * error
        found.append(Simulated(point.jackson_s() * ratio, point.jackson_s() * half))
    return found
