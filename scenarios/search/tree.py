"""Policies guessed from those tried, where there are too many to look at all: by a tree of Parzen estimators, which
needs no theory of what a choice or the size of a batch does.

Source: Bergstra, Bardenet, Bengio and Kegl, Algorithms for hyper-parameter optimization, 2011; Optuna's sampler.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import optuna
from optuna.distributions import BaseDistribution, CategoricalDistribution, IntDistribution

from ...sim.statistics import Floats
from .question import Plan, Variable
from .theory import Plans

FEWEST = 10
"""Plans tried below which nothing can be guessed."""


def guessed(
    variables: Sequence[Variable], fixed: Sequence[int], tried: Sequence[Plan], worth: Floats, count: int, seed: int
) -> Plans:
    """So many plans, int64[count, variables]; none where too few were tried. Hangs on its arguments alone.

    fixed: places of variables that are left as in the best plan tried.  worth: float[tried], by which plans are ranked,
    the less the better.
    """
    free = [at for at in range(len(variables)) if at not in fixed]
    if len(tried) < FEWEST or not free:
        return np.zeros((0, len(variables)), np.int64)
    space = {str(at): _distribution(variables[at]) for at in free}
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    sampler = optuna.samplers.TPESampler(n_startup_trials=0, multivariate=True, seed=seed)
    study = optuna.create_study(sampler=sampler)
    for plan, value in zip(tried, worth.tolist(), strict=True):
        params = {str(at): plan[at] for at in free}
        study.add_trial(optuna.trial.create_trial(params=params, distributions=space, value=value))
    found = np.tile(np.array(tried[int(np.argmin(worth))], np.int64), (count, 1))
    for row in found:
        asked = study.ask(space).params
        row[free] = [asked[str(at)] for at in free]
    return found


def _distribution(one: Variable) -> BaseDistribution:
    """Over places."""
    if one.kind == "choice":
        return CategoricalDistribution(range(len(one.texts)))
    return IntDistribution(0, len(one.texts) - 1)
