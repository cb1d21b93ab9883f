"""Plans that a search begins with: today's, and others that lie far from one another in what matters."""

from __future__ import annotations

import numpy as np
from scipy import stats

from ...sim.statistics import Floats
from .candidates import candidates
from .question import Plan
from .theory import Plans, Theory, coordinates

AMONG = 2_000
"""Plans that they are taken from."""

OVERLOADED = 0.2
"""Of a pool, beyond nine tenths: plans with more are left out where there are others."""


def start(theory: Theory, count: int, seed: int) -> list[Plan]:
    """So many plans, or as many as there are; today's is the first, where it is one of those that may be."""
    today = [one.today for one in theory.question.variables]
    first = [] if any(place is None for place in today) else [tuple(int(place or 0) for place in today)]
    pool = candidates(theory, first, np.zeros((0, len(today)), np.int64), seed, 0)
    pool = pool[np.random.default_rng([seed, 1]).permutation(len(pool))[:AMONG]]
    pool = pool[[theory.policy(plan) is not None for plan in pool.tolist()]]
    pools = len(theory.question.pools)
    busy = theory.features(pool)[:, pools : 2 * pools].max(axis=1, initial=0.0)
    sane = pool[busy <= OVERLOADED] if (busy <= OVERLOADED).sum() >= count else pool
    whole = np.array([*first, *map(tuple, sane.tolist())], np.int64).reshape(-1, len(today))
    return _spread(theory, whole, len(first), count)


def _spread(theory: Theory, pool: Plans, taken: int, count: int) -> list[Plan]:
    """The first ones of the pool that are taken, then one by one the plan that is farthest from all before it."""
    at = np.hstack([coordinates(theory.question.variables, pool), _ranks(theory.features(pool))])
    apart = np.full(len(pool), np.inf)
    found, names = list[Plan](), set[str]()
    while len(found) < count and (apart > 0.0).any():
        place = int(apart.argmax()) if found or not taken else 0
        plan = tuple(pool[place].tolist())
        name = theory.identity(plan)
        if name is not None and name not in names:
            apart = np.minimum(apart, ((at - at[place]) ** 2).sum(axis=1))
            found.append(plan)
            names.add(name)
        apart[place] = 0.0
    return found


def _ranks(values: Floats) -> Floats:
    """Each column by rank, from 0 to 1 / 2; columns that do not vary are left out."""
    varied = values[:, values.std(axis=0) > 1e-9]
    found: Floats = stats.rankdata(varied, axis=0) / (2.0 * max(len(values), 1))
    return found if varied.size else varied
