"""Two engines, one truth: the same plan and seed give the same log, row for row; and a fault in one would be seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from both.compared import TICKS, large_lines, random_lines
from comparison import differences
from lines import full

from labelcast.sim import kernel
from labelcast.sim.calendars import NEVER
from labelcast.sim.log import Log
from labelcast.sim.plan import Plan, StagePlan
from labelcast.sim.reference import bench, floor, queues, verdicts
from labelcast.sim.reference.record import Item
from labelcast.sim.reference.state import State

Plant = Callable[[pytest.MonkeyPatch], None]


def tie_order(patch: pytest.MonkeyPatch) -> None:
    """Who becomes available last in a tick chooses first."""
    true = floor.Floor.assignments

    def assignments(self: floor.Floor, now: int) -> Any:
        self._freed.reverse()
        yield from true(self, now)

    patch.setattr(floor.Floor, "assignments", assignments)


def discipline(patch: pytest.MonkeyPatch) -> None:
    """Of due dates the latest goes first."""
    true = queues.urgency

    def urgency(rule: Any, order: int, due: int, expected_ms: int) -> int:
        found = true(rule, order, due, expected_ms)
        return -found if rule == "due" else found

    patch.setattr(floor, "urgency", urgency)


def calendar(patch: pytest.MonkeyPatch) -> None:
    """A task that goes on in the next shift takes a minute longer."""
    true = bench.working_end

    def working_end(*spans_at_work: Any) -> int:
        end = true(*spans_at_work)
        return end if end == NEVER else end + 60_000

    patch.setattr(bench, "working_end", working_end)


def consensus(patch: pytest.MonkeyPatch) -> None:
    """The label of the last replica goes on, whatever the others say."""
    true = verdicts.consensus

    def last(state: State, item: Item, stage: StagePlan) -> tuple[int | None, bool]:
        label, tied = true(state, item, stage)
        return (None, False) if label is None else (max(item.votes)[2], tied)

    patch.setattr(verdicts, "consensus", last)


FAULTS: dict[str, Plant] = {
    "tie order": tie_order,
    "queue discipline": discipline,
    "calendar": calendar,
    "consensus": consensus,
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_seen(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A few hundred random lines at a tick of a minute tell the engines apart when one of them is wrong, and mostly the
    first dozens, after which no more are made: which rules meet in a line hangs on what may be drawn, and grows with
    every rule."""
    FAULTS[name](monkeypatch)
    assert any(random_lines(60.0, 20, first).different for first in range(1, 16))


@pytest.mark.parametrize("tick_s", TICKS)
def test_random_lines_are_equal(tick_s: float) -> None:
    """Forty lines out of all mechanisms."""
    compared = random_lines(tick_s, 40)
    assert compared.different == []
    assert compared.lines >= 40


@pytest.mark.parametrize("tick_s", TICKS)
def test_large_lines_are_equal(tick_s: float) -> None:
    """A line with every mechanism at once, and one with more items."""
    for compared in large_lines(tick_s, 1500, 1):
        assert compared.different == []
        assert compared.rows > 1000


@pytest.mark.verify
def test_a_hundred_thousand_rows_are_equal() -> None:
    """300 random lines at each tick, and large ones by several seeds."""
    compared = [random_lines(tick_s, 300, 11) for tick_s in TICKS]
    compared += [one for tick_s in TICKS for one in large_lines(tick_s, 3000, 2)]
    assert [sentence for one in compared for sentence in one.different] == []
    assert sum(one.rows for one in compared) >= 100_000


def test_the_comparison_sees_one_moved_moment() -> None:
    """Two logs that differ in one cell are told apart, with the column and the row."""
    log = kernel.run(Plan.of(full(20)), 1, 0)
    tasks = log.tasks.copy()
    tasks.loc[7, "started_at"] = np.int64(tasks.loc[7, "started_at"]) + 1
    assert differences(log, Log(log.items, tasks, log.presence, log.provenance))[0].startswith(
        "tasks.started_at: row 7"
    )
