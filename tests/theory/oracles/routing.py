"""One stream of customers, several servers that are not one queue of equals: Markov chains."""

from __future__ import annotations

from collections.abc import Iterator

from .markov import mean_of, stationary


def fastest_first(rate: float, means: tuple[float, float], most: int) -> float:
    """Mean number in a queue with two different servers, the first taking whoever finds both free.
    most: customers at which the chain is cut off.
    Source: Gumbel, Waiting lines with heterogeneous servers, Operations Research 1960."""

    def moves(state: tuple[bool, bool, int]) -> Iterator[tuple[tuple[bool, bool, int], float]]:
        first, second, waiting = state
        if not first:
            yield (True, second, 0), rate
        elif not second:
            yield (True, True, 0), rate
        elif waiting < most:
            yield (True, True, waiting + 1), rate
        if first:
            yield ((True, second, waiting - 1) if waiting else (False, second, 0)), 1.0 / means[0]
        if second:
            yield ((first, True, waiting - 1) if waiting else (first, False, 0)), 1.0 / means[1]

    return mean_of(stationary((False, False, 0), moves), sum)


def shortest_queue(rate: float, mean: float, most: int) -> float:
    """Mean number in two M/M/1 with queues of their own of which an arrival joins the one with fewer customers,
    who is served counted, and the first of equal ones. most: customers at either at which the chain is cut off.
    Source: Haight, Two queues in parallel, Biometrika 1958."""

    def moves(state: tuple[int, int]) -> Iterator[tuple[tuple[int, int], float]]:
        first, second = state
        if first <= second:
            if first < most:
                yield (first + 1, second), rate
        elif second < most:
            yield (first, second + 1), rate
        if first:
            yield (first - 1, second), 1.0 / mean
        if second:
            yield (first, second - 1), 1.0 / mean

    return mean_of(stationary((0, 0), moves), sum)
