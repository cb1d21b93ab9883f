"""How sharply a likelihood is bent at its top: what the errors of its parameters come from."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

STEP = 1e-3
"""Of central differences, in parameters that are logarithms."""


def hessian(lost: Callable[[Floats], float], point: Floats) -> Floats:
    """Second derivatives of a loss, by central differences."""
    k = len(point)
    out = np.empty((k, k))
    unit = np.eye(k) * STEP
    for i in range(k):
        for j in range(i + 1):
            a, b = unit[i], unit[j]
            value = lost(point + a + b) - lost(point + a - b) - lost(point - a + b) + lost(point - a - b)
            out[i, j] = out[j, i] = value / (4 * STEP**2)
    return out


def inverse(hessian: Floats) -> Floats:
    """Of what curves; a direction in which the likelihood is flat is as wide as parameters may be."""
    values, vectors = np.linalg.eigh(hessian)
    return np.asarray((vectors / np.maximum(values, 1e-2)) @ vectors.T)
