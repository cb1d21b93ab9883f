"""Service times in whole ticks, shared by both engines."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .draws import uniform
from .jit import jit
from .quantiles import quantile


@jit
def service_ms(stream: int, item: int, where: int, table: NDArray[np.float64], pace: float, tick: int) -> int:
    """Active time of a task in milliseconds: a draw from `table` (seconds) times the worker's pace, in whole ticks, at
    least one."""
    ms = 1000.0 * pace * quantile(table, uniform(stream, item, where))
    return max(1, int(ms / tick + 0.5)) * tick


@jit
def elapsed_ms(active: int, pace: float, tick: int) -> int:
    """On-shift time that a task of `active` milliseconds takes where time off tasks stretches it by `pace`."""
    return max(1, int(active * pace / tick + 0.5)) * tick


def whole_ms(seconds: float, tick: int) -> int:
    """A fixed length of time in milliseconds: whole ticks, halves up, at least one."""
    return max(1, int(1000.0 * seconds / tick + 0.5)) * tick
