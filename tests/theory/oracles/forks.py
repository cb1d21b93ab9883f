"""Fork and join: a customer splits into k parts, and goes on when the last is done."""

from __future__ import annotations

from .single import constant_transform, gimc_root


def harmonic(k: int) -> float:
    """1 + 1/2 + .. + 1/k: the mean of the greatest of k exponentials of mean one."""
    return sum(1.0 / i for i in range(1, k + 1))


def greatest_of_exponentials(k: int, mean: float) -> float:
    """Mean of the greatest of k independent exponentials."""
    return harmonic(k) * mean


def spread_of_exponentials(k: int, mean: float) -> float:
    """Mean of the greatest less the least of k independent exponentials: what the first label waits for the last."""
    return (harmonic(k) - 1.0 / k) * mean


def two(rate: float, mean: float) -> float:
    """Mean time in the system for k = 2, each part at an M/M/1 of its own: exact.
    Source: Flatto and Hahn, Two parallel queues created by arrivals with two demands I, SIAM J. Appl. Math. 1984;
    Nelson and Tantawi, Approximate analysis of fork/join synchronization in parallel queues, IEEE Trans. Comp. 1988."""
    load = rate * mean
    return (12.0 - load) / 8.0 * mean / (1.0 - load)


def nelson_tantawi(k: int, rate: float, mean: float) -> float:
    """Approximate mean time in the system for k parts, each at an M/M/1 of its own; within 5% for k up to 32.
    Source: Nelson and Tantawi, as above, equation 5."""
    share = harmonic(k) / harmonic(2)
    return (share + 4.0 / 11.0 * (1.0 - share) * rate * mean) * two(rate, mean)


def bounds(k: int, rate: float, mean: float) -> tuple[float, float]:
    """Bounds of the mean time in the system for k parts, each at an M/M/1 of its own.

    Above: the k times are associated, so their greatest is at most that of independent M/M/1. Below: with constant
    times between arrivals the k queues are independent and the whole is never slower in the mean.
    Source: Baccelli, Makowski, Shwartz, The fork-join queue and related systems, Adv. Appl. Prob. 1989.
    """
    low = mean / (1.0 - gimc_root(1, constant_transform(1.0 / rate), mean))
    return harmonic(k) * low, harmonic(k) * mean / (1.0 - rate * mean)
