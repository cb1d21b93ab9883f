"""By how much simulated batches of the past differ from what they took, each simulated at its own level.

Not every visit is seen: who finds nothing that they have not labelled yet goes without a trace, and a visit late in a
batch ends for want of work. So visits counted over exposure are too few for a line in which all of this happens. The
past itself tells by how much: batches are simulated, and the level moved until as many take longer as take less time.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

import numpy as np

from .batches import Batch
from .model import Crowd, simulate

MOST = 12
"""Batches that are simulated, the latest."""

ROUNDS = 2
SEED = 7
"""Of the first batch; each has luck of its own, or all would be led astray by the same."""

LABELS, REPLICATIONS = 100_000, 8
"""Labels that are simulated in a round, about, and replications of a batch at most."""


def matched(crowd: Crowd, batches: Sequence[Batch]) -> tuple[Crowd, int]:
    """The crowd whose simulated batches take as long as those of the past, and by how many batches that was told."""
    levels = crowd.coming.level
    told = [n for n, one in enumerate(batches) if one.over and one.makespan_ms > 0 and one.labels <= LABELS][-MOST:]
    while sum(batches[n].labels for n in told) > LABELS:
        told.remove(max(told, key=lambda n: batches[n].labels))
    if not told:
        return crowd, 0
    each = min(REPLICATIONS, LABELS // sum(batches[n].labels for n in told))
    for _ in range(ROUNDS):
        longer = [_log_ratio(crowd, batches[n], float(levels[n]), each, SEED + n) for n in told]
        crowd = dataclasses.replace(crowd, matched=crowd.matched + float(np.median(longer)))
    return dataclasses.replace(crowd, matched_sd=_error(longer)), len(told)


def _error(longer: list[float]) -> float:
    """Standard error of the median of what batches told, as of a normal law; none of a single one."""
    return math.sqrt(math.pi / 2 / len(longer)) * float(np.std(longer, ddof=1)) if len(longer) > 1 else 0.0


def _log_ratio(crowd: Crowd, batch: Batch, level: float, replications: int, seed: int) -> float:
    """Median over replications of the logarithm of simulated by actual makespan."""
    each = batch.labels_per_item
    line = crowd.line(max(1, round(batch.labels / each)), each, batch.posted, level, 0.0)
    ends = simulate(line, batch.posted, replications, seed)
    whole = [math.log((int(one.ends[-1]) - batch.posted) / batch.makespan_ms) for one in ends if len(one.ends)]
    return float(np.median(whole)) if whole else 0.0
