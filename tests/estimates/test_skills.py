"""How often labels are right in the mean, against integrals over people and items."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from lines import constant, queue
from scipy import integrate, stats

from labelcast.sim.estimates.left_out import left_out
from labelcast.sim.estimates.skills import kinds, reject_chance, right_chance
from labelcast.sim.line import Drift, Hard, Line, Pool, Segment, Spammers


def right(pool: Pool, segment: Segment) -> float:
    """Share of right labels of a segment that the estimates expect of a pool."""
    line: Line = queue(1, 0, 0, constant(60), segments=(segment,))
    return sum(share * right_chance([(pool, 1.0)], segment, name, d) for name, d, share in kinds(line, segment))


def normal_mean(mean: float, sd: float) -> float:
    """Mean of the logistic function over N(mean, sd), by adaptive quadrature."""

    def weighted(z: float) -> float:
        return float(stats.norm.pdf(z) / (1.0 + math.exp(-(mean + sd * z))))

    return float(integrate.quad(weighted, -12, 12, epsabs=1e-10)[0])


@pytest.mark.parametrize("hard", [Hard(), Hard(0.12, 2.5, 1.0), Hard(0.4, 1.0, 0.0)])
def test_ordinary_and_hard_items_count_by_their_share(hard: Hard) -> None:
    """Right labels of items N(0, 0.6), and of a share of hard ones N(m, t), by people N(1.5, 0.4): a mixture of two
    integrals, within 0.0005."""
    pool = Pool("team", 1, "always", skill_mean=1.5, skill_sd=0.4)
    segment = Segment("items", backlog=1, difficulty_sd=0.6, hard=hard)
    ordinary = normal_mean(1.5, np.hypot(0.4, 0.6))
    expected = (1 - hard.share) * ordinary + hard.share * normal_mean(1.5 - hard.harder, np.hypot(0.4, hard.sd))
    assert right(pool, segment) == pytest.approx(expected, abs=5e-4)


def test_people_who_do_not_look_guess() -> None:
    """Of a share s, 1 / C labels are right, and as judges they reject with chance false_alarm: exactly the mixture, on
    what the others do."""
    looking = Pool("team", 1, "always", skill_mean=1.5, skill_sd=0.4, false_alarm=0.1)
    some = replace(looking, spammers=Spammers(0.3))
    segment = Segment("items", backlog=1, classes={"a": 0.5, "b": 0.3, "c": 0.2, "d": 0.0}, difficulty_sd=0.6)
    assert right(some, segment) == pytest.approx(0.7 * right(looking, segment) + 0.3 / 4)
    for is_right in (True, False):
        expected = 0.7 * reject_chance([(looking, 1.0)], is_right, 0.5) + 0.3 * 0.1
        assert reject_chance([(some, 1.0)], is_right, 0.5) == pytest.approx(expected)


def test_people_who_always_say_one_thing_are_as_often_right_and_reject_nothing() -> None:
    """Of a share s who give one class each, 1 / C labels are right in the mean over people, and as judges they
    accept."""
    looking = Pool("team", 1, "always", skill_mean=1.5, skill_sd=0.4, false_alarm=0.1)
    same, any_ = (replace(looking, spammers=Spammers(0.3, answers)) for answers in ("same", "any"))
    segment = Segment("items", backlog=1, classes={"a": 0.5, "b": 0.3, "c": 0.2, "d": 0.0}, difficulty_sd=0.6)
    assert right(same, segment) == right(any_, segment)
    for is_right in (True, False):
        expected = 0.7 * reject_chance([(looking, 1.0)], is_right, 0.5)
        assert reject_chance([(same, 1.0)], is_right, 0.5) == pytest.approx(expected)


def test_rejections_are_integrals_over_reviewers() -> None:
    """Reviewers of skill spread s and a spread t of their own reject with the mean of the logistic function over
    N(logit, s^2 + t^2), within 0.001; the stated rates are those of the median person."""
    pool = Pool("team", 1, "always", skill_sd=0.4, sensitivity=0.85, false_alarm=0.03)
    pool = replace(pool, sensitivity_sd=0.5, false_alarm_sd=0.9)
    for is_right, rate, spread, ease in ((False, 0.85, 0.5, -0.7), (True, 0.03, 0.9, 0.7)):
        expected = normal_mean(math.log(rate / (1 - rate)) + ease, math.hypot(0.4, spread))
        assert reject_chance([(pool, 1.0)], is_right, 0.7) == pytest.approx(expected, abs=1e-3)


def test_what_wanders_and_what_does_not_gather_is_named() -> None:
    """The estimates of a line whose people's skill wanders, or some of whom do not look, say what they leave out."""
    line = queue(1, 0, 0, constant(60))
    assert not [text for text in left_out(line) if "wanders" in text or "do not look" in text]
    pool = replace(line.pools[0], drift=Drift(0.2), spammers=Spammers(0.03))
    told = left_out(replace(line, pools=(pool,)))
    assert f"How the skill of each of {pool.name} wanders: it is as at the start." in told
    assert any("do not look" in text and pool.name in text for text in told)
