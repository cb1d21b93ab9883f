"""Hierarchical Dawid-Skene as a forecast: each worker confuses classes in a way of their own, near that of all.

    label of worker w at an item of class t ~ confusion[w, t],  confusion[w, t] ~ Dirichlet(strength[t] * pooled[t])

The usual model of label errors at its best: workers differ and are shrunk by as much as the data say; but the errors of
an item are independent once its class is known. Truths are known, so that only the forecast is compared.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from scipy import optimize, special

from labelcast.calibration.workers.labelled import Labelled

Floats = npt.NDArray[np.float64]

STRENGTHS = (0.05, 1e4)
"""Least and greatest number of labels that the pooled row counts as."""


def hierarchical(known: Labelled) -> Callable[[Labelled, np.random.Generator], Labelled]:
    """Draws of labels, from the posterior of each worker; a worker not seen is drawn from the Dirichlet itself."""
    classes = len(known.classes)
    counts = np.zeros((len(known.workers), classes, classes))
    np.add.at(counts, (known.worker, known.truth[known.item], known.label), 1.0)
    pooled = counts.sum(axis=0) + 0.5 / classes
    pooled /= pooled.sum(axis=1, keepdims=True)
    before = np.array([strength(counts[:, t], pooled[t]) for t in range(classes)])[:, None] * pooled
    place = {name: w for w, name in enumerate(known.workers)}

    def drawn(unknown: Labelled, luck: np.random.Generator) -> Labelled:
        shape = np.array([before + (counts[place[name]] if name in place else 0.0) for name in unknown.workers])
        weight = luck.standard_gamma(np.maximum(shape, 1e-6)).cumsum(axis=2)
        row = weight[unknown.worker, unknown.truth[unknown.item]]
        label = (row < luck.random(len(row))[:, None] * row[:, -1:]).sum(axis=1)
        return replace(unknown, label=np.minimum(label, classes - 1))

    return drawn


def strength(counts: Floats, pooled: Floats) -> float:
    """The most likely strength of a class: how many labels the pooled row counts as. counts: [workers, labels]."""
    asked = counts[counts.sum(axis=1) > 0]

    def minus(log: float) -> float:
        shape = np.exp(log) * pooled
        each = special.gammaln(shape + asked) - special.gammaln(shape)
        total = special.gammaln(np.exp(log)) - special.gammaln(np.exp(log) + asked.sum(axis=1))
        return -float(each.sum() + total.sum())

    return float(np.exp(optimize.minimize_scalar(minus, bounds=np.log(STRENGTHS), method="bounded").x))
