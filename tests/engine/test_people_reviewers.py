"""How reviewers differ: what each finds and rejects wrongly, beside what their skill does to both."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from flows import annotate, backlog, items, line_of, people, review, rows, simulate
from lines import constant

from labelcast.sim.draws import Purpose, name_key, stream, subject, uniform, where
from labelcast.sim.labels import difficulty, rejects
from labelcast.sim.line import Epoch, Line, Pool, Sessions
from labelcast.sim.quantiles import normal, quantile

STREAM = stream(1, 0)
FOUND, ALARM = math.log(0.7 / 0.3), math.log(0.2 / 0.8)
WRONG, HALF = {"yes": -200.0}, {"yes": -100.0}
"""Class effects of someone who says no to all, and of someone who is right on every second."""


def judges(count: int, **more: Any) -> Pool:
    """Reviewers who find 70% and reject 20% wrongly in the median, and differ."""
    rates = {"skill_mean": 0.0, "sensitivity": 0.7, "false_alarm": 0.2, "sensitivity_sd": 1.5, "false_alarm_sd": 0.8}
    return people("reviewers", count, **{**rates, **more})


def reviewed(count: int, reviewers: Pool, effects: dict[str, float], **more: Any) -> Line:
    """Items labelled by one person and reviewed once, a minute each, without rework."""
    stages = (annotate(0.001, to="review"), review(60.0, rounds=0))
    return line_of(count, stages, people("annotators", 1, class_effects=effects), reviewers, **more)


def verdicts(line: Line) -> list[tuple[int, int, bool]]:
    """(item, number of the reviewer in the pool, whether rejected) of each review."""
    told = rows(simulate(line), "item", "worker", "outcome", stage="review")
    return [(item, number, outcome != "accepted") for item, number, outcome in told]


def luck(number: int, purpose: Purpose) -> float:
    """A normal number of a reviewer, asked by hand."""
    return quantile(normal(), uniform(STREAM, subject(name_key("pool 1"), number), where(purpose)))


def by_hand(item: int, logit: float) -> bool:
    """Whether an item is rejected, which is its own draw at this logit."""
    return rejects(STREAM, subject(name_key("items"), item), where(Purpose.REJECT, name_key("review 0")), logit)


def found(number: int, sd: float = 1.5) -> float:
    """Logit of finding a wrong label, of a reviewer of middling skill."""
    return FOUND + sd * luck(number, Purpose.SENSITIVITY)


def alarmed(number: int, sd: float = 0.8) -> float:
    """Logit of rejecting a right one."""
    return ALARM + sd * luck(number, Purpose.FALSE_ALARM)


@pytest.mark.parametrize("effects", [WRONG, {}])
def test_each_reviewer_has_rates_of_their_own(effects: dict[str, float]) -> None:
    """Items N(0, 1) by five reviewers of skill spread 0.6: a verdict is the item's draw at the reviewer's own logit,
    with skill less difficulty added for wrong labels, and taken away for right ones."""
    seen = verdicts(reviewed(60, judges(5, skill_sd=0.6), effects, segments=backlog(60, difficulty_sd=1.0)))
    hand = []
    for item, number, _ in seen:
        ease = 0.6 * luck(number, Purpose.SKILL)
        ease -= difficulty(STREAM, subject(name_key("items"), item), 1.0, 0.0, 0.0, 0.0, normal())
        hand.append(by_hand(item, found(number) + ease if effects else alarmed(number) - ease))
    assert {number for _, number, _ in seen} == set(range(5))
    assert [rejected for *_, rejected in seen] == hand
    assert 5 < sum(hand) < 55


def test_the_same_people_differ_more_from_a_date_on() -> None:
    """A change of the spreads takes who is there further from the median the way that they were off it."""
    epoch = Epoch(601.0, pools=(people("annotators", 1, class_effects=WRONG), judges(3, sensitivity_sd=4.0)))
    seen = verdicts(reviewed(60, judges(3), WRONG, epochs=(epoch,)))
    narrow = [by_hand(item, found(number)) for item, number, _ in seen]
    wide = [by_hand(item, found(number, 4.0)) for item, number, _ in seen]
    assert [rejected for *_, rejected in seen] == narrow[:30] + wide[30:]
    assert narrow[30:] != wide[30:]


def test_a_crowd_reviews_with_rates_of_its_own() -> None:
    """Visitors who review reject right labels at their own logits, the same on each visit."""
    visits = Sessions(5000.0, "always", constant(2.0), returning=0.4)
    seen = verdicts(reviewed(40, judges(0, sessions=visits), {}))
    numbers = [number for _, number, _ in seen]
    assert [rejected for *_, rejected in seen] == [by_hand(item, alarmed(number)) for item, number, _ in seen]
    assert 3 < len(set(numbers)) < len(numbers) / 2


def test_what_differs_among_reviewers_is_no_luck_of_others() -> None:
    """Whether reviewers differ or not, the same labels are given; among twice as many people each is who they were."""
    segments = backlog(40, classes={"yes": 0.5, "no": 0.5}, difficulty_sd=1.0)
    alike = reviewed(40, judges(3, sensitivity_sd=0.0, false_alarm_sd=0.0), HALF, segments=segments)
    differing = reviewed(40, judges(3), HALF, segments=segments)
    columns = ("item", "worker", "started_at", "finished_at", "label")
    assert rows(simulate(alike), *columns) == rows(simulate(differing), *columns)
    assert verdicts(alike) != verdicts(differing)
    for _, number, rejected in (seen := verdicts(reviewed(60, judges(6, false_alarm_sd=1e6), {}))):
        assert rejected == (luck(number, Purpose.FALSE_ALARM) > 0.0)
    assert {number for _, number, _ in seen} == set(range(6))


def integral(*rates: Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]) -> float:
    """Mean over reviewers of a product of chances, by three normal numbers of theirs."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(40)
    skill, find, alarm = np.meshgrid(nodes, nodes, nodes)
    product = np.prod([1.0 / (1.0 + np.exp(-rate(skill, find, alarm))) for rate in rates], axis=0)
    return float(np.einsum("ijk,i,j,k", product, *(weights / weights.sum() for _ in range(3))))


@pytest.mark.parametrize("skill_sd", [0.0, 1.0])
def test_rates_over_reviewers_have_the_stated_median_and_spread(skill_sd: float) -> None:
    """600 reviewers see some 12 wrong and 12 right labels each. The mean of their rates is the integral over people,
    not the stated rate, which is the median's. Mean products of two verdicts by one person are integrals of squares, or
    of find times alarm: these are independent where skill is alike; where it is not, who finds more alarms less. 4
    standard errors over reviewers."""
    line = reviewed(14_400, judges(600, skill_sd=skill_sd), HALF)
    wrong = {item for item, label in items(simulate(line), "item", "final_label") if label != "yes"}
    counts = np.zeros((600, 2, 2))
    for item, number, rejected in verdicts(line):
        counts[number, int(item not in wrong)] += (1, rejected)
    (seen, hits), (shown, alarms) = counts[:, 0].T, counts[:, 1].T

    def find(skill: np.ndarray, own: np.ndarray, _: np.ndarray) -> np.ndarray:
        return FOUND + skill_sd * skill + 1.5 * own

    def alarm(skill: np.ndarray, _: np.ndarray, own: np.ndarray) -> np.ndarray:
        return ALARM - skill_sd * skill + 0.8 * own

    for told, expected in (
        (hits / seen, integral(find)),
        (alarms / shown, integral(alarm)),
        (hits * (hits - 1) / (seen * (seen - 1)), integral(find, find)),
        (alarms * (alarms - 1) / (shown * (shown - 1)), integral(alarm, alarm)),
        (hits / seen * alarms / shown, integral(find, alarm)),
    ):
        assert abs(told.mean() - expected) < 4 * told.std() / math.sqrt(600)
    both = integral(find, alarm) - integral(find) * integral(alarm)
    assert both < -0.02 if skill_sd else abs(both) < 1e-9
    typical = np.mean(hits / seen > 0.7)
    assert abs(typical - 0.5) < 0.1
    assert abs(integral(find) - 0.7) > 0.04
