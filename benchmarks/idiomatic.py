"""The common model as a SimPy user would write it: a process an item, resources, floats, Python's random. The rival."""

from __future__ import annotations

import random
from collections.abc import Generator
from typing import Any

import simpy
from common import ANNOTATORS, MU, RATE, REJECTED, REVIEW_MIN, REVIEWERS, ROUNDS, SHAPE, SIGMA


def mean_cycle_time_min(items: int, seed: int) -> float:
    """Runs `items` items from empty to empty; their mean time in the line, in minutes."""
    env = simpy.Environment()
    annotators = simpy.PriorityResource(env, ANNOTATORS)
    reviewers = simpy.Resource(env, REVIEWERS)
    chance = random.Random(seed)
    times: list[float] = []

    def item() -> Generator[Any, None, None]:
        arrived = env.now
        for round_ in range(ROUNDS + 1):
            with annotators.request(priority=0 if round_ else 1) as request:
                yield request
                yield env.timeout(chance.lognormvariate(MU, SIGMA))
            with reviewers.request() as request:
                yield request
                yield env.timeout(chance.gammavariate(SHAPE, REVIEW_MIN / SHAPE))
            if chance.random() >= REJECTED:
                break
        times.append(env.now - arrived)

    def source() -> Generator[Any, None, None]:
        for _ in range(items):
            yield env.timeout(chance.expovariate(RATE))
            env.process(item())

    env.process(source())
    env.run()
    return sum(times) / len(times)
