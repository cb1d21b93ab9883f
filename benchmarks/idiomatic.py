"""The common model as a SimPy user would write it: a process an item, resources, floats, Python's random. The rival."""

from __future__ import annotations

import math
import random
from collections.abc import Generator
from typing import Any

import simpy

VISITS = 1 + 0.2 + 0.2**2 + 0.2**3
ANNOTATE_MIN = 0.85 * 12 / VISITS
REVIEW_MIN = 0.85 * 6 / VISITS


def mean_cycle_time_min(items: int, seed: int) -> float:
    """Runs `items` items from empty to empty; their mean time in the line, in minutes."""
    env = simpy.Environment()
    annotators = simpy.PriorityResource(env, 12)
    reviewers = simpy.Resource(env, 6)
    chance = random.Random(seed)
    mu = math.log(ANNOTATE_MIN) - 0.125
    times: list[float] = []

    def item() -> Generator[Any, None, None]:
        arrived = env.now
        for round_ in range(4):
            with annotators.request(priority=0 if round_ else 1) as request:
                yield request
                yield env.timeout(chance.lognormvariate(mu, 0.5))
            with reviewers.request() as request:
                yield request
                yield env.timeout(chance.gammavariate(2.0, REVIEW_MIN / 2))
            if chance.random() >= 0.2:
                break
        times.append(env.now - arrived)

    def source() -> Generator[Any, None, None]:
        for _ in range(items):
            yield env.timeout(chance.expovariate(1.0))
            env.process(item())

    env.process(source())
    env.run()
    return sum(times) / len(times)
