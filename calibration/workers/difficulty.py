"""How hard items are: normal, or most of them normal and a share harder."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...sim.jit import jit

Floats = npt.NDArray[np.float64]

SPREAD_SD = 2.0
"""Half-normal prior of each spread: weak, it keeps what the data cannot tell from running away."""

LEAST_SPREAD = 0.02

HARDER, HARDER_SD = 3.0, 2.0
"""Normal prior of how much harder the hard items are, logits: weak against five of them."""

FIRST = 0.1, 6.0, 1.0
"""Share, mean and spread of the hard items from which to climb: from far out, as nearer ones merge with the rest."""

NODES, HARD_NODES = np.linspace(-4.5, 4.5, 31), np.linspace(-3.0, 3.0, 13)
"""Of the grids of difficulties, in standard deviations."""


@dataclass(frozen=True)
class Difficulty:
    """spread: standard deviation of difficulty around 0, logits.  hard: share of the items whose difficulty has instead
    the mean `harder` and the standard deviation `hard_spread`."""

    spread: float
    hard: float = 0.0
    harder: float = 0.0
    hard_spread: float = 0.0

    def grid(self) -> tuple[Floats, Floats]:
        """(float64[nodes], difficulties; float64[nodes], logs of how likely they are). One node at 0 where items are
        alike."""
        if self.spread == 0 and self.hard == 0:
            return np.zeros(1), np.zeros(1)
        tail = np.array([self.hard, self.harder, self.hard_spread])
        nodes, weights = laid(self.spread, tail, NODES, HARD_NODES)
        return nodes, np.log(weights)

    def of(self, place: Floats, lot: Floats) -> Floats:
        """float64[items]: difficulties. place: of each within its distribution, in standard deviations.  lot: in
        [0, 1); below the share `hard` an item is a hard one."""
        return np.where(lot < self.hard, self.harder + self.hard_spread * place, self.spread * place)

    def chance(self, logit: Floats) -> Floats:
        """How often labels are right, over items: a logistic averaged over a normal distribution is close to a flatter
        one. logit: float64[...], at an item of difficulty 0."""

        def over(middle: float, spread: float) -> Floats:
            odds: Floats = np.exp((middle - logit) / math.sqrt(1 + math.pi / 8 * spread**2))
            return 1 / (1 + odds)

        easy = over(0.0, self.spread)
        return easy if self.hard == 0 else (1 - self.hard) * easy + self.hard * over(self.harder, self.hard_spread)

    def refined(self, weight: Floats) -> Difficulty:
        """The mode of what the data tell. weight: float64[items, nodes], the posterior of each item over `grid()`."""
        mass, nodes = weight.sum(axis=0), self.grid()[0]
        easy, x = mass[: NODES.size], nodes[: NODES.size]
        spread = spread_of(float(easy.sum()), float((easy * x**2).sum()))
        if self.hard == 0:
            return Difficulty(spread)
        there, y = mass[NODES.size :], nodes[NODES.size :]
        count = float(there.sum())
        precision = count / self.hard_spread**2 + 1 / HARDER_SD**2
        harder = (float((there * y).sum()) / self.hard_spread**2 + HARDER / HARDER_SD**2) / precision
        squares = float((there * (y - harder) ** 2).sum())
        share = (count + 1) / (len(weight) + 10)
        return Difficulty(spread, share, harder, spread_of(count, squares))


def spread_of(count: float, squares: float) -> float:
    """The mode of a standard deviation, from the sum of expected squares of `count` numbers and its prior."""
    prior = SPREAD_SD**2
    return max(LEAST_SPREAD, math.sqrt(prior * (math.sqrt(count * count + 4 * squares / prior) - count) / 2))


@jit
def laid(spread: float, tail: Floats, easy: Floats, hard: Floats) -> tuple[Floats, Floats]:
    """(difficulties on a grid, how likely each is: they sum to one).

    tail: share, mean and spread of the hard items; of a share of 0 there are no nodes.  easy, hard: nodes in standard
    deviations.
    """
    nodes, weights = easy * spread, np.exp(-(easy**2) / 2)
    weights /= weights.sum()
    if tail[0] == 0.0:
        return nodes, weights
    more = np.exp(-(hard**2) / 2)
    more *= tail[0] / more.sum()
    return np.concatenate((nodes, tail[1] + hard * tail[2])), np.concatenate((weights * (1.0 - tail[0]), more))
