"""How long people of a crowd stay: labels given in a visit, and how many of them come again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...sim.line import Distribution
from .batches import Batch
from .returning import fit_returning

PERCENTILES = (1, 10, 30, 50, 70, 90, 99)


@dataclass(frozen=True)
class Stays:
    """tasks: of labels given in a visit.  mean: (estimate, low, high) of them.  visits: n.
    returning: (estimate, low, high), chance that a visit is by someone of an earlier one in the same batch (see
    returning.py); later: visits that tell it, all but the first of each batch."""

    tasks: Distribution
    mean: tuple[float, float, float]
    visits: int
    returning: tuple[float, float, float]
    later: int


def fit_stays(batches: Sequence[Batch], pull: float, offer: int) -> Stays:
    """What visits were like. Of batches that are not over, visits that may still go on count as they are. pull, offer:
    of how visits come about (see visits.py)."""
    done = np.concatenate([one.done for one in batches]).astype(np.float64)
    half = 1.96 * float(done.std(ddof=1)) / len(done) ** 0.5 if len(done) > 1 else float("nan")
    later = sum(len(one.visits) - 1 for one in batches)
    mean = float(done.mean())
    between = (mean, max(1.0, mean - half), mean + half)
    return Stays(through(done), between, len(done), fit_returning(batches, pull, offer), later)


def through(done: npt.NDArray[np.float64]) -> Distribution:
    """The curve through the quantiles of counts; where many are equal, as at a platform's limit, it is flat but for a
    ten-thousandth from one quantile to the next, which no rounding lets through."""
    spread = np.sort(done)
    values = np.quantile(spread, [p / 100 for p in PERCENTILES], method="hazen")
    rising = np.maximum.accumulate(values) + 1e-4 * np.arange(len(values))
    if spread[0] == spread[-1]:
        return Distribution("constant", {"value": float(spread[0])})
    return Distribution("quantiles", {f"p{p}": round(float(v), 4) for p, v in zip(PERCENTILES, rising, strict=True)})
