"""Skill and difficulty: the sampler against brute-force integration, and what is said when data cannot tell."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from labelcast.calibration.skill import fit_skill, posterior
from labelcast.calibration.workers.chain import MIDDLE_SD, SPREAD_SD


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def test_posterior_mean_of_skill_equals_integration() -> None:
    """Two workers, two items, spreads fixed: the posterior mean and sd of the mean skill by a five-fold sum over grids
    agree with 60,000 sweeps to 0.05."""
    worker, item, correct = (np.array(x) for x in ([0, 0, 1, 1, 1], [0, 1, 0, 1, 1], [1, 0, 1, 1, 1]))
    z, weight = np.polynomial.hermite_e.hermegauss(15)
    weight = weight / weight.sum()
    w0, w1, d0, d1 = np.meshgrid(0.7 * z, 0.7 * z, 0.9 * z, 0.9 * z, indexing="ij")
    p = np.einsum("a,b,c,d->abcd", weight, weight, weight, weight)
    grid = np.linspace(-12, 20, 161)
    likelihood = np.empty_like(grid)
    for k, m in enumerate(grid):
        value = p.copy()
        for i, j, y in zip(worker, item, correct, strict=True):
            right = sigmoid(m + (w0, w1)[i] - (d0, d1)[j])
            value *= right if y else 1 - right
        likelihood[k] = value.sum()
    density = likelihood * np.exp(-(grid**2) / (2 * MIDDLE_SD**2))
    density /= density.sum()
    mean = (density * grid).sum()
    sd = np.sqrt((density * (grid - mean) ** 2).sum())
    draws = posterior(worker, item, correct, skill_sd=0.7, difficulty_sd=0.9, sweeps=60_000)
    assert draws[:, 0].mean() == pytest.approx(mean, abs=0.05)
    assert draws[:, 0].std() == pytest.approx(sd, abs=0.05)
    assert (draws[:, 1] == 0.7).all()
    assert (draws[:, 2] == 0.9).all()


def test_without_information_spreads_keep_their_prior() -> None:
    """One judgement says next to nothing of a spread: its posterior is the half-normal prior, mean 0.80."""
    draws = posterior(np.array([0]), np.array([0]), np.array([1]), skill_sd=None, difficulty_sd=None, sweeps=60_000)
    assert draws[:, 1].mean() == pytest.approx(SPREAD_SD * np.sqrt(2 / np.pi), abs=0.05)
    assert draws[:, 2].mean() == pytest.approx(SPREAD_SD * np.sqrt(2 / np.pi), abs=0.05)


def judged(workers: int, items: int, each: int, seed: int = 1) -> pd.DataFrame:
    """Test questions `each` judged by so many workers in turn, at mean skill 1.5."""
    rng = np.random.default_rng(seed)
    rows = [(f"w{(i * each + k) % workers}", f"i{i}") for i in range(items) for k in range(each)]
    table = pd.DataFrame(rows, columns=["worker", "item"])
    skill = dict(zip(sorted(table["worker"].unique()), rng.normal(1.5, 0.5, workers), strict=False))
    right = rng.random(len(table)) < sigmoid(
        table["worker"].map(skill).to_numpy() - rng.normal(0, 0.8, items)[table["item"].str[1:].astype(int)]
    )
    return table.assign(correct=pd.array(right, dtype="boolean"), counts=True)


def test_the_same_judgements_give_the_same_numbers() -> None:
    """No clock and no global generator: two fits are equal to the last bit."""
    table = judged(20, 120, 4)
    assert fit_skill(table, "p", "s").parameters == fit_skill(table, "p", "s").parameters


def test_no_test_question_no_skill() -> None:
    """Nothing known of correctness: no parameter, no assumption, and a note that an accuracy forecast is assumed."""
    table = judged(5, 20, 2).assign(correct=pd.array([pd.NA] * 40, dtype="boolean"))
    skill = fit_skill(table, "p", "s")
    assert skill.parameters == skill.assumptions == ()
    assert "assumed, not fitted" in skill.notes[0]


def test_few_test_questions_widen_the_interval() -> None:
    """With 25 test questions the interval is twice what the posterior alone gives, and a note says so."""
    table = judged(10, 25, 8)
    skill = fit_skill(table, "p", "s")
    w, i = (pd.factorize(table[name])[0].astype(np.int64) for name in ("worker", "item"))
    draws = posterior(w, i, table["correct"].astype("int64").to_numpy(), skill_sd=None, difficulty_sd=None)
    low, middle, high = np.quantile(draws[:, 0], [0.025, 0.5, 0.975])
    assert skill.parameters[0].value == middle
    assert skill.parameters[0].high - skill.parameters[0].low == pytest.approx(2 * (high - low))
    assert any("widened 2.00 times" in note for note in skill.notes)
    assert not any("widened" in note for note in fit_skill(judged(10, 120, 3), "p", "s").notes)


def test_spreads_that_cannot_be_told_are_assumed() -> None:
    """Each question judged once: difficulty's spread is assumed. Each worker judged once: skill's spread is."""
    once = fit_skill(judged(10, 200, 1), "p", "s")
    assert [one.path for one in once.assumptions] == ["work.s.difficulty.spread"]
    assert [one.path for one in once.parameters] == ["pools.p.skill.mean", "pools.p.skill.spread"]
    table = judged(400, 100, 4)
    lone = fit_skill(table, "p", "s")
    assert [one.path for one in lone.assumptions] == ["pools.p.skill.spread"]


def test_thrown_out_judgements_do_not_count() -> None:
    """Workers whom the platform dropped say nothing about the labels that are delivered."""
    table = judged(10, 120, 3)
    bad = table.assign(
        worker="x" + table["worker"], correct=pd.array([False] * len(table), dtype="boolean"), counts=False
    )
    both = pd.concat([table, bad], ignore_index=True)
    assert fit_skill(both, "p", "s").parameters == fit_skill(table, "p", "s").parameters
