"""Whether a plan keeps a goal: what some replications say of it, and when that is certain enough to be signed.

All of it is of one KPI by replication. A goal of the mean is judged by Student's t, a goal that is a chance by the
share of replications that meet it, exactly (Clopper and Pearson); a replication that never ends meets no goal.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from .line import Goal
from .statistics import Floats

PARTS = (1 / 8, 1 / 4, 1 / 2, 1)
"""Looks of a certificate, as parts of its last one."""

SHARES = (0.1, 0.2, 0.3, 0.4)
"""What each look may spend of the chance to be wrong: together all of it, whatever the looks have in common."""

FAR = 3.0
"""Slack of a plan that never ends, or of a chance that no replication meets."""


@dataclass(frozen=True)
class Slack:
    """By how much a goal is missed, in a unit in which 1 is much; below zero it is kept.

    error: its standard error.  single: that of one replication alone.
    """

    value: float
    error: float
    single: float


def slack(goal: Goal, values: Floats) -> Slack:
    """By how much replications miss a goal. values: float[n], n >= 2.

    Of a mean: its distance from the goal, by a tenth of the goal, or by half of what a share lacks of 1 (whichever is
    less), bent where it is far, so that a hopeless plan does not outweigh the others. Of a chance: the distance of
    normal quantiles, where the share is taken from values smoothed to their own spread, which tells more than a count.
    """
    n = values.size
    assert n >= 2
    sign = -1.0 if goal.relation == ">=" else 1.0
    missed = sign * (values - goal.value)  # above zero: not met
    if goal.probability is not None:
        return _chance(goal.probability, missed)
    if not np.isfinite(values).all():
        return Slack(FAR, 0.3, 0.3 * math.sqrt(n))
    unit = 0.1 * abs(goal.value) or 1.0
    if 0.0 < goal.value < 1.0 and goal.relation == ">=":
        unit = min(unit, 0.5 * (1.0 - goal.value))
    far = float(missed.mean()) / unit
    single = float(missed.std(ddof=1)) / unit / math.sqrt(1.0 + far**2) * math.sqrt((n - 1) / max(n - 3, 1))
    return Slack(math.asinh(far), single / math.sqrt(n), single)


def _chance(wanted: float, missed: Floats) -> Slack:
    n = missed.size
    met = missed <= 0.0
    finite = missed[np.isfinite(missed)]
    share = float(met.mean())
    if finite.size >= 4 and (spread := float(finite.std(ddof=1))) > 0.0:
        width = min(1.0, 1.06 * finite.size**-0.2)
        centred = finite.mean() + (finite - finite.mean()) * math.sqrt(1.0 - width**2)
        share = float(stats.norm.cdf(-centred / (width * spread)).sum()) / n
    some = min(max(share, 1 / (2 * n + 2)), 1.0 - 1 / (2 * n + 2))
    quantile, target = float(stats.norm.ppf(some)), float(stats.norm.ppf(wanted))
    density = float(stats.norm.pdf(quantile))
    single = math.sqrt(some * (1.0 - some)) / density
    return Slack(min(max(target - quantile, -FAR), FAR), single / math.sqrt(n), single)


def looks(last: int) -> tuple[int, ...]:
    """After how many replications a certificate looks, the last time after `last`."""
    return tuple(max(2, round(part * last)) for part in PARTS)


def kept(goal: Goal, values: Floats, alpha: float) -> bool:
    """Whether replications show that a goal is kept: of a plan that does not keep it they do so with chance alpha at
    most. values: float[n], n >= 2."""
    n = values.size
    met = values >= goal.value if goal.relation == ">=" else values <= goal.value
    if goal.probability is not None:
        count = int(met.sum())
        return count > 0 and float(stats.beta.ppf(alpha, count, n - count + 1)) >= goal.probability
    if not np.isfinite(values).all():
        return False
    error = float(values.std(ddof=1)) / math.sqrt(n)
    sign = -1.0 if goal.relation == ">=" else 1.0
    return sign * (float(values.mean()) - goal.value) + float(stats.t.isf(alpha, n - 1)) * error <= 0.0


def missed(goal: Goal, values: Floats, alpha: float) -> bool:
    """Whether replications show that a goal is not kept, with the same chance to be wrong."""
    n = values.size
    if goal.probability is not None:
        met = values >= goal.value if goal.relation == ">=" else values <= goal.value
        count = int(met.sum())
        return count < n and float(stats.beta.isf(alpha, count + 1, n - count)) < goal.probability
    if not np.isfinite(values).all():
        return True
    error = float(values.std(ddof=1)) / math.sqrt(n)
    sign = -1.0 if goal.relation == ">=" else 1.0
    return sign * (float(values.mean()) - goal.value) - float(stats.t.isf(alpha, n - 1)) * error > 0.0


@dataclass(frozen=True)
class Certificate:
    """What a certificate came to. passed: None where more replications are needed.  replications: looked at."""

    passed: bool | None
    replications: int


def certificate(goals: Sequence[Goal], values: Sequence[Floats], last: int, alpha: float) -> Certificate:
    """Looks at replications that no choice has seen: whether all goals are kept, at the first look that shows it.

    values: by goal, float[n], the same n for all.  alpha: the chance that a plan passes which does not keep all goals,
    over all looks: each spends its share, so nothing hangs on how they are correlated; and a plan must show all goals
    at one look, so their number costs nothing. It is given up at a look that shows one missed, and after the last.
    """
    n = min(one.size for one in values)
    for look, share in zip(looks(last), SHARES, strict=True):
        if n < look:
            return Certificate(None, n)
        seen = [one[:look] for one in values]
        if all(kept(goal, one, share * alpha) for goal, one in zip(goals, seen, strict=True)):
            return Certificate(True, look)
        if any(missed(goal, one, 0.01) for goal, one in zip(goals, seen, strict=True)):
            return Certificate(False, look)
    return Certificate(False, last)
