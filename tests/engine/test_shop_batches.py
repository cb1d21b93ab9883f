"""Batches that one worker takes together: their set-up, their results, and what breaks them up."""

from __future__ import annotations

import dataclasses

from flows import TRULY_YES, annotate, items, line_of, people, review, rows, simulate
from hypothesis import given, settings
from hypothesis import strategies as st
from lines import ALWAYS

from labelcast.sim.line import Batch, Calendar, Line, Release, Segment

MORNING = Calendar("morning", "UTC", tuple((day, 0, 100) for day in range(7)))
"""100 s a day, from midnight on, when runs begin."""

DAY = 86_400.0
TRACE = ("item", "batch", "started_at", "finished_at", "active_ms", "outcome")


def batched(count: int, batch: Batch, seconds: float = 10.0, workers: int = 1, **stage: object) -> Line:
    """One stage that is worked on in batches."""
    return line_of(count, (annotate(seconds, batch=batch, **stage),), people("annotators", workers))  # type: ignore[arg-type]


def test_a_batch_is_set_up_once() -> None:
    """Five items of 10 s in batches of three with 5 s of set-up, which the first task of each carries: 15, 10, 10; then
    a batch of the two that are left: 15, 10. Results go on one by one."""
    log = simulate(batched(5, Batch(3, setup_s=5.0)))
    assert rows(log, *TRACE) == [
        (0, 1, 0, 15, 15, "done"),
        (1, 1, 15, 25, 10, "done"),
        (2, 1, 25, 35, 10, "done"),
        (3, 2, 35, 50, 15, "done"),
        (4, 2, 50, 60, 10, "done"),
    ]
    assert items(log, "delivered_at") == [(15,), (25,), (35,), (50,), (60,)]


def test_results_go_on_together() -> None:
    """The same, together: three items go on at 35 s, two at 60 s; the tasks are finished when they were."""
    log = simulate(batched(5, Batch(3, setup_s=5.0, together=True)))
    assert [row[0] for row in rows(log, "finished_at")] == [15, 25, 35, 50, 60]
    assert items(log, "delivered_at") == [(35,), (35,), (35,), (60,), (60,)]


def test_a_result_that_comes_too_late_does_not_wait_for_its_batch() -> None:
    """x takes items 0 and 1 together, 20 s each. At 15 s item 0 is issued again, to y, who is done at 17 s; what x
    gives at 20 s counts no more and is told at once. Item 1 goes to y at 35 s; with it at 37 s the run ends."""
    pools = (people("x"), people("y", speed=0.1))
    stage = annotate(20, batch=Batch(2, together=True), lock_s=15.0, route="prefer")
    stage = dataclasses.replace(stage, pools=(("x", 0.5), ("y", 0.5)))
    assert rows(simulate(line_of(2, (stage,), *pools)), "item", "pool", "started_at", "finished_at", "outcome") == [
        (0, "x", 0, 20, "surplus"),
        (0, "y", 15, 17, "done"),
        (1, "x", 20, None, None),
        (1, "y", 35, 37, "done"),
    ]


def test_the_next_stage_sees_a_batch_together() -> None:
    """Two labels of 10 s together at 20 s; reviews of 5 s are asked for and ready at 20 s, begun at 20 and 25 s."""
    stages = (annotate(10, to="review", batch=Batch(2, together=True)), review(5))
    log = simulate(line_of(2, stages, people("annotators"), people("reviewers", false_alarm=0.0)))
    assert rows(log, "enqueued_at", "ready_at", "started_at", stage="review") == [(20, 20, 20), (20, 20, 25)]


def test_a_batch_is_of_one_segment() -> None:
    """street, night, street, night, at once: a batch of up to four is the two of the segment whose first came first."""
    segments = (Segment("street", backlog=2, classes=TRULY_YES), Segment("night", backlog=2, classes=TRULY_YES))
    line = dataclasses.replace(batched(0, Batch(4)), segments=segments)
    assert rows(simulate(line), "item", "batch", "started_at") == [(0, 1, 0), (1, 1, 10), (2, 2, 20), (3, 2, 30)]


def test_nobody_waits_for_a_batch_to_fill() -> None:
    """Items at 0, 5 and 6 s: the first batch is of one; the second, at 10 s, of two."""
    segments = (Segment("items", releases=tuple(Release(at, 1) for at in (0, 5, 6)), classes=TRULY_YES),)
    line = dataclasses.replace(batched(0, Batch(2)), segments=segments)
    assert rows(simulate(line), "batch", "started_at") == [(1, 0), (2, 10), (2, 20)]


def test_what_is_in_a_hand_is_not_for_others() -> None:
    """Two workers, four items, batches of three: worker 0 has 0, 1, 2 and worker 1 has 3, though it is done first."""
    log = simulate(batched(4, Batch(3), workers=2))
    assert rows(log, "item", "worker", "started_at") == [(0, 0, 0), (1, 0, 10), (2, 0, 20), (3, 1, 0)]


def test_two_labels_of_an_item_are_in_no_one_batch() -> None:
    """Two labels an item, two items, batches of four: worker 0 takes one label of each, and so does worker 1."""
    log = simulate(batched(2, Batch(4), workers=2, labels_per_item=2))
    assert rows(log, "item", "replica", "worker", "started_at") == [
        (0, 0, 0, 0),
        (0, 1, 1, 0),
        (1, 0, 0, 10),
        (1, 1, 1, 10),
    ]


def on(line: Line, calendar: Calendar) -> Line:
    """The line with its first pool on another calendar."""
    first, *others = line.pools
    pools = (dataclasses.replace(first, calendar=calendar.name), *others)
    return dataclasses.replace(line, pools=pools, calendars=(ALWAYS, calendar), horizon_s=30 * DAY)


def test_a_shift_that_ends_in_a_batch_pauses_it() -> None:
    """100 s a day, a batch of three of 40 s: 0-40, 40-80, and the third works 80-100 and 20 s of the next day."""
    line = on(batched(3, Batch(3), seconds=40.0), MORNING)
    assert rows(simulate(line), *TRACE) == [
        (0, 1, 0, 40, 40, "done"),
        (1, 1, 40, 80, 40, "done"),
        (2, 1, 80, DAY + 20, 40, "done"),
    ]


def test_a_batch_goes_on_in_the_next_shift() -> None:
    """Tasks of 50 s: the second ends with the shift, and the third of the batch begins with the next one, by the same
    worker, without a set-up."""
    line = on(batched(3, Batch(3), seconds=50.0), MORNING)
    assert rows(simulate(line), *TRACE)[2] == (2, 1, DAY, DAY + 50, 50, "done")


def test_what_of_a_batch_is_left_goes_back_at_the_end_of_a_shift() -> None:
    """return: tasks of 40 s with 10 s of set-up; 0 takes 0-50, 1 takes 50-90, 2 is begun at 90 and goes back at 100 s
    after 10 s, which are lost; next day it begins anew, alone, with a set-up: 50 s."""
    line = on(batched(3, Batch(3, setup_s=10.0), seconds=40.0, shift_end="return"), MORNING)
    assert rows(simulate(line), *TRACE) == [
        (0, 1, 0, 50, 50, "done"),
        (1, 1, 50, 90, 40, "done"),
        (2, 1, 90, 100, 10, "returned"),
        (2, 2, DAY, DAY + 50, 50, "done"),
    ]


def test_results_of_a_batch_that_goes_back_go_on() -> None:
    """As before, together: at 100 s items 0 and 1 go on without 2."""
    line = on(batched(3, Batch(3, setup_s=10.0, together=True), seconds=40.0, shift_end="return"), MORNING)
    assert items(simulate(line), "delivered_at") == [(100,), (100,), (DAY + 50,)]


def test_only_the_task_in_hand_is_finished_in_overtime() -> None:
    """finish: tasks of 40 s; 2 is begun at 80 s, finished at 120 s in 20 s of overtime; 3, of the same batch, is begun
    in the next shift."""
    line = on(batched(4, Batch(4), seconds=40.0, shift_end="finish"), MORNING)
    assert rows(simulate(line), "item", "started_at", "finished_at") == [
        (0, 0, 40),
        (1, 40, 80),
        (2, 80, 120),
        (3, DAY, DAY + 40),
    ]


@given(
    st.integers(1, 4),
    st.integers(1, 9),
    st.booleans(),
    st.integers(1, 3),
    st.sampled_from(("pause", "finish", "return")),
)
@settings(max_examples=50, deadline=None)
def test_every_batch_is_small_of_one_worker_and_set_up_once(
    size: int, count: int, together: bool, workers: int, shift_end: str
) -> None:
    """However shifts break them up: a batch is of one worker, no larger than its size, its tasks one after the other,
    and its first has the set-up; all items are delivered."""
    line = on(batched(count, Batch(size, 10.0, together), 30.0, workers, shift_end=shift_end), MORNING)
    log = simulate(line)
    tasks = log.tasks.sort_values(["batch", "started_at"])
    done = tasks[tasks["outcome"] == "done"]
    assert log.items["delivered_at"].notna().all()
    if size > 1:
        groups = tasks.groupby("batch")
        assert (groups["worker"].nunique() == 1).all()
        assert (groups.size() <= size).all()
        first = done.groupby("batch").head(1)
        whole = first["started_at"] == groups["started_at"].min().loc[first["batch"]].to_numpy()
        assert (first.loc[whole.to_numpy(), "active_ms"] == 40_000).all()
