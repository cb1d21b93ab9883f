"""What inspection that switches lets through in the long run, exactly: the Markov chain of its standing.

Each lot is full and new, each of its labels wrong with the same chance on its own, judges err not, and a lot is judged
before the next one is closed.
Source: ISO 2859-1, switching rules; chain: Stephens and Larson, An evaluation of the MIL-STD-105D system of sampling
plans, Industrial Quality Control 23 (1967).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from .line import Lot
from .switching import NORMAL, SEVERITIES, WHOLE, Standing, after, plans, tighter

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Scheme:
    """Means over the lots of a steady process, by its share of wrong labels. severities: float64[..., 4], shares of the
    lots that are inspected with each of SEVERITIES.  accepted: share of all lots that a sample accepts.  inspected:
    items of a lot in its sample, all of them where there is none.  outgoing: share of labels that is wrong afterwards,
    where wrong ones that are found are mended, and of a rejected lot all."""

    severities: Floats
    accepted: Floats
    inspected: Floats
    outgoing: Floats


def scheme(lot: Lot, shares: Floats) -> Scheme:
    """What a lot's plans do together in the long run.

    shares: float64[...], in [0, 1], of the labels that are wrong.  Raises ValueError for a lot without switching.
    """
    if lot.switching is None:
        raise ValueError("this lot has one plan: there is nothing to switch")
    shares = np.asarray(shares, np.float64)
    severities = _long_run(lot, shares.ravel()).reshape(*shares.shape, len(SEVERITIES))
    by = plans(lot)
    sizes = np.array([min(plan.sample, lot.size) for plan in by], np.float64)
    passed = np.stack([stats.binom.cdf(plan.accept, min(plan.sample, lot.size), shares) for plan in by], axis=-1)
    taken = severities * passed
    return Scheme(
        severities,
        taken[..., :WHOLE].sum(axis=-1),
        severities @ sizes,
        shares * (taken @ (1.0 - sizes / lot.size)),
    )


def _long_run(lot: Lot, shares: Floats) -> Floats:
    """float64[n, 4]: how often each severity is in force, by each of n shares. Whatever the share, all standings lead
    to one set of them that none leaves, so the balance has one solution. Lots inspected as a whole lead through each
    other in one way: one stands for all, and is counted as often."""
    assert lot.switching is not None
    often = lot.switching.screened
    lot = replace(lot, switching=replace(lot.switching, screened=1))
    number, moves = {Standing(): 0}, []
    waiting = [Standing()]
    for standing in waiting:  # grows as it is read
        for low, high in _classes(lot, standing.severity):
            then = after(standing, lot, low)
            if then not in number:
                number[then] = len(waiting)
                waiting.append(then)
            moves.append((number[standing], number[then], (standing.severity, low, high)))
    chance = {key: _chance(lot, shares, *key) for _, _, key in moves}
    balance = np.zeros((len(shares), len(waiting), len(waiting)))
    for start, end, key in moves:
        balance[:, end, start] += chance[key]
    balance -= np.eye(len(waiting))
    balance[:, -1] = 1.0
    found = np.linalg.solve(balance, np.eye(len(waiting))[:, -1:])[..., 0]
    of = np.array([standing.severity for standing in waiting])
    by = np.stack([found[:, of == severity].sum(axis=1) for severity in range(len(SEVERITIES))], axis=1).clip(0.0)
    by[:, WHOLE] *= often
    return np.asarray(by / by.sum(axis=1, keepdims=True), np.float64)


def _classes(lot: Lot, severity: int) -> tuple[tuple[int, int], ...]:
    """Numbers of faulty items that lead a standing of this severity to one and the same: (from, to) of each class."""
    plan = plans(lot)[severity]
    ends = {plan.accept, plan.sample}
    if severity == NORMAL:
        ends.add(tighter(plan.accept))
    above = sorted({min(end, plan.sample) for end in ends})
    return tuple(zip([0, *(end + 1 for end in above[:-1])], above, strict=True))


def _chance(lot: Lot, shares: Floats, severity: int, low: int, high: int) -> Floats:
    sample = min(plans(lot)[severity].sample, lot.size)
    return np.asarray(stats.binom.cdf(high, sample, shares) - stats.binom.cdf(low - 1, sample, shares), np.float64)
