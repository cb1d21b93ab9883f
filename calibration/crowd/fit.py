"""All that a log of batches says about its crowd."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...sim.line import Learning
from ..service import fit as service
from ..service.words import distribution
from .batches import Batch
from .level import fit_level
from .matched import matched
from .model import Crowd, Service
from .stays import fit_stays
from .visits import fit_coming

LATEST = 200
"""Batches that are fitted, the latest: what a crowd was before them says little of what it will be."""


FEWEST = 10
"""Visits after the first of their batch, below which nothing tells how often people come."""


def enough(batches: Sequence[Batch]) -> bool:
    """Whether batches tell how often people come."""
    return sum(len(one.visits) - (not one.recorded) for one in batches) >= FEWEST


@dataclass(frozen=True, eq=False)
class CrowdFit:
    """crowd: as fitted.  batches: from which, in the order of posting.  matched_by: batches that were simulated to set
    its level, 0 where none was over."""

    crowd: Crowd
    batches: tuple[Batch, ...]
    matched_by: int


def service_of(fitted: service.Service, shrinkage: float) -> Service:
    """What a visit's labels take, of a fitted service time."""
    spread, practice = fitted.effects.between, fitted.practice
    learning = Learning()
    if practice is not None and practice.told:
        learning = Learning(exponent=practice.exponent, tasks=max(1, practice.most))
    return Service(distribution(fitted), 0.0 if spread is None else spread[0], shrinkage, learning)


def fit_crowd(batches: Sequence[Batch], service: Service, timezone: str, until: int | None = None) -> CrowdFit:
    """The crowd of batches, in the order of posting. until: where the log was cut, for batches that go on then."""
    batches = batches[-LATEST:]
    offer = max(one.labels for one in batches)
    coming = fit_coming(batches, offer, timezone, until)
    told = np.flatnonzero(coming.counts > 0)
    if not len(told):
        told = np.arange(len(batches))
    level = fit_level(coming.level[told], coming.variance[told])
    stays = fit_stays(batches, coming.pull[0], offer)
    crowd, by = matched(Crowd(coming, level, stays, service, timezone), batches)
    return CrowdFit(crowd, tuple(batches), by)
