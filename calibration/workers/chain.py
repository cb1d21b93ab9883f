"""Posterior draws of the Rasch model of workers, classes and items, by Metropolis within Gibbs (Numba).

    logit P(right) = ability[class] + skill[worker] + leaning[worker, class] - difficulty[item]

Crossed effects leave no closed likelihood; sampling gives honest intervals where a mode and its curvature are too sure
of the spreads. Difficulties are summed out on a grid, because an item has few labels and a chain that carries them
forgets slowly (docs/decisions/088). The spreads of workers are moved in two ways, with effects fixed and with
standardised effects fixed, because one of the two always mixes (Yu and Meng, To Center or Not to Center, JCGS 2011);
the spread of difficulty alone, and together with all else as much as wider difficulties flatten a logistic; effects
are shifted together where the data cannot see it. Where some items are harder than the rest, their share, mean and
spread are moved together. Priors, weak against a hundred labels: abilities N(middle, CLASS_SD^2) with
middle ~ N(0, MIDDLE_SD^2), spreads half-normal, the share of hard items Beta(2, 10), their mean N(HARDER, HARDER_SD^2).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ...sim.jit import jit
from .difficulty import HARDER, HARDER_SD, Difficulty, laid

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

MIDDLE_SD = 5.0
CLASS_SD = 1.5
"""Of ability between classes, where there are several."""

SPREAD_SD = 1.0
"""Half-normal, of each spread."""

NODES, HARD_NODES = np.linspace(-4.5, 4.5, 19), np.linspace(-3.0, 3.0, 11)
"""Of the grids of difficulties, in standard deviations."""

FLATTER = 0.35
"""A logistic averaged over normal difficulties of spread s is close to one sqrt(1 + FLATTER s^2) times flatter."""

SEED = 20_240_229


class Grouped(NamedTuple):
    """order: rows by group.  start: where each group begins in it."""

    order: Ints
    start: Ints


class Rows(NamedTuple):
    """int64[rows] each: worker, true class, pair of both, item, and whether the label is right (1) or wrong (0)."""

    worker: Ints
    true: Ints
    pair: Ints
    item: Ints
    right: Ints


class Draws(NamedTuple):
    """ability: float64[draws, C].  spreads: float64[draws, 3], of skill, leaning, difficulty.
    hard: float64[draws, 3], share of the hard items, their mean and spread of difficulty; share 0 where none are told.
    able: float32[kept, W, C], of evenly spaced draws: ability + skill + leaning of each worker.
    able_at: int64[kept], which draws these are."""

    ability: Floats
    spreads: Floats
    hard: Floats
    able: npt.NDArray[np.float32]
    able_at: Ints

    def difficulty(self, kept: int) -> Difficulty:
        """That of the draw number `kept` of `able`."""
        at = self.able_at[kept]
        return Difficulty(float(self.spreads[at, 2]), *(float(one) for one in self.hard[at]))


def grouped(group: Ints, count: int, item: Ints) -> Grouped:
    """Rows by the group, of `count`, that each is in, and by item within one."""
    starts = np.concatenate([[0], np.cumsum(np.bincount(group, minlength=count))])
    return Grouped(np.lexsort((item, group)).astype(np.int64), starts.astype(np.int64))


def sample(
    worker: Ints,
    true: Ints,
    item: Ints,
    right: Ints,
    sizes: tuple[int, int, int],
    fixed: tuple[float | None, float | None, float | None] = (None, None, None),
    hard: Difficulty | None = None,
    sweeps: int = 2000,
    kept: int = 200,
) -> Draws:
    """Draws after the first fifth of the sweeps. The same input gives the same draws.

    worker, true, item: int64[rows], of each label.  right: 0 or 1.  sizes: how many workers, classes and items.
    fixed: spreads of skill, leaning and difficulty that are not estimated; a leaning of zero is left out.
    hard: where to begin with hard items; None, or without any, to know of none.
    """
    workers, classes, items = sizes
    pair = worker * classes + true
    first = [0.5, 0.5, 0.8]
    spreads = np.array([one if value is None else value for value, one in zip(fixed, first, strict=True)])
    free = np.array([value is None for value in fixed])
    groups = (worker, workers), (true, classes), (pair, workers * classes), (item, items)
    by_worker, by_class, by_pair, by_item = (grouped(group, count, item) for group, count in groups)
    tail = np.zeros(3) if hard is None else np.array([hard.hard, hard.harder, hard.hard_spread])
    return Draws(
        *_chain(
            Rows(worker, true, pair, item, right), by_worker, by_class, by_pair, by_item,
            spreads, free, tail, sweeps, sweeps // 5, kept, np.random.default_rng(SEED),
        )
    )  # fmt: skip


@jit
def _odds(rows: Rows, ability: Floats, skill: Floats, leaning: Floats, odds: Floats) -> None:
    """Fills odds[rows], of a wrong label at difficulty zero."""
    for j in range(odds.size):
        odds[j] = math.exp(-ability[rows.true[j]] - skill[rows.worker[j]] - leaning[rows.pair[j]])


class Grid(NamedTuple):
    """harder: float64[nodes], what the difficulty of a node multiplies odds by.  weight: of each, how likely it is."""

    harder: Floats
    weight: Floats


@jit
def _grid(spread: float, tail: Floats) -> Grid:
    """Of difficulties. tail: share, mean and spread of the hard items."""
    nodes, weights = laid(spread, tail, NODES, HARD_NODES)
    return Grid(np.exp(nodes), weights)


@jit
def _likelihood(rows: Rows, by_item: Grouped, odds: Floats, grid: Grid, weight: Floats) -> float:
    """Fills weight[item, node], the posterior of an item's difficulty; the log likelihood, difficulties summed out."""
    total, harder = 0.0, grid.harder
    for i in range(weight.shape[0]):
        weight[i] = grid.weight
        for k in range(by_item.start[i], by_item.start[i + 1]):
            j = by_item.order[k]
            mine = odds[j]
            if rows.right[j] == 1:
                for q in range(harder.size):
                    weight[i, q] /= 1.0 + mine * harder[q]
            else:
                for q in range(harder.size):
                    weight[i, q] *= mine * harder[q] / (1.0 + mine * harder[q])
            if k % 8 == 0:  # products of many chances vanish
                total += _normalise(weight[i])
        total += _normalise(weight[i])
    return total


@jit
def _normalise(weight: Floats) -> float:
    """Makes weights sum to one; the log of what they summed to."""
    sum_ = weight.sum()
    if not sum_ > 0.0:
        return -np.inf
    weight /= sum_
    return math.log(sum_)


@jit
def _move(
    effect: Floats, centre: float, sd: float, group: Grouped, rows: Rows, odds: Floats, harder: Floats, weight: Floats,
    fresh: Floats, rng: np.random.Generator,
) -> None:  # fmt: skip
    """One Metropolis step of each effect, a draw from its prior where it has no row; odds and weight kept up to date.

    fresh: float64[items, nodes], room for the weights that the items of a group would have.
    """
    for g in range(effect.size):
        a, b = group.start[g], group.start[g + 1]
        if a == b:
            effect[g] = centre + sd * rng.standard_normal()
            continue
        step = rng.standard_normal() * 2.4 / math.sqrt(1.0 / (sd * sd) + 0.12 * (b - a))
        new, grow = effect[g] + step, math.exp(-step)
        ratio = ((effect[g] - centre) ** 2 - (new - centre) ** 2) / (2.0 * sd * sd)
        product, n, k = 1.0, 0, a
        while k < b:
            i = rows.item[group.order[k]]
            fresh[n] = weight[i]
            while k < b and rows.item[group.order[k]] == i:
                j = group.order[k]
                old = odds[j]
                for q in range(harder.size):
                    fresh[n, q] *= (1.0 + old * harder[q]) / (1.0 + old * grow * harder[q])
                ratio -= step * (1 - rows.right[j])
                k += 1
            sum_ = fresh[n].sum()
            fresh[n] /= sum_
            product *= sum_
            if not 1e-100 < product < 1e100:
                ratio += math.log(product)
                product = 1.0
            n += 1
        if math.log(rng.random()) < ratio + math.log(product):
            effect[g] = new
            n = -1
            last = -1
            for k in range(a, b):
                j = group.order[k]
                odds[j] *= grow
                if rows.item[j] != last:
                    last, n = rows.item[j], n + 1
                    weight[last] = fresh[n]


@jit
def _given_effects(sd: float, squares: float, count: int, rng: np.random.Generator) -> float:
    """Four Metropolis steps of log sd, the effects fixed; squares: sum of squared deviations from their centre."""
    for _ in range(4):
        new = sd * math.exp(rng.standard_normal() * 1.5 / math.sqrt(count + 1.0))
        ratio = (1.0 - count) * math.log(new / sd) + squares * (1.0 / (sd * sd) - 1.0 / (new * new)) / 2.0
        if math.log(rng.random()) < ratio + _prior(new) - _prior(sd):
            sd = new
    return sd


@jit
def _prior(sd: float) -> float:
    """Log density of a spread, but for a constant."""
    return -sd * sd / (2.0 * SPREAD_SD * SPREAD_SD)


@jit
def _tail_prior(tail: Floats) -> float:
    """Log density of the hard items' share, mean and spread, in logit, plain and log, but for a constant."""
    share: float = 2.0 * math.log(tail[0]) + 10.0 * math.log(1.0 - tail[0])
    mean: float = (tail[1] - HARDER) ** 2 / (2.0 * HARDER_SD**2)
    return share - mean + _prior(tail[2]) + math.log(tail[2])


@jit
def _another_tail(tail: Floats, step: float, rng: np.random.Generator) -> Floats:
    """A step from it, in logit, plain and log."""
    odds = tail[0] / (1.0 - tail[0]) * math.exp(step * rng.standard_normal())
    mean, sd = tail[1] + step * rng.standard_normal(), tail[2] * math.exp(step * rng.standard_normal())
    return np.array([odds / (1.0 + odds), mean, sd])


@jit
def _flatter(all_: float, ability: Floats, middle: float, class_sd: float, spreads: Floats, free: Bools) -> float:
    """What the priors say to `all_` times the abilities, their middle and the spreads that are not held, with the
    volume that so many numbers take."""
    classes = ability.size
    there = ((ability - middle) ** 2).sum() / class_sd**2 + (middle / MIDDLE_SD) ** 2
    ratio = (classes + (classes > 1)) * math.log(all_) + (1.0 - all_ * all_) * there / 2.0
    for k in range(2):
        if free[k]:
            ratio += math.log(all_) + _prior(all_ * spreads[k]) - _prior(spreads[k])
    return float(ratio)


@jit
def _shift(count: int, total: float, sd: float, other: float, tight: float, rng: np.random.Generator) -> float:
    """What to add to `count` effects around zero, whose sum is `total`, and to take from another part, which has
    precision `tight` and would be best `other` lower."""
    precision = count / (sd * sd) + tight
    return (tight * other - total / (sd * sd)) / precision + rng.standard_normal() / math.sqrt(precision)


@jit
def _level(
    ability: Floats, skill: Floats, leaning: Floats, middle: float, class_sd: float, spreads: Floats,
    rng: np.random.Generator,
) -> None:  # fmt: skip
    """Shifts the leanings to a class against its ability, and those of a worker against its skill; no label sees it."""
    workers, classes = skill.size, ability.size
    table = leaning.reshape(workers, classes)
    for c in range(classes):
        by = _shift(workers, table[:, c].sum(), spreads[1], ability[c] - middle, 1.0 / class_sd**2, rng)
        ability[c] -= by
        table[:, c] += by
    for w in range(workers):
        by = _shift(classes, table[w].sum(), spreads[1], skill[w], 1.0 / spreads[0] ** 2, rng)
        skill[w] -= by
        table[w] += by


@jit
def _centre(
    ability: Floats, skill: Floats, middle: float, class_sd: float, spread: float, rng: np.random.Generator
) -> float:
    """Shifts the skills against the abilities, which no label sees; a new middle of these."""
    classes = ability.size
    by = _shift(skill.size, skill.sum(), spread, middle if classes > 1 else ability[0], 1.0 / MIDDLE_SD**2, rng)
    skill += by
    ability -= by
    if classes == 1:
        return middle
    tight = classes / class_sd**2 + 1.0 / MIDDLE_SD**2
    return float(ability.sum() / class_sd**2 / tight + rng.standard_normal() / math.sqrt(tight))


@jit
def _chain(
    rows: Rows, by_worker: Grouped, by_class: Grouped, by_pair: Grouped, by_item: Grouped,
    spreads: Floats, free: Bools, tail: Floats, sweeps: int, dropped: int, kept: int,
    rng: np.random.Generator,
) -> tuple[Floats, Floats, Floats, npt.NDArray[np.float32], Ints]:  # fmt: skip
    workers, classes, items = by_worker.start.size - 1, by_class.start.size - 1, by_item.start.size - 1
    right = rows.right
    share = (right.sum() + 1.0) / (right.size + 2.0)
    ability = np.full(classes, math.log(share / (1.0 - share)))
    middle, class_sd = (ability[0], CLASS_SD) if classes > 1 else (0.0, MIDDLE_SD)  # one class is its own middle
    skill, leaning = np.zeros(workers), np.zeros(workers * classes)
    odds, other_odds = np.empty(right.size), np.empty(right.size)
    grid = _grid(spreads[2], tail)
    shape = (items, grid.harder.size)
    weight, other_weight, fresh, step = np.empty(shape), np.empty(shape), np.empty(shape), np.full(5, 0.3)
    leans = free[1] or spreads[1] > 0.0
    kept = min(kept, sweeps - dropped)
    abilities, trail = np.empty((sweeps - dropped, classes)), np.empty((sweeps - dropped, 3))
    tails = np.empty((sweeps - dropped, 3))
    able, able_at = np.empty((kept, workers, classes), np.float32), np.empty(kept, np.int64)
    _odds(rows, ability, skill, leaning, odds)
    _likelihood(rows, by_item, odds, grid, weight)
    for t in range(sweeps):
        _move(skill, 0.0, spreads[0], by_worker, rows, odds, grid.harder, weight, fresh, rng)
        _move(ability, middle, class_sd, by_class, rows, odds, grid.harder, weight, fresh, rng)
        if leans:
            _move(leaning, 0.0, spreads[1], by_pair, rows, odds, grid.harder, weight, fresh, rng)
            _level(ability, skill, leaning, middle, class_sd, spreads, rng)
        middle = _centre(ability, skill, middle, class_sd, spreads[0], rng)
        if free[0]:
            spreads[0] = _given_effects(spreads[0], (skill**2).sum(), workers, rng)
        if free[1]:
            spreads[1] = _given_effects(spreads[1], (leaning**2).sum(), leaning.size, rng)
        _odds(rows, ability, skill, leaning, odds)
        here = _likelihood(rows, by_item, odds, grid, weight)
        # Spreads of skill and leaning with their effects, of difficulty alone, of it with all else; the hard items.
        for k in range(5):
            which, other_tail = min(k, 2), tail.copy()
            if (k < 4 and not free[which]) or (k == 4 and tail[0] == 0.0):
                continue
            new = spreads[2] if k == 4 else abs(spreads[which] + step[k] * rng.standard_normal())
            grow = new / spreads[which]
            ratio = _prior(new) - _prior(spreads[which])
            skills, leanings, all_ = (grow if k == 0 else 1.0), (grow if k == 1 else 1.0), 1.0
            if k == 4:
                other_tail = _another_tail(tail, step[k], rng)
                ratio = _tail_prior(other_tail) - _tail_prior(tail)
            elif k == 3:
                all_ = math.sqrt((1.0 + FLATTER * new * new) / (1.0 + FLATTER * spreads[2] ** 2))
                ratio += _flatter(all_, ability, middle, class_sd, spreads, free)
                skills, leanings = (all_ if free[0] else 1.0), (all_ if free[1] else 1.0)
            other_grid = _grid(new if which == 2 else spreads[2], other_tail)
            _odds(rows, ability * all_, skill * skills, leaning * leanings, other_odds)
            there = _likelihood(rows, by_item, other_odds, other_grid, other_weight)
            good = math.log(rng.random()) < there - here + ratio
            if good:
                ability *= all_
                middle *= all_
                skill *= skills
                leaning *= leanings
                if free[0]:
                    spreads[0] *= skills
                if free[1]:
                    spreads[1] *= leanings
                if which == 2:
                    spreads[2] = new
                tail, grid, here = other_tail, other_grid, there
                odds, other_odds = other_odds, odds
                weight, other_weight = other_weight, weight
            if t < dropped:
                step[k] *= 1.05 if good else 0.965
        if t >= dropped:
            u = t - dropped
            abilities[u] = ability
            trail[u], tails[u] = spreads, tail
            n = u * kept // (sweeps - dropped)
            if n == 0 or (u - 1) * kept // (sweeps - dropped) < n:
                able[n] = ability + skill.reshape(-1, 1) + leaning.reshape(workers, classes)
                able_at[n] = u
    return abilities, trail, tails, able, able_at
