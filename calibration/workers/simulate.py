"""Labels drawn from a label model: who labels what is given, or drawn by workload (Numba)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from ...sim.jit import jit
from ...sim.labels import picked
from .labelled import Labelled
from .model import LabelModel, logits

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def relabelled(model: LabelModel, data: Labelled, luck: np.random.Generator) -> Labelled:
    """The same workers at the same items, all of known truth, with labels that the model draws."""
    assert data.classes == model.classes, "labels of the same classes"
    assert (data.truth >= 0).all(), "every item has a known truth"
    able = logits(model, data.workers, np.bincount(data.worker, minlength=len(data.workers)), luck)
    kappa = model.wrong.attractor
    items = len(data.items)
    difficulty = model.rasch.difficulty.of(luck.standard_normal(items), luck.random(items))
    label = _labels(data.start, data.worker, data.truth, able, difficulty, model.wrong.share * kappa, luck)
    return replace(data, label=label)


@jit
def _labels(
    start: Ints, worker: Ints, truth: Ints, able: Floats, difficulty: Floats, shape: Floats, luck: np.random.Generator
) -> Ints:
    """int64[rows]. able: float64[W, C].  difficulty: float64[items].  shape: float64[C, C], of the Dirichlet of wrong
    labels by true class."""
    label = np.empty(worker.size, np.int64)
    classes = shape.shape[0]
    weight = np.empty(classes)
    for i in range(start.size - 1):
        true = truth[i]
        drawn = False
        for j in range(start[i], start[i + 1]):
            if luck.random() * (1.0 + np.exp(difficulty[i] - able[worker[j], true])) < 1.0:
                label[j] = true
                continue
            if not drawn:
                drawn = True
                gather(shape[true], weight, luck)
            label[j] = picked(weight, luck.random())
    return label


@jit
def gather(shape: Floats, weight: Floats, luck: np.random.Generator) -> None:
    """Fills weight[C], of the wrong labels of one item: gammas, which normalised are its draw of the Dirichlet."""
    for c in range(shape.size):
        weight[c] = luck.standard_gamma(shape[c]) if shape[c] > 0.0 else 0.0
    if not weight.sum() > 0.0:  # every gamma underflowed, as can happen for an attractor near zero
        weight[:] = shape
