"""Stations where nobody waits for a server: sessions of a crowd."""

from __future__ import annotations


def in_progress(rate: float, mean: float) -> float:
    """Mean number in M/G/infinity, whatever the distribution; the number is Poisson, so this is its variance too.
    Source: Gross et al., Fundamentals of Queueing Theory, section on unlimited service."""
    return rate * mean


def people(sessions: int, returning: float) -> float:
    """Mean number of different people in so many sessions, each but the first being by someone new with chance
    1 - returning. Source: Simon, On a class of skew distribution functions, Biometrika 1955."""
    return 1.0 + (sessions - 1) * (1.0 - returning)


def once(returning: float) -> float:
    """Share of the people who have come once, in the long run: 1 / (2 - a) with a = 1 - returning.
    Source: Simon, as above, equation 2.16 with i = 1."""
    return 1.0 / (1.0 + returning)
