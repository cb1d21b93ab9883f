"""What it is worth to know more before one of two plans is chosen.

`gains` are what the second plan is worth more than the first, by what may be true. Without knowing more the plan with
the better mean is taken; with a message the one that is better after it. The difference of the means, E max(0, gain
after the message) - max(0, E gain), is (E |gain after| - |E gain|) / 2, in which the error of E gain falls out.
Gains are means of simulated values: the greater of two noisy means is too great, so they are smoothed first.
Sources: Raiffa and Schlaifer, Applied statistical decision theory (1961), chapters 4 and 5; Strong, Oakley, Brennan,
Medical Decision Making 34 (2014) 311-326, for smoothing by regression; Menzies, Medical Decision Making 36 (2016)
308-320, for weighing the same draws by each outcome of a study.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .smoothing import Smooth, smooth
from .statistics import Floats
from .trials import Trial, Truths, after, after_right

DRAWS = 400
"""Smooth curves as they may be, for intervals."""

LEVEL = 0.95

LOOKS = 1_001
"""Numbers of right labels that are looked at at a time."""


@dataclass(frozen=True)
class Estimate:
    """A value with its 95% interval: what more draws of what is not known would make narrower."""

    value: float
    low: float
    high: float

    def less(self, cost: float) -> Estimate:
        """The same less something that is known."""
        return Estimate(self.value - cost, self.low - cost, self.high - cost)


@dataclass(frozen=True, eq=False)
class Gains:
    """What the second plan is worth more, by what may be true. truths: N of them, equally likely."""

    truths: Truths
    curve: Smooth
    drawn: Floats
    """float64[DRAWS + 1, p]: coefficients of the curve, the first as fitted."""

    @property
    def each(self) -> Floats:
        """float64[N]."""
        return self.curve.fitted

    @property
    def mean(self) -> Estimate:
        """On average over what may be true."""
        return told(self._all.mean(axis=1))

    @property
    def chance(self) -> Estimate:
        """Share of what may be true in which the second plan is the better."""
        found = told((self._all > 0).mean(axis=1))
        return Estimate(found.value, max(found.low, 0.0), min(found.high, 1.0))

    @property
    def perfect(self) -> Estimate:
        """What it is worth to know the truths themselves: no trial of them is worth more."""
        return told(_worths(self._all), 0.0)

    def of(self, trial: Trial, seed: int) -> Trialled:
        """What a trial is worth, and whether it turns the choice."""
        gains = self.drawn @ after(self.truths, trial, seed, self.curve.basis).T
        # A trial tells no more than the truth itself, but the mean over outcomes is of a sample.
        found = np.minimum(_worths(gains), _worths(self._all))
        turned = ((gains[0] > 0) != (self.each.mean() > 0)).mean()
        return Trialled(told(found, 0.0), float(turned), found)

    def needed(self, trial: Trial) -> int | None:
        """Right labels from which on the second plan is the better one, whatever their times; None where there is no
        one such number."""
        low, high = 0, trial.labels
        while True:
            numbers = np.unique(np.linspace(low, high, LOOKS).round().astype(np.int64))
            second = after_right(self.truths, trial, numbers, self.each) > 0
            turns = np.flatnonzero(second[1:] != second[:-1])
            if turns.size != 1 or not second[-1]:
                return None
            low, high = (int(one) for one in numbers[turns[0] : turns[0] + 2])
            if high - low == 1:
                return high

    @property
    def _all(self) -> Floats:
        """float64[DRAWS + 1, N]."""
        return np.asarray(self.drawn @ self.curve.basis.T)


@dataclass(frozen=True, eq=False)
class Trialled:
    """worth: of a trial, before what it costs.  turns: how likely it is that another plan is chosen after it.
    drawn: float64[DRAWS + 1], the worth under each curve that may be, the first as fitted."""

    worth: Estimate
    turns: float
    drawn: Floats


def gains_of(truths: Truths, differences: Floats, seed: int) -> Gains:
    """differences: float64[N], second plan less first, one noisy value of each truth."""
    assert truths.points.shape[1], "nothing of the truths varies"
    curve = smooth(truths.points, differences)
    drawn = np.concatenate([curve.coefficients[None], curve.drawn(DRAWS, seed)])
    return Gains(truths, curve, drawn)


def _worths(gains: Floats) -> Floats:
    """float64[DRAWS + 1] of float64[DRAWS + 1, X], columns equally likely."""
    return np.asarray((np.abs(gains).mean(axis=1) - np.abs(gains.mean(axis=1))) / 2)


def told(values: Floats, least: float = -math.inf) -> Estimate:
    """The first, with the wider on each side of the quantiles of the others and the normal interval: where a value is
    near its least, either alone is too narrow."""
    value, others = float(values[0]), values[1:]
    low, high = np.quantile(others, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    half = 1.959963984540054 * float(others.std())
    return Estimate(value, max(min(float(low), value - half), least), max(float(high), value + half))
