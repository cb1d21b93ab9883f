"""Where two means lie together: the joint confidence ellipse of what a scenario costs and how right its labels are."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from ..reading import Reading

Floats = npt.NDArray[np.float64]

POINTS = 48
"""Of an ellipse's edge: about as many as its length in pixels by four."""


@dataclass(frozen=True, eq=False)
class Ellipse:
    """centre: float[2], the means.  edge: float[POINTS, 2], all the way round."""

    centre: Floats
    edge: Floats


def joint_means(reading: Reading, x: str, y: str, level: float = 0.95) -> Ellipse | None:
    """The ellipse that holds the means of two KPIs together with this confidence; None where a value is not finite, or
    fewer than three replications say how they vary.

    Source: Johnson and Wichern, Applied Multivariate Statistical Analysis, section on confidence regions for a mean.
    """
    values = reading.runs.kpis[[x, y]].to_numpy(np.float64)
    many = len(values)
    if many < 3 or not np.isfinite(values).all():
        return None
    centre = values.mean(axis=0)
    spread = np.cov(values, rowvar=False, ddof=1)
    reach = 2 * (many - 1) / (many * (many - 2)) * float(special.fdtri(2, many - 2, level))
    size, axes = np.linalg.eigh(_scaled(spread))
    angle = np.linspace(0.0, 2 * math.pi, POINTS, endpoint=False)
    circle = np.column_stack([np.cos(angle), np.sin(angle)])
    half = circle * np.sqrt(reach * np.maximum(size, 0.0)) @ axes.T
    return Ellipse(centre, centre + half * np.sqrt(np.maximum(np.diag(spread), 0.0)))


def _scaled(spread: Floats) -> Floats:
    """Correlations of covariances: a share and a sum of money differ by many powers of ten."""
    size = np.sqrt(np.maximum(np.diag(spread), 0.0))
    safe = np.where(size > 0, size, 1.0)
    return np.asarray(spread / np.outer(safe, safe))
