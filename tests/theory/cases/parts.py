"""Parts of lines that the cases share. One item arrives a minute unless a case says otherwise."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from lines import MINUTE, WEEK, queue

from labelcast.sim.line import Arrivals, Distribution, Line, Pool, Segment, Stage, Target

RATE = 1.0 / MINUTE
PER_WEEK = WEEK * RATE
ITEMS = 20_000


def lognormal(mean_s: float, sigma: float) -> Distribution:
    """A lognormal by its mean; its squared coefficient of variation is exp(sigma^2) - 1."""
    return Distribution("lognormal", {"median": mean_s * math.exp(-(sigma**2) / 2), "sigma": sigma})


def gamma(mean_s: float, shape: float) -> Distribution:
    return Distribution("gamma", {"mean": mean_s, "shape": shape})


def work(name: str, time: Distribution, next_: Target, **more: Any) -> Stage:
    """A stage of kind work whose pool bears its name."""
    return Stage(name, "work", more.pop("pools", ((name, 1.0),)), time, {"done": next_}, **more)


def network(stages: tuple[Stage, ...], servers: Mapping[str, int], items: int = ITEMS, **more: Any) -> Line:
    """Stages with a pool each, always there; Poisson arrivals at the first."""
    pools = tuple(Pool(name, count, "always") for name, count in servers.items())
    return queue(1, PER_WEEK, items, stages[0].time, pools=pools, stages=stages, first=stages[0].name, **more)


def kinds(priorities: Mapping[str, int], share: Mapping[str, float], items: int, **more: Any) -> tuple[Segment, ...]:
    """Segments with Poisson arrivals, each a share of one item a minute, for so long as to bring
    `items` in the mean: by number, one would end before the others and leave them an easier line."""
    return tuple(
        Segment(
            name,
            arrivals=Arrivals(PER_WEEK * share[name], "always", until_s=items / RATE),
            priority=priority,
            **{key: value[name] for key, value in more.items()},
        )
        for name, priority in priorities.items()
    )
