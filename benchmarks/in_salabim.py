"""The common model as a salabim user would write it: a component an item, and resources. The rival; salabim is not
among our dependencies, so this one runs only where it is installed."""

from __future__ import annotations

import importlib
import random
from collections.abc import Generator
from typing import Any

from common import ANNOTATORS, MU, RATE, REJECTED, REVIEW_MIN, REVIEWERS, ROUNDS, SHAPE, SIGMA


def mean_cycle_time_min(items: int, seed: int) -> float:
    """Runs `items` items from empty to empty; their mean time in the line, in minutes."""
    salabim: Any = importlib.import_module("salabim")
    env = salabim.Environment(trace=False, yieldless=False)
    annotators = salabim.Resource("annotators", capacity=ANNOTATORS, monitor=False)
    reviewers = salabim.Resource("reviewers", capacity=REVIEWERS, monitor=False)
    chance = random.Random(seed)
    times: list[float] = []

    class Item(salabim.Component):  # type: ignore[misc]
        def process(self) -> Generator[Any, None, None]:
            arrived = env.now()
            for round_ in range(ROUNDS + 1):
                yield self.request((annotators, 1, 0 if round_ else 1))
                yield self.hold(chance.lognormvariate(MU, SIGMA))
                self.release(annotators)
                yield self.request(reviewers)
                yield self.hold(chance.gammavariate(SHAPE, REVIEW_MIN / SHAPE))
                self.release(reviewers)
                if chance.random() >= REJECTED:
                    break
            times.append(env.now() - arrived)

    class Source(salabim.Component):  # type: ignore[misc]
        def process(self) -> Generator[Any, None, None]:
            for _ in range(items):
                yield self.hold(chance.expovariate(RATE))
                Item()

    Source()
    env.run()
    return sum(times) / len(times)
