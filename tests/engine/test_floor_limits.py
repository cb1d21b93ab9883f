"""Limits of what is in progress: of a stage, which closes the stages before it, and of the whole line."""

from __future__ import annotations

import dataclasses

import numpy as np
from flows import annotate, line_of, people, review, rows, simulate
from hypothesis import given, settings
from hypothesis import strategies as st
from lines import constant, exponential

from labelcast.sim.line import Batch, Line, Stage
from labelcast.sim.log import Log


def limited(
    wip: int, items: int = 4, annotators: int = 1, first: dict[str, object] | None = None, **more: object
) -> Line:
    """Labels of 10 s, reviews of 30 s by one reviewer who accepts all, and a limit on the reviews."""
    stages = (annotate(10, to="review", **(first or {})), review(30, wip=wip, **more))
    return line_of(items, stages, people("annotators", annotators), people("reviewers", false_alarm=0.0))


def starts(log: Log) -> tuple[list[float], list[float]]:
    """Starts of labels, and of reviews, by item; seconds."""
    table = [rows(log, "started_at", stage=stage) for stage in ("annotate", "review")]
    return [row[0] for row in table[0]], [row[0] for row in table[1]]


def test_nobody_starts_what_would_lead_to_a_full_stage() -> None:
    """One review at a time: item 0 is labelled until 10 s and reviewed until 40 s; only then does item 1 begin."""
    assert starts(simulate(limited(1))) == ([0, 40, 80, 120], [10, 50, 90, 130])


def test_what_waits_counts_as_what_is_in_progress() -> None:
    """Two at a time: item 1 is labelled from 10 s and waits for review from 20 s; item 2 begins as item 0 leaves, at
    40 s, and item 3 as item 1 does, at 70 s."""
    assert starts(simulate(limited(2))) == ([0, 10, 40, 70], [10, 40, 70, 100])


def test_what_is_on_the_way_counts_too() -> None:
    """Three annotators, two reviews at a time: two labels begin at 0 s, the third at 40 s, as a review ends."""
    assert starts(simulate(limited(2, annotators=3))) == ([0, 0, 40, 70], [10, 40, 70, 100])


def test_what_is_being_handed_over_counts_too() -> None:
    """A hand-off of 100 s: item 0 is ready for review at 110 s and leaves at 140 s, when item 1 begins."""
    log = simulate(limited(1, items=2, handoff=constant(100)))
    assert starts(log) == ([0, 140], [110, 250])


def test_a_batch_is_no_larger_than_the_room() -> None:
    """Batches of three, two reviews at a time: items 0 and 1 are taken at 0 s, item 2 at 40 s, item 3 at 70 s."""
    log = simulate(limited(2, first={"batch": Batch(3)}))
    assert starts(log) == ([0, 10, 40, 70], [10, 40, 70, 100])
    assert log.tasks.loc[log.tasks["stage"] == "annotate", "batch"].tolist() == [1, 1, 2, 3]


def test_results_that_wait_for_their_batch_are_on_the_way() -> None:
    """Worker 0 takes items 0 and 1, whose results go on together at 20 s; item 0 is finished at 10 s and still counts,
    so that worker 1 begins nothing before the first review ends, at 50 s."""
    log = simulate(limited(2, items=3, annotators=2, first={"batch": Batch(2, together=True)}))
    assert starts(log) == ([0, 10, 50], [20, 50, 80])


def test_rework_comes_back_in_any_case() -> None:
    """Annotate takes one at a time; every review of 11 s rejects, once. Item 1 is worked on from 20 s, when item 0 is
    in review, and is labelled from 30 s; at 31 s item 0 comes back all the same, and waits until 40 s."""
    stages = (
        Stage("work", "work", (("workers", 1.0),), constant(10), {"done": "annotate"}),
        annotate(10, to="review", wip=1),
        review(11, rounds=1),
    )
    pools = (people("workers"), people("annotators"), people("reviewers", false_alarm=1.0))
    log = simulate(line_of(2, stages, *pools))
    assert rows(log, "item", "started_at", stage="work") == [(0, 0), (1, 20)]
    assert rows(log, "item", "round", "ready_at", "started_at", stage="annotate") == [
        (0, 0, 10, 10),
        (0, 1, 31, 40),
        (1, 0, 30, 30),
        (1, 1, 51, 51),
    ]


def test_rework_begins_no_sooner_than_a_limit_lets_it() -> None:
    """One review at a time, which rejects, once; rework is its author's. At 40 s worker 1, idle since 0 s, begins item
    1; now nothing may begin before its review ends, at 80 s, not even the rework of item 0, whose author is idle. At
    80 s worker 0, idle longer, goes first; item 1 comes back too, and waits until the second review of item 0 ends."""
    stages = (annotate(10, to="review"), review(30, wip=1, rounds=1))
    log = simulate(line_of(2, stages, people("annotators", 2), people("reviewers", false_alarm=1.0)))
    assert rows(log, "item", "round", "worker", "ready_at", "started_at", stage="annotate") == [
        (0, 0, 0, 0, 0),
        (0, 1, 0, 40, 80),
        (1, 0, 1, 0, 40),
        (1, 1, 1, 80, 120),
    ]


def test_a_limit_never_closes_a_circle() -> None:
    """Work that leads back to itself by chance, or to a stage that leads back: their limits would wait for themselves.
    A limit closes only stages that it does not lead back to."""
    circle = (
        Stage("clean", "work", (("a", 1.0),), constant(10), {"done": (("clean", 0.5), ("check", 0.5))}, wip=1),
        Stage("check", "work", (("b", 1.0),), constant(10), {"done": (("clean", 0.5), ("deliver", 0.5))}, wip=1),
    )
    log = simulate(line_of(6, circle, people("a", 2), people("b", 2)))
    assert log.items["delivered_at"].notna().all()


def test_who_is_in_a_circle_counts_once() -> None:
    """Two at a time at a stage that may lead back to itself, and here never does: one is in progress there from 10 s
    on, which leaves room for another, begun at 10 s; then as without a circle, at 40 and 70 s."""
    back = (("loop", 0.0), ("deliver", 1.0))
    stages = (
        Stage("first", "work", (("a", 1.0),), constant(10), {"done": "loop"}),
        Stage("loop", "work", (("b", 1.0),), constant(30), {"done": back}, wip=2),
    )
    log = simulate(line_of(4, stages, people("a"), people("b")))
    assert rows(log, "started_at", stage="first") == [(0,), (10,), (40,), (70,)]


def test_the_line_takes_in_no_more_than_its_limit() -> None:
    """Two in the line at a time, of which each takes 60 s of four annotators: items 0 and 1 at 0 s, 2 and 3 at 60 s;
    those enter the line, and are enqueued, as the first two leave."""
    log = simulate(line_of(4, (annotate(60),), people("annotators", 4), wip=2))
    assert rows(log, "item", "enqueued_at", "started_at", "finished_at") == [
        (0, 0, 0, 60),
        (1, 0, 0, 60),
        (2, 60, 60, 120),
        (3, 60, 60, 120),
    ]


def most_at_once(begin: np.ndarray, end: np.ndarray) -> int:
    """The most intervals [begin, end) that hold one moment."""
    return max(int(((begin <= at) & (at < end)).sum()) for at in begin)


CHOICES = {
    "wip": st.integers(1, 4),
    "items": st.integers(1, 8),
    "annotators": st.integers(1, 4),
}


@given(
    st.fixed_dictionaries(CHOICES),
    st.sampled_from((Batch(), Batch(2), Batch(3, together=True))),
    st.sampled_from((None, exponential(20))),
    st.integers(1, 2),
    st.integers(0, 99),
)
@settings(max_examples=60, deadline=None)
def test_a_stage_never_has_more_than_its_limit(
    choice: dict[str, int], batch: Batch, handoff: object, labels: int, seed: int
) -> None:
    """Without rework, reviews that are asked for and not finished are never more than the limit; all are delivered."""
    choice = choice | {"annotators": max(labels, choice["annotators"])}
    line = limited(
        **choice, first={"batch": batch, "labels_per_item": labels, "time": exponential(15)}, handoff=handoff
    )
    log = simulate(line, seed)
    tasks = log.tasks[log.tasks["stage"] == "review"]
    came = (tasks["ready_at"] - tasks["handoff_ms"]).to_numpy(dtype="int64")
    assert most_at_once(came, tasks["finished_at"].to_numpy(dtype="int64")) <= choice["wip"]
    assert log.items["delivered_at"].notna().all()


@given(st.integers(1, 4), st.integers(1, 9), st.integers(1, 3), st.integers(0, 99))
@settings(max_examples=40, deadline=None)
def test_the_line_never_has_more_than_its_limit(wip: int, items: int, people_: int, seed: int) -> None:
    """From the first task that is asked for to delivery, never more items are inside than the limit; and as many are,
    while others wait."""
    line = line_of(
        items,
        (annotate(0, to="review", time=exponential(60)), review(20)),
        people("annotators", people_),
        people("reviewers"),
    )
    log = simulate(dataclasses.replace(line, wip=wip), seed)
    entered = log.tasks.groupby("item")["enqueued_at"].min().to_numpy(dtype="int64")
    left = log.items["delivered_at"].to_numpy(dtype="int64")
    assert most_at_once(entered, left) == min(wip, items)
