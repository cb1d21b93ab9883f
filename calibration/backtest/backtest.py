"""A log cut in two: the line fitted to the first part against what really came, and against two naive forecasts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from ..crowd.fit import CrowdFit, fit_crowd
from ..crowd.model import Service
from ..readers.recognise import Export
from .ahead import DRAWS, by_crowd, by_flat_rate, by_replay
from .scores import Actual, Scored, actual, scored
from .split import Split, split

SEED = 11


@dataclass(frozen=True, eq=False)
class Backtest:
    """line, flat, replay: the forecasts' scores.  truth: what came.  cut: where the log was cut.  fit: of the part
    before."""

    cut: Split
    fit: CrowdFit
    truth: Actual
    line: Scored
    flat: Scored
    replay: Scored

    @property
    def beats_flat_rate(self) -> bool:
        """Nearer in batch makespans and in daily throughput."""
        return self.line.makespan < self.flat.makespan and self.line.daily < self.flat.daily

    @property
    def beats_replay(self) -> bool:
        """Nearer in batch makespans and in daily throughput."""
        return self.line.makespan < self.replay.makespan and self.line.daily < self.replay.daily


def binomial_interval(hits: int, of: int, level: float) -> tuple[float, float]:
    """Clopper and Pearson's interval of a share; 0 and 1 for none."""
    if of == 0:
        return 0.0, 1.0
    tail = (1.0 - level) / 2.0
    low = 0.0 if hits == 0 else float(stats.beta.ppf(tail, hits, of - hits + 1))
    high = 1.0 if hits == of else float(stats.beta.ppf(1.0 - tail, hits + 1, of - hits))
    return low, high


def crowd_backtest(export: Export, service: Service, timezone: str, share: float, replications: int) -> Backtest:
    """Of a log of batches that a crowd worked on."""
    cut = split(export, share)
    fit = fit_crowd(cut.past, service, timezone, cut.now)
    truth = actual(cut.ahead, cut.now, timezone)
    line = scored(truth, by_crowd(fit, cut.ahead, cut.now, replications, SEED), replications)
    flat = scored(truth, by_flat_rate(cut.past, cut.ahead, cut.now), 1)
    replay = scored(truth, by_replay(cut.past, cut.ahead, cut.now, SEED), DRAWS)
    return Backtest(cut, fit, truth, line, flat, replay)


def share_of(hits: np.ndarray) -> float:
    """Share of those that are true."""
    return float(np.mean(hits))
