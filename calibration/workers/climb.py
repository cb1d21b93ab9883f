"""Expectation and maximisation in turn: where it starts, what is held, and when it is over."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ...sim.jit import jit
from .labelled import Ints, Labelled
from .votes import Floats, vote_shares


def beginnings(data: Labelled, gold: bool) -> tuple[Ints, list[Floats]]:
    """(truths that are held: int64[items], -1 where the truth is to be found; first posteriors, from which to climb).

    The first is the shares of votes, and certainty where a truth is held. Where some are held and others not, the
    second is that certainty alone, the other rows being zero: where most votes are wrong, no other leads to the mode
    that agrees with the test questions. The higher of the two ends is the answer.
    """
    held = data.truth if gold else np.full_like(data.truth, -1)
    known = held >= 0
    votes = vote_shares(data)
    votes[known] = 0.0
    votes[known, held[known]] = 1.0
    if known.any() and not known.all():
        return held, [votes, np.where(known[:, None], votes, 0.0)]
    return held, [votes]


def climb(
    maximise: Callable[[], float], expect: Callable[[], float], rows: int, most: int, tolerance: float
) -> tuple[Floats, bool]:
    """(log posterior density of the parameters of each round, whether it has converged).

    maximise: sets the parameters to the best for what is expected of the truths, and tells their log prior density.
    expect: sets what is expected of the truths under these parameters, and tells the log likelihood.
    It is over after the first round that gains less than `tolerance` a label, or after `most` rounds. Parameters and
    expected truths then belong together: no maximisation follows the last expectation.
    """
    assert most >= 1, "there is a round"
    density: list[float] = []
    for _ in range(most):
        density.append(maximise() + expect())
        if len(density) > 1 and density[-1] - density[-2] < tolerance * rows:
            return np.array(density), True
    return np.array(density), False


@jit
def settle(weight: Floats, held: int) -> float:
    """Turns logs of joint probabilities of each class and the labels of one item into the probabilities of the classes
    given the labels, in place; the log probability of the labels (and of the truth, where `held` is its class).

    Logs, less the greatest, because products of many probabilities vanish.
    """
    if held >= 0:
        alone = weight[held]
        weight[:] = 0.0
        weight[held] = 1.0
        return float(alone)
    top = weight[0]
    for c in range(1, weight.size):
        if weight[c] > top:  # not max(), which takes care of NaN and costs more than the rest
            top = weight[c]
    total = 0.0
    for c in range(weight.size):
        weight[c] = np.exp(weight[c] - top)
        total += weight[c]
    for c in range(weight.size):
        weight[c] /= total
    return float(top + np.log(total))
