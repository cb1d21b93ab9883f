"""Practice of pools that work at several stages: a scenario knows one law a pool, and times must go with it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from ..cleaning import Cleaned
from ..service.fit import Service, Timed, fit_service, timed


def main_stages(shares: Mapping[str, Mapping[str, float]], rows: Mapping[str, int]) -> dict[str, str]:
    """The stage by which each pool's speed and practice are told: of those that it does most of, else of all that it
    works at, the one with most of its rows.

    shares: of each stage's work by pool.  rows: of each stage.
    """
    out = {}
    for pool in sorted({pool for one in shares.values() for pool in one}):
        mine = {stage: one[pool] * rows[stage] for stage, one in shares.items() if pool in one}
        homes = [stage for stage in mine if home(shares[stage]) == pool]
        out[pool] = max(homes or mine, key=lambda stage: (mine[stage], stage))
    return out


def home(shares: Mapping[str, float]) -> str:
    """The pool that does most of a stage's work."""
    return max(shares, key=lambda one: (shares[one], one))


def by_one_law(service: Mapping[str, Service], cleaned: Mapping[str, Cleaned], main: Mapping[str, str]) -> set[str]:
    """Names of the stages of `cleaned` whose times must be fitted anew, since practice is told at them or at the stage
    where that of their pool is. main: of each stage the one that tells it."""
    return {one for one in cleaned if main[one] != one and (service[one].exponent or service[main[one]].exponent)}


def fitted_by(cleaned: Cleaned, own: Service, law: Service) -> Service:
    """The fit of a stage's work whose practice is told by another stage's `law`. own: the fit by its own practice."""
    most = law.practice.most if law.practice is not None else 0
    return fit_service(under(timed(cleaned.pages), own.exponent, law.exponent, most))


def under(data: Timed, own: float, law: float, most: int) -> Timed:
    """`data` as if each page were its worker's first, under a law of practice that is not its own: on average a page
    then takes by the law as long as it took, and pages differ by no more than they did by their own.

    own, law: exponents, of n units finished before.  most: units after which nobody learns more by the law.
    """
    by_law = np.exp(-law * np.minimum(data.practised, math.log1p(most)))
    less = own * data.practised + math.log(np.exp(-own * data.practised).mean() / by_law.mean())
    return replace(
        data,
        log_seconds=data.log_seconds + less,
        practised=np.zeros(len(less)),
        step=data.step * np.exp(less),
        limit=None if data.limit is None else data.limit + less,
    )
