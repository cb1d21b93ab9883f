"""Which parameters err together: what a fit knows besides the interval of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt
from scipy import stats

from .fit import Parameter, Together

Floats = npt.NDArray[np.float64]

LEAST = 0.05
"""Correlations nearer to zero are not told."""


def of_matrix(paths: Sequence[str], correlations: Floats) -> list[Together]:
    """All pairs worth telling. correlations: float64[k, k] of k paths."""
    pairs = combinations(range(len(paths)), 2)
    found = [Together(paths[i], paths[j], float(np.clip(correlations[i, j], -1.0, 1.0))) for i, j in pairs]
    return [one for one in found if abs(one.correlation) >= LEAST]


def of_draws(draws: Mapping[str, Floats]) -> list[Together]:
    """Of draws of a posterior, float64[draws] of each path: the correlation of their normal scores, which no monotone
    scale changes. What does not vary is left out."""
    varied = {path: values for path, values in draws.items() if np.ptp(values) > 0}
    if len(varied) < 2:
        return []
    scores = [stats.norm.ppf(stats.rankdata(values) / (len(values) + 1)) for values in varied.values()]
    return of_matrix([*varied], np.corrcoef(scores))


def among(pairs: Iterable[Together], parameters: Iterable[Parameter]) -> tuple[Together, ...]:
    """Those of parameters that are there, each pair once."""
    known = {one.path for one in parameters}
    found = {frozenset((one.first, one.second)): one for one in pairs if {one.first, one.second} <= known}
    return tuple(found.values())
