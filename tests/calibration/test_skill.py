"""Skill and difficulty: the sampler against brute-force integration, and what is said when data cannot tell."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from recovery.skills import of_classes

from labelcast.calibration.answers import _differ, answers_of
from labelcast.calibration.skill import fit_skill
from labelcast.calibration.workers.chain import MIDDLE_SD, SPREAD_SD, Floats, Ints, sample


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def posterior(
    worker: Ints, item: Ints, correct: Ints, *, skill_sd: float | None, difficulty_sd: float | None, sweeps: int = 3000
) -> Floats:
    """float64[draws, 3]: mean skill, its spread and that of difficulty, of a model that knows no classes.

    worker, item: whole numbers from 0, each in use.  skill_sd, difficulty_sd: a fixed value, or None to estimate it.
    """
    sizes = (int(worker.max()) + 1, 1, int(item.max()) + 1)
    fixed = (skill_sd, 0.0, difficulty_sd)
    draws = sample(worker, np.zeros_like(item), item, correct, sizes, fixed, sweeps=sweeps, kept=1)
    return np.column_stack([draws.ability[:, 0], draws.spreads[:, 0], draws.spreads[:, 2]])


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


def test_classes_and_hard_items_come_back() -> None:
    """Effects of three classes, the share of hard items and how much harder they are lie within 1.7 times their
    intervals; one seed, fixed. Without hard items in the labels none are told."""
    effects = (0.5, -0.2, -1.0)
    skill = fit_skill(of_classes(1, effects=effects, hard=0.12), "p", "s")
    middle = float(np.dot(effects, (0.5, 0.3, 0.2)))
    truth = {
        "pools.p.class_effects.bus": 0.5 - middle,
        "pools.p.class_effects.car": -0.2 - middle,
        "pools.p.class_effects.tram": -1.0 - middle,
        "work.s.difficulty.hard.share": 0.12,
        "work.s.difficulty.hard.harder": 4.0,
        "pools.p.skill.mean": 1.8 + middle,
        "pools.p.skill.spread": 0.5,
    }
    found = {one.path: one for one in skill.parameters}
    for path, value in truth.items():
        one = found[path]
        low, high = (one.value + 1.7 * (end - one.value) for end in (one.low, one.high))
        assert low <= value <= high, one
    assert any("differs by class" in note for note in skill.notes)
    assert any("much harder than the rest" in note for note in skill.notes)


def test_classes_that_are_alike_are_one() -> None:
    """Where classes do not differ, numbers are to the last bit those of the same answers without classes, and a note
    says so; a class of fewer than ten questions has no effect of its own."""
    table = of_classes(3, items=150)
    skill = fit_skill(table, "p", "s")
    assert skill.parameters == fit_skill(table.drop(columns="gold"), "p", "s").parameters
    assert any("cannot be told, so they are taken as alike" in note for note in skill.notes)
    few = of_classes(3, effects=(0.5, -0.2, -1.0), items=150)
    few["gold"] = few["gold"].where(few["gold"] == "bus", few["item"])
    assert not [one for one in fit_skill(few, "p", "s").parameters if "class_effects" in one.path]


def test_all_answers_right_or_wrong() -> None:
    """Nothing differs: finite numbers, no classes, no hard items."""
    for value in (True, False):
        table = of_classes(2, items=120).assign(correct=pd.array([value] * 720, dtype="boolean"))
        skill = fit_skill(table, "p", "s")
        assert all(np.isfinite([one.value, one.low, one.high]).all() for one in skill.parameters)
        assert not [one for one in skill.parameters if "class_effects" in one.path or "hard" in one.path]


def test_of_very_many_questions_some_are_drawn() -> None:
    """No more than 30,000 judgements enter the chain, and a note says how many questions these are of."""
    table = of_classes(4, items=5_100, each=6)
    answers = answers_of(table)
    assert len(answers.right) <= 30_000 < len(table)
    assert answers.sampled == 5_100
    assert answers_of(table).right.tolist() == answers.right.tolist()


def test_a_class_of_one_question_makes_no_others_differ() -> None:
    """Two classes whose questions are all right are alike, however a third's only question went."""
    gold = ["bus"] * 10 + ["car"] * 10 + ["tram"]
    table = pd.DataFrame({"worker": [f"w{k % 2}" for k in range(42)], "item": [f"i{k // 2}" for k in range(42)]})
    table = table.assign(gold=np.repeat(gold, 2), correct=pd.array([True] * 41 + [False], dtype="boolean"))
    assert not _differ(answers_of(table))
