"""Net present value and payback of flows that are worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from labelcast.reports.investment.flows import discounts, paybacks, present_values
from labelcast.sim.line import MICRO


def flows(*rows: tuple[float, ...]) -> np.ndarray:
    """Micro-units of rows of whole amounts."""
    return np.array([[round(one * MICRO) for one in row] for row in rows], np.int64)


def test_a_year_costs_its_rate() -> None:
    """What comes twelve months later is worth less by the yearly rate, and each month by the twelfth root of it."""
    found = discounts(25, 0.08)
    assert found[0] == 1
    assert found[12] == pytest.approx(1 / 1.08, rel=1e-15)
    assert found[24] == pytest.approx(1 / 1.08**2, rel=1e-15)
    assert found[5] / found[6] == pytest.approx(1.08 ** (1 / 12), rel=1e-15)
    assert discounts(3, 0.0).tolist() == [1, 1, 1]


def test_a_value_worked_out_by_hand() -> None:
    """1,000 spent in March 2027 and 1,210 back in March 2029, at 10% a year, as of March 2027: 1,210 / 1.21 is what was
    spent. As of January it is the same nothing; and of 2,420 back, 1,000 / 1.1^(2/12) = 984.2405 is left."""
    row = [0.0] * 27
    row[2], row[26] = -1_000, 1_210
    assert present_values(flows(tuple(row)), 0.1).tolist() == pytest.approx([0.0], abs=1e-9)
    row[26] = 2_420
    assert present_values(flows(tuple(row)), 0.1).tolist() == pytest.approx([984.2405], abs=1e-4)


@pytest.mark.parametrize(
    ("row", "rate", "month"),
    [
        ((0, -100, 40, 40, 20, 0), 0.0, 4),
        ((0, -100, 40, 40, 20, 0), 0.08, math.inf),
        ((0, -100, 40, 40, 40, 0), 0.08, 4),
        ((-100, 150, -60, 30, 0, 0), 0.0, 3),
        ((-100, 150, 0, 0, 0, -60), 0.0, math.inf),
        ((0, 0, 5, 0, 0, 0), 0.08, 2),
        ((0, 0, -5, 0, 0, 0), 0.0, math.inf),
        ((0, 0, 0, 0, 0, 0), 0.08, math.nan),
    ],
    ids=[
        "to the coin",
        "not discounted",
        "by the month",
        "dips again",
        "ends below",
        "only saves",
        "only costs",
        "none",
    ],
)
def test_paid_back_is_for_good(row: tuple[float, ...], rate: float, month: float) -> None:
    """The first month from which on the sum so far is never below zero."""
    assert paybacks(flows(row), rate).tolist() == pytest.approx([month], nan_ok=True)


def test_what_has_a_value_is_paid_back() -> None:
    """Of 500 random flows, those that are never paid back are those whose net present value is below zero."""
    rng = np.random.default_rng(126)
    rows = rng.integers(-100, 110, (500, 9)) * MICRO
    values, months = present_values(rows, 0.2), paybacks(rows, 0.2)
    assert (np.isinf(months) == (values < 0)).all()
    assert 100 < np.isinf(months).sum() < 400
    for row, month in zip(rows, months, strict=True):
        if np.isfinite(month):
            sums = np.cumsum(row * discounts(9, 0.2))
            assert (sums[int(month) :] >= 0).all()
            assert sums[int(month) - 1] < 0 or not row[: int(month)].any()
