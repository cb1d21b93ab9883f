"""Customers served several at a time, or taken several at a time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import stats

from .markov import mean_of, stationary
from .single import erlang_transform, gimc_wait


def full_batches(servers: int, rate: float, mean: float, size: int) -> float:
    """Mean wait of a customer where every `size` arrivals make a batch, and batches are served one at a server: the
    time until the batch is full, and the batch's wait in E_k/M/c.
    Source: Gross et al., Fundamentals of Queueing Theory, sections on bulk service and on G/M/c."""
    return (size - 1) / (2.0 * rate) + gimc_wait(servers, erlang_transform(size, size / rate), mean)


def up_to(rate: float, mean: float, size: int, most: int) -> float:
    """Mean number waiting in M/M[1,b]/1: whoever is there when the server is free goes together, at most `size`; who
    comes later waits. most: customers at which the chain is cut off.
    Source: Neuts, A general class of bulk queues with Poisson input, Ann. Math. Stat. 1967."""

    def moves(state: tuple[bool, int]) -> Iterator[tuple[tuple[bool, int], float]]:
        busy, waiting = state
        if not busy:
            yield (True, 0), rate
            return
        if waiting < most:
            yield (True, waiting + 1), rate
        yield ((True, waiting - min(waiting, size)) if waiting else (False, 0)), 1.0 / mean

    return mean_of(stationary((False, 0), moves), lambda state: state[1])


def one_by_one(rate: float, mean: float, setup: float, size: int, most: int) -> float:
    """Mean time from arrival to the start of the own task where a worker takes up to `size` waiting tasks, spends
    `setup` once, counted to the first task, and does them in order; tasks are exponential.

    An embedded chain: the number waiting just after a worker has taken a batch, and the batch's size. most: tasks at
    which it is cut off.  By renewal-reward: tasks not yet taken, integrated over the time of a batch, and what the
    tasks of a batch wait for those before them.
    Source: the method is Bailey's, On queueing processes with bulk service, J. R. Stat. Soc. B 1954.
    """
    arrivals = {taken: _arrivals(rate, mean, setup, taken, most) for taken in range(1, size + 1)}
    left = np.arange(most + 1)
    start = {taken: np.zeros(most + 1) for taken in arrivals}  # by batch size: what is left waiting after taking it
    start[1][0] = 1.0
    for _ in range(10_000):
        after = sum(np.convolve(start[taken], arrivals[taken])[: most + 1] for taken in arrivals)
        new = {taken: np.zeros(most + 1) for taken in arrivals}
        new[1][0] += after[0]  # nobody waits: the next arrival is taken at once, alone
        for n in range(1, most + 1):
            taken = min(n, size)
            new[taken][n - taken] += after[n]
        change = max(float(np.abs(new[taken] - start[taken]).max()) for taken in arrivals)
        start, empty = new, float(after[0])
        if change < 1e-13:
            break
    untaken, taken_waits, customers, length = 0.0, 0.0, 0.0, empty / rate
    for taken, chances in start.items():
        chance, busy = float(chances.sum()), setup + taken * mean
        square = taken * mean**2 + busy**2
        untaken += float(chances @ left) * busy + chance * rate * square / 2.0
        taken_waits += chance * ((taken - 1) * setup + mean * taken * (taken - 1) / 2.0)
        customers += chance * taken
        length += chance * busy
    assert abs(customers / length - rate) < 1e-6 * rate, "what is served must be what arrives"
    return untaken / length / rate + taken_waits / customers


def _arrivals(rate: float, mean: float, setup: float, taken: int, most: int) -> np.ndarray:
    """Distribution of the arrivals during a batch: Poisson in the set-up, negative binomial in the tasks."""
    number = np.arange(most + 1)
    in_setup = stats.poisson.pmf(number, rate * setup)
    in_tasks = stats.nbinom.pmf(number, taken, 1.0 / (1.0 + rate * mean))
    return np.convolve(in_setup, in_tasks)[: most + 1]
