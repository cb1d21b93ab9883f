"""The KN procedure as its paper writes it, with means and distances, slowly; and numbers to choose from."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def kn(x: Floats, delta: float, alpha: float, n0: int) -> tuple[int, int, list[tuple[int, int]]]:
    """The system selected, at how many observations, and who was eliminated when.

    x: float[k, R], the larger the better.
    Source: Kim and Nelson 2001, procedure KN with c = 1: set-up, initialisation, screening, stopping rule.
    """
    k = len(x)
    eta = 0.5 * ((2 * alpha / (k - 1)) ** (-2 / (n0 - 1)) - 1)
    h2 = 2 * eta * (n0 - 1)
    s2 = np.array([[np.var(x[i, :n0] - x[j, :n0], ddof=1) for j in range(k)] for i in range(k)])
    last = max(math.floor(h2 * s2[i, j] / delta**2) for i in range(k) for j in range(k) if i != j)
    r, survivors, out = n0, list(range(k)), []
    while r <= last:
        means = {i: x[i, :r].mean() for i in survivors}
        kept = [i for i in survivors if all(means[i] >= means[j] - _w(s2[i, j], h2, delta, r) for j in survivors)]
        out += [(i, r) for i in survivors if i not in kept]
        survivors = kept
        if len(survivors) == 1:
            return survivors[0], r, out
        r += 1
    best = max(survivors, key=lambda i: x[i, :r].mean())
    return best, r, out + [(i, r) for i in survivors if i != best]


def _w(s2: float, h2: float, delta: float, r: int) -> float:
    return max(0.0, delta / (2 * r) * (h2 * s2 / delta**2 - r))


def draws(rng: np.random.Generator, means: Sequence[float], sd: Sequence[float], rho: float, many: int) -> Floats:
    """float[k, many]: normal, of these standard deviations; each pair is correlated by rho."""
    k = len(means)
    shared, own = rng.standard_normal(many), rng.standard_normal((k, many))
    noise = math.sqrt(rho) * shared + math.sqrt(1 - rho) * own
    return np.asarray(means)[:, None] + np.asarray(sd)[:, None] * noise
