"""Two kinds of uncertainty told apart: chance, which another run shows, and what the data do not tell."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from .statistics import Floats


@dataclass(frozen=True)
class Twofold:
    """Variance of one KPI over draws of what the data do not tell and runs of each draw.

    mean: of all runs; error: half of its 95% interval, over draws.  chance, data: standard deviations of a run about
    the mean of its draw, and of draws' means about the whole.  share: of the variance that is data's; low, high: its
    95% interval.  NaN throughout where a value is not finite.
    """

    mean: float
    error: float
    chance: float
    data: float
    share: float
    low: float
    high: float

    @property
    def spread(self) -> float:
        """Standard deviation of a run whose draw is not known."""
        return math.hypot(self.chance, self.data)


UNKNOWN = Twofold(*[math.nan] * 7)


def twofold(values: Floats) -> Twofold:
    """values: float[draws, runs], at least 2 of each.

    Random-effects analysis of variance, one way; the interval of the share by F, exact of normal values. Without any
    spread the share is 0.
    Source: Searle, Casella, McCulloch, Variance components (1992), sections 3.5 and 3.6.
    """
    draws, runs = values.shape
    assert draws >= 2
    assert runs >= 2
    if not np.isfinite(values).all():
        return UNKNOWN
    if np.ptp(values) == 0:
        return Twofold(float(values[0, 0]), *[0.0] * 6)
    means = values.mean(axis=1)
    within = float(((values - means[:, None]) ** 2).sum()) / (draws * (runs - 1))
    between = runs * float(means.var(ddof=1))
    error = float(stats.t.ppf(0.975, draws - 1)) * math.sqrt(between / (draws * runs))
    mean = float(values.mean())
    if np.ptp(values, axis=1).max() == 0:
        return Twofold(mean, error, 0.0, math.sqrt(between / runs), 1.0, 1.0, 1.0)
    ratio = between / within
    data = math.sqrt(max(0.0, (between - within) / runs))
    degrees = (draws - 1, draws * (runs - 1))
    low, high = (_share(ratio / float(stats.f.ppf(p, *degrees)), runs) for p in (0.975, 0.025))
    return Twofold(mean, error, math.sqrt(within), data, _share(ratio, runs), low, high)


def _share(ratio: float, runs: int) -> float:
    """Of a ratio of mean squares, between draws by within."""
    return max(0.0, (ratio - 1) / (ratio - 1 + runs))


@dataclass(frozen=True)
class Part:
    """How much of what the data do not tell goes with one variable: the squared correlation of draws' means with it,
    less what chance alone would give; and the change of the KPI with a standard deviation more of it."""

    variable: str
    share: float
    slope: float


def parts(means: Floats, deviates: Sequence[Mapping[str, float]]) -> list[Part]:
    """Of each variable, the greatest first. means: float[draws]; deviates: by variable, of each draw.

    Shares of variables that err together overlap, so that they need not add up to one."""
    found = []
    for name in deviates[0]:
        x = np.array([one[name] for one in deviates])
        if np.ptp(x) == 0 or np.ptp(means) == 0:
            continue
        r = float(np.corrcoef(x, means)[0, 1])
        adjusted = 1 - (1 - r * r) * (len(x) - 1) / max(len(x) - 2, 1)
        found.append(Part(name, max(0.0, adjusted), float(np.cov(x, means)[0, 1] / x.var(ddof=1))))
    return sorted(found, key=lambda one: -one.share)
