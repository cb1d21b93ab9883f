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
from .climb import beginnings, climb
from .labelled import Ints, Labelled
from .votes import Floats

Cells = npt.NDArray[np.uint32]


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
    assert len(data.workers) * classes < 2**32, "cells are numbers of 32 bits"
    log_confusion = np.empty((len(data.workers), classes, classes))  # by worker, label, truth: truths lie side by side
    counts = np.empty_like(log_confusion)
    log_prior = np.empty(classes)
    cell = _cells(data.worker, data.label, classes)
    top, total = np.empty(len(data.items)), np.empty(len(data.items))
    _count(cell, data.start, posterior, counts.reshape(-1, classes))

    def maximise() -> float:
        items = posterior.sum(axis=0) + pseudo_items
        log_prior[:] = np.log(items / items.sum())
        _best_rows(counts, before, log_confusion)
        np.log(log_confusion, out=log_confusion)  # all at once: NumPy takes several at a time, a loop one
        return float(pseudo_items * log_prior.sum() + (log_confusion.sum(axis=0) * before).sum())

    def expect() -> float:
        _weigh(cell, data.start, held, log_prior, log_confusion.reshape(-1, classes), posterior, top)
        np.exp(posterior, out=posterior)
        _settle(posterior, total)
        _count(cell, data.start, posterior, counts.reshape(-1, classes))
        return float(top.sum() + np.log(total).sum())

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
def _best_rows(counts: Floats, before: Floats, confusion: Floats) -> None:
    """The mode of each row of each worker."""
    workers, classes, _ = counts.shape
    total = np.empty(classes)
    for w in range(workers):
        total[:] = 0.0
        for l in range(classes):  # noqa: E741
            for t in range(classes):
                total[t] += counts[w, l, t] + before[l, t]
        for l in range(classes):  # noqa: E741
            for t in range(classes):
                confusion[w, l, t] = (counts[w, l, t] + before[l, t]) / total[t]


@jit
def _cells(worker: Ints, label: Ints, classes: int) -> Cells:
    """The row of each label in a table by worker and label: a quarter of the memory to read in every round."""
    cell = np.empty(worker.size, np.uint32)
    for j in range(worker.size):
        cell[j] = worker[j] * classes + label[j]
    return cell


@jit
def _count(cell: Cells, start: Ints, posterior: Floats, counts: Floats) -> None:
    """Counts labels by cell and truth, each label shared out to the classes as its item is."""
    counts[:] = 0.0
    for i in range(start.size - 1):
        for j in range(start[i], start[i + 1]):
            row = counts[cell[j]]
            for t in range(row.size):
                row[t] += posterior[i, t]


@jit
def _weigh(
    cell: Cells, start: Ints, held: Ints, log_prior: Floats, log_confusion: Floats, posterior: Floats, top: Floats
) -> None:
    """Fills `top` with the greatest log of the joint probabilities of a class and the labels of an item, or that of the
    class that is held; and `posterior` with the logs less that. Less the greatest, because products of many
    probabilities vanish."""
    classes = log_prior.size
    fours = classes - classes % 4
    for i in range(start.size - 1):
        for t in range(0, fours, 4):  # four sums at a time, which the processor holds and adds to at once
            a, b, c, d = log_prior[t], log_prior[t + 1], log_prior[t + 2], log_prior[t + 3]
            for j in range(start[i], start[i + 1]):
                row = log_confusion[cell[j]]
                a += row[t]
                b += row[t + 1]
                c += row[t + 2]
                d += row[t + 3]
            posterior[i, t], posterior[i, t + 1], posterior[i, t + 2], posterior[i, t + 3] = a, b, c, d
        for t in range(fours, classes):
            a = log_prior[t]
            for j in range(start[i], start[i + 1]):
                a += log_confusion[cell[j], t]
            posterior[i, t] = a
        if held[i] >= 0:
            top[i] = posterior[i, held[i]]
            posterior[i] = -np.inf
            posterior[i, held[i]] = 0.0
            continue
        best = posterior[i, 0]
        for t in range(1, classes):
            if posterior[i, t] > best:  # not max(), which takes care of NaN and costs more than the rest
                best = posterior[i, t]
        top[i] = best
        for t in range(classes):
            posterior[i, t] -= best


@jit
def _settle(posterior: Floats, total: Floats) -> None:
    """Turns the rows of `posterior`, which are in proportion, into probabilities, and tells the sums that they had."""
    for i in range(total.size):
        row = 0.0
        for t in range(posterior.shape[1]):
            row += posterior[i, t]
        total[i] = row
        for t in range(posterior.shape[1]):
            posterior[i, t] /= row
