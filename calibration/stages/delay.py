"""How long work waits for a verdict, and how much of it ever gets one: work not yet reviewed is censored, not left out.

The share with a verdict by t is one minus Kaplan and Meier's curve; where it levels off is the share that is reviewed
at all, and delays are those of that share (Maller and Zhou, Estimating the Proportion of Immunes, Biometrika 1992).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

SHARES = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
"""Of delays, in the scenario's words p5 to p95."""

REPLICATIONS = 300
LARGEST = 20_000
"""Rows with a verdict, and as many without, that the interval is made with; more would narrow it by less than days
differ."""

SHORTEST_S = 1.0
"""As which shorter waits count where their logarithm is taken."""

ENOUGH_DAYS = 8
"""Days of submit from which on they are what is resampled; of fewer, single rows are."""


@dataclass(frozen=True, eq=False)
class Delay:
    """quantiles, low, high: float64[SHARES], seconds.
    events: verdicts with a time.  censored: rows without one.  young: of these how many were handed in so late that
    every twentieth verdict would still have been out.  days: that were resampled, 0 where rows were."""

    quantiles: Floats
    low: Floats
    high: Floats
    events: int
    censored: int
    young: int
    days: int


def fit_delay(waited: Floats, seen: npt.NDArray[np.bool_], day: Ints) -> Delay | None:
    """waited: seconds from submit to verdict, or to when the log no longer tells.  seen: which got a verdict.
    day: of submit, whole numbers.  None where no row did, or all that did so late that next to none were at risk."""
    if not seen.any():
        return None
    order = np.lexsort((~seen, waited))
    waited, seen, day = waited[order], seen[order], day[order]
    quantiles, share = curve_of(waited, seen, np.ones(len(waited)))
    if share <= 0:
        return None
    picked, base = _thinned(seen)
    names, codes = np.unique(day[picked], return_inverse=True)
    by_day = len(names) >= ENOUGH_DAYS
    some_waited, some_seen = waited[picked], seen[picked]
    rng = np.random.default_rng(20_240_301)
    groups = len(names) if by_day else len(some_waited)
    which = codes if by_day else np.arange(groups)
    found = []
    for _ in range(REPLICATIONS):
        weight = rng.multinomial(groups, np.full(groups, 1 / groups)).astype(np.float64)[which]
        again, share = curve_of(some_waited, some_seen, weight * base)
        if share > 0:
            found.append(again)
    low, high = _interval(quantiles, np.array(found), groups)
    late = quantiles[-1]
    return Delay(
        quantiles, low, high,
        int(seen.sum()), int((~seen).sum()), int((~seen & (waited < late)).sum()), groups if by_day else 0,
    )  # fmt: skip


def _interval(quantiles: Floats, found: Floats, groups: int) -> tuple[Floats, Floats]:
    """95% by the logarithm, Student's on as many degrees of freedom as groups were resampled less one; as much wider as
    their resampling is narrow (Efron & Tibshirani, An Introduction to the Bootstrap, 1993, section 12.5).

    found: float64[replications, SHARES], quantiles of groups drawn again. None of them, or a single group: no width.
    """
    if len(found) < 2 or groups < 2:
        return quantiles, quantiles
    spread = np.log(np.maximum(found, SHORTEST_S) / np.maximum(quantiles, SHORTEST_S)).std(axis=0, ddof=1)
    half = float(stats.t.ppf(0.975, groups - 1)) * math.sqrt(groups / (groups - 1)) * spread
    return quantiles * np.exp(-half), quantiles * np.exp(half)


def _thinned(seen: npt.NDArray[np.bool_]) -> tuple[Ints, Floats]:
    """(Places of rows, their weights): at most LARGEST with a verdict, evenly, of weight 1, and as many without one, of
    the weight that keeps both kinds' proportion."""
    kinds = [np.flatnonzero(seen), np.flatnonzero(~seen)]
    kept = [one[np.linspace(0, len(one) - 1, min(len(one), LARGEST)).astype(np.int64)] for one in kinds]
    picked = np.sort(np.concatenate(kept))
    stands_for = [len(one) / max(len(some), 1) for one, some in zip(kinds, kept, strict=True)]
    return picked, np.where(seen[picked], 1.0, stands_for[1] / stands_for[0])


def curve_of(waited: Floats, seen: npt.NDArray[np.bool_], weight: Floats) -> tuple[Floats, float]:
    """(delays at SHARES of those that get a verdict, their share), of rows in the order of `waited`, verdicts first."""
    at_risk = np.cumsum(weight[::-1])[::-1]
    if not seen.all():
        seen = seen & (at_risk >= _few(len(seen)))
    with np.errstate(divide="ignore", invalid="ignore"):
        lost = np.where(seen & (at_risk > 0), weight / at_risk, 0.0)
        got = 1.0 - np.exp(np.cumsum(np.log1p(-np.minimum(lost, 1.0))))
    share = float(got[-1])
    place = np.searchsorted(got, np.array(SHARES) * share - 1e-12)
    return waited[np.minimum(place, len(waited) - 1)], share


def _few(rows: int) -> float:
    """Rows still at risk below which a verdict says nothing of the rest: a single late one would make the share 1."""
    return max(2.0, min(10.0, rows / 10))


def reviewed_share(waited: Floats, seen: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """(Share of rows that get a verdict sooner or later, Greenwood's variance of it, 0 where all or none have one)."""
    order = np.lexsort((~seen, waited))
    waited, seen = waited[order], seen[order]
    return curve_of(waited, seen, np.ones(len(waited)))[1], _greenwood(seen)


def _greenwood(seen: npt.NDArray[np.bool_]) -> float:
    at_risk = np.arange(len(seen), 0, -1, dtype=np.float64)
    if seen.all():
        return 0.0
    inside = seen & (at_risk >= _few(len(seen)))
    left = np.exp(np.log1p(-1 / at_risk[inside]).sum())
    return float(left**2 * (1 / (at_risk[inside] * (at_risk[inside] - 1))).sum())
