"""The ellipse of two means holds both as often as it says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from labelcast.reports.comparison.ellipse import joint_means
from labelcast.reports.comparison.figure import late_words, trade_offs
from labelcast.reports.reading import Reading, read
from labelcast.sim.replicate import Runs

SEED, TRIALS = 20, 2_000


def _reading(one: Runs, values: np.ndarray) -> Reading:
    kpis = pd.DataFrame(values, columns=["accuracy", "cost"], index=pd.RangeIndex(len(values), name="replication"))
    return Reading(0, replace(one, kpis=kpis))


def test_the_edge_is_where_hotelling_is_just_not_refused(one: Runs) -> None:
    """Every point of the edge has the T2 at which means would be refused at 5%, by scipy's F."""
    rng = np.random.default_rng(SEED)
    values = np.column_stack([rng.normal(0.96, 0.004, 15), rng.normal(1e6, 2e4, 15)])
    values[:, 1] += 3e6 * (values[:, 0] - 0.96)
    found = joint_means(_reading(one, values), "accuracy", "cost")
    assert found is not None
    np.testing.assert_allclose(found.centre, values.mean(axis=0))
    inverse = np.linalg.inv(np.cov(values, rowvar=False))
    away = found.edge - found.centre
    squared = 15 * np.einsum("ij,jk,ik->i", away, inverse, away)
    np.testing.assert_allclose(squared, 2 * 14 / 13 * stats.f.ppf(0.95, 2, 13), rtol=1e-6)


def test_it_holds_the_true_means_95_times_in_100(one: Runs) -> None:
    """Of 2,000 ellipses of 8 correlated normal pairs 93.5% to 96.5% hold the truth; an honest one fails in 1 of 600."""
    rng = np.random.default_rng(SEED)
    hits = 0
    for values in rng.multivariate_normal([0.9, 100.0], [[1e-4, 0.015], [0.015, 9.0]], (TRIALS, 8)):
        found = joint_means(_reading(one, values), "accuracy", "cost")
        assert found is not None
        half_axes = (found.edge[[0, 12]] - found.centre).T
        near = np.linalg.solve(half_axes, np.array([0.9, 100.0]) - found.centre)
        hits += float(near @ near) <= 1.0  # two conjugate half-axes of the edge are the unit circle's
    assert 0.935 <= hits / TRIALS <= 0.965


@pytest.mark.parametrize("many", [1, 2])
def test_too_few_runs_have_none(one: Runs, many: int) -> None:
    """Two pairs lie on a line; one says nothing of spread. What never finishes has none either."""
    values = np.column_stack([np.linspace(0.9, 0.91, many), np.linspace(1, 2, many)])
    assert joint_means(_reading(one, values), "accuracy", "cost") is None
    lost = np.column_stack([np.linspace(0.9, 0.95, 9), np.full(9, np.nan)])
    assert joint_means(_reading(one, lost), "accuracy", "cost") is None


def test_equal_runs_have_a_point(one: Runs) -> None:
    """Without any spread the ellipse is its centre, and is drawn."""
    found = joint_means(_reading(one, np.tile([0.9, 5.0], (6, 1))), "accuracy", "cost")
    assert found is not None
    np.testing.assert_allclose(found.edge, np.tile([0.9, 5.0], (len(found.edge), 1)))


def test_a_late_finish_is_told_beside_each_name(one: Runs, make_runs: Callable[..., Runs], make_line: Callable) -> None:  # type: ignore[type-arg]
    """When eight runs of ten are finished, with its weekday; never is said as such."""
    late = make_runs(make_line("vendor"), unfinished=5)
    readings = read([one, late])
    svg = trade_offs(readings)
    for reading in readings:
        assert late_words(reading) in svg
    assert late_words(readings[1]) == "P80: not finished"
