"""Customers who wait so long and no longer."""

from __future__ import annotations

import math

from scipy import integrate


def constant_patience(servers: int, rate: float, mean: float, patience: float) -> tuple[float, float]:
    """(share who give up, mean wait of those who are served) in M/M/c whose customers leave the queue after a constant
    time. Below that time the density of the wait that an arrival would meet is that of M/M/c.
    Source: Barrer, Queuing with impatient customers and ordered service, Operations Research 1957."""
    load, drain = rate * mean, servers / mean
    few = [load**n / math.factorial(n) for n in range(servers)]  # probabilities up to a constant
    start = rate * few[-1]

    def density(wait: float) -> float:
        return start * math.exp(-(drain - rate) * wait)

    below = float(integrate.quad(density, 0.0, patience)[0])
    above = density(patience) / drain
    whole = sum(few) + below + above
    waited = float(integrate.quad(lambda wait: wait * density(wait), 0.0, patience)[0])
    return above / whole, waited / (whole - above)
