"""People who look at a task and leave it to somebody else."""

from __future__ import annotations

import dataclasses

import pytest
from flows import annotate, line_of, people, review, rows, simulate
from hypothesis import given, settings
from hypothesis import strategies as st
from lines import constant, exponential
from scipy.stats import binom

from labelcast.sim import kernel
from labelcast.sim.kpis import kpis
from labelcast.sim.ledger import ledger
from labelcast.sim.line import MICRO, Batch, Calendar, Contract, Line, Pool, Release, Segment, Skip, Stage, Tier
from labelcast.sim.plan import Plan

ALL = Skip(1.0, constant(10.0), 1)
"""Whoever comes first leaves a task after 10 s, and the next one does it."""


BY_HOUR, BY_PIECE = Contract(hourly=36 * MICRO), Contract(per_label=(Tier(None, MICRO // 2),))


def skipping(items: int, people_: int, skip: Skip = ALL, **stage: object) -> Line:
    """Labels of 60 s each."""
    return line_of(items, (annotate(60.0, skip=skip, **stage),), people("annotators", people_))


def test_who_leaves_a_task_leaves_it_to_somebody_else() -> None:
    """Two people, one item: one looks for 10 s, and the other, who is idle, takes it up at once. The first does not get
    it again."""
    log = simulate(skipping(1, 2))
    assert rows(log, "worker", "started_at", "finished_at", "active_ms", "outcome", "label") == [
        (0, 0, 10, 10, "skipped", None),
        (1, 10, 70, 60, "done", "yes"),
    ]
    assert log.tasks["enqueued_at"].tolist() == [0, 10_000]


def test_it_goes_back_to_its_old_place() -> None:
    """Each of two people leaves an item at 10 s; each then takes the one that the other has left, before items that
    come after it; these each of them leaves and takes likewise."""
    log = simulate(skipping(4, 2))
    table = rows(log, "item", "worker", "started_at", "outcome")
    assert [row for row in table if row[0] < 2] == [
        (0, 0, 0, "skipped"),
        (0, 1, 10, "done"),
        (1, 1, 0, "skipped"),
        (1, 0, 10, "done"),
    ]
    assert [row[2] for row in table if row[0] >= 2] == [70, 80, 70, 80]


def test_an_item_is_left_by_so_many_and_no_more() -> None:
    """Of five people three leave it, whoever comes; the fourth does it."""
    log = simulate(skipping(1, 5, Skip(1.0, constant(10.0), 3)))
    assert rows(log, "worker", "outcome") == [(0, "skipped"), (1, "skipped"), (2, "skipped"), (3, "done")]


def test_labels_are_by_people_who_have_not_left_the_item() -> None:
    """Three labels of an item whom one of four people leaves: the other three give them."""
    log = simulate(skipping(1, 4, labels_per_item=3))
    left = [row for row in rows(log, "worker", "outcome") if row[1] == "skipped"]
    assert len(left) == 1
    assert sorted(worker for worker, outcome in rows(log, "worker", "outcome") if outcome == "done") == [
        worker for worker in range(4) if worker != left[0][0]
    ]


def test_who_left_an_item_may_have_it_when_it_comes_anew() -> None:
    """Each of two reviewers leaves the item once and judges it once: it is rejected, comes back labelled anew, and is
    looked at as if for the first time. Its author, who left the rework, does not get that, but another does."""
    stages = (annotate(60.0, to="review", skip=ALL), review(10.0, rounds=1, skip=ALL))
    pools = (people("annotators", 2), people("reviewers", 2, false_alarm=1.0))
    log = simulate(line_of(1, stages, *pools))
    labels, verdicts = (rows(log, "round", "worker", "outcome", stage=one) for one in ("annotate", "review"))
    assert labels == [(0, 0, "skipped"), (0, 1, "done"), (1, 1, "skipped"), (1, 0, "done")]
    assert [(round_, outcome) for round_, _, outcome in verdicts] == [
        (0, "skipped"),
        (0, "rejected"),
        (1, "skipped"),
        (1, "rejected"),
    ]
    assert sorted(worker for _, worker, _ in verdicts) == [0, 0, 1, 1]


def test_of_a_batch_one_task_is_left_and_the_others_are_done() -> None:
    """A batch of two with 30 s to set up: the look at the first takes 40 s with the set-up; what is left waits for the
    other person, who has a batch of their own."""
    log = simulate(skipping(2, 2, batch=Batch(2, 30.0)))
    table = rows(log, "item", "worker", "started_at", "active_ms", "outcome")
    assert table == [
        (0, 0, 0, 40, "skipped"),
        (0, 1, 40, 90, "done"),
        (1, 0, 40, 10, "skipped"),
        (1, 1, 130, 90, "done"),
    ]


def test_a_look_that_is_broken_off_is_begun_anew() -> None:
    """A shift of 100 s a day ends 5 s into a look, and what is begun goes back: its time is lost, and it counts as no
    skip; the same person may look again. Next day the one looks for 10 s, and the other does it."""
    short = Calendar("short", "UTC", tuple((day, 0.0, 100.0) for day in range(7)))
    segments = (Segment("items", releases=(Release(95.0, 1),), classes={"yes": 1.0, "no": 0.0}),)
    line = line_of(0, (annotate(60.0, skip=ALL, shift_end="return"),), people("annotators", 2), segments=segments)
    pools = tuple(dataclasses.replace(pool, calendar="short") for pool in line.pools)
    log = simulate(dataclasses.replace(line, pools=pools, calendars=(short,)))
    day = 86_400.0
    assert rows(log, "worker", "started_at", "active_ms", "outcome") == [
        (0, 95, 5, "returned"),
        (0, day, 10, "skipped"),
        (1, day + 10, 60, "done"),
    ]
    assert kpis(log, None)["skips"] == 1


def test_labels_and_verdicts_are_as_without_skips() -> None:
    """Skips have luck of their own: where people are alike, every label, verdict and time of a task that is done stays
    what it was."""
    stages = (annotate(60.0, to="review", rework_by="anyone"), review(10.0, rounds=1))
    stages = tuple(dataclasses.replace(stage, time=exponential(60.0)) for stage in stages)
    pools = (people("annotators", 9, skill_mean=1.0), people("reviewers", 9, sensitivity=0.8, false_alarm=0.1))

    def done(skip: Skip) -> list[tuple[object, ...]]:
        with_ = tuple(dataclasses.replace(stage, skip=skip) for stage in stages)
        table = rows(simulate(line_of(80, with_, *pools)), "stage", "item", "round", "label", "outcome", "active_ms")
        return sorted(row for row in table if row[4] != "skipped")

    plain = done(Skip())
    assert done(Skip(0.5, constant(10.0), 3)) == plain
    assert any(row[4] == "rejected" for row in plain)


def test_the_share_is_the_chance() -> None:
    """Of 4,000 items with a chance of 20%, each left by up to three people: looks are what the geometric law says,
    items whose first look is a skip binomial; exact interval of 99.9%, one seed."""
    items, chance = 4000, 0.2
    log = kernel.run(Plan.of(skipping(items, 20, Skip(chance, exponential(8.0), 3))), 3, 0)
    times = log.tasks[log.tasks["outcome"] == "skipped"].groupby("item").size()
    for at_least in (1, 2, 3):
        low, high = binom.ppf((0.0005, 0.9995), items, chance**at_least)
        assert low <= int((times >= at_least).sum()) <= high, at_least
    assert int(times.max()) == 3


def test_lost_hours_are_those_of_the_looks() -> None:
    """Ten items, each looked at for 10 s by one who leaves it: 100 s lost, and no other."""
    found = kpis(simulate(skipping(10, 3)), None)
    assert (found["skips"], found["skips.annotate"], found["attempts.annotate"]) == (10, 10, 10)
    for name in ("skip_h", "skip_h.annotate", "lost_h", "lost_h.annotate"):
        assert found[name] == pytest.approx(100 / 3600)


@pytest.mark.parametrize(("contract", "cost"), [(BY_HOUR, 2 * 70 / 3600 * 36), (BY_PIECE, 0.5)])
def test_by_the_hour_a_look_is_paid_and_by_piece_it_is_not(contract: Contract, cost: float) -> None:
    """One item, two people, who are there for 70 s because one of them looks for 10 s first: by the hour that is paid,
    by label there is one label."""
    log = simulate(skipping(1, 2))
    assert ledger(log, {"annotators": contract})["amount"].sum() / MICRO == pytest.approx(cost, abs=0.01)


@given(st.sampled_from((1, 2)), st.integers(1, 3), st.sampled_from((0.3, 0.7, 1.0)), st.integers(0, 99))
@settings(max_examples=15, deadline=None)
def test_nobody_gets_an_item_again_and_all_are_delivered(most: int, labels: int, chance: float, seed: int) -> None:
    """With just so many people as labels and skips need, every item is delivered, with all its labels; nobody has two
    tasks of one item."""
    skip = Skip(chance, exponential(10.0), most)
    stage: Stage = annotate(60.0, skip=skip, labels_per_item=labels)
    pool: Pool = people("annotators", labels + most, skill_sd=0.5)
    log = simulate(line_of(12, (stage,), pool), seed)
    assert log.items["delivered_at"].notna().all()
    assert not log.tasks.duplicated(["item", "worker"]).any()
    assert (log.tasks["outcome"] == "done").groupby(log.tasks["item"]).sum().eq(labels).all()
