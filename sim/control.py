"""A control chart of results that are right or wrong: the Bernoulli CUSUM, and how long it runs until it alarms.

After each result the score is max(0, score - 1) if it is right, and score + m - 1 if it is wrong; at a score of `limit`
or more the chart alarms and begins anew at 0. That is Page's sum of log-likelihood ratios of two shares of wrong
results, p0 in control and p1 out of control, in whole numbers: 1/m stands for
    gamma = r1 / r2, r1 = -ln((1 - p1) / (1 - p0)), r2 = ln(p1 (1 - p0) / (p0 (1 - p1))),
which p1 meets exactly after a small change, as is usual. The scores then are a Markov chain of `limit` states, whose
mean time to the alarm is exact.
Sources: Page, Continuous inspection schemes, Biometrika 1954; Brook and Evans, An approach to the probability
distribution of CUSUM run length, Biometrika 1972; Reynolds and Stoumbos, A CUSUM chart for monitoring a proportion when
inspecting continuously, Journal of Quality Technology 1999.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from scipy import linalg

from .line import Chart

MOST = 1_000_000
"""The highest limit that is looked for."""


def weight(chart: Chart) -> int:
    """m, so that a wrong result adds m - 1 and a right one takes 1; at least 2."""
    p0, p1 = chart.in_control, chart.out_of_control
    r1 = -math.log((1.0 - p1) / (1.0 - p0))
    r2 = math.log(p1 * (1.0 - p0) / (p0 * (1.0 - p1)))
    return max(2, round(r2 / r1))


@lru_cache(maxsize=64)
def limit(chart: Chart) -> int:
    """The score at which the chart alarms: the stated one, or the lowest at which false alarms are at least as rare as
    stated."""
    if chart.limit is not None:
        return chart.limit
    assert chart.false_alarm_every is not None
    m, at = weight(chart), 1
    while run_length(m, at, chart.in_control) < chart.false_alarm_every and at < MOST:
        at *= 2
    low, high = at // 2, at
    while high - low > 1:
        middle = (low + high) // 2
        if run_length(m, middle, chart.in_control) < chart.false_alarm_every:
            low = middle
        else:
            high = middle
    return high


def run_length(m: int, limit: int, wrong: float) -> float:
    """Mean number of results from a score of 0 to the alarm (ARL), where each is wrong with chance `wrong`, above 0.

    Solves E[s] = 1 + (1 - wrong) E[max(0, s - 1)] + wrong E[s + m - 1] for the scores s below `limit`, E being 0 from
    there on (Brook and Evans).
    """
    rise = m - 1
    upper = min(rise, limit - 1)
    rows = np.zeros((upper + 2, limit))  # diagonals, the highest first
    rows[upper] = 1.0
    rows[upper, 0] = wrong
    if rise <= upper:
        rows[0, rise:] = -wrong
    rows[upper + 1, :-1] = wrong - 1.0
    return float(linalg.solve_banded((1, upper), rows, np.ones(limit))[0])


def alarms(results: Iterable[bool], m: int, limit: int) -> list[int]:
    """After which results the chart alarms, by their place from 0. results: whether each is wrong, in order of time."""
    score, found = 0, []
    for place, wrong in enumerate(results):
        score = score + m - 1 if wrong else max(0, score - 1)
        if score >= limit:
            found.append(place)
            score = 0
    return found
