"""Tasks that have waited too long: they are taken from their queue, and their item goes elsewhere."""

from __future__ import annotations

import dataclasses

from flows import TRULY_YES, annotate, items, line_of, people, rows, simulate
from lines import constant, exponential

from labelcast.sim.line import Batch, Calendar, Escalation, Line, Lot, OpenTask, Release, Segment, Stage

COLUMNS = ("stage", "replica", "worker", "enqueued_at", "started_at", "finished_at", "outcome")

JUDGE = Stage("adjudicate", "adjudicate", (("judges", 1.0),), constant(90), {"decided": "deliver"})


def escalating(count: int, after_s: float, team: int, **more: object) -> Line:
    """Annotate, 60 s, and from there to an adjudicator, 90 s, after so long a wait."""
    stage = annotate(escalation=Escalation(after_s, "adjudicate"), **more)
    return line_of(count, (stage, JUDGE), people("annotators", team), people("judges"))


def test_what_waits_is_taken_and_what_is_under_way_comes_too_late() -> None:
    """Three labels, two annotators: replicas 0 and 1 are under way from 0 to 60 s, and replica 2, which only a third
    person could take, has waited 30 s: it is taken, and the item is adjudicated from 30 to 120 s. The two labels that
    come at 60 s are surplus."""
    log = simulate(escalating(1, 30.0, team=2, labels_per_item=3))
    assert rows(log, *COLUMNS) == [
        ("annotate", 0, 0, 0.0, 0.0, 60.0, "surplus"),
        ("annotate", 1, 1, 0.0, 0.0, 60.0, "surplus"),
        ("annotate", 2, None, 0.0, None, 30.0, "escalated"),
        ("adjudicate", 0, 0, 30.0, 30.0, 120.0, "done"),
    ]
    assert rows(log, "label") == [("yes",), ("yes",), (None,), ("yes",)]
    assert items(log, "delivered_at", "final_label") == [(120.0, "yes")]


def test_a_label_that_came_in_time_is_done() -> None:
    """Two labels, one annotator: the first is done at 60 s; the second has waited 100 s at 100 s, and is escalated."""
    log = simulate(escalating(1, 100.0, team=1, labels_per_item=2))
    assert rows(log, *COLUMNS) == [
        ("annotate", 0, 0, 0.0, 0.0, 60.0, "done"),
        ("annotate", 1, None, 0.0, None, 100.0, "escalated"),
        ("adjudicate", 0, 0, 100.0, 100.0, 190.0, "done"),
    ]


def test_only_those_that_wait_so_long() -> None:
    """One annotator, three items, 60 s each: at 100 s items 0 and 1 have been taken and item 2 has not. Who has been
    taken after 99 s is not escalated though the task takes longer."""
    log = simulate(escalating(3, 100.0, team=1))
    assert [outcome for (outcome,) in rows(log, "outcome", stage="annotate")] == ["done", "done", "escalated"]
    assert items(log, "delivered_at") == [(60.0,), (120.0,), (190.0,)]


def test_nobody_who_labelled_an_item_adjudicates_it() -> None:
    """The annotators are the adjudicators: the second label, which waits for a second person (there are two, but worker
    1 is away until 300 s), is escalated at 100 s; worker 0, who gave the first, may not adjudicate, so worker 1 does
    from 300 s."""
    late = Calendar("late", "UTC", tuple((day, 300, 86_400) for day in range(7)))
    stages = (
        annotate(labels_per_item=2, escalation=Escalation(100.0, "adjudicate")),
        dataclasses.replace(JUDGE, pools=(("annotators", 0.5), ("away", 0.5)), route="prefer"),
    )
    away = dataclasses.replace(people("away"), calendar="late")
    line = line_of(1, stages, people("annotators"), away)
    log = simulate(dataclasses.replace(line, calendars=(*line.calendars, late)))
    assert rows(log, "stage", "pool", "started_at", stage="adjudicate") == [("adjudicate", "away", 300.0)]


def test_a_reissue_that_waits_is_taken_too() -> None:
    """Two labels, two annotators, 60 s each, both under way from 0 s and reissued at 20 s by their lock; the reissues
    wait for a third person, and have waited 30 s at 50 s. Both are taken, the item is adjudicated from 50 to 140 s, and
    the labels under way are surplus."""
    log = simulate(escalating(1, 30.0, team=2, labels_per_item=2, lock_s=20.0))
    assert rows(log, *COLUMNS) == [
        ("annotate", 0, 0, 0.0, 0.0, 60.0, "surplus"),
        ("annotate", 1, 1, 0.0, 0.0, 60.0, "surplus"),
        ("annotate", 0, None, 20.0, None, 50.0, "escalated"),
        ("annotate", 1, None, 20.0, None, 50.0, "escalated"),
        ("adjudicate", 0, 0, 50.0, 50.0, 140.0, "done"),
    ]


def test_what_was_given_back_waits_anew() -> None:
    """One annotator, on shift until 30 s and again from 1,000 s, gives the task back at 30 s; it has waited 100 s at
    130 s, and is escalated."""
    shifts = Calendar("shifts", "UTC", tuple((day, start, start + 30) for day in range(7) for start in (0, 1000)))
    line = escalating(1, 100.0, team=1, shift_end="return")
    pools = (dataclasses.replace(line.pools[0], calendar="shifts"), line.pools[1])
    log = simulate(dataclasses.replace(line, pools=pools, calendars=(*line.calendars, shifts)))
    assert rows(log, *COLUMNS) == [
        ("annotate", 0, 0, 0.0, 0.0, 30.0, "returned"),
        ("annotate", 0, None, 30.0, None, 130.0, "escalated"),
        ("adjudicate", 0, 0, 130.0, 130.0, 220.0, "done"),
    ]


def test_what_waits_at_the_start_has_waited() -> None:
    """A task that waits since 80 s before the start has waited 100 s at 20 s: with nobody there it is escalated then;
    what has waited longer, at once."""
    for since, at in ((-80.0, 20.0), (-300.0, 0.0)):
        waiting = OpenTask("items", 0, "annotate", arrived_s=since, enqueued_s=since)
        line = dataclasses.replace(escalating(0, 100.0, team=0), initial=(waiting,))
        log = simulate(line)
        assert rows(log, "stage", "started_at", "finished_at", "outcome") == [
            ("annotate", None, at, "escalated"),
            ("adjudicate", at, at + 90.0, "done"),
        ]


def test_a_lot_is_judged_without_what_was_escalated() -> None:
    """Two items come at once to a lot of two, both inspected, 60 s each, by one person: item 1 has waited 30 s at 30 s,
    and goes to the adjudicator until 120 s; at 60 s the lot is judged by item 0 alone, which is accepted."""
    inspect = Stage(
        "inspect",
        "inspect",
        (("judges", 1.0),),
        constant(60),
        {"accepted": "deliver", "rejected": "annotate", "exhausted": "deliver"},
        lot=Lot(2, 2, 0),
        escalation=Escalation(30.0, "adjudicate"),
    )
    last = dataclasses.replace(JUDGE, pools=(("experts", 1.0),))
    pools = (people("annotators", 2), people("judges", false_alarm=0.0), people("experts"))
    log = simulate(line_of(2, (annotate(to="inspect"), inspect, last), *pools))
    assert rows(log, "item", "stage", "started_at", "finished_at", "outcome")[1:] == [
        (0, "inspect", 60.0, 120.0, "accepted"),
        (1, "annotate", 0.0, 60.0, "done"),
        (1, "inspect", None, 90.0, "escalated"),
        (1, "adjudicate", 90.0, 180.0, "done"),
    ]
    assert items(log, "delivered_at") == [(120.0,), (180.0,)]


def test_an_escalation_that_never_comes_changes_nothing() -> None:
    """After a time longer than the horizon: the same rows as without."""
    plain = annotate(time=exponential(60.0), labels_per_item=2, lock_s=50.0)
    patient = dataclasses.replace(plain, escalation=Escalation(1e9, "adjudicate"))
    logs = [
        simulate(line_of(30, (stage, JUDGE), people("annotators", 4), people("judges"))) for stage in (plain, patient)
    ]
    assert logs[0].tasks.equals(logs[1].tasks)


def test_every_law_holds_where_much_is_escalated() -> None:
    """Three labels, random hand-offs and times, and little patience: everything is delivered, and the laws hold."""
    for seed in range(3):
        line = escalating(60, 200.0, team=5, labels_per_item=3, handoff=exponential(100.0), time=exponential(60.0))
        log = simulate(line, seed)
        assert log.items["delivered_at"].notna().all()
        assert {"done", "surplus", "escalated"} == set(log.tasks["outcome"].dropna())


def test_what_is_in_hand_and_not_needed_any_more_is_let_go() -> None:
    """Two labels of each of two items, by an annotator who takes both items at once, from 0 s, 60 s each: replica 0 of
    item 0 until 60 s. There is no second one: replica 1 of both items has waited 50 s at 50 s, and both are adjudicated
    elsewhere. So the label of item 0 is surplus, and item 1, in hand and not begun, is let go: the annotator is free
    at 60 s for the third item, which has come at 55 s."""
    segments = (
        Segment("items", backlog=2, classes=TRULY_YES),
        Segment("late", releases=(Release(55.0, 1),), classes=TRULY_YES),
    )
    line = escalating(0, 50.0, team=1, labels_per_item=2, batch=Batch(2))
    log = simulate(dataclasses.replace(line, segments=segments))
    assert rows(log, "item", *COLUMNS, stage="annotate") == [
        (0, "annotate", 0, 0, 0.0, 0.0, 60.0, "surplus"),
        (0, "annotate", 1, None, 0.0, None, 50.0, "escalated"),
        (1, "annotate", 1, None, 0.0, None, 50.0, "escalated"),
        (2, "annotate", 0, 0, 55.0, 60.0, 120.0, "surplus"),
        (2, "annotate", 1, None, 55.0, None, 105.0, "escalated"),
    ]
    assert items(log, "delivered_at") == [(140.0,), (230.0,), (320.0,)]


def test_results_that_wait_for_what_is_let_go_are_handed_on() -> None:
    """As above, with results that go on together: the annotator's batch is over when the rest of it is let go."""
    line = escalating(3, 50.0, team=1, labels_per_item=1, batch=Batch(2, together=True))
    log = simulate(line)
    assert rows(log, "item", "started_at", "finished_at", "outcome", stage="annotate") == [
        (0, 0.0, 60.0, "done"),
        (1, 60.0, 120.0, "done"),
        (2, None, 50.0, "escalated"),
    ]
    assert items(log, "delivered_at") == [(120.0,), (120.0,), (140.0,)]
