"""The common model in SimPy without processes: its event calendar, callbacks, and queues of one's own. The rival."""

from __future__ import annotations

from collections import deque
from typing import Any

from common import ANNOTATORS, REJECTED, REVIEWERS, ROUNDS, Draws
from simpy import Environment
from simpy.events import Timeout


def mean_cycle_time_min(items: int, seed: int) -> float:
    """Runs `items` items from empty to empty; their mean time in the line, in minutes."""
    env = Environment()
    draws = Draws.of(seed)
    gap, annotation, review, chance = draws.gap, draws.annotate, draws.review, draws.chance
    new: deque[list[Any]] = deque()
    rework: deque[list[Any]] = deque()
    to_review: deque[list[Any]] = deque()
    annotators, reviewers = ANNOTATORS, REVIEWERS
    arrived, total = 0, 0.0

    def arrive(_: Any) -> None:
        nonlocal annotators, arrived
        item = [env._now, 0]  # when it arrived, rounds of rework
        if annotators:
            annotators -= 1
            Timeout(env, annotation(), item).callbacks.append(annotated)
        else:
            new.append(item)
        arrived += 1
        if arrived < items:
            Timeout(env, gap()).callbacks.append(arrive)

    def annotated(event: Any) -> None:
        nonlocal annotators, reviewers
        if queue := rework or new:
            Timeout(env, annotation(), queue.popleft()).callbacks.append(annotated)
        else:
            annotators += 1
        if reviewers:
            reviewers -= 1
            Timeout(env, review(), event._value).callbacks.append(reviewed)
        else:
            to_review.append(event._value)

    def reviewed(event: Any) -> None:
        nonlocal annotators, reviewers, total
        if to_review:
            Timeout(env, review(), to_review.popleft()).callbacks.append(reviewed)
        else:
            reviewers += 1
        item = event._value
        if item[1] < ROUNDS and chance() < REJECTED:
            item[1] += 1
            if annotators:
                annotators -= 1
                Timeout(env, annotation(), item).callbacks.append(annotated)
            else:
                rework.append(item)
        else:
            total += env._now - item[0]

    Timeout(env, gap()).callbacks.append(arrive)
    env.run()
    return total / items
