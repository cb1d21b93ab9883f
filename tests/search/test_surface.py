"""Response surfaces: what was measured comes back, what is linear is found, and doubt is where nothing was measured."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import lapack
from threadpoolctl import ThreadpoolController

from labelcast.sim.surface import Points, Surface, surface


def points(number: int, seed: int = 0, features: int = 3) -> Points:
    rng = np.random.default_rng(seed)
    at = rng.random((number, 4))
    return Points(np.hstack([rng.standard_normal((number, features)), at - 0.5]), at, np.zeros((number, 0)))


def part(of: Points, places: slice) -> Points:
    return Points(of.features[places], of.at[places], of.trend[places])


def straight(of: Points) -> np.ndarray:
    return 40.0 + of.features @ np.array([5.0, -2.0, 0.0, 3.0, 1.0, 0.0, -4.0])


def test_what_is_linear_is_foretold() -> None:
    """From 30 plans, to a hundredth of how much they differ."""
    known = points(60)
    y = straight(known)
    found = surface(part(known, slice(30)), y[:30], np.zeros(30))
    mean, sd = found.at(part(known, slice(30, None)))
    assert np.abs(mean - y[30:]).max() < 0.02 * y.std()
    assert (np.abs(mean - y[30:]) < 4 * sd).all()


def test_of_a_trend_few_plans_are_enough() -> None:
    """Eight plans, a trend, and features that are twenty columns of noise: nine tenths of what differs is foretold. The
    same column as one more feature would not be found among them."""
    rng = np.random.default_rng(5)
    trend, noise = rng.standard_normal((60, 1)), rng.standard_normal((60, 20))
    y = 100.0 + 20.0 * trend[:, 0] + rng.standard_normal(60)
    foretold = Points(noise, rng.random((60, 3)), trend)
    as_one_more = Points(np.hstack([noise, trend]), foretold.at, np.zeros((60, 0)))
    errors = []
    for of in (foretold, as_one_more):
        mean, _ = surface(part(of, slice(8)), y[:8], np.full(8, 1.0)).at(part(of, slice(8, None)))
        errors.append(float(np.var(mean - y[8:]) / np.var(y[8:])))
    assert errors[0] < 0.1 < 0.5 < errors[1]


def test_what_was_measured_without_error_comes_back() -> None:
    known = points(25)
    y = np.sin(5 * known.at[:, 0]) + straight(known)
    mean, sd = surface(known, y, np.zeros(25)).at(known)
    assert mean == pytest.approx(y, abs=0.1 * y.std())
    assert (sd < 0.1 * y.std()).all()


def test_what_was_measured_with_error_is_smoothed() -> None:
    """The errors of means are larger than those of what is foretold from all of them."""
    known, errors = points(80), np.full(80, 2.0)
    y = straight(known)
    seen = y + np.random.default_rng(3).normal(0.0, 2.0, 80)
    mean, sd = surface(known, seen, errors).at(known)
    assert np.std(mean - y) < 0.6 * np.std(seen - y)
    assert np.mean(np.abs(mean - y) < 2 * sd) > 0.85


def test_doubt_grows_away_from_what_was_measured() -> None:
    near = Points(np.zeros((12, 2)), np.random.default_rng(0).random((12, 2)) * 0.2, np.zeros((12, 0)))
    y = np.random.default_rng(1).normal(0, 1, 12)
    found = surface(near, y, np.full(12, 0.1))
    far = Points(np.zeros((1, 2)), np.ones((1, 2)), np.zeros((1, 0)))
    assert found.at(far)[1][0] > found.at(part(near, slice(1)))[1][0]


def test_one_measurement_is_a_level() -> None:
    one = points(1)
    found = surface(one, np.array([7.0]), np.zeros(1))
    assert found.at(one)[0][0] == pytest.approx(7.0, rel=1e-3)


@given(st.integers(0, 1_000), st.floats(0.01, 1e6), st.floats(-1e6, 1e6))
@settings(max_examples=15, deadline=None)
def test_units_change_nothing(seed: int, unit: float, level: float) -> None:
    """What is measured in other units, from another zero, is foretold in them."""
    known = points(20, seed)
    y = straight(known) + np.random.default_rng(seed).normal(0, 1, 20)

    def found(values: np.ndarray, errors: np.ndarray) -> Surface:
        return surface(part(known, slice(15)), values, errors)

    mean, sd = found(y[:15], np.full(15, 0.5)).at(part(known, slice(15, None)))
    other, other_sd = found(level + unit * y[:15], np.full(15, 0.5 * unit)).at(part(known, slice(15, None)))
    assert other == pytest.approx(level + unit * mean, abs=1e-4 * unit * y.std() + 1e-9 * abs(level))
    assert other_sd == pytest.approx(unit * sd, rel=1e-3)


def test_what_moves_all_at_once_is_no_more_certain_for_many() -> None:
    """Eighty plans, each measured to 0.1 but for one error of 1.0 that is in all of them: what is foretold is as
    uncertain as that error. As errors of their own it would be known to less than half of it."""
    known = points(80)
    y = straight(known)
    common = surface(known, y, np.full(80, 0.1), np.full(80, 1.0)).at(known)[1]
    own = surface(known, y, np.full(80, np.hypot(0.1, 1.0))).at(known)[1]
    assert np.median(common) == pytest.approx(1.0, rel=0.2)
    assert np.median(own) < 0.5


def test_linear_algebra_is_left_as_it_was() -> None:
    """One thread while a surface is made, and before and after it as many as there were."""
    libraries = ThreadpoolController().select(user_api="blas")
    seen: list[int] = []

    def noting(*given: object, **how: object) -> object:
        seen.extend(one["num_threads"] for one in libraries.info())
        return dpotrf(*given, **how)

    dpotrf = lapack.dpotrf
    known = points(5)
    with libraries.limit(limits=2), pytest.MonkeyPatch.context() as patch:
        before = [one["num_threads"] for one in libraries.info()]
        patch.setattr(lapack, "dpotrf", noting)
        surface(known, straight(known), np.zeros(5))
        assert [one["num_threads"] for one in libraries.info()] == before
    assert set(seen) == {1}
