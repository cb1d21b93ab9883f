"""How often labels are right: the Rasch model of workers, classes and items, by Bock and Aitkin's EM (Numba).

    logit P(right) = ability[class] + skill[worker] + leaning[worker, class] - difficulty[item]
    skill ~ N(0, skill_sd^2),  leaning ~ N(0, leaning_sd^2),  difficulty: see difficulty.py

Difficulties are integrated out on a grid, since an item has few labels; skills and leanings are modes, shrunk by their
spreads, which are estimated from those modes and their curvature. Known truths are needed: without them easy items and
able workers look alike.
Source: Bock and Aitkin, Marginal maximum likelihood estimation of item parameters: application of an EM algorithm,
Psychometrika 46 (1981) 443-459, with the parts of workers and items exchanged.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from ...sim.jit import jit
from .difficulty import FIRST, Difficulty, spread_of
from .labelled import Labelled

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

CLASS_SD = 1.5
"""Of ability between classes: a prior, weak against ten items of a class, that holds classes with hardly any."""


HARD_ROUNDS = 40
"""Rounds after which nearly all is gained that hard items gain; more of them let the spread among these die away."""


@dataclass(frozen=True, eq=False)
class Rasch:
    """ability: float64[C], of a typical worker at an item of typical difficulty, logits.
    skill: float64[W], deviation of each worker.  leaning: float64[W, C], further deviation by class.
    skill_sd, leaning_sd: their spreads.  difficulty: of items.
    skill_var: [W], posterior variances.  leaning_var: [W, C], the same where the skill is known; both the spread's
    square without a label.  follows: [W, C], by how much a leaning is less where the skill is one more than thought,
    because labels tell the sum of both.
    log_likelihood: of the labels being right or wrong, difficulties integrated out.  rounds: of EM."""

    ability: Floats
    skill: Floats
    leaning: Floats
    skill_sd: float
    leaning_sd: float
    difficulty: Difficulty
    skill_var: Floats
    leaning_var: Floats
    follows: Floats
    log_likelihood: float
    rounds: int


def fit_rasch(data: Labelled, *, independent: bool = False, most: int = 200, tolerance: float = 1e-7) -> Rasch:
    """The model's fit to labels whose items all have a known truth.

    independent: items are alike, so that errors are independent.
    Some of the items are taken to be harder than the normal distribution of the others lets them be where that gains
    more log likelihood than it has parameters more (Akaike's criterion).
    Ends when the log likelihood of a label changes by less than `tolerance` on average, or after `most` rounds.
    """
    assert (data.truth >= 0).all(), "every item has a known truth"
    fit = _Fit(data, Difficulty(0.0 if independent else 1.0))
    fit.climb(most, tolerance)
    if independent:
        return fit.told()
    plain = fit.told()
    fit.difficulty = Difficulty(fit.difficulty.spread, *FIRST)
    fit.climb(min(most, HARD_ROUNDS), tolerance)
    return fit.told() if fit.log_likelihood - plain.log_likelihood > len(FIRST) else plain


class _Fit:
    """Where a climb has come to, and how it goes on."""

    def __init__(self, data: Labelled, difficulty: Difficulty) -> None:
        self.data, self.item, self.true = data, data.item, data.truth[data.item]
        self.right = (data.label == self.true).astype(np.int64)
        self.workers, self.classes = len(data.workers), len(data.classes)
        self.pair = data.worker * self.classes + self.true
        self.seen = np.bincount(self.pair, minlength=self.workers * self.classes) > 0
        self.ability = _first_abilities(self.true, self.right, self.classes)
        self.skill, self.leaning = np.zeros(self.workers), np.zeros(self.workers * self.classes)
        self.spreads, self.difficulty = np.array([0.5, 0.3]), difficulty
        nothing = np.zeros((self.workers, self.classes))
        self.skill_var, self.leaning_var, self.follows = _unsure(nothing, self.spreads)
        self.slope, self.bend, self.lost = (np.empty(len(self.right)) for _ in range(3))
        self.log_likelihood, self.rounds = -math.inf, 0

    def climb(self, most: int, tolerance: float) -> None:
        """Rounds of EM until they gain little."""
        before = -math.inf
        for self.rounds in range(1, most + 1):
            self._round()
            if abs(self.log_likelihood - before) < tolerance * len(self.right) and self.rounds > 20:
                break
            before = self.log_likelihood

    def _round(self) -> None:
        nodes, log_weights = self.difficulty.grid()
        weight = np.empty((len(self.data.items), nodes.size))
        harder = np.exp(nodes)
        self.log_likelihood = _expect(self.data.start, *self._rows(), self.right, harder, log_weights, weight)
        shape = (self.workers, self.classes)
        for _ in range(2):
            up, curve, _ = self._turn(self.true, self.classes, harder, weight)
            middle = self.ability.mean()
            self.ability += _step(up - (self.ability - middle) / CLASS_SD**2, curve + 1 / CLASS_SD**2)
            up, curve, _ = self._turn(self.data.worker, self.workers, harder, weight)
            self.skill += _step(up - self.skill / self.spreads[0] ** 2, curve + 1 / self.spreads[0] ** 2)
            up, curve, told = self._turn(self.pair, self.workers * self.classes, harder, weight)
            self.leaning += _step(up - self.leaning / self.spreads[1] ** 2, curve + 1 / self.spreads[1] ** 2)
            self.skill_var, self.leaning_var, self.follows = _unsure(np.maximum(told, 0).reshape(shape), self.spreads)
        both = self.leaning_var + self.follows**2 * self.skill_var[:, None]
        squares = (self.leaning**2 + both.ravel())[self.seen]
        self.spreads[0] = spread_of(self.workers, float((self.skill**2 + self.skill_var).sum()))
        self.spreads[1] = spread_of(len(squares), float(squares.sum()))
        if nodes.size > 1:
            self.difficulty = self.difficulty.refined(weight)

    def _rows(self) -> tuple[Floats, Floats]:
        """Odds of a wrong label at difficulty zero, and what a step of sqrt(3) sd of its worker multiplies them by."""
        pair, worker = self.pair, self.data.worker
        unsure = self.leaning_var.ravel()[pair] + (1 - self.follows.ravel()[pair]) ** 2 * self.skill_var[worker]
        logit = self.ability[self.true] + self.skill[worker] + self.leaning[pair]
        return np.exp(-logit), np.exp(np.sqrt(3.0 * unsure))

    def _turn(self, group: Ints, count: int, harder: Floats, weight: Floats) -> tuple[Floats, Floats, Floats]:
        """Slope, curvature of the complete data and that of the observed, summed by `group`."""
        _slopes(self.item, *self._rows(), self.right, harder, weight, self.slope, self.bend, self.lost)
        sums = [self.slope, self.bend, self.bend - self.lost]
        return tuple(np.bincount(group, one, count) for one in sums)  # type: ignore[return-value]

    def told(self) -> Rasch:
        """What was found so far."""
        return Rasch(
            ability=self.ability.copy(),
            skill=self.skill.copy(),
            leaning=self.leaning.reshape(self.workers, self.classes).copy(),
            skill_sd=float(self.spreads[0]),
            leaning_sd=float(self.spreads[1]),
            difficulty=self.difficulty,
            skill_var=self.skill_var,
            leaning_var=self.leaning_var,
            follows=self.follows,
            log_likelihood=self.log_likelihood,
            rounds=self.rounds,
        )


def _first_abilities(true: Ints, right: Ints, classes: int) -> Floats:
    """Logits of the shares of right labels by class, drawn toward that of all."""
    share = (right.sum() + 1.0) / (len(right) + 2.0)
    counts = np.bincount(true, minlength=classes)
    return special.logit((np.bincount(true, right, classes) + 2 * share) / (counts + 2.0))  # type: ignore[no-any-return]


def _unsure(told: Floats, spreads: Floats) -> tuple[Floats, Floats, Floats]:
    """(skill_var, leaning_var, follows) of workers whose labels tell so much of each sum of skill and leaning.

    told: float64[W, C], information. The two are estimated together: taken one by one, each with the other as known,
    they look surer than they are, and the spread of skills shrinks to nothing.
    """
    leaning_var = 1 / (told + 1 / spreads[1] ** 2)
    follows = told * leaning_var
    skill_var = 1 / (1 / spreads[0] ** 2 + follows.sum(axis=1) / spreads[1] ** 2)
    return skill_var, leaning_var, follows


def _step(slope: Floats, curve: Floats) -> Floats:
    """Newton's, of one logit at most."""
    return np.clip(slope / curve, -1.0, 1.0)


@jit
def _expect(
    start: Ints, odds: Floats, wide: Floats, right: Ints, harder: Floats, log_weight: Floats, weight: Floats
) -> float:
    """Fills weight[item, node], the posterior of each item's difficulty; the log likelihood of all rows.

    odds: float64[rows], of a wrong label at difficulty zero.  harder: float64[nodes], what a node multiplies them by.
    wide: float64[rows], what sqrt(3) sd of what is not known of the worker multiplies them by: three points stand for
    the normal distribution of its logit.
    """
    total = 0.0
    log, product = np.empty(harder.size), np.empty(harder.size)
    for i in range(start.size - 1):
        log[:] = log_weight
        product[:] = 1.0
        for j in range(start[i], start[i + 1]):
            middle, more, less = odds[j], odds[j] * wide[j], odds[j] / wide[j]
            side, turn = (0.0, 1.0) if right[j] == 1 else (1.0, -1.0)
            for q in range(harder.size):  # without branches, so that it is done for several nodes at once
                x, y, z = 1.0 + middle * harder[q], 1.0 + more * harder[q], 1.0 + less * harder[q]
                product[q] *= side + turn * (4.0 * y * z + x * z + x * y) / (6.0 * x * y * z)
            for q in range(harder.size):
                if product[q] < 1e-200:
                    log[q] += math.log(product[q])
                    product[q] = 1.0
        best = -np.inf
        for q in range(harder.size):
            weight[i, q] = log[q] + math.log(product[q])
            best = max(best, weight[i, q])
        sum_ = 0.0
        for q in range(harder.size):
            weight[i, q] = math.exp(weight[i, q] - best)
            sum_ += weight[i, q]
        for q in range(harder.size):
            weight[i, q] /= sum_
        total += best + math.log(sum_)
    return total


@jit
def _slopes(
    item: Ints,
    odds: Floats,
    wide: Floats,
    right: Ints,
    harder: Floats,
    weight: Floats,
    slope: Floats,
    bend: Floats,
    lost: Floats,
) -> None:
    """Fills, for each row, the slope of the log likelihood in its logit, its curvature were the difficulty known, and
    how much of that is lost because it is not. Source of the last: Louis, JRSS B 44 (1982) 226-233."""
    gap, bent = np.empty(harder.size), np.empty(harder.size)
    for j in range(item.size):
        middle, more, less, was = odds[j], odds[j] * wide[j], odds[j] / wide[j], float(right[j])
        for q in range(harder.size):  # apart from the sums, so that it is done for several nodes at once
            x, y, z = 1.0 + middle * harder[q], 1.0 + more * harder[q], 1.0 + less * harder[q]
            over = 1.0 / (x * y * z)  # one division for all three: they are most of the time of a fit
            a, b, c = y * z * over, x * z * over, x * y * over
            gap[q] = was - (4.0 * a + b + c) * (1 / 6)
            bent[q] = (4.0 * a * (1.0 - a) + b * (1.0 - b) + c * (1.0 - c)) * (1 / 6)
        first = second = square = 0.0
        for q in range(harder.size):
            share = weight[item[j], q] * gap[q]
            first += share
            second += weight[item[j], q] * bent[q]
            square += share * gap[q]
        slope[j] = first
        bend[j] = second
        lost[j] = square - first * first
