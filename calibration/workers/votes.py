"""The share of each class among the labels of an item, and the class that most of them gave."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ...sim.jit import jit
from .labelled import Ints, Labelled

Floats = npt.NDArray[np.float64]


def vote_shares(data: Labelled) -> Floats:
    """float64[items, classes]: the share of the labels of an item that say this class; rows sum to one."""
    return _shares(data.label, data.start, len(data.classes))


def majority(data: Labelled, *, seed: int | None = None) -> Ints:
    """int64[items]: the class that most labels of an item say.

    Of classes with equally many labels it is the first in the order of `data.classes`; with a seed it is one of them at
    random, all alike.
    """
    shares = vote_shares(data)
    first: Ints = shares.argmax(axis=1)
    if seed is None:
        return first
    tied = shares == shares.max(axis=1, keepdims=True)
    chosen = np.floor(np.random.default_rng(seed).random(len(tied)) * tied.sum(axis=1)).astype(np.int64)
    drawn: Ints = (tied.cumsum(axis=1) > chosen[:, None]).argmax(axis=1)
    return drawn


@jit
def _shares(label: Ints, start: Ints, classes: int) -> Floats:
    shares = np.zeros((start.size - 1, classes))
    for i in range(start.size - 1):
        for j in range(start[i], start[i + 1]):
            shares[i, label[j]] += 1.0
        shares[i] /= start[i + 1] - start[i]
    return shares
