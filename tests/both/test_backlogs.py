"""What comes together and waits is made when somebody comes to look at it: nobody sees that, but for the memory."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from both.compared import TICKS, Check, engines, random_lines, streams
from lines import exponential, queue

from labelcast.sim.kernel import stream
from labelcast.sim.kernel.run import vector_of
from labelcast.sim.kernel.stream import Streamed
from labelcast.sim.kernel.world import CELLS, ITEMS, NODES, TASKS
from labelcast.sim.line import Gather, Line, Pool, Release, Stage
from labelcast.sim.replication import Job, one

PLACES = (ITEMS, TASKS, CELLS, NODES)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Places of items, tasks and their like that each run without a log has made."""
    found: list[int] = []
    true = stream._streamed

    def counted(world: np.ndarray, *more: Any) -> Streamed:
        found.append(sum(int(vector_of(world, kind).size) for kind in PLACES))
        return true(world, *more)

    monkeypatch.setattr(stream, "_streamed", counted)
    return found


def backlogged(line: Line) -> Line:
    """The line with many items that come together to label, and nothing that keeps them from being a backlog at first;
    what its epochs change stays changed."""
    segments = tuple(
        dataclasses.replace(segment, backlog=4 * segment.backlog, releases=(Release(600.0, 9), Release(7200.0, 12)))
        for segment in line.segments
    )
    stages = tuple(_open(stage) if stage.name == "annotate" else stage for stage in line.stages)
    later = tuple(
        dataclasses.replace(epoch, segments=None, pools=epoch.pools and _calm(epoch.pools), stages=None)
        for epoch in line.epochs
    )
    return dataclasses.replace(
        line,
        segments=segments,
        pools=_calm(line.pools),
        stages=stages,
        first="annotate",
        epochs=later,
        wip=None,
        relabels=(),
        initial=(),
    )


def _open(stage: Stage) -> Stage:
    pools = ((stage.pools[0][0], 1.0),)
    return dataclasses.replace(stage, pools=pools, handoff=None, gather=Gather(), escalation=None)


def _calm(pools: tuple[Pool, ...]) -> tuple[Pool, ...]:
    return tuple(
        dataclasses.replace(pool, preempts=False, discipline="first" if pool.discipline == "last" else pool.discipline)
        for pool in pools
    )


@pytest.mark.parametrize("tick_s", TICKS)
@pytest.mark.parametrize("check", [engines, streams])
def test_backlogs_are_equal(tick_s: float, check: Check) -> None:
    """Forty-four lines with backlogs, by both engines and with and without a log."""
    compared = random_lines(tick_s, 44, 21, check, backlogged)
    assert compared.different == []
    assert compared.rows > 4000


@pytest.mark.parametrize("horizon_s", [1800.0, 520 * 7 * 86_400.0])
@pytest.mark.parametrize("labels", [1, 3])
def test_a_backlog_is_equal_to_the_end(horizon_s: float, labels: int) -> None:
    """Also what nobody has taken when the run ends has its rows."""
    line = queue(5, 60.0, 20, exponential(400.0), horizon_s=horizon_s)
    stages = (dataclasses.replace(line.stages[0], labels_per_item=labels),)
    segments = (dataclasses.replace(line.segments[0], backlog=300, releases=(Release(600.0, 50),)),)
    line = dataclasses.replace(line, stages=stages, segments=segments)
    assert engines(line, 1)[1] == []
    assert streams(line, 1)[1] == []


def test_what_waits_in_a_backlog_takes_no_place(made: list[int]) -> None:
    """Of 30,000 items that wait from the start, no more are made at a time than people have in hand."""
    line = queue(4, 60.0, 1, exponential(400.0))
    segments = (dataclasses.replace(line.segments[0], backlog=30_000),)
    one(Job(dataclasses.replace(line, segments=segments), 1, "fast"), 0)
    assert made[0] < 100
