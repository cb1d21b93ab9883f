"""What happens to the task in hand when a shift ends, when someone leaves, and when a pool gets smaller."""

from __future__ import annotations

import dataclasses

import pytest
from flows import SURE, annotate, items, line_of, people, review, rows, simulate
from hypothesis import given, settings
from hypothesis import strategies as st
from lines import ALWAYS

from labelcast.sim.draws import stream
from labelcast.sim.line import Calendar, Epoch, Learning, Line, OpenTask, Pool, Training, Turnover
from labelcast.sim.log import Log
from labelcast.sim.plan import Plan
from labelcast.sim.rosters import roster

MORNING = Calendar("morning", "UTC", tuple((day, 0, 100) for day in range(7)))
"""100 s a day, from midnight on, when runs begin."""

DAY = 86_400.0
YEAR = 365.25 * DAY
TRACE = ("item", "worker", "started_at", "finished_at", "active_ms", "outcome")


def morning(
    count: int, seconds: float, workers: int = 1, stage: dict[str, object] | None = None, **pool: object
) -> Line:
    """A stage of a pool that is there for 100 s a day."""
    one = Pool("annotators", workers, "morning", **{"skill_mean": SURE, **pool})  # type: ignore[arg-type]
    stages = (annotate(seconds, **(stage or {})),)
    return line_of(count, stages, one, calendars=(ALWAYS, MORNING), horizon_s=30 * DAY)


def presence(log: Log) -> list[tuple[object, ...]]:
    """(worker, from, to, kind), seconds."""
    table = log.presence
    return [
        (worker, start / 1000, end / 1000, kind)
        for worker, start, end, kind in zip(table["worker"], table["from"], table["to"], table["kind"], strict=True)
    ]


def test_pause() -> None:
    """Tasks of 60 s: 0-60; 60-100 and 20 s of the next day; nobody is paid for the night."""
    log = simulate(morning(2, 60))
    assert rows(log, *TRACE) == [(0, 0, 0, 60, 60, "done"), (1, 0, 60, DAY + 20, 60, "done")]
    assert presence(log) == [(0, 0, 100, "working"), (0, DAY, DAY + 20, "working")]


def test_a_task_may_last_for_days() -> None:
    """250 s of work at 100 s a day end 50 s into the third day."""
    assert rows(simulate(morning(1, 250)), *TRACE) == [(0, 0, 0, 2 * DAY + 50, 250, "done")]


def test_a_task_that_ends_with_the_shift_is_no_overtime() -> None:
    """Tasks of 50 s: two fill the shift to its last moment, under every rule; the third is begun the next day."""
    for rule in ("pause", "finish", "return"):
        log = simulate(morning(3, 50, stage={"shift_end": rule}))
        assert rows(log, "started_at", "finished_at") == [(0, 50), (50, 100), (DAY, DAY + 50)]
        assert {row[3] for row in presence(log)} == {"working"}


def test_finish() -> None:
    """The second task is finished at 120 s, in 20 s of overtime, which are presence of their own; the third waits."""
    log = simulate(morning(3, 60, stage={"shift_end": "finish"}))
    assert rows(log, *TRACE) == [
        (0, 0, 0, 60, 60, "done"),
        (1, 0, 60, 120, 60, "done"),
        (2, 0, DAY, DAY + 60, 60, "done"),
    ]
    assert presence(log) == [(0, 0, 100, "working"), (0, 100, 120, "overtime"), (0, DAY, DAY + 60, "working")]


def test_overtime_may_reach_into_the_next_shift() -> None:
    """A task of 86,450 s goes on all night and into the next shift: 86,300 s of overtime and 50 s of that shift."""
    log = simulate(morning(1, DAY + 50, stage={"shift_end": "finish"}))
    assert rows(log, *TRACE) == [(0, 0, 0, DAY + 50, DAY + 50, "done")]
    assert presence(log) == [(0, 0, 100, "working"), (0, 100, DAY, "overtime"), (0, DAY, DAY + 50, "working")]


def test_who_finishes_a_task_is_not_in_training_meanwhile() -> None:
    """A training of 30 s from 80 s on takes the last 20 s of the shift and 10 s of the next. The task of 60 s that is
    begun at 60 s is finished in overtime, from 80 to 120 s, through the training of that shift."""
    line = morning(3, 60, stage={"shift_end": "finish"})
    log = simulate(dataclasses.replace(line, trainings=(Training(80, "annotators", 30 / 3600),)))
    assert rows(log, "started_at", "finished_at") == [(0, 60), (60, 120), (DAY + 10, DAY + 70)]
    assert presence(log) == [
        (0, 0, 80, "working"),
        (0, 80, 120, "overtime"),
        (0, DAY, DAY + 10, "training"),
        (0, DAY + 10, DAY + 70, "working"),
    ]


def test_return() -> None:
    """The second task goes back at 100 s with 40 s lost, and is begun anew the next day."""
    log = simulate(morning(2, 60, stage={"shift_end": "return"}))
    assert rows(log, *TRACE) == [
        (0, 0, 0, 60, 60, "done"),
        (1, 0, 60, 100, 40, "returned"),
        (1, 0, DAY, DAY + 60, 60, "done"),
    ]
    assert rows(log, "enqueued_at", "ready_at") == [(0, 0), (0, 0), (100, 100)]


def under_way(calendar: Calendar) -> Log:
    """One person, on a task of 60 s since 30 s before the start, who gives back what a shift does not hold."""
    began = OpenTask("items", 0, "annotate", -60.0, -60.0, pool="annotators", slot=0, started_s=-30.0, remaining_s=30.0)
    pool = Pool("annotators", 1, calendar.name, skill_mean=SURE)
    stages = (annotate(60, shift_end="return"),)
    return simulate(line_of(0, stages, pool, calendars=(ALWAYS, calendar), horizon_s=3 * DAY, initial=(began,)))


def test_who_is_on_a_task_when_the_run_begins_ends_it_in_the_shift() -> None:
    """With 30 s to go and a shift of 100 s it ends at 30 s; where the shift begins at 200 s it goes back at once, and
    is begun anew then."""
    assert rows(under_way(MORNING), *TRACE) == [(0, 0, -30, 30, 60, "done")]
    later = Calendar("later", "UTC", tuple((day, 200, 300) for day in range(7)))
    assert rows(under_way(later), "started_at", "finished_at", "outcome") == [(-30, 0, "returned"), (200, 260, "done")]


def test_what_goes_back_is_for_anyone() -> None:
    """Of three items of 80 s, x of the morning has 0 and y, who is always there, 1; x takes 2 at 80 s and gives it back
    at 100 s, when y, idle since 80 s, begins it."""
    pools = (Pool("x", 1, "morning", skill_mean=SURE), people("y"))
    stage = dataclasses.replace(annotate(80, shift_end="return", route="prefer"), pools=(("x", 0.5), ("y", 0.5)))
    log = simulate(line_of(3, (stage,), *pools, calendars=(ALWAYS, MORNING), horizon_s=3 * DAY))
    assert rows(log, "item", "pool", "started_at", "finished_at", "outcome")[2:] == [
        (2, "x", 80, 100, "returned"),
        (2, "y", 100, 180, "done"),
    ]


def test_a_returned_task_keeps_its_place() -> None:
    """Tasks of 60 s, three items: item 1 goes back at 100 s and is the first to be done the next day, before item 2."""
    log = simulate(morning(3, 60, stage={"shift_end": "return"}))
    assert [row[:4] for row in rows(log, *TRACE)][2:] == [
        (1, 0, DAY, DAY + 60),
        (2, 0, DAY + 60, DAY + 100),
        (2, 0, 2 * DAY, 2 * DAY + 60),
    ]


def test_lost_time_is_counted_without_the_time_off_tasks() -> None:
    """Shrinkage of a half: 30 active seconds take 60. The second task has 40 s on shift, so 20 active ones, lost."""
    log = simulate(morning(2, 30, stage={"shift_end": "return"}, shrinkage=0.5))
    assert rows(log, *TRACE) == [
        (0, 0, 0, 60, 30, "done"),
        (1, 0, 60, 100, 20, "returned"),
        (1, 0, DAY, DAY + 60, 30, "done"),
    ]


@given(st.integers(1, 90), st.integers(1, 6), st.integers(1, 2), st.sampled_from(("pause", "finish", "return")))
@settings(max_examples=40, deadline=None)
def test_work_is_the_same_however_shifts_end(seconds: int, count: int, workers: int, rule: str) -> None:
    """Active time of what is done is the same under all rules; lost time is there under return alone, overtime under
    finish alone; no task that is done under finish or return spans a night."""
    log = simulate(morning(count, seconds, workers, {"shift_end": rule}))
    done = log.tasks["outcome"] == "done"
    assert log.tasks.loc[done, "active_ms"].tolist() == [seconds * 1000] * count
    assert done.all() or rule == "return"
    assert rule == "finish" or "overtime" not in {row[3] for row in presence(log)}
    spans = (log.tasks["finished_at"] - log.tasks["started_at"]) == log.tasks["active_ms"]
    assert spans.all() or rule == "pause"


def smaller(count: int, seconds: float, at: float, before: int, after: int, **more: object) -> Line:
    """A pool whose headcount changes on a date."""
    line = line_of(count, (annotate(seconds, **more),), people("annotators", before))  # type: ignore[arg-type]
    return dataclasses.replace(line, epochs=(Epoch(at, pools=(people("annotators", after),)),))


def test_who_is_no_longer_needed_finishes_the_task_in_hand() -> None:
    """Two people, tasks of 60 s; from 50 s on one. Worker 1 finishes item 1 at 60 s, 10 s of it beyond the last shift,
    and takes no other."""
    log = simulate(smaller(4, 60, 50, 2, 1))
    assert rows(log, *TRACE) == [
        (0, 0, 0, 60, 60, "done"),
        (1, 1, 0, 60, 60, "done"),
        (2, 0, 60, 120, 60, "done"),
        (3, 0, 120, 180, 60, "done"),
    ]
    assert presence(log) == [(0, 0, 180, "working"), (1, 0, 50, "working"), (1, 50, 60, "overtime")]


@pytest.mark.parametrize("rule", ["pause", "finish", "return"])
def test_the_task_in_hand_is_finished_under_every_rule(rule: str) -> None:
    """Who is no longer needed finishes whatever the stage says of the ends of shifts."""
    log = simulate(smaller(4, 60, 50, 2, 1, shift_end=rule))
    assert rows(log, *TRACE)[1] == (1, 1, 0, 60, 60, "done")


def test_more_people_begin_at_once() -> None:
    """One person, and a second from 50 s on: item 1 waits until then."""
    log = simulate(smaller(3, 60, 50, 1, 2))
    assert rows(log, "item", "worker", "started_at") == [(0, 0, 0), (1, 1, 50), (2, 0, 60)]


def test_fewer_and_more_again_are_others() -> None:
    """Slot 1 is empty from 50 to 90 s: whoever comes then is new, the third person of the pool (number 2 + 1), without
    the practice of the first."""
    line = smaller(20, 60, 50, 2, 1)
    skilled = [people("annotators", n, learning=Learning(exponent=1.0)) for n in (2, 1, 2)]
    epochs = (Epoch(50, pools=(skilled[1],)), Epoch(90, pools=(skilled[2],)))
    log = simulate(dataclasses.replace(line, pools=(skilled[0],), epochs=epochs))
    table = rows(log, "worker", "started_at", "active_ms")
    assert [row for row in table if row[0] in (1, 3)][:3] == [(1, 0, 60), (3, 90, 60), (3, 150, 30)]


def leaving(count: int, seconds: float, workers: int, lead: float, seed: int) -> tuple[Line, list[int]]:
    """A pool whose people stay for 200 s on average, and when the first ones leave, in milliseconds."""
    turnover = Turnover(hazard_per_year=YEAR / 200.0, lead_s=lead)
    line = line_of(count, (annotate(seconds),), people("annotators", workers, turnover=turnover), horizon_s=20_000.0)
    terms = roster(Plan.of(line), stream(seed, 0))
    return line, terms.leaves[:workers].tolist()


@pytest.mark.parametrize("seed", range(6))
def test_who_leaves_gives_the_task_back_with_its_time_lost(seed: int) -> None:
    """One item of 5,000 s, two people, nobody hired in the run: worker 0 gives it back on leaving, worker 1, if still
    there, begins anew then, and gives it back too; then it waits. The time is paid and lost."""
    line, (first, second) = leaving(1, 5000, 2, 30_000, seed)
    expected: list[tuple[object, ...]] = [(0, 0, 0, first / 1000, first / 1000, "returned")]
    if second > first:
        lost = (second - first) / 1000
        expected.append((0, 1, first / 1000, second / 1000, lost, "returned"))
    log = simulate(line, seed)
    assert rows(log, *TRACE) == [*expected, (0, None, None, None, None, None)]
    assert rows(log, "enqueued_at")[1:] == [(row[3],) for row in expected]


@pytest.mark.parametrize("seed", range(4))
def test_who_takes_the_place_takes_the_task(seed: int) -> None:
    """One item of 60 s, one person, 30 s until the next is there: everyone who leaves within 60 s gives it back, and
    the next, a new number of the pool, begins anew."""
    line, _ = leaving(1, 60, 1, 30, seed)
    people_ = roster(Plan.of(line), stream(seed, 0))
    log = simulate(line, seed)
    for row, number, hired, left in zip(
        rows(log, *TRACE), people_.number, people_.hired.tolist(), people_.leaves.tolist(), strict=False
    ):
        stays = min(left, hired + 60_000)
        outcome = "done" if stays == hired + 60_000 and stays < left else "returned"
        assert row == (0, number, hired / 1000, stays / 1000, (stays - hired) / 1000, outcome)
    assert items(log, "delivered_at")[0][0] is not None


def test_rework_does_not_wait_for_who_has_left() -> None:
    """One reviewer rejects all, once; the rework of an item is its author's. Worker 1 is needed no longer from 65 s on:
    the rework of item 1, which comes at 80 s, is worker 0's."""
    stages = (annotate(60, to="review"), review(10, rounds=1))
    pools = (people("annotators", 2), people("reviewers", false_alarm=1.0))
    line = line_of(2, stages, *pools)
    line = dataclasses.replace(line, epochs=(Epoch(65, pools=(people("annotators", 1), pools[1])),))
    assert rows(simulate(line), "item", "round", "worker", "started_at", stage="annotate") == [
        (0, 0, 0, 0),
        (0, 1, 0, 70),
        (1, 0, 1, 0),
        (1, 1, 0, 130),
    ]


def test_what_waits_for_who_leaves_waits_for_anyone() -> None:
    """Worker 1 is on item 3 from 60 s on, when item 1 comes back at 80 s and waits for them alone; at 100 s worker 1 is
    needed no longer. Worker 0, on item 2 until 120 s, then has the rework of item 0, which came at 70 s, and the one of
    item 1 at 180 s."""
    stages = (annotate(60, to="review"), review(10, rounds=1))
    pools = (people("annotators", 2), people("reviewers", false_alarm=1.0))
    line = line_of(4, stages, *pools)
    line = dataclasses.replace(line, epochs=(Epoch(100, pools=(people("annotators", 1), pools[1])),))
    table = rows(simulate(line), "item", "round", "worker", "started_at", stage="annotate")
    assert [row for row in table if row[0] < 2 and row[1] == 1] == [(0, 1, 0, 120), (1, 1, 0, 180)]
