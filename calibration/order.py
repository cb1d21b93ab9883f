"""Intervals of quantiles by order statistics, whatever the law that values are of."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import stats

Floats = npt.NDArray[np.float64]

TAIL = 0.025
"""Chance of the truth beyond each end."""

METHOD = "interval by interpolated order statistics"
NONE = "too few for an interval"
"""How an interval was made, or why there is none, in the words of a parameter's method."""


def interval(ordered: Floats, share: float) -> tuple[float | None, float | None]:
    """The 95% interval of a quantile of the law that `ordered` values, independent and in order, are of.

    Its ends lie between the two order statistics whose chances to be beyond the quantile enclose TAIL, so that the
    interval holds the truth in 95% of logs of any length, where single order statistics do in 87 to 97%. An end is
    None where even the least or the greatest value is beyond the quantile more often than that.
    Source: Nyblom, Note on interpolated order statistics, Statistics & Probability Letters 14 (1992); for the median
    Hettmansperger and Sheather (1986).
    """
    high = _low(-ordered[::-1], 1 - share)
    return _low(ordered, share), None if high is None else -high


def _low(ordered: Floats, share: float) -> float | None:
    """The lower end."""
    n = len(ordered)
    rank = int(stats.binom.ppf(TAIL, n, share))  # the least of which so many or fewer are below with TAIL at least
    if rank < 1:
        return None
    here, after = (float(stats.binom.cdf(k, n, share)) for k in (rank - 1, rank))
    if rank == n:
        return float(ordered[-1])
    odds = rank * (1 - share) * (after - TAIL) / ((n - rank) * share * (TAIL - here))
    weight = 1 / (1 + odds)
    return float((1 - weight) * ordered[rank - 1] + weight * ordered[rank])
