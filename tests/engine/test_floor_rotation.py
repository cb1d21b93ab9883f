"""Turns: of a pool's people, some may work at a stage in one period, and those after them in the next."""

from __future__ import annotations

import dataclasses

from flows import TRULY_YES, annotate, line_of, people, review, rows, simulate
from hypothesis import given, settings
from hypothesis import strategies as st
from lines import constant

from labelcast.sim.line import Line, Release, Rotation, Segment, Stage


def turns(count: int, rule: Rotation | None, workers: int = 3, seconds: float = 60.0, **pool: object) -> Line:
    """One stage at which people take turns."""
    return line_of(count, (annotate(seconds, rotation=rule),), people("annotators", workers, **pool))


WHO = ("worker", "started_at", "finished_at")


def test_one_of_three_in_turn() -> None:
    """Periods of 100 s: worker 0 begins at 0 and 60 s and finishes at 120 s what was begun in the period; worker 1, who
    was idle, begins at 100 and 160 s, and worker 2 at 200 and 260 s; then it is worker 0's turn again, at 300 s."""
    assert rows(simulate(turns(7, Rotation(100, 1))), *WHO) == [
        (0, 0, 60),
        (0, 60, 120),
        (1, 100, 160),
        (1, 160, 220),
        (2, 200, 260),
        (2, 260, 320),
        (0, 300, 360),
    ]


def test_several_at_a_time_wrap_around() -> None:
    """Two of three: 0 and 1 until 100 s, then 2 and 0, then 1 and 2. Tasks of 100 s; at 200 s worker 2 is free, and
    only then does the turn begin for worker 1, who waits."""
    log = simulate(turns(6, Rotation(100, 2), seconds=100))
    assert [row[:2] for row in rows(log, *WHO)] == [(0, 0), (1, 0), (0, 100), (2, 100), (2, 200), (1, 200)]


def test_turns_are_of_a_stage() -> None:
    """Who has no turn at review works elsewhere: two people label and review; review takes turns of 100 s. Item 0 is
    labelled by worker 0, item 1 by worker 1 until 60 s. Until 100 s worker 0 alone reviews, but only item 1, being the
    author of item 0, which worker 1 reviews from 100 s on."""
    stages = (
        annotate(60, by="team", to="review"),
        review(20, by="team", rounds=0, rotation=Rotation(100, 1)),
    )
    log = simulate(line_of(2, stages, people("team", 2, false_alarm=0.0)))
    assert rows(log, "item", "worker", "started_at", stage="review") == [(0, 1, 100), (1, 0, 60)]


def test_who_finds_nothing_in_their_turn_leaves_it_to_the_next() -> None:
    """An item that comes at 150 s is worker 1's; one at 350 s worker 0's, the fourth turn's."""
    segments = (Segment("items", releases=(Release(150, 1), Release(350, 1)), classes=TRULY_YES),)
    line = dataclasses.replace(turns(0, Rotation(100, 1)), segments=segments)
    assert rows(simulate(line), *WHO) == [(1, 150, 210), (0, 350, 410)]


def test_rework_is_its_authors_out_of_turn() -> None:
    """Rework goes to its author, who has it to mend, whoever's turn it is: worker 0's item, rejected at 130 s."""
    stages = (annotate(100, to="review", rotation=Rotation(100, 1)), review(30, rounds=1))
    log = simulate(line_of(1, stages, people("annotators", 2), people("reviewers", false_alarm=1.0)))
    assert rows(log, "round", "worker", "started_at", stage="annotate") == [(0, 0, 0), (1, 0, 130)]


def test_nobody_is_stopped_for_a_task_out_of_turn() -> None:
    """Two people clean for 300 s and label for 300 s, where it is worker 0's turn. Low items come at 0, 10 and 20 s.
    The high one at 40 s stops worker 1 at item 1, and is cleaned at 340 s. By then worker 0 is on what is left of item
    1, since 300 s, and worker 1 takes item 2: who began last would be stopped for the label, but has no turn at it. So
    worker 0 is, and item 1 waits again."""
    low = Segment("low", releases=tuple(Release(at, 1) for at in (0, 10, 20)), classes=TRULY_YES, priority=2)
    high = Segment("high", releases=(Release(40, 1),), classes=TRULY_YES, priority=1)
    stages = (
        Stage("clean", "work", (("team", 1.0),), constant(300), {"done": "annotate"}),
        annotate(300, by="team", rotation=Rotation(10_000, 1)),
    )
    log = simulate(line_of(0, stages, people("team", 2, preempts=True), segments=(low, high)))
    table = rows(log, "item", "worker", "started_at", "finished_at", "outcome", stage="clean")
    assert [row for row in table if row[0] == 1][:2] == [(1, 1, 10, 40, "preempted"), (1, 0, 300, 340, "preempted")]
    assert [row[:3] for row in table if row[0] == 2] == [(2, 1, 340)]
    assert rows(log, "item", "worker", "started_at", stage="annotate")[-1] == (3, 0, 340)


def test_turns_of_all_change_nothing() -> None:
    """Where as many people take turns as there are, every row is as without."""
    plain, all_ = simulate(turns(20, None, speed_sd=0.3)), simulate(turns(20, Rotation(100, 3), speed_sd=0.3))
    assert all(getattr(plain, table).equals(getattr(all_, table)) for table in ("items", "tasks", "presence"))


@given(st.integers(1, 5), st.integers(1, 5), st.integers(1, 12), st.integers(0, 20))
@settings(max_examples=40, deadline=None)
def test_everyone_begins_in_their_turn(workers: int, at_once: int, count: int, seed: int) -> None:
    """Whoever begins at t is among the `at_once` people from the first of period t // 100 s on; all is delivered, and
    no more than those are ever begun in a period than time allows."""
    at_once = min(at_once, workers)
    log = simulate(turns(count, Rotation(100, at_once), workers, seconds=45), seed)
    for worker, start, _ in rows(log, *WHO):
        assert (worker - int(start // 100) * at_once) % workers < at_once
    assert log.items["delivered_at"].notna().all()
