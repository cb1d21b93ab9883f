"""Whether the part ahead was another line than the part before: a crowd that comes more or less, people who work faster
or slower."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from ..crowd.batches import Batch
from ..crowd.fit import CrowdFit
from ..crowd.level import AHEAD
from ..crowd.visits import seen_by
from ..service.practice import Practice, finished_before

RARE = float(stats.norm.ppf(0.995))
"""A change is told beyond so many standard errors: 1 in 100 where nothing changed."""


@dataclass(frozen=True)
class Drift:
    """A change from the part before to the part ahead. what: in words.  factor: by which it is larger ahead.
    z: in standard errors of its logarithm."""

    what: str
    factor: float
    z: float

    @property
    def told(self) -> bool:
        """Whether chance hardly explains it."""
        return bool(abs(self.z) > RARE)


def of_visits(fit: CrowdFit, ahead: Sequence[Batch], timezone: str) -> Drift:
    """Of the level at which the crowd comes, against where it might have moved by what the part before shows."""
    level = fit.crowd.level
    seen = seen_by(fit.crowd.coming, ahead, timezone)
    weight = 1.0 / (seen.variance + level.own**2)
    mean = float((weight * seen.level).sum() / weight.sum())
    error = math.sqrt(1.0 / float(weight.sum()) + level.centre_sd**2 + AHEAD * level.step**2)
    return Drift("how many visit a batch", math.exp(mean - level.centre), (mean - level.centre) / error)


def of_times(pages: pd.DataFrame, now: int, practice: Practice | None) -> Drift | None:
    """Of the time that one label takes, by workers who were there before and after; None with fewer than five.

    pages: of the whole log, cleaned.  practice: as fitted to the part before, which the line knows and is no change.
    Mean over workers of the difference of their mean log times; Student's t of it as a normal deviate.
    """
    log = np.log(pages["seconds"].where(pages["timed"]))
    if practice is not None and practice.told:
        log = log + practice.exponent * np.minimum(finished_before(pages), math.log1p(practice.most))
    late = pages["end_ms"] > now
    before, after = (log[mask & pages["timed"]].groupby(pages["worker"]).mean() for mask in (~late, late))
    both = before.index.intersection(after.index)
    if len(both) < 5:
        return None
    differences = (after[both] - before[both]).to_numpy()
    error = float(differences.std(ddof=1)) / math.sqrt(len(differences))
    mean = float(differences.mean())
    t = mean / error if error > 0 else 0.0
    z = math.copysign(float(stats.norm.isf(stats.t.sf(abs(t), len(differences) - 1))), t)
    return Drift("the time that a label takes", math.exp(mean), z)
