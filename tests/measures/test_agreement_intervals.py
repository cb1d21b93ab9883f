"""The promise of the intervals of agreement: counted on labels of which the true agreement is known.

Of 2,000 samples with fixed seeds, the share of intervals that hold the truth has an exact 99% interval with 95% in it:
honest intervals fail a test of one with chance 1% before the seeds are fixed.
"""

from __future__ import annotations

import numpy as np
import pytest

from labelcast.sim.agreement import Agreement, agreement
from labelcast.sim.statistics import Summary, coverage

SAMPLES = 2_000
VALUES = np.array([1.0, 2.0, 4.0])
Labels = tuple[np.ndarray, np.ndarray]
"""Shares of six kinds of items, and the chance of each label on an item of each kind."""

MODERATE: Labels = (
    np.array([0.3, 0.15, 0.25, 0.1, 0.15, 0.05]),
    np.array(
        [[0.9, 0.08, 0.02], [0.5, 0.4, 0.1], [0.1, 0.85, 0.05], [0.35, 0.4, 0.25], [0.02, 0.13, 0.85], [0.2, 0.4, 0.4]]
    ),
)
HIGH: Labels = (
    np.array([0.45, 0.02, 0.3, 0.01, 0.2, 0.02]),
    np.array(
        [
            [0.995, 0.004, 0.001],
            [0.7, 0.2, 0.1],
            [0.004, 0.995, 0.001],
            [0.35, 0.4, 0.25],
            [0.002, 0.003, 0.995],
            [0.2, 0.2, 0.6],
        ]
    ),
)


def truth(labels: Labels) -> dict[str, float]:
    """What agreement is in the limit, by the definitions: of two labels of one item, and of any two."""
    kinds, chances = labels
    joint = np.einsum("k,ki,kj->ij", kinds, chances, chances)
    p = joint.sum(axis=0)
    ranks = np.cumsum(p) - p / 2

    def alpha(scores: np.ndarray) -> float:
        apart = (scores[:, None] - scores[None, :]) ** 2
        return float(1 - (joint * apart).sum() / (np.outer(p, p) * apart).sum())

    same, by_chance = float(np.trace(joint)), float(p @ p)
    nominal, guessed = (same - by_chance) / (1 - by_chance), float(p @ (1 - p)) / 2
    return {
        "percent": same,
        "cohen": nominal,  # workers are alike
        "fleiss": nominal,
        "alpha": nominal,
        "alpha_ordinal": alpha(ranks),
        "alpha_interval": alpha(VALUES),
        "ac1": (same - guessed) / (1 - guessed),
    }


def sample(labels: Labels, seed: int, units: int, missing: float) -> Agreement:
    """Of three workers, who leave out that share of labels."""
    kinds, chances = labels
    rng = np.random.default_rng([38, seed])
    kind = rng.choice(len(kinds), units, p=kinds)
    bounds = np.cumsum(chances, axis=1)[kind]
    label = np.minimum((rng.random((units, 3))[:, :, None] > bounds[:, None, :]).sum(axis=2), 2)
    item, worker = np.divmod(np.arange(units * 3), 3)
    given = rng.random(units * 3) >= missing
    return agreement(item[given], label.ravel()[given], worker[given], values=VALUES)


def covered(labels: Labels, units: int, missing: float) -> dict[str, tuple[Summary, Summary]]:
    """Of each measure that applies, how often its intervals hold the truth, and how often those half as wide do."""
    hits: dict[str, list[int]] = {}
    for seed in range(SAMPLES):
        for name, one in sample(labels, seed, units, missing):
            if one.value is None or one.low is None or one.high is None:
                assert (name, missing > 0) == ("fleiss", True)
                continue
            true, (below, above) = truth(labels)[name], (one.value - one.low, one.high - one.value)
            found = hits.setdefault(name, [0, 0])
            found[0] += one.low <= true <= one.high
            found[1] += one.value - below / 2 <= true <= one.value + above / 2
    return {name: (coverage(whole, SAMPLES), coverage(half, SAMPLES)) for name, (whole, half) in hits.items()}


@pytest.mark.verify
@pytest.mark.parametrize(("units", "missing"), [(60, 0.0), (150, 0.2)])
def test_intervals_keep_their_promise(units: int, missing: float) -> None:
    """Every measure covers its limit in 95 of 100 samples, with all labels and with a fifth missing; an interval half
    as wide, planted in its place, does not."""
    for name, (whole, half) in covered(MODERATE, units, missing).items():
        assert whole.low <= 0.95 <= whole.high, (name, whole)
        assert half.high < 0.95, (name, half)


@pytest.mark.verify
@pytest.mark.parametrize(("units", "missing"), [(60, 0.0), (150, 0.2)])
def test_intervals_near_one_do_not_promise_too_much(units: int, missing: float) -> None:
    """Where 96 of 100 pairs agree, and a handful of items is all that disagrees, intervals cover 95 of 100 or more."""
    for name, (whole, _) in covered(HIGH, units, missing).items():
        assert whole.high >= 0.95, (name, whole)
