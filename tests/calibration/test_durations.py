"""Service time against mathematics: where the design is balanced, REML is the analysis of variance."""

from __future__ import annotations

import numpy as np
import pytest

from labelcast.calibration.durations import fit_service_time
from labelcast.calibration.service.fit import Timed, fit_service
from labelcast.calibration.service.words import parameters


def balanced(seed: int = 1, workers: int = 12, pages: int = 20) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    worker = np.repeat(np.arange(workers), pages)
    return 4 + rng.normal(0, 0.4, workers)[worker] + rng.normal(0, 0.5, len(worker)), worker


def test_balanced_data_give_the_analysis_of_variance() -> None:
    """within^2 = mean square within; between^2 = (mean square between - within) / pages; mu = grand mean, with the
    exact Student interval of the worker means."""
    y, worker = balanced()
    means = y.reshape(12, 20).mean(axis=1)
    within = ((y.reshape(12, 20) - means[:, None]) ** 2).sum() / (12 * 19)
    between = means.var(ddof=1) - within / 20
    fit = fit_service_time(y, worker)
    assert fit.within[0] ** 2 == pytest.approx(within, rel=1e-3)
    assert fit.between[0] ** 2 == pytest.approx(between, rel=1e-3)
    assert fit.mu[0] == pytest.approx(y.mean(), abs=1e-9)
    assert fit.mu[2] - fit.mu[0] == pytest.approx(2.200985 * means.std(ddof=1) / np.sqrt(12), rel=1e-3)


def test_units_of_time_move_only_the_median() -> None:
    """Seconds into minutes: the median shrinks sixtyfold, both spreads and their intervals stay."""
    y, worker = balanced(2)
    one, other = fit_service_time(y, worker), fit_service_time(y - np.log(60), worker)
    assert np.allclose(np.array(one.mu) - np.log(60), other.mu)
    assert np.allclose(one.within, other.within, rtol=1e-4)
    assert np.allclose(one.between, other.between, rtol=1e-4)


def test_the_order_and_names_of_workers_do_not_matter() -> None:
    """The same pages in another order, workers numbered anew, give the same fit."""
    y, worker = balanced(3)
    order = np.random.default_rng(0).permutation(len(y))
    other = fit_service_time(y[order], 11 - worker[order])
    assert np.allclose(fit_service_time(y, worker).between, other.between, rtol=1e-4)


def test_alike_workers_have_no_spread() -> None:
    """When workers differ less than chance would have it, the interval of their spread reaches down to zero."""
    y, worker = balanced(4)
    y = y - y.reshape(12, 20).mean(axis=1)[worker]
    fit = fit_service_time(y, worker)
    assert fit.between[1] == 0.0
    assert fit.between[0] < 0.02


@pytest.mark.parametrize(
    ("y", "worker"),
    [
        ([3.0], [0]),
        ([3.0, 3.0], [0, 1]),
        ([3.0, 3.0, 3.0], [0, 0, 1]),
        ([3.0, 4.0, 3.5], [0, 0, 0]),
        ([3.0, 4.0], [0, 1]),
    ],
)
def test_hardly_any_data_still_have_a_median(y: list[float], worker: list[int]) -> None:
    """One page, one worker, equal times: the median is there, and what cannot be told is left out, not invented."""
    times = np.array(y)
    zeros = np.zeros(len(times))
    fit = fit_service(Timed(times, np.array(worker), zeros, zeros, tuple("abc"[: max(worker) + 1])))
    names = [one.path for one in parameters(fit, "team", "annotate")]
    assert names[0] == "stages.annotate.time.lognormal.median"
    assert "pools.team.speed.spread" not in names
    assert np.isfinite(fit.effects.mu[0])
