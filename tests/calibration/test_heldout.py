"""Labels held out: what is compared with what, and that a model which knows is told from one which does not."""

from __future__ import annotations

import numpy as np
import pytest
from hierarchical import hierarchical, strength

from labelcast.calibration.workers.heldout import FACTS, HeldOut, halves, held_out, independent, of_model
from labelcast.calibration.workers.labelled import Labelled, labelled


def crowd(items: int, spread: float, seed: int) -> Labelled:
    """Labels of three classes by five of thirty workers an item, right by a Rasch model with difficulties of this
    spread; wrong labels alike. All truths known."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(3, size=items)
    item = np.repeat(np.arange(items), 5)
    worker = (rng.integers(30, size=items)[:, None] + np.arange(5) * 7).ravel() % 30
    logit = 1.5 + 0.5 * rng.standard_normal(30)[worker] - spread * rng.standard_normal(items)[item]
    right = rng.random(len(item)) * (1 + np.exp(-logit)) < 1
    label = np.where(right, truth[item], (truth[item] + rng.integers(1, 3, len(item))) % 3)
    return labelled(worker, item, label, {str(i): str(t) for i, t in enumerate(truth)})


@pytest.mark.parametrize("new_workers", [False, True])
def test_halves_share_nothing_that_is_held_out(new_workers: bool) -> None:
    """No item lies in both halves, and no worker where workers are new; each half of a division is held out once."""
    data = crowd(200, 1.0, 1)
    found = list(halves(data, 2, new_workers, 3))
    assert len(found) == 4
    for known, unknown in found:
        assert not set(known.items) & set(unknown.items)
        assert bool(set(known.workers) & set(unknown.workers)) != new_workers
    assert [one.items for one in found[0]] == [one.items for one in reversed(found[1])]
    if not new_workers:
        assert len(found[0][0].items) + len(found[0][1].items) == 200


def test_the_model_foretells_what_independent_errors_overstate() -> None:
    """Of labels whose errors correlate through difficulty, the majority of five is foretold within five standard
    deviations of a half's own luck (0.013 at 1,000 items); independent errors, shrunk workers or not, promise at least
    three points more than there is. Planted: a spread of zero, under which all models agree."""
    k5, icc = FACTS.index("k5"), FACTS.index("icc")
    hard, easy = crowd(2000, 2.0, 5), crowd(2000, 0.0, 6)
    ours = held_out(hard, draws=5).error
    assert abs(ours[k5]) < 0.02
    assert abs(ours[icc]) < 0.05
    for fit in (of_model(independent), hierarchical):
        assert held_out(hard, fit, draws=5).error[k5] > 0.03
        assert abs(held_out(easy, fit, draws=5).error[k5]) < 0.02


def test_halves_of_a_division_balance() -> None:
    """The standard error is that of divisions: a half that is easy leaves one that is hard, so errors that cancel in
    each division have none."""
    zeros = np.zeros((4, 1))
    assert HeldOut(zeros, np.array([[1.0], [-1.0], [2.0], [-2.0]])).standard_error == pytest.approx(0)
    assert HeldOut(zeros, np.array([[1.0], [1.0], [3.0], [3.0]])).standard_error == pytest.approx(1)


def test_workers_alike_are_shrunk_together() -> None:
    """Workers of one confusion row have a strength above any that workers of two extremes have."""
    alike = np.tile([60.0, 40.0], (20, 1))
    apart = np.array([[95.0, 5.0], [25.0, 75.0]] * 10)
    pooled = np.array([0.6, 0.4])
    assert strength(apart, pooled) < 10 < 100 < strength(alike, pooled)
