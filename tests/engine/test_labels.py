"""The label model against its own formulas."""

import math

import numpy as np
import pytest

from labelcast.sim import labels, quantiles
from labelcast.sim.draws import Purpose, name_key, stream, subject, where

STREAM = stream(3, 0)
RIGHT = where(Purpose.RIGHT, name_key("annotate"))
WRONG = where(Purpose.WRONG, name_key("annotate"))


def items(n: int) -> list[int]:
    return [subject(name_key("items"), i) for i in range(n)]


def test_a_label_is_right_with_the_models_chance() -> None:
    """10,000 draws at logit 1.2 within 4 standard errors (false alarm 6 in 100,000); certain at infinity."""
    p = 1 / (1 + math.exp(-1.2))
    share = np.mean([labels.is_right(STREAM, item, RIGHT, 1.2) for item in items(10_000)])
    assert abs(share - p) < 4 * math.sqrt(p * (1 - p) / 10_000)
    assert all(labels.is_right(STREAM, item, RIGHT, math.inf) for item in items(50))
    assert not any(labels.is_right(STREAM, item, RIGHT, -math.inf) for item in items(50))


def test_wrong_labels_follow_the_odds_without_an_attractor() -> None:
    """Shares of wrong labels are q, and the true label never comes. 4 standard errors."""
    odds = np.array([0.0, 0.7, 0.3])
    none = np.full(3, -1, np.int64)
    given = [labels.wrong_label(STREAM, i, i, WRONG, odds, none, np.zeros((0, quantiles.LENGTH))) for i in items(5000)]
    assert set(given) == {1, 2}
    assert abs(np.mean(np.array(given) == 1) - 0.7) < 4 * math.sqrt(0.21 / 5000)


@pytest.mark.parametrize("kappa", [0.5, 3.0, 50.0])
def test_an_attractor_makes_wrong_labels_of_an_item_agree(kappa: float) -> None:
    """Two wrong labels of one item agree with chance sum_j q_j (1 + kappa q_j) / (1 + kappa), the Dirichlet's second
    moment, while the shares stay q. 4 standard errors over 4,000 items."""
    q = np.array([0.0, 0.5, 0.3, 0.2])
    table = np.array([quantiles.gamma(kappa * share) for share in q[1:]])
    shapes = np.array([-1, 0, 1, 2], np.int64)
    both = (WRONG, WRONG + 1)
    pairs = np.array([[labels.wrong_label(STREAM, i, i, at, q, shapes, table) for at in both] for i in items(4000)])
    expected = float((q * (1 + kappa * q) / (1 + kappa)).sum())
    agree = np.mean(pairs[:, 0] == pairs[:, 1])
    assert abs(agree - expected) < 4 * math.sqrt(expected * (1 - expected) / 4000)
    assert abs(np.mean(pairs[:, 0] == 1) - 0.5) < 4 * math.sqrt(0.25 / 4000)


def test_majority_and_ties() -> None:
    """More votes than any other wins; a tie is said to be one."""
    assert labels.majority(np.array([2, 0, 2]), 3) == 2
    assert labels.majority(np.array([1]), 3) == 1
    assert labels.majority(np.array([0, 1]), 3) == labels.TIE
    assert labels.majority(np.array([0, 0, 1, 1, 2]), 3) == labels.TIE


def test_skill_breaks_ties() -> None:
    """Of the tied labels the one with more skill behind it; if equal, the lowest replica's. Labels that are not tied
    for most votes do not count, whatever their skill."""
    assert labels.weighted(np.array([0, 1]), np.array([1.0, 2.0]), 3) == 1
    assert labels.weighted(np.array([1, 0]), np.array([2.0, 2.0]), 3) == 1
    assert labels.weighted(np.array([0, 0, 1, 1, 2]), np.array([1.0, 1.0, 1.0, 0.5, 9.0]), 3) == 0


def test_items_follow_class_shares_and_spread() -> None:
    """Truths by share, difficulties N(0, s): mean, sd within 4 standard errors over 20,000 items."""
    keys = np.array(items(20_000), np.int64)
    truth, difficulty = labels.draw_items(
        STREAM,
        keys,
        where(Purpose.TRUTH),
        where(Purpose.DIFFICULTY),
        np.array([0.7, 0.9, 1.0]),
        0.8,
        quantiles.normal(),
    )
    for label, share in enumerate((0.7, 0.2, 0.1)):
        assert abs(np.mean(truth == label) - share) < 4 * math.sqrt(share * (1 - share) / 20_000)
    assert abs(difficulty.mean()) < 4 * 0.8 / math.sqrt(20_000)
    assert abs(difficulty.std() - 0.8) < 4 * 0.8 / math.sqrt(40_000)
