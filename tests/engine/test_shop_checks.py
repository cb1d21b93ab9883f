"""People who look their own labels over before handing them in."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from flows import annotate, line_of, people, review, rows, simulate
from lines import constant, exponential
from scipy.stats import binom

from labelcast.sim import kernel
from labelcast.sim.kpis import kpis
from labelcast.sim.ledger import ledger
from labelcast.sim.line import MICRO, Contract, Distribution, Line, Segment, SelfCheck, Spammers, Tier
from labelcast.sim.plan import Plan

LABELS = {"yes": 0.5, "no": 0.5}


def checked(items: int, check: SelfCheck | None, skill: float = 1.0, **more: object) -> Line:
    """Labels of two classes, half of each, by people who are alike and of whom every label takes 60 s."""
    segment = Segment("items", backlog=items, classes=LABELS)
    stage = annotate(60.0, self_check=check)
    return line_of(0, (stage,), people("annotators", 4, skill_mean=skill, **more), segments=(segment,))


def reviewed(check: SelfCheck | None) -> Line:
    """Labels that are all reviewed, go back twice at most, and are given anew by anyone."""
    segment = Segment("items", backlog=120, classes=LABELS, difficulty_sd=1.0)
    label = annotate(60.0, to="review", self_check=check, labels_per_item=3, rework_by="anyone")
    stages = (dataclasses.replace(label, time=exponential(60.0)), review(10.0, rounds=2))
    pools = (people("annotators", 5, skill_mean=1.0), people("reviewers", 3, sensitivity=0.8, false_alarm=0.1))
    return line_of(0, stages, *pools, segments=(segment,))


def test_a_check_that_catches_nothing_only_adds_time() -> None:
    """With a chance of 0 every label, every verdict and what is delivered is what it was without the check; each label
    takes the seconds of the look longer, and nothing else does."""
    columns = ("stage", "item", "round", "replica", "label", "outcome", "active_ms", "check_ms")
    plain, looked = (simulate(reviewed(check)) for check in (None, SelfCheck(constant(6.0), 0.0)))
    before, after = sorted(rows(plain, *columns)), sorted(rows(looked, *columns))
    assert [row[:6] for row in before] == [row[:6] for row in after]
    assert plain.items["final_label"].tolist() == looked.items["final_label"].tolist()
    for one, other in zip(before, after, strict=True):
        added = 6.0 if one[0] == "annotate" else 0.0
        assert other[6] == pytest.approx(one[6] + added, abs=1e-9)
        assert other[7] == (added or None)
    labels = sum(row[0] == "annotate" for row in after)
    assert kpis(looked, None)["check_h"] == pytest.approx(labels * 6 / 3600)
    assert (kpis(looked, None)["labels_caught"], kpis(plain, None)["check_h"]) == (0, 0)


@pytest.mark.parametrize("catch", [0.4, 1.0])
def test_what_is_caught_is_given_anew_and_no_more(catch: float) -> None:
    """Labels are right with chance p. Of 20,000, those found are binomial of the wrong ones, and of these a share p is
    right then: 1 - (1 - p)(1 - catch p) in all. Exact intervals of 99.9%, one seed each; no right label is touched."""
    items, p = 20_000, 1.0 / (1.0 + np.exp(-1.0))
    log = kernel.run(Plan.of(checked(items, SelfCheck(constant(6.0), catch))), 4, 0)
    plain = kernel.run(Plan.of(checked(items, None)), 4, 0)
    caught = log.tasks["caught"].to_numpy() == 1
    truth = log.items["truth"].astype(str).to_numpy()
    was_right = plain.tasks["label"].astype(str).to_numpy() == truth
    is_right = log.tasks["label"].astype(str).to_numpy() == truth
    assert not (caught & was_right).any()
    assert (is_right == was_right)[~caught].all()
    for found, of, chance in (
        (caught.sum(), (~was_right).sum(), catch),
        (is_right[caught].sum(), caught.sum(), p),
        (is_right.sum(), items, 1.0 - (1.0 - p) * (1.0 - catch * p)),
    ):
        low, high = binom.ppf((0.0005, 0.9995), of, chance)
        assert low <= found <= high
    found = kpis(log, None)
    assert (found["labels_caught"], found["caught_right"]) == (caught.sum(), is_right[caught].mean())


def test_giving_anew_takes_its_part_of_the_first_time() -> None:
    """A look of 6 s; who finds a wrong label gives it anew in half of 60 s. People whose labels are always wrong find
    all of them: 96 s for each, of which 36 are the check's."""
    log = simulate(checked(5, SelfCheck(constant(6.0), 1.0, 0.5), skill=-100.0))
    assert set(rows(log, "active_ms", "check_ms", "caught")) == {(96.0, 36.0, 1)}
    assert kpis(log, None)["check_h"] == pytest.approx(5 * 36 / 3600)


def test_a_look_goes_at_the_pace_of_the_task() -> None:
    """People who take half as long for a label look it over in half of the time."""
    log = simulate(checked(3, SelfCheck(constant(6.0)), speed=0.5))
    assert set(rows(log, "active_ms", "check_ms")) == {(33.0, 3.0)}


def test_who_does_not_look_finds_nothing() -> None:
    """Of people who answer without looking half of the labels are wrong; none is found, and the time is spent."""
    log = simulate(checked(40, SelfCheck(constant(6.0), 1.0), spammers=Spammers(1.0)))
    assert log.tasks["caught"].sum() == 0
    assert (log.tasks["check_ms"] == 6000).all()
    assert (log.tasks["label"].astype(str) != log.items["truth"].astype(str)).any()


def test_less_comes_back_where_more_is_caught() -> None:
    """Rework that is avoided: with a check that finds all, fewer labels go back than without one, on the same luck."""
    plain, looked = (kpis(simulate(reviewed(check)), None) for check in (None, SelfCheck(constant(6.0), 1.0)))
    assert looked["rework_rate"] < plain["rework_rate"]
    assert looked["accuracy"] > plain["accuracy"]


def test_the_seconds_are_paid_by_the_hour_and_not_by_piece() -> None:
    """Four people, eight labels of 60 s with a look of 6 s: 132 s of four people by the hour, eight labels by piece."""
    log = simulate(checked(8, SelfCheck(constant(6.0))))
    hourly, piece = Contract(hourly=36 * MICRO), Contract(per_label=(Tier(None, MICRO // 2),))
    cost = [ledger(log, {"annotators": one})["amount"].sum() / MICRO for one in (hourly, piece)]
    assert cost == pytest.approx([4 * 132 / 3600 * 36, 4.0], abs=0.01)


def test_a_look_is_drawn_as_it_is_written() -> None:
    """Looks of 2,000 labels, lognormal of median 6 s and sigma 0.5: their median within 5%, one seed (its standard
    error is 1.4%)."""
    time = Distribution("lognormal", {"median": 6.0, "sigma": 0.5})
    log = kernel.run(Plan.of(checked(2000, SelfCheck(time))), 2, 0)
    assert float(log.tasks["check_ms"].median()) == pytest.approx(6000, rel=0.05)
