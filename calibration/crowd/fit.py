"""All that a log of batches says about its crowd."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .batches import Batch
from .level import fit_level
from .matched import matched
from .model import Crowd, Service
from .stays import fit_stays
from .visits import fit_coming


@dataclass(frozen=True, eq=False)
class CrowdFit:
    """crowd: as fitted.  batches: from which, in the order of posting.  matched_by: batches that were simulated to set
    its level, 0 where none was over."""

    crowd: Crowd
    batches: tuple[Batch, ...]
    matched_by: int


def fit_crowd(batches: Sequence[Batch], service: Service, timezone: str, until: int | None = None) -> CrowdFit:
    """The crowd of batches, in the order of posting. until: where the log was cut, for batches that go on then."""
    offer = max(one.labels for one in batches)
    coming = fit_coming(batches, offer, timezone, until)
    told = np.flatnonzero(coming.counts > 0)
    if not len(told):
        told = np.arange(len(batches))
    level = fit_level(coming.level[told], coming.variance[told])
    crowd, by = matched(Crowd(coming, level, fit_stays(batches), service, timezone), batches)
    return CrowdFit(crowd, tuple(batches), by)
