"""Posterior draws of the Rasch model with crossed worker and item effects, by Metropolis within Gibbs (Numba).

    logit P(correct) = skill[worker] - difficulty[item]
    skill ~ N(mean, skill_sd^2),  difficulty ~ N(0, difficulty_sd^2)

Priors, weak against a hundred test questions: mean ~ N(0, 5^2), both sd half-normal(1). Crossed effects leave no closed
likelihood; sampling gives honest intervals where a mode and its curvature are too sure of the spreads. Each sd is moved
in two ways, with effects fixed and with standardised effects fixed, because one of the two always mixes (Yu & Meng,
2011, To Center or Not to Center); skills and difficulties are also shifted together, which the data cannot see.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from ..sim.jit import jit

PRIOR_MEAN_SD = 5.0
PRIOR_SD = 1.0

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def posterior(
    worker: Ints, item: Ints, correct: Ints, *, skill_sd: float | None, difficulty_sd: float | None, sweeps: int = 3000
) -> Floats:
    """float64[draws, 3]: mean, skill_sd, difficulty_sd of each kept sweep (the first fifth is dropped).

    worker, item: whole numbers from 0, each in use.  correct: 0 or 1.  skill_sd, difficulty_sd: a fixed value, or None
    to estimate it. The same input gives the same draws.
    """
    w_order, w_start = _grouped(worker)
    d_order, d_start = _grouped(item)
    draws = _chain(
        worker,
        item,
        correct,
        w_order,
        w_start,
        d_order,
        d_start,
        0.5 if skill_sd is None else skill_sd,
        0.8 if difficulty_sd is None else difficulty_sd,
        skill_sd is None,
        difficulty_sd is None,
        sweeps,
        np.random.default_rng(20_240_229),
    )
    return draws[sweeps // 5 :]


def _grouped(group: Ints) -> tuple[Ints, Ints]:
    """(rows in the order of groups, where each group starts)."""
    counts = np.bincount(group)
    return np.argsort(group, kind="stable").astype(np.int64), np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


@jit
def _log_sigmoid(x: float) -> float:
    return -math.log1p(math.exp(-x)) if x > 0 else x - math.log1p(math.exp(x))


@jit
def _loglik(worker: Ints, item: Ints, correct: Ints, w: Floats, d: Floats) -> float:
    total = 0.0
    for j in range(worker.size):
        x = w[worker[j]] - d[item[j]]
        total += _log_sigmoid(x) if correct[j] == 1 else _log_sigmoid(-x)
    return total


@jit
def _move(
    mine: Floats, other: Floats, partner: Ints, correct: Ints, order: Ints, start: Ints,
    sign: float, centre: float, sd: float, rng: np.random.Generator,
) -> None:  # fmt: skip
    """One Metropolis step for each effect of `mine`; sign +1 for skills, -1 for difficulties."""
    for i in range(mine.size):
        a, b = start[i], start[i + 1]
        new = mine[i] + rng.standard_normal() * 2.4 / math.sqrt(1.0 / (sd * sd) + 0.12 * (b - a))
        ratio = ((mine[i] - centre) ** 2 - (new - centre) ** 2) / (2.0 * sd * sd)
        for k in range(a, b):
            j = order[k]
            y = sign if correct[j] == 1 else -sign
            ratio += _log_sigmoid(y * (new - other[partner[j]])) - _log_sigmoid(y * (mine[i] - other[partner[j]]))
        if math.log(rng.random()) < ratio:
            mine[i] = new


@jit
def _spread_given_effects(sd: float, squares: float, count: int, rng: np.random.Generator) -> float:
    """Four Metropolis steps of log sd, the effects fixed; squares: sum of squared deviations from their centre."""
    for _ in range(4):
        new = sd * math.exp(rng.standard_normal() * 1.5 / math.sqrt(count + 1.0))
        ratio = (1.0 - count) * math.log(new / sd) + squares * (1.0 / (sd * sd) - 1.0 / (new * new)) / 2.0
        ratio += (sd * sd - new * new) / (2.0 * PRIOR_SD * PRIOR_SD)
        if math.log(rng.random()) < ratio:
            sd = new
    return sd


@jit
def _chain(
    worker: Ints, item: Ints, correct: Ints, w_order: Ints, w_start: Ints, d_order: Ints, d_start: Ints,
    s_w: float, s_d: float, free_w: bool, free_d: bool, sweeps: int, rng: np.random.Generator,
) -> Floats:  # fmt: skip
    W, J = w_start.size - 1, d_start.size - 1
    share = (correct.sum() + 1.0) / (correct.size + 2.0)
    m = math.log(share / (1.0 - share))
    w, d = np.full(W, m), np.zeros(J)
    scaled_w, scaled_d = np.empty(W), np.empty(J)
    out = np.empty((sweeps, 3))
    step_w, step_d = 0.3, 0.3
    for t in range(sweeps):
        _move(w, d, item, correct, w_order, w_start, 1.0, m, s_w, rng)
        _move(d, w, worker, correct, d_order, d_start, -1.0, 0.0, s_d, rng)
        tight = J / (s_d * s_d) + 1.0 / PRIOR_MEAN_SD**2
        shift = (-d.sum() / (s_d * s_d) - m / PRIOR_MEAN_SD**2) / tight + rng.standard_normal() / math.sqrt(tight)
        d += shift
        w += shift
        m += shift
        tight = W / (s_w * s_w) + 1.0 / PRIOR_MEAN_SD**2
        m = w.sum() / (s_w * s_w) / tight + rng.standard_normal() / math.sqrt(tight)
        here = _loglik(worker, item, correct, w, d)
        if free_w:
            s_w = _spread_given_effects(s_w, ((w - m) ** 2).sum(), W, rng)
            new = s_w * math.exp(step_w * rng.standard_normal())
            scaled_w[:] = m + (w - m) * (new / s_w)
            there = _loglik(worker, item, correct, scaled_w, d)
            accept = there - here + math.log(new / s_w) + (s_w * s_w - new * new) / (2.0 * PRIOR_SD**2)
            good = math.log(rng.random()) < accept
            if good:
                w[:] = scaled_w
                s_w, here = new, there
            if t < sweeps // 5:
                step_w *= 1.05 if good else 0.965
        if free_d:
            s_d = _spread_given_effects(s_d, (d**2).sum(), J, rng)
            new = s_d * math.exp(step_d * rng.standard_normal())
            scaled_d[:] = d * (new / s_d)
            there = _loglik(worker, item, correct, w, scaled_d)
            accept = there - here + math.log(new / s_d) + (s_d * s_d - new * new) / (2.0 * PRIOR_SD**2)
            good = math.log(rng.random()) < accept
            if good:
                d[:] = scaled_d
                s_d = new
            if t < sweeps // 5:
                step_d *= 1.05 if good else 0.965
        out[t, 0], out[t, 1], out[t, 2] = m, s_w, s_d
    return out
