"""How practice shortens work: time falls as (1 + n)^-b of the n units that the same worker has finished before."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

STEEPEST = 2.0
"""A scenario takes no exponent above it, and people no such lessons."""

LEAST_WORKERS = 5
"""Below it nobody can say whether people get quicker or these few did."""


@dataclass(frozen=True)
class Practice:
    """exponent b with its 95% interval.  workers: with pages at different n.  most: the largest n seen.

    told: whether the interval excludes none and more; only then is it part of the fitted line.
    """

    exponent: float
    low: float
    high: float
    workers: int
    most: int

    @property
    def told(self) -> bool:
        """Whether the log tells that people get quicker."""
        return self.low > 0 and self.exponent <= STEEPEST


def finished_before(pages: pd.DataFrame) -> Floats:
    """log(1 + n) of each page, n the units that its worker finished before; within a page, of its middle unit.

    pages: in each worker's order of time, idle ones among them, since they taught too.
    """
    units = pages["units"].to_numpy(np.float64)
    before = pages.groupby("worker")["units"].cumsum().to_numpy(np.float64) - units
    return np.asarray(np.log1p(before + (units - 1) / 2))


def fit_practice(log_seconds: Floats, worker: Ints, practised: Floats) -> Practice | None:
    """Least squares within workers, so that the quick who do most are not taken for the practised.

    The interval is by worker (the sandwich of clustered least squares), as the scatter of one worker hangs together.
    None where fewer than LEAST_WORKERS workers have pages at different n.
    Source: Liang & Zeger, Longitudinal data analysis using generalized linear models, 1986.
    """
    n = np.bincount(worker)
    x = practised - (np.bincount(worker, practised) / n)[worker]
    y = log_seconds - (np.bincount(worker, log_seconds) / n)[worker]
    square = np.bincount(worker, x * x)
    workers = int((square > 1e-9).sum())
    if workers < LEAST_WORKERS:
        return None
    total = float(square.sum())
    exponent = -float((x * y).sum()) / total
    score = np.bincount(worker, x * (y + exponent * x))
    # A few workers hold most of what is known: the interval counts as many as that is worth.
    worth = total**2 / float((square**2).sum())
    error = math.sqrt(float((score**2).sum()) * worth / max(worth - 1, 0.5)) / total
    half = float(stats.t.ppf(0.975, max(worth - 1, 1))) * error
    most = round(float(np.expm1(practised.max())))
    return Practice(exponent, exponent - half, exponent + half, workers, most)
