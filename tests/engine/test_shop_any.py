"""Any line at all: lines that Hypothesis puts together from all mechanisms keep every law, end, and are repeatable."""

from __future__ import annotations

import pytest
from anyline import lines
from hypothesis import HealthCheck, given, settings
from twins import run

from labelcast.sim.laws import check
from labelcast.sim.line import Line
from labelcast.sim.log import Log
from labelcast.sim.plan import Plan

FEW = settings(
    max_examples=25,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
MANY = settings(FEW, max_examples=600)


def broken(log: Log, horizon_s: float) -> list[str]:
    """What a log breaks: its laws, and that a run ends early only when every item has left the line."""
    sentences = check(log)
    if inside(log) and log.provenance.ended_at < round(horizon_s * 1000):
        sentences.append(f"the run ended with {inside(log)} items in the line")
    return sentences


def inside(log: Log) -> int:
    """Items that are neither delivered nor dropped; a test question may be in someone's hand when the last item is."""
    question = log.items["gold"].fillna(False).astype(bool)
    return int((log.items["delivered_at"].isna() & log.items["dropped_at"].isna() & ~question).sum())


def uneven(log: Log) -> list[str]:
    """Columns that have other moments than whole minutes, of those that a run decides: not what was before it began."""
    given_ = ("due_at", "arrived_at", "enqueued_at")
    tables = (log.items, log.tasks[~(log.tasks["started_at"] < 0).fillna(False)], log.presence)
    columns = [table[name] for table in tables for name in table if name.endswith(("_at", "_ms")) or name == "to"]
    return [
        str(column.name)
        for column in columns
        if column.name not in given_ and (column.dropna().astype("int64") % 60_000 != 0).any()
    ]


def logged(line: Line, seed: int = 1) -> Log:
    """The log of a run."""
    return run(Plan.of(line), seed, 0)


@given(lines())
@FEW
def test_every_line_keeps_the_laws(line: Line) -> None:
    """Also where people are sent home for good and tasks are issued again, so that some items may find nobody."""
    assert broken(logged(line), line.horizon_s) == []


@given(lines(certain=True))
@FEW
def test_every_line_that_must_end_ends(line: Line) -> None:
    """All is delivered or dropped, whatever limits, groups, lots, batches, shifts and dates are put together."""
    log = logged(line)
    assert broken(log, line.horizon_s) == []
    assert inside(log) == 0


@given(lines(tick_s=60.0))
@FEW
def test_every_line_keeps_the_laws_where_many_things_share_a_tick(line: Line) -> None:
    """At a tick of a minute, all moments are whole minutes."""
    log = logged(line)
    assert broken(log, line.horizon_s) == []
    assert uneven(log) == []


@given(lines())
@settings(FEW, max_examples=10)
def test_equal_seeds_give_equal_logs(line: Line) -> None:
    """A run is a function of line, seed and replication."""
    one, other = logged(line, 7), logged(line, 7)
    assert all(getattr(one, table).equals(getattr(other, table)) for table in ("items", "tasks", "presence"))


@pytest.mark.verify
@given(lines(certain=True))
@MANY
def test_many_lines_that_must_end_end(line: Line) -> None:
    """As above, for many."""
    log = logged(line)
    assert broken(log, line.horizon_s) == []
    assert inside(log) == 0


@pytest.mark.verify
@given(lines(tick_s=60.0))
@MANY
def test_many_lines_keep_the_laws(line: Line) -> None:
    """As above, for many."""
    log = logged(line)
    assert broken(log, line.horizon_s) == []
    assert uneven(log) == []
