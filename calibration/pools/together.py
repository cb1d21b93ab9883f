"""Numbers of several pools drawn together: what a thin one lacks it has from the whole, by as much as pools differ."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize, stats

Floats = npt.NDArray[np.float64]

POINTS = 240
"""Values of the spread between pools that are summed over, from 0 to FARTHEST times what is usual."""

FARTHEST = 5.0

Z = float(stats.norm.ppf(0.975))


@dataclass(frozen=True, eq=False)
class Together:
    """The posterior of each pool's number: for each spread between pools on a grid, normals; and how likely each is.

    value: float64[pools], as each pool alone tells it; 0 where it tells nothing.  likely: float64[grid], sums to 1.
    lent: float64[grid, pools], share that the whole has in a pool's number.  rest: float64[grid, pools], variance that
    is a pool's own.  centre, about: float64[grid], mean of pools and its variance.  wider: times intervals are wider,
    for spreads that few people told.
    """

    value: Floats
    likely: Floats
    lent: Floats
    rest: Floats
    centre: Floats
    about: Floats
    wider: float

    def borrowed(self, pool: int) -> float:
        """Share of the pool's number that is the whole's."""
        return float(self.likely @ self.lent[:, pool])

    def of(self, pool: int) -> tuple[float, float, float]:
        """(mean, low, high) of a pool's number, with its 95% interval."""
        mean = (1 - self.lent[:, pool]) * self.value[pool] + self.lent[:, pool] * self.centre
        return self._told(mean, self.rest[:, pool] + self.lent[:, pool] ** 2 * self.about)

    def apart(self, pool: int, other: int) -> tuple[float, float, float]:
        """(mean, low, high) of the number of one pool less that of another."""
        a, b = self.lent[:, pool], self.lent[:, other]
        mean = (1 - a) * self.value[pool] - (1 - b) * self.value[other] + (a - b) * self.centre
        return self._told(mean, self.rest[:, pool] + self.rest[:, other] + (a - b) ** 2 * self.about)

    def _told(self, mean: Floats, variance: Floats) -> tuple[float, float, float]:
        """Of the mixture of normals over the grid."""
        sd = np.sqrt(np.maximum(variance, 1e-18))
        middle = float(self.likely @ mean)
        ends = []
        for share in (0.025, 0.975):

            def over(x: float, share: float = share) -> float:
                return float(self.likely @ stats.norm.cdf((x - mean) / sd)) - share

            reach = 10 * sd
            end = optimize.brentq(over, float((mean - reach).min()), float((mean + reach).max()), xtol=1e-9)
            ends.append(middle + self.wider * (float(end) - middle))
        return middle, ends[0], ends[1]


def together(value: Floats, error: Floats, usual: float, degrees: int | None = None) -> Together | None:
    """Pools' numbers y, each with a standard error s (infinite where it tells nothing), drawn together.

        y ~ N(theta, s^2), theta ~ N(mu, tau^2), mu flat, tau half-normal of scale `usual`

    tau is summed over, since two or three pools say little of it: an interval that took one value of it for sure would
    be too narrow. For a given tau a pool's theta is B mu + (1 - B) y with B = s^2 / (s^2 + tau^2).
    degrees: of freedom of the spreads that the errors rest on; None for errors that are known well.  None where no
    pool tells anything.
    Source: Roever, Bayesian random-effects meta-analysis using the bayesmeta R package, JSS 93(6), 2020, section 2;
    Gelman, Prior distributions for variance parameters in hierarchical models, Bayesian Analysis 1(3), 2006.
    """
    told = np.isfinite(error)
    if not told.any():
        return None
    y = np.where(told, value, 0.0)
    sure = np.where(told, 1 / np.maximum(error, 1e-9) ** 2, 0.0)
    tau2 = np.linspace(0.0, FARTHEST * usual, POINTS) ** 2
    lent = 1 / (1 + sure * tau2[:, None])
    weight = sure * lent
    total = weight.sum(axis=1)
    centre = (weight @ y) / total
    misfit = (weight * (y - centre[:, None]) ** 2).sum(axis=1)
    log = 0.5 * np.log(weight[:, told]).sum(axis=1) - 0.5 * np.log(total) - 0.5 * misfit - tau2 / (2 * usual**2)
    likely = np.exp(log - log.max())
    wider = 1.0 if degrees is None else float(stats.t.ppf(0.975, max(degrees, 1))) / Z
    return Together(y, likely / likely.sum(), lent, tau2[:, None] * lent, centre, 1 / total, wider)
