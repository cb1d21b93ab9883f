"""Shares with intervals that respect that work comes in clusters: of one worker, or of one day."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import stats

Floats = npt.NDArray[np.float64]

FEWEST = 3
"""Clusters below which their differences tell nothing."""


class Rate(NamedTuple):
    """A share, its 95% interval, how many cases it is of, and how many independent ones tell as much."""

    value: float
    low: float
    high: float
    n: int
    effective: float


def rate(hits: npt.NDArray[np.bool_], clusters: tuple[npt.NDArray[np.int64], ...]) -> Rate:
    """Share of `hits`, at least one, with Wilson's interval on so many cases as vary alike.

    clusters: ways in which cases belong together, each whole numbers from 0; the one that makes the share vary most
    counts. Where it has fewer than FEWEST clusters, or all cases are alike, cases count as independent.
    Source: Kish, Survey Sampling (design effect); Dean and Pagano, Survey Methodology 2015 (Wilson with it).
    """
    n = len(hits)
    value = float(hits.mean())
    effective, degrees = float(n), float(n - 1)
    for cluster in clusters:
        effect, groups = design_effect(hits.astype(np.float64), cluster)
        if n / effect < effective:
            effective, degrees = n / effect, groups - 1.0
    return wilson(value, n, effective, degrees)


def design_effect(hits: Floats, cluster: npt.NDArray[np.int64]) -> tuple[float, int]:
    """(variance of the share over that of independent cases, at least 1; number of clusters)."""
    present, codes = np.unique(cluster, return_inverse=True)
    n, groups, value = len(hits), len(present), float(hits.mean())
    if groups < FEWEST or value in (0.0, 1.0):
        return 1.0, groups
    left = np.bincount(codes, hits - value)
    variance = float((left**2).sum()) * groups / (groups - 1) / n**2
    return max(1.0, variance / (value * (1 - value) / n)), groups


def wilson(value: float, n: int, effective: float, degrees: float) -> Rate:
    """Wilson's interval of a share that `effective` independent cases tell, with Student's quantile."""
    z = float(stats.t.ppf(0.975, max(degrees, 1.0)))
    middle = (value + z**2 / (2 * effective)) / (1 + z**2 / effective)
    half = z * math.sqrt(value * (1 - value) / effective + z**2 / (4 * effective**2)) / (1 + z**2 / effective)
    return Rate(value, max(0.0, min(value, middle - half)), min(1.0, max(value, middle + half)), n, effective)
