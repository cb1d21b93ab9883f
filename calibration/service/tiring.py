"""Whether people get slower the longer they have been at work: time grows by a share with each hour of a session.

Hours are since the session began, as far as a log tells: since the first page after a gap of GAP_MS or more, or after
a page that was left open for so long, as over a night.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from ..availability import GAP_MS

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LEAST_WORKERS = 5
"""Below it nobody can say whether people tire or these few did."""

MATERIAL = 0.005
"""An hour that makes tasks longer by less than this share changes no plan: 2% at the end of half a day."""

STEEPEST = 1.0
"""Twice the time after an hour is no tiring but another kind of work."""


@dataclass(frozen=True)
class Tiring:
    """slower: share by which an hour makes tasks longer, with its 95% interval, negative where they get shorter.
    workers: with pages at different hours.  most: the longest that anyone had been at work, in hours."""

    slower: float
    low: float
    high: float
    workers: int
    most: float

    @property
    def told(self) -> bool:
        """Whether the log tells that people tire, and by so much that it matters."""
        return self.low > 0 and MATERIAL <= self.slower <= STEEPEST


def hours_at_work(pages: pd.DataFrame) -> Floats:
    """Hours from the beginning of a worker's session to that of each page.

    pages: worker, begin_ms, end_ms, timed, in each worker's order of time, idle ones among them, since time passed
    there too.
    """
    begin, end = pages["begin_ms"].to_numpy(np.int64), pages["end_ms"].to_numpy(np.float64)
    worker = pd.factorize(pages["worker"])[0]
    if not len(begin):
        return np.zeros(0)
    new = np.ones(len(begin), bool)
    left_open = ~pages["timed"].to_numpy(bool) & (end - begin >= GAP_MS)
    new[1:] = (worker[1:] != worker[:-1]) | (begin[1:] - end[:-1] >= GAP_MS) | left_open[:-1]
    return np.asarray((begin - begin[new][np.cumsum(new) - 1]) / 3_600_000.0)


def fit_tiring(log_seconds: Floats, worker: Ints, practised: Floats, hours: Floats) -> Tiring | None:
    """Least squares of log time on log(1 + slower h) within workers, practice taken out beside it.

    practised: log(1 + units finished before).  hours: at work.  The interval is by worker, as for practice: days on
    which someone is slow hang together. Within workers and not within sessions: there, a page that happens to be long
    puts off all later ones of its session, which alone makes long sessions look as if people got quicker.
    None where fewer than LEAST_WORKERS workers have pages at different hours, or nobody is told apart from practice.
    Source: Liang & Zeger, Longitudinal data analysis using generalized linear models, 1986.
    """
    spread = np.bincount(worker, _within(hours, worker) ** 2)
    workers = int((spread > 1e-9).sum())
    if workers < LEAST_WORKERS:
        return None
    most = float(hours.max())
    y, slower = _within(log_seconds, worker), 0.0
    for _ in range(50):
        grown = 1 + slower * hours
        x = np.column_stack([_within(hours / grown, worker), _within(practised, worker)])
        normal = x.T @ x
        if np.linalg.det(normal) <= 1e-9 * normal[0, 0] * max(normal[1, 1], 1e-300):
            x, normal = x[:, :1], normal[:1, :1]  # who has done as many before at every hour has no practice to tell
        target = y - _within(np.log(grown) - slower * hours / grown, worker)
        found = np.linalg.solve(normal, x.T @ target)
        step = max(float(found[0]), -0.5 / most) - slower
        slower += step
        if abs(step) < 1e-9:
            break
    low, high = _interval(x, target - x @ found, worker, slower)
    return Tiring(slower, low, high, workers, most)


def _interval(x: Floats, left: Floats, worker: Ints, slower: float) -> tuple[float, float]:
    """The sandwich of clustered least squares; a few workers hold most of what is known, and the interval counts as
    many as that is worth."""
    bread = np.linalg.inv(x.T @ x)
    score = np.column_stack([np.bincount(worker, column * left) for column in x.T])
    square = np.bincount(worker, (x @ bread[:, 0]) ** 2)
    worth = float(square.sum()) ** 2 / float((square**2).sum())
    variance = float((bread @ (score.T @ score) @ bread)[0, 0]) * worth / max(worth - 1, 0.5)
    half = float(stats.t.ppf(0.975, max(worth - 1, 1))) * math.sqrt(variance)
    return slower - half, slower + half


def _within(values: Floats, worker: Ints) -> Floats:
    """Less each worker's mean."""
    n = np.maximum(np.bincount(worker), 1)
    return np.asarray(values - (np.bincount(worker, values) / n)[worker])
