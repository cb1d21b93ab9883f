"""The label model against its own formulas."""

import math

import numpy as np
import pytest
from scipy import stats

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


def difficulties(spread: float, hard: float = 0.0, harder: float = 0.0, hard_spread: float = 0.0) -> np.ndarray:
    hardness, normal = (spread, hard, harder, hard_spread), quantiles.normal()
    return np.array([labels.difficulty(STREAM, item, *hardness, normal) for item in items(20_000)])


def test_items_follow_class_shares_and_spread() -> None:
    """Truths by share, difficulties N(0, s): mean, sd within 4 standard errors over 20,000 items."""
    shares = np.array([0.7, 0.9, 1.0])
    truth = np.array([labels.true_class(STREAM, item, shares) for item in items(20_000)])
    difficulty = difficulties(0.8)
    for label, share in enumerate((0.7, 0.2, 0.1)):
        assert abs(np.mean(truth == label) - share) < 4 * math.sqrt(share * (1 - share) / 20_000)
    assert abs(difficulty.mean()) < 4 * 0.8 / math.sqrt(20_000)
    assert abs(difficulty.std() - 0.8) < 4 * 0.8 / math.sqrt(40_000)


HARD = [(0.6, 0.12, 2.5, 1.0), (0.0, 0.3, 2.0, 0.5), (1.0, 0.5, 1.0, 0.0)]


@pytest.mark.parametrize("hardness", HARD)
def test_hard_items_are_a_second_component(hardness: tuple[float, float, float, float]) -> None:
    """Mean h m, and variance (1 - h) s^2 + h (t^2 + m^2) - (h m)^2, of a share h with N(m, t) beside N(0, s): within 4
    standard errors over 20,000 items, that of the variance by the fourth moment."""
    spread, hard, harder, hard_spread = hardness
    found = difficulties(*hardness)
    mean = hard * harder
    variance = (1 - hard) * spread**2 + hard * (hard_spread**2 + harder**2) - mean**2
    assert abs(found.mean() - mean) < 4 * math.sqrt(variance / 20_000)
    fourth = float(np.mean((found - found.mean()) ** 4))
    assert abs(found.var() - variance) < 4 * math.sqrt((fourth - variance**2) / 20_000)


def test_more_hard_items_move_no_other() -> None:
    """A larger share adds hard items to those that were: all others keep their difficulty to the last bit, and an item
    becomes no easier where hard ones are as spread as others."""
    none, few, many = (difficulties(0.8, hard, 2.0, 0.8) for hard in (0.0, 0.1, 0.3))
    assert 1800 < np.sum(few != none) < 2200
    assert 5700 < np.sum(many != none) < 6300
    assert (few[few != none] == many[few != none]).all()
    assert (none <= few).all()
    assert (few <= many).all()


@pytest.mark.parametrize("error", [0.0, 0.7])
@pytest.mark.parametrize("hardness", HARD)
def test_the_rank_of_a_predicted_difficulty_is_uniform(
    hardness: tuple[float, float, float, float], error: float
) -> None:
    """Of items that are ordinary and hard, also where many have one difficulty, a share u has a rank below u: the
    Kolmogorov distance of 20,000 ranks is below its 99.99% point."""
    rng = np.random.default_rng(1)
    predicted = difficulties(*hardness) + error * rng.standard_normal(20_000)
    luck = rng.random(20_000)
    ranks = [labels.difficulty_rank(d, *hardness, error, u) for d, u in zip(predicted, luck, strict=True)]
    assert stats.kstest(ranks, "uniform").pvalue > 1e-4
