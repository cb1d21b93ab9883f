"""Tasks that are held longer than their lock: they are issued again, and the first result counts."""

from __future__ import annotations

import dataclasses

import pytest
from flows import TRULY_YES, annotate, items, line_of, people, review, rows, simulate
from lines import ALWAYS, WEEK, constant, exponential, queue

from labelcast.sim.line import Calendar, Line, Pool, Release, Segment, Stage

COLUMNS = ("item", "replica", "worker", "enqueued_at", "started_at", "finished_at", "outcome")


def locked(count: int, team: int, lock_s: float | None, **more: object) -> Line:
    """Annotate, 60 s, with a lock; then tidy, 100 s an item, so that the run goes on."""
    tidy = Stage("tidy", "work", (("cleaners", 1.0),), constant(100), {"done": "deliver"})
    stages = (annotate(to="tidy", lock_s=lock_s, **more), tidy)
    return line_of(count, stages, people("annotators", team), people("cleaners"))


def test_a_task_held_too_long_is_issued_again_to_someone_else() -> None:
    """One item, 60 s, lock 40 s, two annotators: worker 1 gets it too at 40 s; worker 0's label comes at 60 s and
    counts; worker 1's at 100 s is surplus. The item goes on at 60 s."""
    log = simulate(locked(1, 2, 40.0))
    assert rows(log, *COLUMNS, "label", stage="annotate") == [
        (0, 0, 0, 0.0, 0.0, 60.0, "done", "yes"),
        (0, 0, 1, 40.0, 40.0, 100.0, "surplus", "yes"),
    ]
    assert rows(log, "enqueued_at", "started_at", stage="tidy") == [(60.0, 60.0)]


def test_a_reissue_that_nobody_began_never_was() -> None:
    """Two items, two annotators, both busy until 60 s: the reissues of 40 s wait, and are withdrawn at 60 s."""
    log = simulate(locked(2, 2, 40.0))
    assert rows(log, *COLUMNS, stage="annotate") == [
        (0, 0, 0, 0.0, 0.0, 60.0, "done"),
        (1, 0, 1, 0.0, 0.0, 60.0, "done"),
    ]


def test_each_holder_has_a_lock_of_their_own() -> None:
    """One item, 60 s, lock 25 s, four annotators: issued at 0, 25 and 50 s (the second holder's lock), and not at 75 s,
    since the first result came at 60 s: two labels too many, at 85 and 110 s."""
    log = simulate(locked(1, 4, 25.0))
    assert rows(log, *COLUMNS, stage="annotate") == [
        (0, 0, 0, 0.0, 0.0, 60.0, "done"),
        (0, 0, 1, 25.0, 25.0, 85.0, "surplus"),
        (0, 0, 2, 50.0, 50.0, 110.0, "surplus"),
    ]


def test_the_first_result_counts_whosever_it_is() -> None:
    """A slow worker needs 240 s, a fast one 60: the reissue of 40 s comes first, at 100 s, and counts; the slow one's
    label at 240 s is surplus, and they are an author all the same."""
    ways = {"labelled": "tidy", "tied": "tidy"}
    shares = (("slow", 0.5), ("fast", 0.5))
    stage = Stage("annotate", "annotate", shares, constant(60), ways, route="prefer", lock_s=40.0)
    tidy = Stage("tidy", "work", (("cleaners", 1.0),), constant(200), {"done": "deliver"})
    log = simulate(line_of(1, (stage, tidy), people("slow", speed=4.0), people("fast"), people("cleaners")))
    assert rows(log, "pool", "started_at", "finished_at", "outcome") == [
        ("slow", 0.0, 240.0, "surplus"),
        ("fast", 40.0, 100.0, "done"),
        ("cleaners", 100.0, 300.0, "done"),
    ]


def test_replicas_are_reissued_apart_and_labellers_stay_distinct() -> None:
    """Two labels, three annotators, lock 40 s: at 40 s both replicas are issued again, and only the third person may
    take one, replica 0; both results come at 60 s, the reissue of replica 1 is withdrawn."""
    log = simulate(locked(1, 3, 40.0, labels_per_item=2))
    assert rows(log, *COLUMNS, stage="annotate") == [
        (0, 0, 0, 0.0, 0.0, 60.0, "done"),
        (0, 1, 1, 0.0, 0.0, 60.0, "done"),
        (0, 0, 2, 40.0, 40.0, 100.0, "surplus"),
    ]


def test_a_review_is_reissued_to_someone_else() -> None:
    """Reviews of 60 s, lock 40 s, two reviewers: the second one gets it at 100 s; the first verdict, at 120 s,
    counts."""
    stages = (annotate(to="review"), review(60.0, lock_s=40.0, to="tidy"))
    tidy = Stage("tidy", "work", (("annotators", 1.0),), constant(100), {"done": "deliver"})
    log = simulate(line_of(1, (*stages, tidy), people("annotators"), people("reviewers", 2, false_alarm=0.0)))
    assert rows(log, *COLUMNS, stage="review") == [
        (0, 0, 0, 60.0, 60.0, 120.0, "accepted"),
        (0, 0, 1, 100.0, 100.0, 160.0, "surplus"),
    ]
    assert items(log, "delivered_at") == [(220.0,)]


def test_a_task_waits_for_one_person_at_a_time() -> None:
    """Two items of 90 s, lock 40 s, shifts of 60 s, at whose end tasks go back: two people are there on the first
    shift, four on the second, from 1,000 s. At 40 s both items are issued again, and nobody is free; at 60 s both
    come back, and take the place of these reissues. They are begun again at 1,000 s, issued again at 1,040 s to the
    other two, and come back twice at 1,060 s, but each waits once for the third shift, on which nobody comes."""
    first = Calendar("first", "UTC", ((0, 0, 60), (0, 1000, 1060)))
    second = Calendar("second", "UTC", ((0, 1000, 1060),))
    ways = {"labelled": "deliver", "tied": "deliver"}
    shares = (("first", 0.5), ("second", 0.5))
    stage = Stage("annotate", "annotate", shares, constant(90), ways, route="prefer", lock_s=40.0, shift_end="return")
    pools = tuple(dataclasses.replace(people(name, 2), calendar=name) for name in ("first", "second"))
    log = simulate(line_of(2, (stage,), *pools, calendars=(first, second), horizon_s=3000.0))
    begun = [row for row in rows(log, "item", "pool", "enqueued_at", "started_at", "outcome") if row[3] is not None]
    assert begun == [
        (item, *row)
        for item in (0, 1)
        for row in (
            ("first", 0.0, 0.0, "returned"),
            ("first", 60.0, 1000.0, "returned"),
            ("second", 1040.0, 1040.0, "returned"),
        )
    ]
    waiting = [row for row in rows(log, "item", "enqueued_at", "started_at") if row[2] is None]
    assert waiting == [(0, 1060.0, None), (1, 1060.0, None)]


def test_what_nobody_needs_any_more_is_not_begun_again() -> None:
    """A slow worker holds an item until 60 s, when the shift ends and the task goes back. A fast one, to whom it was
    issued again at 20 s, has done it by 50 s: nothing goes back. The slow one's shift from 1,000 s is for what comes
    next, 200 s."""
    shifts = Calendar("shifts", "UTC", ((0, 0, 60), (0, 1000, 2000)))
    ways = {"labelled": "tidy", "tied": "tidy"}
    shares = (("slow", 0.5), ("fast", 0.5))
    stage = Stage("annotate", "annotate", shares, constant(30), ways, route="prefer", lock_s=20.0, shift_end="return")
    tidy = Stage("tidy", "work", (("slow", 1.0),), constant(10), {"done": "deliver"})
    pools = (dataclasses.replace(people("slow", speed=20.0), calendar="shifts"), people("fast"))
    log = simulate(line_of(1, (stage, tidy), *pools, calendars=(ALWAYS, shifts)))
    assert rows(log, "stage", "pool", "started_at", "finished_at", "outcome", "label") == [
        ("annotate", "slow", 0.0, 60.0, "returned", None),
        ("annotate", "fast", 20.0, 50.0, "done", "yes"),
        ("tidy", "slow", 1000.0, 1200.0, "done", None),
    ]


def test_who_reviewed_too_late_reviews_no_further() -> None:
    """Reviews of 60 s, lock 40 s: reviewer 0 from 60 to 120 s, and reviewer 1, whose verdict is surplus, from 100 to
    160 s. The second review, ready at 220 s after its hand-off, is open to neither of them: it waits for somebody who
    is there from 300 s."""
    late = Calendar("late", "UTC", tuple((day, 300, 86_400) for day in range(7)))
    shares = (("reviewers", 0.5), ("late", 0.5))
    stages = (
        annotate(to="review"),
        review(60.0, lock_s=40.0, to="second"),
        dataclasses.replace(review(name="second", handoff=constant(100)), pools=shares, route="prefer"),
    )
    judges = {"sensitivity": 1.0, "false_alarm": 0.0}
    pools = (people("annotators"), people("reviewers", 2, **judges), people("late", **judges))
    pools = (*pools[:2], dataclasses.replace(pools[2], calendar="late"))
    log = simulate(line_of(1, stages, *pools, calendars=(ALWAYS, late)))
    assert rows(log, "pool", "worker", "ready_at", "started_at", stage="second") == [("late", 0, 220.0, 300.0)]


def preempting(lock_s: float, *segments: Segment) -> Line:
    """Annotate, 60 s, by one person of a pool in which urgent tasks go first, or from 100 s by another one."""
    late = Calendar("late", "UTC", tuple((day, 100, 86_400) for day in range(7)))
    ways = {"labelled": "deliver", "tied": "deliver"}
    shares = (("team", 0.5), ("late", 0.5))
    stage = Stage("annotate", "annotate", shares, constant(60), ways, route="prefer", lock_s=lock_s)
    pools = (dataclasses.replace(people("team"), preempts=True), dataclasses.replace(people("late"), calendar="late"))
    return line_of(0, (stage,), *pools, segments=segments, calendars=(ALWAYS, late))


def test_what_was_broken_off_is_locked_anew() -> None:
    """An urgent item stops the other one at 30 s, which is taken up again at 90 s with 30 s to go. Its lock of 40 s
    runs from there: at 40 s nobody holds it, and at 120 s it is done."""
    calm = Segment("calm", backlog=1, classes=TRULY_YES, priority=2)
    urgent = Segment("urgent", releases=(Release(30.0, 1),), classes=TRULY_YES)
    log = simulate(preempting(70.0, calm, urgent))
    assert rows(log, "item", "pool", "started_at", "finished_at", "outcome") == [
        (0, "team", 0.0, 30.0, "preempted"),
        (0, "team", 90.0, 120.0, "done"),
        (1, "team", 30.0, 90.0, "done"),
    ]


def test_what_was_begun_and_stopped_in_one_tick_has_one_lock() -> None:
    """Two items come at 30 s, the urgent one behind: the other is begun and not begun, and really begun at 90 s. Its
    lock of 70 s ends at 160 s, after it: the second pool, there since 100 s, is never asked, not even at 30 + 70
    s."""
    calm = Segment("calm", releases=(Release(30.0, 1),), classes=TRULY_YES, priority=2)
    urgent = Segment("urgent", releases=(Release(30.0, 1),), classes=TRULY_YES)
    log = simulate(preempting(70.0, calm, urgent))
    assert rows(log, "item", "pool", "started_at", "finished_at", "outcome") == [
        (0, "team", 90.0, 150.0, "done"),
        (1, "team", 30.0, 90.0, "done"),
    ]


def test_a_lock_longer_than_the_task_changes_nothing() -> None:
    """Lock 60 s and more, tasks of 60 s: the same rows as without a lock."""
    plain = simulate(locked(9, 3, None, labels_per_item=2))
    for lock in (60.0, 61.0, 1e9):
        assert simulate(locked(9, 3, lock, labels_per_item=2)).tasks.equals(plain.tasks)


@pytest.mark.parametrize("tick_s", [0.001, 60.0])
def test_locks_shorter_than_the_work_make_extra_labels(tick_s: float) -> None:
    """Random times, mean 300 s, nine people of whom half are idle: the shorter the lock, the more labels too many; each
    item still has one that counts, and every law holds, on a coarse tick too."""
    extra = []
    for lock in (60.0, 300.0, 900.0, None):
        ways = {"labelled": "deliver", "tied": "deliver"}
        stage = Stage("annotate", "annotate", (("team", 1.0),), exponential(300.0), ways, lock_s=lock)
        line = queue(0, 0.5 * 9 / 300.0 * WEEK, 300, constant(1), stages=(stage,), pools=(people("team", 9),))
        log = simulate(dataclasses.replace(line, tick_s=tick_s))
        assert (log.tasks["outcome"] == "done").sum() == 300
        assert (log.tasks["started_at"].dropna() % round(tick_s * 1000) == 0).all()
        extra.append(len(log.tasks) - 300)
    assert extra[0] > extra[1] > extra[2] > extra[3] == 0


def test_a_reissue_has_luck_of_its_own() -> None:
    """600 items, labels right at even odds, a lock of 1 s on tasks of 2 s: each is labelled twice, and the two labels
    agree on half of the items, within four standard errors (false alarm 6e-5; the seed is fixed). With one draw for
    both they would agree on all."""
    team = people("annotators", 1200, skill_mean=0.0)
    tidy = Stage("tidy", "work", (("cleaners", 1.0),), constant(1), {"done": "deliver"})
    log = simulate(line_of(600, (annotate(2.0, lock_s=1.0, to="tidy"), tidy), team, people("cleaners")))
    labels = log.tasks[log.tasks["stage"] == "annotate"].groupby("item")["label"]
    assert set(labels.size()) == {2}
    assert abs((labels.nunique() == 1).mean() - 0.5) < 4 * (0.25 / 600) ** 0.5


def test_a_lock_on_half_ticks_ends_on_a_tick() -> None:
    """A tick of 60 s, a lock of 90 s, a task of 300 s: issued again after 120 s, halves up."""
    stage = annotate(300.0, lock_s=90.0)
    log = simulate(line_of(1, (stage,), people("annotators", 2), tick_s=60.0))
    assert rows(log, "started_at") == [(0.0,), (120.0,)]


def test_the_pool_of_a_reissue_is_that_of_the_task() -> None:
    """Two pools by share: who gets the reissue is of the pool that the item was drawn for."""
    ways = {"labelled": "deliver", "tied": "deliver"}
    pools = (Pool("a", 5, "always"), Pool("b", 5, "always"))
    stage = Stage("annotate", "annotate", (("a", 0.5), ("b", 0.5)), exponential(60.0), ways, lock_s=30.0)
    log = simulate(line_of(40, (stage,), *pools))
    assert len(log.tasks) > 45
    assert (log.tasks.groupby("item")["pool"].nunique() == 1).all()
