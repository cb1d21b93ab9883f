"""How much each of several inputs matters when all of them vary: Morris' elementary effects and Sobol's indices.

The designs and the estimators are SALib's, which is an extra; the model is any function of a point of the unit cube.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np

from ..sim.errors import ScenarioRefused
from ..sim.statistics import Floats

TRAJECTORIES = 10
"""Of Morris: walks through the cube, each a model run longer than there are inputs."""

LEVELS = 4
"""Of Morris: values that an input takes, evenly from end to end."""

POINTS = 64
"""Of Sobol: points of either half of the design, a power of two; the model runs this often an input, and twice."""

MOST = 8
"""Inputs of which Sobol's indices are worth their runs."""

RESAMPLES = 1_000
"""For the intervals of Sobol's indices."""

Model = Callable[[Floats], float]
"""From a point of the unit cube, float[k], to a number."""


@dataclass(frozen=True)
class Screened:
    """Of one input, over its whole range. mu_star: mean size of its elementary effects.  sigma: their standard
    deviation: large beside mu_star where the effect bends or hangs on others.

    Source: Morris, Technometrics 33 (1991) 161-174; Campolongo, Cariboni, Saltelli, Environmental Modelling and
    Software 22 (2007) 1509-1518.
    """

    mu_star: float
    sigma: float


@dataclass(frozen=True)
class Index:
    """Of one input, shares of the variance of the model. first: by itself.  total: with all that it does together with
    others.  Each with half of its 95% bootstrap interval.

    Source: Saltelli et al., Computer Physics Communications 181 (2010) 259-270.
    """

    first: float
    first_half: float
    total: float
    total_half: float


def check_installed(option: str) -> None:
    """Raises ScenarioRefused, with how to get it, where SALib is not there."""
    if find_spec("SALib") is None:
        raise ScenarioRefused(
            f"{option}: needs SALib, but it is not installed. Install it: pip install 'labelcast[sensitivity]'. "
            f"Or leave {option} out."
        )


def morris_runs(inputs: int, trajectories: int = TRAJECTORIES) -> int:
    """How often the model is run."""
    return trajectories * (inputs + 1)


def morris(inputs: int, model: Model, seed: int, trajectories: int = TRAJECTORIES) -> list[Screened] | None:
    """Each input's elementary effects; None where the model gave a number that is not finite."""
    from SALib.analyze.morris import analyze
    from SALib.sample.morris import sample

    points = sample(_problem(inputs), trajectories, num_levels=LEVELS, seed=seed)
    values = np.array([model(point) for point in points], np.float64)
    if not np.isfinite(values).all():
        return None
    found = analyze(_problem(inputs), points, values, num_levels=LEVELS, seed=seed)
    return [Screened(float(m), float(s)) for m, s in zip(found["mu_star"], found["sigma"], strict=True)]


def sobol_runs(inputs: int, points: int) -> int:
    """How often the model is run."""
    return points * (inputs + 2)


def sobol(inputs: int, model: Model, seed: int, points: int) -> list[Index] | None:
    """Each input's indices; None where the model gave a number that is not finite, or always the same.

    points: a power of two.  Inputs are independent of each other.
    """
    from SALib.analyze.sobol import analyze
    from SALib.sample.sobol import sample

    design = sample(_problem(inputs), points, calc_second_order=False, seed=seed)
    values = np.array([model(point) for point in design], np.float64)
    if not np.isfinite(values).all() or np.ptp(values) == 0:
        return None
    # The estimators' library takes a seed of 0 for none.
    found = analyze(_problem(inputs), values, calc_second_order=False, num_resamples=RESAMPLES, seed=seed + 1)
    columns = (found[name] for name in ("S1", "S1_conf", "ST", "ST_conf"))
    return [Index(*map(float, row)) for row in zip(*columns, strict=True)]


def _problem(inputs: int) -> dict[str, Any]:
    """The unit cube, as SALib wants it told; made anew for every call, since SALib writes into it."""
    return {"num_vars": inputs, "names": [f"x{k}" for k in range(inputs)], "bounds": [[0.0, 1.0]] * inputs}
