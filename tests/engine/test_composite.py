"""Moments and quantiles that engines and estimates share, against each other: two ways to the same numbers."""

from __future__ import annotations

import numpy as np
import pytest

from labelcast.sim import quantiles
from labelcast.sim.estimates import times
from labelcast.sim.line import Distribution

PERCENTILES = {"p1": 5.0, "p5": 9.0, "p20": 20.0, "p50": 42.0, "p80": 60.0, "p95": 190.0, "p99": 260.0}

NEW = [
    Distribution("shifted", {"shift": 12.0, "median": 42.0, "sigma": 0.8}),
    Distribution("loglogistic", {"median": 42.0, "shape": 5.0}),
    Distribution("mixture", {"median": 30.0, "sigma": 0.4, "share": 0.2, "other_median": 90.0, "other_sigma": 0.7}),
    Distribution("mixture", {"median": 30.0, "sigma": 0.5, "share": 0.03, "other_median": 2.0, "other_sigma": 1.0}),
    Distribution("quantiles", PERCENTILES),
]


@pytest.mark.parametrize("distribution", NEW, ids=lambda one: one.family)
def test_moments_are_those_of_the_quantiles(distribution: Distribution) -> None:
    """Mean and squared coefficient of variation by formula equal the integrals of the quantile function (1e-3), and
    the engines' mean and table are those of the estimates."""
    tail = np.geomspace(1e-12, 1e-4, 20_000)
    u = np.concatenate([tail[:-1], np.linspace(1e-4, 1 - 1e-4, 200_001), 1 - tail[-2::-1]])
    x = times.quantiles(distribution, u)
    width, middle = np.diff(u), (x[1:] + x[:-1]) / 2
    mean = float(width @ middle)
    scv = float(width @ ((x[1:] ** 2 + x[:-1] ** 2) / 2)) / mean**2 - 1
    assert times.mean(distribution) == pytest.approx(mean, rel=1e-3)
    assert times.scv(distribution) == pytest.approx(scv, rel=5e-3)
    assert quantiles.mean(distribution) == pytest.approx(times.mean(distribution), rel=1e-12)
    table = quantiles.of_distribution(distribution)
    for v in (0.003, 0.2, 0.5, 0.77, 0.998):
        assert quantiles.quantile(table, v) == pytest.approx(
            float(times.quantiles(distribution, np.array(v))), rel=2e-3
        )


def test_the_curve_goes_through_its_points() -> None:
    """Given quantiles come back exactly, in whatever order they were written."""
    backwards = Distribution("quantiles", dict(reversed(PERCENTILES.items())))
    found = times.quantiles(backwards, np.array([0.01, 0.05, 0.2, 0.5, 0.8, 0.95, 0.99]))
    assert found == pytest.approx(list(PERCENTILES.values()), rel=1e-12)
