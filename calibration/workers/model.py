"""The label model of a log: how often labels are right, which wrong ones are given, and by how much of whose work."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...sim.errors import DataRefused
from .labelled import Labelled
from .rasch import Rasch, fit_rasch
from .wrong import Wrong, fit_wrong

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class LabelModel:
    """workers: of the items with a known truth, to whom the rows of `rasch` belong.  classes: in the order of the data.
    rasch, wrong: fitted to those items.  workload: int64[W], labels of each of these workers on all items.
    mix: float64[C], shares of the classes among items with a known truth.  items, labels: how many of these there are.
    """

    workers: tuple[str, ...]
    classes: tuple[str, ...]
    rasch: Rasch
    wrong: Wrong
    workload: Ints
    mix: Floats
    items: int
    labels: int


def fit_model(data: Labelled, *, independent: bool = False) -> LabelModel:
    """The model of labels, fitted to the items whose truth is known.

    independent: as in `fit_rasch`.

    Raises DataRefused where no truth is known: agreement tells how alike labels are, and not how often they are right.
    """
    if not (data.truth >= 0).any():
        raise DataRefused(
            "No item has a known truth, so how often labels are right cannot be told, only how far they agree: wrong "
            "labels agree as well. Give the true labels of a hundred items or more that workers labelled unknowingly."
        )
    judged = data.judged()
    names = {name: k for k, name in enumerate(data.workers)}
    workload = np.bincount(data.worker, minlength=len(data.workers))
    return LabelModel(
        workers=judged.workers,
        classes=data.classes,
        rasch=fit_rasch(judged, independent=independent),
        wrong=fit_wrong(judged),
        workload=workload[[names[name] for name in judged.workers]],
        mix=np.bincount(judged.truth, minlength=len(data.classes)) / len(judged.items),
        items=len(judged.items),
        labels=len(judged.label),
    )


def logits(model: LabelModel, workers: tuple[str, ...], workload: Ints, luck: np.random.Generator) -> Floats:
    """float64[workers, C]: a draw of each worker's logit of a right label, by class, at an item of typical difficulty.

    A worker of the model is drawn from what its labels tell. One that is not takes the place of one that is, a donor
    with a like rank of workload, because who does much is not as able as who does little.
    """
    place = {name: k for k, name in enumerate(model.workers)}
    donor = np.array([place.get(name, -1) for name in workers], np.int64)
    unknown = np.flatnonzero(donor < 0)
    donor[unknown] = donors(model.workload, workload[unknown], luck)
    rasch = model.rasch
    more = np.sqrt(rasch.skill_var[donor]) * luck.standard_normal(len(workers))
    shape = (len(workers), len(model.classes))
    leaning = rasch.leaning[donor] + np.sqrt(rasch.leaning_var[donor]) * luck.standard_normal(shape)
    return rasch.ability + (rasch.skill[donor] + more)[:, None] + leaning - rasch.follows[donor] * more[:, None]


def donors(known: Ints, new: Ints, luck: np.random.Generator) -> Ints:
    """int64[new]: for each new worker a known one whose workload has the same rank among the known; equal
    workloads are ranked by lot."""
    by_load = np.argsort(known, kind="stable")
    order = np.lexsort((luck.random(len(new)), new))
    rank = np.empty(len(new))
    rank[order] = (np.arange(len(new)) + 0.5) / max(1, len(new))
    return by_load[(rank * len(known)).astype(np.int64)]
