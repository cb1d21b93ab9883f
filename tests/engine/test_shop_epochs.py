"""What changes on a date takes hold of what is decided from then on: each kind of change at its moment."""

from __future__ import annotations

import dataclasses

import pytest
from flows import NO, SURE, annotate, items, line_of, people, review, rows, simulate
from lines import ALWAYS, constant

from labelcast.sim.line import Calendar, Epoch, Line, Pool, Release, Segment, Stage, Training
from labelcast.sim.log import Log

DAY = 86_400.0


def changed(line: Line, at: float, **parts: object) -> Line:
    """The line with other parts from a date on: by kind of part, for each name what is new of it."""
    new = {}
    for kind, of_name in parts.items():
        old = getattr(line, kind)
        new[kind] = tuple(dataclasses.replace(one, **of_name.get(one.name, {})) for one in old)  # type: ignore[attr-defined]
    return dataclasses.replace(line, epochs=(*line.epochs, Epoch(at, **new)))


def times(line: Line) -> list[tuple[float, ...]]:
    return rows(simulate(line), "started_at", "finished_at")


LABELS = line_of(4, (annotate(60),), people("annotators"))


def test_a_time_holds_for_tasks_that_start_from_then_on() -> None:
    """60 s until 90 s, then 20 s: the task that is begun at 60 s takes its 60 s."""
    line = changed(LABELS, 90, stages={"annotate": {"time": constant(20)}})
    assert times(line) == [(0, 60), (60, 120), (120, 140), (140, 160)]


def test_a_change_holds_for_what_starts_in_its_very_tick() -> None:
    """At 60 s the first task ends, the time changes, and the second task starts with the new time."""
    line = changed(LABELS, 60, stages={"annotate": {"time": constant(20)}})
    assert times(line) == [(0, 60), (60, 80), (80, 100), (100, 120)]


def test_a_later_change_comes_on_top() -> None:
    """60 s, from 90 s on 20 s, from 130 s on 5 s; the pool is twice as slow from 130 s on: 10 s."""
    line = changed(LABELS, 90, stages={"annotate": {"time": constant(20)}})
    line = changed(line, 130, stages={"annotate": {"time": constant(5)}}, pools={"annotators": {"speed": 2.0}})
    assert times(line) == [(0, 60), (60, 120), (120, 140), (140, 150)]


def test_a_factor_of_a_pool_holds_for_tasks_that_start() -> None:
    """From 90 s on twice as fast."""
    line = changed(LABELS, 90, pools={"annotators": {"speed": 0.5}})
    assert times(line) == [(0, 60), (60, 120), (120, 150), (150, 180)]


def test_a_skill_holds_for_labels_that_are_begun() -> None:
    """All is yes, and from 90 s on people say no: the label begun at 60 s and given at 120 s is still a yes."""
    line = changed(LABELS, 90, pools={"annotators": {"skill_mean": 0.0, "class_effects": NO}})
    assert [row[0] for row in rows(simulate(line), "label")] == ["yes", "yes", "no", "no"]


def judged(**more: object) -> Line:
    """Labels of 60 s, reviews of 20 s that accept, no rework."""
    stages = (annotate(60, to="review"), review(20, rounds=0, **more))  # type: ignore[arg-type]
    return line_of(4, stages, people("annotators"), people("reviewers", false_alarm=0.0))


def test_a_judge_decides_at_the_end() -> None:
    """From 130 s on reviewers reject all: the review from 120 to 140 s rejects, that from 60 to 80 s did not."""
    line = changed(judged(), 130, pools={"reviewers": {"false_alarm": 1.0}})
    log = simulate(line)
    assert rows(log, "started_at", "outcome", stage="review") == [
        (60, "accepted"),
        (120, "rejected"),
        (180, "rejected"),
        (240, "rejected"),
    ]


def test_a_fraction_holds_for_items_that_come_to_review() -> None:
    """No reviews from 120 s on: item 0 comes at 60 s and is reviewed, item 1 at 120 s, in whose tick its label ends
    before the change: it is reviewed too; items 2 and 3 are delivered with their labels."""
    log = simulate(changed(judged(), 120, stages={"review": {"fraction": 0.0}}))
    assert rows(log, "item", stage="review") == [(0,), (1,)]
    assert items(log, "delivered_at") == [(80,), (140,), (180,), (240,)]


def test_a_way_holds_for_items_that_go_it() -> None:
    """From 100 s on labels go straight to delivery; the item in review meanwhile is delivered from there."""
    end = {"labelled": "deliver", "tied": "deliver"}
    log = simulate(changed(judged(), 100, stages={"annotate": {"next": end}}))
    assert items(log, "delivered_at") == [(80,), (120,), (180,), (240,)]


def test_rounds_hold_for_items_that_are_judged() -> None:
    """Reviews of 10 s reject all. No rework until 75 s: item 0, rejected at 70 s, is delivered. From then on one round:
    item 1, rejected at 130 s, goes back."""
    stages = (annotate(60, to="review"), review(10, rounds=0))
    line = line_of(2, stages, people("annotators"), people("reviewers", false_alarm=1.0))
    log = simulate(changed(line, 75, stages={"review": {"rounds": 1}}))
    assert items(log, "delivered_at") == [(70,), (200,)]


def test_shares_hold_for_items_that_come() -> None:
    """All to x, and from 50 s on all to y; items come at 0, 40, 50 and 60 s. What waits for x stays with x."""
    segments = (Segment("items", releases=tuple(Release(at, 1) for at in (0, 40, 50, 60))),)
    stage = dataclasses.replace(annotate(60), pools=(("x", 1.0), ("y", 0.0)))
    line = line_of(0, (stage,), people("x"), people("y"), segments=segments)
    log = simulate(changed(line, 50, stages={"annotate": {"pools": (("x", 0.0), ("y", 1.0))}}))
    assert rows(log, "pool", "started_at") == [("x", 0), ("x", 60), ("y", 50), ("y", 110)]


def test_a_priority_holds_for_tasks_that_become_ready() -> None:
    """a, b and c come at 0, 10 and 50 s. From 40 s on both are of priority 0: c, which comes then, goes before b, which
    came before with 1."""
    segments = tuple(Segment(name, releases=(Release(at, 1),)) for name, at in (("a", 0), ("b", 10), ("c", 50)))
    line = line_of(0, (annotate(60),), people("annotators"), segments=segments)
    new = {"priority": 0}
    log = simulate(changed(line, 40, segments={"b": new, "c": new}))
    assert rows(log, "item", "started_at") == [(0, 0), (1, 120), (2, 60)]


def test_a_granularity_holds_for_tasks_that_start() -> None:
    """From 90 s on items are boxes of three times the time."""
    line = changed(LABELS, 90, segments={"items": {"time_factor": 3.0}})
    assert times(line) == [(0, 60), (60, 120), (120, 300), (300, 480)]


def test_a_discipline_holds_for_tasks_that_become_ready() -> None:
    """Last come first from 15 s on: of the items that came at 0, 5, 10, 20 and 30 s, 5 and 10 s wait in their places,
    which are those of first come; 30 s goes before 20 s, and both before them."""
    segments = (Segment("items", releases=tuple(Release(at, 1) for at in (0, 5, 10, 20, 30))),)
    line = line_of(0, (annotate(60),), people("annotators"), segments=segments)
    log = simulate(changed(line, 15, pools={"annotators": {"discipline": "last"}}))
    assert rows(log, "item", "started_at") == [(0, 0), (1, 180), (2, 240), (3, 120), (4, 60)]


def test_a_limit_that_is_raised_lets_people_begin() -> None:
    """One review of 100 s at a time, from 130 s on three: the second label, held back until 160 s, begins then."""
    stages = (annotate(60, to="review"), review(100, wip=1, rounds=0))
    line = line_of(3, stages, people("annotators"), people("reviewers", false_alarm=0.0))
    log = simulate(changed(line, 130, stages={"review": {"wip": 3}}))
    assert rows(log, "started_at", stage="annotate") == [(0,), (130,), (190,)]


def test_hours_change_on_their_date() -> None:
    """Shifts of 100 s from midnight on; from noon on open all day: the task of 60 s that paused at 100 s
    with 20 s to go is done 20 s after noon."""
    hours = Calendar("hours", "UTC", tuple((day, 0, 100) for day in range(7)))
    pool = Pool("annotators", 1, "hours", skill_mean=SURE)
    line = line_of(3, (annotate(60),), pool, calendars=(ALWAYS, hours), horizon_s=7 * DAY)
    new = dataclasses.replace(
        line, epochs=(Epoch(DAY / 2, calendars=(ALWAYS, dataclasses.replace(ALWAYS, name="hours"))),)
    )
    assert times(new) == [(0, 60), (60, DAY / 2 + 20), (DAY / 2 + 20, DAY / 2 + 80)]


def test_a_pool_may_change_its_calendar() -> None:
    """The same, by a pool that goes over to another calendar."""
    hours = Calendar("hours", "UTC", tuple((day, 0, 100) for day in range(7)))
    pool = Pool("annotators", 1, "hours", skill_mean=SURE)
    line = line_of(3, (annotate(60),), pool, calendars=(ALWAYS, hours), horizon_s=7 * DAY)
    new = changed(line, DAY / 2, pools={"annotators": {"calendar": "always"}})
    assert times(new) == [(0, 60), (60, DAY / 2 + 20), (DAY / 2 + 20, DAY / 2 + 80)]


def test_a_machine_works_as_it_does_when_its_batch_starts() -> None:
    """A model of 60 s a batch of one, one at a time; from 90 s on 20 s."""
    model = Stage("suggest", "prelabel", (), constant(60), {"suggested": "annotate"}, servers=1)
    line = line_of(3, (model, annotate(1)), people("annotators"))
    log = simulate(changed(line, 90, stages={"suggest": {"time": constant(20)}}))
    assert rows(log, "started_at", "finished_at", stage="suggest") == [(0, 60), (60, 120), (120, 140)]


def test_training_takes_time_of_everyone() -> None:
    """From 90 s on, 30 s of training: the task begun at 60 s pauses for it."""
    line = dataclasses.replace(LABELS, trainings=(Training(90, "annotators", 30 / 3600),))
    assert times(line) == [(0, 60), (60, 150), (150, 210), (210, 270)]
    log = simulate(line)
    kinds = [(row["from"], row["to"], row["kind"]) for row in log.presence.to_dict("records")]
    assert kinds == [(0, 90_000, "working"), (90_000, 120_000, "training"), (120_000, 270_000, "working")]


@pytest.mark.parametrize("at", [0.0, 1.0, 59.0, 60.0, 10_000.0])
def test_a_change_to_the_same_changes_nothing(at: float) -> None:
    """An epoch that says what held before leaves every row as it was."""

    def equal(a: Log, b: Log) -> bool:
        return all(getattr(a, table).equals(getattr(b, table)) for table in ("items", "tasks", "presence"))

    line = judged(wip=2)
    same = Epoch(at, line.segments, line.calendars, line.pools, line.stages)
    assert equal(simulate(line), simulate(dataclasses.replace(line, epochs=(same,))))
