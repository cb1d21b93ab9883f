"""The common model as one loop around a heap of tuples, without any library: what plain Python can do. The rival."""

from __future__ import annotations

from collections import deque
from heapq import heappop, heappush, heapreplace

from common import ANNOTATORS, REJECTED, REVIEWERS, ROUNDS, Draws

ARRIVED, ANNOTATED, REVIEWED = range(3)

Item = tuple[float, int]
"""When it arrived, rounds of rework."""


def mean_cycle_time_min(items: int, seed: int) -> float:
    """Runs `items` items from empty to empty; their mean time in the line, in minutes."""
    draws = Draws.of(seed)
    gap, annotate, review, chance = draws.gap, draws.annotate, draws.review, draws.chance
    new: deque[Item] = deque()
    rework: deque[Item] = deque()
    to_review: deque[Item] = deque()
    annotators, reviewers = ANNOTATORS, REVIEWERS
    left, total = items - 1, 0.0
    nobody = (0.0, 0)
    # The times are continuous: two events of one time do not occur, so that kind and item never decide.
    heap: list[tuple[float, int, Item]] = [(gap(), ARRIVED, nobody)]
    while heap:
        now, kind, item = heap[0]
        if kind == ARRIVED:
            if left:
                left -= 1
                heapreplace(heap, (now + gap(), ARRIVED, nobody))
            else:
                heappop(heap)
            if annotators:
                annotators -= 1
                heappush(heap, (now + annotate(), ANNOTATED, (now, 0)))
            else:
                new.append((now, 0))
        elif kind == ANNOTATED:
            if queue := rework or new:
                heapreplace(heap, (now + annotate(), ANNOTATED, queue.popleft()))
            else:
                annotators += 1
                heappop(heap)
            if reviewers:
                reviewers -= 1
                heappush(heap, (now + review(), REVIEWED, item))
            else:
                to_review.append(item)
        else:
            if to_review:
                heapreplace(heap, (now + review(), REVIEWED, to_review.popleft()))
            else:
                reviewers += 1
                heappop(heap)
            arrived, rounds = item
            if rounds < ROUNDS and chance() < REJECTED:
                item = (arrived, rounds + 1)
                if annotators:
                    annotators -= 1
                    heappush(heap, (now + annotate(), ANNOTATED, item))
                else:
                    rework.append(item)
            else:
                total += now - arrived
    return total / items
