"""Any line at all: lines that Hypothesis puts together from all mechanisms keep every law, end, and are repeatable."""

from __future__ import annotations

import pytest
from anyline import lines
from hypothesis import HealthCheck, given, settings

from labelcast.sim.laws import check
from labelcast.sim.line import Line
from labelcast.sim.log import Log
from labelcast.sim.plan import Plan
from labelcast.sim.reference import run

FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
MANY = settings(FEW, max_examples=600)


def lawful(line: Line, seed: int = 1) -> Log:
    """The log of a run, of which every item is delivered, dropped, or in the line at the horizon."""
    log = run(Plan.of(line), seed, 0)
    assert check(log) == []
    left = log.items["delivered_at"].isna() & log.items["dropped_at"].isna()
    assert not left.any() or log.provenance.ended_at == round(line.horizon_s * 1000)
    return log


def delivers(line: Line) -> None:
    """Every item of a line that must end leaves it: nothing waits for what never comes."""
    log = lawful(line)
    assert (log.items["delivered_at"].notna() | log.items["dropped_at"].notna()).all()


def whole_minutes(line: Line) -> None:
    """Every moment of a log at a tick of a minute is a whole minute, and every law holds where most share a tick."""
    log = lawful(line)
    for table in (log.items, log.tasks, log.presence):
        for name in table.columns:
            if name.endswith(("_at", "_ms")) and name not in ("due_at", "arrived_at", "enqueued_at"):
                assert (table[name].dropna().astype("int64") % 60_000 == 0).all(), name


@given(lines())
@FEW
def test_every_line_keeps_the_laws(line: Line) -> None:
    """Also where people are sent home for good and tasks are issued again, so that some items may find nobody."""
    lawful(line)


@given(lines(certain=True))
@FEW
def test_every_line_that_must_end_ends(line: Line) -> None:
    """All is delivered or dropped, whatever limits, groups, lots, batches, shifts and dates are put together."""
    delivers(line)


@given(lines(tick_s=60.0))
@FEW
def test_every_line_keeps_the_laws_where_many_things_share_a_tick(line: Line) -> None:
    """At a tick of a minute."""
    whole_minutes(line)


@given(lines())
@settings(FEW, max_examples=10)
def test_equal_seeds_give_equal_logs(line: Line) -> None:
    """A run is a function of line, seed and replication."""
    one, other = lawful(line, 7), lawful(line, 7)
    assert all(getattr(one, table).equals(getattr(other, table)) for table in ("items", "tasks", "presence"))


@pytest.mark.verify
@given(lines(certain=True))
@MANY
def test_many_lines_that_must_end_end(line: Line) -> None:
    """As above, for many."""
    delivers(line)


@pytest.mark.verify
@given(lines(tick_s=60.0))
@MANY
def test_many_lines_keep_the_laws(line: Line) -> None:
    """As above, for many."""
    whole_minutes(line)
