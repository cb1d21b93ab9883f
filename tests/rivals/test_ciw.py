"""Our engines against Ciw, an independent simulator, on six networks drawn at random.

Both simulate the same number of items from empty to empty, so that their means are equal, whatever the start does. The
difference of the means over replications must lie within Welch's interval around zero, at a false alarm of 1/10,000 for
each of the 24 quantities on each engine: with true engines, one choice of seeds in two hundred would fail one of them.
Seeds are fixed, a seed of its own for each network, so that no luck is shared. The intervals must be narrow enough to
be able to fail, and service that is 10% longer must be seen.
"""

from __future__ import annotations

import dataclasses
import math
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray
from rivals.networks import Run, by_ciw, by_ours, drawn, quantities
from scipy import stats

from labelcast.sim import kernel, reference
from labelcast.sim.line import Line
from labelcast.sim.plan import Plan

pytestmark = pytest.mark.verify

SEEDS = (1, 2, 3, 4, 5, 6)
ITEMS = 2000
CIW_REPLICATIONS = 48
FALSE_ALARM = 1e-4
SHARP_TIME, SHARP_QUEUE = 0.2, 0.7
"""Half-width of an interval by the mean, at most: queues of slow stations vary widely between replications."""

ENGINES: dict[str, tuple[Run, int]] = {"kernel": (kernel.run, 120), "reference": (reference.run, 24)}
"""Of ours, with replications as its speed allows."""


@cache
def ciw_says(seed: int) -> NDArray[np.float64]:
    """Ciw's rows of a network, simulated once for all tests."""
    return by_ciw(drawn(seed), ITEMS, seed, CIW_REPLICATIONS)


def difference(one: NDArray[np.float64], other: NDArray[np.float64]) -> tuple[float, float]:
    """Difference of the means and the half-width of its interval.

    Source: Welch, The generalization of Student's problem when several different population variances are involved,
    Biometrika 1947.
    """
    a, b = (float(np.var(values, ddof=1)) / len(values) for values in (one, other))
    freedom = (a + b) ** 2 / (a**2 / (len(one) - 1) + b**2 / (len(other) - 1))
    return float(one.mean() - other.mean()), float(stats.t.ppf(1 - FALSE_ALARM / 2, freedom)) * math.sqrt(a + b)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("engine", ENGINES)
def test_ciw_agrees(engine: str, seed: int) -> None:
    """Mean time in the line, and mean number waiting at every station."""
    stations = drawn(seed)
    run, replications = ENGINES[engine]
    ours, theirs = by_ours(run, stations, ITEMS, seed, replications), ciw_says(seed)
    for place, (name, one, other) in enumerate(zip(quantities(stations), ours.T, theirs.T, strict=True)):
        apart, half = difference(one, other)
        told = f"{name}: ours {one.mean():.4g}, Ciw {other.mean():.4g}, apart {apart:.2g}, at most {half:.2g}"
        assert half < (SHARP_QUEUE if place else SHARP_TIME) * other.mean(), told
        assert abs(apart) <= half, told


@pytest.mark.parametrize("seed", SEEDS[::2])
@pytest.mark.parametrize("engine", ENGINES)
def test_longer_service_is_seen(engine: str, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same comparison fails when an engine reads from its plan that service takes 10% longer."""
    true = Plan.of

    def slower(line: Line) -> Plan:
        return true(dataclasses.replace(line, pools=tuple(dataclasses.replace(one, speed=1.1) for one in line.pools)))

    monkeypatch.setattr(Plan, "of", staticmethod(slower))
    run, replications = ENGINES[engine]
    ours = by_ours(run, drawn(seed), ITEMS, seed, replications)
    time, half = difference(ours[:, 0], ciw_says(seed)[:, 0])
    assert time > half
