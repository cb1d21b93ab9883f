"""What practice, a long shift and time since a training do to people: tables by finished tasks, and factors by time.

Both engines look the tables up, so that no power is taken on their way. Entry n holds for a worker who has finished n
tasks at the stage; the last entry holds for all beyond.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from .jit import jit
from .line import Gold, Learning

Floats = NDArray[np.float64]

HOUR_MS = 3_600_000


def time_factors(learning: Learning) -> Floats:
    """Factors on service time, (1 + n)^-exponent for n = 0 .. tasks; one entry where practice saves no time.

    Source: Newell and Rosenbloom, Mechanisms of skill acquisition and the law of practice, 1981.
    """
    if learning.exponent == 0.0:
        return np.ones(1)
    return np.asarray((1.0 + np.arange(learning.tasks + 1)) ** -learning.exponent, np.float64)


def practice(learning: Learning) -> Floats:
    """Logits that practice adds, gain * (1 - 2^(-n / half)) for n = 0 .. tasks; one entry where it adds none."""
    if learning.gain == 0.0:
        return np.zeros(1)
    return np.asarray(learning.gain * (1.0 - np.exp2(-np.arange(learning.tasks + 1) / learning.half)), np.float64)


@jit
def tired_pace(slower: float, on_shift_ms: int) -> float:
    """Factor on service time after so long on shift: `slower` more of it by each hour."""
    return 1.0 + slower * (on_shift_ms / HOUR_MS)


def half_of(rule: Gold) -> int:
    """Milliseconds after which half of what training gained is lost, 0 for never."""
    return 0 if rule.retrain_half_s is None else round(rule.retrain_half_s * 1000)


@jit
def faded(gained: float, half_ms: int, since_ms: int) -> float:
    """Logits that are lost of what training gained, so long after it: half of them after `half_ms`, which is above 0.

    Source: forgetting as exponential decay; see Loftus, Evaluating forgetting curves, 1985.
    """
    return gained * (1.0 - math.pow(2.0, -since_ms / half_ms))


@jit
def tired_logits(tiring: float, on_shift_ms: int) -> float:
    """Logits that skill has fallen by after so long on shift: `tiring` by each hour."""
    return tiring * (on_shift_ms / HOUR_MS)
