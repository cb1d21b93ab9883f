"""Dawid and Skene's model: each worker confuses classes in a way of their own, independently of the others.

    P(true class of an item is t) = prior[t]
    P(worker w says l of an item of class t) = confusion[w, t, l]

Source: Dawid, Skene, Maximum Likelihood Estimation of Observer Error-Rates Using the EM Algorithm, Applied Statistics
28(1), 1979. With Dirichlet priors on the rows of `confusion` and on `prior`, of which the mode is found.
Independent errors overstate what many labels are worth: the model tells workers apart, it does not forecast consensus.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...sim.jit import jit
from .climb import beginnings, climb, settle
from .labelled import Ints, Labelled
from .votes import Floats


@dataclass(frozen=True, eq=False)
class DawidSkene:
    """posterior: float64[items, classes], the chance of each class of an item.  prior: float64[classes].
    confusion: float64[workers, classes (the truth), classes (the label)], rows sum to one.
    counts: expected labels, of the same shape.
    log_posterior: float64[iterations], log density of the parameters of each round up to a constant; it never falls.
    converged: whether the last round gained less than the tolerance.
    """

    posterior: Floats
    confusion: Floats
    counts: Floats
    prior: Floats
    log_posterior: Floats
    converged: bool

    @property
    def iterations(self) -> int:
        """Rounds of expectation and maximisation."""
        return len(self.log_posterior)

    @property
    def answers(self) -> Ints:
        """int64[items]: the most probable class; of equally probable ones the first in the order of classes."""
        best: Ints = self.posterior.argmax(axis=1)
        return best

    @property
    def accuracy(self) -> Floats:
        """float64[workers]: the expected share of right labels among those that a worker gave."""
        share: Floats = np.einsum("wtt->w", self.counts) / self.counts.sum(axis=(1, 2))
        return share


def dawid_skene(
    data: Labelled,
    *,
    gold: bool = True,
    pseudo: npt.ArrayLike = 0.001,
    pseudo_items: float = 1.0,
    most: int = 100,
    tolerance: float = 1e-5,
) -> DawidSkene:
    """The mode of the posterior uphill of the shares of votes, or a higher one uphill of the known truths.

    gold: items whose truth is known are held at it; else no truth is used.
    pseudo: labels that each worker is thought to have given before the data, above 0: one number for all cells, or
    float[classes (the truth), classes (the label)]. A row has the prior Dirichlet(1 + pseudo).
    pseudo_items: items of each class before the data, above 0; `prior` has the prior Dirichlet(1 + pseudo_items).
    most, tolerance: it is over after so many rounds, or when one gains less than that of log posterior a label.

    The labels are read in the order of items by expectation and maximisation alike, so no order by workers is kept:
    memory is that of `posterior` and of two tables like `confusion` (twice that where some truths are held and others
    not), and every sum has one order: same input, same bits, whatever the number of threads, as there is one.
    """
    classes = len(data.classes)
    before = np.ascontiguousarray(np.broadcast_to(np.asarray(pseudo, np.float64), (classes, classes)).T)
    assert (before > 0).all(), "pseudo-counts are above 0, so that no chance is 0"
    assert pseudo_items > 0, "pseudo-counts are above 0, so that no chance is 0"
    held, starts = beginnings(data, gold)
    ends = (_fitted(data, held, start, before, pseudo_items, most, tolerance) for start in starts)
    return max(ends, key=lambda end: end.log_posterior[-1])


def _fitted(
    data: Labelled, held: Ints, posterior: Floats, before: Floats, pseudo_items: float, most: int, tolerance: float
) -> DawidSkene:
    """The end of the climb from a first `posterior`, which is overwritten. before: pseudo-counts by label, truth."""
    classes = len(data.classes)
    log_confusion = np.empty((len(data.workers), classes, classes))  # by worker, label, truth: truths lie side by side
    counts = np.empty_like(log_confusion)
    log_prior = np.empty(classes)
    _count(data.worker, data.label, data.start, posterior, counts)

    def maximise() -> float:
        items = posterior.sum(axis=0) + pseudo_items
        log_prior[:] = np.log(items / items.sum())
        return float(pseudo_items * log_prior.sum()) + _best_rows(counts, before, log_confusion)

    def expect() -> float:
        likelihood = _expect(data.worker, data.label, data.start, held, log_prior, log_confusion, posterior)
        _count(data.worker, data.label, data.start, posterior, counts)
        return likelihood

    log_posterior, converged = climb(maximise, expect, len(data.label), most, tolerance)
    return DawidSkene(
        posterior=posterior,
        confusion=np.exp(log_confusion, out=log_confusion).transpose(0, 2, 1),
        counts=counts.transpose(0, 2, 1),
        prior=np.exp(log_prior),
        log_posterior=log_posterior,
        converged=converged,
    )


@jit
def _best_rows(counts: Floats, before: Floats, log_confusion: Floats) -> float:
    """The mode of each row of each worker, as logs, and the log prior density of them all."""
    workers, classes, _ = counts.shape
    density = 0.0
    total = np.empty(classes)
    for w in range(workers):
        total[:] = 0.0
        for l in range(classes):  # noqa: E741
            for t in range(classes):
                total[t] += counts[w, l, t] + before[l, t]
        for l in range(classes):  # noqa: E741
            for t in range(classes):
                log_confusion[w, l, t] = np.log((counts[w, l, t] + before[l, t]) / total[t])
                density += before[l, t] * log_confusion[w, l, t]
    return density


@jit
def _count(worker: Ints, label: Ints, start: Ints, posterior: Floats, counts: Floats) -> None:
    """Counts labels by worker, label, truth, each label shared out to the classes as its item is."""
    counts[:] = 0.0
    for i in range(start.size - 1):
        for j in range(start[i], start[i + 1]):
            cell = counts[worker[j], label[j]]
            for t in range(cell.size):
                cell[t] += posterior[i, t]


@jit
def _expect(
    worker: Ints, label: Ints, start: Ints, held: Ints, log_prior: Floats, log_confusion: Floats, posterior: Floats
) -> float:
    """Fills `posterior`; the log likelihood."""
    total = 0.0
    weight = np.empty(log_prior.size)
    for i in range(start.size - 1):
        weight[:] = log_prior
        for j in range(start[i], start[i + 1]):
            cell = log_confusion[worker[j], label[j]]
            for t in range(weight.size):
                weight[t] += cell[t]
        total += settle(weight, held[i])
        posterior[i] = weight
    return total
