"""Posterior draws of the Rasch model of workers, classes and items, by Metropolis within Gibbs (Numba).

    logit P(right) = ability[class] + skill[worker] + leaning[worker, class] - difficulty[item]

Crossed effects leave no closed likelihood; sampling gives honest intervals where a mode and its curvature are too sure
of the spreads. Each spread is moved in two ways, with effects fixed and with standardised effects fixed, because one of
the two always mixes (Yu and Meng, To Center or Not to Center, JCGS 2011); effects are also shifted together where the
data cannot see it. Priors, weak against a hundred labels: abilities N(middle, CLASS_SD^2) with middle ~ N(0, 5^2),
spreads half-normal.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ...sim.jit import jit

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MIDDLE_SD = 5.0
CLASS_SD = 1.5
"""Of ability between classes, where there are several."""

SPREAD_SD = 1.0
"""Half-normal, of each spread."""

SEED = 20_240_229


class Grouped(NamedTuple):
    """order: rows by group.  start: where each group begins in it."""

    order: Ints
    start: Ints


class Draws(NamedTuple):
    """ability: float64[draws, C].  spreads: float64[draws, 3], of skill, leaning, difficulty.
    able: float32[kept, W, C], of evenly spaced draws: ability + skill + leaning of each worker.
    able_spread: float64[kept], the spread of difficulty in the same draws."""

    ability: Floats
    spreads: Floats
    able: npt.NDArray[np.float32]
    able_spread: Floats


def grouped(group: Ints, count: int) -> Grouped:
    """Rows by the group, of `count`, that each is in."""
    starts = np.concatenate([[0], np.cumsum(np.bincount(group, minlength=count))])
    return Grouped(np.argsort(group, kind="stable").astype(np.int64), starts.astype(np.int64))


def sample(
    worker: Ints,
    true: Ints,
    item: Ints,
    right: Ints,
    sizes: tuple[int, int, int],
    fixed: tuple[float | None, float | None, float | None] = (None, None, None),
    sweeps: int = 2000,
    kept: int = 200,
) -> Draws:
    """Draws after the first fifth of the sweeps. The same input gives the same draws.

    worker, true, item: int64[rows], of each label.  right: 0 or 1.  sizes: how many workers, classes and items.
    fixed: spreads of skill, leaning and difficulty that are not estimated; a leaning of zero is left out.
    """
    workers, classes, items = sizes
    pair = worker * classes + true
    first = [0.5, 0.5, 0.8]
    spreads = np.array([one if value is None else value for value, one in zip(fixed, first, strict=True)])
    free = np.array([value is None for value in fixed])
    ability, trail, able, able_spread = _chain(
        worker, true, item, pair, right,
        grouped(worker, workers), grouped(true, classes), grouped(item, items), grouped(pair, workers * classes),
        spreads, free, sweeps, sweeps // 5, kept, np.random.default_rng(SEED),
    )  # fmt: skip
    return Draws(ability, trail, able, able_spread)


@jit
def _log_sigmoid(x: float) -> float:
    return -math.log1p(math.exp(-x)) if x > 0 else x - math.log1p(math.exp(x))


@jit
def _move(
    effect: Floats, centre: float, sd: float, sign: float, group: Grouped, right: Ints, logit: Floats, log: Floats,
    fresh: Floats, rng: np.random.Generator,
) -> None:  # fmt: skip
    """One Metropolis step of each effect; sign -1 for difficulties. logit, log: of each row, kept up to date."""
    order, start = group
    for g in range(effect.size):
        a, b = start[g], start[g + 1]
        step = rng.standard_normal() * 2.4 / math.sqrt(1.0 / (sd * sd) + 0.12 * (b - a))
        new = effect[g] + step
        ratio = ((effect[g] - centre) ** 2 - (new - centre) ** 2) / (2.0 * sd * sd)
        for k in range(a, b):
            j = order[k]
            x = logit[j] + sign * step
            fresh[k - a] = _log_sigmoid(x) if right[j] == 1 else _log_sigmoid(-x)
            ratio += fresh[k - a] - log[j]
        if math.log(rng.random()) < ratio:
            effect[g] = new
            for k in range(a, b):
                logit[order[k]] += sign * step
                log[order[k]] = fresh[k - a]


@jit
def _given_effects(sd: float, squares: float, count: int, rng: np.random.Generator) -> float:
    """Four Metropolis steps of log sd, the effects fixed; squares: sum of squared deviations from their centre."""
    for _ in range(4):
        new = sd * math.exp(rng.standard_normal() * 1.5 / math.sqrt(count + 1.0))
        ratio = (1.0 - count) * math.log(new / sd) + squares * (1.0 / (sd * sd) - 1.0 / (new * new)) / 2.0
        ratio += (sd * sd - new * new) / (2.0 * SPREAD_SD * SPREAD_SD)
        if math.log(rng.random()) < ratio:
            sd = new
    return sd


@jit
def _rescale(
    effect: Floats, at: Ints, sd: float, step: float, sign: float, right: Ints, logit: Floats, log: Floats,
    rng: np.random.Generator,
) -> float:  # fmt: skip
    """A Metropolis step of log sd, the standardised effects fixed; the new sd, or the old one where it is refused."""
    new = sd * math.exp(step * rng.standard_normal())
    grow = sign * (new / sd - 1.0)
    ratio = math.log(new / sd) + (sd * sd - new * new) / (2.0 * SPREAD_SD * SPREAD_SD)
    for j in range(at.size):
        x = logit[j] + grow * effect[at[j]]
        ratio += (_log_sigmoid(x) if right[j] == 1 else _log_sigmoid(-x)) - log[j]
    if math.log(rng.random()) >= ratio:
        return sd
    for j in range(at.size):
        logit[j] += grow * effect[at[j]]
        log[j] = _log_sigmoid(logit[j]) if right[j] == 1 else _log_sigmoid(-logit[j])
    effect *= new / sd
    return new


@jit
def _shift(count: int, total: float, sd: float, other: float, tight: float, rng: np.random.Generator) -> float:
    """What to add to `count` effects around zero, whose sum is `total`, and to take from another part, which has
    precision `tight` and would be best `other` lower."""
    precision = count / (sd * sd) + tight
    return (tight * other - total / (sd * sd)) / precision + rng.standard_normal() / math.sqrt(precision)


@jit
def _chain(
    worker: Ints, true: Ints, item: Ints, pair: Ints, right: Ints,
    by_worker: Grouped, by_class: Grouped, by_item: Grouped, by_pair: Grouped,
    spreads: Floats, free: npt.NDArray[np.bool_], sweeps: int, dropped: int, kept: int, rng: np.random.Generator,
) -> tuple[Floats, Floats, npt.NDArray[np.float32], Floats]:  # fmt: skip
    workers, classes, items = by_worker.start.size - 1, by_class.start.size - 1, by_item.start.size - 1
    share = (right.sum() + 1.0) / (right.size + 2.0)
    middle = math.log(share / (1.0 - share))
    class_sd = CLASS_SD if classes > 1 else 1e-3
    ability, skill, leaning = np.full(classes, middle), np.zeros(workers), np.zeros(workers * classes)
    difficulty = np.zeros(items)
    logit = np.full(right.size, middle)
    log = np.array([_log_sigmoid(middle) if one == 1 else _log_sigmoid(-middle) for one in right])
    fresh, step = np.empty(right.size), np.full(3, 0.3)
    leans = free[1] or spreads[1] > 0.0
    kept = min(kept, sweeps - dropped)
    abilities, trail = np.empty((sweeps - dropped, classes)), np.empty((sweeps - dropped, 3))
    able, able_spread = np.empty((kept, workers, classes), np.float32), np.empty(kept)
    for t in range(sweeps):
        _move(skill, 0.0, spreads[0], 1.0, by_worker, right, logit, log, fresh, rng)
        _move(difficulty, 0.0, spreads[2], -1.0, by_item, right, logit, log, fresh, rng)
        if classes > 1:
            _move(ability, middle, class_sd, 1.0, by_class, right, logit, log, fresh, rng)
        if leans:
            _move(leaning, 0.0, spreads[1], 1.0, by_pair, right, logit, log, fresh, rng)
            for c in range(classes):
                total = 0.0
                for w in range(workers):
                    total += leaning[w * classes + c]
                by = _shift(workers, total, spreads[1], ability[c] - middle, 1.0 / class_sd**2, rng)
                ability[c] -= by
                for w in range(workers):
                    leaning[w * classes + c] += by
            for w in range(workers):
                total = leaning[w * classes : (w + 1) * classes].sum()
                by = _shift(classes, total, spreads[1], skill[w], 1.0 / spreads[0] ** 2, rng)
                skill[w] -= by
                leaning[w * classes : (w + 1) * classes] += by
        by = _shift(workers, skill.sum(), spreads[0], middle, 1.0 / MIDDLE_SD**2, rng)
        skill += by
        ability -= by
        middle -= by
        by = _shift(items, difficulty.sum(), spreads[2], -middle, 1.0 / MIDDLE_SD**2, rng)
        difficulty += by
        ability += by
        middle += by
        tight = classes / class_sd**2 + 1.0 / MIDDLE_SD**2
        if classes > 1:
            middle = ability.sum() / class_sd**2 / tight + rng.standard_normal() / math.sqrt(tight)
        for k in range(3):
            if not free[k]:
                continue
            old = spreads[k]
            if k == 0:
                old = _given_effects(old, (skill**2).sum(), workers, rng)
                spreads[0] = _rescale(skill, worker, old, step[0], 1.0, right, logit, log, rng)
            elif k == 1:
                old = _given_effects(old, (leaning**2).sum(), leaning.size, rng)
                spreads[1] = _rescale(leaning, pair, old, step[1], 1.0, right, logit, log, rng)
            else:
                old = _given_effects(old, (difficulty**2).sum(), items, rng)
                spreads[2] = _rescale(difficulty, item, old, step[2], -1.0, right, logit, log, rng)
            if t < dropped:
                step[k] *= 1.05 if spreads[k] != old else 0.965
        if t >= dropped:
            u = t - dropped
            abilities[u] = ability
            trail[u] = spreads
            n = u * kept // (sweeps - dropped)
            if n == 0 or (u - 1) * kept // (sweeps - dropped) < n:
                for w in range(workers):
                    for c in range(classes):
                        able[n, w, c] = ability[c] + skill[w] + leaning[w * classes + c]
                able_spread[n] = spreads[2]
    return abilities, trail, able, able_spread
