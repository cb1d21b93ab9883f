"""Crowd sessions: how many tasks they are good for, when they end, and what becomes of what waited for them."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from flows import TRULY_YES, annotate, line_of, people, review, rows, simulate
from hypothesis import given, settings
from hypothesis import strategies as st
from lines import constant

from labelcast.sim.draws import subject
from labelcast.sim.kernel import pack
from labelcast.sim.line import Batch, Learning, Line, Pool, Release, Segment, Sessions, Stage
from labelcast.sim.log import Log
from labelcast.sim.plan import Plan
from labelcast.sim.reference import engine
from labelcast.sim.sessions import Sessions as Coming

Session = tuple[float, int, int] | tuple[float, int, int, int]
"""When a session begins (seconds), whose it is, how many tasks it is good for, and how many must wait for it (none)."""


def come(patch: pytest.MonkeyPatch, *told: Session) -> None:
    """Lets these sessions come, and no others."""

    def sessions(plan: Plan, stream: int, pool: int) -> Coming:
        columns = zip(*((*one, 0)[:4] for one in told), strict=True)
        at, person, tasks, least = (np.array(column, float) for column in columns)
        keys = np.array([subject(plan.pools[pool].key, int(one)) for one in person], np.int64)
        rest = (person.astype(np.int64), keys, tasks.astype(np.int64), least.astype(np.int64))
        return Coming(np.round(at * 1000).astype(np.int64), *rest)

    patch.setattr(engine, "sessions", sessions)
    patch.setattr(pack, "sessions", sessions)


def crowd(patience: float = 3600.0, **more: object) -> Pool:
    """A crowd that is never wrong; its sessions are told by `come`."""
    coming = Sessions(1.0, "always", constant(1), patience_s=patience)
    return dataclasses.replace(people("crowd", 0, **more), sessions=coming)


def crowded(*moments: float, patience: float = 3600.0, stage: dict[str, object] | None = None, **more: object) -> Line:
    """Items that come one by one to a stage of 60 s, worked on by a crowd."""
    segments = (Segment("items", releases=tuple(Release(at, 1) for at in moments), classes=TRULY_YES),)
    stages = (annotate(60, by="crowd", **(stage or {})),)
    return line_of(0, stages, crowd(patience, **more), segments=segments, horizon_s=100_000.0)


def presence(log: Log, pool: str = "crowd") -> list[tuple[object, ...]]:
    """(worker, from, to, kind) of a pool, seconds."""
    table = log.presence[log.presence["pool"] == pool]
    ends = zip(table["worker"], table["from"], table["to"], table["kind"], strict=True)
    return [(worker, start / 1000, end / 1000, kind) for worker, start, end, kind in ends]


TRACE = ("item", "worker", "started_at", "finished_at")


def test_a_session_ends_when_its_tasks_are_done(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three items. A session from 10 s on, good for two: 10-70 and 70-130 s, when it ends; the third waits for the next
    person, who comes at 200 s."""
    come(monkeypatch, (10, 0, 2), (200, 1, 9))
    log = simulate(crowded(0, 0, 0))
    assert rows(log, *TRACE) == [(0, 0, 10, 70), (1, 0, 70, 130), (2, 1, 200, 260)]
    assert presence(log) == [(0, 10, 130, "session"), (1, 200, 260, "session")]


def test_a_session_ends_with_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Patience of 30 s. The session from 10 s on sees no task and ends at 40 s; that from 80 s on takes the item of
    100 s and has none from 160 s on: it ends at 190 s; that from 290 s on takes the item of 300 s."""
    come(monkeypatch, (10, 0, 5), (80, 1, 5), (290, 2, 5))
    log = simulate(crowded(100, 300, patience=30.0))
    assert rows(log, *TRACE) == [(0, 1, 100, 160), (1, 2, 300, 360)]
    assert presence(log) == [(0, 10, 40, "session"), (1, 80, 190, "session"), (2, 290, 360, "session")]


def test_patience_runs_out_before_what_comes_in_its_tick(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wait is over after all that arrives in that tick, but before the dispatch: the session from 10 s on ends at
    40 s without the item that comes at 40 s."""
    come(monkeypatch, (10, 0, 5), (50, 1, 5))
    assert rows(simulate(crowded(40, patience=30.0)), *TRACE) == [(0, 1, 50, 110)]


def test_no_patience_is_a_tick_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without patience a session takes what is there in its tick; it has ended a tick later."""
    come(monkeypatch, (9.0, 0, 5), (20.0, 1, 5), (20.001, 2, 5))
    log = simulate(crowded(20, 20.001, patience=0.0))
    assert rows(log, *TRACE) == [(0, 1, 20, 80), (1, 2, 20.001, 80.001)]
    assert presence(log)[0] == (0, 9, 9.001, "session")


def test_a_session_of_someone_in_session_makes_it_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A session good for one task from 10 s on; the same person's next, good for two, at 20 s: three tasks in a row,
    one row of presence."""
    come(monkeypatch, (10, 0, 1), (20, 0, 2))
    log = simulate(crowded(0, 0, 0, 200))
    assert rows(log, *TRACE)[:3] == [(0, 0, 10, 70), (1, 0, 70, 130), (2, 0, 130, 190)]
    assert presence(log) == [(0, 10, 190, "session")]
    assert rows(log, *TRACE)[3] == (3, None, None, None)


def test_a_session_that_ends_as_the_next_begins_is_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Good for one task until 70 s, when the same person begins anew: two rows that touch."""
    come(monkeypatch, (10, 0, 1), (70, 0, 1))
    log = simulate(crowded(0, 0))
    assert rows(log, *TRACE) == [(0, 0, 10, 70), (1, 0, 70, 130)]
    assert presence(log) == [(0, 10, 70, "session"), (0, 70, 130, "session")]


def test_a_session_comes_about_only_where_enough_is_on_offer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three items wait. Who wants four does not come; who wants three takes one, so that two wait; who wants three then
    does not come, who wants two does. What is in somebody's hand is not on offer. Person 0, who did not come at first,
    may come later."""
    come(monkeypatch, (10, 0, 9, 4), (20, 1, 1, 3), (30, 2, 1, 3), (40, 3, 1, 2), (150, 0, 1, 1))
    log = simulate(crowded(0, 0, 0))
    assert rows(log, *TRACE) == [(0, 1, 20, 80), (1, 3, 40, 100), (2, 0, 150, 210)]
    assert sorted(start for _, start, _, _ in presence(log)) == [20, 40, 150]


def test_a_batch_is_no_larger_than_the_session(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of three; a session good for two takes two, and the next the third."""
    come(monkeypatch, (10, 0, 2), (20, 1, 9))
    log = simulate(crowded(0, 0, 0, stage={"batch": Batch(3)}))
    assert rows(log, "item", "worker", "batch", "started_at") == [(0, 0, 1, 10), (1, 0, 1, 70), (2, 1, 2, 20)]


def test_practice_stays_with_the_person(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time goes by 1 / (1 + n): 60 and 30 s in the first session, 20 s in the second one; who is new takes 60 s."""
    come(monkeypatch, (10, 0, 2), (200, 0, 1), (300, 1, 1))
    log = simulate(crowded(0, 0, 0, 290, learning=Learning(exponent=1.0)))
    assert rows(log, "worker", "active_ms") == [(0, 60), (0, 30), (0, 20), (1, 60)]


def test_what_waited_for_someone_who_went_waits_for_anyone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every review rejects, once. Person 0, good for two, labels item 0 until 70 s and item 1 until 130 s; item 0 comes
    back at 80 s and waits for its author, who is in session; person 1 is idle since 100 s. At 130 s the session is
    over, and person 1 has the rework; that of item 1, rejected at 140 s, whose author is away, follows at 190 s."""
    come(monkeypatch, (10, 0, 2), (100, 1, 9))
    stages: tuple[Stage, ...] = (annotate(60, by="crowd", to="review"), review(10, rounds=1))
    log = simulate(line_of(2, stages, crowd(), people("reviewers", false_alarm=1.0), horizon_s=100_000.0))
    assert rows(log, "item", "round", "worker", "ready_at", "started_at", stage="annotate") == [
        (0, 0, 0, 0, 10),
        (0, 1, 1, 80, 130),
        (1, 0, 0, 0, 70),
        (1, 1, 1, 140, 190),
    ]


def test_replicas_are_by_distinct_people_of_a_crowd(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two labels an item: person 0 gives one and, coming again, may not give the other, which waits for person 1."""
    come(monkeypatch, (10, 0, 1), (100, 0, 1), (200, 1, 1))
    log = simulate(crowded(0, patience=50.0, stage={"labels_per_item": 2}))
    assert rows(log, "replica", "worker", "started_at") == [(0, 0, 10), (1, 1, 200)]
    assert presence(log) == [(0, 10, 70, "session"), (0, 100, 150, "session"), (1, 200, 260, "session")]


def test_a_session_lasts_until_the_end_of_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """A session that is not over when the horizon comes is noted until then."""
    come(monkeypatch, (10, 0, 9))
    line = dataclasses.replace(crowded(0, 90), horizon_s=100.0)
    assert presence(simulate(line)) == [(0, 10, 100, "session")]


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 3), st.integers(1, 4)), min_size=1, max_size=12),
    st.lists(st.integers(0, 800), min_size=1, max_size=10),
    st.sampled_from((0.0, 30.0, 500.0)),
)
@settings(max_examples=50, deadline=None)
def test_nobody_does_more_than_their_sessions_are_good_for(
    told: list[Session], moments: list[int], patience: float
) -> None:
    """Per person, tasks are no more than all their sessions are good for, and rows of presence no more than sessions;
    who still has some left ends only after an idle wait of the patience, or with the run."""
    with pytest.MonkeyPatch.context() as patch:
        coming = [(20 * at, person, tasks) for at, person, tasks in sorted(told, key=lambda one: one[0])]
        come(patch, *coming)
        log = simulate(dataclasses.replace(crowded(*sorted(moments), patience=patience), horizon_s=2000.0))
    for person in {one[1] for one in coming}:
        tasks = log.tasks[log.tasks["worker"] == person]
        allowed = sum(one[2] for one in coming if one[1] == person)
        there = [row for row in presence(log) if row[0] == person]
        assert len(tasks) <= allowed
        assert len(there) <= sum(one[1] == person for one in coming)
        for _, start, end, _ in there:
            mine = tasks[(tasks["started_at"] >= 1000 * start) & (tasks["started_at"] < 1000 * end)]
            last = mine["finished_at"].max() / 1000 if len(mine) else start
            over = end * 1000 == log.provenance.ended_at
            assert over or end == pytest.approx(last) or end == pytest.approx(last + max(patience, 0.001))
