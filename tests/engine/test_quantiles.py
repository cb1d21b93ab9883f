"""Tables against scipy: mean and sd within 0.1%, P99.9 within 0.5%, as the design asks."""

import math

import numpy as np
import pytest
from scipy import optimize, stats

from labelcast.sim import quantiles
from labelcast.sim.line import Distribution

E = math.e

MIXED = {"median": 30.0, "sigma": 0.4, "share": 0.2, "other_median": 90.0, "other_sigma": 0.7}


class Mixed:
    """Two lognormals as scipy has them; quantiles by its root finder."""

    def __init__(self, p: dict[str, float]) -> None:
        self.parts = ((1 - p["share"], stats.lognorm(s=p["sigma"], scale=p["median"])),
                      (p["share"], stats.lognorm(s=p["other_sigma"], scale=p["other_median"])))  # fmt: skip

    def mean(self) -> float:
        return sum(w * one.mean() for w, one in self.parts)

    def std(self) -> float:
        return (sum(w * one.moment(2) for w, one in self.parts) - self.mean() ** 2) ** 0.5

    def ppf(self, u: float) -> float:
        return optimize.brentq(lambda x: sum(w * one.cdf(x) for w, one in self.parts) - u, 1e-3, 1e5, xtol=1e-9)


CASES = [
    (Distribution("exponential", {"mean": 30.0}), stats.expon(scale=30.0)),
    (Distribution("lognormal", {"median": 42.0, "sigma": 0.8}), stats.lognorm(s=0.8, scale=42.0)),
    (Distribution("lognormal", {"median": 42.0, "sigma": 1.5}), stats.lognorm(s=1.5, scale=42.0)),
    (Distribution("gamma", {"mean": 4.0, "shape": 0.5}), stats.gamma(a=0.5, scale=8.0)),
    (Distribution("gamma", {"mean": 4.0, "shape": 2.0}), stats.gamma(a=2.0, scale=2.0)),
    (Distribution("weibull", {"scale": 10.0, "shape": 0.7}), stats.weibull_min(c=0.7, scale=10.0)),
    (Distribution("uniform", {"low": 3.0, "high": 9.0}), stats.uniform(loc=3.0, scale=6.0)),
    (
        Distribution("shifted", {"shift": 12.0, "median": 42.0, "sigma": 0.8}),
        stats.lognorm(s=0.8, loc=12.0, scale=30.0),
    ),
    (Distribution("loglogistic", {"median": 42.0, "shape": 4.0}), stats.fisk(c=4.0, scale=42.0)),
    (Distribution("mixture", MIXED), Mixed(MIXED)),
    (Distribution("quantiles", {"p10": 42.0 / E, "p50": 42.0}), stats.lognorm(s=1 / 1.2815515655446004, scale=42.0)),
]


def moments(table: np.ndarray) -> tuple[float, float]:
    """Mean and sd of draws from a table: exact integrals of its linear pieces."""
    width = np.ldexp(1.0, -np.arange(2, quantiles.OCTAVES + 2))[:, None] / quantiles.STEPS
    knots = table.reshape(2, quantiles.OCTAVES, quantiles.ROW)
    a, b = knots[:, :, :-1], knots[:, :, 1:]
    mean = float((width * (a + b) / 2).sum())
    square = float((width * (a * a + a * b + b * b) / 3).sum())
    return mean, (square - mean * mean) ** 0.5


@pytest.mark.parametrize(("distribution", "oracle"), CASES)
def test_table_keeps_mean_spread_and_tail(distribution: Distribution, oracle: stats.rv_continuous) -> None:
    """Mean and sd to 0.1%, quantiles from 0.1% to 99.9% to 0.5%."""
    table = quantiles.of_distribution(distribution)
    mean, sd = moments(table)
    assert mean == pytest.approx(oracle.mean(), rel=1e-3)
    assert sd == pytest.approx(oracle.std(), rel=1e-3)
    for u in (0.001, 0.1, 0.25, 0.5, 0.75, 0.9, 0.999):
        assert quantiles.quantile(table, u) == pytest.approx(oracle.ppf(u), rel=5e-3)


def test_draws_are_monotone() -> None:
    """A larger uniform never gives a smaller draw: what makes common random numbers work."""
    u = np.sort(
        np.concatenate([np.linspace(1e-12, 1 - 1e-12, 20_001), 2.0 ** -np.arange(1, 53), 1 - 2.0 ** -np.arange(1, 53)])
    )
    for distribution, _ in CASES:
        table = quantiles.of_distribution(distribution)
        assert (np.diff([quantiles.quantile(table, x) for x in u]) >= 0).all()


def test_the_extreme_draws_are_finite() -> None:
    """2^-53 and 1 - 2^-53 stay inside the table."""
    for table in (quantiles.normal(), quantiles.exponential(), quantiles.gamma(0.3)):
        assert np.isfinite([quantiles.quantile(table, 2.0**-53), quantiles.quantile(table, 1 - 2.0**-53)]).all()


def test_normal_and_exponential_tables() -> None:
    """The shared tables are the standard normal and the exponential with mean one."""
    assert moments(quantiles.normal()) == pytest.approx((0.0, 1.0), abs=1e-3)
    assert moments(quantiles.exponential()) == pytest.approx((1.0, 1.0), rel=1e-3)
