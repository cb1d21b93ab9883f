"""All mechanisms at once: laws, ends, and the same rows again."""

from __future__ import annotations

import pytest
from lines import WEEK, whole
from twins import run

from labelcast.sim.laws import check
from labelcast.sim.plan import Plan


@pytest.mark.parametrize("tick_s", [0.001, 60.0])
@pytest.mark.parametrize("replication", range(3))
def test_the_laws_hold_when_everything_happens(replication: int, tick_s: float) -> None:
    """Every law of the log, with a tick of a millisecond and of a minute, at which most events share a tick; and every
    item is delivered or dropped."""
    log = run(Plan.of(whole(40, tick_s=tick_s)), 1, replication)
    assert check(log) == []
    assert (log.items["delivered_at"].notna() | log.items["dropped_at"].notna()).all()


def test_every_mechanism_leaves_its_mark() -> None:
    """The line of these tests does use what it says: else the laws above are tested on nothing."""
    log = run(Plan.of(whole(60)), 1, 0)
    items, tasks, presence = log.items, log.tasks, log.presence
    assert set(items["dropped_as"].dropna()) == {"unsampled", "duplicate", "gold"}
    assert set(presence["kind"]) >= {"working", "session", "training", "overtime", "absent_paid"}
    assert {"done", "accepted", "rejected", "preempted", "surplus"} <= set(tasks["outcome"].dropna())
    assert (items["objects"] > 1).any()
    assert items["duplicate_of"].notna().any()
    assert items["lot"].notna().any()
    assert (tasks["handoff_ms"] > 0).any()
    assert (tasks["consensus_ms"] > 0).any()
    assert (tasks["ready_at"] - tasks["enqueued_at"] > tasks["consensus_ms"] + tasks["handoff_ms"]).any()
    assert (tasks["tier"].notna() & (tasks["tier"] != tasks["pool"])).any()
    assert (tasks["rollbacks"] > 0).any()
    assert (tasks.groupby("batch").size() > 1).any()
    assert (tasks["suggestion"].notna() & (tasks["suggestion"] != tasks["label"])).any()
    assert set(tasks["stage"]) == {stage.name for stage in whole().stages}


def test_the_same_seed_gives_the_same_rows() -> None:
    """Equal plans and seeds, equal logs; another replication, another log."""
    plan = Plan.of(whole(30))
    one, again, other = (run(plan, 3, replication) for replication in (0, 0, 1))
    assert all(getattr(one, table).equals(getattr(again, table)) for table in ("items", "tasks", "presence"))
    assert not one.tasks.equals(other.tasks)


def test_a_run_that_is_cut_short_keeps_the_laws() -> None:
    """At a horizon in the middle of everything, what is waiting or in progress stays so."""
    for days in (1, 2, 5, 12):
        log = run(Plan.of(whole(40, horizon_s=days / 7 * WEEK)), 2, 0)
        assert check(log) == []
