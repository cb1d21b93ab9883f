"""How many replications are enough: they are added until the means that matter are precise."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .line import Line
from .statistics import summarise

ALWAYS = ("cost", "finish_days")
"""KPIs that are watched whatever the goals."""

BATCH = 10
"""Replications between two looks at the precision."""


@dataclass(frozen=True)
class Precision:
    """Replications until every watched mean is known to a relative error, with `least` and `most` as bounds.

    relative: gamma, largest error as a share of the true mean, 0 < gamma < 1; the interval's half-width is to be no
    more than gamma / (1 + gamma) of the mean found, which promises gamma of the true one.
    The looks are at `least` replications, then at every tenth more, then at `most`; their places hang on nothing else.
    A stopped interval covers a little less than its level, because a narrow one stops; more so the coarser gamma.
    Source: Law, Simulation Modeling and Analysis, section on a specified precision; Chow and Robbins, On the asymptotic
    theory of fixed-width sequential confidence intervals for the mean, Annals of Mathematical Statistics 1965.
    """

    relative: float = 0.02
    least: int = 10
    most: int = 1_000

    def __post_init__(self) -> None:
        assert 0 < self.relative < 1, "a precision lies between 0 and 1"
        assert 2 <= self.least <= self.most, "an interval needs two replications"

    def looks_at(self, done: int) -> bool:
        """Whether the precision is looked at when so many replications are done."""
        return done == self.most or (done >= self.least and (done - self.least) % BATCH == 0)

    @property
    def half(self) -> float:
        """The largest half-width, as a share of the mean found."""
        return self.relative / (1 + self.relative)


@dataclass(frozen=True)
class Reached:
    """How precisely the mean of one KPI is known.

    half: half-width of its interval as a share of the mean; 0 without spread, inf where a mean of zero has any, NaN
    where there is no mean.  lacking: replications that gave no finite number, of `replications`.
    """

    kpi: str
    mean: float
    half: float
    lacking: int
    replications: int

    def within(self, precision: Precision) -> bool:
        """Whether it is as precise as was asked."""
        return self.half <= precision.half


def watched(line: Line) -> tuple[str, ...]:
    """KPIs whose precision matters: cost and finish, and those that the line's goals name."""
    return tuple(dict.fromkeys((*ALWAYS, *(goal.kpi for goal in line.goals))))


def reached(values: Mapping[str, ArrayLike], level: float) -> tuple[Reached, ...]:
    """How precisely each KPI is known. values: by KPI, float[R].

    A KPI without a number in any replication (a line that pays nobody has no cost, one that goes on for ever no finish)
    has nothing to be precise about and is left out; without one in some, it has no mean and will never have one.
    """
    found = []
    for kpi, given in values.items():
        x = np.asarray(given, np.float64)
        lacking = int((~np.isfinite(x)).sum())
        if lacking == x.size:
            continue
        summary = summarise(x, level)
        found.append(Reached(kpi, summary.mean, _share(summary.high - summary.low, summary.mean), lacking, x.size))
    return tuple(found)


def over(found: tuple[Reached, ...], precision: Precision) -> bool:
    """Whether more replications are of no use: all that has a mean is precise."""
    return all(each.lacking or each.within(precision) for each in found)


def precise(found: tuple[Reached, ...], precision: Precision) -> bool:
    """Whether the precision was reached: something was watched, and all of it has a mean that is precise."""
    return bool(found) and all(each.within(precision) for each in found)


def _share(width: float, mean: float) -> float:
    if width == 0.0:
        return 0.0
    return math.inf if mean == 0.0 else width / 2 / abs(mean)
