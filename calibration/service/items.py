"""How much items differ in the time that they take, where several workers did the same ones."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from .fit import Service

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LEAST_ITEMS = 30
"""Items done by two workers or more, below which nothing is said."""


def item_spread(log_seconds: Floats, item: Ints) -> tuple[float, float, float, int] | None:
    """(sd of items' effects, low, high, items) of log times that workers' own means were taken off.

    Variance of items: the mean product of two workers' times on the same item, over all pairs; its interval by items.
    None where fewer than LEAST_ITEMS items have two times.
    Source: Searle, Casella & McCulloch, Variance Components, chapter 5 (the method of moments).
    """
    n = np.bincount(item).astype(np.float64)
    total, square = np.bincount(item, log_seconds), np.bincount(item, log_seconds**2)
    pairs = n * (n - 1)
    many = int((n > 1).sum())
    if many < LEAST_ITEMS:
        return None
    product = total**2 - square
    variance = float(product.sum() / pairs.sum())
    error = math.sqrt(float(((product - variance * pairs) ** 2).sum())) / float(pairs.sum())
    half = float(stats.norm.ppf(0.975)) * error
    value, low, high = (math.sqrt(max(one, 0.0)) for one in (variance, variance - half, variance + half))
    return value, low, high, many


def of_log(service: Service, judgements: pd.DataFrame) -> tuple[float, float, float, int] | None:
    """As `item_spread`, of the pages with one unit; practice and each worker's mean taken off."""
    alone = judgements[judgements["timed"] & (judgements["units_on_page"] == 1)]
    if alone.empty:
        return None
    done = judgements.groupby("worker").cumcount()[alone.index].to_numpy(np.float64)
    y = np.log(alone["seconds"].to_numpy(np.float64)) + service.exponent * np.log1p(done)
    series = pd.Series(y).groupby(alone["worker"].to_numpy())
    size = series.transform("size").to_numpy(np.float64)
    kept = size > 1
    less = (y - series.transform("mean").to_numpy(np.float64)) * np.sqrt(size / np.maximum(size - 1, 1))
    return item_spread(less[kept], pd.factorize(alone["item"].to_numpy()[kept])[0].astype(np.int64))
