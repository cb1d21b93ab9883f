"""What a trial of a pool shows: how many of n labels are right and how long they take, by few people or many.

Right labels: a person's share right differs from the pool's, so labels of one person tell less than those of several.
Their number is beta-binomial, with the variance of n labels spread evenly over w people. Times: the mean logarithm is
normal about the pool's, its variance that between people over w and that between tasks over n.
Source of the design effect: Kish, Survey sampling (1965), section 5.4; of the law: Williams, Biometrics 31 (1975)
949-952.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from .statistics import Floats

LEAST = 1e-3
"""Standard error of a mean logarithm of times, at least: clocks and pauses are no better."""

ALONE = 1e-7
"""Correlation of the labels of a trial, at least: below it they are as good as independent."""

FAINT = 1e-3
"""Part of the variance of a number right below which people do not matter."""

EDGE = 1e-6
"""Nearest that a share right comes to 0 and 1."""

OUTCOMES = 6_400
"""That are looked at, from 2 to 16 of each truth."""

BLOCK = 2_000_000
"""Outcomes times truths that are weighed at a time."""


@dataclass(frozen=True, eq=False)
class Truths:
    """What may be true of a pool, as equally likely draws; float64[N] each.

    right: share of labels that is right.  alike: correlation of whether two labels of one person are (variance of
    people's shares by right x (1 - right)).  pace: mean logarithm of a task's seconds.  people, tasks: standard
    deviations of that, over people and over tasks of one person.
    """

    right: Floats
    alike: Floats
    pace: Floats
    people: Floats
    tasks: Floats

    @property
    def points(self) -> Floats:
        """float64[N, D]: right, and pace; of the two those that vary."""
        axes = [one for one in (self.right, self.pace) if np.ptp(one) > EDGE]
        return np.stack(axes, axis=1) if axes else np.empty((self.right.size, 0))


@dataclass(frozen=True)
class Trial:
    """labels: all with a known truth, each of another item.  people: who give them, equally many each."""

    labels: int
    people: int

    def __post_init__(self) -> None:
        assert 1 <= self.people <= self.labels


def after(truths: Truths, trial: Trial, seed: int, values: Floats) -> Floats:
    """float64[X, p], the same number of outcomes of each truth in turn: what values of the truths are on average after
    each, truths being as likely as the outcome makes them.

    values: float64[N, p].  Of one seed, trials of all sizes share their luck.
    """
    luck = _lattice(truths.right.size, seed)
    right = _drawn_right(truths, trial, luck).ravel()
    pace = (truths.pace[:, None] + special.ndtri(luck[..., 2]) * _error(truths, trial)[:, None]).ravel()
    size = max(1, BLOCK // truths.right.size)
    found = []
    for start in range(0, right.size, size):
        numbers, place = np.unique(right[start : start + size], return_inverse=True)
        logs = of_right(truths, trial, numbers)[place] + _of_pace(truths, trial, pace[start : start + size])
        found.append(_normalised(logs) @ values)
    return np.concatenate(found)


def _lattice(count: int, seed: int) -> Floats:
    """float64[count, outcomes, 3] in (0, 1): for each truth a lattice of its own, spread evenly over each axis."""
    each = next(one for one in (16, 8, 4, 2) if one * count <= OUTCOMES or one == 2)
    steps = np.array([1, 5, 7])  # odd, so that each axis has all parts
    even = np.arange(each)[:, None] * steps / each
    found = (even[None] + np.random.default_rng(seed).random((count, 1, 3))) % 1.0
    return np.asarray(np.clip(found, 1e-12, 1 - 1e-12))


def _shape(truths: Truths, trial: Trial) -> tuple[Floats, Floats]:
    """The two parameters of the beta-binomial of each truth."""
    share = np.clip(truths.right, EDGE, 1 - EDGE)
    of_one = trial.labels / trial.people
    within = np.clip(truths.alike * (of_one - 1) / max(trial.labels - 1, 1), ALONE, 1 - ALONE)
    both = (1 - within) / within
    return share * both, (1 - share) * both


def _drawn_right(truths: Truths, trial: Trial, luck: Floats) -> npt.NDArray[np.int64]:
    """int64[N, outcomes]: labels that are right."""
    first, second = _shape(truths, trial)
    share = np.broadcast_to(truths.right[:, None], luck.shape[:2]).copy()
    # Where people hardly matter, the inverse is slow and tells nothing.
    matter = trial.labels / (first + second) > FAINT
    share[matter] = special.betaincinv(first[matter, None], second[matter, None], luck[matter, :, 0])
    return _binomial(trial.labels, np.clip(share, EDGE**2, 1 - EDGE**2), luck[..., 1])


def _binomial(trials: int, share: Floats, u: Floats) -> npt.NDArray[np.int64]:
    """The least k with P(K <= k) >= u, by halving."""
    low, high = np.full(u.shape, -1, np.int64), np.full(u.shape, trials, np.int64)
    while (high - low > 1).any():
        middle = (low + high) // 2
        enough = special.bdtr(middle.astype(np.float64), trials, share) >= u
        high, low = np.where(enough, middle, high), np.where(enough, low, middle)
    return high


def of_right(truths: Truths, trial: Trial, numbers: npt.NDArray[np.int64]) -> Floats:
    """float64[numbers, N]: logarithm of the chance of so many right labels, but for what hangs on the number alone."""
    first, second = _shape(truths, trial)
    k = numbers[:, None].astype(np.float64)
    return np.asarray(special.betaln(k + first, trial.labels - k + second) - special.betaln(first, second))


def _of_pace(truths: Truths, trial: Trial, pace: Floats) -> Floats:
    """float64[X, N]: the same of a mean logarithm of times."""
    error = _error(truths, trial)
    return -np.log(error) - ((pace[:, None] - truths.pace) / error) ** 2 / 2


def _error(truths: Truths, trial: Trial) -> Floats:
    variance = truths.people**2 / trial.people + truths.tasks**2 / trial.labels
    return np.maximum(np.sqrt(variance), LEAST)


def _normalised(logs: Floats) -> Floats:
    weights = np.exp(logs - logs.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def after_right(truths: Truths, trial: Trial, numbers: npt.NDArray[np.int64], values: Floats) -> Floats:
    """float64[numbers]: what float64[N] values are on average after so many right labels, whatever their times."""
    return np.asarray(_normalised(of_right(truths, trial, numbers)) @ values)
