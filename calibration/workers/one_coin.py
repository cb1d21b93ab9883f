"""The one-coin model: a worker is right with one chance, whatever the class, and wrong labels are all alike.

    P(true class of an item is t) = prior[t]
    P(worker w says l of an item of class t) = accuracy[w] if l = t, else (1 - accuracy[w]) / (classes - 1)

Source: Zhang, Chen, Zhou, Jordan, Spectral Methods Meet EM, Journal of Machine Learning Research 17, 2016, section 2.
With a Beta prior on accuracies and a Dirichlet prior on `prior`, of which the mode is found.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...sim.jit import jit
from .climb import beginnings, climb, settle
from .labelled import Ints, Labelled
from .votes import Floats


@dataclass(frozen=True, eq=False)
class OneCoin:
    """posterior: float64[items, classes], the chance of each class of an item.  accuracy: float64[workers].
    right, labels: float64[workers], expected right labels, and all labels.  prior: float64[classes].
    log_posterior: float64[iterations], log density of the parameters of each round up to a constant; it never falls.
    converged: whether the last round gained less than the tolerance.
    """

    posterior: Floats
    accuracy: Floats
    right: Floats
    labels: Floats
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


def one_coin(
    data: Labelled,
    *,
    gold: bool = True,
    pseudo: tuple[float, float] = (0.01, 0.01),
    pseudo_items: float = 1.0,
    most: int = 100,
    tolerance: float = 1e-5,
) -> OneCoin:
    """The mode of the posterior uphill of the shares of votes, or a higher one uphill of the known truths.

    pseudo: right and wrong labels that each worker is thought to have given before the data, above 0: an accuracy has
    the prior Beta(1 + right, 1 + wrong).  gold, pseudo_items, most, tolerance: as in `dawid_skene`, and like it on one
    thread: same input, same bits.
    """
    assert min(*pseudo, pseudo_items) > 0, "pseudo-counts are above 0, so that no chance is 0"
    held, starts = beginnings(data, gold)
    ends = (_fitted(data, held, start, pseudo, pseudo_items, most, tolerance) for start in starts)
    return max(ends, key=lambda end: end.log_posterior[-1])


def _fitted(
    data: Labelled, held: Ints, posterior: Floats, pseudo: tuple[float, float], pseudo_items: float, most: int,
    tolerance: float,
) -> OneCoin:  # fmt: skip
    """The end of the climb from a first `posterior`, which is overwritten."""
    others = max(len(data.classes) - 1, 1)
    labels = np.bincount(data.worker, minlength=len(data.workers)).astype(np.float64)
    accuracy, right = np.empty_like(labels), np.zeros_like(labels)
    log_prior = np.empty(len(data.classes))
    _count_all(data.worker, data.label, data.start, posterior, right)

    def maximise() -> float:
        items = posterior.sum(axis=0) + pseudo_items
        log_prior[:] = np.log(items / items.sum())
        accuracy[:] = (right + pseudo[0]) / (labels + (pseudo[0] + pseudo[1]))
        density = pseudo[0] * np.log(accuracy).sum() + pseudo[1] * np.log1p(-accuracy).sum()
        return float(density + pseudo_items * log_prior.sum())

    def expect() -> float:
        log_wrong = np.log1p(-accuracy) - np.log(others)
        gain = np.log(accuracy) - log_wrong
        right[:] = 0.0
        return _expect(data.worker, data.label, data.start, held, log_prior, log_wrong, gain, posterior, right)

    log_posterior, converged = climb(maximise, expect, len(data.label), most, tolerance)
    return OneCoin(posterior, accuracy, right, labels, np.exp(log_prior), log_posterior, converged)


@jit
def _count(worker: Ints, label: Ints, first: int, end: int, given: Floats, right: Floats) -> None:
    """Adds the labels of one item, as far as they are right."""
    for j in range(first, end):
        right[worker[j]] += given[label[j]]


@jit
def _count_all(worker: Ints, label: Ints, start: Ints, posterior: Floats, right: Floats) -> None:
    for i in range(start.size - 1):
        _count(worker, label, start[i], start[i + 1], posterior[i], right)


@jit
def _expect(
    worker: Ints, label: Ints, start: Ints, held: Ints, log_prior: Floats, log_wrong: Floats, gain: Floats,
    posterior: Floats, right: Floats,
) -> float:  # fmt: skip
    """Fills `posterior` and adds to `right`; the log likelihood. gain: what a label that says the class adds to it."""
    total = 0.0
    weight = np.empty(log_prior.size)
    for i in range(start.size - 1):
        weight[:] = log_prior
        for j in range(start[i], start[i + 1]):
            total += log_wrong[worker[j]]
            weight[label[j]] += gain[worker[j]]
        total += settle(weight, held[i])
        posterior[i] = weight
        _count(worker, label, start[i], start[i + 1], posterior[i], right)
    return total
