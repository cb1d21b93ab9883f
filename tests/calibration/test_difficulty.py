"""Hard items: their distribution, and when a fit tells them from the rest."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from crowds import draw, usual
from scipy import integrate, special, stats

from labelcast.calibration.workers import forecast
from labelcast.calibration.workers import quality as room
from labelcast.calibration.workers.chain import SPREAD_SD, _another_tail, _tail_prior
from labelcast.calibration.workers.difficulty import HARDER, HARDER_SD, NODES, Difficulty, spread_of
from labelcast.calibration.workers.heldout import FACTS, held_out
from labelcast.calibration.workers.rasch import fit_rasch

HARD = Difficulty(0.6, 0.15, 4.0, 0.8)


def test_difficulties_have_the_moments_of_the_mixture() -> None:
    """Mean s m, variance (1 - s) a^2 + s (b^2 + m^2) - (s m)^2; 200,000 items, six standard errors. The grid's agree,
    but for what lies beyond its ends."""
    rng = np.random.default_rng(1)
    drawn = HARD.of(rng.normal(size=200_000), rng.random(200_000))
    mean = 0.15 * 4
    variance = 0.85 * 0.36 + 0.15 * (0.64 + 16) - mean**2
    assert drawn.mean() == pytest.approx(mean, abs=6 * math.sqrt(variance / 200_000))
    assert drawn.var() == pytest.approx(variance, rel=0.03)
    nodes, log_weights = HARD.grid()
    weight = np.exp(log_weights)
    assert weight.sum() == pytest.approx(1)
    assert weight @ nodes == pytest.approx(mean)
    assert weight @ nodes**2 - mean**2 == pytest.approx(variance, rel=0.01)


def test_a_mixture_without_hard_items_is_the_normal_distribution() -> None:
    """The same numbers, drawn and on the grid; alike items have one node."""
    rng = np.random.default_rng(2)
    place, lot = rng.normal(size=100), rng.random(100)
    assert (Difficulty(1.3).of(place, lot) == 1.3 * place).all()
    assert (Difficulty(1.3).grid()[0] == 1.3 * NODES).all()
    assert Difficulty(0.0).grid()[0].tolist() == [0.0]


@pytest.mark.parametrize("logit", [-2.0, 0.0, 1.5, 4.0])
def test_the_chance_of_a_right_label_is_close_to_the_integral(logit: float) -> None:
    """SciPy's quadrature over the mixture; the flatter logistic is within a point and a half."""

    def over(middle: float, spread: float) -> float:
        of = stats.norm(middle, spread)
        return integrate.quad(lambda x: of.pdf(x) / (1 + math.exp(x - logit)), middle - 9, middle + 9)[0]

    exact = 0.85 * over(0.0, 0.6) + 0.15 * over(4.0, 0.8)
    assert HARD.chance(np.array([logit]))[0] == pytest.approx(exact, abs=0.015)


def test_refining_finds_the_moments_of_what_is_known() -> None:
    """Every item known to lie at a node: the share, mean and spreads are those of the nodes, drawn a little to the
    priors: 300 items tell more than these do."""
    rng = np.random.default_rng(3)
    nodes, log_weights = HARD.grid()
    chosen = rng.choice(nodes.size, size=3000, p=np.exp(log_weights))
    found = HARD.refined(np.eye(nodes.size)[chosen])
    hard = chosen >= NODES.size
    assert found.hard == pytest.approx(hard.mean(), abs=0.002)
    assert found.harder == pytest.approx(nodes[chosen[hard]].mean(), abs=0.02)
    assert found.hard_spread == pytest.approx(nodes[chosen[hard]].std(), abs=0.02)
    assert found.spread == pytest.approx(math.sqrt((nodes[chosen[~hard]] ** 2).mean()), abs=0.01)


def test_the_mode_of_a_spread_is_where_its_density_is_greatest() -> None:
    """Against a search on a grid: n normal numbers and the half-normal prior of two."""
    sds = np.linspace(0.01, 5, 200_000)
    for count, squares in ((3, 2.0), (100, 150.0), (12.5, 0.7)):
        density = -count * np.log(sds) - squares / (2 * sds**2) - sds**2 / 8
        assert spread_of(count, squares) == pytest.approx(sds[density.argmax()], abs=1e-4)


def test_the_chains_prior_of_hard_items_is_as_it_is_told() -> None:
    """Against SciPy's densities of the share in logit, the mean, and the spread in its logarithm, with the volume that
    each change of scale takes; a constant apart."""

    def exact(tail: np.ndarray) -> float:
        share, mean, sd = tail
        jacobian = math.log(share * (1 - share)) + math.log(sd)
        own = stats.beta(2, 10).logpdf(share) + stats.norm(HARDER, HARDER_SD).logpdf(mean)
        return own + stats.halfnorm(scale=SPREAD_SD).logpdf(sd) + jacobian

    tails = np.array([[0.1, 3.0, 1.0], [0.4, -1.0, 0.2], [0.02, 7.0, 2.5]])
    off = [_tail_prior(tail) - exact(tail) for tail in tails]
    assert off == pytest.approx([off[0]] * 3)


def test_steps_of_the_hard_items_are_even() -> None:
    """In logit, plain and log: 4,000 steps have no mean, and the standard deviation that was asked for."""
    rng, tail = np.random.default_rng(6), np.array([0.2, 3.0, 0.7])
    new = np.array([_another_tail(tail, 0.3, rng) for _ in range(4000)])
    moved = np.column_stack([special.logit(new[:, 0]) - special.logit(0.2), new[:, 1] - 3.0, np.log(new[:, 2] / 0.7)])
    assert moved.mean(axis=0) == pytest.approx([0, 0, 0], abs=4 * 0.3 / math.sqrt(4000))
    assert moved.std(axis=0) == pytest.approx([0.3] * 3, rel=0.06)
    assert np.corrcoef(moved.T)[np.triu_indices(3, 1)] == pytest.approx([0, 0, 0], abs=0.065)


def test_hard_items_are_told_where_there_are_and_not_where_there_are_none() -> None:
    """400 items with ten labels: three logs with a sixth of hard items, all told with a share within 5 points; five of
    normal difficulty, of which Akaike's criterion lets chance pass one in ten: at most two."""
    rng = np.random.default_rng(4)
    for _ in range(3):
        crowd = replace(usual(30, 2, rng, skill_sd=0.3, leaning_sd=0.3), difficulty=Difficulty(0.5, 1 / 6, 5.0, 0.5))
        found = fit_rasch(draw(crowd, 400, 10, rng)).difficulty
        assert found.hard == pytest.approx(1 / 6, abs=0.05)
        assert found.harder == pytest.approx(5.0, abs=1.0)
    told = [fit_rasch(draw(usual(30, 2, rng), 400, 10, rng)).difficulty.hard > 0 for _ in range(5)]
    assert sum(told) <= 2


def test_majorities_of_items_that_all_get_wrong_are_foretold() -> None:
    """A tenth of the items is beyond everybody: no number of labels helps there. The majority of five held out
    is foretold within 1.5 points; as if difficulty were normal it was 2.5 points off on a public set like this."""
    rng = np.random.default_rng(5)
    crowd = replace(usual(40, 3, rng, skill_sd=0.5, leaning_sd=0.5), difficulty=Difficulty(0.4, 0.1, 7.0, 0.3))
    error = held_out(draw(crowd, 600, 5, rng), divisions=2, draws=10).error
    assert abs(error[FACTS.index("k5")]) < 0.015


def test_quality_tells_hard_items_and_reckons_with_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tenth of 500 items is beyond everybody: the share is told, its interval holds it, and the forecast of nine
    labels ends where the easy items do, within two and a half points."""
    monkeypatch.setattr(room, "MOST", 1250)
    monkeypatch.setattr(forecast, "ITEMS", 2000)
    rng = np.random.default_rng(8)
    crowd = replace(usual(40, 3, rng, skill_sd=0.5, leaning_sd=0.5), difficulty=Difficulty(0.4, 0.1, 8.0, 0.3))
    found = room.quality(draw(crowd, 500, 5, rng)).accuracy
    assert found is not None
    share = next(one for one in found.numbers if one.name == "share of hard items")
    assert share.low is not None
    assert share.high is not None
    assert share.low < 0.1 < share.high < 0.2
    assert found.forecasts[8].accuracy == pytest.approx(0.9, abs=0.025)
