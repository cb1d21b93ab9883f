"""Priorities: who is served before whom, and whose work is stopped for whom."""

from __future__ import annotations

from flows import TRULY_YES, annotate, line_of, people, rows, simulate
from hypothesis import given, settings
from hypothesis import strategies as st

from labelcast.sim.line import Batch, Line, Release, Segment


def one(name: str, at: float, priority: int, items: int = 1, factor: float = 1.0) -> Segment:
    """Items that come together; the lower priority number goes first."""
    return Segment(name, releases=(Release(at, items),), classes=TRULY_YES, priority=priority, time_factor=factor)


def line(*segments: Segment, preempts: bool = True, count: int = 1, seconds: float = 100.0, **stage: object) -> Line:
    """One stage whose tasks take so long, by one pool."""
    pool = people("annotators", count, preempts=preempts)
    return line_of(0, (annotate(seconds, **stage),), pool, segments=segments)  # type: ignore[arg-type]


TRACE = ("item", "worker", "enqueued_at", "started_at", "finished_at", "active_ms", "outcome")


def test_without_preemption_a_task_begun_is_done() -> None:
    """Item 0 of priority 2 is on the bench from 0 to 100 s; item 2 of priority 1 comes at 30 s and goes before item 1
    of priority 2, which came at 20 s."""
    trace = line(one("low", 0, 2), one("mid", 20, 2), one("high", 30, 1), preempts=False)
    assert rows(simulate(trace), *TRACE) == [
        (0, 0, 0, 0, 100, 100, "done"),
        (1, 0, 20, 200, 300, 100, "done"),
        (2, 0, 30, 100, 200, 100, "done"),
    ]


def test_of_what_comes_in_one_tick_the_higher_priority_is_begun() -> None:
    """Both come at 50 s to one idle worker, priority 2 first among the tick's events; priority 1 is begun."""
    trace = line(one("low", 50, 2), one("high", 50, 1), preempts=False)
    assert rows(simulate(trace), *TRACE) == [
        (0, 0, 50, 150, 250, 100, "done"),
        (1, 0, 50, 50, 150, 100, "done"),
    ]


def test_a_task_of_a_higher_priority_stops_one_and_what_is_left_is_done_later() -> None:
    """Item 1 stops item 0 at 30 s, which leaves a preempted row of 30 s; the other 70 s are a row asked for at 30 s,
    and done from 130 to 200 s."""
    assert rows(simulate(line(one("low", 0, 2), one("high", 30, 1))), *TRACE) == [
        (0, 0, 0, 0, 30, 30, "preempted"),
        (0, 0, 30, 130, 200, 70, "done"),
        (1, 0, 30, 30, 130, 100, "done"),
    ]


def test_several_levels() -> None:
    """Priority 3 begins at 0, is stopped by 2 at 20 s, which is stopped by 1 at 30 s. 1 is done at 130 s; 2 has 90 s
    left, done at 220 s; 3 has 80 s left, done at 300 s."""
    assert rows(simulate(line(one("c", 0, 3), one("b", 20, 2), one("a", 30, 1))), *TRACE) == [
        (0, 0, 0, 0, 20, 20, "preempted"),
        (0, 0, 20, 220, 300, 80, "done"),
        (1, 0, 20, 20, 30, 10, "preempted"),
        (1, 0, 30, 130, 220, 90, "done"),
        (2, 0, 30, 30, 130, 100, "done"),
    ]


def test_a_task_may_be_stopped_twice() -> None:
    """Item 0 works 0-20, 120-150 and 250-300 s: 20 + 30 + 50 = 100 s."""
    assert rows(simulate(line(one("low", 0, 2), one("x", 20, 1), one("y", 150, 1))), *TRACE) == [
        (0, 0, 0, 0, 20, 20, "preempted"),
        (0, 0, 20, 120, 150, 30, "preempted"),
        (0, 0, 150, 250, 300, 50, "done"),
        (1, 0, 20, 20, 120, 100, "done"),
        (2, 0, 150, 150, 250, 100, "done"),
    ]


def test_equal_priority_stops_nothing() -> None:
    """Item 1 of the same priority waits for the end of item 0."""
    assert rows(simulate(line(one("a", 0, 1), one("b", 30, 1))), *TRACE) == [
        (0, 0, 0, 0, 100, 100, "done"),
        (1, 0, 30, 100, 200, 100, "done"),
    ]


def test_a_task_begun_in_the_same_tick_is_not_begun() -> None:
    """Both come at 10 s to one idle worker: the low one is ready first and would be taken, but the high one stops it in
    the tick in which it began: there is no row of no time."""
    assert rows(simulate(line(one("low", 10, 2), one("high", 10, 1))), *TRACE) == [
        (0, 0, 10, 110, 210, 100, "done"),
        (1, 0, 10, 10, 110, 100, "done"),
    ]


def test_who_is_idle_is_taken_before_anyone_is_stopped() -> None:
    """Two workers, one on a low task: the high one goes to the idle worker."""
    assert rows(simulate(line(one("low", 0, 2), one("high", 30, 1), count=2)), *TRACE) == [
        (0, 0, 0, 0, 100, 100, "done"),
        (1, 1, 30, 30, 130, 100, "done"),
    ]


def test_the_lowest_and_the_latest_begun_is_stopped() -> None:
    """Three workers: priority 3 from 0 s, priority 3 from 10 s, priority 2 from 20 s. Priority 1 at 30 s stops worker
    1, of the highest number and begun last; priority 1 at 40 s stops worker 0; a third at 50 s stops worker 2."""
    segments = (one("a", 0, 3), one("b", 10, 3), one("c", 20, 2), one("x", 30, 1), one("y", 40, 1), one("z", 50, 1))
    table = rows(simulate(line(*segments, count=3)), "item", "worker", "started_at", "finished_at", "outcome")
    stopped = [row for row in table if row[4] == "preempted"]
    assert stopped == [(0, 0, 0, 40, "preempted"), (1, 1, 10, 30, "preempted"), (2, 2, 20, 50, "preempted")]
    assert [row[1:4] for row in table if row[0] >= 3] == [(1, 30, 130), (0, 40, 140), (2, 50, 150)]


def test_who_is_stopped_puts_the_rest_of_a_batch_back() -> None:
    """A batch of three low tasks, with a set-up of 50 s: 0 ends at 150 s, 1 is stopped at 180 s after 30 s. The high
    task is alone in its batch and is set up as well, 180-330 s. The rest of item 1, 70 s, goes on alone and is not
    set up again; item 2 begins anew, with a set-up of its own."""
    trace = line(one("low", 0, 2, items=3), one("high", 180, 1), batch=Batch(3, setup_s=50.0))
    assert rows(simulate(trace), "item", "started_at", "finished_at", "active_ms", "outcome") == [
        (0, 0, 150, 150, "done"),
        (1, 150, 180, 30, "preempted"),
        (1, 330, 400, 70, "done"),
        (2, 400, 550, 150, "done"),
        (3, 180, 330, 150, "done"),
    ]


def test_results_that_go_on_together_are_not_lost_with_who_is_stopped() -> None:
    """As before, without a set-up and results of a batch going on together: item 0 is finished at 100 s and would go on
    with 1 and 2. At 130 s the batch is broken up: item 0 goes on then; item 1 has 70 s left after 230 s and is done at
    300 s, alone; item 2 at 400 s."""
    trace = line(one("low", 0, 2, items=3), one("high", 130, 1), batch=Batch(3, together=True))
    log = simulate(trace)
    assert log.items["delivered_at"].tolist() == [130_000, 300_000, 400_000, 230_000]


def test_a_lock_counts_from_the_beginning_that_counted() -> None:
    """Worker 0 has item 0 until 100 s. At 10 s a low and a high task come to worker 1: the low one is begun and stopped
    in that tick, and begins at 100 s with worker 0. Its lock of 150 s would have run out at 160 s, while worker 1 is
    idle; counted from 100 s it does not run out."""
    log = simulate(line(one("x", 0, 1), one("low", 10, 2), one("high", 10, 1), count=2, lock_s=150.0))
    assert rows(log, "item", "worker", "started_at", "finished_at", "outcome") == [
        (0, 0, 0, 100, "done"),
        (1, 0, 100, 200, "done"),
        (2, 1, 10, 110, "done"),
    ]


@given(
    st.lists(st.tuples(st.integers(0, 12), st.integers(1, 3)), min_size=1, max_size=8),
    st.integers(1, 3),
    st.booleans(),
)
@settings(max_examples=40, deadline=None)
def test_no_work_is_lost_or_doubled(coming: list[tuple[int, int]], count: int, preempts: bool) -> None:
    """However tasks stop each other, the active times of an item's rows sum to its time, and no worker is idle while
    one waits: with one worker, the last finish is that without preemption."""
    segments = tuple(one(f"s{n}", 25.0 * at, priority) for n, (at, priority) in enumerate(coming))
    log = simulate(line(*segments, preempts=preempts, count=count))
    assert (log.tasks.groupby("item")["active_ms"].sum() == 100_000).all()
    if count == 1:
        other = simulate(line(*segments, preempts=not preempts, count=1))
        assert log.provenance.ended_at == other.provenance.ended_at


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(1, 3)), min_size=1, max_size=8), st.integers(1, 3))
@settings(max_examples=40, deadline=None)
def test_the_first_priority_does_not_see_the_others(coming: list[tuple[int, int]], count: int) -> None:
    """With preemption, what has priority 1 is done when it would be if nothing else were there."""
    segments = tuple(one(f"s{n}", 25.0 * at, priority) for n, (at, priority) in enumerate(coming))
    alone = tuple(segment for segment in segments if segment.priority == 1)
    log = simulate(line(*segments, count=count))
    first = log.items.loc[log.items["segment"].isin([segment.name for segment in alone]), "delivered_at"]
    if alone:
        assert sorted(first) == sorted(simulate(line(*alone, count=count)).items["delivered_at"])
