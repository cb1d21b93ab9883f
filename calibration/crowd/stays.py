"""How long people of a crowd stay: labels given in a visit, and how many of them come again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from ...sim.line import Distribution
from .batches import Batch

PERCENTILES = (1, 10, 30, 50, 70, 90, 99)


@dataclass(frozen=True)
class Stays:
    """tasks: of labels given in a visit.  mean: (estimate, low, high) of them.  visits: n.
    returning: (estimate, low, high), share of the visits that are by someone who was there before in the same batch, of
    all but the first of each batch; later: how many those are."""

    tasks: Distribution
    mean: tuple[float, float, float]
    visits: int
    returning: tuple[float, float, float]
    later: int


def fit_stays(batches: Sequence[Batch]) -> Stays:
    """What visits were like. Of batches that are not over, visits that may still go on count as they are."""
    done = np.concatenate([one.done for one in batches]).astype(np.float64)
    half = 1.96 * float(done.std(ddof=1)) / len(done) ** 0.5 if len(done) > 1 else float("nan")
    later = sum(len(one.visits) - 1 for one in batches)
    again = sum(len(one.visits) - one.workers for one in batches)
    share = again / later if later else 0.0
    low, high = (float(stats.beta.ppf(p, again + 0.5, later - again + 0.5)) for p in (0.025, 0.975))  # Jeffreys
    mean = float(done.mean())
    return Stays(through(done), (mean, max(1.0, mean - half), mean + half), len(done), (share, low, high), later)


def through(done: npt.NDArray[np.float64]) -> Distribution:
    """The curve through the quantiles of counts; where many are equal, as at a platform's limit, it is flat but for a
    ten-thousandth from one quantile to the next, which no rounding lets through."""
    spread = np.sort(done)
    values = np.quantile(spread, [p / 100 for p in PERCENTILES], method="hazen")
    rising = np.maximum.accumulate(values) + 1e-4 * np.arange(len(values))
    if spread[0] == spread[-1]:
        return Distribution("constant", {"value": float(spread[0])})
    return Distribution("quantiles", {f"p{p}": round(float(v), 4) for p, v in zip(PERCENTILES, rising, strict=True)})
