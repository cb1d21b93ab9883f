"""Does the model foretell labels that it has not seen? Fitted to half of the items, it is compared with the other half.

The labels of the half held out are drawn anew from the model, for the same workers at the same items, so that whatever
hangs on who labelled how much is alike; what is compared are facts of a whole half, which is what plans rest on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ...sim.agreement import counts_of, krippendorff_alpha
from .labelled import Labelled
from .model import LabelModel, fit_model
from .simulate import relabelled
from .subsets import error_correlation, majority_accuracy

Floats = npt.NDArray[np.float64]
Fit = Callable[[Labelled], Callable[[Labelled, np.random.Generator], Labelled]]
"""Of a half: what draws the labels of another half anew."""

MOST = 7
"""Labels of the largest majority."""

FACTS = (*(f"k{k}" for k in range(1, MOST + 1)), "alpha", "icc")
"""Accuracy of the majority of k labels, nominal alpha, and the intraclass correlation of errors."""

INDEPENDENT = 1e6
"""An attractor as good as none."""


@dataclass(frozen=True, eq=False)
class HeldOut:
    """actual, predicted: float64[splits, FACTS], of the halves that were held out; the prediction is a mean of draws.
    NaN where a half has no such fact.  Splits 0 and 1, 2 and 3 and so on are of one division, each half held out once.
    """

    actual: Floats
    predicted: Floats

    @property
    def error(self) -> Floats:
        """float64[FACTS]: predicted less actual, the mean of all splits."""
        mean: Floats = (self.predicted - self.actual).mean(axis=0)
        return mean

    @property
    def standard_error(self) -> Floats:
        """float64[FACTS]: of `error`, from how it differs from division to division; two divisions at least."""
        gap = self.predicted - self.actual
        pairs = (gap[0::2] + gap[1::2]) / 2
        spread: Floats = pairs.std(axis=0, ddof=1) / np.sqrt(len(pairs))
        return spread


def held_out(
    data: Labelled,
    fit: Fit | None = None,
    *,
    divisions: int = 3,
    draws: int = 20,
    new_workers: bool = False,
    seed: int = 7,
) -> HeldOut:
    """How well labels held out are foretold, those of items whose truth is known.

    fit: the label model's unless another is given.  divisions: of items into halves by lot, the same for every fit.
    draws: of the labels of a half.  new_workers: workers are halved too, and the half held out has only workers that
    the model has not seen.  Divisions of which a half has no label are left out.
    """
    drawn = fit or of_model(fit_model)
    actual, predicted = [], []
    for n, (known, unknown) in enumerate(halves(data.judged(), divisions, new_workers, seed)):
        luck = np.random.default_rng([seed, 1, n])
        again = drawn(known)
        actual.append(facts(unknown))
        predicted.append(np.mean([facts(again(unknown, luck)) for _ in range(draws)], axis=0))
    return HeldOut(np.array(actual), np.array(predicted))


def halves(data: Labelled, divisions: int, new_workers: bool, seed: int) -> Iterator[tuple[Labelled, Labelled]]:
    """(the half to fit, the half held out) of each division, then the same with the halves exchanged."""
    luck = np.random.default_rng([seed, 0])
    for _ in range(divisions):
        items, workers = luck.random(len(data.items)) < 0.5, luck.random(len(data.workers)) < 0.5
        first, second = (
            data.of(kept, chosen[data.worker] if new_workers else None)
            if (kept[data.item] & (chosen[data.worker] | (not new_workers))).any()
            else None
            for kept, chosen in ((items, workers), (~items, ~workers))
        )
        if first is not None and second is not None:
            yield first, second
            yield second, first


def facts(data: Labelled) -> Floats:
    """float64[FACTS] of labels of items whose truth is known."""
    accuracy, _ = majority_accuracy(data, MOST)
    counts = counts_of(data.item, data.label, len(data.items), len(data.classes))
    return np.array([*accuracy, krippendorff_alpha(counts), error_correlation(data)])


def of_model(fit: Callable[[Labelled], LabelModel]) -> Fit:
    """Draws from the label model that is fitted."""

    def fitted(known: Labelled) -> Callable[[Labelled, np.random.Generator], Labelled]:
        model = fit(known)
        return lambda unknown, luck: relabelled(model, unknown, luck)

    return fitted


def independent(data: Labelled) -> LabelModel:
    """The label model where errors are independent: items alike, wrong labels of an item with nothing in common."""
    model = fit_model(data, independent=True)
    return replace(model, wrong=replace(model.wrong, attractor=INDEPENDENT))
