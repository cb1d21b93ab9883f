"""How often labels are right: the Rasch model of workers, classes and items, by Bock and Aitkin's EM (Numba).

    logit P(right) = ability[class] + skill[worker] + leaning[worker, class] - difficulty[item]
    skill ~ N(0, skill_sd^2),  leaning ~ N(0, leaning_sd^2),  difficulty ~ N(0, difficulty_sd^2)

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
from .labelled import Labelled

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

NODES = np.linspace(-4.5, 4.5, 31)
"""Of the grid of difficulties, in standard deviations."""

CLASS_SD = 1.5
"""Of ability between classes: a prior, weak against ten items of a class, that holds classes with hardly any."""

SPREAD_SD = 2.0
"""Half-normal prior of each spread: weak, it keeps what the data cannot tell from running away."""

LEAST_SPREAD = 0.02


@dataclass(frozen=True, eq=False)
class Rasch:
    """ability: float64[C], of a typical worker at an item of typical difficulty, logits.
    skill: float64[W], deviation of each worker.  leaning: float64[W, C], further deviation by class.
    skill_sd, leaning_sd, difficulty_sd: their spreads.
    skill_var: [W], posterior variances.  leaning_var: [W, C], the same where the skill is known; both the spread's
    square without a label.  follows: [W, C], by how much a leaning is less where the skill is one more than thought,
    because labels tell the sum of both.
    log_likelihood: of the labels being right or wrong, difficulties integrated out.  rounds: of EM."""

    ability: Floats
    skill: Floats
    leaning: Floats
    skill_sd: float
    leaning_sd: float
    difficulty_sd: float
    skill_var: Floats
    leaning_var: Floats
    follows: Floats
    log_likelihood: float
    rounds: int


def fit_rasch(data: Labelled, *, difficulty_sd: float | None = None, most: int = 200, tolerance: float = 1e-7) -> Rasch:
    """The model's fit to labels whose items all have a known truth.

    difficulty_sd: held at this; None to estimate it. Zero makes errors independent.
    Ends when the log likelihood of a label changes by less than `tolerance` on average, or after `most` rounds.
    """
    assert (data.truth >= 0).all(), "every item has a known truth"
    item, true = data.item, data.truth[data.item]
    right = (data.label == true).astype(np.int64)
    workers, classes = len(data.workers), len(data.classes)
    pair = data.worker * classes + true
    ability = _first_abilities(true, right, classes)
    skill, leaning = np.zeros(workers), np.zeros(workers * classes)
    spreads = np.array([0.5, 0.3, 1.0 if difficulty_sd is None else difficulty_sd])
    seen = np.bincount(pair, minlength=workers * classes) > 0
    skill_var, leaning_var, follows = _unsure(np.zeros((workers, classes)), spreads)
    nodes, log_weights = (NODES, _LOG_WEIGHTS) if difficulty_sd != 0.0 else (np.zeros(1), np.zeros(1))
    weight = np.empty((len(data.items), nodes.size))
    slope, bend, lost = (np.empty(len(right)) for _ in range(3))
    before, found = -math.inf, -math.inf

    def rows() -> tuple[Floats, Floats]:
        """Odds of a wrong label at difficulty zero, and what a step of sqrt(3) sd of its worker multiplies them by."""
        unsure = leaning_var.ravel()[pair] + (1 - follows.ravel()[pair]) ** 2 * skill_var[data.worker]
        return np.exp(-ability[true] - skill[data.worker] - leaning[pair]), np.exp(np.sqrt(3.0 * unsure))

    def turn(group: Ints, count: int) -> tuple[Floats, Floats, Floats]:
        """Slope, curvature of the complete data and that of the observed, summed by `group`."""
        odds, wide = rows()
        _slopes(item, odds, wide, right, np.exp(nodes * spreads[2]), weight, slope, bend, lost)
        return tuple(np.bincount(group, one, count) for one in (slope, bend, bend - lost))  # type: ignore[return-value]

    rounds = 0
    for rounds in range(1, most + 1):
        found = _expect(data.start, *rows(), right, np.exp(nodes * spreads[2]), log_weights, weight)
        for _ in range(2):
            up, curve, _ = turn(true, classes)
            middle = ability.mean()
            ability += _step(up - (ability - middle) / CLASS_SD**2, curve + 1 / CLASS_SD**2)
            up, curve, _ = turn(data.worker, workers)
            skill += _step(up - skill / spreads[0] ** 2, curve + 1 / spreads[0] ** 2)
            up, curve, observed = turn(pair, workers * classes)
            leaning += _step(up - leaning / spreads[1] ** 2, curve + 1 / spreads[1] ** 2)
            skill_var, leaning_var, follows = _unsure(np.maximum(observed, 0).reshape(workers, classes), spreads)
        spreads[0] = _spread(skill**2 + skill_var)
        both = leaning_var + follows**2 * skill_var[:, None]
        spreads[1] = _spread((leaning**2 + both.ravel())[seen])
        if difficulty_sd is None:
            spreads[2] = _spread((weight * (nodes * spreads[2]) ** 2).sum(axis=1))
        if abs(found - before) < tolerance * len(right) and rounds > 20:
            break
        before = found
    return Rasch(
        ability=ability,
        skill=skill,
        leaning=leaning.reshape(workers, classes),
        skill_sd=float(spreads[0]),
        leaning_sd=float(spreads[1]),
        difficulty_sd=float(spreads[2]),
        skill_var=skill_var,
        leaning_var=leaning_var,
        follows=follows,
        log_likelihood=float(found),
        rounds=rounds,
    )


_LOG_WEIGHTS = -(NODES**2) / 2 - special.logsumexp(-(NODES**2) / 2)


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


def _spread(squares: Floats) -> float:
    """The mode of a standard deviation, from the expected squares of what it spreads and its half-normal prior."""
    n, total, prior = len(squares), float(squares.sum()), SPREAD_SD**2
    return max(LEAST_SPREAD, math.sqrt(prior * (math.sqrt(n * n + 4 * total / prior) - n) / 2))


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
