"""Cash flows of an investment: what they are worth today, and when they have paid back what was spent.

A month's flow is what it costs less with the investment than without it, below zero where it costs more. It counts as
of the first month, the scenario's own: the flow of k months later is divided by (1 + rate)^(k / 12), so that the yearly
rate is compounded monthly.
Source: Brealey, Myers and Allen, Principles of corporate finance, chapters on net present value and on payback.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from ...sim.line import MICRO
from ...sim.statistics import Floats

Ints = npt.NDArray[np.int64]

HALF_MICRO = 0.5
"""Discounted micro-units; a sum that is nearer to zero than this is zero."""

NEVER, NOTHING = math.inf, math.nan
"""Paid back not within the months that are covered; nothing that could be paid back."""


def discounts(months: int, rate: float) -> Floats:
    """What a unit of each month is worth in the first: float[months]. rate: by the year, 0.08 for 8%."""
    return np.asarray((1.0 + rate) ** (-np.arange(months) / 12.0), np.float64)


def present_values(flows: Ints, rate: float) -> Floats:
    """Net present value in units of the currency: float[replication]. flows: int64[replication, month], micro-units."""
    return np.asarray((flows * discounts(flows.shape[1], rate)).sum(axis=1) / MICRO, np.float64)


def paybacks(flows: Ints, rate: float = 0.0) -> Floats:
    """Month by whose end all that was spent is back for good: float[replication], counted from 0.

    For good: from then on the sum of all flows so far, discounted at the rate, is not below zero in any month. NEVER
    where it is below zero in the last month; NOTHING where no month differs. Where it never is below zero, it is the
    first month that differs. So NEVER is told exactly of those whose net present value is below zero.
    """
    sums = np.cumsum(flows * discounts(flows.shape[1], rate), axis=1) if rate else np.cumsum(flows, axis=1)
    count, months = flows.shape
    below = sums < -HALF_MICRO
    last_below = months - 1 - np.argmax(below[:, ::-1], axis=1)
    found = np.where(below.any(axis=1), last_below + 1, np.argmax(flows != 0, axis=1)).astype(np.float64)
    found[below[:, -1]] = NEVER
    found[~(flows != 0).any(axis=1)] = NOTHING
    assert found.shape == (count,)
    return np.asarray(found, np.float64)
