"""What a trial shows: the laws of its outcomes against scipy's, and against people who are drawn one by one."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from lines import queue
from scipy import stats

from labelcast.sim import trials
from labelcast.sim.engines import ENGINES, engine
from labelcast.sim.estimates.trial import truths_of
from labelcast.sim.line import Distribution, Hard, Spammers
from labelcast.sim.plan import Plan
from labelcast.sim.statistics import Floats
from labelcast.sim.trials import Trial, Truths, after, after_right, of_right


def _truths(right: Floats, alike: float = 0.0, pace: float = 3.0, people: float = 0.0, tasks: float = 1.0) -> Truths:
    return Truths(right, *(np.full(right.size, one) for one in (alike, pace, people, tasks)))


def test_independent_labels_are_binomial() -> None:
    """Without likeness, by however few people: ratios of chances between truths are the binomial law's."""
    truths, numbers = _truths(np.array([0.6, 0.9, 0.97])), np.arange(41)
    for people in (1, 4, 40):
        found = of_right(truths, Trial(40, people), numbers)
        wanted = stats.binom.logpmf(numbers[:, None], 40, truths.right)
        assert found - found[:, :1] == pytest.approx(wanted - wanted[:, :1], abs=5e-3)


def test_labels_of_one_person_are_beta_binomial() -> None:
    """With its likeness as the correlation; labels each by another person are binomial again."""
    truths, numbers = _truths(np.array([0.6, 0.9]), alike=0.1), np.arange(31)
    found = of_right(truths, Trial(30, 1), numbers)
    wanted = stats.betabinom.logpmf(numbers[:, None], 30, truths.right * 9, (1 - truths.right) * 9)
    assert found - found[:, :1] == pytest.approx(wanted - wanted[:, :1], abs=1e-9)
    apart = of_right(truths, Trial(30, 30), numbers)
    wanted = stats.binom.logpmf(numbers[:, None], 30, truths.right)
    assert apart - apart[:, :1] == pytest.approx(wanted - wanted[:, :1], abs=1e-3)


def test_a_trial_of_much_finds_the_truth_and_one_of_little_does_not() -> None:
    """A million labels by as many people: each truth is found again. One label whose time varies by a factor of
    millions, of people right alike: each truth stays as likely as before."""
    right = np.linspace(0.5, 0.95, 10)
    sure = after(_truths(right), Trial(1_000_000, 1_000_000), 1, np.eye(10))
    assert sure.reshape(10, -1, 10).mean(axis=1) == pytest.approx(np.eye(10), abs=1e-6)
    vague = Truths(np.full(10, 0.9), np.zeros(10), np.linspace(3, 4, 10), np.zeros(10), np.full(10, 1e4))
    assert after(vague, Trial(1, 1), 1, np.eye(10)) == pytest.approx(0.1, abs=1e-3)


def test_chances_after_a_trial_are_right_on_average() -> None:
    """Bayes' rule: over outcomes of equally likely truths, each truth's chance is what it was, also where what differs
    is how far times spread; after_right agrees with a hand's count for two truths."""
    right = np.linspace(0.7, 0.95, 6)
    chances = after(_truths(right, alike=0.05), Trial(60, 5), 3, np.eye(6))
    assert chances.sum(axis=1) == pytest.approx(1)
    assert chances.mean(axis=0) == pytest.approx(1 / 6, abs=0.02)
    same, spreads = np.ones(200), np.repeat([0.2, 2.0], 100)
    wide = after(Truths(0.9 * same, 0 * same, same, 0 * same, spreads), Trial(1, 1), 3, (spreads > 1)[:, None] * 1.0)
    assert wide.mean() == pytest.approx(0.5, abs=0.01)
    two = after_right(_truths(np.array([0.5, 0.75])), Trial(2, 2), np.arange(3), np.array([0.0, 1.0]))
    assert two == pytest.approx([0.0625 / 0.3125, 0.375 / 0.875, 0.5625 / 0.8125], abs=1e-4)


def test_people_drawn_one_by_one() -> None:
    """Labels of people whose skill differs, some of whom do not look, on items some of which are hard: over 20,000
    trials of 60 labels by 6 people, mean and variance of what is right, and of the mean logarithm of times, are those
    that a line tells, within 3% and 5%."""
    line = queue(6, 100.0, 60, Distribution("lognormal", {"median": 20.0, "sigma": 0.7}))
    (segment,), (pool,), stage = line.segments, line.pools, line.stages[0]
    segment = replace(segment, difficulty_sd=0.8, hard=Hard(0.2, 2.0, 0.5))
    pool = replace(pool, skill_mean=2.0, skill_sd=0.9, speed=1.3, speed_sd=0.4, spammers=Spammers(0.1))
    truths = truths_of([replace(line, segments=(segment,), pools=(pool,))], pool.name, stage.name)
    rng = np.random.default_rng(4)
    shape = (20_000, 6, 10)
    skill = 2.0 + 0.9 * rng.standard_normal(shape[:2])[..., None]
    hard = rng.random(shape) < 0.2
    difficulty = np.where(hard, 2 + 0.5 * rng.standard_normal(shape), 0.8 * rng.standard_normal(shape))
    chance = 1 / (1 + np.exp(-(skill - difficulty)))
    blind = rng.random(shape[:2])[..., None] < 0.1
    right = (rng.random(shape) < np.where(blind, 1 / len(segment.classes), chance)).sum(axis=(1, 2))
    p, alike = truths.right[0], truths.alike[0]
    assert right.mean() / 60 == pytest.approx(p, rel=0.03)
    assert right.var() / 60 == pytest.approx(p * (1 - p) * (1 + 9 * alike), rel=0.05)
    logs = math.log(1.3 * 20) + 0.4 * rng.standard_normal(shape[:2])[..., None] + 0.7 * rng.standard_normal(shape)
    mean = logs.mean(axis=(1, 2))
    assert mean.mean() == pytest.approx(truths.pace[0], abs=0.01)
    assert mean.var() == pytest.approx(truths.people[0] ** 2 / 6 + truths.tasks[0] ** 2 / 60, rel=0.05)


@pytest.mark.verify
def test_the_engine_labels_as_a_trial_is_taken_to() -> None:
    """Of 500 runs of 60 items, one a day, by 6 people in turn, the share right and the mean logarithm of active times
    have the means of a line's truths within 3.3 standard errors, and their standard deviations within 10% (false alarm
    below 1 in 100)."""
    line = queue(6, 7.0, 60, Distribution("lognormal", {"median": 20.0, "sigma": 0.7}))
    segment = replace(line.segments[0], difficulty_sd=0.8)
    pool = replace(line.pools[0], skill_mean=2.0, skill_sd=0.9, speed=1.3, speed_sd=0.4)
    line = replace(line, segments=(segment,), pools=(pool,))
    truths = truths_of([line], pool.name, line.stages[0].name)
    plan, found = Plan.of(line), []
    for replication in range(500):
        log = engine(ENGINES[0])(plan, 1, replication)
        right = log.items["final_label"].astype(str) == log.items["truth"].astype(str)
        found.append((right.mean(), np.log(log.tasks["active_ms"].astype(float) / 1000).mean()))
        assert set(log.tasks["worker"].value_counts()) <= {9, 10, 11}
    share, pace = np.array(found).T
    p, alike = truths.right[0], truths.alike[0]
    spreads = (
        math.sqrt(p * (1 - p) / 60 * (1 + 9 * alike)),
        math.sqrt(truths.people[0] ** 2 / 6 + truths.tasks[0] ** 2 / 60),
    )
    for values, mean, spread in zip((share, pace), (p, truths.pace[0]), spreads, strict=True):
        assert values.mean() == pytest.approx(mean, abs=3.3 * values.std() / math.sqrt(500))
        assert values.std() == pytest.approx(spread, rel=0.1)


def test_many_truths_are_weighed_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same to the last digits but one, however many at a time."""
    truths = _truths(np.linspace(0.6, 0.95, 50), alike=0.02)
    whole = after(truths, Trial(40, 4), 1, np.eye(50))
    monkeypatch.setattr(trials, "BLOCK", 350)
    assert after(truths, Trial(40, 4), 1, np.eye(50)) == pytest.approx(whole, rel=1e-12)
