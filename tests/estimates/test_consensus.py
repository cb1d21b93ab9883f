"""Verdicts of consensus rules: against the binomial, lists of all labels, and the label model itself."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st
from scipy import stats

from labelcast.sim import labels, quantiles
from labelcast.sim.draws import Purpose, name_key, stream, subject, uniform, where
from labelcast.sim.estimates.consensus import Lead, Majority, Rule, Sure, Verdict, verdict, verdicts
from labelcast.sim.estimates.difficulty import HIGHEST, difficulty
from labelcast.sim.estimates.rules import Question, answers

KAPPAS = [0.7, 3.0, math.inf]
RULES: list[Rule] = [
    Majority(5),
    Majority(6),
    Lead(2, 7),
    Lead(3, 6),
    Sure(0.95, 0.7, 6),
    Sure(0.9, 0.8, 5, 2),
    Sure(0.9, 0.97, 6),
]


def urn(given: Sequence[int], p: float, classes: int, kappa: float) -> float:
    """Chance of a sequence of labels, 0 the right one: wrong ones by Polya's urn."""
    chance, seen = 1.0, [0] * classes
    for label in given:
        if label == 0:
            chance *= p
            continue
        share = 1.0 / (classes - 1)
        if math.isfinite(kappa):
            share = (kappa * share + seen[label]) / (kappa + sum(seen))
        chance *= (1.0 - p) * share
        seen[label] += 1
    return chance


def enough(rule: Rule, classes: int) -> Callable[[Sequence[int]], bool]:
    """Whether a rule asks for no more labels, from its definition."""

    def over(given: Sequence[int]) -> bool:
        votes = sorted((given.count(label) for label in range(classes)), reverse=True)
        match rule:
            case Majority(size):
                return len(given) == size
            case Lead(ahead, most):
                return len(given) == most or votes[0] - votes[1] >= ahead
            case Sure(threshold, believed, most, first):
                alike = (1.0 - believed) / (classes - 1)
                likely = [math.prod(believed if label == c else alike for label in given) for c in range(classes)]
                return len(given) == most or (len(given) >= first and max(likely) / sum(likely) >= threshold)

    return over


def listed(p: float, rule: Rule, classes: int, kappa: float) -> tuple[float, ...]:
    """The verdict from all sequences of labels, cut off where the rule ends."""
    over, open_, sums = enough(rule, classes), [()], [0.0] * 5
    while open_:
        after = []
        for given in itertools.chain.from_iterable(((*one, c) for c in range(classes)) for one in open_):
            if not over(given):
                after.append(given)
                continue
            chance = urn(given, p, classes, kappa)
            votes = [given.count(label) for label in range(classes)]
            ways = votes.count(max(votes))
            sums[4] += chance * len(given)
            if ways > 1:
                sums[2] += chance
                sums[3] += chance / ways * (votes[0] == max(votes))
            else:
                sums[0 if votes[0] == max(votes) else 1] += chance
        open_ = after
    return (*sums[:3], sums[3] / sums[2] if sums[2] else 0.0, sums[4])


@pytest.mark.parametrize("kappa", KAPPAS)
@pytest.mark.parametrize("classes", [2, 3, 4])
@pytest.mark.parametrize("rule", RULES, ids=str)
def test_a_verdict_is_the_list_of_all_labels(rule: Rule, classes: int, kappa: float) -> None:
    """Right, wrong, tied, tied and right, and labels asked for, from every sequence of labels."""
    assert verdict(0.7, rule, classes, kappa) == pytest.approx(listed(0.7, rule, classes, kappa), abs=1e-12)


@pytest.mark.parametrize("k", [1, 3, 5, 7, 9, 99])
def test_a_majority_of_two_classes_is_binomial(k: int) -> None:
    """Without a spread of difficulty, k odd."""
    assert verdict(0.85, Majority(k), 2, 3.0).error == pytest.approx(stats.binom.cdf(k // 2, k, 0.85), rel=1e-9)


@pytest.mark.parametrize("kappa", KAPPAS)
@pytest.mark.parametrize("classes", [2, 3, 12, 100])
def test_all_at_once_is_one_by_one_without_a_stop(classes: int, kappa: float) -> None:
    """A lead that nobody can have ends with the majority of the labels: two ways to count, one truth."""
    for size in (1, 4, 9, 15):
        found = verdict(0.4, Lead(size + 1, size), classes, kappa)
        assert found == pytest.approx(verdict(0.4, Majority(size), classes, kappa), abs=1e-12)


def test_many_labels_hardly_hang_on_those_that_lag() -> None:
    """Beyond 20 labels wrong ones that lag are lumped: a majority of 30 that is counted one by one is within half a
    point of the exact one, at 40% right of six classes."""
    found, exact = (verdict(0.4, rule, 6, 3.0) for rule in (Lead(31, 30), Majority(30)))
    assert found.error == pytest.approx(exact.error, abs=0.005)
    assert sum(found[:3]) == pytest.approx(1.0)


def test_a_lead_is_a_walk() -> None:
    """Until a lead of two: the gambler's ruin, with p^2 / (p^2 + q^2) right and 2 / (p^2 + q^2) labels."""
    both = 0.8**2 + 0.2**2
    found = verdict(0.8, Lead(2, 100), 2, 3.0)
    assert (found.right, found.labels) == pytest.approx((0.64 / both, 2.0 / both))


def test_an_attractor_makes_wrong_labels_agree() -> None:
    """Towards kappa 0 all wrong labels of an item are one: as with two classes."""
    for rule in RULES[:4]:
        found, two = verdict(0.7, rule, 5, 1e-9), verdict(0.7, rule, 2, math.inf)
        assert (*found[:3], found.labels) == pytest.approx((*two[:3], two.labels), abs=1e-6)


@settings(max_examples=60, deadline=None)
@for_all(
    rule=st.sampled_from([*RULES, Majority(2), Lead(2, 9)]),
    classes=st.integers(2, 12),
    kappa=st.sampled_from(KAPPAS),
    p=st.floats(0.0, 1.0),
    more=st.floats(0.0, 1.0),
)
def test_better_labels_err_less(rule: Rule, classes: int, kappa: float, p: float, more: float) -> None:
    """Chances sum to one, and the error falls as p grows."""
    if isinstance(rule, Sure) and rule.believed * classes <= 1.0:
        return
    worse, better = (verdict(q, rule, classes, kappa) for q in (p, p + (1.0 - p) * more))
    assert sum(worse[:3]) == pytest.approx(1.0)
    assert better.error <= worse.error + 1e-9


def test_verdicts_are_means_over_items() -> None:
    """A mixture is the mean of its parts, row by row; ties by their chances."""
    p, weights = np.array([[0.9, 0.5], [0.8, 0.3]]), np.array([0.75, 0.25])
    found = verdicts(p, weights, Majority(4), 3, 3.0)
    for row, ps in enumerate(p.tolist()):
        parts = [verdict(q, Majority(4), 3, 3.0) for q in ps]
        assert found.right[row] == pytest.approx(0.75 * parts[0].right + 0.25 * parts[1].right)
        assert found.error[row] == pytest.approx(0.75 * parts[0].error + 0.25 * parts[1].error)


@pytest.mark.parametrize("accuracy", [0.501, 0.999999, 1.0 - 1e-12])
def test_the_ends_of_what_can_be_asked(accuracy: float) -> None:
    """Finite costs, and chances, where labels are worth almost nothing or all, hardly or wholly alike."""
    for correlation, classes, kappa in itertools.product((0.0, 1e-12, HIGHEST), (2, 1000), (0.001, 1e6, math.inf)):
        for one in answers(Question(accuracy, correlation, classes, 0.04, kappa)).rules:
            for found in (one.expected, one.independent):
                assert 0.0 <= found.error + 1e-12 <= 0.5 + 1e-9
                assert 0.0 <= found.tied <= 1.0
                assert found.cost <= found.cost_per_correct_label <= 2.0 * found.cost + 1e-9


def test_one_class_has_no_wrong_label() -> None:
    """Whatever the chance that a label is right."""
    assert verdict(0.6, Lead(2, 7), 1, 3.0) == verdict(0.6, Majority(2), 1, 3.0) == Verdict(1.0, 0.0, 0.0, 0.0, 2.0)


@pytest.mark.parametrize("accuracy", [0.3, 0.85, 0.99])
@pytest.mark.parametrize("correlation", [1e-6, 0.05, 0.2, 0.6, 0.9, HIGHEST])
def test_difficulty_has_the_accuracy_and_correlation_asked_for(accuracy: float, correlation: float) -> None:
    """Mean of p, and var(p) / (m (1 - m)), summed on another grid than the one it was found on."""
    found = difficulty(accuracy, correlation)
    z = np.linspace(-9.0, 9.0, 100_001)
    shares = stats.norm.pdf(z) / stats.norm.pdf(z).sum()
    p = 1.0 / (1.0 + np.exp(np.clip(found.sd * z - found.skill, -700.0, 700.0)))
    assert shares @ p == pytest.approx(accuracy, rel=1e-6)
    assert shares @ (p - accuracy) ** 2 / (accuracy * (1.0 - accuracy)) == pytest.approx(correlation, rel=1e-4)


@pytest.mark.parametrize(
    ("correlation", "beta_binomial", "ours"),
    [(0.0, 0.02661, 0.02661), (0.1, 0.0586, 0.05817), (0.3, 0.1043, 0.10072), (0.5, 0.1304, 0.12642)],
)
def test_five_votes_promise_too_much(correlation: float, beta_binomial: float, ours: float) -> None:
    """Majority of 5 at 85%, two classes: a beta of p with the same two moments leaves within half a point as much."""
    found = difficulty(0.85, correlation)
    error = float(verdicts(found.p, found.weights, Majority(5), 2, 3.0).error)
    assert error == pytest.approx(ours, abs=1e-5)
    beta = stats.binom.cdf(2, 5, 0.85)
    if correlation:
        shape = (1.0 - correlation) / correlation
        beta = stats.betabinom.cdf(2, 5, 0.85 * shape, 0.15 * shape)
    assert beta == pytest.approx(beta_binomial, abs=1e-4)
    assert abs(error - beta) < 0.005


@pytest.mark.parametrize("classes", [2, 4])
@pytest.mark.parametrize("kappa", [3.0, math.inf])
def test_verdicts_are_what_the_label_model_does(classes: int, kappa: float) -> None:
    """4,000 items labelled by sim.labels, difficulty N(0, 1.4): right, tied and labels of each rule within an interval
    of 99.9%, shared out over the 8 numbers and 4 cases; fixed seed."""
    items, most, skill, sd = 4000, 7, 1.5, 1.4
    luck, spread = stream(11, 0), quantiles.normal()
    gammas = np.zeros((0, quantiles.LENGTH))
    odds = np.array([0.0, *[1.0 / (classes - 1)] * (classes - 1)])
    shapes = np.full(classes, -1, np.int64)
    if math.isfinite(kappa):
        gammas, shapes[1:] = quantiles.gamma(kappa / (classes - 1))[None], 0
    outcomes: dict[Rule, list[tuple[float, float, float]]] = {Majority(5): [], Majority(4): [], Lead(2, 7): []}
    for number in range(items):
        key = subject(name_key("items"), number)
        logit = skill - sd * quantiles.quantile(spread, uniform(luck, key, where(Purpose.DIFFICULTY)))
        given = []
        for replica in range(most):
            right, wrong = (where(one, name_key("annotate"), 0, replica) for one in (Purpose.RIGHT, Purpose.WRONG))
            is_right = labels.is_right(luck, key, right, logit)
            given.append(0 if is_right else labels.wrong_label(luck, key, key, wrong, odds, shapes, gammas))
        for rule, rows in outcomes.items():
            votes = np.array(given[: rule.labels if isinstance(rule, Majority) else rule.ahead])
            while isinstance(rule, Lead) and votes.size < most and labels.lead(votes, classes) < rule.ahead:
                votes = np.array(given[: votes.size + 1])
            best = labels.majority(votes, classes)
            rows.append((float(best == 0), float(best == labels.TIE), float(votes.size)))
    z = stats.norm.isf(0.001 / 2 / 32)
    nodes, weights = np.polynomial.hermite_e.hermegauss(61)
    p = 1.0 / (1.0 + np.exp(sd * nodes - skill))
    for rule, rows in outcomes.items():
        expected = verdicts(p, weights / weights.sum(), rule, classes, kappa)
        found = np.array(rows)
        half = z * found.std(axis=0) / math.sqrt(items) + 1e-9
        assert (np.abs(found.mean(axis=0) - [expected.right, expected.tied, expected.labels]) <= half).all(), rule


def test_shares_of_wrong_labels_are_exact() -> None:
    """Three wrong labels of three classes, kappa 3: all of one 2/4 x 3/5, all apart 2/4 x 1/5, by hand."""
    one, apart = Fraction(2, 4) * Fraction(3, 5), Fraction(2, 4) * Fraction(1, 5)
    found = verdict(0.0, Majority(3), 4, 3.0)
    assert found.tied == pytest.approx(float(apart))
    assert float(one) < found.wrong == pytest.approx(1.0 - float(apart))
