"""Time between stages without a worker, and tasks that become ready together."""

from __future__ import annotations

import dataclasses

from flows import TRULY_YES, annotate, line_of, people, review, rows, simulate
from lines import ALWAYS, constant, exponential

from labelcast.sim.kpis import kpis
from labelcast.sim.line import Calendar, Gather, Line, Segment, Stage

COLUMNS = ("item", "enqueued_at", "consensus_ms", "handoff_ms", "ready_at", "started_at", "finished_at")

SURE_JUDGE = people("reviewers", 2, false_alarm=0.0)

STRICT = {"sensitivity": 1.0, "false_alarm": 1.0}
"""Rejects everything."""


def handed(count: int, **more: object) -> Line:
    """One annotator, 60 s an item; then review, 10 s, which `more` is of."""
    stages = (annotate(to="review"), review(**more))  # type: ignore[arg-type]
    return line_of(count, stages, people("annotators"), SURE_JUDGE)


def test_a_handoff_needs_time_and_nobody() -> None:
    """Items are labelled at 60 and 120 s, handed over for 30 s, and reviewed at once: 90-100 and 150-160 s. The
    annotator goes on meanwhile."""
    log = simulate(handed(2, handoff=constant(30)))
    assert rows(log, *COLUMNS, stage="review") == [
        (0, 60.0, 0.0, 30.0, 90.0, 90.0, 100.0),
        (1, 120.0, 0.0, 30.0, 150.0, 150.0, 160.0),
    ]
    assert [start for (start,) in rows(log, "started_at", stage="annotate")] == [0.0, 60.0]


def test_what_is_not_ready_when_the_run_ends_waits_for_nobody() -> None:
    """A task that is still handed on at the horizon has no ready_at, and was never in the queue of its stage."""
    line = dataclasses.replace(handed(1, handoff=constant(30)), horizon_s=65.0)
    log = simulate(line)
    assert log.tasks["ready_at"].isna().tolist() == [False, True]
    assert kpis(log, None)["queue.review"] == 0.0


def test_waits_for_labels_for_handoff_and_for_others_stand_apart() -> None:
    """Two labels, by a fast (60 s) and a slow (120 s) worker; hand-off 30 s; reviews gather in twos. Item 0 has its
    first label at 60 s, its second at 120 s, is handed over until 150 s, and waits for item 1, whose labels come at
    120 and 240 s, until 270 s: 60 + 30 + 120 s. Item 1 waits 120 + 30 s, and for nobody."""
    slow, fast = people("slow", speed=2.0), people("fast")
    ways = {"labelled": "review", "tied": "review"}
    shares = (("slow", 0.5), ("fast", 0.5))
    stage = Stage("annotate", "annotate", shares, constant(60), ways, labels_per_item=2, route="prefer")
    log = simulate(line_of(2, (stage, review(handoff=constant(30), gather=Gather(2))), slow, fast, SURE_JUDGE))
    assert rows(log, *COLUMNS, stage="review") == [
        (0, 60.0, 60.0, 30.0, 270.0, 270.0, 280.0),
        (1, 120.0, 120.0, 30.0, 270.0, 270.0, 280.0),
    ]


def test_tasks_gather_until_there_are_enough_or_the_first_has_waited() -> None:
    """Items come at 60, 120 and 180 s; they gather in twos. For 45 s at most: each goes alone, 45 s after it came. For
    90 s: items 0 and 1 go at 120 s, item 2 alone at 270 s."""
    for wait, ready in ((45.0, [105.0, 165.0, 225.0]), (90.0, [120.0, 120.0, 270.0])):
        log = simulate(handed(3, gather=Gather(2, wait)))
        assert [at for (at,) in rows(log, "ready_at", stage="review")] == ready
        assert {handoff for (handoff,) in rows(log, "handoff_ms")} == {0.0}


def test_a_full_group_does_not_shorten_the_wait_of_the_next() -> None:
    """Items come at 60, 120, 180, 240 s and gather in twos or for 130 s: 0 and 1 at 120 s, 2 and 3 at 240 s. The wait
    of item 0, which would have ended at 190 s, releases nobody."""
    log = simulate(handed(4, gather=Gather(2, 130.0)))
    assert [at for (at,) in rows(log, "ready_at", stage="review")] == [120.0, 120.0, 240.0, 240.0]


def test_segments_gather_apart() -> None:
    """Street at 60, night at 120, street at 180 s, in twos: the streets are ready at 180 s, night after its wait."""
    segments = (Segment("street", backlog=2, classes=TRULY_YES), Segment("night", backlog=1, classes=TRULY_YES))
    line = dataclasses.replace(handed(0, gather=Gather(2, 1000.0)), segments=segments)
    log = simulate(line)
    assert rows(log, "item", "enqueued_at", "ready_at", stage="review") == [
        (0, 60.0, 120.0),
        (1, 120.0, 120.0),
        (2, 180.0, 1180.0),
    ]


def test_rework_gathers_with_new_work_and_its_author_is_asked_when_it_comes() -> None:
    """Annotate gathers in twos: of two items, both rejected once, by 80 and 90 s (one annotator each), the first return
    waits for the second: both are ready at 90 s and go back to their authors."""
    stages = (annotate(to="review", gather=Gather(2, 1000.0)), review(by="judges", rounds=1))
    log = simulate(line_of(2, stages, people("annotators", 2), people("judges", **STRICT)))
    again = dataclasses.replace(log, tasks=log.tasks[log.tasks["round"] == 1])
    assert rows(again, "item", "worker", "enqueued_at", "ready_at", "started_at", stage="annotate") == [
        (0, 0, 70.0, 80.0, 80.0),
        (1, 1, 80.0, 80.0, 80.0),
    ]


def test_work_is_on_its_way_between_sites() -> None:
    """From annotators to reviewers 30 s, back 40 s: labelled at 60 s, there at 90, rejected at 100, back with its
    author at 140 s. What comes from nobody, and what the same pool goes on with, is on no way."""
    stages = (annotate(to="review"), review(by="judges", rounds=1))
    there, back = {"delays": {"annotators": 30.0}}, {"delays": {"judges": 40.0, "annotators": 5.0}}
    log = simulate(line_of(1, stages, people("annotators", **back), people("judges", **STRICT, **there)))
    assert rows(log, "stage", "round", "enqueued_at", "handoff_ms", "ready_at") == [
        ("annotate", 0, 0.0, 0.0, 0.0),
        ("review", 0, 60.0, 30.0, 90.0),
        ("annotate", 1, 100.0, 40.0, 140.0),
        ("review", 1, 200.0, 30.0, 230.0),
    ]


def test_a_way_comes_on_top_of_a_handoff_and_is_the_nearest_of_those_who_may() -> None:
    """A hand-off of 20 s and a way of 30 s make 50; where people who are nearer may review too, it is theirs: 10 s."""
    for others, way in (({}, 50.0), ({"annotators": 10.0}, 30.0)):
        shares = (("far", 0.5), ("near", 0.5)) if others else (("far", 1.0),)
        pools = [people("annotators"), people("far", delays={"annotators": 30.0}), people("near", delays=others)]
        stage = dataclasses.replace(review(handoff=constant(20)), pools=shares, route="prefer")
        log = simulate(line_of(3, (annotate(to="review"), stage), *pools))
        assert {handoff for (handoff,) in rows(log, "handoff_ms", stage="review")} == {way}


def test_neither_a_handoff_of_nought_nor_a_group_of_one_changes_a_row() -> None:
    """Neutral settings: the same log, row for row."""
    plain = simulate(handed(20))
    for neutral in ({"handoff": constant(0)}, {"gather": Gather(1, 5.0)}):
        log = simulate(handed(20, **neutral))
        assert log.tasks.equals(plain.tasks)
        assert log.items.equals(plain.items)


def test_handoffs_are_drawn_by_item_and_round_and_replica() -> None:
    """Exponential, mean 300 s, 3,000 hand-offs of 1,000 items with three labels: their mean within four standard errors
    (false alarm 6e-5; the seed is fixed), no two alike, and the same whoever works."""
    delays = []
    for workers in (3, 9):
        stage = annotate(1.0, handoff=exponential(300.0), labels_per_item=3)
        log = simulate(line_of(1000, (stage,), people("annotators", workers)))
        delays.append(sorted(rows(log, "item", "replica", "handoff_ms")))
    assert delays[0] == delays[1]
    drawn = [delay for _, _, delay in delays[0]]
    assert abs(sum(drawn) / 3000 - 300.0) < 4 * 300.0 / 3000**0.5
    assert len(set(drawn)) > 2900


def test_handoffs_end_on_a_tick() -> None:
    """A tick of 60 s and a hand-off of 40 s: items labelled at 60 s are ready at 120 s; a hand-off of 20 s takes
    none."""
    for seconds, ready in ((40, 120.0), (20, 60.0)):
        log = simulate(dataclasses.replace(handed(1, handoff=constant(seconds)), tick_s=60.0))
        assert rows(log, "ready_at", stage="review") == [(ready,)]


def test_waits_end_on_a_tick() -> None:
    """All times are whole ticks: with ticks of 60 s a group that waits for 90 s at most goes after 120 s (halves up),
    and one that waits 20 s after 60 s."""
    for wait, ready in ((90.0, 180.0), (20.0, 120.0)):
        line = dataclasses.replace(handed(1, gather=Gather(2, wait)), tick_s=60.0)
        assert rows(simulate(line), "ready_at", stage="review") == [(ready,)]


def test_an_author_who_has_left_the_shift_during_a_handoff_is_waited_for() -> None:
    """What returns while its author is there is theirs, even if the hand-off outlasts the shift. One of two pools works
    for the first 430 s of each day; its person, asked first, labels the item from 300 to 360 s; it is rejected at
    370 s and handed over until 670 s, and waits for its author until midnight, though somebody else is idle. With a
    shift until 365 s the author is gone at 370 s, and the other one does it at 670 s."""
    for shift, pool, start in ((430, "early", 86_400.0), (365, "late", 670.0)):
        early = Calendar("early", "UTC", tuple((day, 0, shift) for day in range(7)))
        shares, ways = (("early", 0.5), ("late", 0.5)), {"labelled": "review", "tied": "review"}
        stage = Stage("annotate", "annotate", shares, constant(60), ways, route="prefer", handoff=constant(300))
        pools = (dataclasses.replace(people("early"), calendar="early"), people("late"), people("judges", **STRICT))
        log = simulate(line_of(1, (stage, review(by="judges", rounds=1)), *pools, calendars=(ALWAYS, early)))
        assert rows(log, "round", "pool", "ready_at", "started_at", stage="annotate") == [
            (0, "early", 300.0, 300.0),
            (1, pool, 670.0, start),
        ]
