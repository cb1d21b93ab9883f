"""Time that came to nothing: labels that came too late, tasks that were broken off."""

from __future__ import annotations

import dataclasses

import pytest
from engine.test_flow_locks import locked
from flows import annotate, backlog, line_of, people, rows, simulate
from lines import constant
from rows import Rows

from labelcast.sim.kpis import kpis
from labelcast.sim.line import Calendar, Line, Release, Segment


def test_labels_of_locks_that_are_too_short_are_lost_time() -> None:
    """One item, 60 s, four annotators: with a lock of 25 s it is issued at 0, 25 and 50 s, and two labels of 60 s come
    too late; with a lock of 40 s one does; with one of 60 s or none, nothing is lost."""
    lost = {lock: kpis(simulate(locked(1, 4, lock)), None) for lock in (25.0, 40.0, 60.0, None)}
    assert [one["surplus_labels"] for one in lost.values()] == [2, 1, 0, 0]
    assert [round(one["lost_h"] * 3600) for one in lost.values()] == [120, 60, 0, 0]
    assert [round(one["lost_h.annotate"] * 3600) for one in lost.values()] == [120, 60, 0, 0]
    assert all(one["lost_h.tidy"] == 0.0 for one in lost.values())


def broken_at_the_end_of_a_shift(shift_end: str) -> Line:
    """An item of 60 s that is begun 20 s before a shift ends."""
    days = tuple((day, 0.0, 100.0) for day in range(7))
    line = line_of(
        0,
        (dataclasses.replace(annotate(), shift_end=shift_end),),
        dataclasses.replace(people("annotators"), calendar="short"),
    )
    segments = (Segment("items", releases=(Release(80.0, 1),), classes={"yes": 1.0, "no": 0.0}),)
    return dataclasses.replace(line, segments=segments, calendars=(Calendar("short", "UTC", days),))


def test_what_goes_back_at_the_end_of_a_shift_is_lost_and_what_pauses_is_not() -> None:
    """20 s of the 60 are done when the shift ends: under `return` they are lost, and the whole of it is done again."""
    log = simulate(broken_at_the_end_of_a_shift("return"))
    assert rows(log, "outcome", "active_ms") == [("returned", 20.0), ("done", 60.0)]
    assert kpis(log, None)["lost_h"] == pytest.approx(20 / 3600)
    assert kpis(simulate(broken_at_the_end_of_a_shift("pause")), None)["lost_h"] == 0.0


def test_what_another_task_goes_before_is_not_lost() -> None:
    """An item of 60 s gives way to an urgent one at 20 s and goes on afterwards with the 40 s that are left: the log
    tells the two kinds of breaks apart, and only the time of one is lost."""
    segments = (
        *backlog(1),
        Segment("urgent", releases=(Release(20.0, 1),), priority=-5, classes={"yes": 1.0, "no": 0.0}),
    )
    line = line_of(1, (annotate(),), people("annotators", preempts=True), segments=segments)
    log = simulate(line)
    assert rows(log, "item", "outcome", "active_ms") == [
        (0, "preempted", 20.0),
        (0, "done", 40.0),
        (1, "done", 60.0),
    ]
    found = kpis(log, None)
    assert (found["lost_h"], found["attempts.annotate"]) == (0.0, 1)


def test_time_by_item_is_all_time_over_what_was_delivered() -> None:
    """Three items of 60 s in batches of two that take 30 s to set up: two batches, 240 s, 80 s an item."""
    stage = dataclasses.replace(annotate(), time=constant(60))
    stage = dataclasses.replace(stage, batch=dataclasses.replace(stage.batch, size=2, setup_s=30.0))
    found = kpis(simulate(line_of(3, (stage,), people("annotators"))), None)
    assert found["active_min_per_item"] == pytest.approx(80 / 60)


def test_stages_sum_to_the_whole(programme: Rows) -> None:
    """lost_h is the active time of the tasks whose outcome says that it came to nothing, counted row by row."""
    log = programme.log()
    in_vain = log.tasks["outcome"].isin(["returned", "expired", "surplus", "skipped"])
    found = kpis(log, None)
    assert in_vain.any()
    assert found["lost_h"] == pytest.approx(log.tasks.loc[in_vain, "active_ms"].sum() / 3_600_000)
    by_stage = [value for name, value in found.items() if name.startswith("lost_h.")]
    assert sum(by_stage) == pytest.approx(found["lost_h"])
