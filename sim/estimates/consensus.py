"""How labels of several people become one, by probability: right, tied, and how many labels it takes.

All people are alike, wrong labels are alike, and items draw toward one wrong label or another as their attractor says:
the numbers of wrong labels by class are Dirichlet-multinomial.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from .network import Floats


class Verdict(NamedTuple):
    """Chances that the labels have the right one alone on top, a wrong one alone, or a tie; of the ties, the share in
    which one of the tied at random is right.  labels: how many are asked for on average."""

    right: float
    wrong: float
    tied: float
    tied_right: float
    labels: float


def majority(p: float, labels: int, classes: int, attractor: float) -> Verdict:
    """The verdict of `labels` labels at once. p: chance that one label is right.  attractor: kappa of the wrong labels'
    Dirichlet, infinity for none."""
    chances = [math.comb(labels, r) * p**r * (1.0 - p) ** (labels - r) for r in range(labels + 1)]
    right = tied = tied_right = 0.0
    for r, chance in enumerate(chances):
        for (top, ways), share in tops(labels - r, classes - 1, attractor):
            if r > top:
                right += chance * share
            elif r == top or ways > 1:
                tied += chance * share
                tied_right += chance * share * (1.0 / (ways + 1.0) if r == top else 0.0)
    return Verdict(right, max(0.0, 1.0 - right - tied), tied, tied_right / tied if tied > 0.0 else 0.0, float(labels))


@lru_cache(maxsize=4096)
def tops(wrong: int, classes: int, attractor: float) -> tuple[tuple[tuple[int, int], float], ...]:
    """((greatest number of one wrong label, how many labels have it), its chance) among so many wrong labels."""
    if wrong == 0 or classes < 1:
        return (((0, max(1, classes)), 1.0),)
    shape = attractor / classes
    weights = [1.0]
    for n in range(wrong):  # of n labels of one class, with 1 / n! in it
        weights.append(weights[-1] * ((shape + n) / (n + 1.0) if math.isfinite(shape) else 1.0 / (n + 1.0)))
    total = _power(np.array(weights), classes, wrong)[wrong]
    found = []
    for top in range(1, wrong + 1):
        for ways in range(1, min(classes, wrong // top) + 1):
            others = _power(np.array(weights[:top]), classes - ways, wrong)
            count = math.comb(classes, ways) * weights[top] ** ways * others[wrong - top * ways]
            if count > 0.0:
                found.append(((top, ways), float(count / total)))
    return tuple(found)


def _power(weights: Floats, times: int, length: int) -> Floats:
    """The polynomial with these coefficients to the power `times`, up to the degree `length`."""
    found, square = np.eye(1, length + 1).ravel(), weights
    while times:
        if times % 2:
            found = np.convolve(found, square)[: length + 1]
        square, times = np.convolve(square, square)[: length + 1], times // 2
    return found


def lead(p: float, ahead: int, most: int) -> Verdict:
    """The verdict where labels are asked for until one leads by `ahead` votes, or `most` are in; `ahead` at once first.

    Wrong labels are taken to agree; where they are of many classes, somewhat fewer labels are needed than said here.
    """
    states = {(r, ahead - r): math.comb(ahead, r) * p**r * (1.0 - p) ** (ahead - r) for r in range(ahead + 1)}
    right = wrong = tied = labels = 0.0
    while states:
        after: dict[tuple[int, int], float] = {}
        for (r, w), chance in states.items():
            if abs(r - w) >= ahead or r + w >= most:
                labels += chance * (r + w)
                right, wrong, tied = right + chance * (r > w), wrong + chance * (r < w), tied + chance * (r == w)
                continue
            for state, step in (((r + 1, w), p), ((r, w + 1), 1.0 - p)):
                after[state] = after.get(state, 0.0) + chance * step
        states = after
    return Verdict(right, wrong, tied, 0.5, labels)
