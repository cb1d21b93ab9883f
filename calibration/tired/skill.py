"""Whether people get worse the longer they have been at work: logits of skill lost by hour, from labels of known truth.

    P(right) = mean over difficulties d of expit(a[worker] + effect[class] + gain log(1 + n) - logits h - d)

h are hours at work, n units finished before. Workers' intercepts are profiled out and difficulty is averaged over as
the fit of skill knows it, so that `logits` is the scenario's: a plain logistic slope of labels right or wrong is
flatter.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from ..service.tiring import LEAST_WORKERS
from ..workers.difficulty import Difficulty

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LEAST_LABELS = 30
"""Right ones, and wrong ones, below which an interval that leans on many of both means nothing."""

MATERIAL = 0.02
"""Less an hour changes no plan: at 90% right it is under a point of accuracy at the end of half a day."""

STEEPEST = 1.0
"""From 90% right to 77% within an hour is no tiring but another kind of work."""

HALF_DAY = 4
"""Hours after which it is told how much less is right."""

ROUNDS = 200

NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(15)
WEIGHTS = WEIGHTS / WEIGHTS.sum()
"""Of a standard normal distribution."""


@dataclass(frozen=True)
class Blunting:
    """logits: of skill that an hour takes, with its 95% interval, negative where people get better.

    labels, wrong, items, workers: that it rests on, workers with labels at different hours.  most: the longest that
    anyone had been at work, mean: at a label, in hours.  points, points_high: share of labels right less after
    HALF_DAY hours than at once, by `logits` and by `high`.
    """

    logits: float
    low: float
    high: float
    labels: int
    wrong: int
    items: int
    workers: int
    most: float
    mean: float
    points: float
    points_high: float

    @property
    def told(self) -> bool:
        """Whether the labels tell that people get worse, and by so much that it matters."""
        return self.low > 0 and MATERIAL <= self.logits <= STEEPEST


@dataclass(frozen=True, eq=False)
class Truths:
    """Labels of known truth. right: 0 or 1.  worker, item: numbered from 0.  practised: log(1 + units finished before).
    hours: at work.  offset: logits that the item's class adds."""

    right: Floats
    worker: Ints
    item: Ints
    practised: Floats
    hours: Floats
    offset: Floats


def fit_blunting(data: Truths, difficulty: Difficulty) -> Blunting | None:
    """The fit; None where fewer than LEAST_WORKERS workers have labels at different hours, labels are too few, or no
    slope fits.

    difficulty: of the items.  Workers' intercepts are as many as workers, and few labels each would draw the slope
    away from zero: the score is adjusted for the bias of first order, which keeps those of people who were always right
    finite too. The interval is by worker and by item, as labels of either hang together.
    Sources: Kosmidis & Firth, Bias reduction in exponential family nonlinear models, Biometrika 2009; Cameron, Gelbach
    & Miller, Robust inference with multiway clustering, JBES 2011.
    """
    workers = _workers(data)
    wrong = int(len(data.right) - data.right.sum())
    if workers < LEAST_WORKERS or min(wrong, len(data.right) - wrong) < LEAST_LABELS:
        return None
    x = np.column_stack([-data.hours, data.practised - data.practised.mean()])
    if _alike(x, data.worker):
        x = x[:, :1]  # who has done as many before at every hour has no practice to tell
    slopes, own = np.zeros(x.shape[1]), np.zeros(int(data.worker.max()) + 1)
    for _ in range(ROUNDS):
        at = _at(x, data, own, slopes, difficulty)
        bent = at.weight * (1 / np.bincount(data.worker, at.weight)[data.worker] + _square(at.x, at.bread))
        target = (data.right - at.chance + bent * at.bend / (2 * at.weight)) / at.slope
        step = at.bread @ (at.x.T @ (at.weight * target))
        move = _mean(target - x @ step, at.weight, data.worker)
        short = min(1.0, 1.0 / max(float(np.abs(step).max()), float(np.abs(move).max()), 1e-300))
        slopes, own = slopes + short * step, own + short * move
        if float(np.abs(step).max()) < 1e-7:
            break
    else:
        return None  # as where all labels before an hour are right and all after it wrong, for which no slope is enough
    half = _half(_at(x, data, own, slopes, difficulty), data)
    mean = float(data.hours.mean())
    usual = own[data.worker] + data.offset + x @ slopes + slopes[0] * (data.hours - mean)

    def less(logits: float) -> float:
        first, last = (link(difficulty, usual + logits * (mean - hour))[0].mean() for hour in (0, HALF_DAY))
        return float(first - last)

    return Blunting(
        logits=float(slopes[0]),
        low=float(slopes[0]) - half,
        high=float(slopes[0]) + half,
        labels=len(data.right),
        wrong=wrong,
        items=len(np.unique(data.item)),
        workers=workers,
        most=float(data.hours.max()),
        mean=mean,
        points=less(float(slopes[0])),
        points_high=less(float(slopes[0]) + half),
    )


@dataclass(frozen=True, eq=False)
class _At:
    """Where a climb stands. chance: of each label being right.  slope, bend: its first two derivatives in the logit.
    weight: information of a label.  x: less its worker's weighted mean.  bread: inverse of the slopes' information."""

    chance: Floats
    slope: Floats
    bend: Floats
    weight: Floats
    x: Floats
    bread: Floats


def _at(x: Floats, data: Truths, own: Floats, slopes: Floats, difficulty: Difficulty) -> _At:
    chance, slope, bend = link(difficulty, own[data.worker] + data.offset + x @ slopes)
    weight = slope**2 / (chance * (1 - chance))
    centred = np.column_stack([one - _mean(one, weight, data.worker)[data.worker] for one in x.T])
    return _At(chance, slope, bend, weight, centred, np.linalg.inv(centred.T @ (weight[:, None] * centred)))


def link(difficulty: Difficulty, logit: Floats) -> tuple[Floats, Floats, Floats]:
    """(how often labels are right over items, its first and its second derivative).

    By Gauss-Hermite quadrature, and not by the flatter logistic of Difficulty.chance, whose slope is some percent off
    where items differ much.
    """
    kinds = [(1 - difficulty.hard, 0.0, difficulty.spread)]
    if difficulty.hard > 0:
        kinds.append((difficulty.hard, difficulty.harder, difficulty.hard_spread))
    chance, slope, bend = (np.zeros_like(logit) for _ in range(3))
    for share, middle, spread in kinds:
        for node, weight in zip(NODES, WEIGHTS, strict=True):
            right = 1 / (1 + np.exp(np.clip(middle + spread * node - logit, -30, 30)))
            steep = share * weight * right * (1 - right)
            chance += share * weight * right
            slope += steep
            bend += steep * (1 - 2 * right)
    return chance, slope, bend


def _half(at: _At, data: Truths) -> float:
    """Half the interval: the sandwich of scores summed by worker, plus by item, less the labels that are in both. Few
    workers or items may hold most of what is known, and the interval counts as many as that is worth."""
    line = at.x @ at.bread[:, 0]
    told, score = at.weight * line**2, line * at.weight * (data.right - at.chance) / at.slope
    of_worker, workers = _clustered(told, score, data.worker)
    of_item, items = _clustered(told, score, data.item)
    variance = max(of_worker, of_item, of_worker + of_item - float((score**2).sum()))
    return float(stats.t.ppf(0.975, max(min(workers, items) - 1, 1))) * math.sqrt(variance)


def _clustered(told: Floats, score: Floats, group: Ints) -> tuple[float, float]:
    """(variance by `group`, how many equal groups these are worth)."""
    held = np.bincount(group, told)
    worth = float(held.sum()) ** 2 / float((held**2).sum())
    return float((np.bincount(group, score) ** 2).sum()) * worth / max(worth - 1, 0.5), worth


def _workers(data: Truths) -> int:
    """With labels at different hours."""
    if not len(data.right):
        return 0
    apart = data.hours - _mean(data.hours, np.ones(len(data.hours)), data.worker)[data.worker]
    return int((np.bincount(data.worker, apart**2) > 1e-9).sum())


def _alike(x: Floats, worker: Ints) -> bool:
    """Whether hours and practice cannot be told apart within workers."""
    even = np.ones(len(worker))
    apart = np.column_stack([one - _mean(one, even, worker)[worker] for one in x.T])
    normal = apart.T @ apart
    return bool(np.linalg.det(normal) <= 1e-9 * normal[0, 0] * max(normal[1, 1], 1e-300))


def _square(x: Floats, matrix: Floats) -> Floats:
    return np.asarray(((x @ matrix) * x).sum(axis=1))


def _mean(values: Floats, weight: Floats, worker: Ints) -> Floats:
    """float64[workers]: weighted."""
    return np.asarray(np.bincount(worker, weight * values) / np.maximum(np.bincount(worker, weight), 1e-300))
