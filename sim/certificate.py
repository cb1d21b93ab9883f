"""Whether a plan keeps a goal: what some replications say of it, and when that is certain enough to be signed.

All of it is of one KPI by replication. A goal of the mean is judged by Student's t less what skewness does to it, as
times near overload have long tails; a goal that is a chance by the share of replications that meet it, exactly (Clopper
and Pearson). A replication that never ends meets no goal.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats
from scipy.special import ndtr, ndtri

from .line import Goal
from .statistics import Floats

PARTS = (1 / 8, 1 / 4, 1 / 2, 1)
"""Looks of a certificate, as parts of its last one."""

SHARES = (0.1, 0.2, 0.3, 0.4)
"""What each look may spend of the chance to be wrong: together all of it, whatever the looks have in common."""

HOPELESS = 0.02
"""Chance to pass at the last look below which a certificate is given up."""

LEAST = 40
"""Replications of the first look: with fewer the transformation of skewed means promises too much."""

FAR = 3.0
"""Slack of a plan that never ends, or of a chance that no replication meets."""

NEAR = 0.3
"""Share of a goal by which a mean that misses it is neither near nor far."""

GUESSED = 0.1
"""Spread of a value of which a chance is wanted, as a share of its bound, where nothing is known of it."""

NEVER = 2.0 * FAR
"""Margin of a goal that so few replications cannot show, whatever they are."""


@dataclass(frozen=True)
class Slack:
    """By how much a goal is missed, in a unit in which 1 is much; below zero it is kept.

    error: its standard error.  single: that of one replication alone.  shared: the part of the error that other plans
    with the same luck have too.
    """

    value: float
    error: float
    single: float
    shared: float = 0.0


def slack(goal: Goal, values: Floats) -> Slack:
    """By how much replications miss a goal. values: float[n], n >= 2.

    Of a mean: its distance from the goal, by NEAR of the goal, or by half of what a share lacks of 1 (whichever is
    less), bent where it is far, so that a hopeless plan does not outweigh the others. Of a chance: the distance of
    normal quantiles, where the share is taken from values smoothed to their own spread, which tells more than a count;
    where all or none meet it, from how far they lie on one side, as if they were normal.
    """
    n = values.size
    assert n >= 2
    sign = -1.0 if goal.relation == ">=" else 1.0
    missed = sign * (values - goal.value)  # above zero: not met
    if goal.probability is not None:
        return _chance(goal.probability, missed)
    if not np.isfinite(values).all():
        return Slack(FAR, 0.3, 0.3 * math.sqrt(n))
    unit = _unit(goal)
    far = float(missed.mean()) / unit
    single = float(missed.std(ddof=1)) / unit / math.sqrt(1.0 + far**2) * math.sqrt((n - 1) / max(n - 3, 1))
    return Slack(math.asinh(far), single / math.sqrt(n), single)


def slack_of_means(goal: Goal, means: Floats) -> Floats:
    """As slack, of plans of which only a mean is foretold; of a chance by a guess of its spread. float[n] each."""
    sign = -1.0 if goal.relation == ">=" else 1.0
    missed = sign * (means - goal.value)
    if goal.probability is not None:
        return FAR * np.tanh(missed / (GUESSED * abs(goal.value) or 1.0) / FAR)
    return np.arcsinh(missed / _unit(goal))


def _unit(goal: Goal) -> float:
    """What a mean is beside its goal when it is neither near nor far."""
    unit = NEAR * abs(goal.value) or 1.0
    if 0.0 < goal.value < 1.0 and goal.relation == ">=":
        unit = min(unit, 0.5 * (1.0 - goal.value))
    return unit


def _chance(wanted: float, missed: Floats) -> Slack:
    n = missed.size
    target = float(ndtri(wanted))
    share = float((missed <= 0.0).mean())
    finite = missed[np.isfinite(missed)]
    spread = float(finite.std(ddof=1)) if finite.size >= 4 else 0.0
    if (
        spread > 0.0 and finite.size == n and share in (0.0, 1.0)
    ):  # how far all lie on one side is what there is to tell
        quantile = min(max(-float(finite.mean()) / spread, -FAR), FAR)
        single = 1.5 * math.sqrt(1.0 + quantile**2 / 2.0)
        return Slack(target - quantile, single / math.sqrt(n), single)
    if spread > 0.0:
        width = min(1.0, 1.06 * finite.size**-0.2)
        centred = finite.mean() + (finite - finite.mean()) * math.sqrt(1.0 - width**2)
        share = float(ndtr(-centred / (width * spread)).sum()) / n
    some = min(max(share, 1 / (2 * n + 2)), 1.0 - 1 / (2 * n + 2))
    quantile = float(ndtri(some))
    single = math.sqrt(some * (1.0 - some)) / (math.exp(-(quantile**2) / 2.0) / math.sqrt(2.0 * math.pi))
    return Slack(target - quantile, single / math.sqrt(n), single)


def margin(goal: Goal, single: float, last: int, alpha: float) -> float:
    """By how much the slack of a plan must lie below zero that it passes its certificate's last look as often as not.

    single: of a mean, the error of one replication of plans that nearly miss the goal; of a chance it follows from it.
    """
    at_last = SHARES[-1] * alpha
    if goal.probability is None:
        return float(stats.norm.isf(at_last)) * single / math.sqrt(last)
    enough = _enough(goal.probability, last, at_last)
    if enough > last:
        return NEVER
    share = min((enough - 0.5) / last, 1.0 - 0.25 / last)
    return float(stats.norm.ppf(share) - stats.norm.ppf(goal.probability))


def looks(last: int) -> tuple[int, ...]:
    """After how many replications a certificate looks, the last time after `last`."""
    return tuple(min(last, max(LEAST, round(part * last))) for part in PARTS)


def kept(goal: Goal, values: Floats, alpha: float) -> bool:
    """Whether replications show that a goal is kept: of a plan that does not keep it they do so with chance alpha at
    most. values: float[n], n >= 2."""
    n = values.size
    if goal.probability is not None:
        count = _met(goal, values)
        return count > 0 and float(stats.beta.ppf(alpha, count, n - count + 1)) >= goal.probability
    return bool(np.isfinite(values).all()) and _beyond(goal, values) <= -float(stats.t.isf(alpha, n - 1))


def missed(goal: Goal, values: Floats, alpha: float) -> bool:
    """Whether replications show that a goal is not kept, with the same chance to be wrong."""
    n = values.size
    if goal.probability is not None:
        count = _met(goal, values)
        return count < n and float(stats.beta.isf(alpha, count + 1, n - count)) < goal.probability
    return not bool(np.isfinite(values).all()) or _beyond(goal, values) > float(stats.t.isf(alpha, n - 1))


def _met(goal: Goal, values: Floats) -> int:
    """How many replications meet a goal."""
    return int((values >= goal.value if goal.relation == ">=" else values <= goal.value).sum())


def _beyond(goal: Goal, values: Floats) -> float:
    """How far the mean misses its goal, in standard errors, below zero where it is kept: Student's t, transformed so
    that skewness does not move its distribution. Infinite where replications do not differ.
    Source: Hall, On the removal of skewness by transformation, JRSS B 1992."""
    n = values.size
    x = (values - goal.value) * (-1.0 if goal.relation == ">=" else 1.0)
    spread = float(x.std())
    if spread <= 1e-12 * max(abs(goal.value), 1e-300):
        return math.copysign(math.inf, float(x.mean()) or -1.0)
    t = math.sqrt(n - 1) * float(x.mean()) / spread
    skew = float(((x - x.mean()) ** 3).mean()) / spread**3
    root = math.sqrt(n)
    return t + skew * t**2 / (3.0 * root) + skew**2 * t**3 / (27.0 * n) + skew / (6.0 * root)


def bounds(goal: Goal, values: Floats, alpha: float) -> tuple[float, float, float]:
    """(what was found, low, high): the mean, or the share that meets the goal, and the values up to which kept() and
    missed() would call a goal kept, and missed, at this alpha on either side. NaN where some replication has no
    number."""
    n = values.size
    if goal.probability is not None:
        count = _met(goal, values)
        low = float(stats.beta.ppf(alpha, count, n - count + 1)) if count else 0.0
        high = float(stats.beta.isf(alpha, count + 1, n - count)) if count < n else 1.0
        return count / n, low, high
    if not np.isfinite(values).all():
        return math.nan, math.nan, math.nan
    mean, spread = float(values.mean()), float(values.std())
    if spread <= 1e-12 * max(abs(mean), 1e-300):
        return mean, mean, mean
    skew = float(((values - mean) ** 3).mean()) / spread**3
    far = float(stats.t.isf(alpha, n - 1))
    below, above = (_back(far, sign * skew, n) * spread / math.sqrt(n - 1) for sign in (-1.0, 1.0))
    return mean, mean - below, mean + above


def _back(far: float, skew: float, n: int) -> float:
    """How many standard errors off a bound lies whose transformed t is `far`: the cubic of _beyond, undone."""
    root = math.sqrt(n)
    if abs(skew) < 1e-9:
        return far
    return 3.0 * root / skew * (1.0 - float(np.cbrt(1.0 - skew / root * (far + skew / (6.0 * root)))))


def chance_at_last(goal: Goal, values: Floats, last: int, alpha: float) -> float:
    """The chance that a goal will be shown at the last look of a certificate, by what its first looks have shown: of a
    mean as if values were normal, of a chance by the beta-binomial of those to come.
    Source: predictive power; Spiegelhalter, Freedman and Blackburn, Monitoring clinical trials, Controlled Clinical
    Trials 1986."""
    n, at_last = values.size, SHARES[-1] * alpha
    if goal.probability is not None:
        count, more = _met(goal, values), last - n
        wanted = _enough(goal.probability, last, at_last) - count
        return float(stats.betabinom.sf(wanted - 1, more, count + 0.5, n - count + 0.5)) if more else float(wanted <= 0)
    if not np.isfinite(values).all():
        return 0.0
    x = (values - goal.value) * (-1.0 if goal.relation == ">=" else 1.0)
    spread = float(x.std(ddof=1))
    wanted_mean = -float(stats.norm.isf(at_last)) * spread / math.sqrt(last)
    doubt = spread * math.sqrt(max(1.0 / n - 1.0 / last, 1e-300))
    return float(ndtr((wanted_mean - float(x.mean())) / max(doubt, 1e-300)))


def _enough(probability: float, last: int, alpha: float) -> int:
    """How many of the last look's replications must meet a goal; one more than there are where none suffice."""
    counts = np.arange(1, last + 1)
    found = counts[stats.beta.ppf(alpha, counts, last - counts + 1) >= probability]
    return int(found[0]) if found.size else last + 1


@dataclass(frozen=True)
class Certificate:
    """What a certificate came to. passed: None where more replications are needed.  replications: looked at."""

    passed: bool | None
    replications: int


def certificate(goals: Sequence[Goal], values: Sequence[Floats], n: int, last: int, alpha: float) -> Certificate:
    """Looks at replications that no choice has seen: whether all goals are kept, at the first look that shows it.

    values: by goal, float[n].  n: replications at hand.  last: at most.  alpha: the chance that a plan passes which
    does not keep all goals, over all looks: each spends its share, so nothing hangs on how they are correlated; and a
    plan must show all goals at one look, so their number costs nothing. It is given up at a look after which the last
    one would hardly pass, which makes no certificate likelier to be false.
    """
    for look, share in zip(looks(last), SHARES, strict=True):
        if n < look:
            return Certificate(None, n)
        seen = [one[:look] for one in values]
        if all(kept(goal, one, share * alpha) for goal, one in zip(goals, seen, strict=True)):
            return Certificate(True, look)
        if any(chance_at_last(goal, one, last, alpha) < HOPELESS for goal, one in zip(goals, seen, strict=True)):
            return Certificate(False, look)
    return Certificate(False, last)
