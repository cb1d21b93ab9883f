"""Which waiting task goes first: the disciplines of a pool, within a priority."""

from __future__ import annotations

import dataclasses

import pytest
from flows import TRULY_YES, annotate, line_of, people, review, rows, simulate
from hypothesis import given, settings
from hypothesis import strategies as st
from lines import ALWAYS, constant

from labelcast.sim.line import Calendar, Discipline, Line, Pool, Release, Segment

DISCIPLINES: tuple[Discipline, ...] = ("first", "last", "due", "shortest", "fair")


def one(name: str, at: float = 0.0, items: int = 1, **more: object) -> Segment:
    """A segment whose items come together."""
    return Segment(name, releases=(Release(at, items),), **{"classes": TRULY_YES, **more})  # type: ignore[arg-type]


def ordered(discipline: Discipline, *segments: Segment, people_: int = 1, seconds: float = 60.0) -> Line:
    """One pool that labels by a discipline."""
    return line_of(0, (annotate(seconds),), people("annotators", people_, discipline=discipline), segments=segments)


def begun(line: Line) -> list[tuple[str, float, float]]:
    """(segment, start, finish) of all tasks in order of their starts, seconds."""
    log = simulate(line)
    segment = log.items["segment"].tolist()
    table = rows(log, "item", "started_at", "finished_at")
    return sorted(((segment[item], start, end) for item, start, end in table), key=lambda row: row[1])


COMING = (one("a", 0), one("b", 10), one("c", 20), one("d", 30))


def test_first_come_first_served() -> None:
    """Items come at 0, 10, 20 and 30 s and take 60 s each: they are done in that order."""
    assert begun(ordered("first", *COMING)) == [("a", 0, 60), ("b", 60, 120), ("c", 120, 180), ("d", 180, 240)]


def test_last_come_first_served() -> None:
    """a begins at 0; at 60 s b, c and d wait, and d came last; then c, then b."""
    assert begun(ordered("last", *COMING)) == [("a", 0, 60), ("d", 60, 120), ("c", 120, 180), ("b", 180, 240)]


def test_the_earliest_due_date_goes_first() -> None:
    """All there at the start. b is due 100 s after it came; c on the date 50 s, though 500 s after it came; a and d
    have no due date, and go last, as they came."""
    line = ordered("due", one("a"), one("b", due_s=100.0), one("c", due_s=500.0, due_at_s=50.0), one("d"))
    assert begun(line) == [("c", 0, 60), ("b", 60, 120), ("a", 120, 180), ("d", 180, 240)]


def test_the_shortest_expected_time_goes_first() -> None:
    """A label takes 60 s: a of factor 3, b of 1, c of two objects, d of 1: b and d of 60 s as they came, then c of
    120 s, then a of 180 s."""
    two = constant(2)
    line = ordered("shortest", one("a", time_factor=3.0), one("b"), one("c", objects=two), one("d"))
    assert begun(line) == [("b", 0, 60), ("d", 60, 120), ("c", 120, 240), ("a", 240, 420)]


def test_what_is_expected_is_what_the_pool_takes() -> None:
    """This pool needs three times as long for b; so a of factor 2, 120 s, goes before b, 180 s."""
    pool = people("annotators", discipline="shortest", segment_times={"b": 3.0})
    line = line_of(0, (annotate(),), pool, segments=(one("b"), one("a", time_factor=2.0)))
    assert begun(line) == [("a", 0, 120), ("b", 120, 300)]


def test_the_factor_of_the_granularity_is_for_labels_alone() -> None:
    """The reviewer comes at 900 s and finds a of factor 3, labelled from 0 to 180 s, and b, from 150 to 210 s. The
    factor is one of labelling: both reviews take 10 s, and a, which was ready first, goes first."""
    late = Calendar("late", "UTC", ((0, 900, 86_400),))
    judges = Pool("reviewers", 1, "late", skill_mean=100.0, discipline="shortest")
    stages, segments = (annotate(60, to="review"), review(10)), (one("a", time_factor=3.0), one("b", at=150.0))
    line = line_of(0, stages, people("annotators", 2), judges, segments=segments, calendars=(ALWAYS, late))
    assert rows(simulate(line), "item", "started_at", stage="review") == [(0, 900), (1, 910)]


def test_each_pool_of_a_stage_keeps_its_own_discipline() -> None:
    """Whoever is free first takes a task. Both pools are busy until 60 s with a and b; then c, d, e wait. The first of
    pool x takes what came first, c; that of pool y what came last, e; then x takes d at 120 s."""
    pools = (people("x"), people("y", discipline="last"))
    stage = dataclasses.replace(annotate(60, route="prefer"), pools=(("x", 0.5), ("y", 0.5)))
    segments = (*(one(name) for name in "ab"), one("c", 10), one("d", 20), one("e", 30))
    log = simulate(line_of(0, (stage,), *pools, segments=segments))
    assert rows(log, "item", "pool", "started_at") == [
        (0, "x", 0),
        (1, "y", 0),
        (2, "x", 60),
        (3, "x", 120),
        (4, "y", 60),
    ]


@pytest.mark.parametrize("discipline", DISCIPLINES)
def test_rework_goes_first_under_every_discipline(discipline: Discipline) -> None:
    """One annotator; every review rejects, once. The first item comes back at 70 s while item 1 is on the bench, and is
    next, at 120 s, whatever the discipline would say among new items."""
    stages = (annotate(60, to="review", rework_by="anyone"), review(10, rounds=1))
    pools = (people("annotators", discipline=discipline), people("reviewers", false_alarm=1.0))
    table = rows(simulate(line_of(4, stages, *pools)), "item", "round", "started_at", stage="annotate")
    by_start = sorted(table, key=lambda row: row[2])
    first, second = by_start[0][0], by_start[1][0]
    assert by_start[:3] == [(first, 0, 0), (second, 0, 60), (first, 1, 120)]


@given(st.lists(st.integers(0, 5), min_size=1, max_size=8), st.sampled_from(DISCIPLINES), st.integers(1, 3))
@settings(max_examples=40, deadline=None)
def test_a_discipline_wastes_no_time(times: list[int], discipline: Discipline, workers: int) -> None:
    """Of equal tasks, a discipline decides who waits, and not how much is done when: the starts, sorted, are the same
    under each of them."""
    segments = tuple(one(f"s{number}", 20.0 * at, due_s=500.0 - number) for number, at in enumerate(times))
    told = [start for _, start, _ in begun(ordered(discipline, *segments, people_=workers))]
    assert told == [start for _, start, _ in begun(ordered("first", *segments, people_=workers))]
