"""The parts that label quality is made of, each against another way to the same number."""

from __future__ import annotations

import itertools
import math
from collections import Counter

import numpy as np
import pytest
from crowds import draw, usual
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from labelcast.calibration.workers.chain import Draws, _level
from labelcast.calibration.workers.changes import _largest, _swing, changes
from labelcast.calibration.workers.difficulty import NODES, Difficulty
from labelcast.calibration.workers.forecast import forecasts
from labelcast.calibration.workers.labelled import Labelled, labelled
from labelcast.calibration.workers.model import donors, fit_model, logits
from labelcast.calibration.workers.pockets import pockets
from labelcast.calibration.workers.rasch import _expect, _slopes, fit_rasch
from labelcast.calibration.workers.rules import FIXED, SEQUENTIAL, designed, outcomes
from labelcast.calibration.workers.subsets import error_correlation, majority_accuracy
from labelcast.calibration.workers.wrong import gathering
from labelcast.sim.estimates.consensus import verdicts
from labelcast.sim.statistics import coverage

ITEMS = st.lists(
    st.tuples(st.lists(st.sampled_from("abcd"), min_size=1, max_size=7), st.sampled_from("abcde-")),
    min_size=1,
    max_size=5,
)  # labels of each item, and its truth, - where it is not known


def of(items: list[tuple[list[str], str]]) -> Labelled:
    rows = [(w, i, one) for i, (labels, _) in enumerate(items) for w, one in enumerate(labels)]
    truths = {str(i): truth for i, (_, truth) in enumerate(items) if truth != "-"}
    return labelled([w for w, _, _ in rows], [i for _, i, _ in rows], [one for _, _, one in rows], truths)


@settings(deadline=None)  # the first case compiles
@given(ITEMS)
def test_accuracy_of_k_labels_is_that_of_all_subsets(items: list[tuple[list[str], str]]) -> None:
    """Every subset of k labels counts alike, a tie of m as one in m if the truth is among them; NaN without any."""
    found, many = majority_accuracy(of(items), 6)
    for k in range(1, 7):
        means = []
        for labels, truth in items:
            if truth == "-" or len(labels) < k:
                continue
            won = []
            for subset in itertools.combinations(labels, k):
                votes = Counter(subset)
                first = [name for name, n in votes.items() if n == max(votes.values())]
                won.append((truth in first) / len(first))
            means.append(np.mean(won))
        assert many[k - 1] == len(means)
        assert found[k - 1] == pytest.approx(np.mean(means), abs=1e-12) if means else math.isnan(found[k - 1])


@settings(deadline=None)
@given(ITEMS)
def test_correlation_of_errors_is_that_of_all_pairs(items: list[tuple[list[str], str]]) -> None:
    """Pearson's correlation of being right over all ordered pairs of labels of an item; NaN where all are alike."""
    pairs = [
        (x == truth, y == truth)
        for labels, truth in items
        if truth != "-"
        for x, y in itertools.permutations(labels, 2)
    ]
    found = error_correlation(of(items))
    if len({x for x, _ in pairs}) < 2:
        assert math.isnan(found)
    else:
        x, y = np.array(pairs, float).T
        assert found == pytest.approx(np.cov(x, y, bias=True)[0, 1] / x.var(), abs=1e-9)


def test_gathering_is_the_dirichlet_multinomial() -> None:
    """Differences of the log likelihood between attractors are those of scipy's, whose constant we leave out."""
    rng = np.random.default_rng(1)
    share = np.array([[0.0, 0.2, 0.3, 0.5], [0.6, 0.0, 0.1, 0.3], [0.1, 0.1, 0.0, 0.8]])[rng.integers(3, size=40)]
    counts = np.array([rng.multinomial(rng.integers(2, 7), row) for row in share]).astype(float)

    def theirs(kappa: float) -> float:
        return sum(
            stats.dirichlet_multinomial.logpmf(n[q > 0].astype(int), kappa * q[q > 0], int(n.sum()))
            for n, q in zip(counts, share, strict=True)
        )

    for kappa in (0.05, 0.7, 3.0, 40.0):
        mine = gathering(counts, share, kappa) - gathering(counts, share, 1.0)
        assert mine == pytest.approx(theirs(kappa) - theirs(1.0), abs=1e-8)


def test_ability_comes_back() -> None:
    """4,000 items, 60 workers, five labels: each ability within 0.35 (four of its posterior sd, mostly the workers'
    own), spreads within 0.15, the difference of two workers' logits with correlation above 0.8."""
    rng = np.random.default_rng(2)
    crowd = usual(60, 3, rng)
    found = fit_rasch(draw(crowd, 4000, 5, rng))
    assert found.ability == pytest.approx(crowd.ability, abs=0.35)
    wanted = (crowd.skill_sd, crowd.leaning_sd, crowd.difficulty.spread)
    assert (found.skill_sd, found.leaning_sd, found.difficulty.spread) == pytest.approx(wanted, abs=0.15)
    able = found.ability + found.skill[:, None] + found.leaning
    assert np.corrcoef(able.ravel(), crowd.able.ravel())[0, 1] > 0.8


def test_without_difficulty_ability_is_the_share() -> None:
    """Difficulty held at zero: the chance of each class, over its workers, is its share of right labels to 0.005."""
    rng = np.random.default_rng(3)
    data = draw(usual(20, 3, rng), 3000, 3, rng)
    found = fit_rasch(data, independent=True)
    assert found.difficulty == Difficulty(0.0)
    true = data.truth[data.item]
    logit = found.ability[true] + found.skill[data.worker] + found.leaning[data.worker, true]
    chance, right = 1 / (1 + np.exp(-logit)), data.label == true
    for c in range(3):
        assert chance[true == c].mean() == pytest.approx(right[true == c].mean(), abs=0.005)


@pytest.mark.parametrize("label", ["x", "y"])
def test_classes_without_items_stay_with_the_others(label: str) -> None:
    """A class that is no item's truth has an ability between those of others; all right or all wrong, all finite."""
    data = labelled(list("abab"), [1, 1, 2, 2], [label] * 4, {"1": "x", "2": "x"})
    more = labelled(list("abababc"), [1, 1, 2, 2, 3, 3, 4], [label] * 6 + ["z"], {str(i): "x" for i in range(1, 4)})
    for one in (data, more.judged()):
        found = fit_rasch(one)
        assert np.isfinite(found.ability).all()
        assert (abs(found.ability) < 15).all()
        assert np.isfinite(found.skill_var).all()


def test_rules_agree_with_the_exact_recursion() -> None:
    """Equal workers, even wrong labels, every rule: right within a 99.9% interval of 200,000 items by Bonferroni over
    all rules (z = 4.2), labels within as many standard errors; difficulties by 61 nodes."""
    rules, items, kappa, classes = [*FIXED, *SEQUENTIAL], 200_000, 2.5, 4
    nodes = np.linspace(-6, 6, 61)
    weights = np.exp(-(nodes**2) / 2) / np.exp(-(nodes**2) / 2).sum()
    p = 1 / (1 + np.exp(1.1 * nodes - 1.0))
    shape = kappa * (1 - np.eye(classes)) / (classes - 1)
    luck = np.random.default_rng(4)
    design = designed(np.ones(classes) / classes, np.arange(1, 13), items, 9, luck)
    found = outcomes(rules, design, np.ones((12, classes)), Difficulty(1.1), shape, luck)
    for k, rule in enumerate(rules):
        exact = verdicts(p, weights, rule, classes, kappa)
        right = 1 - float(exact.error)
        assert found.right[k] == pytest.approx(right, abs=4.2 * math.sqrt(right * (1 - right) / items)), rule
        assert found.asked[k] == pytest.approx(float(exact.labels), abs=4.2 * 3.5 / math.sqrt(items)), rule


def test_workers_are_drawn_by_workload_without_the_same_twice() -> None:
    """Majorities of three of one able worker and three who are always wrong, by workloads 5, 1, 2, 2: the first label
    is right as often as the able worker's share, 0.5, of three it is never most; one worker with nearly all of the work
    costs no time."""
    able = np.where(np.arange(4)[:, None] == 0, 40.0, -40.0) * np.ones((4, 2))
    shape = 1 - np.eye(2)
    luck = np.random.default_rng(5)
    design = designed(np.ones(2), np.array([5, 1, 2, 2]), 40_000, 4, luck)
    found = outcomes(FIXED[:3], design, able, Difficulty(0.0), shape, luck)
    assert found.right[0] == pytest.approx(0.5, abs=4 * 0.5 / 200)
    second = 0.1 * 5 / 9 + 2 * 0.2 * 5 / 8  # the able one comes second, after each of the others
    assert found.right[1] == pytest.approx((0.5 + second) / 2, abs=4 * 0.5 / 200)  # ties by lot
    assert found.right[2] == 0
    who = designed(np.ones(2), np.array([10**12] + [1] * 8), 100, 9, luck).who
    assert (np.sort(who, axis=1) == np.arange(9)).all()


def timed(right: np.ndarray, worker: np.ndarray) -> Labelled:
    """One label an item, in time, of two classes."""
    item = np.arange(len(right))
    return labelled(worker, item, np.where(right, "a", "b"), {str(i): "a" for i in item}, item)


def test_no_change_is_seldom_found() -> None:
    """Nobody changes: in 400 logs of four workers with 60 labels, one is named at a rate whose exact 99.9% interval
    holds the level, 5%, or lies below (the test of a few labels is coarse, so conservative)."""
    rng, false = np.random.default_rng(7), 0
    for _ in range(400):
        expected = rng.uniform(0.5, 0.95, 240)
        data = timed(rng.random(240) < expected, np.arange(240) % 4)
        false += bool(changes(data, expected[np.array(data.items, np.int64)]))
    assert coverage(false, 400, 0.999).low <= 0.05
    assert false > 0


def test_a_change_is_found_near_its_place() -> None:
    """A worker of four falls from 95% to 50% after 100 of 200 labels: it alone is named, within 15 labels, with the
    time of the first label after it."""
    rng = np.random.default_rng(8)
    worker = np.tile(np.arange(4), 200)
    turn = np.repeat(np.arange(200), 4)
    data = timed(rng.random(800) < np.where((worker == 2) & (turn >= 100), 0.5, 0.95), worker)
    found = changes(data, np.full(800, 0.9))
    assert [one.worker for one in found] == [2]
    assert abs(found[0].after - 100) <= 15
    assert found[0].at == 4 * found[0].after + 2
    assert found[0].before > 0.9 > 0.65 > found[0].since


def confused(rng: np.random.Generator, odd: float, items: int = 400, workers: int = 30) -> Labelled:
    """Four labels an item of six classes, 8% wrong; of a and b, 30% are taken for the other, by worker 7 `odd`."""
    truth = rng.integers(6, size=items)
    worker = np.argsort(rng.random((items, workers)), axis=1)[:, :4]
    label = np.where(rng.random((items, 4)) < 0.08, rng.integers(6, size=(items, 4)), truth[:, None])
    swap = rng.random((items, 4)) < np.where(worker == 7, odd, 0.3)
    label = np.where(swap & (label < 2), 1 - label, label)
    names = np.array(list("abcdef"))
    return labelled(worker.ravel(), np.repeat(np.arange(items), 4), names[label.ravel()])


def test_the_confused_pair_is_the_first_pocket() -> None:
    """Two classes taken for one another come first, with most of the disagreement; a worker who swaps them nearly
    always is named; shares of all pairs sum to one."""
    data = confused(np.random.default_rng(9), 0.95, items=1500)
    found = pockets(data, most=15)
    assert found[0].classes == (0, 1)
    assert found[0].share > 0.4
    assert sum(one.share for one in found) == pytest.approx(1)
    assert data.workers[found[0].worker] == "7"


def test_of_equal_workers_none_is_named() -> None:
    """Thirty workers who are alike: in 150 logs one is named in the first pocket in few enough that a 99.9% interval
    holds 1% or lies below."""
    rng = np.random.default_rng(10)
    named = sum(pockets(confused(rng, 0.3), most=1)[0].worker is not None for _ in range(150))
    assert coverage(named, 150, 0.999).low <= 0.01


def test_all_agree_no_pocket() -> None:
    """Labels that agree leave no pocket; nor do single labels."""
    assert pockets(labelled(list("abab"), [1, 1, 2, 2], list("xxyy"))) == []
    assert pockets(labelled(list("ab"), [1, 2], list("xy"))) == []


def test_the_interval_of_a_forecast_is_what_its_draws_say() -> None:
    """Draws that differ by a shift of all logits, without difficulty: one label is right with chance expit(1 + shift),
    and so are two whose ties go by lot; the ends of both intervals are those of the shifts, and no luck is in them.
    Tolerance: 5 sd of how many of 10,000 items lie between the ends; another 3 for the mean."""
    luck = np.random.default_rng(9)
    rows = [(f"w{w}", f"i{i}", "ab"[int(luck.random() < 0.3)]) for i in range(120) for w in range(12)]
    data = labelled(*zip(*rows, strict=True), {f"i{i}": "a" for i in range(120)})
    shift = np.linspace(-0.1, 0.1, 201)
    able = np.broadcast_to(1.0 + shift[:, None, None], (201, 12, 2)).astype(np.float32)
    draws = Draws(np.ones((201, 2)), np.zeros((201, 3)), np.zeros((201, 3)), able, np.arange(201))
    told, _ = forecasts(data, data, fit_model(data), draws, 1.0)
    low, mean, high = (1 / (1 + np.exp(-1.0 - s)) for s in (-0.095, 0.0, 0.095))
    for one in told[:2]:
        assert one.high - one.low == pytest.approx(high - low, abs=5 * np.sqrt((high - low) / 10_000))
        assert one.accuracy == pytest.approx(mean, abs=3 * np.sqrt(0.25 / 200_000) + 0.001)


def test_a_donor_has_the_same_rank_of_workload() -> None:
    """As many new workers as known ones: each gets the one of its rank, equal workloads by lot; fewer are spread over
    the ranks."""
    known = np.array([50, 3, 700, 9])
    assert donors(known, np.array([9, 1, 5, 2]), np.random.default_rng(1)).tolist() == [2, 1, 0, 3]
    assert known[donors(known, np.array([8, 1]), np.random.default_rng(1))].tolist() == [700, 9]
    equal = [donors(known, np.ones(4, np.int64), np.random.default_rng(seed)).tolist() for seed in range(20)]
    assert {tuple(sorted(one)) for one in equal} == {(0, 1, 2, 3)}
    assert len({tuple(one) for one in equal}) > 5


def test_drawn_logits_are_as_unsure_as_the_fit_says() -> None:
    """The variance of a worker's logit at a class is that of the leaning where the skill is known, and of the skill as
    far as the leaning does not follow it. 4,000 draws: the variance within 12%, which is 5 sd."""
    data = draw(usual(8, 2, np.random.default_rng(3)), 60, 3, np.random.default_rng(4))
    model = fit_model(data)
    load = np.bincount(data.worker)
    drawn = np.array([logits(model, data.workers, load, np.random.default_rng(seed)) for seed in range(4_000)])
    rasch = model.rasch
    expected = rasch.leaning_var + (1 - rasch.follows) ** 2 * rasch.skill_var[:, None]
    assert drawn.var(axis=0) == pytest.approx(expected, rel=0.12)
    assert drawn.mean(axis=0) == pytest.approx(rasch.ability + rasch.skill[:, None] + rasch.leaning, abs=0.12)


def test_slopes_are_the_derivatives_of_the_likelihood() -> None:
    """Of the log likelihood with difficulties summed out, by the logit of each label: the first and, what is lost taken
    off, the second, by differences."""
    start, right = np.array([0, 3, 5]), np.array([1, 0, 1, 1, 0])
    item, logit = np.repeat([0, 1], [3, 2]), np.array([0.3, -0.5, 1.2, 0.1, 2.0])
    harder, weights = np.exp(NODES * 1.3), -(NODES**2) / 2
    weights = weights - np.log(np.exp(weights).sum())
    weight, ones = np.empty((2, NODES.size)), np.ones(5)

    def likelihood(by: float, row: int) -> float:
        moved = logit + by * (np.arange(5) == row)
        return _expect(start, np.exp(-moved), ones, right, harder, weights, weight)

    slope, bend, lost = (np.empty(5) for _ in range(3))
    here = likelihood(0.0, 0)
    _slopes(item, np.exp(-logit), ones, right, harder, weight, slope, bend, lost)
    for row in range(5):
        up, down = likelihood(1e-3, row), likelihood(-1e-3, row)
        assert slope[row] == pytest.approx((up - down) / 2e-3, abs=1e-6)
        assert bend[row] - lost[row] == pytest.approx(-(up - 2 * here + down) / 1e-6, abs=1e-5)


def test_levelling_changes_no_chance() -> None:
    """Ability, skill and leaning are shifted against one another: their sums, which labels see, stay."""
    rng = np.random.default_rng(1)
    ability, skill, leaning = rng.normal(size=3), rng.normal(size=4), rng.normal(size=12)
    before = ability + skill[:, None] + leaning.reshape(4, 3)
    was = ability.copy(), skill.copy()
    _level(ability, skill, leaning, 0.2, 1.5, np.array([0.7, 0.4, 1.0]), rng)
    assert ability + skill[:, None] + leaning.reshape(4, 3) == pytest.approx(before)
    assert not np.allclose(ability, was[0])
    assert not np.allclose(skill, was[1])


def test_the_p_value_of_a_swing_is_the_share_of_orders() -> None:
    """Of all orders of seven surprises, those with a swing as large as this one's: from 200 shuffled ones, within the
    99.9% interval of a binomial count, and one more, the order itself."""
    surprise = np.array([0.9, 0.8, 0.7, 0.6, -0.9, -1.0, -1.1])
    largest = _largest(surprise)[1]
    orders = [_largest(np.array(one))[1] >= largest * (1 - 1e-12) for one in itertools.permutations(surprise)]
    after, p = _swing(surprise, 200, np.random.default_rng(2))
    assert after == 4
    share = np.mean(orders)
    assert share * 200 < 20  # or it stops before all shuffles are done
    low, high = stats.binom.interval(0.999, 200, share)
    assert low <= p * 201 - 1 <= high
