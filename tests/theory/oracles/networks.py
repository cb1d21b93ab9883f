"""Several stations: open and closed networks of Jackson's kind, and tandems with limits, solved as Markov chains."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from .markov import mean_of, stationary
from .single import mmc_number


def traffic(entering: Sequence[float], ways: Sequence[Sequence[float]]) -> list[float]:
    """Rate at which each station is visited. entering: rates from outside.  ways: [from][to] chances.
    Source: Jackson, Networks of waiting lines, Operations Research 1957."""
    routing = np.array(ways)
    return np.linalg.solve(np.eye(len(routing)) - routing.T, np.array(entering)).tolist()  # type: ignore[no-any-return]


def jackson(
    entering: Sequence[float], ways: Sequence[Sequence[float]], servers: Sequence[int], means: Sequence[float]
) -> list[float]:
    """Mean number at each station of an open network: each is M/M/c with the rate of its visits. Source: as above."""
    visits = traffic(entering, ways)
    return [mmc_number(c, rate, mean) for c, rate, mean in zip(servers, visits, means, strict=True)]


def closed(customers: int, means: Sequence[float], servers: Sequence[int]) -> tuple[float, list[float]]:
    """(throughput, mean number at each station) of stations in a circle with so many customers, by convolution.

    For one with servers for all (thinking) and one with c (repair) this is machine repair, M/M/c//N.
    Source: Gordon and Newell, Closed queuing systems with exponential servers, Operations Research 1967; Buzen 1973.
    """

    def weights(mean: float, c: int) -> np.ndarray:
        found = [1.0]
        for n in range(1, customers + 1):
            found.append(found[-1] * mean / min(n, c))
        return np.array(found)

    each = [weights(mean, c) for mean, c in zip(means, servers, strict=True)]

    def together(parts: Sequence[np.ndarray]) -> np.ndarray:
        total = np.eye(1, customers + 1).ravel()
        for part in parts:
            total = np.convolve(total, part)[: customers + 1]
        return total

    constant = together(each)
    numbers = []
    for place, own in enumerate(each):
        others = together([one for other, one in enumerate(each) if other != place])
        chances = own * others[::-1] / constant[customers]
        numbers.append(float(chances @ np.arange(customers + 1)))
    return float(constant[customers - 1] / constant[customers]), numbers


def blocking_tandem(rate: float, means: tuple[float, float], limit: int, most: int) -> tuple[float, float]:
    """Mean numbers at two single stations in a row of which the first starts only while fewer than `limit` are at the
    second or on the way to it. most: customers at the first at which the chain is cut off."""

    def moves(state: tuple[int, bool, int]) -> Iterator[tuple[tuple[int, bool, int], float]]:
        waiting, busy, second = state
        if waiting < most:
            yield started(waiting + 1, busy, second), rate
        if busy:
            yield started(waiting, False, second + 1), 1.0 / means[0]
        if second:
            yield started(waiting, busy, second - 1), 1.0 / means[1]

    def started(waiting: int, busy: bool, second: int) -> tuple[int, bool, int]:
        if waiting and not busy and second < limit:
            return waiting - 1, True, second
        return waiting, busy, second

    chances = stationary((0, False, 0), moves)
    return mean_of(chances, lambda s: s[0] + s[1]), mean_of(chances, lambda s: s[2])


def limited_tandem(rate: float, means: tuple[float, float], limit: int, most: int) -> tuple[float, float]:
    """Mean numbers (before the line, in it) of two single stations in a row that hold `limit` customers at most; the
    others wait before them. most: customers at which the chain is cut off."""

    def moves(state: tuple[int, int]) -> Iterator[tuple[tuple[int, int], float]]:
        total, second = state
        first = min(total, limit) - second
        if total < most:
            yield (total + 1, second), rate
        if first:
            yield (total, second + 1), 1.0 / means[0]
        if second:
            yield (total - 1, second - 1), 1.0 / means[1]

    chances = stationary((0, 0), moves)
    return mean_of(chances, lambda s: max(0, s[0] - limit)), mean_of(chances, lambda s: min(s[0], limit))
