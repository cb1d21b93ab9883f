"""The measure of times held out, on logs of which the truth is known, and with faults planted that it must see."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from labelcast.calibration.service.fit import Timed, fit_service, timed
from labelcast.calibration.service.heldout import earlier, foretold, halves, held_out, new_workers, spread
from labelcast.calibration.service.items import item_spread


def lognormal(seed: int, workers: int = 60, exponent: float = 0.0) -> Timed:
    """Workers who differ by 0.5 and scatter by 0.4, with 10 to 150 pages each; whole seconds about 30."""
    luck = np.random.default_rng(seed)
    pages = luck.integers(10, 151, workers)
    worker = np.repeat(np.arange(workers), pages)
    practised = np.log1p(np.concatenate([np.arange(n) for n in pages]))
    y = math.log(30) + luck.normal(0, 0.5, workers)[worker] + luck.normal(0, 0.4, len(worker)) - exponent * practised
    y = np.log(np.maximum(1.0, np.round(np.exp(y))))
    return Timed(y, worker, practised, np.ones(len(y)), tuple(map(str, range(workers))))


def test_splits_are_what_they_say() -> None:
    """Halves differ by one page of a worker at most; new workers are in one part only; earlier pages come first."""
    data = lognormal(1)
    half, new, first = halves(data, 3), new_workers(data, 3), earlier(data)
    for worker in range(len(data.names)):
        here = data.worker == worker
        assert abs(2 * half[here].sum() - here.sum()) <= 1
        assert new[here].all() or not new[here].any()
        assert not np.any(np.diff(first[here].astype(int)) > 0)
        assert abs(2 * first[here].sum() - here.sum()) <= 1
    assert (halves(data, 3) == half).all()
    assert (halves(data, 4) != half).any()


@pytest.mark.parametrize("exponent", [0.0, 0.25])
def test_a_right_model_foretells_the_other_half(exponent: float) -> None:
    """Of some 2,400 pages the gap is below 1.63 / sqrt(n) = 0.034, which a true distribution exceeds once in a hundred
    logs; the spread comes back within 15%; the same where pages held out come later."""
    data = lognormal(2, exponent=exponent)
    mask = halves(data, 1)
    found, service = held_out(data, mask)
    assert found.pages == (~mask).sum()
    assert found.ks < 1.63 / math.sqrt(found.pages)
    assert spread(service, data.pick(~mask)).ratio == pytest.approx(1.0, abs=0.15)
    assert held_out(data, earlier(data))[0].ks < 1.63 / math.sqrt(found.pages)


def test_the_measure_sees_faults() -> None:
    """A half whose times are a tenth longer, or a family without its spread of workers, lies beyond .05; a spread that
    is a third too small is told as such."""
    data = lognormal(3)
    mask = halves(data, 1)
    _, service = held_out(data, mask)
    other = data.pick(~mask)
    grid = np.arange(5.5, 200.0)
    actual = np.searchsorted(np.sort(np.exp(other.log_seconds)), grid, side="right") / len(other.worker)
    assert np.abs(foretold(service, other, grid) - actual).max() < 0.035
    assert np.abs(foretold(service, other, grid * 1.15) - actual).max() > 0.05
    alike = data.pick(mask)
    alike = fit_service(Timed(alike.log_seconds, np.zeros_like(alike.worker), alike.practised, alike.step, ("all",)))
    one = Timed(other.log_seconds * 0.66, other.worker, other.practised, other.step, other.names)
    assert alike.effects.between is None
    assert spread(service, one).ratio > 1.3


def test_actual_spread_has_no_noise_in_it() -> None:
    """Workers who do not differ, with three pages each, have a spread near zero, though their means scatter by 0.23."""
    luck = np.random.default_rng(7)
    worker = np.repeat(np.arange(400), 3)
    zeros = np.zeros(1200)
    data = Timed(3 + luck.normal(0, 0.4, 1200), worker, zeros, zeros, tuple(map(str, range(400))))
    assert spread(fit_service(data), data).actual < 0.08


def test_items_that_take_longer_are_told() -> None:
    """Of 300 items that differ by 0.2 and are done by five, the interval holds 0.2; of items that do not differ it
    reaches down to 0; of items done once nothing is said."""
    luck = np.random.default_rng(8)
    item = np.repeat(np.arange(300), 5)
    noise = luck.normal(0, 0.5, 1500)
    value, low, high, many = item_spread(noise + luck.normal(0, 0.2, 300)[item], item)
    assert low < 0.2 < high
    assert value == pytest.approx(0.2, abs=0.05)
    assert many == 300
    assert item_spread(noise, item)[1] == 0.0
    assert item_spread(noise, np.arange(1500)) is None


def test_limits_of_the_platform_reach_the_fit() -> None:
    """A page's limit is shared by its units; pages without one have none."""
    pages = pd.DataFrame(
        {
            "worker": ["a", "a", "b"], "begin_ms": [0, 90_000, 0], "end_ms": [60_000, 120_000, 50_000],
            "units": [2, 1, 1], "seconds": [30.0, 30.0, 50.0], "timed": True, "limit_seconds": [600.0, 600.0, np.nan],
        }
    )  # fmt: skip
    assert np.exp(timed(pages).limit).tolist() == pytest.approx([300.0, 600.0, math.inf])
    assert timed(pages.assign(limit_seconds=np.nan)).limit is None


def test_a_limit_counts_in_what_is_foretold() -> None:
    """Of times of which none beyond 45 s was ever handed in, with the limit told, the half held out lies within 0.05 of
    what was foretold, and nothing is foretold beyond the limit."""
    whole = lognormal(5)
    ended = whole.log_seconds <= math.log(45)
    data = whole.pick(ended)
    limit = np.full(len(data.worker), math.log(45.5))
    data = Timed(data.log_seconds, data.worker, data.practised, data.step, data.names, limit)
    mask = halves(data, 1)
    found, service = held_out(data, mask)
    assert found.ks < 0.05
    assert foretold(service, data.pick(~mask), np.array([45.5, 60.0])) == pytest.approx([1.0, 1.0])
    assert service.chosen.location + service.chosen.family.centre(service.chosen.free) > data.log_seconds.mean()
