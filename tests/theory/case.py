"""A case: a line, what theory says of it, and how the log is asked.

The verdict: replications 0 .. R - 1 of one seed; theory must lie in the t interval of the mean at LEVEL over the
replications (false alarm one in a thousand for a true engine; seeds are fixed, so the verdict never changes), and the
interval must be narrower than WIDTH of the theory on either side, so that it can fail. Where theory is a bound or an
approximation, the whole interval must lie between `low` and `high`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from scipy import stats

from labelcast.sim import kernel, reference
from labelcast.sim.line import Line
from labelcast.sim.log import Log
from labelcast.sim.plan import Plan

from .faults import FAULTS

LEVEL = 0.999
WIDTH = 0.1
FAULTY = 6
"""Replications under a planted fault."""


@dataclass(frozen=True)
class Quantity:
    """A number of which theory knows the mean. unit: "s", "items", "" for a share.  low, high: where theory is not
    exact, between which the mean lies; else None."""

    name: str
    unit: str
    theory: float
    measure: Callable[[Log], float]
    low: float | None = None
    high: float | None = None

    @property
    def exact(self) -> bool:
        """Whether theory says one number."""
        return self.low is None and self.high is None


@dataclass(frozen=True)
class Case:
    """line: the same for all replications, or made for each.  faults: names in FAULTS; each quantity must be seen to
    fail under one of them at least.  replications: of `make verify`."""

    line: Line | Callable[[int], Line]
    quantities: tuple[Quantity, ...]
    faults: tuple[str, ...]
    replications: int = 16


@dataclass(frozen=True)
class Estimate:
    """Mean over replications, and half-width of its interval at LEVEL."""

    mean: float
    half: float


CASES: dict[str, Callable[[], Case]] = {}
"""All cases, "family: name"; each made when asked for, since some oracles take seconds."""


def case(name: str) -> Callable[[Callable[[], Case]], Callable[[], Case]]:
    """Enters a function under a name."""

    def enter(make: Callable[[], Case]) -> Callable[[], Case]:
        assert name not in CASES, f"two cases are called {name}"
        CASES[name] = make
        return make

    return enter


Engine = Callable[[Plan, int, int], Log]


def values(one: Case, replication: int, seed: int, run: Engine) -> list[float]:
    """Every quantity of the case in one replication."""
    line = one.line(replication) if callable(one.line) else one.line
    log = run(Plan.of(line), seed, replication)
    return [quantity.measure(log) for quantity in one.quantities]


def estimates(one: Case, replications: int, seed: int = 1, run: Engine = kernel.run) -> list[Estimate]:
    """Mean and interval of every quantity, in the order of the case. run: the kernel, or its equal, the reference."""
    return summed_up([values(one, replication, seed, run) for replication in range(replications)])


def summed_up(rows: list[list[float]]) -> list[Estimate]:
    """Mean and interval of every column; a row a replication."""
    found = np.array(rows)
    assert np.isfinite(found).all(), "a measure gave no number"
    scale = stats.t.ppf(0.5 + LEVEL / 2, len(found) - 1) / math.sqrt(len(found))
    return [Estimate(float(column.mean()), float(scale * column.std(ddof=1))) for column in found.T]


def agrees(quantity: Quantity, found: Estimate) -> bool:
    """Whether the simulated mean is what theory says."""
    if quantity.exact:
        return abs(found.mean - quantity.theory) <= found.half
    low = -math.inf if quantity.low is None else quantity.low
    high = math.inf if quantity.high is None else quantity.high
    return low <= found.mean - found.half and found.mean + found.half <= high


def sharp(quantity: Quantity, found: Estimate) -> bool:
    """Whether the interval is narrow enough to be able to fail."""
    return found.half < WIDTH * abs(quantity.theory)


def under_fault(one: Case, fault: str, replications: int, seed: int = 1) -> list[Estimate]:
    """Estimates of a case by the reference engine, with a fault planted in it."""
    with pytest.MonkeyPatch.context() as patch:
        FAULTS[fault](patch)
        return estimates(one, replications, seed, reference.run)
