"""Which errors of a fit hang together: what is told against what fits of many logs show."""

from __future__ import annotations

import math

import numpy as np
import pytest

from labelcast.calibration.service.fit import Timed, fit_service
from labelcast.calibration.service.words import parameters, together
from labelcast.calibration.together import of_draws

WORKERS, PAGES, LOGS = 30, 12, 60
MEDIAN, LEARN = "stages.s.time.lognormal.median", "pools.p.learning.exponent"


def _log(seed: int) -> Timed:
    """Times of people who learn, of a lognormal about each one's own pace."""
    rng = np.random.default_rng(seed)
    worker = np.repeat(np.arange(WORKERS), PAGES)
    practised = np.log1p(np.tile(np.arange(PAGES), WORKERS).astype(float))
    pace = 0.15 * rng.standard_normal(WORKERS)
    seconds = 4 + pace[worker] - 0.3 * practised + 0.5 * rng.standard_normal(worker.size)
    return Timed(seconds, worker, practised, np.zeros(worker.size), tuple(map(str, range(WORKERS))))


@pytest.mark.verify
def test_who_learns_more_began_slower() -> None:
    """Over 60 logs the correlation of the errors of median and exponent is what the fits tell on average (99.9%
    interval of Fisher's z, fixed seeds)."""
    fits, told = [], []
    for seed in range(LOGS):
        service = fit_service(_log(seed))
        values = {one.path: one.value for one in parameters(service, "p", "s")}
        if MEDIAN in values and LEARN in values:
            fits.append((math.log(values[MEDIAN]), values[LEARN]))
            told += [
                one.correlation for one in together(service, "p", "s") if {one.first, one.second} == {MEDIAN, LEARN}
            ]
    assert len(fits) > 0.8 * LOGS
    seen = float(np.corrcoef(np.array(fits).T)[0, 1])
    assert math.atanh(seen) == pytest.approx(math.atanh(float(np.mean(told))), abs=3.29 / math.sqrt(len(fits) - 3))


def test_of_draws_takes_no_notice_of_the_scale() -> None:
    """The correlation is of normal scores: a logarithm changes nothing, independent draws tell nothing, and what does
    not vary is left out."""
    rng = np.random.default_rng(3)
    first, other, alone = rng.standard_normal((3, 4000))
    second = 0.6 * first + 0.8 * other
    found = of_draws({"a": first, "b": np.exp(second), "c": alone, "d": np.ones(4000)})
    assert [(one.first, one.second) for one in found] == [("a", "b")]
    assert math.atanh(found[0].correlation) == pytest.approx(math.atanh(0.6), abs=3.29 / math.sqrt(3997))
    assert of_draws({"d": np.ones(4000)}) == []
