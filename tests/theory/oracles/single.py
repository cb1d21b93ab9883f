"""One station: M/M/c, M/G/1, GI/M/c exactly, G/G/c by published approximations and bounds.

Times are in one unit, rates in its inverse.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from scipy import optimize

from .markov import mean_of, stationary

Transform = Callable[[float], float]
"""The Laplace-Stieltjes transform of a distribution: E[exp(-s X)]."""


def erlang_c(servers: int, load: float) -> float:
    """Probability of waiting in M/M/c. load: arrival rate x mean service time, below servers.
    Source: Gross et al., Fundamentals of Queueing Theory, section on M/M/c."""
    assert load < servers, "no steady state"
    terms = [load**n / math.factorial(n) for n in range(servers)]
    last = load**servers / math.factorial(servers) * servers / (servers - load)
    return last / (sum(terms) + last)


def mmc_wait(servers: int, rate: float, mean: float) -> float:
    """Mean wait in M/M/c. mean: of the service time."""
    return erlang_c(servers, rate * mean) * mean / (servers - rate * mean)


def mmc_number(servers: int, rate: float, mean: float) -> float:
    """Mean number in M/M/c, waiting or in service."""
    return rate * (mmc_wait(servers, rate, mean) + mean)


def mmc_waits_longer(servers: int, rate: float, mean: float, than: float) -> float:
    """Probability of a wait longer than `than` in M/M/c, first come first served: an exponential tail."""
    load = rate * mean
    return erlang_c(servers, load) * math.exp(-(servers - load) / mean * than)


def first_waits(servers: int, rate: float, mean: float, customers: int) -> float:
    """Mean wait over the first so many customers of M/M/c that begins empty: exact, with no steady state.

    By the number that each arrival meets: until the next arrival, whoever is done first goes, or the next one comes.
    Source: Kelton and Law, The transient behavior of the M/M/s queue, Operations Research 1985.
    """
    met = [1.0] + [0.0] * customers  # chances of the number that the next arrival meets
    total = 0.0
    for _ in range(customers):
        total += sum(chance * max(0, n - servers + 1) * mean / servers for n, chance in enumerate(met))
        left = [0.0, *met[:-1]]  # with the new one; the last place stays free in time
        met = [0.0] * (customers + 1)
        for n in range(customers, -1, -1):
            comes = rate / (rate + min(n, servers) / mean)
            met[n] += left[n] * comes
            if n:
                left[n - 1] += left[n] * (1.0 - comes)
    return total / customers


def mg1_wait(rate: float, mean: float, square: float) -> float:
    """Mean wait in M/G/1. square: second moment of the service time. Source: Pollaczek-Khinchine."""
    return rate * square / (2.0 * (1.0 - rate * mean))


def mm1_wait_square(rate: float, mean: float, last_first: bool = False) -> float:
    """Second moment of the wait in M/M/1, first come or last come first served, without interruption.

    That of the last come is 1 / (1 - load) times that of the first come.
    Source: Gross et al., section on other queue disciplines; Takagi, Queueing Analysis 1, on LCFS.
    """
    load = rate * mean
    first = 2.0 * load * (mean / (1.0 - load)) ** 2
    return first / (1.0 - load) if last_first else first


def erlang_transform(stages: int, mean: float) -> Transform:
    """Transform of the Erlang distribution."""
    return lambda s: (1.0 + s * mean / stages) ** -stages


def constant_transform(value: float) -> Transform:
    """Transform of a constant."""
    return lambda s: math.exp(-s * value)


def gimc_root(servers: int, transform: Transform, mean: float) -> float:
    """The root below one of r = A*(c mu (1 - r)): of GI/M/c the ratio of its geometric part."""
    return float(optimize.brentq(lambda r: r - transform(servers / mean * (1.0 - r)), 1e-12, 1.0 - 1e-9))


def gimc_wait(servers: int, transform: Transform, mean: float) -> float:
    """Mean wait in GI/M/c. transform: of the time between arrivals.  mean: of the service time.
    Source: Takacs, Introduction to the Theory of Queues; Kleinrock, Queueing Systems 1, section on G/M/m."""
    r = gimc_root(servers, transform, mean)
    total, product = 1.0 / (1.0 - r), 1.0
    for k in range(1, servers + 1):
        phi = transform(k / mean)
        product *= phi / (1.0 - phi)
        share = (servers * (1.0 - phi) - k) / (servers * (1.0 - r) - k)
        total += math.comb(servers, k) / (product * (1.0 - phi)) * share
    return mean / (total * servers * (1.0 - r) ** 2)


def allen_cunneen(servers: int, rate: float, mean: float, arrivals: float, services: float) -> float:
    """Approximate mean wait in G/G/c; exact for M/M/c and M/G/1.

    arrivals, services: squared coefficients of variation of the times between arrivals and of service.
    Accuracy: test_oracles.py holds it within 5% of M/E2/c and 25% of E2/E2/c, at loads from 0.7.
    Source: Allen, Probability, Statistics, and Queueing Theory, section on GI/G/c.
    """
    return mmc_wait(servers, rate, mean) * (arrivals + services) / 2.0


def kraemer_langenbach_belz(servers: int, rate: float, mean: float, arrivals: float, services: float) -> float:
    """Approximate mean wait in G/G/c: Allen and Cunneen's, corrected for arrivals that are not Poisson.
    Accuracy: test_oracles.py holds it within 5% of E2/E2/1 and 15% of E2/E2/c, at loads from 0.7.
    Source: Kraemer, Langenbach-Belz, Approximate formulae for the delay in the queueing system GI/G/1, ITC 8, 1976."""
    load = rate * mean / servers
    if arrivals <= 1.0:
        exponent = -2.0 * (1.0 - load) * (1.0 - arrivals) ** 2 / (3.0 * load * (arrivals + services))
    else:
        exponent = -(1.0 - load) * (arrivals - 1.0) / (arrivals + 4.0 * services)
    return allen_cunneen(servers, rate, mean, arrivals, services) * math.exp(exponent)


def erlang_erlang_number(servers: int, rate: float, mean: float, arrivals: int, services: int, most: int) -> float:
    """Mean number in E_j/E_k/c: a Markov chain of the phase of the next arrival and the phases of those in service.
    arrivals, services: numbers of phases j and k.  most: customers at which the chain is cut off.
    Source: the method of phases, Gross et al., Fundamentals of Queueing Theory, section on Erlangian models."""
    State = tuple[int, int, tuple[int, ...]]  # phase of the arrival, waiting, servers in each phase

    def with_one(busy: tuple[int, ...], phase: int, more: int) -> tuple[int, ...]:
        return (*busy[:phase], busy[phase] + more, *busy[phase + 1 :])

    def moves(state: State) -> Iterator[tuple[State, float]]:
        phase, waiting, busy = state
        if phase + 1 < arrivals:
            yield (phase + 1, waiting, busy), arrivals * rate
        elif sum(busy) < servers:
            yield (0, 0, with_one(busy, 0, 1)), arrivals * rate
        else:
            yield (0, min(waiting + 1, most), busy), arrivals * rate
        for at, count in enumerate(busy):
            if not count:
                continue
            after = with_one(busy, at, -1)
            if at + 1 < services:
                target = (phase, waiting, with_one(after, at + 1, 1))
            else:
                target = (phase, waiting - 1, with_one(after, 0, 1)) if waiting else (phase, 0, after)
            yield target, count * services / mean

    chances = stationary((0, 0, (0,) * services), moves)
    return mean_of(chances, lambda state: state[1] + sum(state[2]))


def kingman(rate: float, mean: float, arrivals: float, services: float) -> float:
    """An upper bound of the mean wait in GI/G/1.
    Source: Kingman, Some inequalities for the queue GI/G/1, Biometrika 1962."""
    variances = arrivals / rate**2 + services * mean**2
    return rate * variances / (2.0 * (1.0 - rate * mean))
